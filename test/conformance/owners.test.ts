import { Chart, Duration, Testing } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ClusterProfile,
  Exposure,
  FunctionEngine,
  Gateway,
  Overflow,
  Runner,
  RunState,
  ScaleToZeroFunction,
  Scaling,
  ScalingMetric,
  Schedule,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import { planComponent, replicaClaims, routingClaims, scaleTarget } from '../../lib/engines/choose-engines';
import { define } from '../arbitraries';
import { releasedDefinitions } from '../arbitrary-releases';
import { pair, single } from '../bentos';
import type { Body } from '../cluster/client';
import { CLUSTER, ENGINES, type EngineName } from '../functions';
import { synthesize } from '../tree';
import { countOwners } from './owners';

const OWN_OF_KUBERNETES = [
  ScalingMetric.cpu(70),
  ScalingMetric.memory(70),
  ScalingMetric.external({ metric: 'a', value: 1 }),
  ScalingMetric.pods({ metric: 'b', averageValue: 1 }),
];
const OF_KEDA = [
  ScalingMetric.cpu(70),
  ScalingMetric.concurrency(1),
  ScalingMetric.requestRate(1),
  ScalingMetric.latency(Duration.seconds(1)),
  ScalingMetric.latency(Duration.seconds(1), { percentile: 95 }),
  ScalingMetric.schedule(1, Schedule.businessHours({ timeZone: 'UTC' })),
  ScalingMetric.prometheus({ query: 'up', threshold: 1 }),
];
const metrics = fc.oneof(
  fc.subarray(OWN_OF_KUBERNETES, { minLength: 1 }),
  fc.subarray(OF_KEDA, { minLength: 1 }),
  fc.constant(undefined),
);
const scaling = fc.oneof(
  fc.integer({ min: 1, max: 5 }).map((replicas) => Scaling.replicas(replicas)),
  fc.constant(Scaling.unmanaged()),
  fc
    .tuple(fc.integer({ min: 1, max: 5 }), metrics)
    .map(([maxReplicas, list]) => Scaling.auto({ maxReplicas, metrics: list })),
);
const state = fc.constantFrom(RunState.RUNNING, RunState.TERMINATED);
const engine = fc.constantFrom<EngineName>('keda-http', 'knative', 'hpa');

/** By the claims of the components: exactly one, but for those that are left to someone else. */
function claimsOf(components: readonly { _component: unknown }[]): string[][] {
  return components.map((component) => {
    const model = component._component as Parameters<typeof replicaClaims>[0];
    return replicaClaims(model, planComponent(model), 'the cluster').map(({ owner }) => owner);
  });
}

