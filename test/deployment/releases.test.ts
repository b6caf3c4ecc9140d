import { App, Chart, Duration, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  CanaryStep,
  ClusterProfile,
  type ClusterProfileProps,
  Color,
  Exposure,
  Gate,
  Gateway,
  GlobalService,
  LoadBalancing,
  Promotion,
  Release,
  ResponseCache,
  Runner,
  RunnerProxy,
  RunState,
  Scaling,
  ScalingMetric,
  SplitRouter,
  StickyKey,
  Version,
} from '../../lib';
import { SMALL } from '../bentos';
import type { Body } from '../cluster/client';
import { matches } from '../soundness';
import { type Objects, standardErrorOf, synthesize } from '../tree';

/** Rag calls Embedder, or nobody. */
const bento = (tag: string, { alone = false, hasTasks = false } = {}) =>
  Bento.fromImage(`registry.example.com/rag:${tag}`, {
    services: [
      BentoService.named('Rag', { dependsOn: alone ? [] : ['Embedder'], size: SMALL, hasTasks }),
      ...(alone ? [] : [BentoService.named('Embedder', { size: SMALL })]),
    ],
  });
const lone = (tag: string) => bento(tag, { alone: true });

interface Options {
  readonly profile?: ClusterProfileProps;
  readonly after?: (deployment: BentoDeployment) => void;
}

function deploy(props: Partial<BentoDeploymentProps>, { profile, after }: Options = {}): Objects {
  return synthesize((chart) => {
    ClusterProfile.set(
      chart,
      new ClusterProfile({
        kubernetesVersion: '1.36',
        gateway: GATEWAY,
        argoRollouts: { gatewayApiPlugin: {} },
        ...profile,
      }),
    );
    const deployment = new BentoDeployment(chart, 'Rag', { bento: bento('v2'), exposure: gateway(), ...props });
    after?.(deployment);
  });
}

const GATEWAY = Gateway.envoyGateway({ name: 'public', namespace: 'gateways' });
const gateway = () => Exposure.gateway({ hosts: ['rag.example.com'] });
const balancer = () => Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/20'] });
const alb = (more = {}) =>
  Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], subnetCidrs: ['10.0.0.0/20'], ...more });
const nginx = () => Exposure.ingressNginx({ hosts: ['rag.example.com'] });
const earlier = () => Version.of({ bento: bento('v1') });
const steps = () => [CanaryStep.weight(10, { pause: Duration.minutes(5) }), CanaryStep.weight(50)];
const canary = (more = {}) => Release.canary({ previous: earlier(), steps: steps(), ...more });
const split = (more = {}, version = {}) =>
  Release.split({ versions: { v3: Version.weighted(10, { bento: bento('v3'), serving: true, ...version }) }, ...more });
const colors = (more = {}) => Release.manualBlueGreen({ color: Color.GREEN, previous: earlier(), ...more });
const names = (objects: Objects, kind: string) => objects.of(kind).map(({ metadata }) => metadata.name);
const leadsTo = (objects: Objects, service: string) =>
  objects
    .of('Deployment')
    .filter(({ spec }) => matches(objects.get('Service', service).spec.selector, spec.template.metadata.labels))
    .map(({ metadata }) => metadata.name);

describe('keys of versions', () => {
  const keyed = (key: string) => () =>
    deploy({
      release: Release.split({ versions: Object.fromEntries([[key, Version.weighted(1, { bento: lone('v3') })]]) }),
    });

  it.each(['v3', '3auspqat6smdonry', 'a', '0', 'constructor', 'x'.repeat(20)])('take %s', (key) => {
    expect(keyed(key)).not.toThrow();
  });

  it.each(['', 'V3', 'a_b', '-a', 'a-', 'a.b', 'x'.repeat(21), '__proto__', 'ä'])('fail on "%s"', (key) => {
    const message = `must be a DNS label of at most 20 lower-case letters, digits and dashes, got "${key}"`;
    expect(keyed(key)).toThrow(`[InvalidName] 'release.versions.${key}' ${message}`);
    expect(() => deploy({ versionKey: key })).toThrow(`[InvalidName] 'versionKey' ${message}`);
    expect(() =>
      deploy({ release: canary({ previous: Version.of({ bento: bento('v1'), versionKey: key }) }) }),
    ).toThrow(`[InvalidName] 'release.previous.versionKey' ${message}`);
  });

  it('fail where two versions have the same', () => {
    expect(keyed('main')).toThrow(
      "[SameVersion] 'release.versions.main' must have another key than the deployment's own version, got \"main\" for both",
    );
    expect(() => deploy({ bento: bento('v1'), release: canary() })).toThrow(
      "[SameVersion] 'release.previous' must have another key than the deployment's own version, got \"v1\" for both",
    );
  });

  it('fail where the tag of a Bento is none', () => {
    expect(() => deploy({ bento: bento('V_2'), release: canary() })).toThrow(
      "[MissingOption] 'versionKey' must be given with a Bento whose version (V_2) is no DNS label of at most 20 letters; state it: runner pools are called after it",
    );
  });

  it('fail where a service has the name of the version', () => {
    expect(keyed('embedder')).toThrow('[NameCollision] Deployment.apps "rag-embedder" must exist once');
  });

  it('are those that there are', () => {
    const other = (deployment: BentoDeployment) => deployment.version('v4');
    expect(() => deploy({ release: split() }, { after: other })).toThrow(
      '[NoSuchVersion] \'versionKey\' must be one of v3, got "v4"',
    );
    expect(() => deploy({}, { after: other })).toThrow('[NoSuchVersion] \'versionKey\' must be one of none, got "v4"');
  });
});

