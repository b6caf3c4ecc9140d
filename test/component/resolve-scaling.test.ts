import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  type ClusterProfileProps,
  Gpu,
  InstanceSize,
  Runner,
  RunState,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
  Schedule,
  Warnings,
} from '../../lib';
import { IMAGE, pair, SMALL, single } from '../bentos';
import { CLUSTER, type EngineName, makeFunction } from '../functions';
import { Objects, synthesize } from '../tree';

const l4 = InstanceSize.named('gpu.l4.1');

const deploy = (props: Partial<BentoDeploymentProps> = {}, kubernetesVersion?: string): Objects =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
const scaled = (scaling: Scaling, kubernetesVersion?: string) => deploy({ apiServer: { scaling } }, kubernetesVersion);
const warnings = (props: Partial<BentoDeploymentProps>) => {
  let found: string[] = [];
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
    found = Warnings.of(chart);
  });
  return found;
};

describe('what a schedule asks for', () => {
  const hours = Schedule.businessHours({ timeZone: 'UTC' });
  const scheduled = (replicas: number) =>
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ keda: {} }));
      const scaling = Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.schedule(replicas, hours)] });
      new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { scaling } });
    });

  it('may be all that there can be', () => {
    expect(scheduled(4).get('ScaledObject', 'rag').spec.triggers[0].metadata.desiredReplicas).toBe('4');
  });

  it('fails above it', () => {
    expect(() => scheduled(5)).toThrow(
      "[OutOfRange] 'apiServer.scaling.metrics (schedule)' must be at most maxReplicas (4), got 5",
    );
  });
});

describe('with a GPU replicas come no faster than nodes', () => {
  const periods = (nodeStart?: Duration) => {
    const scaling = Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.external({ metric: 'x', value: 1 })] });
    const objects = deploy({ apiServer: { size: l4, scaling, startup: { nodeStart } } });
    const { policies } = objects.get('HorizontalPodAutoscaler', 'rag').spec.behavior.scaleUp;
    return policies.map(({ periodSeconds }: { periodSeconds: number }) => periodSeconds);
  };

  it.each([
    [undefined, 180],
    // Kubernetes' own period where nodes are there already, its longest where they take longer.
    [Duration.seconds(0), 15],
    [Duration.minutes(5), 300],
    [Duration.hours(1), 1800],
  ])('which take %s', (nodeStart, period) => expect(periods(nodeStart)).toEqual([period, period]));
});

describe('without scaling stated', () => {
  it('a component has 2 to 10 replicas on CPU at 70 percent, and no replicas of its own', () => {
    const objects = deploy();
    expect(objects.get('HorizontalPodAutoscaler', 'rag').spec).toEqual({
      maxReplicas: 10,
      metrics: [
        {
          type: 'ContainerResource',
          containerResource: {
            name: 'cpu',
            container: 'bento',
            target: { type: 'Utilization', averageUtilization: 70 },
          },
        },
      ],
      minReplicas: 2,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' },
    });
    expect(objects.get('Deployment', 'rag').spec).not.toHaveProperty('replicas');
  });

  it('fails with a GPU, which costs money', () => {
    expect(() => deploy({ apiServer: { size: l4 } })).toThrow(
      "[MissingScaling] 'apiServer.scaling' must be stated, for each replica holds one l4 and costs money",
    );
    const two = InstanceSize.of({ gpu: Gpu.NVIDIA_L4, gpuCount: 2 });
    expect(() => deploy({ apiServer: { size: two } })).toThrow('for each replica holds 2 l4');
  });

  it('a service with tasks has one', () => {
    const bento = Bento.fromImage(IMAGE, { services: [BentoService.named('Work', { hasTasks: true, size: SMALL })] });
    const objects = deploy({ bento });
    expect(objects.get('Deployment', 'rag').spec.replicas).toBe(1);
    expect(objects.of('HorizontalPodAutoscaler')).toEqual([]);
  });

  it('fails without a CPU request', () => {
    const size = InstanceSize.of({ memory: Size.gibibytes(1) });
    expect(() => deploy({ apiServer: { size } })).toThrow(
      "[MetricWithoutRequest] 'apiServer.scaling.metrics' must not target cpu utilization, for the component requests no cpu; state `size` with cpuCores",
    );
  });
});

