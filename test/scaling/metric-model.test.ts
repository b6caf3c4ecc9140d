import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { metricIdentity } from '../../lib/scaling/metric-model';
import { ScalingMetric } from '../../lib/scaling/scaling-metric';
import { Schedule } from '../../lib/scaling/schedule';

const ingress = { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'rag', metric: 'requests-per-second' };
const second = Duration.seconds(1);
const hours = (timeZone: string, startHour = 8) => Schedule.businessHours({ timeZone, startHour });
const queue = (name: string) =>
  ScalingMetric.kedaTrigger({
    kind: 'rabbitmq',
    metadata: { queueName: name, mode: 'QueueLength', value: '5', host: 'a' },
  });

describe('metricIdentity', () => {
  const identity = (metric: ScalingMetric) => metricIdentity(metric._model);

  it.each([
    [ScalingMetric.cpu(70), ScalingMetric.cpu(80)],
    [ScalingMetric.pods({ metric: 'a', averageValue: 1 }), ScalingMetric.pods({ metric: 'a', averageValue: 2 })],
    [ScalingMetric.concurrency(1), ScalingMetric.concurrency(2)],
    [ScalingMetric.requestRate(1), ScalingMetric.requestRate(2, { window: Duration.minutes(2) })],
    [ScalingMetric.latency(second, { percentile: 95 }), ScalingMetric.latency(Duration.minutes(1), { percentile: 95 })],
    [ScalingMetric.queueLength(1), ScalingMetric.queueLength(1, { inService: 2 })],
    [ScalingMetric.prometheus({ query: ' up', threshold: 1 }), ScalingMetric.prometheus({ query: 'up', threshold: 2 })],
    [ScalingMetric.schedule(1, hours('UTC')), ScalingMetric.schedule(2, hours('UTC'))],
    [ScalingMetric.apiServerReplicas(1), ScalingMetric.apiServerReplicas(2)],
  ])('is the same whatever the target: %#', (first, other) => {
    expect(identity(first)).toBe(identity(other));
  });

  it('tells all else apart', () => {
    const own = [
      ScalingMetric.concurrency(1),
      ScalingMetric.requestRate(1),
      ScalingMetric.totalRequestRate(1),
      ScalingMetric.latency(second),
      ScalingMetric.latency(second, { percentile: 50 }),
      ScalingMetric.latency(second, { percentile: 95 }),
      ScalingMetric.queueLength(1),
    ];
    const identities = [
      ...own,
      ...own.map((metric) => ScalingMetric.ofApiServer(metric)),
      ScalingMetric.cpu(70),
      ScalingMetric.memory(70),
      ScalingMetric.pods({ metric: 'a', averageValue: 1 }),
      ScalingMetric.pods({ metric: 'b', averageValue: 1 }),
      ScalingMetric.pods({ metric: 'a', averageValue: 1, labels: { x: '1' } }),
      ScalingMetric.pods({ metric: 'a', averageValue: 1, labels: { x: '2' } }),
      ScalingMetric.external({ metric: 'a', value: 1 }),
      ScalingMetric.ofObject({ ...ingress, value: 1 }),
      ScalingMetric.ofObject({ ...ingress, name: 'chat', value: 1 }),
      ScalingMetric.ofObject({ ...ingress, kind: 'Gateway', value: 1 }),
      ScalingMetric.gpuUtilization(80),
      ScalingMetric.prometheus({ query: 'up', threshold: 1 }),
      ScalingMetric.prometheus({ query: 'down', threshold: 1 }),
      queue('a'),
      queue('b'),
      ScalingMetric.schedule(1, hours('UTC')),
      ScalingMetric.schedule(1, hours('GMT')),
      ScalingMetric.schedule(1, hours('UTC', 9)),
      ScalingMetric.apiServerReplicas(1),
    ].map(identity);
    expect(new Set(identities).size).toBe(identities.length);
  });

  // What errors say of a metric: the name of its factory.
  it.each([
    [ScalingMetric.cpu(1), 'cpu'],
    [ScalingMetric.totalRequestRate(1), 'totalRequestRate'],
    [ScalingMetric.latency(second, { percentile: 99.9 }), 'latency (99.9 %)'],
    [ScalingMetric.ofApiServer(ScalingMetric.queueLength(1)), 'queueLength of the API server'],
    [ScalingMetric.gpuUtilization(1), 'gpuUtilization'],
    [ScalingMetric.apiServerReplicas(1), 'apiServerReplicas'],
    [queue('a'), 'the trigger rabbitmq host=a,mode=QueueLength,queueName=a,value=5'],
    [ScalingMetric.schedule(1, hours('UTC')), 'the schedule from 0 8 * * 1-5 to 0 18 * * 1-5 UTC'],
  ])('is what users call it: %#', (metric, name) => {
    expect(identity(metric)).toBe(name);
  });
});