describe('Release.split', () => {
  it.each([
    [{}, 'EmptyList'],
    [undefined, 'EmptyList'],
  ])('fails without versions: %j', (versions, code) => {
    expect(() => deploy({ release: Release.split({ versions: versions as never }) })).toThrow(
      `[${code}] 'release.versions' must not be empty`,
    );
  });

  it('fails on weights above 100, and takes 100', () => {
    const weights = (a: number, b: number) => () =>
      deploy({
        release: Release.split({
          versions: { a: Version.weighted(a, { bento: lone('a') }), b: Version.weighted(b, { bento: lone('b') }) },
        }),
      });
    expect(weights(60, 40)).not.toThrow();
    expect(weights(60, 41)).toThrow(
      "[WeightsOver] 'release.versions' must have weights of at most 100 together, got 101 (a: 60, b: 41); the rest goes to the deployment's own version",
    );
  });

  it('enters without requests, and says so', () => {
    const rule = (serving: boolean) => {
      let objects!: Objects;
      const text = standardErrorOf(() => {
        objects = deploy({ release: split({}, { serving }) });
      });
      const [{ backendRefs }] = objects.get('HTTPRoute', 'rag').spec.rules;
      return { weights: backendRefs.map((ref: Body) => [ref.name, ref.weight]), text };
    };
    expect(rule(true).weights).toEqual([
      ['rag', 90],
      ['rag-v3', 10],
    ]);
    expect(rule(false).weights).toEqual([
      ['rag', 100],
      ['rag-v3', 0],
    ]);
  });

  it('has a full set for each version', () => {
    const objects = deploy({ release: split() });
    expect(names(objects, 'Deployment')).toEqual(['rag', 'rag-embedder', 'rag-v3', 'rag-embedder-v3']);
    expect(names(objects, 'PodDisruptionBudget')).toEqual(names(objects, 'Deployment'));
    expect(names(objects, 'HorizontalPodAutoscaler')).toEqual(names(objects, 'Deployment'));
    expect(objects.calls('rag-v3')).toContain('rag-embedder-v3');
    expect(leadsTo(objects, 'rag')).toEqual(['rag']);
    expect(leadsTo(objects, 'rag-v3')).toEqual(['rag-v3']);
  });

  it('is promoted by an edit that changes no pod: the front leads to the other version', () => {
    const exposure = gateway();
    const old = deploy({ exposure, release: split() });
    const promoted = deploy({
      exposure,
      bento: bento('v3'),
      versionKey: 'v3',
      release: Release.split({ versions: { main: Version.weighted(10, { bento: bento('v2'), serving: true }) } }),
    });
    for (const { metadata, spec } of old.of('Deployment')) {
      expect(promoted.get('Deployment', metadata.name).spec).toEqual(spec);
    }
    for (const kind of ['ConfigMap', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']) {
      expect(
        promoted
          .of(kind)
          .map(({ metadata, spec, data }) => [metadata.name, spec, data])
          .sort(),
      ).toEqual(
        old
          .of(kind)
          .map(({ metadata, spec, data }) => [metadata.name, spec, data])
          .sort(),
      );
    }
    expect(leadsTo(promoted, 'rag')).toEqual(['rag-v3']);
    expect(leadsTo(promoted, 'rag-main')).toEqual(['rag']);
  });

  it('fails on tasks, whose results are in the pods of one version', () => {
    const tasks =
      (more = {}) =>
      () =>
        deploy({ bento: bento('v2', { hasTasks: true }), release: split(more, { bento: lone('v3') }) });
    expect(tasks()).toThrow(
      "[NotByEngine] 'release.versions.v3' must not be stated for Release.split() by weights: there are tasks, and pods of another version know nothing of them; state `stickyBy`, or use Version.matched()",
    );
    expect(tasks({ stickyBy: StickyKey.header('X-User') })).not.toThrow();
  });

  it('gives the tier the name of the deployment where no door can', () => {
    const objects = deploy({ exposure: balancer(), release: split() });
    expect(leadsTo(objects, 'rag')).toEqual(['rag-split']);
    expect(leadsTo(objects, 'rag-main')).toEqual(['rag']);
    expect(leadsTo(objects, 'rag-v3')).toEqual(['rag-v3']);
  });

  it('keeps a cache for each version', () => {
    const cache = ResponseCache.of({ paths: ['/embed'] });
    const objects = deploy({ cache, release: split() });
    expect(names(objects, 'Deployment')).toContain('rag-cache');
    expect(leadsTo(objects, 'rag')).toEqual(['rag-cache']);
    expect(leadsTo(objects, 'rag-v3')).toEqual(['rag-v3-cache']);
  });
});

describe('objects that are taken over', () => {
  const adopt = { workloadName: 'old', serviceName: 'old', selector: { app: 'old' } };

  it('are not those of another version', () => {
    const objects = deploy({ apiServer: { adopt }, release: split() });
    expect(leadsTo(objects, 'old')).toEqual(['old']);
    expect(leadsTo(objects, 'rag-v3')).toEqual(['rag-v3']);
    const pools = deploy({ runners: { Embedder: Runner.pool({ adopt }) }, release: split() });
    expect(names(pools, 'Deployment')).toEqual(['rag', 'old', 'rag-v3', 'rag-embedder-v3']);
  });

  it('fail where both versions would have them', () => {
    expect(() => deploy({ runners: { Embedder: Runner.pool({ adopt }) }, release: canary() })).toThrow(
      "[ConflictingOptions] 'runners.Embedder.adopt' must not be given together with 'release.previous'; it is of one version: state `runners` of the other in Version.of(), with or without `adopt`",
    );
    expect(() => deploy({ apiServer: { adopt: { workloadName: 'old' } }, release: colors() })).toThrow(
      "[ConflictingOptions] 'apiServer.adopt' must not be given together with 'release.previous'",
    );
  });

  it('are those of the version that says so', () => {
    const previous = Version.of({ bento: bento('v1'), runners: { Embedder: Runner.pool({ adopt }) } });
    expect(names(deploy({ release: canary({ previous }) }), 'Deployment').sort()).toEqual(['old', 'rag-embedder-v2']);
  });

  it('fail where the Service of one is switched', () => {
    expect(() => deploy({ apiServer: { adopt }, release: colors({ previous: Version.absent() }) })).toThrow(
      "[ConflictingOptions] 'apiServer.adopt.serviceName' must not be given together with 'Release.manualBlueGreen()'; the Service that is switched is called after the deployment: state `name`",
    );
  });

  it('are the Rollout, its Service and its pods', () => {
    const objects = deploy({ apiServer: { adopt }, release: canary() });
    expect(objects.get('Rollout', 'old').spec.strategy.canary).toMatchObject({
      stableService: 'old',
      canaryService: 'rag-canary',
    });
    expect(objects.get('Rollout', 'old').spec.selector.matchLabels).toEqual({ app: 'old' });
  });
});

describe('versions whose options are not stated', () => {
  it('have those of the deployment, as far as their Bento has the services', () => {
    const runners = { Embedder: Runner.pool({ scaling: Scaling.replicas(7) }) };
    const other = (version: Bento) => Release.split({ versions: { v3: Version.weighted(1, { bento: version }) } });
    const objects = deploy({ runners, release: other(bento('v3')) });
    expect(objects.get('Deployment', 'rag-embedder-v3').spec.replicas).toBe(7);
    expect(names(deploy({ runners, release: other(lone('v3')) }), 'Deployment')).toEqual([
      'rag',
      'rag-embedder',
      'rag-v3',
    ]);
  });

  it('have those of services that a pool leads to no more', () => {
    const services = (calls: string[]) => [
      BentoService.named('Rag', { dependsOn: calls, size: SMALL }),
      BentoService.named('Reranker', { dependsOn: ['Embedder'], size: SMALL }),
      BentoService.named('Embedder', { size: SMALL }),
    ];
    const image = (tag: string) => `registry.example.com/rag:${tag}`;
    // The own version calls Embedder itself; the other one by Reranker alone, which is elsewhere.
    const objects = deploy({
      bento: Bento.fromImage(image('v2'), { services: services(['Reranker', 'Embedder']) }),
      runners: { Reranker: Runner.url('http://elsewhere.example.com'), Embedder: Runner.pool() },
      release: Release.split({
        versions: {
          v3: Version.weighted(1, { bento: Bento.fromImage(image('v3'), { services: services(['Reranker']) }) }),
        },
      }),
    });
    expect(names(objects, 'Deployment')).toEqual(['rag', 'rag-embedder', 'rag-v3']);
  });

  it('fail by their own property', () => {
    expect(() => deploy({ release: split({}, { runners: { Embeder: Runner.pool() } }) })).toThrow(
      "[UnknownService] 'release.versions.v3.runners.Embeder' must name a dependency of the Bento",
    );
    expect(() =>
      deploy({ release: canary({ previous: Version.of({ bento: bento('v1'), runners: { Rag: Runner.pool() } }) }) }),
    ).toThrow("[EntryServiceAsRunner] 'release.previous.runners.Rag'");
    expect(() => deploy({ release: split({}, { apiServer: { scaling: Scaling.replicas(0) } }) })).toThrow(
      /release\.versions|replicas/,
    );
  });

  it('share pools and addresses', () => {
    const runners = { Embedder: Runner.url('http://embedder.models:3000') };
    const objects = deploy({ runners, release: split() });
    expect(names(objects, 'Deployment')).toEqual(['rag', 'rag-v3']);
    for (const name of ['rag', 'rag-v3']) {
      expect(objects.env(name).BENTOML_SERVE_DEPENDS).toBe('Embedder=http://embedder.models:3000');
    }
  });

  it('have proxies of their own before their pools', () => {
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier() }) };
    const objects = deploy({ runners, release: split() });
    expect(objects.env('rag').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://rag-embedder-proxy:3000');
    expect(objects.env('rag-v3').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://rag-embedder-v3-proxy:3000');
  });
});

