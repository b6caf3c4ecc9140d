import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { documentsOf } from '../../lib/checks/manifest/model/manifest-object';
import { checkManifests, MANIFEST_RULES } from '../../lib/checks/manifest/rules';
import { type Definition, synthesizeDefinition } from '../arbitraries';
import { REFUSAL, refusalOf, releasedDefinitions, releases, releasesOfFunctions } from '../arbitrary-releases';
import type { Body, KubernetesObject } from '../cluster/client';
import { countOwners } from '../conformance/owners';
import { faultsOf, matches } from '../soundness';
import type { Objects } from '../tree';

// What shrinks is filtered again and again: the seed of a failure is enough.
const RUNS = { numRuns: 60, endOnFailure: true };
/** For machines that do other things too. */
const PATIENCE = 120_000;

/** Each released definition, with what it makes. */
function everyRelease(check: (objects: Objects, definition: Definition) => void): void {
  fc.assert(
    fc.property(releasedDefinitions, (definition) => check(synthesizeDefinition(definition), definition)),
    RUNS,
  );
}

const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`;
const podLabels = ({ spec }: KubernetesObject) => spec.template.metadata.labels;
const podOf = ({ spec }: KubernetesObject): Body => spec.template.spec;
const workloadsOf = (objects: Objects) => [...objects.of('Deployment'), ...objects.of('Rollout')];
const selectorOf = ({ spec }: KubernetesObject) =>
  spec.podSelector?.matchLabels ?? spec.selector.matchLabels ?? spec.selector;

/** A Deployment beside the Rollout that takes it over: the one place where two share pods. */
function takenOver(objects: Objects): Set<string> {
  const rollouts = objects.of('Rollout').map(({ metadata }) => metadata.name);
  return new Set(rollouts.filter((name) => objects.find('Deployment', name) !== undefined));
}

/** Whether the controller of Argo Rollouts says where a Service leads: then its manifest does not. */
const isMoved = ({ kind, spec }: KubernetesObject) => kind === 'Service' && spec.selector === undefined;

/** Services that lead to pods by their own address: not those that name pods for proxies. */
const frontsOf = (objects: Objects) => objects.of('Service').filter(({ spec }) => spec.clusterIP !== 'None');

/** Services between which Argo Rollouts moves pods. */
function declared({ spec }: KubernetesObject): string[] {
  const { canary, blueGreen } = spec.strategy;
  const all = [canary?.stableService, canary?.canaryService, blueGreen?.activeService, blueGreen?.previewService];
  return all.filter((name) => name !== undefined);
}

const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

describe('any release', () => {
  it(
    'is taken, or refused by an error with a code, a property and a place',
    () => {
      fc.assert(
        fc.property(releases, (definition) => {
          const refusal = refusalOf(definition);
          if (refusal !== undefined) expect(refusal.message).toMatch(REFUSAL);
        }),
        { ...RUNS, numRuns: 150 },
      );
    },
    PATIENCE,
  );
});

describe('any release of a function', () => {
  it(
    'is sound to the rules that judge folders of manifests, or refused by an error with a code, a property and a place',
    () => {
      fc.assert(
        fc.property(releasesOfFunctions, (definition) => {
          const refusal = refusalOf(definition);
          if (refusal !== undefined) {
            expect(refusal.message).toMatch(REFUSAL);
            return;
          }
          const objects = synthesizeDefinition(definition);
          expect(objects.all.flatMap(faultsOf)).toEqual([]);
          const keys = objects.all.map(({ apiVersion, kind, metadata }) => `${apiVersion}/${kind}/${metadata.name}`);
          expect(new Set(keys).size).toBe(keys.length);
          const findings = checkManifests(documentsOf('test.k8s.yaml', objects.all), MANIFEST_RULES);
          expect(findings.map(({ rule, location, text }) => `${rule} ${location}: ${text}`)).toEqual([]);
          for (const [workload, owners] of countOwners(objects.all)) expect(owners, workload).toHaveLength(1);
        }),
        { ...RUNS, numRuns: 100 },
      );
    },
    PATIENCE,
  );
});

describe('every release that is taken', () => {
  it(
    'has no undefined, no NaN, and names that are labels, each once',
    () => {
      everyRelease((objects) => {
        expect(objects.all.flatMap(faultsOf)).toEqual([]);
        const keys = objects.all.map(({ apiVersion, kind, metadata }) => `${apiVersion}/${kind}/${metadata.name}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { kind, metadata } of objects.all) {
          // That of downloads has a dot, which no other has.
          const name = metadata.name.replace(/\.model-download$/, '');
          expect(name, `${kind} ${metadata.name}`).toMatch(DNS_LABEL);
        }
      });
    },
    2 * PATIENCE,
  );

  it(
    'selects the pods of one workload by each budget, policy, scaler and Service, but where Argo Rollouts moves them',
    () => {
      everyRelease((objects) => {
        const workloads = workloadsOf(objects);
        const shared = takenOver(objects);
        const selected = (object: KubernetesObject) =>
          new Set(
            workloads
              .filter((workload) => matches(selectorOf(object), podLabels(workload)))
              .map(({ metadata }) => metadata.name),
          );
        for (const object of [
          ...workloads,
          ...objects.of('PodDisruptionBudget'),
          ...objects.of('Service').filter((service) => !isMoved(service)),
          ...objects.of('NetworkPolicy').filter(({ metadata }) => !metadata.name.endsWith('.model-download')),
        ]) {
          expect([...selected(object)], nameOf(object)).toHaveLength(1);
        }
        for (const { kind, metadata } of workloads) {
          if (kind === 'Deployment' && shared.has(metadata.name)) continue;
          const leading = (list: KubernetesObject[]) => list.filter((object) => selected(object).has(metadata.name));
          expect(leading(objects.of('PodDisruptionBudget')).map(nameOf), metadata.name).toHaveLength(1);
          expect(leading(objects.of('NetworkPolicy')).map(nameOf), metadata.name).toHaveLength(1);
          const fronts = leading(frontsOf(objects).filter((service) => !isMoved(service)));
          const own = fronts.filter(({ spec }) => spec.type !== 'LoadBalancer');
          // Where others lead that are moved, no manifest says: none leads there in another way.
          const moved = kind === 'Rollout' ? declared(objects.get(kind, metadata.name)) : [];
          expect(own.map(nameOf), metadata.name).toHaveLength(moved.length > 0 ? 0 : 1);
        }
        const moved = objects.of('Service').filter(isMoved);
        expect(moved.map(({ metadata }) => metadata.name).sort()).toEqual(
          objects.of('Rollout').flatMap(declared).sort(),
        );
      });
    },
    2 * PATIENCE,
  );

  it(
    'has one owner of all replicas, and scalers whose target is there',
    () => {
      everyRelease((objects) => {
        const shared = takenOver(objects);
        for (const [workload, owners] of countOwners(objects.all)) {
          const beside = workload.startsWith('Deployment ') && shared.has(workload.slice('Deployment '.length));
          // An autoscaler is of the Rollout: what it takes over stays as large as it is.
          if (beside) expect(owners.length, workload).toBeLessThanOrEqual(1);
          else expect(owners, workload).toHaveLength(1);
        }
      });
    },
    2 * PATIENCE,
  );

  it(
    'is sound to the rules that judge folders of manifests',
    () => {
      everyRelease((objects) => {
        const findings = checkManifests(documentsOf('test.k8s.yaml', objects.all), MANIFEST_RULES);
        expect(findings.map(({ rule, location, text }) => `${rule} ${location}: ${text}`)).toEqual([]);
      });
    },
    2 * PATIENCE,
  );

  it(
    'names Services, templates with all of their arguments, and config maps that are there',
    () => {
      everyRelease((objects) => {
        for (const rollout of objects.of('Rollout')) {
          for (const name of declared(rollout)) objects.get('Service', name);
          for (const analysis of analysesOf(rollout)) requireTemplates(objects, analysis);
          requireRouter(objects, rollout);
        }
        for (const workload of [...workloadsOf(objects), ...objects.of('Job')]) {
          for (const { configMap } of podOf(workload).volumes) {
            if (configMap !== undefined) objects.get('ConfigMap', configMap.name);
          }
          expect(podOf(workload).serviceAccountName).toBeDefined();
        }
        const weights = objects.of('HTTPRoute').flatMap(({ spec }) => spec.rules.map((rule: Body) => rule.backendRefs));
        for (const refs of weights) {
          for (const { name } of refs) objects.get('Service', name);
          if (refs.length > 1) expect(refs.reduce((sum: number, { weight }: Body) => sum + weight, 0)).toBe(100);
        }
      });
    },
    2 * PATIENCE,
  );

  it(
    'leads the Service of its name to a version, and each API server to pools of its own version that let it in',
    () => {
      everyRelease((objects, { deployments: [{ props }] }) => {
        const name = props.region === undefined ? 'rag' : `rag-${props.region.shortName}`;
        const front = objects.get('Service', name);
        const led = isMoved(front)
          ? objects.of('Rollout').filter((rollout) => declared(rollout).includes(name))
          : workloadsOf(objects).filter((workload) => matches(front.spec.selector, podLabels(workload)));
        expect(led).not.toEqual([]);
        for (const workload of workloadsOf(objects)) {
          const server = serverOf(workload);
          const depends = server?.env?.find(({ name }: Body) => name === 'BENTOML_SERVE_DEPENDS')?.value as
            | string
            | undefined;
          for (const dependency of depends?.split(' ') ?? []) {
            const [service, url] = dependency.split('=') as [string, string];
            if (url.includes('elsewhere.example.com')) continue;
            const pool = calledBy(objects, workload, url);
            expect(serverOf(pool)!.image, `${nameOf(workload)} calls ${nameOf(pool)}`).toBe(server!.image);
            const served = serverOf(pool)!.env.find(
              (variable: Body) => variable.name === 'BENTOML_SERVE_SERVICE_NAME',
            ).value;
            expect(served).toBe(service);
          }
        }
      });
    },
    2 * PATIENCE,
  );

  it(
    'waits for pools that there are, and for no more of their pods than there are always',
    () => {
      everyRelease((objects) => {
        for (const workload of workloadsOf(objects)) {
          for (const { name, command } of podOf(workload).initContainers ?? []) {
            // Volumes are waited for, too.
            if (!name.startsWith('wait-for-') || command[0] !== 'python') continue;
            const [host, replicas] = command.slice(3) as [string, string];
            const service = objects.get('Service', host.split('.')[0]!);
            expect(service.spec.clusterIP).toBe('None');
            const pool = workloadsOf(objects).find((target) => matches(service.spec.selector, podLabels(target)))!;
            // Terminated, nobody starts who would wait.
            if (pool.spec.replicas === 0) continue;
            expect(Number(replicas), nameOf(pool)).toBeLessThanOrEqual(fewest(objects, pool));
          }
        }
      });
    },
    2 * PATIENCE,
  );

  it(
    'gives the same bytes twice',
    () => {
      fc.assert(
        fc.property(releasedDefinitions, (definition) => {
          expect(JSON.stringify(synthesizeDefinition(definition).all)).toBe(
            JSON.stringify(synthesizeDefinition(definition).all),
          );
        }),
        { numRuns: 20 },
      );
    },
    PATIENCE,
  );
});

