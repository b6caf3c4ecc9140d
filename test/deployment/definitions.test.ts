import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentsOf } from '../../lib/checks/manifest/model/manifest-object';
import { checkManifests, MANIFEST_RULES } from '../../lib/checks/manifest/rules';
import { definitions, synthesizeDefinition } from '../arbitraries';
import type { Body, KubernetesObject } from '../cluster/client';
import { faultsOf, matches } from '../soundness';
import type { Objects } from '../tree';

const RUNS = { numRuns: 40 };
/** For machines that do other things too. */
const PATIENCE = 60_000;

/** The same value, with the keys of every map in reversed order; values of classes are left as they are. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return reversedFields(value);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  ) as T;
}

/** Values hold what they were made of in `_model`. */
function reversedFields<T extends object>(value: T): T {
  if (!('_model' in value)) return value;
  const copy = Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
  return Object.defineProperty(copy, '_model', { value: reversed(value._model) });
}

const isKnative = ({ apiVersion }: KubernetesObject) => apiVersion.startsWith('serving.knative.dev/');
const leadsElsewhere = ({ spec }: KubernetesObject) => spec?.type === 'ExternalName';
/** Names pods, for proxies, beside the Service that has an address. */
const isHeadless = ({ spec }: KubernetesObject) => spec?.clusterIP === 'None';
const annotationsOf = ({ metadata }: KubernetesObject) => (metadata.annotations ?? {}) as { [key: string]: string };

/** The way of a request that a workload sends: where it ends, who passes it on last, and how long proxies wait. */
interface Way {
  readonly target: KubernetesObject;
  readonly caller: KubernetesObject;
  readonly proxySeconds: number[];
}

function wayTo(objects: Objects, from: string, url: string): Way {
  const caller = objects.get('Deployment', from);
  const { hostname, port } = new URL(url);
  if (hostname === '127.0.0.1') return throughProxy(objects, from, Number(port));
  const [service, namespace] = hostname.split('.');
  const front = objects.get('Service', service!);
  if (namespace !== undefined) expect(namespace).toBe(front.metadata.namespace);
  expect(front.spec.ports.map((p: Body) => String(p.port))).toContain(port === '' ? '80' : port);
  const target = objects
    .of('Deployment')
    .find(({ spec }) => matches(front.spec.selector, spec.template.metadata.labels))!;
  if (objects.find('ConfigMap', `${target.metadata.name}-envoy`) === undefined || front.spec.clusterIP === 'None') {
    return { target, caller, proxySeconds: [] };
  }
  const names = target.spec.template.spec.containers.map((container: Body) => container.name);
  if (names.includes('bento')) return { target, caller, proxySeconds: [] };
  expect(lets(objects, caller, target)).toBe(true);
  return throughProxy(objects, target.metadata.name, front.spec.ports[0].targetPort);
}

function throughProxy(objects: Objects, name: string, port: number): Way {
  const way = wayTo(objects, name, `http://${objects.behindProxy(name, port)}`);
  const { listeners } = objects.envoy(name).static_resources;
  const listener = listeners.find(({ address }: Body) => address.socket_address.port_value === port);
  const { virtual_hosts: hosts } = listener.filter_chains[0].filters[0].typed_config.route_config;
  return { ...way, proxySeconds: [Number.parseFloat(hosts[0].routes.at(-1).route.timeout), ...way.proxySeconds] };
}

function lets(objects: Objects, caller: KubernetesObject, target: KubernetesObject): boolean {
  return objects
    .peers(target.metadata.name)
    .some(
      (peer) => peer.podSelector && matches(peer.podSelector.matchLabels ?? {}, caller.spec.template.metadata.labels),
    );
}

/** What pools of nodes make: pods that only hold nodes, and limits of a namespace. */
function isOfNodes({ kind, metadata }: KubernetesObject): boolean {
  const component = metadata.labels?.['app.kubernetes.io/component'] ?? '';
  return kind === 'ResourceQuota' || ['node-pool', 'spare-nodes'].includes(component);
}