describe('Release.manualBlueGreen', () => {
  const entry = (promoted: boolean | undefined) => {
    let url = '';
    const objects = deploy({ release: colors({ promoted }) }, { after: (deployment) => (url = deployment.url) });
    return { front: leadsTo(objects, 'rag'), preview: leadsTo(objects, 'rag-preview'), url };
  };

  it('leads to the version before until it is promoted, which its url follows', () => {
    const waiting = { front: ['rag-blue'], preview: ['rag-green'], url: 'http://rag.ml:3000' };
    expect(entry(undefined)).toEqual(waiting);
    expect(entry(false)).toEqual(waiting);
    expect(entry(true)).toEqual({ front: ['rag-green'], preview: ['rag-blue'], url: 'http://rag.ml:3000' });
  });

  it('leaves what was there without colours where it is', () => {
    const objects = deploy({ release: colors({ previous: Version.of({ bento: bento('v1'), versionKey: 'main' }) }) });
    expect(leadsTo(objects, 'rag')).toEqual(['rag']);
    expect(leadsTo(objects, 'rag-preview')).toEqual(['rag-green']);
  });

  it('changes no pod by a promotion', () => {
    const [waiting, promoted] = [false, true].map((stated) => deploy({ release: colors({ promoted: stated }) }));
    for (const { metadata, spec } of waiting!.of('Deployment')) {
      expect(promoted!.get('Deployment', metadata.name).spec).toEqual(spec);
    }
  });

  it('runs both at full size, unless that is not wanted', () => {
    const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 9 });
    const fewest = (fullSize?: boolean) =>
      deploy({ apiServer: { scaling }, release: colors({ fullSize }) })
        .of('HorizontalPodAutoscaler')
        .map(({ spec }) => spec.minReplicas);
    expect(fewest()).toEqual([9, 10, 9, 10]);
    expect(fewest(false)).toEqual([2, 2, 2, 2]);
  });

  it.each([
    [
      'a key',
      { versionKey: 'v2' },
      {},
      "[ConflictingOptions] 'versionKey' must not be given together with 'release.color'",
    ],
    [
      'the same colour for both',
      {},
      { previous: Version.of({ bento: bento('v1'), versionKey: 'green' }) },
      "[SameVersion] 'release.previous' must have another key than the deployment's own version, got \"green\" for both",
    ],
    [
      'nobody who answers',
      {},
      { previous: Version.absent(), promoted: false },
      "[ConflictingOptions] 'release.promoted' must not be given together with 'Version.absent()'",
    ],
  ])('fails with %s', (_, props, more, message) => {
    expect(() => deploy({ ...props, release: colors(more) })).toThrow(message);
  });
});

