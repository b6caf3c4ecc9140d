import { App, Chart, Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Exposure,
  FunctionEngine,
  InstanceSize,
  NetworkPeer,
  Overflow,
  Runner,
  RunnerPool,
  RunnerProxy,
  RunState,
  ScaleToZeroFunction,
  type ScaleToZeroFunctionProps,
  Scaling,
  ScalingMetric,
  Warnings,
} from '../../lib';
import { chain, IMAGE, pair, SMALL, single } from '../bentos';
import type { Body } from '../cluster/client';
import { CLUSTER, ENGINE_LIST, type EngineName, makeFunction } from '../functions';
import { synthesize } from '../tree';

type Props = Partial<ScaleToZeroFunctionProps>;
const asleep = Runner.pool({ scaling: Scaling.withFunction({ maxReplicas: 2 }) });
const stays = Runner.pool({ scaling: Scaling.replicas(2) });
const kinds = (engine: EngineName, props: Props = {}) =>
  makeFunction(engine, props)
    .objects.all.map(({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`)
    .sort();
const peerOf = (labels: object, namespace?: string) => ({
  ...(namespace !== undefined && { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } }),
  podSelector: { matchLabels: labels },
});
const INTERCEPTOR = peerOf({ 'app.kubernetes.io/component': 'interceptor' }, 'keda');
const PROMETHEUS = peerOf({ 'app.kubernetes.io/name': 'prometheus' }, 'monitoring');

describe('the objects of a function', () => {
  const common = [
    'monitoring.coreos.com/v1 PodMonitor upscaler',
    'networking.k8s.io/v1 NetworkPolicy upscaler',
    'policy/v1 PodDisruptionBudget upscaler',
    'v1 ServiceAccount upscaler',
  ];

  it.each<[EngineName, string[]]>([
    [
      'keda-http',
      [
        'apps/v1 Deployment upscaler',
        'http.keda.sh/v1beta1 InterceptorRoute upscaler',
        'keda.sh/v1alpha1 ScaledObject upscaler',
        'v1 Service upscaler',
        'v1 Service upscaler-pods',
      ],
    ],
    ['knative', ['serving.knative.dev/v1 Service upscaler']],
    ['hpa', ['apps/v1 Deployment upscaler', 'autoscaling/v2 HorizontalPodAutoscaler upscaler', 'v1 Service upscaler']],
  ])('by %s', (engine, own) => {
    expect(kinds(engine)).toEqual([...common, ...own].sort());
  });

  it('are reachable from the construct', () => {
    const byKeda = makeFunction('keda-http').fn;
    expect([byKeda.interceptorRoute?.kind, byKeda.doorService?.kind, byKeda.route]).toEqual([
      'InterceptorRoute',
      'Service',
      undefined,
    ]);
    expect([byKeda.apiServer.workload.kind, byKeda.apiServer.scaler?.kind]).toEqual(['Deployment', 'ScaledObject']);
    for (const engine of ['knative', 'hpa'] as const) {
      const { fn } = makeFunction(engine);
      expect([fn.interceptorRoute, fn.doorService, fn.route]).toEqual([undefined, undefined, undefined]);
    }
    expect(makeFunction('knative').fn.apiServer.scaler).toBeUndefined();
    expect(makeFunction('knative').fn.apiServer.workload.apiVersion).toBe('serving.knative.dev/v1');
  });

  it('are never the deprecated ones of the HTTP add-on', () => {
    expect(makeFunction('keda-http').objects.of('HTTPScaledObject')).toEqual([]);
  });

  it('have their names from the construct, or as stated', () => {
    expect(makeFunction('keda-http').fn.name).toBe('upscaler');
    const { fn, objects } = makeFunction('keda-http', { name: 'up' });
    expect([fn.name, fn.url]).toEqual(['up', 'http://up.ml:8080']);
    expect(objects.get('ScaledObject', 'up').spec.triggers[0].metadata.interceptorRoute).toBe('up');
  });

  it.each(['', 'Up', 'up.scaler', '1up', 'a'.repeat(64)])('fail on the name %j', (name) => {
    for (const engine of ENGINE_LIST) expect(() => makeFunction(engine, { name })).toThrow("[InvalidName] 'name'");
  });

  // The Service of the pods is called by it and five characters more.
  it.each([58, 59])('have names of up to 58 characters behind the interceptor: %d', (length) => {
    const make = () => makeFunction('keda-http', { name: 'a'.repeat(length) });
    if (length <= 58) expect(make).not.toThrow();
    else expect(make).toThrow("[InvalidName] 'name'");
  });

  it('collide with namesakes', () => {
    const beside = (chart: Chart) => {
      new BentoDeployment(chart, 'Other', { bento: single(), name: 'upscaler' });
    };
    for (const engine of ENGINE_LIST) expect(() => makeFunction(engine, {}, { beside })).toThrow('[NameCollision]');
  });
});

describe('the address', () => {
  it.each<[EngineName, string]>([
    ['keda-http', 'http://upscaler.ml:8080'],
    ['knative', 'http://upscaler.ml.svc.cluster.local'],
    ['hpa', 'http://upscaler.ml:3000'],
  ])('by %s is %s', (engine, url) => {
    expect(makeFunction(engine).fn.url).toBe(url);
  });

  it('is one that the interceptor knows, port aside', () => {
    const { fn, objects } = makeFunction('keda-http');
    expect(objects.get('InterceptorRoute', 'upscaler').spec.rules[0].hosts).toContain(new URL(fn.url).hostname);
  });
});

describe('who is let in', () => {
  const from = (engine: EngineName, props: Props = {}, pod = 'upscaler') =>
    makeFunction(engine, props).objects.get('NetworkPolicy', pod).spec.ingress;

  it('is the interceptor, and who scrapes; nobody else could be counted', () => {
    expect(from('keda-http')).toEqual([{ from: [INTERCEPTOR, PROMETHEUS], ports: [{ port: 3000, protocol: 'TCP' }] }]);
  });

  it('is Knative and its ingress, at the ports of its queue', () => {
    const [rule] = from('knative');
    expect(rule.from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'knative-serving' } } },
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kourier-system' } } },
      PROMETHEUS,
    ]);
    // networking.BackendHTTPPort, BackendHTTP2Port, QueueAdminPort, BackendHTTPSPort, AutoscalingQueueMetricsPort.
    expect(rule.ports.map(({ port }: { port: number }) => port)).toEqual(
      expect.arrayContaining([3000, 8012, 8013, 8022, 8112, 9090]),
    );
  });

  it('is every pod of the namespace where nothing stands between', () => {
    expect(from('hpa')[0].from).toEqual([{ podSelector: {} }, PROMETHEUS]);
  });

  it('is who is named, too', () => {
    const apiServer = { allowFrom: [NetworkPeer.namespace('debug')] };
    expect(from('keda-http', { apiServer })[0].from).toHaveLength(3);
  });

  it.each(ENGINE_LIST)(
    'to a pool is its caller and who scrapes, never what stands before the function: %s',
    (engine) => {
      const callers = from(engine, { bento: pair(), runners: { Embedder: stays } }, 'upscaler-embedder')[0].from;
      expect(callers).toEqual([
        peerOf({
          'app.kubernetes.io/component': 'api-server',
          'app.kubernetes.io/instance': 'upscaler',
          'cdk8s-bento/track': 'main',
        }),
        PROMETHEUS,
      ]);
    },
  );
});

describe('pools', () => {
  const waiters = (props: Props, name: string): string[][] =>
    (makeFunction('keda-http', props).objects.pod(name).initContainers ?? [])
      .filter(({ restartPolicy }: Body) => restartPolicy === undefined)
      .map(({ name: container, command }: Body) => [container, ...command.slice(-2)]);

  it('that sleep wake by the requests of the function, at the same time', () => {
    const { objects } = makeFunction('keda-http', { bento: pair(), runners: { Embedder: asleep } });
    const trigger = (name: string) => objects.get('ScaledObject', name).spec.triggers[0];
    expect(trigger('upscaler-embedder')).toEqual(trigger('upscaler'));
    expect(objects.of('InterceptorRoute').map(({ metadata }) => metadata.name)).toEqual(['upscaler']);
  });

  it('that sleep are waited for by whoever calls them', () => {
    const runners = { Embedder: asleep };
    expect(waiters({ bento: pair(), runners }, 'upscaler')).toEqual([
      ['wait-for-upscaler-embedder', 'upscaler-embedder', '3000'],
    ]);
    expect(waiters({ bento: pair(), runners }, 'upscaler-embedder')).toEqual([]);
  });

  it('are waited for at the port that they have', () => {
    const runners = { Embedder: Runner.pool({ servicePort: 80, scaling: Scaling.withFunction({ maxReplicas: 1 }) }) };
    expect(waiters({ bento: pair(), runners }, 'upscaler')[0]!.at(-1)).toBe('80');
  });

  it('of a chain wait for one another', () => {
    const props = { bento: chain() };
    expect(waiters(props, 'upscaler').map(([name]) => name)).toEqual([
      'wait-for-upscaler-reranker',
      'wait-for-upscaler-encoder',
    ]);
    expect(waiters(props, 'upscaler-reranker').map(([name]) => name)).toEqual(['wait-for-upscaler-encoder']);
    expect(waiters(props, 'upscaler-encoder')).toEqual([]);
  });

  it('that stay are not waited for, and have no scaler of the function', () => {
    const { objects } = makeFunction('keda-http', { bento: pair(), runners: { Embedder: stays } });
    expect(objects.pod('upscaler').initContainers).toBeUndefined();
    expect(objects.get('Deployment', 'upscaler-embedder').spec.replicas).toBe(2);
    expect(objects.find('ScaledObject', 'upscaler-embedder')).toBeUndefined();
  });

  // It would never be ready while the other sleeps, and nobody waits for it.
  it('that stay must not call one that sleeps', () => {
    const make = () => makeFunction('keda-http', { bento: chain(), runners: { Reranker: stays, Encoder: asleep } });
    expect(make).toThrow(
      "[ConflictingOptions] 'runners.Reranker.scaling' must not be given together with 'Scaling.withFunction() of Encoder'; a pool that stays would wait for one that sleeps: let both sleep, or both stay (at test/Upscaler)",
    );
    expect(() =>
      makeFunction('keda-http', { bento: chain(), runners: { Reranker: asleep, Encoder: stays } }),
    ).not.toThrow();
  });

  it('that sleep must not keep a caller from getting ready', () => {
    const apiServer = { readiness: { includeDependencies: true } };
    expect(() => makeFunction('keda-http', { bento: pair(), apiServer })).toThrow(
      "[ConflictingOptions] 'apiServer.readiness.includeDependencies' must not be given together with 'Scaling.withFunction() of Embedder'; a pool that sleeps would keep its callers from getting ready; leave the former out (at test/Upscaler)",
    );
    expect(() => makeFunction('keda-http', { bento: pair(), apiServer, runners: { Embedder: stays } })).not.toThrow();
  });

  // Whoever waits connects to the pool itself, which lets in the tier alone.
  it('that sleep must not be behind a tier', () => {
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier() }) };
    expect(() => makeFunction('keda-http', { bento: pair(), runners })).toThrow(
      "[ConflictingOptions] 'runners.Embedder.proxy' must not be given together with 'runners.Embedder.scaling'",
    );
  });

  it('with a GPU must say what they may cost', () => {
    const runners = { Embedder: Runner.pool({ size: InstanceSize.named('gpu.l4.1') }) };
    expect(() => makeFunction('keda-http', { bento: pair(), runners })).toThrow(
      "[MissingScaling] 'runners.Embedder.scaling'",
    );
  });

  it('of others may be called, and let the function in', () => {
    const objects = synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
      const pool = new RunnerPool(chart, 'Embedder', {
        bento: pair(),
        bentoService: 'Embedder',
        scaling: Scaling.replicas(2),
      });
      new ScaleToZeroFunction(chart, 'Upscaler', {
        bento: pair(),
        runners: { Embedder: Runner.shared(pool) },
        maxReplicas: 4,
        targetConcurrency: 1,
      });
    });
    expect(objects.get('NetworkPolicy', 'embedder').spec.ingress[0].from).toContainEqual(
      peerOf({
        'app.kubernetes.io/component': 'api-server',
        'app.kubernetes.io/instance': 'upscaler',
        'cdk8s-bento/track': 'main',
      }),
    );
    expect(objects.pod('upscaler').initContainers).toBeUndefined();
    expect(objects.find('ScaledObject', 'upscaler-embedder')).toBeUndefined();
  });

  it.each([
    [RunnerProxy.sidecar(), 1],
    [RunnerProxy.tier(), 0],
    [RunnerProxy.direct(), 0],
  ])('of others are called by Knative past a proxy beside the caller, which is said: %#', (proxy, doubts) => {
    let fn: ScaleToZeroFunction;
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ ...CLUSTER, kubernetesVersion: '1.34' }));
      const pool = new RunnerPool(chart, 'Embedder', {
        bento: pair(),
        bentoService: 'Embedder',
        scaling: Scaling.replicas(2),
        proxy,
      });
      fn = new ScaleToZeroFunction(chart, 'Upscaler', {
        bento: pair(),
        runners: { Embedder: Runner.shared(pool) },
        engine: FunctionEngine.knative(),
        maxReplicas: 4,
        targetConcurrency: 1,
      });
    });
    expect(Warnings.of(fn!).filter((text) => text.startsWith('[PoolPastItsProxy]'))).toHaveLength(doubts);
  });

  it('that sleep must not be shared: nobody would wake them for others', () => {
    const share = (scaling: Scaling) => {
      const runners = { Embedder: Runner.pool({ scaling }) };
      const { fn } = makeFunction('keda-http', { bento: pair(), runners });
      const other = { bento: pair(), runners: { Embedder: Runner.shared(fn.runnerPool('Embedder')) } };
      return () => new BentoDeployment(fn.node.scope!, 'Search', other);
    };
    expect(share(Scaling.withFunction({ maxReplicas: 2 }))).toThrow(
      "[ConflictingOptions] 'runners.Embedder' must not be given together with 'Scaling.withFunction() of upscaler-embedder'; it sleeps with its own function: share a pool that stays (at test/Search)",
    );
    expect(share(Scaling.replicas(2))).not.toThrow();
  });

  it('are found by their service', () => {
    const { fn } = makeFunction('keda-http', { bento: chain() });
    expect(fn.runnerPools.map(({ bentoService }) => bentoService).sort()).toEqual(['Encoder', 'Reranker']);
    expect(fn.runnerPool('Encoder').name).toBe('upscaler-encoder');
    expect(() => fn.runnerPool('encoder')).toThrow(/^\[NoSuchPool\] .* \(at test\/Upscaler\)$/);
  });

  it('have long names, whose containers are called by a digest', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('Gateway', { dependsOn: ['E'.repeat(40)], size: SMALL }),
        BentoService.named('E'.repeat(40), { size: SMALL }),
      ],
    });
    // Behind a proxy pools have shorter names.
    const runners = {
      ['E'.repeat(40)]: Runner.pool({
        proxy: RunnerProxy.direct(),
        scaling: Scaling.withFunction({ maxReplicas: 1 }),
      }),
    };
    const { objects } = makeFunction('keda-http', { bento, runners, name: 'a'.repeat(20) });
    const [waiter] = objects.pod('a'.repeat(20)).initContainers;
    expect(waiter.name).toMatch(/^wait-for-[a-z0-9]{16}$/);
  });
});

describe('a terminated function', () => {
  const of = (engine: EngineName, props: Props = {}) =>
    makeFunction(engine, { bento: pair(), state: RunState.TERMINATED, ...props }).objects;

  it('by the HTTP add-on is paused at zero, its pools too, and answers at once', () => {
    const objects = of('keda-http');
    for (const name of ['upscaler', 'upscaler-embedder']) {
      expect(objects.get('ScaledObject', name).metadata.annotations).toMatchObject({
        'autoscaling.keda.sh/paused-replicas': '0',
      });
    }
    expect(objects.get('InterceptorRoute', 'upscaler').spec.coldStart).toEqual({
      placeholder: { response: { statusCode: 503 } },
    });
  });

  it('by Knative is not there, for Knative knows no zero that stays', () => {
    const objects = of('knative', { runners: { Embedder: stays } });
    expect(objects.all.filter(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')).toEqual([]);
    expect(objects.get('Deployment', 'upscaler-embedder').spec.replicas).toBe(0);
  });

  it('by the HorizontalPodAutoscaler stays at zero', () => {
    const objects = of('hpa', { runners: { Embedder: stays } });
    expect(objects.get('Deployment', 'upscaler').spec.replicas).toBe(0);
    expect(objects.get('HorizontalPodAutoscaler', 'upscaler').spec).toMatchObject({
      minReplicas: 0,
      behavior: { scaleUp: { selectPolicy: 'Disabled' } },
    });
  });
});

describe('warnings', () => {
  const ids = (engine: EngineName, props: Props = {}) =>
    makeFunction(engine, props).warnings.map((text) => /^\[(\w+)\]/.exec(text)![1]);

  it('of the shortest function by each engine', () => {
    expect(ids('keda-http')).toEqual(['UnboundedQueue']);
    expect(ids('knative')).toEqual([]);
    expect(ids('hpa')).toEqual(['NoQueue', 'ExternalMetricBesideKeda']);
  });

  it.each<[Props, boolean]>([
    [{}, true],
    [{ coldStart: { overflow: Overflow.reject() } }, true],
    [{ coldStart: { overflow: Overflow.fallback({ service: 'small' }) } }, true],
    [{ coldStart: { maxPending: 200 } }, false],
    // Nobody waits.
    [{ coldStart: { overflow: Overflow.placeholder() } }, false],
    [{ state: RunState.TERMINATED }, false],
  ])('UnboundedQueue with %j: %s', (props, warned) => {
    expect(ids('keda-http', props).includes('UnboundedQueue')).toBe(warned);
  });

  it('NoQueue is for what sleeps', () => {
    expect(ids('hpa', { minReplicas: 1 })).not.toContain('NoQueue');
  });

  // Without a GPU: 2 + 90 + 18 + 10 = 120 seconds.
  it.each([119, 120, 121])('ColdStartOverTimeout of %d s, and IdleShorterThanColdStart alike', (seconds) => {
    const duration = Duration.seconds(seconds);
    for (const engine of ['keda-http', 'knative'] as const) {
      const { warnings } = makeFunction(engine, { coldStart: { timeout: duration }, idleTimeout: duration });
      const found = warnings.filter((text) => !text.startsWith('[UnboundedQueue]'));
      expect(found).toEqual(
        seconds >= 120
          ? []
          : [
              "[ColdStartOverTimeout] 'coldStart.timeout' (119 s) is below what a cold start takes (120 s, see coldStartReport): the requests that wake it fail; raise it, or state what a start really takes in `startup` (at test/Upscaler/Gateway)",
              "[IdleShorterThanColdStart] 'idleTimeout' (119 s) is below what a cold start takes (120 s): it spends its time on starting; raise it (at test/Upscaler/Gateway)",
            ],
      );
    }
  });

  it('IdleShorterThanColdStart is for what sleeps', () => {
    expect(ids('keda-http', { idleTimeout: Duration.seconds(10) })).toContain('IdleShorterThanColdStart');
    expect(ids('keda-http', { idleTimeout: Duration.seconds(10), minReplicas: 1 })).not.toContain(
      'IdleShorterThanColdStart',
    );
  });

  it('can be acknowledged', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
    const fn = new ScaleToZeroFunction(chart, 'Upscaler', { bento: single(), maxReplicas: 4, targetConcurrency: 1 });
    expect(Warnings.of(chart)).toHaveLength(1);
    Warnings.acknowledge(fn, 'UnboundedQueue');
    expect(Warnings.of(chart)).toEqual([]);
  });
});

describe('errors', () => {
  it('say where', () => {
    expect(() => makeFunction('keda-http', { maxReplicas: 0 })).toThrow(
      /^\[OutOfRange\] 'maxReplicas'.*\(at test\/Upscaler\)$/,
    );
  });

  it('of a scaling on the API server name what replaces it', () => {
    const apiServer = { scaling: Scaling.replicas(1) } as ScaleToZeroFunctionProps['apiServer'];
    expect(() => makeFunction('keda-http', { apiServer })).toThrow(
      "[ConflictingOptions] 'apiServer.scaling' must not be given together with 'maxReplicas'; a function scales by its own options (at test/Upscaler)",
    );
  });

  it.each(['keda-http', 'knative'] as const)('of an exposure that tells callers apart by %s', (engine) => {
    const exposure = Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('web')] });
    const name = engine === 'knative' ? 'Knative' : 'the KEDA HTTP add-on';
    expect(() => makeFunction(engine, { exposure })).toThrow(
      `[NotByEngine] 'exposure.allowFrom' must not be stated for a function by ${name}: requests of everybody come from the same pods, so no policy can tell callers apart; leave it out, or use a BentoDeployment (at test/Upscaler)`,
    );
  });
});

describe('requirements', () => {
  const lines = (engine: EngineName, props: Props = {}) => makeFunction(engine, props).fn.requirements.map(String);

  it.each<[EngineName, string[]]>([
    [
      'keda-http',
      [
        "KEDA's HTTP add-on >= 0.16: upscaler scales to zero",
        'KEDA >= 2.21: the autoscaler of upscaler (external.metrics.k8s.io)',
      ],
    ],
    ['knative', ['Knative Serving >= 1.13: upscaler scales to zero']],
    [
      'hpa',
      [
        'Kubernetes >= 1.37: an autoscaler that goes to zero',
        'an adapter for external.metrics.k8s.io: the autoscaler of upscaler reads queued',
      ],
    ],
  ])('by %s', (engine, expected) => {
    expect(lines(engine)).toEqual(expect.arrayContaining(expected));
  });

  it('name what else wakes it', () => {
    const metrics = [ScalingMetric.prometheus({ query: 'up', threshold: 1 })];
    expect(lines('keda-http', { metrics })).toContain(
      'Prometheus at http://prometheus.monitoring:9090: the autoscaler of upscaler reads the query up',
    );
  });
});
