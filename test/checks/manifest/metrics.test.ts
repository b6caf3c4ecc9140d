import { describe, expect, it } from 'vitest';
import { deployment, found, object, scaledObject } from './manifests';

const QUERY = 'sum(up{app_kubernetes_io_instance="rag",namespace="ml"} == 1)';
const asking = (metadata: object = {}, spec: object = {}) =>
  scaledObject('rag', {
    triggers: [
      { type: 'prometheus', metadata: { query: QUERY, threshold: '1', ignoreNullValues: 'false', ...metadata } },
    ],
    ...spec,
  });

describe('MetricsOutageScalesIn', () => {
  const rule = 'MetricsOutageScalesIn';

  it('finds a query whose empty answer counts as 0', () => {
    expect(found(rule, asking({ ignoreNullValues: undefined }))).toEqual([
      `ScaledObject/rag spec.triggers[0].metadata.ignoreNullValues: 'spec.triggers[0].metadata.ignoreNullValues' must be "false", got "true": KEDA takes no answer for a load of 0, and scales in when metrics are down`,
    ]);
    expect(found(rule, asking({ ignoreNullValues: 'true' }))).toHaveLength(1);
  });

  it('finds a fallback to zero', () => {
    expect(found(rule, asking({}, { fallback: { failureThreshold: 3, replicas: 0 } }))).toEqual([
      "ScaledObject/rag spec.fallback.replicas: 'spec.fallback.replicas' must be at least 1, got 0: an outage of metrics would stop everything",
    ]);
  });

  it.each([
    ['what says that it is an error', asking({}, { fallback: { failureThreshold: 3, replicas: 1 } })],
    ['triggers of another kind', scaledObject('rag', { triggers: [{ type: 'cron', metadata: {} }] })],
    ['a ScaledObject without triggers', scaledObject('rag')],
  ])('takes %s', (_, scaler) => expect(found(rule, scaler)).toEqual([]));
});

describe('MetricsNotScraped', () => {
  const rule = 'MetricsNotScraped';
  const labels = { 'app.kubernetes.io/instance': 'rag' };
  const pods = (annotations?: object) => {
    const workload = deployment('rag');
    workload.spec.template.metadata = { labels: { ...workload.spec.template.metadata.labels, ...labels }, annotations };
    return workload;
  };
  const monitor = (spec: object, namespace = 'ml') => ({
    ...object('monitoring.coreos.com/v1', 'PodMonitor', 'rag', { spec }),
    metadata: { name: 'rag', namespace },
  });

  it('finds pods that nobody scrapes', () => {
    expect(found(rule, pods(), asking())).toEqual([
      "ScaledObject/rag spec.triggers[0].metadata.query: 'spec.triggers[0].metadata.query' must ask for what is scraped, got pods of rag, which no PodMonitor selects and no annotation shows to Prometheus",
    ]);
  });

  it.each([
    ['other pods', monitor({ selector: { matchLabels: { app: 'x' } } })],
    ['another namespace', monitor({ selector: { matchLabels: labels } }, 'other')],
    [
      'namespaces that are not theirs',
      monitor({ selector: { matchLabels: labels }, namespaceSelector: { matchNames: ['a'] } }),
    ],
  ])('finds them beside a PodMonitor of %s', (_, other) =>
    expect(found(rule, pods(), asking(), other)).toHaveLength(1),
  );

  it.each([
    ['a PodMonitor', [pods(), monitor({ selector: { matchLabels: labels } })]],
    ['one that selects everything', [pods(), monitor({ selector: {} })]],
    ['one of any namespace', [pods(), monitor({ selector: {}, namespaceSelector: { any: true } }, 'other')]],
    ['an annotation', [pods({ 'prometheus.io/scrape': 'true' })]],
    [
      'a ServiceMonitor, which is not followed',
      [pods(), object('monitoring.coreos.com/v1', 'ServiceMonitor', 'a', {})],
    ],
    ['pods that are not here', []],
  ])('takes pods with %s', (_, others) => expect(found(rule, asking(), ...others)).toEqual([]));

  it('takes queries about something else', () => {
    expect(found(rule, pods(), asking({ query: 'max(backlog)' }))).toEqual([]);
  });
});
