import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { TriggerAuthenticationRef } from '../../lib/refs/trigger-authentication-ref';
import { MetricType } from '../../lib/scaling/metric-options';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';
import { Schedule } from '../../lib/scaling/schedule';

const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'rag', metric: 'requests-per-second' };

describe('ScalingMetric.cpu and memory', () => {
  it.each([1, 70, 100, 200])('cpu takes %d percent', (percent) => {
    expect(ScalingMetric.cpu(percent)._model).toEqual({ kind: 'resource', resource: 'cpu', percent });
  });

  it.each([1, 80, 100])('memory takes %d percent', (percent) => {
    expect(ScalingMetric.memory(percent)._model).toEqual({ kind: 'resource', resource: 'memory', percent });
  });

  it.each([0, -1, 0.7, NaN, Infinity, 2 ** 31])('fails on %d percent', (percent) => {
    expect(() => ScalingMetric.cpu(percent)).toThrow("[OutOfRange] 'targetPercent' must be a whole number");
    expect(() => ScalingMetric.memory(percent)).toThrow("[OutOfRange] 'targetPercent' must be a whole number");
  });

  it('fails on more memory than the limit', () => {
    expect(() => ScalingMetric.memory(101)).toThrow("'targetPercent' must be a whole number from 1 to 100, got 101");
  });
});

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/#MetricSpec
describe('ScalingMetric of adapters', () => {
  it('pods has an average', () => {
    expect(ScalingMetric.pods({ metric: 'in_progress', averageValue: 4 })._model).toEqual({
      kind: 'pods',
      metric: { name: 'in_progress', labels: [] },
      target: { averageValue: '4' },
    });
  });

  it('ofObject names its object', () => {
    expect(ScalingMetric.ofObject({ ...ingress, value: 2000 })._model).toEqual({
      kind: 'object',
      object: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'rag' },
      metric: { name: 'requests-per-second', labels: [] },
      target: { value: '2k' },
    });
  });

  it('external takes names of other systems', () => {
    expect(ScalingMetric.external({ metric: 's0-prometheus:queue|depth', averageValue: 30 })._model).toEqual({
      kind: 'external',
      metric: { name: 's0-prometheus:queue|depth', labels: [] },
      target: { averageValue: '30' },
    });
  });

  it('sorts labels', () => {
    const labels = { queue: 'a', broker: 'b' };
    expect(ScalingMetric.external({ metric: 'depth', value: 1, labels })._model).toMatchObject({
      metric: {
        labels: [
          ['broker', 'b'],
          ['queue', 'a'],
        ],
      },
    });
  });

  it.each([
    [0.001, '1m'],
    [0.5, '500m'],
    [1, '1'],
    [1.5, '1500m'],
    [1e9, '1G'],
    [1000, '1k'],
    [1500, '1500'],
    [2_000_000, '2M'],
  ])('writes %d as %s', (value, quantity) => {
    expect(ScalingMetric.pods({ metric: 'a', averageValue: value })._model).toMatchObject({
      target: { averageValue: quantity },
    });
    expect(ScalingMetric.external({ metric: 'a', value })._model).toMatchObject({ target: { value: quantity } });
  });

  it.each([0, -1, NaN, Infinity, 0.0001, 1e-10])('fails on the target %d', (value) => {
    expect(() => ScalingMetric.pods({ metric: 'a', averageValue: value })).toThrow(
      "[OutOfRange] 'averageValue' must be",
    );
    expect(() => ScalingMetric.external({ metric: 'a', value })).toThrow("[OutOfRange] 'value' must be");
    expect(() => ScalingMetric.ofObject({ ...ingress, averageValue: value })).toThrow("[OutOfRange] 'averageValue'");
  });

  it('fails without a target, and with two', () => {
    for (const make of [
      (target: object) => ScalingMetric.external({ metric: 'a', ...target }),
      (target: object) => ScalingMetric.ofObject({ ...ingress, ...target }),
    ]) {
      expect(() => make({})).toThrow("[MissingOption] 'value' must be given for this metric; state `value`");
      expect(() => make({ value: 1, averageValue: 1 })).toThrow(
        "[ConflictingOptions] 'value' must not be given together with 'averageValue'",
      );
    }
  });

  // IsValidPathSegmentName of k8s.io/apimachinery: the name is a part of a URL.
  it.each(['', ' ', 'a b', 'a/b', 'a%b', '.', '..'])('fails on the metric %j', (metric) => {
    expect(() => ScalingMetric.pods({ metric, averageValue: 1 })).toThrow("[InvalidText] 'metric'");
    expect(() => ScalingMetric.external({ metric, value: 1 })).toThrow("[InvalidText] 'metric'");
    expect(() => ScalingMetric.ofObject({ ...ingress, metric, value: 1 })).toThrow("[InvalidText] 'metric'");
  });

  it.each(['apiVersion', 'kind', 'name'])('fails on an object without %s', (key) => {
    expect(() => ScalingMetric.ofObject({ ...ingress, value: 1, [key]: '' })).toThrow(`[InvalidText] '${key}'`);
  });

  it('fails on what is no label', () => {
    expect(() => ScalingMetric.pods({ metric: 'a', averageValue: 1, labels: { 'a b': '' } })).toThrow(
      "[InvalidLabel] 'labels'",
    );
  });
});

