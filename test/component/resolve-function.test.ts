import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoService } from '../../lib/bento/bento-service';
import { ClusterProfile, type ClusterProfileProps } from '../../lib/cluster/cluster-profile';
import type { FunctionScalingOptions } from '../../lib/component/function-options';
import { resolveFunctionOptions } from '../../lib/component/resolve-function';
import { FunctionEngine } from '../../lib/scaling/function-engine';
import { Overflow } from '../../lib/scaling/overflow';
import { ScalingBehavior } from '../../lib/scaling/scaling-behavior';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';
import { Schedule } from '../../lib/scaling/schedule';
import { CLUSTER, ENGINE_LIST, ENGINES, type EngineName } from '../functions';

interface Surroundings {
  readonly cluster?: ClusterProfileProps;
  readonly namespace?: string;
  readonly concurrency?: number;
}

function resolve(options: Partial<FunctionScalingOptions>, surroundings: Surroundings = {}) {
  const namespace = 'namespace' in surroundings ? surroundings.namespace : 'ml';
  return resolveFunctionOptions(
    { maxReplicas: 4, ...options },
    {
      name: 'upscaler',
      namespace,
      entry: BentoService.named('Upscaler', { targetConcurrency: surroundings.concurrency })._model,
      cluster: new ClusterProfile(surroundings.cluster ?? CLUSTER)._model,
    },
  );
}
const by = (engine: EngineName, options: Partial<FunctionScalingOptions> = {}, surroundings?: Surroundings) =>
  resolve({ ...ENGINES[engine], ...options }, surroundings);
const external = ScalingMetric.external({ metric: 'queued', averageValue: 1 });
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

describe('defaults', () => {
  it('of a function by the HTTP add-on', () => {
    expect(plain(by('keda-http'))).toEqual({
      name: 'upscaler',
      engine: 'keda-http',
      minReplicas: 0,
      maxReplicas: 4,
      target: { concurrency: 4 },
      idleSeconds: 300,
      metrics: [],
      hold: { overflow: { kind: 'reject' } },
    });
  });
});

describe('the engine', () => {
  const { kedaHttpAddOn, knative, ...others } = CLUSTER;

  it.each<[string, ClusterProfileProps, string]>([
    ['the HTTP add-on where there is one', CLUSTER, 'keda-http'],
    ['Knative where there is no add-on', { ...others, knative }, 'knative'],
    ['the HTTP add-on without Knative', { ...others, kedaHttpAddOn }, 'keda-http'],
  ])('is %s', (_, cluster, engine) => {
    expect(resolve({ targetConcurrency: 1 }, { cluster }).engine).toBe(engine);
  });

  it('fails where the cluster has none', () => {
    expect(() => resolve({ targetConcurrency: 1 }, { cluster: others })).toThrow(
      "[NoFunctionEngine] 'engine' must be one that the cluster has, got a ClusterProfile without 'kedaHttpAddOn' and 'knative'; add one of them, or use a BentoDeployment, which never sleeps; FunctionEngine.hpa() needs neither, but queues nothing",
    );
  });

  it.each([
    [FunctionEngine.kedaHttp(), 'kedaHttpAddOn'],
    [FunctionEngine.knative(), 'knative'],
  ])('fails where the cluster lacks the stated one: %#', (engine, entry) => {
    expect(() => resolve({ targetConcurrency: 1, engine }, { cluster: {} })).toThrow(
      `[ClusterLacks] 'engine' must have '${entry}' in the ClusterProfile, got none; state it, or leave \`engine\` out for what the cluster has`,
    );
  });

  // HPAScaleToZero is on from 1.37.
  it.each(['1.36', '1.37'])('may be the HorizontalPodAutoscaler of Kubernetes %s', (kubernetesVersion) => {
    const zero = () => by('hpa', {}, { cluster: { kubernetesVersion } });
    if (kubernetesVersion === '1.37') expect(zero().minReplicas).toBe(0);
    else {
      expect(zero).toThrow(
        "[NeedsKubernetes] 'minReplicas' must not be used below Kubernetes 1.37; the cluster profile states 1.36; state 1, or use the KEDA HTTP add-on or Knative",
      );
    }
    expect(by('hpa', { minReplicas: 1 }, { cluster: { kubernetesVersion } }).minReplicas).toBe(1);
  });

  it.each([
    ['keda-http', 'the interceptor'],
    ['knative', "Knative's ingress"],
  ] as const)('fails without a namespace: %s', (engine, door) => {
    expect(() => by(engine, {}, { namespace: undefined })).toThrow(
      `[NamespaceNeeded] 'engine' must know its namespace: ${door} tells functions apart by names that hold it; state \`namespace\` on the chart`,
    );
  });

  it('does without a namespace where no host tells functions apart', () => {
    expect(() => by('hpa', {}, { namespace: undefined })).not.toThrow();
  });
});