describe('a service with tasks', () => {
  const bento = Bento.fromImage(IMAGE, { services: [BentoService.named('Work', { hasTasks: true, size: SMALL })] });

  it('may state its one replica', () => {
    expect(() => deploy({ bento, apiServer: { scaling: Scaling.replicas(1) } })).not.toThrow();
  });

  it.each([
    ['two replicas', Scaling.replicas(2)],
    ['an autoscaler', Scaling.auto({ maxReplicas: 1 })],
    ['a scaler of someone else', Scaling.unmanaged()],
  ])('fails on %s', (_, scaling) => {
    expect(() => deploy({ bento, apiServer: { scaling } })).toThrow(
      '[TaskReplicas] \'apiServer.scaling\' must be Scaling.replicas(1), for "Work" has a @bentoml.task',
    );
  });
});

describe('fixed replicas', () => {
  it.each([1, 3, 2 ** 31 - 1])('are %d in the workload, and nothing scales it', (replicas) => {
    const objects = scaled(Scaling.replicas(replicas));
    expect(objects.get('Deployment', 'rag').spec.replicas).toBe(replicas);
    expect(objects.of('HorizontalPodAutoscaler')).toEqual([]);
  });

  it('may have a GPU', () => {
    expect(() => deploy({ apiServer: { size: l4, scaling: Scaling.replicas(2) } })).not.toThrow();
  });
});

describe('someone else', () => {
  it('owns the replicas of an unmanaged component', () => {
    const objects = scaled(Scaling.unmanaged());
    expect(objects.get('Deployment', 'rag').spec).not.toHaveProperty('replicas');
    expect(objects.of('HorizontalPodAutoscaler')).toEqual([]);
  });
});

describe('an autoscaler', () => {
  const spec = (scaling: Scaling, version?: string) =>
    scaled(scaling, version).get('HorizontalPodAutoscaler', 'rag').spec;

  it.each([
    [{ maxReplicas: 1 }, 1, 1],
    [{ maxReplicas: 2 }, 2, 2],
    [{ maxReplicas: 20 }, 2, 20],
    [{ minReplicas: 1, maxReplicas: 5 }, 1, 5],
    [{ minReplicas: 5, maxReplicas: 5 }, 5, 5],
  ])('of %j has %d to %d replicas', (options, min, max) => {
    expect(spec(Scaling.auto(options))).toMatchObject({ minReplicas: min, maxReplicas: max });
  });

  it.each([
    ["[MinOverMax] 'minReplicas' must be at most 'maxReplicas' (2), got 3", { minReplicas: 3, maxReplicas: 2 }],
    ["[ZeroReplicas] 'minReplicas' must be at least 1", { minReplicas: 0, maxReplicas: 2 }],
    ["[ZeroReplicas] 'maxReplicas' must be at least 1", { maxReplicas: 0 }],
    ["[OutOfRange] 'maxReplicas'", { maxReplicas: 1.5 }],
    ["[OutOfRange] 'maxReplicas'", { maxReplicas: 2 ** 31 }],
    ["[OutOfRange] 'minReplicas'", { minReplicas: Number.NaN, maxReplicas: 2 }],
    ["[EmptyList] 'metrics'", { maxReplicas: 2, metrics: [] }],
    ["[DuplicateMetric] 'metrics' must state cpu once", { maxReplicas: 2, metrics: [70, 80].map(ScalingMetric.cpu) }],
  ])('fails with %s', (message, options) => {
    expect(() => Scaling.auto(options)).toThrow(message);
  });

  it('fails on memory without a request', () => {
    const size = InstanceSize.of({ cpuCores: 1 });
    const scaling = Scaling.auto({ maxReplicas: 2, metrics: [ScalingMetric.memory(80)] });
    expect(() => deploy({ apiServer: { size, scaling } })).toThrow('must not target memory utilization');
  });

  describe('of a GPU component', () => {
    const gpu = (options: Partial<Parameters<typeof Scaling.auto>[0]>) =>
      deploy({ apiServer: { size: l4, scaling: Scaling.auto({ maxReplicas: 4, ...options }) } });
    const queue = ScalingMetric.pods({ metric: 'in_flight', averageValue: 4 });

    it('fails without a metric', () => {
      expect(() => gpu({})).toThrow("[MissingMetrics] 'apiServer.scaling.metrics'");
    });

    it('starts at one replica, grows no faster than nodes come and waits 5 minutes before it shrinks', () => {
      const { spec } = gpu({ metrics: [queue] }).get('HorizontalPodAutoscaler', 'rag');
      expect(spec.minReplicas).toBe(1);
      expect(spec.behavior.scaleDown.stabilizationWindowSeconds).toBe(300);
      for (const { periodSeconds } of spec.behavior.scaleUp.policies) expect(periodSeconds).toBe(180);
    });

    it('moves as it is told', () => {
      const behavior = ScalingBehavior.neverScaleDown();
      expect(gpu({ metrics: [queue], behavior }).get('HorizontalPodAutoscaler', 'rag').spec.behavior).toEqual({
        scaleDown: { selectPolicy: 'Disabled' },
      });
    });

    it('may look at CPU, with a warning', () => {
      const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 4, metrics: [ScalingMetric.cpu(70)] });
      expect(warnings({ apiServer: { size: l4, scaling } })).toEqual([
        expect.stringMatching(/^\[CpuMetricOnGpu\] 'apiServer.scaling' .* \(at test\/Rag\/Gateway\)$/),
      ]);
    });
  });

  // The autoscaler of the production chapter: 70 / 80 %, 60 s out, 120 s in, one at a time, in only below half.
  it('does what the AutoScaler of the production chapter does', () => {
    const scaling = Scaling.auto({
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [ScalingMetric.cpu(70), ScalingMetric.memory(80)],
      behavior: ScalingBehavior.oneAtATime({
        scaleUpEvery: Duration.seconds(60),
        scaleDownEvery: Duration.seconds(120),
        scaleDownBelowRatio: 0.5,
      }),
    });
    const resource = (name: string, averageUtilization: number) => ({
      type: 'ContainerResource',
      containerResource: { name, container: 'bento', target: { type: 'Utilization', averageUtilization } },
    });
    expect(spec(scaling, '1.35')).toEqual({
      minReplicas: 2,
      maxReplicas: 10,
      metrics: [resource('cpu', 70), resource('memory', 80)],
      behavior: {
        scaleUp: { selectPolicy: 'Max', policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
        scaleDown: {
          selectPolicy: 'Max',
          policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
          stabilizationWindowSeconds: 120,
          tolerance: '500m',
        },
      },
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' },
    });
  });

  it.each(['scaleUp', 'scaleDown'])('fails on a tolerance of %s below Kubernetes 1.35', (direction) => {
    const behavior = ScalingBehavior.of({ [direction]: { tolerance: 0 } });
    const scaling = Scaling.auto({ maxReplicas: 3, behavior });
    expect(() => spec(scaling, '1.34')).toThrow(
      `[NeedsKubernetes] 'apiServer.scaling.behavior.${direction}.tolerance' must not be used below Kubernetes 1.35; the cluster profile states 1.34`,
    );
    expect(spec(scaling, '1.35').behavior[direction].tolerance).toBe('0');
  });
});

