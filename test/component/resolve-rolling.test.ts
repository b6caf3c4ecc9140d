import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  FunctionEngine,
  ModelSource,
  ModelVolume,
  ReplicaShare,
  type RollingOptions,
  RollingPreset,
  Runner,
  ScaleToZeroFunction,
  Scaling,
  Warnings,
} from '../../lib';
import type { ScalingModel } from '../../lib/component/component-model';
import { resolveRolling } from '../../lib/component/resolve-rolling';
import type { Warning } from '../../lib/component/warning';
import { rollingIntent } from '../../lib/release/rolling';
import { IMAGE, pair, SMALL, single } from '../bentos';
import { fenceposts } from '../release/fenceposts';
import { synthesize } from '../tree';

const auto = (minReplicas: number, maxReplicas = 50): ScalingModel => ({
  kind: 'auto',
  minReplicas,
  maxReplicas,
  metrics: [],
  fallbackReplicas: minReplicas,
});
const fixed = (replicas: number): ScalingModel => ({ kind: 'fixed', replicas });

/** How a component is rolled out, as its Deployment says. */
function spec(rolling: RollingOptions | undefined, scaling = Scaling.replicas(4), more = {}) {
  const objects = synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { rolling, scaling, ...more } });
  });
  return objects.get('Deployment', 'rag').spec;
}

const resolve = (
  rolling: RollingOptions | undefined,
  { ofDeployment, ...context }: { ofDeployment?: RollingOptions; scaling?: ScalingModel; exclusive?: boolean } = {},
) => {
  const warnings: Warning[] = [];
  const resolved = resolveRolling(
    rolling,
    ofDeployment && { property: 'release', intent: rollingIntent('release', ofDeployment) },
    {
      property: 'rolling',
      bentoService: 'Rag',
      scaling: fixed(4),
      exclusive: false,
      startupSeconds: 600,
      readySeconds: 1500,
      warnings,
      ...context,
    },
  );
  return { ...resolved, warnings };
};

describe('a roll-out', () => {
  it.each([undefined, {}])('adds one and misses none by default: %j', (rolling) => {
    const { strategy, minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit } = spec(rolling);
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
    expect([minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit]).toEqual([undefined, 1500, 5]);
  });

  it.each<[RollingPreset, unknown]>([
    [RollingPreset.ROLLING_UPDATE, { maxSurge: '25%', maxUnavailable: '25%' }],
    [RollingPreset.RAMPED_SLOW_ROLLOUT, { maxSurge: 1, maxUnavailable: 0 }],
    [RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT, { maxSurge: 0, maxUnavailable: '20%' }],
  ])('is BentoCloud’s %s', (preset, rollingUpdate) => {
    expect(spec({ preset }).strategy).toEqual({ type: 'RollingUpdate', rollingUpdate });
  });

  it.each([1, 2, 10])('is Recreate with %s replicas', (count) => {
    expect(spec({ preset: RollingPreset.RECREATE }, Scaling.replicas(count)).strategy).toEqual({ type: 'Recreate' });
  });

  it.each([
    [1, 1, 0],
    [2, 1, 0],
    [3, 0, 1],
    [4, 0, 1],
    [5, 0, 1],
    [6, 0, 2],
    [9, 0, 3],
    [29, 0, 9],
    [30, 0, 10],
  ])('is in thirds of %s replicas', (count, maxSurge, maxUnavailable) => {
    const { strategy } = spec({ preset: RollingPreset.THIRDS }, Scaling.replicas(count));
    expect(strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } });
  });

  it.each([
    [1, 1],
    [2, 1],
    [3, 0],
    [10, 0],
  ])('is in thirds of what an autoscaler makes of at least %s', (minReplicas, maxSurge) => {
    const scaling = Scaling.auto({ minReplicas, maxReplicas: 30 });
    expect(spec({ preset: RollingPreset.THIRDS }, scaling).strategy.rollingUpdate).toEqual({
      maxSurge,
      maxUnavailable: '34%',
    });
  });

  it('is in thirds, with one more, where somebody else scales', () => {
    const { rolling, warnings } = resolve({ preset: RollingPreset.THIRDS }, { scaling: { kind: 'unmanaged' } });
    expect(rolling.strategy).toMatchObject({ maxSurge: { replicas: 1 }, maxUnavailable: { percent: 34 } });
    expect(warnings).toEqual([]);
  });

  it('has shares as stated', () => {
    const rolling = { maxSurge: ReplicaShare.percent(50), maxUnavailable: ReplicaShare.replicas(1) };
    expect(spec(rolling).strategy.rollingUpdate).toEqual({ maxSurge: '50%', maxUnavailable: 1 });
  });

  it('waits for pods that were ready for a while, and so does its deadline', () => {
    expect(spec({ minReady: Duration.minutes(2), revisionHistory: 0 })).toMatchObject({
      minReadySeconds: 120,
      progressDeadlineSeconds: 1620,
      revisionHistoryLimit: 0,
    });
  });

  it('has time for a download', () => {
    const models = [
      ModelVolume.download('w', {
        source: ModelSource.s3('s3://weights/a'),
        mountPath: '/models/w',
        size: Size.gibibytes(1),
        storageClassName: 'efs',
      }),
    ];
    expect(spec({ minReady: Duration.seconds(1) }, undefined, { models }).progressDeadlineSeconds).toBe(3301);
  });

  it.each([
    [601, 0],
    [601, 600],
    [1000, 999],
  ])('has a deadline of %s s beside %s s to be ready', (deadline, ready) => {
    const rolling = { progressDeadline: Duration.seconds(deadline), minReady: Duration.seconds(ready) };
    expect(spec(rolling).progressDeadlineSeconds).toBe(deadline);
  });

  it.each([
    [600, 0, 'what a replica may take to start'],
    [599, 0, 'what a replica may take to start'],
    [1000, 1000, '`minReady`'],
    [700, 1000, '`minReady`'],
  ])('fails on a deadline of %s s beside %s s to be ready', (deadline, ready, what) => {
    const rolling = { progressDeadline: Duration.seconds(deadline), minReady: Duration.seconds(ready) };
    expect(() => spec(rolling)).toThrow(
      `[OutOfRange] 'apiServer.rolling.progressDeadline' must be above ${Math.max(600, ready)} s, ${what}, got ${deadline}; a good roll-out would be reported as failed: raise it, or leave it out (at test/Rag)`,
    );
  });
});