const MAX = 2 ** 31 - 1;

// Numbers that every target refuses.
const NO_TARGETS = [0, -1, NaN, Infinity, -Infinity, 0.0001, 1e-10];

describe('ScalingMetric of BentoML', () => {
  it.each([
    ['concurrency', ScalingMetric.concurrency(4), { kind: 'concurrency', perReplica: 4 }],
    ['concurrency by thousandths', ScalingMetric.concurrency(0.001), { kind: 'concurrency', perReplica: 0.001 }],
    ['requestRate', ScalingMetric.requestRate(2.5), { kind: 'request-rate', perReplica: 2.5 }],
    [
      'requestRate over a window',
      ScalingMetric.requestRate(50, { window: Duration.minutes(2) }),
      { kind: 'request-rate', perReplica: 50, windowSeconds: 120 },
    ],
    ['totalRequestRate', ScalingMetric.totalRequestRate(50), { kind: 'request-rate', total: 50 }],
    ['mean latency', ScalingMetric.latency(Duration.seconds(2)), { kind: 'latency', targetSeconds: 2 }],
    [
      'a percentile of latency',
      ScalingMetric.latency(Duration.millis(250), { percentile: 99.9, window: Duration.hours(1) }),
      { kind: 'latency', targetSeconds: 0.25, percentile: 99.9, windowSeconds: 3600 },
    ],
    ['queueLength', ScalingMetric.queueLength(1), { kind: 'queue-length', perReplica: 1 }],
    [
      'queueLength beyond what is stated',
      ScalingMetric.queueLength(1, { inService: 8 }),
      { kind: 'queue-length', perReplica: 1, inService: 8 },
    ],
    ['gpuUtilization', ScalingMetric.gpuUtilization(80), { kind: 'gpu-utilization', percent: 80 }],
  ])('%s is measured in the component itself', (_, metric, measure) => {
    expect(JSON.parse(JSON.stringify(metric._model))).toEqual({ kind: 'measured', measure, source: 'self' });
  });

  it.each(NO_TARGETS)('fails on the target %d', (target) => {
    expect(() => ScalingMetric.concurrency(target)).toThrow("[OutOfRange] 'perReplica' must be");
    expect(() => ScalingMetric.requestRate(target)).toThrow("[OutOfRange] 'perReplica' must be");
    expect(() => ScalingMetric.totalRequestRate(target)).toThrow("[OutOfRange] 'total' must be");
    expect(() => ScalingMetric.queueLength(target)).toThrow("[OutOfRange] 'perReplica' must be");
    expect(() => ScalingMetric.apiServerReplicas(target)).toThrow("[OutOfRange] 'apiServers' must be");
    expect(() => ScalingMetric.prometheus({ query: 'up', threshold: target })).toThrow(
      "[OutOfRange] 'threshold' must be",
    );
  });

  it('fails on a target that only Terraform knows', () => {
    const token = -1.8881545897087505e289;
    expect(() => ScalingMetric.concurrency(token)).toThrow("[UnresolvedToken] 'perReplica'");
    expect(() => ScalingMetric.gpuUtilization(token)).toThrow("[UnresolvedToken] 'targetPercent'");
  });

  it.each([10, 60, 3600])('takes a window of %d s', (seconds) => {
    const window = Duration.seconds(seconds);
    for (const metric of [
      ScalingMetric.requestRate(1, { window }),
      ScalingMetric.totalRequestRate(1, { window }),
      ScalingMetric.latency(Duration.seconds(1), { window }),
    ]) {
      expect(metric._model).toMatchObject({ measure: { windowSeconds: seconds } });
    }
  });

  it.each([Duration.seconds(0), Duration.seconds(9), Duration.millis(10_500), Duration.seconds(3601)])(
    'fails on a window of %s',
    (window) => {
      const message = "[OutOfRange] 'window' must be a whole number from 10 to 3600, got ";
      expect(() => ScalingMetric.requestRate(1, { window })).toThrow(message);
      expect(() => ScalingMetric.totalRequestRate(1, { window })).toThrow(message);
      expect(() => ScalingMetric.latency(Duration.seconds(1), { window })).toThrow(message);
    },
  );

  it.each([0.001, 50, 99.999])('takes the percentile %d', (percentile) => {
    expect(() => ScalingMetric.latency(Duration.seconds(1), { percentile })).not.toThrow();
  });

  it.each([0, -1, 100, 101, NaN, Infinity])('fails on the percentile %d', (percentile) => {
    expect(() => ScalingMetric.latency(Duration.seconds(1), { percentile })).toThrow(
      "[OutOfRange] 'percentile' must be",
    );
  });

  it.each([Duration.millis(1), Duration.days(1)])('takes a latency of %s', (target) => {
    expect(() => ScalingMetric.latency(target)).not.toThrow();
  });

  it.each([Duration.millis(0), Duration.millis(86_400_001)])('fails on a latency of %s', (target) => {
    expect(() => ScalingMetric.latency(target)).toThrow(
      "[OutOfRange] 'target' must be a number above 0 and up to 86400",
    );
  });

  it.each([1, MAX])('takes %d requests in service', (inService) => {
    expect(() => ScalingMetric.queueLength(1, { inService })).not.toThrow();
  });

  it.each([0, -1, 1.5, NaN, Infinity, MAX + 1])('fails on %d requests in service', (inService) => {
    expect(() => ScalingMetric.queueLength(1, { inService })).toThrow(
      "[OutOfRange] 'inService' must be a whole number",
    );
  });

  it.each([1, 100])('takes %d percent of a GPU', (percent) => {
    expect(() => ScalingMetric.gpuUtilization(percent)).not.toThrow();
  });

  it.each([0, -1, 101, 0.8, NaN, Infinity])('fails on %d percent of a GPU', (percent) => {
    expect(() => ScalingMetric.gpuUtilization(percent)).toThrow(
      `[OutOfRange] 'targetPercent' must be a whole number from 1 to 100, got ${percent}`,
    );
  });
});