describe('one replica', () => {
  it.each([
    [Scaling.replicas(1), 1],
    [Scaling.auto({ minReplicas: 1, maxReplicas: 5 }), 1],
    [Scaling.auto({ maxReplicas: 1 }), 1],
    [Scaling.replicas(2), 0],
    [Scaling.auto({ minReplicas: 2, maxReplicas: 5 }), 0],
    [Scaling.unmanaged(), 0],
  ])('is a warning: %j', (scaling, count) => {
    const found = warnings({ apiServer: { scaling } });
    expect(found).toHaveLength(count);
    for (const text of found) expect(text).toMatch(/^\[SingleReplica\] 'apiServer.scaling'/);
  });
});

describe('the one replica of a service with tasks', () => {
  it('is a warning too', () => {
    const bento = Bento.fromImage(IMAGE, { services: [BentoService.named('Work', { hasTasks: true, size: SMALL })] });
    expect(warnings({ bento })).toEqual([expect.stringContaining('[SingleReplica]')]);
  });
});

describe('the owner of replicas', () => {
  const scalings = fc.oneof(
    fc
      .integer({ min: 1, max: 50 })
      .map((replicas) => ({ kind: 'fixed', scaling: Scaling.replicas(replicas), replicas })),
    fc.constant({ kind: 'unmanaged', scaling: Scaling.unmanaged(), replicas: undefined }),
    fc
      .integer({ min: 1, max: 50 })
      .map((max) => ({ kind: 'auto', scaling: Scaling.auto({ maxReplicas: max }), replicas: undefined })),
  );

  it('is one: the workload, its autoscaler, or someone else; terminated, the workload alone', () => {
    fc.assert(
      fc.property(
        scalings,
        fc.constantFrom(RunState.RUNNING, RunState.TERMINATED),
        ({ kind, scaling, replicas }, state) => {
          const objects = deploy({ state, apiServer: { scaling } });
          const terminated = state === RunState.TERMINATED;
          expect(objects.get('Deployment', 'rag').spec.replicas).toBe(terminated ? 0 : replicas);
          // An autoscaler whose target is at zero by hand is disabled, and kept for the restore.
          expect(objects.of('HorizontalPodAutoscaler')).toHaveLength(kind === 'auto' ? 1 : 0);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a terminated deployment', () => {
  it('keeps everything but its pods', () => {
    const running = deploy().all;
    const terminated = deploy({ state: RunState.TERMINATED });
    expect(terminated.all.map(({ kind, metadata }) => [kind, metadata.name])).toEqual(
      running.map(({ kind, metadata }) => [kind, metadata.name]),
    );
    const { replicas, ...rest } = terminated.get('Deployment', 'rag').spec;
    expect(replicas).toBe(0);
    expect(rest).toEqual(new Objects(running).get('Deployment', 'rag').spec);
  });

  it('warns where someone else may start it again', () => {
    const found = warnings({ state: RunState.TERMINATED, apiServer: { scaling: Scaling.unmanaged() } });
    expect(found).toEqual([expect.stringMatching(/^\[UnmanagedTerminated\] /)]);
  });
});

describe('what the Bento itself aims at', () => {
  const bento = Bento.fromImage(IMAGE, {
    services: [
      BentoService.named('Gateway', { dependsOn: ['Embedder'], size: SMALL, targetConcurrency: 8 }),
      BentoService.named('Embedder', { size: l4, targetConcurrency: 2 }),
    ],
  });
  const runners = { Embedder: Runner.pool({ scaling: Scaling.auto({ maxReplicas: 4 }) }) };
  const make = (cluster: ClusterProfileProps, namespace?: string) =>
    synthesize(
      (chart) => {
        ClusterProfile.set(chart, new ClusterProfile(cluster));
        new BentoDeployment(chart, 'Rag', { bento, runners });
      },
      { namespace },
    );
  const { keda, kedaHttpAddOn, ...noKeda } = CLUSTER;

  it('is what its components scale on, where the cluster can measure it', () => {
    const objects = make(CLUSTER, 'ml');
    expect(objects.of('HorizontalPodAutoscaler')).toEqual([]);
    const thresholds = ['rag', 'rag-embedder'].map((name) => {
      const { triggers, minReplicaCount } = objects.get('ScaledObject', name).spec;
      expect(triggers).toHaveLength(1);
      return [triggers[0].name, triggers[0].metadata.threshold, minReplicaCount];
    });
    expect(thresholds).toEqual([
      ['concurrency', '8', 2],
      ['concurrency', '2', 1],
    ]);
  });

  it.each<[string, ClusterProfileProps, string | undefined]>([
    ['KEDA', noKeda, 'ml'],
    ['Prometheus', { ...CLUSTER, prometheus: undefined }, 'ml'],
    ['the address of Prometheus', { ...CLUSTER, prometheus: {} }, 'ml'],
    ['a namespace', CLUSTER, undefined],
  ])('is nothing without %s: CPU without a GPU, and with one it fails', (_, cluster, namespace) => {
    expect(() => make(cluster, namespace)).toThrow(
      "[MissingMetrics] 'runners.Embedder.scaling.metrics' must be stated for a GPU component, whose CPU says little about its load; state ScalingMetric.concurrency(), or another of its metrics",
    );
    const objects = synthesize(
      (chart) => {
        ClusterProfile.set(chart, new ClusterProfile(cluster));
        new BentoDeployment(chart, 'Rag', {
          bento,
          runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(2) }) },
        });
      },
      { namespace },
    );
    expect(objects.get('HorizontalPodAutoscaler', 'rag').spec.metrics[0].containerResource.name).toBe('cpu');
  });
});

describe('the fallback', () => {
  const metric = ScalingMetric.concurrency(1);
  const fallback = (options: Partial<Parameters<typeof Scaling.auto>[0]>) =>
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
      const scaling = Scaling.auto({ maxReplicas: 5, metrics: [metric], ...options });
      new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { scaling } });
    }).get('ScaledObject', 'rag').spec.fallback.replicas;

  it.each([
    [{}, 2],
    [{ minReplicas: 3 }, 3],
    [{ minReplicas: 3, fallbackReplicas: 1 }, 1],
    [{ fallbackReplicas: 5 }, 5],
  ])('of %j is to %d replicas', (options, replicas) => {
    expect(fallback(options)).toBe(replicas);
  });

  it.each([
    ['metrics of Kubernetes', [ScalingMetric.cpu(70)]],
    ['hours', [ScalingMetric.schedule(2, Schedule.businessHours({ timeZone: 'UTC' }))]],
    ['nothing', undefined],
  ])('fails with %s, which cannot fail or hold by themselves', (_, metrics) => {
    expect(() => fallback({ metrics, fallbackReplicas: 2 })).toThrow(
      "[InvalidMetric] 'apiServer.scaling.fallbackReplicas' must be stated with a metric of KEDA that can fail, got none; leave it out: Kubernetes' own autoscaler keeps what runs while a metric cannot be read",
    );
  });
});