describe('replicas', () => {
  it.each([
    [0, 1],
    [1, 1],
    [0, 2 ** 31 - 1],
  ])('are from %d to %d', (minReplicas, maxReplicas) => {
    expect(by('keda-http', { minReplicas, maxReplicas })).toMatchObject({ minReplicas, maxReplicas });
  });

  it.each([0, -1, 1.5, NaN, Infinity, 2 ** 31])('fails on at most %d', (maxReplicas) => {
    expect(() => by('keda-http', { maxReplicas })).toThrow("[OutOfRange] 'maxReplicas' must be a whole number");
  });

  it.each([-1, 0.5, NaN, Infinity])('fails on at least %d', (minReplicas) => {
    expect(() => by('keda-http', { minReplicas })).toThrow("[OutOfRange] 'minReplicas' must be a whole number");
  });

  it('fails where the least is above the most', () => {
    expect(() => by('keda-http', { minReplicas: 5 })).toThrow(
      "[MinOverMax] 'minReplicas' must be at most 'maxReplicas' (4), got 5",
    );
  });
});

describe('the target', () => {
  const none = { targetConcurrency: undefined };

  it.each<[EngineName, Partial<FunctionScalingOptions>, number | undefined, object]>([
    ['keda-http', { targetConcurrency: 1 }, undefined, { concurrency: 1 }],
    ['keda-http', none, 8, { concurrency: 8 }],
    ['keda-http', { targetConcurrency: 2 }, 8, { concurrency: 2 }],
    ['keda-http', { ...none, targetRequestRate: 5 }, 8, { requestRate: 5 }],
    ['keda-http', { targetConcurrency: 2, targetRequestRate: 5 }, 8, { concurrency: 2, requestRate: 5 }],
    ['knative', none, 8, { concurrency: 8 }],
    ['knative', { ...none, targetRequestRate: 5 }, undefined, { requestRate: 5 }],
    ['hpa', {}, 8, {}],
  ])('of %s with %j over %s is %j', (engine, options, concurrency, expected) => {
    expect(by(engine, options, { concurrency }).target).toEqual(expected);
  });

  it.each(['keda-http', 'knative'] as const)('fails where nobody states one: %s', (engine) => {
    expect(() => by(engine, none)).toThrow(
      "[MissingOption] 'targetConcurrency' must be given for Upscaler, whose code states no traffic.concurrency; state how many requests a replica should have at the same time, or `targetRequestRate`",
    );
  });

  it.each([0, -1, 0.5, NaN, Infinity])('fails on %d', (target) => {
    expect(() => by('keda-http', { targetConcurrency: target })).toThrow("[OutOfRange] 'targetConcurrency'");
    expect(() => by('keda-http', { targetRequestRate: target })).toThrow("[OutOfRange] 'targetRequestRate'");
  });
});

describe('the idle timeout', () => {
  it.each([
    ['keda-http', 10, true],
    ['keda-http', 86_400, true],
    ['keda-http', 86_401, false],
    ['knative', 3600, true],
    ['knative', 3601, false],
    ['hpa', 3600, true],
    ['hpa', 3601, false],
    ['hpa', 9, false],
    ['knative', 9, false],
    ['keda-http', 9, false],
  ] as const)('of %s may be %d s: %s', (engine, seconds, fits) => {
    const run = () => by(engine, { idleTimeout: Duration.seconds(seconds) });
    if (fits) expect(run().idleSeconds).toBe(seconds);
    else if (seconds === 3601) {
      const name = engine === 'knative' ? 'Knative' : 'the HorizontalPodAutoscaler';
      expect(run).toThrow(
        `[OutOfRange] 'idleTimeout' must be at most 3600 s for a function by ${name}, got 3601; use the KEDA HTTP add-on`,
      );
    } else {
      expect(run).toThrow(`[OutOfRange] 'idleTimeout' must be a whole number from 10 to 86400, got ${seconds}`);
    }
  });

  it('fails on fractions', () => {
    expect(() => by('keda-http', { idleTimeout: Duration.millis(10_500) })).toThrow("[OutOfRange] 'idleTimeout'");
  });
});