describe('ScalingMetric.prometheus', () => {
  it('carries the query, without blanks around it', () => {
    expect(ScalingMetric.prometheus({ query: '\n sum(up) \n', threshold: 3 })._model).toEqual({
      kind: 'prometheus',
      query: 'sum(up)',
      threshold: 3,
      metricType: 'AverageValue',
    });
    const { VALUE } = MetricType;
    expect(
      ScalingMetric.prometheus({ query: 'up', threshold: 0.5, activationThreshold: 0, metricType: VALUE })._model,
    ).toMatchObject({ threshold: 0.5, activationThreshold: 0, metricType: 'Value' });
  });

  it.each(['', ' \n'])('fails on the query %j', (query) => {
    expect(() => ScalingMetric.prometheus({ query, threshold: 1 })).toThrow("[InvalidText] 'query'");
  });

  it.each([-0.5, NaN, Infinity, 0.0001])('fails on the activationThreshold %d', (activationThreshold) => {
    expect(() => ScalingMetric.prometheus({ query: 'up', threshold: 1, activationThreshold })).toThrow(
      "[OutOfRange] 'activationThreshold' must be a number",
    );
  });
});

describe('ScalingMetric.kedaTrigger', () => {
  const queue = {
    kind: 'aws-sqs-queue',
    metadata: { queueURL: 'https://sqs.us-east-1.amazonaws.com/1/q', awsRegion: 'us-east-1' },
  };

  it('carries its settings in order', () => {
    const authentication = TriggerAuthenticationRef.ofCluster('aws');
    expect(ScalingMetric.kedaTrigger({ ...queue, authentication })._model).toEqual({
      kind: 'keda',
      scaler: 'aws-sqs-queue',
      metadata: [
        ['awsRegion', 'us-east-1'],
        ['queueURL', 'https://sqs.us-east-1.amazonaws.com/1/q'],
      ],
      authentication: { kind: 'ClusterTriggerAuthentication', name: 'aws' },
      metricType: 'AverageValue',
    });
    expect(ScalingMetric.kedaTrigger({ ...queue, metricType: MetricType.VALUE })._model).toMatchObject({
      metricType: 'Value',
    });
  });

  it.each<[{ kind: string; metadata: { [key: string]: string } }, string]>([
    [{ ...queue, kind: '' }, "[InvalidText] 'kind'"],
    [{ ...queue, kind: 'aws-sqs' }, '[UnknownScaler] \'kind\' must be a scaler of KEDA 2.21, got "aws-sqs"'],
    [{ ...queue, metadata: { ...queue.metadata, queueUrl: 'a' } }, "[UnknownTriggerKey] 'metadata'"],
    [{ ...queue, metadata: { awsRegion: 'us-east-1' } }, '[MissingTriggerKey] \'metadata\' must hold "queueURL"'],
  ])('fails on %j', (options, message) => {
    expect(() => ScalingMetric.kedaTrigger(options)).toThrow(message);
  });
});