describe('a roll-out that would leave nobody serving', () => {
  const outage = (property: string, fewest: number, remedy: string) =>
    `[RolloutOutage] '${property}' must leave a replica of Gateway serving while others are replaced, got none of ${fewest}; nobody would serve until a new one has loaded its model: ${remedy}, leave it out for one more at a time, or state RollingPreset.RECREATE, which says so (at test/Rag)`;

  it.each([Scaling.replicas(1), Scaling.auto({ minReplicas: 1, maxReplicas: 5 })])(
    'fails with one replica',
    (scaling) => {
      expect(() => spec({ preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT }, scaling)).toThrow(
        outage('apiServer.rolling.preset', 1, 'run at least 2 replicas'),
      );
    },
  );

  it.each([Scaling.replicas(2), Scaling.auto({ minReplicas: 2, maxReplicas: 5 })])('is none with two', (scaling) => {
    expect(spec({ preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT }, scaling).strategy.type).toBe('RollingUpdate');
  });

  it.each([1, 2, 3])('fails where three of %s may be missing, even with more beside them', (count) => {
    const rolling = { maxSurge: ReplicaShare.replicas(3), maxUnavailable: ReplicaShare.replicas(3) };
    expect(() => spec(rolling, Scaling.replicas(count))).toThrow(
      outage('apiServer.rolling.maxUnavailable', count, 'run at least 4 replicas'),
    );
  });

  it('fails where all may be missing', () => {
    expect(() => spec({ maxUnavailable: ReplicaShare.percent(100) })).toThrow(
      outage('apiServer.rolling.maxUnavailable', 4, 'let fewer be missing'),
    );
  });

  it('is a doubt where somebody else scales', () => {
    const { warnings } = resolve(
      { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT },
      { scaling: { kind: 'unmanaged' } },
    );
    expect(warnings).toEqual([
      {
        id: 'UnmanagedRollout',
        text: "'rolling.preset' may leave Rag without a replica for the whole start of a new one where its scaler has just one: its minimum must be above what may be missing",
      },
    ]);
  });

  it('names the pool', () => {
    const runners = {
      Embedder: Runner.pool({
        scaling: Scaling.replicas(1),
        rolling: { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT },
      }),
    };
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: pair(), runners });
      }),
    ).toThrow("[RolloutOutage] 'runners.Embedder.rolling.preset' must leave a replica of Embedder serving");
  });
});

describe('a service with tasks', () => {
  const tasks = Bento.fromImage(IMAGE, {
    services: [BentoService.named('Gateway', { size: SMALL, hasTasks: true })],
  });
  const strategy = (rolling?: RollingOptions) =>
    synthesize((chart) => {
      const { node } = new BentoDeployment(chart, 'Rag', { bento: tasks, apiServer: { rolling } });
      Warnings.acknowledge(node.scope!, 'SingleReplica');
    }).get('Deployment', 'rag').spec;

  it.each([undefined, { preset: RollingPreset.RECREATE }, { revisionHistory: 5 }])('starts anew: %j', (rolling) => {
    expect(strategy(rolling)).toMatchObject({ strategy: { type: 'Recreate' }, revisionHistoryLimit: 5 });
  });

  it.each([{ preset: RollingPreset.THIRDS }, { maxSurge: ReplicaShare.replicas(1) }])(
    'fails to roll: %j',
    (rolling) => {
      expect(() => strategy(rolling)).toThrow(
        `[TaskRolling] 'apiServer.rolling' must not roll "Gateway", which has tasks; their results lie in one pod, and two must not serve side by side: leave it out, or state RollingPreset.RECREATE (at test/Rag)`,
      );
    },
  );

  it('starts anew whatever holds for the others of its deployment', () => {
    const { rolling } = resolve(undefined, { exclusive: true, ofDeployment: { preset: RollingPreset.THIRDS } });
    expect(rolling.strategy).toEqual({ kind: 'recreate' });
  });
});

