import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goModule } from '../tools/go';
import { requireTool } from '../tools/require-tool';
import type { Body } from './client';
import { engineFindings } from './engine-findings';
import { engineFixture, type Fixture, nodesFixture } from './fixture';
import { type KnativeOptions, REVISION_ANNOTATIONS, SERVICE_ANNOTATIONS } from './knative';

interface Mistake {
  readonly name: string;
  readonly mutate: (objects: Fixture) => void;
  readonly finding: RegExp;
  readonly options?: KnativeOptions;
}

const scaled = (o: Fixture): Body => o.ScaledObject.spec;
const trigger = (o: Fixture, index = 0): Body => scaled(o).triggers[index];
const revision = (o: Fixture): Body => o.Knative.spec.template;

describe.skipIf(!requireTool('go', 'self-test of the judges of scaling engines'))('judges of scaling engines', () => {
  const judged = (mutate?: (objects: Fixture) => void, options?: KnativeOptions) =>
    engineFindings([engineFixture('ml', mutate).map(({ object }) => object)], options);

  test('accept the fixture', async () => {
    expect(await judged()).toEqual([]);
  });

  test.each<Mistake>([
    {
      name: 'minimum above maximum',
      mutate: (o) => {
        scaled(o).minReplicaCount = 9;
      },
      finding: /^ScaledObject\/summarizer: MinReplicaCount=9 must be less than MaxReplicaCount=8/m,
    },
    {
      name: 'idle count that is no less than the minimum',
      mutate: (o) => {
        Object.assign(scaled(o), { minReplicaCount: 1, idleReplicaCount: 1 });
      },
      finding: /IdleReplicaCount=1 must be less than MinReplicaCount=1/,
    },
    {
      name: 'cooldown that means nothing',
      mutate: (o) => {
        scaled(o).minReplicaCount = 1;
      },
      finding: /warning: CooldownPeriod is configured but is not relevant/,
    },
    {
      name: 'polling that means nothing',
      mutate: (o) => {
        scaled(o).minReplicaCount = 1;
      },
      finding: /warning: PollingInterval is configured but is not relevant for scaling/,
    },
    {
      name: 'fallback of CPU alone',
      mutate: (o) => {
        // Of several mistakes the webhook names any one.
        scaled(o).minReplicaCount = 1;
        scaled(o).triggers = [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } }];
      },
      finding: /fallback/,
    },
    {
      name: 'CPU of a container without a request',
      mutate: (o) => {
        Object.assign(scaled(o), { minReplicaCount: 1, fallback: undefined });
        scaled(o).triggers = [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '50' } }];
        o.Deployment.spec.template.spec.containers[0].resources = {};
      },
      finding: /has a cpu trigger but the container server doesn't have the cpu request defined/,
    },
    {
      name: 'triggers of the same name',
      mutate: (o) => {
        trigger(o, 1).name = 'requests';
      },
      finding: /triggerName "requests" is defined multiple times/,
    },
    {
      name: 'formula with a trigger that is not there',
      mutate: (o) => {
        scaled(o).advanced.scalingModifiers = { formula: 'request * 2', target: '10' };
      },
      finding: /error validating formula in ScalingModifiers: unknown name request/,
    },
    {
      name: 'another ScaledObject of the same workload',
      mutate: (o) => {
        o.Second = structuredClone(o.ScaledObject);
        o.Second.metadata.name = 'second';
      },
      finding: /'summarizer' of type 'apps\/v1.Deployment' is already managed by the ScaledObject 'summarizer'/,
    },
    {
      name: 'an autoscaler that keeps the workload',
      mutate: (o) => {
        o.HorizontalPodAutoscaler = {
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          metadata: { name: 'summarizer', namespace: 'ml' },
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'summarizer' }, maxReplicas: 3 },
        };
      },
      finding: /is already managed by the hpa 'summarizer'/,
    },
    {
      name: 'name too long for the autoscaler',
      mutate: (o) => {
        o.ScaledObject.metadata.name = `summarizer-${'x'.repeat(50)}`;
      },
      finding: /HPA name "keda-hpa-summarizer-x+" derived from scaledobject is \d+ characters long/,
    },
    {
      name: 'authentication by two identities',
      mutate: (o) => {
        o.TriggerAuthentication.spec.podIdentity = { provider: 'azure-workload', identityId: '' };
      },
      finding: /^TriggerAuthentication\/prometheus: /m,
    },
  ])("KEDA's webhook finds: $name", async ({ mutate, finding }) => {
    expect((await judged(mutate)).join('\n')).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'misspelt key',
      mutate: (o) => {
        trigger(o).metadata.ignoreNullValue = 'false';
      },
      finding: /^ScaledObject\/summarizer: trigger 0 \(prometheus\): unknown key ignoreNullValue$/m,
    },
    {
      name: 'missing key',
      mutate: (o) => {
        delete trigger(o, 1).metadata.timezone;
      },
      finding: /trigger 1 \(cron\): missing timezone/,
    },
    {
      name: 'unlisted value',
      mutate: (o) => {
        trigger(o).metadata.authModes = 'bearer,token';
      },
      finding: /authModes: token is none of apiKey, basic/,
    },
    {
      name: 'number in place of a text',
      mutate: (o) => {
        trigger(o).metadata.threshold = 10;
      },
      finding: /threshold is no text/,
    },
    {
      name: 'unknown scaler',
      mutate: (o) => {
        trigger(o).type = 'promtheus';
      },
      finding: /trigger 0 \(promtheus\): no such scaler/,
    },
    {
      name: 'metric type that only resources have',
      mutate: (o) => {
        trigger(o).metricType = 'Utilization';
      },
      finding: /metricType Utilization is none of AverageValue, Value/,
    },
    {
      name: 'misspelt route of the HTTP add-on',
      mutate: (o) => {
        Object.assign(trigger(o), { type: 'external-push', metricType: undefined, authenticationRef: undefined });
        trigger(o).metadata = { scalerAddress: 'scaler.keda:9090', interceptorroute: 'summarizer' };
      },
      finding: /unknown key interceptorroute/,
    },
  ])('trigger metadata: $name', async ({ mutate, finding }) => {
    expect((await judged(mutate)).join('\n')).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'minimum above maximum',
      mutate: (o) => {
        revision(o).metadata.annotations['autoscaling.knative.dev/min-scale'] = '9';
      },
      finding: /^Service\/summarizer-knative: max-scale=8 is less than min-scale=9/m,
    },
    {
      name: 'bad value',
      mutate: (o) => {
        revision(o).metadata.annotations['autoscaling.knative.dev/window'] = '1s';
      },
      finding: /expected 6s <= 1s <= 1h0m0s/,
    },
    {
      name: 'misspelt annotation',
      mutate: (o) => {
        revision(o).metadata.annotations['autoscaling.knative.dev/tarqet'] = '10';
      },
      finding:
        /^Knative Service\/summarizer-knative: spec.template.metadata.annotations: autoscaling.knative.dev\/tarqet$/m,
    },
    {
      name: 'annotation in the wrong place',
      mutate: (o) => {
        o.Knative.metadata.annotations = { 'autoscaling.knative.dev/min-scale': '1' };
      },
      finding: /Knative Service\/summarizer-knative: metadata.annotations: autoscaling.knative.dev\/min-scale/,
    },
    {
      name: 'misspelt label',
      mutate: (o) => {
        o.Knative.metadata.labels = { 'networking.knative.dev/visiblity': 'cluster-local' };
      },
      finding: /metadata.labels: networking.knative.dev\/visiblity/,
    },
    {
      name: 'field behind a feature',
      mutate: (o) => {
        revision(o).spec.nodeSelector = { 'example.com/accelerator': 'l4' };
      },
      finding: /spec.template.spec.nodeSelector needs the feature kubernetes.podspec-nodeselector/,
    },
    {
      name: 'claim that is written to',
      mutate: (o) => {
        revision(o).spec.volumes = [{ name: 'weights', persistentVolumeClaim: { claimName: 'weights' } }];
      },
      options: { features: ['kubernetes.podspec-persistent-volume-claim'] },
      finding: /volume weights needs the feature kubernetes.podspec-persistent-volume-write/,
    },
    {
      name: 'timeout beyond what the cluster allows',
      mutate: (o) => {
        revision(o).spec.timeoutSeconds = 601;
      },
      finding: /timeoutSeconds 601 is over 600/,
    },
  ])('Knative: $name', async ({ mutate, finding, options }) => {
    expect((await judged(mutate, options)).join('\n')).toMatch(finding);
  });

  test('Knative: a feature that is on permits its field', async () => {
    const selector = (o: Fixture) => {
      revision(o).spec.nodeSelector = { 'example.com/accelerator': 'l4' };
    };
    expect(await judged(selector, { features: ['kubernetes.podspec-nodeselector'] })).toEqual([]);
  });

  test('each cluster is judged by itself, and named', async () => {
    const objects = engineFixture('ml').map(({ object }) => object);
    const second = engineFixture('ml', (o) => {
      scaled(o).minReplicaCount = 9;
      trigger(o).metadata.treshold = '1';
    }).map(({ object }) => object);
    const findings = await engineFindings([objects, second]);
    expect(findings.map((line) => line.split(':')[0])).toEqual(['1', '1']);
  });

  test("the names of Knative's annotations are as its source has them", async () => {
    const serving = await goModule(join(__dirname, 'knvet'), 'knative.dev/serving');
    const source = ['apis/autoscaling/register.go', 'apis/serving/register.go', 'apis/config/features.go']
      .map((file) => readFileSync(join(serving, 'pkg', file), 'utf8'))
      .join('\n');
    const constants = [
      ...source.matchAll(/^\t(\w+) += (?:"([^"]*)" \+ )?(?:GroupName \+ )?"([^"]*\/[a-z-]+|\/[a-z-]+)"$/gm),
    ];
    const names = new Set(constants.map(([, , , name]) => name.replace(/^.*\//, '')));
    expect(names.size).toBeGreaterThan(25);
    const ours = [...REVISION_ANNOTATIONS, ...SERVICE_ANNOTATIONS.filter((name) => name.startsWith('serving.'))];
    expect(ours.filter((name) => !names.has(name.replace(/^.*\//, '')))).toEqual([]);
  });
});

describe.skipIf(!requireTool('go', 'self-test of the judge of node pools'))('the judge of node pools', () => {
  const judged = (mutate?: (objects: Fixture) => void) =>
    engineFindings([nodesFixture(mutate).map(({ object }) => object)]);

  test('accepts the fixture', async () => {
    expect(await judged()).toEqual([]);
  });

  test.each<Mistake>([
    {
      name: 'capacity of a kind that is none',
      mutate: (o) => {
        o.NodePool!.spec.template.spec.requirements[0].values = ['ondemand'];
      },
      finding: /^NodePool\/gpu: .*no valid values found in \[ondemand\] for karpenter.sh\/capacity-type/m,
    },
    {
      name: 'a label of nodes that Karpenter keeps for itself',
      mutate: (o) => {
        o.NodePool!.spec.template.metadata = { labels: { 'karpenter.sh/nodepool': 'gpu' } };
      },
      finding: /^NodePool\/gpu: .*karpenter.sh\/nodepool/m,
    },
    {
      name: 'a class of nodes that is not there',
      mutate: (o) => {
        o.NodePool!.spec.template.spec.nodeClassRef.name = 'other';
      },
      finding: /^NodePool\/gpu: nodeClassRef: there is no EC2NodeClass "other"/m,
    },
  ])('finds $name', async ({ mutate, finding }) => {
    expect((await judged(mutate)).join('\n')).toMatch(finding);
  });
});