describe('a deployment that is stopped', () => {
  it.each([
    ['a split', () => split()],
    ['a canary', () => canary()],
    ['blue-green', () => Release.blueGreen({ previous: earlier() })],
    ['colours', () => colors()],
    ['rolling', () => Release.rolling({ previous: earlier() })],
  ])('fails during %s', (_, release) => {
    expect(() => deploy({ state: RunState.TERMINATED, release: release() })).toThrow(
      "[TerminatedDuringRelease] 'state' must not be RunState.TERMINATED while there are other versions, got",
    );
  });

  it('keeps a Rollout without pods once a release is over', () => {
    const objects = deploy({ state: RunState.TERMINATED, release: canary({ previous: Version.absent() }) });
    expect(objects.get('Rollout', 'rag').spec.replicas).toBe(0);
    expect(objects.get('Deployment', 'rag-embedder-v2').spec.replicas).toBe(0);
  });
});

describe('doors of a canary', () => {
  const routing = (exposure: Exposure, more: Partial<BentoDeploymentProps> = {}) =>
    deploy({ exposure, release: canary(), ...more }).get('Rollout', 'rag').spec.strategy.canary.trafficRouting;

  it('are routes, whose weights start at the old version', () => {
    expect(routing(gateway())).toEqual({
      plugins: { 'argoproj-labs/gatewayAPI': { httpRoutes: [{ name: 'rag', useHeaderRoutes: false }] } },
    });
    const [{ backendRefs }] = deploy({ release: canary() }).get('HTTPRoute', 'rag').spec.rules;
    expect(backendRefs.map((ref: Body) => [ref.name, ref.weight])).toEqual([
      ['rag', 100],
      ['rag-canary', 0],
    ]);
  });

  it('are Ingresses of ingress-nginx, of which the controller makes the canary', () => {
    expect(routing(nginx())).toEqual({ nginx: { stableIngresses: ['rag'] } });
    expect(names(deploy({ exposure: nginx(), release: canary() }), 'Ingress')).toEqual(['rag']);
  });

  it('are Ingresses of an Application Load Balancer, by the action that their rules lead to', () => {
    const objects = deploy({ exposure: alb(), release: canary() });
    const { alb: router } = routing(alb());
    expect(router).toMatchObject({ ingress: 'rag', servicePort: 3000 });
    const { metadata, spec } = objects.get('Ingress', 'rag');
    expect(spec.rules[0].http.paths[0].backend.service).toEqual({
      name: router.rootService,
      port: { name: 'use-annotation' },
    });
    expect(metadata.annotations).toHaveProperty([`alb.ingress.kubernetes.io/actions.${router.rootService}`]);
  });

  it('fail as a load balancer whose cookie keeps clients with a version', () => {
    const loadBalancing = LoadBalancing.hashByCookie('session', { ttl: Duration.hours(2) });
    expect(() => routing(alb(), { apiServer: { traffic: { loadBalancing } } })).toThrow(
      "[NotByEngine] 'apiServer.traffic.loadBalancing' must not be stated for Release.canary() by Exposure.applicationLoadBalancer(): a client with the cookie of its load balancing stays with the version that it met first",
    );
  });

  it.each<[string, Exposure, string]>([
    [
      'a target group that is there',
      alb({ targetGroupName: 'rag' }),
      "[NotByEngine] 'exposure.targetGroupName' must not be stated for Release.canary(): a target group that is there has no Ingress, which has the weights",
    ],
    [
      'a load balancer of connections',
      balancer(),
      "[NotByEngine] 'exposure' must not be stated for Release.canary(): Exposure.networkLoadBalancer() leads to the pods of both versions",
    ],
    [
      'none',
      Exposure.inCluster(),
      "[NotByEngine] 'release.steps (weight)' must not be stated for Exposure.inCluster(): it shares out no requests",
    ],
    [
      'two kinds',
      Exposure.several({ a: gateway(), b: nginx() }),
      "[NotByEngine] 'exposure.b' must not be stated for Release.canary(): its weights are those of exposure.a",
    ],
  ])('fail as %s', (_, exposure, message) => expect(() => routing(exposure)).toThrow(message));

  it.each<[string, Exposure]>([
    ['a load balancer of connections', balancer()],
    ['none', Exposure.inCluster()],
    ['two kinds', Exposure.several({ a: gateway(), b: nginx() })],
  ])('are of no concern where replicas make the weights: %s', (_, exposure) => {
    expect(routing(exposure, { release: canary({ weightsByReplicas: true }) })).toBeUndefined();
  });
});

