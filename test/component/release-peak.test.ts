import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  FunctionEngine,
  Gpu,
  InstanceSize,
  ReplicaShare,
  type RollingOptions,
  RollingPreset,
  Runner,
  RunState,
  ScaleToZeroFunction,
  Scaling,
  ScalingMetric,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import { type PeakPart, ReleasePeak } from '../../lib/component/release-peak';
import { deploymentSpec } from '../../lib/engines/deployment';
import { pair, single } from '../bentos';
import { fenceposts, type Strategy } from '../release/fenceposts';
import { synthesize } from '../tree';

const L4 = InstanceSize.of({ cpuCores: 4, gpu: Gpu.NVIDIA_L4, gpuCount: 2 });
const A100 = InstanceSize.of({ cpuCores: 4, gpu: Gpu.NVIDIA_A100 });

/** The components of a deployment, by the names of their workloads. */
function modelsOf(props: Partial<BentoDeploymentProps>): { [name: string]: ComponentModel } {
  let models: ComponentModel[] = [];
  synthesize((chart) => {
    const deployment = new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
    const pools = props.bento === undefined ? [] : [deployment.runnerPool('Embedder')._component];
    models = [deployment.apiServer._component, ...pools];
  });
  return Object.fromEntries(models.map((model) => [model.identity.workloadName, model]));
}

const one = (scaling: Scaling, rolling?: RollingOptions, more: Partial<BentoDeploymentProps> = {}): ComponentModel =>
  modelsOf({ apiServer: { scaling, rolling, size: L4 }, ...more }).rag!;
const peakOf = (...parts: PeakPart[]) => ReleasePeak._of(parts);
const auto = (maxReplicas: number) => Scaling.auto({ minReplicas: 2, maxReplicas, metrics: [ScalingMetric.cpu(70)] });

describe('what a release needs at the most', () => {
  it.each<[string, Scaling, RollingOptions | undefined, number, string]>([
    [
      'one more of those that are fixed',
      Scaling.replicas(3),
      undefined,
      4,
      '3 replicas, and 1 more while they are replaced',
    ],
    ['one more of the most', auto(8), undefined, 9, '8 replicas, and 1 more while they are replaced'],
    [
      'a quarter more, rounded up',
      auto(5),
      { preset: RollingPreset.ROLLING_UPDATE },
      7,
      '5 replicas, and 2 more while they are replaced',
    ],
    ['none more in place', auto(8), { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT }, 8, '8 replicas'],
    ['none more anew', Scaling.replicas(1), { preset: RollingPreset.RECREATE }, 1, '1 replica'],
    ['none more in thirds', Scaling.replicas(3), { preset: RollingPreset.THIRDS }, 3, '3 replicas'],
    [
      'one more in thirds of two',
      Scaling.replicas(2),
      { preset: RollingPreset.THIRDS },
      3,
      '2 replicas, and 1 more while they are replaced',
    ],
  ])('is %s', (_, scaling, rolling, pods, reason) => {
    const peak = peakOf({ model: one(scaling, rolling) });
    expect(peak).toMatchObject({ pods, gpus: { l4: 2 * pods }, unknown: [] });
    expect(peak.components).toMatchObject([
      { name: 'rag', pods, gpus: 2 * pods, gpuName: 'l4', gpusPerPod: 2, reason },
    ]);
    expect(String(peak)).toBe(`rag: ${pods} pod${pods === 1 ? '' : 's'}, ${2 * pods} l4 (${reason})`);
  });

  it.each([
    [0, 8, '8 replicas'],
    [1, 9, '8 replicas, and 1 more of another version beside them'],
    [3, 11, '8 replicas, and 3 more of another version beside them'],
    ['all' as const, 16, '8 replicas, and 8 more of another version beside them'],
  ])('has %s of another version beside its own', (beside, pods, reason) => {
    const { components } = peakOf({ model: one(auto(8)), beside });
    expect(components).toMatchObject([{ replicas: 8, pods, gpus: 2 * pods, reason }]);
  });

  it('is the sum of all components, by kinds of GPUs', () => {
    const { rag, 'rag-embedder': embedder } = modelsOf({
      bento: pair(),
      apiServer: { scaling: Scaling.replicas(2) },
      runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(4), size: A100 }) },
    });
    const peak = peakOf({ model: rag! }, { model: embedder! }, { model: one(Scaling.replicas(1)), beside: 'all' });
    expect(peak).toMatchObject({ pods: 3 + 5 + 2, gpus: { a100: 5, l4: 4 } });
    expect(Object.keys(peak.gpus)).toEqual(['a100', 'l4']);
    expect(peak.components[0]).toMatchObject({ name: 'rag', pods: 3, gpus: undefined, gpuName: undefined });
  });

  it('is nothing of what is terminated', () => {
    const model = one(Scaling.replicas(5), undefined, { state: RunState.TERMINATED });
    expect(peakOf({ model, beside: 'all' })).toMatchObject({ pods: 0, gpus: { l4: 0 } });
  });

  it('is not known where somebody else scales', () => {
    const peak = peakOf({ model: one(Scaling.unmanaged()) }, { model: one(Scaling.replicas(1)) });
    expect(peak.pods).toBeUndefined();
    expect(peak).toMatchObject({ gpus: { l4: 4 }, unknown: ['rag'] });
    expect(peak.components[0]).toMatchObject({ replicas: undefined, pods: undefined, gpus: undefined });
    expect(String(peak.components[0])).toBe('rag: unknown (a scaler of someone else decides)');
  });

  it.each([
    [FunctionEngine.kedaHttp(), 7],
    [FunctionEngine.knative(), 12],
  ])('has a revision of Knative beside the old one', (engine, pods) => {
    let model!: ComponentModel;
    synthesize((chart) => {
      const profile = { kubernetesVersion: '1.36', keda: {}, kedaHttpAddOn: {}, knative: {} };
      ClusterProfile.set(chart, new ClusterProfile(profile));
      const options = { bento: single(), engine, maxReplicas: 6, targetConcurrency: 1 };
      model = new ScaleToZeroFunction(chart, 'Rag', options).apiServer._component;
    });
    expect(peakOf({ model }).pods).toBe(pods);
  });

  it('is what Kubernetes makes of the Deployment, whatever its strategy and however many replicas', () => {
    const share = fc.oneof(
      fc.integer({ min: 0, max: 20 }).map((count) => ReplicaShare.replicas(count)),
      fc.integer({ min: 0, max: 100 }).map((part) => ReplicaShare.percent(part)),
    );
    const rolling: fc.Arbitrary<RollingOptions> = fc.oneof(
      fc.constantFrom(...Object.values(RollingPreset)).map((preset) => ({ preset })),
      fc.record({ maxSurge: share, maxUnavailable: share }),
    );
    fc.assert(
      fc.property(rolling, fc.integer({ min: 1, max: 60 }), fc.boolean(), (options, most, scaled) => {
        let model: ComponentModel;
        try {
          model = one(
            scaled
              ? Scaling.auto({ minReplicas: 1, maxReplicas: most, metrics: [ScalingMetric.cpu(70)] })
              : Scaling.replicas(most),
            options,
          );
        } catch (error) {
          expect((error as Error).message).toMatch(/\[(RolloutOutage|OutOfRange)\]/);
          return;
        }
        const { surge } = fenceposts(deploymentSpec(model).strategy as Strategy, most);
        expect(peakOf({ model })).toMatchObject({ pods: most + surge, gpus: { l4: 2 * (most + surge) } });
      }),
      { numRuns: 150 },
    );
  });
});
