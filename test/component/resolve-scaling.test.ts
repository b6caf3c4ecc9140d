import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  Gpu,
  InstanceSize,
  RunState,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Warnings,
} from '../../lib';
import { IMAGE, SMALL, single } from '../bentos';
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