describe('nodes with GPUs', () => {
  const metrics = [ScalingMetric.pods({ metric: 'in_flight', averageValue: 4 })];
  const found = (every: number | undefined, nodeStart?: number, size = l4) =>
    warnings({
      apiServer: {
        size,
        startup: nodeStart === undefined ? undefined : { nodeStart: Duration.seconds(nodeStart) },
        scaling: Scaling.auto({
          minReplicas: 2,
          maxReplicas: 4,
          metrics,
          behavior:
            every === undefined
              ? ScalingBehavior.of({ scaleDown: { stabilizationWindow: Duration.minutes(5) } })
              : ScalingBehavior.of({ scaleUp: { policies: [ScalingPolicy.pods(1, Duration.seconds(every))] } }),
        }),
      },
    });

  it.each<[number | undefined, number | undefined, boolean]>([
    [179, undefined, true],
    [180, undefined, false],
    [60, 60, false],
    [59, 60, true],
    [180, 181, true],
    // Kubernetes' own rule is 15 seconds.
    [undefined, undefined, true],
  ])('are waited for: a replica each %s s over %s s is a warning: %s', (every, nodeStart, warned) => {
    expect(found(every, nodeStart)).toEqual(
      warned
        ? [
            `[ScaleUpFasterThanNodes] 'apiServer.scaling.behavior' adds replicas each ${every ?? 15} s, and a node with a GPU takes ${nodeStart ?? 180} s to arrive: more is asked for than is needed; state longer periods, or what a node takes in startup.nodeStart (at test/Rag/Gateway)`,
          ]
        : [],
    );
  });

  it('are nothing to components without one', () => {
    expect(found(15, 600, SMALL)).toEqual([]);
  });
});