describe('every valid definition', () => {
  it(
    'synthesizes, without undefined, NaN or selectors that match everything',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          expect(synthesizeDefinition(definition).all.flatMap(faultsOf)).toEqual([]);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'has names once, selectors that match their own pods alone, and one owner of replicas',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const objects = synthesizeDefinition(definition);
          const keys = objects.all.map(({ apiVersion, kind, metadata }) => `${apiVersion}/${kind}/${metadata.name}`);
          expect(new Set(keys).size).toBe(keys.length);
          const deployments = objects.of('Deployment').filter((object) => !isOfNodes(object));
          const workloads = [...deployments, ...objects.of('Service').filter(isKnative)];
          for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy']) {
            // Of downloads a policy is all that selects them.
            const pods = [...workloads, ...objects.of('Job')];
            const selecting = objects
              .of(kind)
              .filter(
                (object) => !isKnative(object) && !isOfNodes(object) && !leadsElsewhere(object) && !isHeadless(object),
              );
            const selections = selecting.map(({ spec }) => {
              const selector = spec.podSelector?.matchLabels ?? spec.selector.matchLabels ?? spec.selector;
              return pods.filter((pod) => matches(selector, pod.spec.template.metadata.labels));
            });
            expect(selections.filter((selected) => selected.length === 0)).toEqual([]);
            expect(
              selections
                .flat()
                .map(({ metadata }) => metadata.name)
                .sort(),
            ).toEqual(
              ({ NetworkPolicy: pods, PodDisruptionBudget: workloads }[kind] ?? deployments)
                .map(({ metadata }) => metadata.name)
                .sort(),
            );
          }
          const allScalers = [...objects.of('HorizontalPodAutoscaler'), ...objects.of('ScaledObject')];
          for (const { metadata, spec } of deployments) {
            const scalers = allScalers.filter((scaler) => scaler.spec.scaleTargetRef.name === metadata.name);
            const owners = scalers.length + (spec.replicas === undefined || spec.replicas === 0 ? 0 : 1);
            expect(owners).toBeLessThanOrEqual(1);
            if (scalers.length > 0) expect([undefined, 0]).toContain(spec.replicas);
            const paused = scalers.filter((scaler) => 'autoscaling.keda.sh/paused-replicas' in annotationsOf(scaler));
            // KEDA holds its own zero; a stated one is for what it does not scale.
            if (spec.replicas === 0) expect(scalers.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
            if (paused.length > 0) expect(spec).not.toHaveProperty('replicas');
          }
          for (const { spec } of allScalers) {
            expect(objects.find('Deployment', spec.scaleTargetRef.name)).toBeDefined();
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'sends each dependency to a Service that it makes, or to an address that was stated',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const objects = synthesizeDefinition(definition);
          // Proxies call nobody by a name of BentoML.
          for (const { metadata } of objects.of('Deployment').filter(({ metadata }) => objects.server(metadata.name))) {
            const depends: string | undefined = objects.env(metadata.name).BENTOML_SERVE_DEPENDS;
            for (const dependency of depends?.split(' ') ?? []) {
              const [service, url, ...rest] = dependency.split('=');
              expect(rest).toEqual([]);
              if (new URL(url!).hostname === 'elsewhere.example.com') continue;
              const { target, caller, proxySeconds } = wayTo(objects, metadata.name, url!);
              expect(objects.env(target.metadata.name).BENTOML_SERVE_SERVICE_NAME).toBe(service);
              expect(lets(objects, caller, target), `${target.metadata.name} lets ${caller.metadata.name} in`).toBe(
                true,
              );
              const own = objects.config(metadata.name, objects.env(metadata.name).BENTOML_SERVE_SERVICE_NAME);
              const callee = objects.config(target.metadata.name, service!).traffic.timeout;
              expect(own.traffic.timeout).toBeGreaterThan(callee * 1.01);
              // The client waits 1 % longer than it is told.
              const waits = [callee, ...proxySeconds, objects.config(metadata.name, service!).traffic.timeout * 1.01];
              expect(waits).toEqual([...new Set(waits)].sort((a, b) => a - b));
            }
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'is sound to the rules that judge folders of manifests',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const findings = checkManifests(
            documentsOf('test.k8s.yaml', synthesizeDefinition(definition).all),
            MANIFEST_RULES,
          );
          expect(findings.map(({ rule, location, text }) => `${rule} ${location}: ${text}`)).toEqual([]);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'refers to volumes, ports, accounts and config maps that are there',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const objects = synthesizeDefinition(definition);
          const serving = objects.of('Deployment').filter((object) => !isOfNodes(object));
          const pods = [...serving, ...objects.of('Job')].map(({ spec }) => spec.template.spec);
          for (const pod of pods) {
            const volumes = pod.volumes.map((volume: Body) => volume.name);
            expect(new Set(volumes).size).toBe(volumes.length);
            const containers = [...(pod.initContainers ?? []), ...pod.containers];
            const names = containers.map((container) => container.name);
            expect(new Set(names).size).toBe(names.length);
            for (const container of containers) {
              const mounts: Body[] = container.volumeMounts ?? [];
              const paths = mounts.map((mount) => mount.mountPath);
              expect(new Set(paths).size).toBe(paths.length);
              for (const mount of mounts) expect(volumes).toContain(mount.name);
              const variables = (container.env ?? []).map((variable: Body) => variable.name);
              expect(new Set(variables).size).toBe(variables.length);
            }
            for (const { persistentVolumeClaim: claim, configMap } of pod.volumes) {
              if (claim !== undefined && claim.claimName !== 'weights')
                objects.get('PersistentVolumeClaim', claim.claimName);
              if (configMap !== undefined) objects.get('ConfigMap', configMap.name);
            }
            if (pod.serviceAccountName !== 'identity') objects.get('ServiceAccount', pod.serviceAccountName);
            const addresses = (pod.hostAliases ?? []).map((alias: Body) => alias.ip);
            expect(new Set(addresses).size).toBe(addresses.length);
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'gives the same bytes twice, and with the keys of every map reversed',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const bytes = JSON.stringify(synthesizeDefinition(definition).all);
          expect(JSON.stringify(synthesizeDefinition(definition).all)).toBe(bytes);
          expect(JSON.stringify(synthesizeDefinition(reversed(definition)).all)).toBe(bytes);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'changes no byte of a deployment when another comes',
    () => {
      fc.assert(
        fc.property(
          definitions.filter(({ deployments, shared }) => deployments.length === 2 && shared === undefined),
          (definition) => {
            const alone = synthesizeDefinition({ ...definition, deployments: definition.deployments.slice(0, 1) });
            const together = synthesizeDefinition(definition);
            // Nodes follow all pods that name them.
            for (const object of alone.all.filter((each) => !isOfNodes(each))) {
              expect(together.get(object.kind, object.metadata.name)).toEqual(object);
            }
          },
        ),
        { numRuns: 15 },
      );
    },
    PATIENCE,
  );

  it(
    'changes no selector of a deployment when another is renamed',
    () => {
      fc.assert(
        fc.property(
          definitions.filter(({ deployments, shared }) => deployments.length === 2 && shared === undefined),
          (definition) => {
            const [first, second] = definition.deployments;
            const renamed = synthesizeDefinition({
              ...definition,
              deployments: [first!, { ...second!, id: 'Renamed' }],
            });
            for (const object of synthesizeDefinition(definition).all) {
              if (!/^rag(-|$)/.test(object.metadata.name)) continue;
              expect(renamed.get(object.kind, object.metadata.name)).toEqual(object);
            }
          },
        ),
        { numRuns: 15 },
      );
    },
    PATIENCE,
  );
});