describe('ScalingMetric.schedule', () => {
  const schedule = Schedule.businessHours({ timeZone: 'UTC' });

  it.each([1, MAX])('takes %d replicas', (replicas) => {
    expect(ScalingMetric.schedule(replicas, schedule)._model).toEqual({
      kind: 'schedule',
      replicas,
      schedule: { timeZone: 'UTC', start: '0 8 * * 1-5', end: '0 18 * * 1-5' },
    });
  });

  it.each([0, -1, 1.5, NaN, Infinity, MAX + 1])('fails on %d replicas', (replicas) => {
    expect(() => ScalingMetric.schedule(replicas, schedule)).toThrow("[OutOfRange] 'replicas' must be a whole number");
  });
});

describe('ScalingMetric of an API server', () => {
  it.each([
    ScalingMetric.concurrency(4),
    ScalingMetric.requestRate(4),
    ScalingMetric.totalRequestRate(4),
    ScalingMetric.latency(Duration.seconds(1)),
    ScalingMetric.queueLength(4),
  ])('is measured there: %j', (metric) => {
    expect(ScalingMetric.ofApiServer(metric)._model).toEqual({ ...metric._model, source: 'api-server' });
  });

  it.each([
    ['gpuUtilization', ScalingMetric.gpuUtilization(80)],
    ['cpu', ScalingMetric.cpu(80)],
    ['the query up', ScalingMetric.prometheus({ query: 'up', threshold: 1 })],
    ['apiServerReplicas', ScalingMetric.apiServerReplicas(1)],
    ['concurrency of the API server', ScalingMetric.ofApiServer(ScalingMetric.concurrency(1))],
  ])('fails on %s', (name, metric) => {
    expect(() => ScalingMetric.ofApiServer(metric)).toThrow(
      `[InvalidMetric] 'metric' must be concurrency, requestRate, latency or queueLength, got ${name}`,
    );
  });

  it.each([0.5, 1, 3])('has %d replicas for each of the pool', (apiServers) => {
    expect(ScalingMetric.apiServerReplicas(apiServers)._model).toEqual({ kind: 'ratio', apiServers });
  });
});