describe('steps of a canary', () => {
  const scaled =
    (replicas: number, more = {}) =>
    () =>
      deploy({
        apiServer: { scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 8 }) },
        release: canary({ steps: [CanaryStep.weight(10, { replicas })], ...more }),
      });

  it('have at most the replicas that there may be', () => {
    expect(scaled(8)).not.toThrow();
    expect(scaled(9)).toThrow("[OutOfRange] 'release.steps[0].replicas' must be a whole number from 1 to 8, got 9");
  });

  it('fail with replicas of their own where these make the weights, at construction', () => {
    expect(scaled(2, { weightsByReplicas: true })).toThrow(
      "[ConflictingOptions] 'release.steps[0].replicas' must not be given together with 'release.weightsByReplicas'; there replicas make the weight: leave the former out (at test/Rag)",
    );
  });

  it.each([
    ['none', [], "[EmptyList] 'release.steps' must not be empty"],
    [
      'pauses alone',
      [CanaryStep.untilPromoted()],
      "[EmptyList] 'release.steps' must not be empty; state CanaryStep.weight() at least once",
    ],
    [
      'the same weight twice',
      [CanaryStep.weight(10), CanaryStep.weight(10)],
      '[OutOfRange] \'release.steps\' must be of rising weights, got "10, then 10"',
    ],
    [
      'falling weights',
      [CanaryStep.weight(10), CanaryStep.weight(5)],
      '[OutOfRange] \'release.steps\' must be of rising weights, got "10, then 5"',
    ],
  ])('fail as %s', (_, list, message) => expect(() => deploy({ release: canary({ steps: list }) })).toThrow(message));

  it('fail without numbers where somebody else scales', () => {
    const apiServer = { scaling: Scaling.unmanaged() };
    expect(() => deploy({ apiServer, release: canary() })).toThrow(
      "[MissingOption] 'release.steps (replicas)' must be given with Scaling.unmanaged()",
    );
    expect(() =>
      deploy({ apiServer, release: canary({ steps: [CanaryStep.weight(10, { replicas: 1 })] }) }),
    ).not.toThrow();
  });

  it('ask for pods before requests: as many as the weight of the most replicas', () => {
    const apiServer = { scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 9 }) };
    const { steps: list } = deploy({ apiServer, release: canary() }).get('Rollout', 'rag').spec.strategy.canary;
    expect(list).toEqual([
      { setCanaryScale: { replicas: 1 } },
      { setWeight: 10 },
      { pause: { duration: '300s' } },
      { setCanaryScale: { replicas: 5 } },
      { setWeight: 50 },
    ]);
  });
});