describe('what holds for a whole deployment', () => {
  const ofDeployment = {
    preset: RollingPreset.ROLLING_UPDATE,
    minReady: Duration.seconds(30),
    progressDeadline: Duration.seconds(700),
    revisionHistory: 3,
  };

  it('holds for a component that states nothing', () => {
    const { rolling, progressDeadlineSeconds } = resolve(undefined, { ofDeployment });
    expect(rolling).toMatchObject({ minReadySeconds: 30, revisionHistory: 3 });
    expect(rolling.strategy).toMatchObject({ maxSurge: { percent: 25 } });
    expect(progressDeadlineSeconds).toBe(700);
  });

  it('gives way to what a component states, point by point', () => {
    const { rolling, progressDeadlineSeconds } = resolve(
      { maxUnavailable: ReplicaShare.replicas(1), progressDeadline: Duration.seconds(800) },
      { ofDeployment },
    );
    expect(rolling).toMatchObject({ minReadySeconds: 30, revisionHistory: 3 });
    expect(rolling.strategy).toMatchObject({ maxSurge: { replicas: 1 }, maxUnavailable: { replicas: 1 } });
    expect(progressDeadlineSeconds).toBe(800);
  });

  it('fails by its own name', () => {
    const best = { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT };
    expect(() => resolve(undefined, { ofDeployment: best, scaling: fixed(1) })).toThrow(
      "[RolloutOutage] 'release.preset' must leave a replica of Rag serving",
    );
    expect(() => resolve(undefined, { ofDeployment: { progressDeadline: Duration.seconds(9) } })).toThrow(
      "[OutOfRange] 'release.progressDeadline' must be above 600 s",
    );
  });
});

describe('a function', () => {
  const on = (engine: FunctionEngine, rolling: RollingOptions, minReplicas?: number) =>
    synthesize((chart) => {
      ClusterProfile.set(
        chart,
        new ClusterProfile({ kubernetesVersion: '1.36', keda: {}, kedaHttpAddOn: {}, knative: {} }),
      );
      new ScaleToZeroFunction(chart, 'Rag', {
        bento: single(),
        apiServer: { rolling },
        engine,
        minReplicas,
        maxReplicas: 6,
        targetConcurrency: 1,
      });
    });

  it('fails by Knative, which rolls by itself', () => {
    expect(() => on(FunctionEngine.knative(), { preset: RollingPreset.THIRDS })).toThrow(
      "[NotByEngine] 'apiServer.rolling' must not be stated for a function by Knative: it starts a revision of its own beside the old one, and moves requests when it is ready; leave it out, or use FunctionEngine.kedaHttp() (at test/Rag)",
    );
  });

  it.each([0, 1, 2])('rolls one more at a time beside thirds with at least %s replicas', (minReplicas) => {
    const { strategy } = on(FunctionEngine.kedaHttp(), { preset: RollingPreset.THIRDS }, minReplicas).get(
      'Deployment',
      'rag',
    ).spec;
    expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: '34%' });
  });

  it('fails where its one replica would be replaced in place', () => {
    const best = { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT };
    expect(() => on(FunctionEngine.kedaHttp(), best)).toThrow('[RolloutOutage]');
    expect(() => on(FunctionEngine.kedaHttp(), best, 2)).not.toThrow();
  });
});

describe('any preset, with any number of replicas', () => {
  const presets = Object.values(RollingPreset).filter((preset) => preset !== RollingPreset.RECREATE);

  it('leaves a replica serving, or is refused', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...presets),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 60 }),
        fc.boolean(),
        (preset, fewest, more, scaled) => {
          const scaling = scaled ? auto(fewest, fewest + more) : fixed(fewest);
          let strategy: Parameters<typeof fenceposts>[0];
          try {
            const resolved = resolve({ preset }, { scaling }).rolling.strategy;
            if (resolved.kind === 'recreate') throw new Error('not asked for');
            const value = (share: typeof resolved.maxSurge) =>
              share.kind === 'replicas' ? share.replicas : `${share.percent}%`;
            strategy = {
              rollingUpdate: { maxSurge: value(resolved.maxSurge), maxUnavailable: value(resolved.maxUnavailable) },
            };
          } catch (error) {
            expect((error as Error).message).toContain('[RolloutOutage]');
            expect([preset, fewest]).toEqual([RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT, 1]);
            return;
          }
          const count = fewest + (scaled ? more : 0);
          expect(fenceposts(strategy, count).unavailable).toBeLessThan(count);
          if (preset === RollingPreset.THIRDS && count >= 3 && count < 50) {
            expect(fenceposts(strategy, count).unavailable).toBe(Math.floor(count / 3));
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