describe('replicas have exactly one owner', () => {
  it('in a deployment, whatever scales its parts, running and terminated', () => {
    fc.assert(
      fc.property(scaling, scaling, state, (apiServer, pool, runState) => {
        let deployment!: BentoDeployment;
        const objects = synthesize((chart) => {
          ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
          deployment = new BentoDeployment(chart, 'Rag', {
            bento: pair(),
            state: runState,
            apiServer: { scaling: apiServer },
            runners: { Embedder: Runner.pool({ scaling: pool }) },
          });
        });
        const components = [deployment.apiServer, ...deployment.runnerPools];
        const owners = countOwners(objects.all);
        const claims = claimsOf(components);
        [apiServer, pool].forEach(({ _model }, index) => {
          const found = owners.get(`Deployment ${components[index]!.name}`)!;
          const unmanaged = _model.kind === 'unmanaged';
          expect(found).toHaveLength(unmanaged && runState === RunState.RUNNING ? 0 : 1);
          expect(claims[index]).toHaveLength(unmanaged ? 0 : 1);
        });
      }),
      { numRuns: 100 },
    );
  });

  it('in a function by each engine, and in its pools, asleep or not', () => {
    fc.assert(
      fc.property(
        engine,
        fc.integer({ min: 0, max: 2 }),
        fc.boolean(),
        state,
        (name, minReplicas, sleeps, runState) => {
          let fn!: ScaleToZeroFunction;
          const pool =
            sleeps && name === 'keda-http'
              ? Scaling.withFunction({ maxReplicas: 2 })
              : Scaling.auto({ maxReplicas: 3 });
          const objects = synthesize((chart) => {
            ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
            fn = new ScaleToZeroFunction(chart, 'Upscaler', {
              bento: pair(),
              maxReplicas: 4,
              minReplicas,
              state: runState,
              runners: { Embedder: Runner.pool({ scaling: pool }) },
              ...ENGINES[name],
            });
          });
          const owners = countOwners(objects.all);
          // Knative knows no zero that stays: what is terminated is not there.
          const gone = name === 'knative' && runState === RunState.TERMINATED;
          expect([...owners.keys()]).toHaveLength(gone ? 1 : 2);
          for (const [workload, list] of owners) expect(list, workload).toHaveLength(1);
          for (const list of claimsOf([fn.apiServer, ...fn.runnerPools])) expect(list).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('of replicas, of selectors and of weights, whatever release there is', () => {
    fc.assert(
      fc.property(releasedDefinitions, (definition) => {
        const components: ComponentModel[] = [];
        const objects = synthesize((chart) => {
          define(chart, definition);
          for (const construct of chart.node.findAll()) {
            if ('_component' in construct) components.push(construct._component as ComponentModel);
          }
        });
        const claims = components.flatMap((model) => [
          ...replicaClaims(model, planComponent(model), 'the cluster'),
          ...routingClaims(model, 'the cluster'),
        ]);
        const targets = claims.map(({ resource, target }) => `${resource} ${target}`);
        expect(new Set(targets).size).toBe(targets.length);
        const workloads = components.map((model) => scaleTarget(planComponent(model), model.identity));
        for (const { kind, name } of workloads) {
          expect(targets).toContain(`replicas the cluster\nml\n${kind} ${name}`);
          expect(objects.find(kind, name), `${kind} ${name}`).toBeDefined();
        }
        // What Argo Rollouts writes: where Services lead, and what doors share out.
        for (const { metadata, spec } of objects.of('Rollout')) {
          const { canary, blueGreen } = spec.strategy;
          const services = [
            canary?.stableService,
            canary?.canaryService,
            blueGreen?.activeService,
            blueGreen?.previewService,
          ];
          for (const service of services.filter((name) => name !== undefined)) {
            const claim = claims.find(({ target }) => target === `the cluster\nml\nService ${service}`);
            expect(claim).toMatchObject({ resource: 'selector', owner: `Rollout ${metadata.name}` });
          }
          const weighted = claims.filter(({ resource }) => resource === 'weights').length;
          expect(weighted > 0).toBe(canary?.trafficRouting !== undefined);
        }
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 120_000);

  it('which a second scaler of the user takes part in', () => {
    const objects = [
      { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: {} },
      ...['x', 'y'].map((name) => ({
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name },
        spec: { scaleTargetRef: { kind: 'Deployment', name: 'a' } },
      })),
    ];
    expect(countOwners(objects).get('Deployment a')).toEqual(['ScaledObject x', 'ScaledObject y']);
  });
});

const GATEWAY = Gateway.standard({ name: 'public', namespace: 'gateways' });
const MAPS = {
  headers: { 'X-Scope-OrgID': 'ml', Accept: 'a' },
  queryLabels: { cluster: 'prod', zone: 'a' },
  operatorLabels: { release: 'x', app: 'y' },
  podLabels: { app: 'prometheus', b: 'c' },
  interceptorLabels: { z: '1', a: '2' },
  labels: { team: 'search', area: 'a' },
  placeholder: { 'Retry-After': '60', Accept: 'b' },
  metadata: { queueURL: 'https://sqs.us-east-1.amazonaws.com/1/q', awsRegion: 'us-east-1', queueLength: '5' },
};
type Maps = typeof MAPS;

/** One of everything, from maps whose keys come in any order. */
function everything(chart: Chart, maps: Maps): void {
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      ...CLUSTER,
      prometheus: {
        address: 'http://p:9090',
        headers: maps.headers,
        queryLabels: maps.queryLabels,
        operatorLabels: maps.operatorLabels,
        podLabels: maps.podLabels,
      },
      kedaHttpAddOn: { version: '0.16', interceptorLabels: maps.interceptorLabels },
    }),
  );
  const trigger = ScalingMetric.kedaTrigger({ kind: 'aws-sqs-queue', metadata: maps.metadata });
  new BentoDeployment(chart, 'Rag', {
    bento: single(),
    labels: maps.labels,
    apiServer: { scaling: Scaling.auto({ maxReplicas: 5, metrics: [ScalingMetric.concurrency(2), trigger] }) },
  });
  for (const [id, kind] of [
    ['Upscaler', FunctionEngine.kedaHttp()],
    ['Captions', FunctionEngine.knative()],
  ] as const) {
    const byKeda = id === 'Upscaler';
    new ScaleToZeroFunction(chart, id, {
      bento: single(),
      labels: maps.labels,
      maxReplicas: 4,
      targetConcurrency: 1,
      engine: kind,
      ...(byKeda && {
        metrics: [trigger],
        coldStart: { maxPending: 10, overflow: Overflow.placeholder({ headers: maps.placeholder }) },
        exposure: Exposure.gateway({ hosts: ['up.example.com'], gateway: GATEWAY }),
      }),
    });
  }
}

describe('rendering', () => {
  const render = (maps: Maps) => JSON.stringify(synthesize((chart) => everything(chart, maps)).all);

  it('is independent of the order of keys: other languages hand maps over in any', () => {
    const expected = render(MAPS);
    const shuffled = fc.record(
      Object.fromEntries(
        Object.entries(MAPS).map(([key, map]) => {
          const entries = Object.entries(map);
          const shuffle = fc.shuffledSubarray(entries, { minLength: entries.length });
          return [key, shuffle.map((list) => Object.fromEntries(list))];
        }),
      ),
    );
    fc.assert(
      fc.property(shuffled, (maps) => {
        expect(render(maps as Maps)).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('is pure: the same tree twice is the same text', () => {
    const chart = new Chart(Testing.app(), 'test', { namespace: 'ml' });
    everything(chart, MAPS);
    expect(JSON.stringify(Testing.synth(chart))).toBe(JSON.stringify(Testing.synth(chart)));
  });
});

describe('neighbours in a namespace', () => {
  const id = fc.stringMatching(/^[A-Z][a-z]{1,5}(-[a-z]{1,3})?$/);
  const unit = fc.record({ id, kind: fc.constantFrom('deployment', 'keda-http', 'knative', 'hpa') });

  it('share no selector and no host', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(unit, { minLength: 2, maxLength: 4, selector: (one) => one.id.toLowerCase() }),
        (units) => {
          const objects = synthesize((chart) => {
            ClusterProfile.set(chart, new ClusterProfile(CLUSTER));
            for (const { id: name, kind } of units) {
              if (kind === 'deployment') new BentoDeployment(chart, name, { bento: pair() });
              else {
                const stated = ENGINES[kind as EngineName];
                new ScaleToZeroFunction(chart, name, { bento: pair(), maxReplicas: 2, ...stated });
              }
            }
          });
          const pods = objects.all.flatMap(({ kind, metadata, spec }) =>
            spec?.template?.metadata === undefined
              ? []
              : [{ key: `${kind} ${metadata.name}`, labels: spec.template.metadata.labels }],
          );
          // Budgets, policies, workloads and Services of pods each select those of one component.
          for (const { kind, metadata, spec } of objects.all) {
            const selector: Body = spec?.podSelector?.matchLabels ?? spec?.selector?.matchLabels ?? spec?.selector;
            if (selector === undefined || kind === 'PodMonitor') continue;
            const selected = pods.filter(({ labels }) =>
              Object.entries(selector).every(([key, value]) => labels[key] === value),
            );
            expect(
              selected.map(({ key }) => key),
              `${kind} ${metadata.name}`,
            ).toHaveLength(1);
          }
          const hosts = objects
            .of('InterceptorRoute')
            .flatMap(({ spec }) => spec.rules.flatMap((rule: Body) => rule.hosts));
          expect(new Set(hosts).size).toBe(hosts.length);
          const services = objects.all.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name);
          expect(new Set(services).size).toBe(services.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