function serverOf(workload: KubernetesObject): Body | undefined {
  return podOf(workload).containers.find(({ name }: Body) => name === 'bento');
}

/** All analyses to which a Rollout refers. */
function analysesOf({ spec }: KubernetesObject): Body[] {
  const { canary, blueGreen } = spec.strategy;
  return [
    canary?.analysis,
    ...(canary?.steps ?? []).map((step: Body) => step.analysis),
    blueGreen?.prePromotionAnalysis,
    blueGreen?.postPromotionAnalysis,
  ].filter((analysis) => analysis !== undefined);
}

function requireTemplates(objects: Objects, { templates, args = [] }: Body): void {
  expect(templates.length).toBeGreaterThan(0);
  const given = args.map(({ name }: Body) => name);
  expect(new Set(given).size).toBe(given.length);
  for (const { templateName } of templates) {
    if (templateName === 'theirs') continue;
    const { spec } = objects.get('AnalysisTemplate', templateName);
    const asked = spec.args.filter(({ value, valueFrom }: Body) => value === undefined && valueFrom === undefined);
    for (const { name } of asked) expect(given, `${templateName} asks for ${name}`).toContain(name);
    const metrics = spec.metrics.map(({ name }: Body) => name);
    expect(new Set(metrics).size).toBe(metrics.length);
  }
}

