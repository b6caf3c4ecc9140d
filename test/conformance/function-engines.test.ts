import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Exposure,
  Gateway,
  Overflow,
  Release,
  RequestMatch,
  RollingPreset,
  Runner,
  RunState,
  type ScaleToZeroFunctionProps,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
  Schedule,
  Version,
} from '../../lib';
import { FUNCTION_SUPPORT } from '../../lib/component/resolve-function';
import { pair, single } from '../bentos';
import type { Body } from '../cluster/client';
import { ENGINE_LIST, ENGINES, type EngineName, makeFunction } from '../functions';
import { countOwners } from './owners';

type Props = Partial<ScaleToZeroFunctionProps>;

const NAMES: { [engine in EngineName]: string } = {
  'keda-http': 'the KEDA HTTP add-on',
  knative: 'Knative',
  hpa: 'the HorizontalPodAutoscaler',
};

const hours = ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' }));
const query = ScalingMetric.prometheus({ query: 'up', threshold: 1 });
const trigger = ScalingMetric.kedaTrigger({
  kind: 'kubernetes-workload',
  metadata: { podSelector: 'a=b', value: '1' },
});
const external = ScalingMetric.external({ metric: 'queued', averageValue: 4 });
const object = ScalingMetric.ofObject({ apiVersion: 'v1', kind: 'Service', name: 's', metric: 'm', value: 1 });
const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });

const splitOf = (engine: EngineName, old: Version): Props => ({
  versionKey: 'new',
  release: Release.split({ versions: { old } }),
  ...(engine !== 'knative' && {
    exposure: Exposure.gateway({
      hosts: ['up.example.com'],
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    }),
  }),
});

interface Intent {
  readonly props: (engine: EngineName) => Props;
  /** Who can, by the engines' own documentation. */
  readonly by: readonly EngineName[];
  /** The text that a gap has beside the code, where it does not name engines that can. */
  readonly gap?: { readonly [engine in EngineName]?: RegExp };
}
const always = (props: Props) => () => props;
const besideItsOwn = (metric: ScalingMetric) => (engine: EngineName) => ({
  metrics: [...(ENGINES[engine].metrics ?? []), metric],
});

/**
 * The same intents for all. KEDA: https://keda.sh/http-add-on/; Knative: https://knative.dev/docs/serving/autoscaling/;
 * HPA: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/.
 */