describe('the wait of a cold start', () => {
  it.each([1, 3600])('may be %d s', (seconds) => {
    expect(by('keda-http', { coldStart: { timeout: Duration.seconds(seconds) } }).hold.timeoutSeconds).toBe(seconds);
  });

  it.each([Duration.seconds(0), Duration.seconds(3601), Duration.millis(1500)])('fails on %s', (timeout) => {
    expect(() => by('keda-http', { coldStart: { timeout } })).toThrow(
      "[OutOfRange] 'coldStart.timeout' must be a whole number from 1 to 3600, got ",
    );
  });

  // coldStart.maxPendingRequests came with 0.16.
  it.each(['0.15', '0.15.3', '0.16', '0.16.1', '1.0'])('is bounded from version 0.16 on: %s', (version) => {
    const run = () =>
      by('keda-http', { coldStart: { maxPending: 200 } }, { cluster: { keda: {}, kedaHttpAddOn: { version } } });
    if (!version.startsWith('0.15')) expect(run().hold.maxPending).toBe(200);
    else {
      expect(run).toThrow(
        `[NeedsVersion] 'coldStart.maxPending' must not be used below the KEDA HTTP add-on 0.16; the cluster profile states ${version}; leave it out, or use FunctionEngine.knative(), which holds at most 10,000 requests`,
      );
    }
  });

  it.each([0, -1, 0.5, NaN, Infinity])('fails on a bound of %d', (maxPending) => {
    expect(() => by('keda-http', { coldStart: { maxPending } })).toThrow("[OutOfRange] 'coldStart.maxPending'");
  });

  it('keeps what is said beyond it', () => {
    const overflow = Overflow.fallback({ service: 'small' });
    expect(by('keda-http', { coldStart: { overflow } }).hold.overflow).toEqual(overflow._model);
  });
});

describe('metrics', () => {
  const schedule = ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' }));

  // What comes from the pods is gone with them.
  it.each([
    [ScalingMetric.concurrency(1), 'concurrency'],
    [ScalingMetric.gpuUtilization(80), 'gpuUtilization'],
    [ScalingMetric.pods({ metric: 'm', averageValue: 1 }), 'pods metric m'],
    [ScalingMetric.apiServerReplicas(1), 'apiServerReplicas'],
    [ScalingMetric.ofApiServer(ScalingMetric.concurrency(1)), 'concurrency of the API server'],
  ])('fail where nothing would be left to wake the function: %#', (metric, name) => {
    for (const engine of ENGINE_LIST) {
      expect(() => by(engine, { metrics: [external, metric] })).toThrow(
        engine === 'hpa'
          ? `[MetricVanishesAtZero] 'metrics' must not hold ${name}: it comes from the pods themselves, so nothing is left to wake them; leave it out: requests wake a function; or state \`prometheus\` about what stays`
          : /^\[(MetricVanishesAtZero|NotByEngine)\]/,
      );
      expect(() => by(engine, { metrics: [metric] })).toThrow('[MetricVanishesAtZero]');
    }
  });

  it('fail where one stands there twice', () => {
    expect(() => by('keda-http', { metrics: [schedule, schedule] })).toThrow(
      "[DuplicateMetric] 'metrics' must state the schedule from 0 8 * * 1-5 to 0 18 * * 1-5 UTC once, got it twice; keep the one that is meant",
    );
    expect(() => by('hpa', { metrics: [external, external] })).toThrow('[DuplicateMetric]');
  });

  it.each([[undefined], [[]], [[ScalingMetric.cpu(70)]]])(
    'fail where the HorizontalPodAutoscaler has nothing that is there without the function: %j',
    (metrics) => {
      expect(() => by('hpa', { metrics })).toThrow(
        "[MissingOption] 'metrics' must be given for a function by the HorizontalPodAutoscaler, which wakes it by them; state ScalingMetric.external() or ofObject(), about something that is there without it",
      );
    },
  );
});

describe('the behavior', () => {
  it('fails beside an idle timeout, where the two are one', () => {
    const behavior = ScalingBehavior.of({ scaleDown: { stabilizationWindow: Duration.minutes(1) } });
    const idleTimeout = Duration.minutes(10);
    expect(() => by('hpa', { behavior, idleTimeout })).toThrow(
      "[ConflictingOptions] 'idleTimeout' must not be given together with 'behavior.scaleDown'; for the HorizontalPodAutoscaler they are one",
    );
    expect(() => by('hpa', { behavior })).not.toThrow();
    expect(() => by('keda-http', { behavior, idleTimeout })).not.toThrow();
  });
});
