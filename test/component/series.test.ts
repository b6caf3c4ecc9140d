import { describe, expect, it } from 'vitest';
import { BentoService } from '../../lib/bento/bento-service';
import { ClusterProfile, type ClusterProfileProps } from '../../lib/cluster/cluster-profile';
import type { IdentityModel } from '../../lib/component/component-model';
import { seriesOf } from '../../lib/component/series';
import { metricLabel } from '../../lib/internal/labels';

const identity = (namespace?: string) =>
  ({
    namespace,
    podLabels: {
      'app.kubernetes.io/component': 'api-server',
      'app.kubernetes.io/instance': 'rag',
      'app.kubernetes.io/version': 'v1',
      'cdk8s-bento/track': 'main',
      team: 'search',
    },
  }) as Partial<IdentityModel> as IdentityModel;
const series = (props: ClusterProfileProps = {}, namespace: string | undefined = 'ml', options = {}) =>
  seriesOf(identity(namespace), BentoService.named('Gateway', options)._model, new ClusterProfile(props)._model);

describe('metricLabel', () => {
  // Prometheus: strutil.SanitizeLabelName
  it.each([
    ['app.kubernetes.io/instance', 'app_kubernetes_io_instance'],
    ['cdk8s-bento/track', 'cdk8s_bento_track'],
    ['team', 'team'],
    ['A_b-0', 'A_b_0'],
  ])('of %s is %s', (label, expected) => {
    expect(metricLabel(label)).toBe(expected);
  });
});

describe('seriesOf', () => {
  it('tells a component by its instance, part, track and namespace, and by nothing that a release changes', () => {
    expect(series().labels).toEqual({
      app_kubernetes_io_component: 'api-server',
      app_kubernetes_io_instance: 'rag',
      cdk8s_bento_track: 'main',
      namespace: 'ml',
    });
  });

  it('does without a namespace that nobody knows', () => {
    const { labels } = seriesOf(identity(), BentoService.named('Gateway')._model, new ClusterProfile()._model);
    expect(labels).not.toHaveProperty('namespace');
  });

  it('tells clusters apart', () => {
    const { labels } = series({ prometheus: { queryLabels: { zone: 'a', cluster: 'prod' } } });
    expect(labels).toMatchObject({ cluster: 'prod', zone: 'a' });
    expect(Object.keys(labels)).toEqual(Object.keys(labels).sort());
  });

  it("has BentoML's own names, or those of the Bento", () => {
    expect(series().prefix).toBe('bentoml_service');
    expect(series({}, 'ml', { metricsNamespace: 'rag:x' }).prefix).toBe('rag:x');
  });

  it('knows the probes, wherever they are', () => {
    expect(series().probePaths).toEqual(['/healthz', '/livez', '/readyz']);
    expect(series({}, 'ml', { pathPrefix: '/v1' }).probePaths).toEqual(['/v1/healthz', '/v1/livez', '/v1/readyz']);
  });
});