describe('terms of releases by Argo Rollouts', () => {
  it.each([
    ['revisionHistory', 0, 'from 1 to 100'],
    ['revisionHistory', 101, 'from 1 to 100'],
    ['revisionHistory', 1.5, 'from 1 to 100'],
    ['revisionHistory', Number.NaN, 'from 1 to 100'],
    ['minReady', Duration.seconds(3601), 'from 0 to 3600'],
    ['minReady', Duration.millis(1500), 'from 0 to 3600'],
    ['scaleDownDelay', Duration.seconds(29), 'from 30 to 86400'],
    ['scaleDownDelay', Duration.seconds(86_401), 'from 30 to 86400'],
    ['progressDeadline', Duration.seconds(86_401), 'from 1 to 86400'],
    ['abortScaleDownDelay', Duration.seconds(9), 'from 10 to 3600'],
    ['abortScaleDownDelay', Duration.seconds(3601), 'from 10 to 3600'],
  ])('fail on %s of %s', (property, value, range) => {
    expect(() => deploy({ release: canary({ [property]: value }) })).toThrow(
      `[OutOfRange] 'release.${property}' must be a whole number ${range}, got`,
    );
  });

  it('fail on a deadline that a start may take', () => {
    const deadline = (seconds: number) => () =>
      deploy({ release: canary({ progressDeadline: Duration.seconds(seconds), minReady: Duration.seconds(10) }) });
    // 25 minutes of the pool, 10 minutes of its own.
    expect(deadline(2110)).toThrow(
      "[OutOfRange] 'release.progressDeadline' must be above 2110 s, what the pools that it calls and a replica may take to start and `minReady`, got 2110",
    );
    expect(deadline(2111)).not.toThrow();
  });

  it.each<[string, Partial<BentoDeploymentProps>, string]>([
    [
      'a cache',
      { cache: ResponseCache.of({ paths: ['/embed'] }) },
      "[NotByEngine] 'cache' must not be stated for Release.canary()",
    ],
    [
      'another way to replace pods',
      { apiServer: { rolling: {} } },
      "[ConflictingOptions] 'apiServer.rolling' must not be given together with 'release (Release.canary())'",
    ],
    [
      'tasks',
      { bento: bento('v2', { hasTasks: true }) },
      "[NotByEngine] 'release' must not be stated for Release.canary(): it has tasks",
    ],
  ])('fail with %s', (_, props, message) => expect(() => deploy({ ...props, release: canary() })).toThrow(message));

  it('fail without the controller, and without its plugin', () => {
    expect(() => deploy({ release: canary() }, { profile: { argoRollouts: undefined } })).toThrow(
      "[ClusterLacks] 'release' must have 'argoRollouts'",
    );
    expect(() => deploy({ release: canary() }, { profile: { argoRollouts: {} } })).toThrow(
      "[ClusterLacks] 'release' must have 'argoRollouts.gatewayApiPlugin'",
    );
  });

  it('fail on gates without Prometheus', () => {
    expect(() => deploy({ release: canary({ gates: [Gate.errorRate({ maxRate: 0.05 })] }) })).toThrow(
      /'release\.gates.*Prometheus|\[ClusterLacks\]/,
    );
  });

  it('fail on a gate that is called as that of the pools', () => {
    const beforePromotion = [Gate.job({ name: 'pools', image: 'registry.example.com/smoke:v1' })];
    expect(() => deploy({ release: Release.blueGreen({ previous: earlier(), beforePromotion }) })).toThrow(
      '[DuplicateKey] \'release.beforePromotion\' must state "pools" once',
    );
  });

  it('need to know what was before where there is something of it', () => {
    expect(() => deploy({ release: Release.canary({ steps: steps() }) })).toThrow(
      "[PreviousNeeded] 'release.previous' must be stated, for the old API server goes on calling its own pools of Embedder until it is gone",
    );
    expect(() =>
      deploy({ bento: lone('v2'), files: { '/etc/app/a': 'b' }, release: Release.canary({ steps: steps() }) }),
    ).toThrow("[PreviousMounts] 'release.previous'");
    expect(() => deploy({ bento: lone('v2'), release: Release.canary({ steps: steps() }) })).not.toThrow();
  });

  it('keep files of both versions, each under its own name', () => {
    const objects = deploy({
      files: { '/etc/app/a': 'b' },
      bento: lone('v2'),
      release: canary({ previous: Version.of({ bento: lone('v1') }) }),
    });
    const mounted = objects
      .get('Rollout', 'rag')
      .spec.template.spec.volumes.flatMap(({ configMap }: Body) => (configMap ? [configMap.name] : []));
    expect(mounted).toEqual(['rag-v2-files']);
    expect(names(objects, 'ConfigMap').sort()).toEqual(['rag-v1-files', 'rag-v2-files']);
  });

  it('warn of metrics of pods, which are of both versions', () => {
    const warnings = (metrics: ScalingMetric[]) => {
      const chart = new Chart(new App(), 'test', { namespace: 'ml' });
      return standardErrorOf(() => {
        const prometheus = { address: 'http://prometheus:9090' };
        const profile = { keda: {}, prometheus, argoRollouts: { gatewayApiPlugin: {} } };
        ClusterProfile.set(chart, new ClusterProfile({ ...profile, gateway: GATEWAY }));
        const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics });
        new BentoDeployment(chart, 'Rag', {
          bento: bento('v2'),
          exposure: gateway(),
          apiServer: { scaling },
          release: canary(),
        });
        Testing.synth(chart);
      });
    };
    expect(warnings([ScalingMetric.cpu(70)])).toContain(
      "[PodMetricUnderCanary] 'apiServer.scaling' of rag looks at a mean over the pods of both versions of a canary",
    );
    expect(warnings([ScalingMetric.concurrency(4)])).not.toContain('PodMetricUnderCanary');
  });
});