const INTENTS: { readonly [name: string]: Intent } = {
  'a least above zero': { props: always({ minReplicas: 1 }), by: ENGINE_LIST },
  'an idle timeout of an hour': { props: always({ idleTimeout: Duration.hours(1) }), by: ENGINE_LIST },
  // scale-to-zero-pod-retention-period and stabilizationWindowSeconds end at an hour.
  'an idle timeout of two hours': {
    props: always({ idleTimeout: Duration.hours(2) }),
    by: ['keda-http'],
  },
  'a target of concurrency': {
    props: always({ targetConcurrency: 8 }),
    by: ['keda-http', 'knative'],
  },
  'a target of requests a second': {
    props: always({ targetConcurrency: undefined, targetRequestRate: 8 }),
    by: ['keda-http', 'knative'],
  },
  'both targets': {
    props: always({ targetConcurrency: 8, targetRequestRate: 8 }),
    by: ['keda-http'],
  },
  'rules of its own for growing': {
    props: always({
      behavior: ScalingBehavior.of({ scaleUp: { policies: [ScalingPolicy.pods(1, Duration.minutes(3))] } }),
    }),
    by: ['keda-http', 'hpa'],
  },
  'a bounded wait': { props: always({ coldStart: { timeout: Duration.minutes(4) } }), by: ['keda-http', 'knative'] },
  'a bounded number of waiting requests': {
    props: always({ coldStart: { maxPending: 200 } }),
    by: ['keda-http'],
    gap: { hpa: /use the KEDA HTTP add-on or Knative/ },
  },
  'a placeholder': { props: always({ coldStart: { overflow: Overflow.placeholder() } }), by: ['keda-http'] },
  'a fallback': {
    props: always({ coldStart: { overflow: Overflow.fallback({ service: 'small' }) } }),
    by: ['keda-http'],
  },
  hours: { props: besideItsOwn(hours), by: ['keda-http'] },
  'a query': { props: besideItsOwn(query), by: ['keda-http'] },
  "a trigger of KEDA's": { props: besideItsOwn(trigger), by: ['keda-http'] },
  'external metrics': { props: always({ metrics: [external] }), by: ['hpa'] },
  'metrics of an object': { props: always({ metrics: [object] }), by: ['hpa'] },
  'CPU beside what wakes it': { props: besideItsOwn(ScalingMetric.cpu(70)), by: ['keda-http', 'hpa'] },
  'a pool that sleeps': {
    props: always({
      bento: pair(),
      runners: { Embedder: Runner.pool({ scaling: Scaling.withFunction({ maxReplicas: 2 }) }) },
    }),
    by: ['keda-http'],
  },
  'a pool that stays': {
    props: always({ bento: pair(), runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(2) }) } }),
    by: ENGINE_LIST,
  },
  'a gateway': {
    props: always({ exposure: Exposure.gateway({ hosts: ['up.example.com'], gateway }) }),
    by: ['keda-http', 'hpa'],
  },
  'a release in place': { props: always({ release: Release.rolling() }), by: ENGINE_LIST },
  'a release that goes in thirds': {
    props: always({ release: Release.rolling({ preset: RollingPreset.THIRDS }), minReplicas: 3 }),
    by: ['keda-http', 'hpa'],
  },
  'a release after an end': { props: always({ release: Release.recreate() }), by: ['keda-http', 'hpa'] },
  'versions by weight': {
    props: (engine) => splitOf(engine, Version.weighted(10, { bento: single(), serving: true })),
    by: ['keda-http', 'knative'],
  },
  'versions by what requests say': {
    props: (engine) =>
      splitOf(engine, Version.matched(RequestMatch.header('x-model', 'old'), { bento: single(), serving: true })),
    by: ['keda-http'],
  },
  'a copy of requests': {
    props: (engine) => splitOf(engine, Version.mirrored(10, { bento: single(), serving: true })),
    by: [],
    gap: { hpa: /use the KEDA HTTP add-on or Knative/ },
  },
  'a canary': { props: always({ release: Release.canary({ steps: [] }) }), by: [] },
  'two colours': { props: always({ release: Release.blueGreen() }), by: [] },
  termination: { props: always({ state: RunState.TERMINATED }), by: ENGINE_LIST },
};

/** How engines are named in remedies, which may name the factory instead. */
const MENTIONS: { [engine in EngineName]: RegExp } = {
  'keda-http': /KEDA HTTP add-on|FunctionEngine\.kedaHttp\(\)/,
  knative: /Knative|FunctionEngine\.knative\(\)/,
  hpa: /HorizontalPodAutoscaler|FunctionEngine\.hpa\(\)/,
};

describe.each(ENGINE_LIST)('a function by %s', (engine) => {
  describe.each(Object.entries(INTENTS))('given %s', (_, { props, by, gap }) => {
    const make = () => makeFunction(engine, props(engine));

    if (by.includes(engine)) {
      it('is made, and its replicas have one owner', () => {
        const { objects } = make();
        for (const [workload, owners] of countOwners(objects.all)) {
          expect(owners, workload).toHaveLength(1);
        }
      });
    } else {
      it('fails, and names who can', () => {
        let message = '';
        try {
          make();
        } catch (error) {
          ({ message } = error as Error);
        }
        expect(message).toMatch(/^\[(NotByEngine|OutOfRange)\] /);
        const remedy = message.split('; ').at(-1)!;
        if (gap?.[engine] !== undefined) expect(message).toMatch(gap[engine]);
        else for (const able of by) expect(remedy).toMatch(MENTIONS[able]);
        if (message.startsWith('[NotByEngine]')) expect(message).toContain(`for a function by ${NAMES[engine]}: `);
      });
    }
  });

  it('has the bounds that are stated', () => {
    const bounds = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(bounds, ([min, more]) => {
        const { objects } = makeFunction(engine, { minReplicas: min, maxReplicas: min + more });
        expect(boundsOf(objects.all)).toEqual([min, min + more]);
      }),
      { numRuns: 20 },
    );
  });

  // The wait never eats the time of the request itself.
  it('gives requests the wait beside their own time', () => {
    if (engine === 'hpa') return;
    const whole = fc.integer({ min: 1, max: 250 });
    fc.assert(
      fc.property(whole, whole, whole, (wait, own, graceful) => {
        const drain = { gracefulShutdown: Duration.seconds(graceful) };
        const { objects } = makeFunction(engine, {
          coldStart: { timeout: Duration.seconds(wait) },
          apiServer: { traffic: { timeout: Duration.seconds(own) }, ...(engine === 'keda-http' && { drain }) },
        });
        expect(totalSeconds(objects.all)).toBeGreaterThan(wait + own);
      }),
      { numRuns: 30 },
    );
  });

  // Probes and scrapes go to the pods: what they would ask by way of the door would count as requests.
  it('is kept awake by nothing', () => {
    const { objects } = makeFunction(engine, {
      bento: pair(),
      ...(engine !== 'knative' && { exposure: Exposure.gateway({ hosts: ['up.example.com'], gateway }) }),
    });
    for (const container of containersOf(objects.all)) {
      for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'].map((key) => container[key])) {
        if (probe === undefined) continue;
        expect(probe.httpGet).not.toHaveProperty('host');
        expect(probe.httpGet).not.toHaveProperty('httpHeaders');
      }
    }
    expect(objects.of('ServiceMonitor')).toEqual([]);
    expect(objects.of('Probe')).toEqual([]);
    expect(objects.of('PodMonitor')).toHaveLength(1);
    for (const kind of ['BackendTrafficPolicy', 'HealthCheckPolicy']) expect(objects.of(kind)).toEqual([]);
  });

  it('never has a pool behind its door', () => {
    const { objects } = makeFunction(engine, { bento: pair() });
    const leads = JSON.stringify(
      ['InterceptorRoute', 'HTTPRoute', 'ReferenceGrant'].flatMap((kind) => objects.of(kind)),
    );
    expect(leads).not.toContain('embedder');
    expect(JSON.stringify(objects.peers('upscaler-embedder'))).not.toMatch(/interceptor|knative|kourier/);
  });
});