describe('pools of a function', () => {
  const pool = (scaling: Scaling | undefined, engine: EngineName = 'keda-http', bento = pair()) =>
    makeFunction(engine, { bento, runners: { Embedder: Runner.pool({ scaling }) } }).objects;

  it('fails outside of one', () => {
    expect(() =>
      deploy({
        bento: pair(),
        runners: { Embedder: Runner.pool({ scaling: Scaling.withFunction({ maxReplicas: 2 }) }) },
      }),
    ).toThrow(
      "[NoFunction] 'runners.Embedder.scaling' must not be Scaling.withFunction() here: no ScaleToZeroFunction owns this pool; state Scaling.auto() or Scaling.replicas() (at test/Rag)",
    );
    expect(() => deploy({ apiServer: { scaling: Scaling.withFunction({ maxReplicas: 2 }) } })).toThrow('[NoFunction]');
  });

  it.each([
    ['knative', 'Knative', 'what wakes a pool would be reached by everyone, and a pool unpickles what it is sent'],
    ['hpa', 'the HorizontalPodAutoscaler', 'nothing holds a request until the pool is there'],
  ] as const)('fails to sleep with a function by %s', (engine, name, why) => {
    expect(() => pool(Scaling.withFunction({ maxReplicas: 2 }), engine)).toThrow(
      `[NotByEngine] 'runners.Embedder.scaling' must not be stated for a function by ${name}: ${why}; use FunctionEngine.kedaHttp(), or state Scaling.replicas() or auto(), which never sleep (at test/Upscaler)`,
    );
  });

  it('stay a minute longer than the function, and have its bounds', () => {
    const { spec } = pool(Scaling.withFunction({ maxReplicas: 2 })).get('ScaledObject', 'upscaler-embedder');
    expect(spec).toMatchObject({ cooldownPeriod: 360, minReplicaCount: 0, maxReplicaCount: 2 });
  });

  it('sleep unless they are told otherwise, up to as many replicas as the function has', () => {
    const { spec } = pool(undefined).get('ScaledObject', 'upscaler-embedder');
    expect(spec).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 4 });
    for (const engine of ['knative', 'hpa'] as const) {
      expect(pool(undefined, engine).get('HorizontalPodAutoscaler', 'upscaler-embedder').spec.minReplicas).toBe(2);
    }
  });

  it('never have fewer replicas than the function, as far as they may', () => {
    const scaling = Scaling.withFunction({ maxReplicas: 2 });
    const runners = { Embedder: Runner.pool({ scaling }) };
    const { objects } = makeFunction('keda-http', { bento: pair(), runners, minReplicas: 3 });
    expect(objects.get('ScaledObject', 'upscaler-embedder').spec).toMatchObject({
      minReplicaCount: 2,
      maxReplicaCount: 2,
    });
  });

  it('fail where one has tasks, whose results lie in one pod', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('Gateway', { dependsOn: ['Embedder'], size: SMALL }),
        BentoService.named('Embedder', { size: SMALL, hasTasks: true }),
      ],
    });
    expect(() => pool(Scaling.withFunction({ maxReplicas: 2 }), 'keda-http', bento)).toThrow(
      "[TaskReplicas] 'runners.Embedder.scaling' must be Scaling.replicas(1)",
    );
    expect(pool(undefined, 'keda-http', bento).get('Deployment', 'upscaler-embedder').spec.replicas).toBe(1);
  });

  it('wake by what wakes the function, but for the load of its own pods', () => {
    const hours = ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' }));
    const { objects } = makeFunction('keda-http', { bento: pair(), metrics: [hours, ScalingMetric.cpu(70)] });
    const types = (name: string) =>
      objects.get('ScaledObject', name).spec.triggers.map(({ type }: { type: string }) => type);
    expect(types('upscaler')).toEqual(['external-push', 'cron', 'cpu']);
    expect(types('upscaler-embedder')).toEqual(['external-push', 'cron']);
  });
});