/** What Argo Rollouts asks of the doors whose weights it writes. */
function requireRouter(objects: Objects, { spec }: KubernetesObject): void {
  const { canary } = spec.strategy;
  const { nginx, alb, plugins } = canary?.trafficRouting ?? {};
  const leadsTo = (name: string): Body[] =>
    objects
      .get('Ingress', name)
      .spec.rules.flatMap(({ http }: Body) => http.paths.map(({ backend }: Body) => backend.service));
  for (const name of nginx?.stableIngresses ?? []) {
    expect(leadsTo(name).map((service) => service.name)).toContain(canary.stableService);
    // The controller makes it, under a name of its own.
    expect(
      objects
        .of('Ingress')
        .filter(({ metadata }) => Object.keys(metadata.annotations!).some((key) => key.endsWith('/canary'))),
    ).toEqual([]);
  }
  for (const name of alb === undefined ? [] : (alb.ingresses ?? [alb.ingress])) {
    expect(leadsTo(name)).toContainEqual({ name: alb.rootService, port: { name: 'use-annotation' } });
    const annotation = `alb.ingress.kubernetes.io/actions.${alb.rootService}`;
    const action = JSON.parse((objects.get('Ingress', name).metadata.annotations as Body)[annotation]);
    const groups = action.forwardConfig.targetGroups;
    expect(groups.map(({ serviceName, weight }: Body) => [serviceName, weight])).toEqual([
      [canary.stableService, 100],
      [canary.canaryService, 0],
    ]);
  }
  for (const { name } of Object.values(plugins ?? {}).flatMap((plugin: Body) => plugin.httpRoutes ?? [])) {
    const rules = objects.get('HTTPRoute', name).spec.rules.filter((rule: Body) => rule.backendRefs?.length === 2);
    expect(rules).not.toEqual([]);
    for (const { backendRefs } of rules) {
      expect(backendRefs.map((ref: Body) => [ref.name, ref.weight])).toEqual([
        [canary.stableService, 100],
        [canary.canaryService, 0],
      ]);
    }
  }
}