// By hand from what the engines document, not from the code.
describe('the support table', () => {
  it('says who holds requests, where pools sleep, and what else an engine takes', () => {
    expect(FUNCTION_SUPPORT).toEqual({
      'keda-http': {
        // The interceptor waits for an endpoint; once there is one it passes everything on.
        holdsAtColdStart: true,
        holdsAtOverload: false,
        sleepingPools: true,
        bothTargets: true,
        behavior: true,
        placeholder: true,
        metrics: expect.arrayContaining(['schedule', 'prometheus', 'keda', 'resource']),
        maxIdleSeconds: 86_400,
        // InterceptorRoutes have no weights; a gateway before them has, and a header tells them apart.
        releases: ['rollingOptions', 'recreate', 'weights', 'matches'],
      },
      knative: {
        // The activator, and by containerConcurrency the queue in each pod.
        holdsAtColdStart: true,
        holdsAtOverload: true,
        sleepingPools: false,
        bothTargets: false,
        behavior: false,
        placeholder: false,
        metrics: [],
        maxIdleSeconds: 3600,
        // spec.traffic.
        releases: ['weights'],
      },
      hpa: {
        holdsAtColdStart: false,
        holdsAtOverload: false,
        sleepingPools: false,
        bothTargets: false,
        behavior: true,
        placeholder: false,
        metrics: expect.arrayContaining(['external', 'object', 'resource']),
        maxIdleSeconds: 3600,
        // Those of a Deployment.
        releases: ['rollingOptions', 'recreate'],
      },
    });
  });
});

function boundsOf(objects: readonly Body[]): [number, number] {
  const found = objects.flatMap(({ kind, apiVersion, spec }): [number, number][] => {
    if (kind === 'ScaledObject') return [[spec.minReplicaCount, spec.maxReplicaCount]];
    if (kind === 'HorizontalPodAutoscaler') return [[spec.minReplicas, spec.maxReplicas]];
    if (apiVersion !== 'serving.knative.dev/v1') return [];
    const { annotations } = spec.template.metadata;
    const [min, max] = ['min-scale', 'max-scale'].map((key) => Number(annotations[`autoscaling.knative.dev/${key}`]));
    return [[min!, max!]];
  });
  expect(found).toHaveLength(1);
  return found[0]!;
}

function totalSeconds(objects: readonly Body[]): number {
  const route = objects.find(({ kind }) => kind === 'InterceptorRoute');
  if (route !== undefined) return Number(route.spec.timeouts.request.replace('s', ''));
  return objects.find(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')!.spec.template.spec.timeoutSeconds;
}

function containersOf(objects: readonly Body[]): Body[] {
  return objects.flatMap(({ spec }) => [
    ...(spec?.template?.spec?.containers ?? []),
    ...(spec?.template?.spec?.initContainers ?? []),
  ]);
}