describe('the behavior of a function', () => {
  const size = l4;
  const rules = (engine: EngineName, props: object = {}) => {
    const { objects, warnings: all } = makeFunction(engine, props);
    const behavior =
      engine === 'hpa'
        ? objects.get('HorizontalPodAutoscaler', 'upscaler').spec.behavior
        : objects.get('ScaledObject', 'upscaler').spec.advanced.horizontalPodAutoscalerConfig.behavior;
    return { behavior, warned: all.filter((text) => text.startsWith('[ScaleUpFasterThanNodes]')) };
  };

  it('of the HorizontalPodAutoscaler is idle for as long as is stated, whatever else is', () => {
    const idleTimeout = Duration.minutes(10);
    const behavior = ScalingBehavior.of({ scaleUp: { stabilizationWindow: Duration.seconds(30) } });
    expect(rules('hpa').behavior.scaleDown.stabilizationWindowSeconds).toBe(300);
    expect(rules('hpa', { idleTimeout }).behavior.scaleDown.stabilizationWindowSeconds).toBe(600);
    expect(rules('hpa', { idleTimeout, behavior }).behavior).toMatchObject({
      scaleDown: { stabilizationWindowSeconds: 600 },
      scaleUp: { stabilizationWindowSeconds: 30 },
    });
  });

  it.each(['keda-http', 'hpa'] as const)(
    'by %s grows no faster than nodes come, without a word of the user',
    (engine) => {
      const { behavior, warned } = rules(engine, { apiServer: { size } });
      for (const { periodSeconds } of behavior.scaleUp.policies) expect(periodSeconds).toBe(180);
      expect(warned).toEqual([]);
    },
  );

  it.each(['keda-http', 'hpa'] as const)('by %s is called by its name', (engine) => {
    const behavior = ScalingBehavior.of({ scaleUp: { policies: [ScalingPolicy.pods(1, Duration.seconds(60))] } });
    expect(rules(engine, { apiServer: { size }, behavior }).warned).toEqual([
      expect.stringMatching(/^\[ScaleUpFasterThanNodes\] 'behavior' adds replicas each 60 s/),
    ]);
    const tolerant = ScalingBehavior.of({ scaleUp: { tolerance: 0.2 } });
    expect(() =>
      makeFunction(engine, { behavior: tolerant, minReplicas: 1 }, { cluster: { kubernetesVersion: '1.34' } }),
    ).toThrow("[NeedsKubernetes] 'behavior.scaleUp.tolerance' must not be used below Kubernetes 1.35");
  });
});