describe('the Rollout of an API server', () => {
  it('has no replicas where an autoscaler owns them, which is of the Rollout', () => {
    const kinds = (metrics: ScalingMetric[]) => {
      const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics });
      const objects = deploy(
        { apiServer: { scaling }, release: canary() },
        { profile: { keda: {}, prometheus: { address: 'http://prometheus:9090' } } },
      );
      expect(objects.get('Rollout', 'rag').spec).not.toHaveProperty('replicas');
      return objects.all
        .filter(({ spec }) => spec?.scaleTargetRef?.name === 'rag')
        .map(({ kind, spec }) => [kind, spec.scaleTargetRef]);
    };
    const target = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'rag' };
    expect(kinds([ScalingMetric.cpu(70)])).toEqual([['HorizontalPodAutoscaler', target]]);
    expect(kinds([ScalingMetric.concurrency(4)])).toEqual([['ScaledObject', target]]);
  });

  it('is called after the deployment, so that nothing else may run under the key of a version', () => {
    const state = (versionKey: string) =>
      deploy({ bento: lone('v2'), versionKey, release: Release.blueGreen({ promotion: Promotion.manual() }) });
    const objects = state('main');
    expect(names(objects, 'Rollout')).toEqual(['rag']);
    expect(names(objects, 'Service').sort()).toEqual(['rag', 'rag-preview']);
    expect(() => state('v2')).toThrow(
      "[ConflictingOptions] 'versionKey' must not be given together with 'release (blue-green)'",
    );
  });

  it.each(['split', 'cache', 'canary', 'preview'])('has a name that no version may have: %s', (versionKey) => {
    expect(() => deploy({ bento: lone('v2'), versionKey })).toThrow(
      `[ReservedName] 'versionKey' must not be "${versionKey}"`,
    );
  });

  it('stands beside the Deployment that it takes over, with nothing of a release yet', () => {
    const objects = deploy({ release: canary({ besideDeployment: true, gates: undefined }) });
    expect(objects.find('Deployment', 'rag')).toBeDefined();
    expect(objects.get('Rollout', 'rag').spec.selector).toEqual(objects.get('Deployment', 'rag').spec.selector);
    expect(names(objects, 'Service')).not.toContain('rag-canary');
    expect(objects.get('Service', 'rag').spec.selector).toEqual(
      objects.get('Rollout', 'rag').spec.selector.matchLabels,
    );
    const [{ backendRefs }] = objects.get('HTTPRoute', 'rag').spec.rules;
    expect(backendRefs.map((ref: Body) => ref.name)).toEqual(['rag']);
  });
});