/** The pool that a workload reaches at a URL, through whatever proxies; each lets the one before it in. */
function calledBy(objects: Objects, caller: KubernetesObject, url: string): KubernetesObject {
  const { hostname, port } = new URL(url);
  if (hostname === '127.0.0.1')
    return calledBy(objects, caller, `http://${behindProxy(objects, caller, Number(port))}`);
  const service = objects.get('Service', hostname.split('.')[0]!);
  const target = workloadsOf(objects).find((workload) => matches(service.spec.selector, podLabels(workload)))!;
  const policy = objects.of('NetworkPolicy').find((candidate) => matches(selectorOf(candidate), podLabels(target)))!;
  const peers: Body[] = policy.spec.ingress.flatMap(({ from }: Body) => from);
  const lets = peers.some((peer) => peer.podSelector && matches(peer.podSelector.matchLabels ?? {}, podLabels(caller)));
  expect(lets, `${nameOf(target)} lets ${nameOf(caller)} in`).toBe(true);
  if (serverOf(target) !== undefined) return target;
  const [{ targetPort }] = service.spec.ports;
  return calledBy(objects, target, `http://${behindProxy(objects, target, targetPort)}`);
}

/** Where the Envoy in the pods of a workload leads that listens at this port. */
function behindProxy(objects: Objects, workload: KubernetesObject, port: number): string {
  const [config] = podOf(workload).volumes.flatMap(({ configMap }: Body) => {
    const data = configMap && (objects.get('ConfigMap', configMap.name).data as Body);
    return data?.['envoy.yaml'] === undefined ? [] : [parse(data['envoy.yaml'])];
  });
  const { listeners, clusters } = config.static_resources;
  const listener = listeners.find(({ address }: Body) => address.socket_address.port_value === port);
  const { virtual_hosts: hosts } = listener.filter_chains[0].filters[0].typed_config.route_config;
  const cluster = clusters.find((candidate: Body) => candidate.name === hosts[0].routes.at(-1).route.cluster);
  const { address } = cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint;
  return `${address.socket_address.address.replace(/\.$/, '')}:${address.socket_address.port_value}`;
}

/** The fewest replicas that a workload has while nobody changes anything. */
function fewest(objects: Objects, { metadata, spec }: KubernetesObject): number {
  const scalers = [...objects.of('HorizontalPodAutoscaler'), ...objects.of('ScaledObject')];
  const scaler = scalers.find((candidate) => candidate.spec.scaleTargetRef.name === metadata.name);
  if (scaler === undefined) return spec.replicas;
  return scaler.spec.minReplicas ?? scaler.spec.minReplicaCount;
}