describe('members of a GlobalService', () => {
  const member = (release: Release) => () =>
    synthesize((chart) => {
      ClusterProfile.set(
        chart,
        new ClusterProfile({
          argoRollouts: {},
          gateway: GATEWAY,
        }),
      );
      const members = [new BentoDeployment(chart, 'Rag', { bento: bento('v2'), release })];
      new GlobalService(chart, 'Api', { members, exposure: Exposure.gateway({ hosts: ['api.example.com'] }) });
    });

  it.each([
    ['blue-green by Argo Rollouts', () => Release.blueGreen({ previous: earlier() })],
    ['two colours', () => colors()],
  ])('fail during %s', (_, release) => {
    expect(member(release())).toThrow(
      "[NotByEngine] 'members (rag)' must not be stated for a GlobalService: its Service would lead to pods of all versions alike",
    );
  });

  it('have a tier before their versions, or one version', () => {
    expect(member(split({ router: SplitRouter.nginx() }))).not.toThrow();
    expect(member(Release.rolling({ previous: earlier() }))).not.toThrow();
  });
});

describe('releaseCapacity', () => {
  const peak = (release: Release | undefined, more: Partial<BentoDeploymentProps> = {}) => {
    let pods: number | undefined;
    deploy(
      {
        release,
        apiServer: { scaling: Scaling.replicas(4) },
        runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(2) }) },
        ...more,
      },
      { after: ({ releasePeak }) => (pods = releasePeak.pods) },
    );
    return pods;
  };

  it.each<[string, () => Release | undefined, number]>([
    // One more of each while pods are replaced.
    ['in place', () => undefined, 4 + 1 + 2 + 1],
    ['a split: all of both versions, replaced in place', () => split(), 2 * (4 + 1 + 2 + 1)],
    ['colours: all of both versions', () => colors(), 2 * (4 + 2)],
    ['a canary: all of both versions', () => canary(), 2 * 4 + 2 * 2],
    ['a canary once it is over: the next one is counted', () => canary({ previous: Version.absent() }), 2 * 4 + 2 * 2],
    ['blue-green', () => Release.blueGreen({ previous: earlier() }), 2 * 4 + 2 * 2],
  ])('is for %s', (_, release, pods) => expect(peak(release())).toBe(pods));

  it('fails below what a release needs, with the numbers', () => {
    expect(() => peak(canary(), { releaseCapacity: { maxPods: 12 } })).not.toThrow();
    expect(() => peak(canary(), { releaseCapacity: { maxPods: 11 } })).toThrow(
      "[CapacityExceeded] 'releaseCapacity' must hold what the release needs at its peak, 12 pods",
    );
  });
});
