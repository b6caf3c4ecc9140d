import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { Bento, BentoDeployment, BentoService, ClusterProfile, Release, SplitRouter, Version } from '../../lib';
import { type PodMonitorModel, podMonitorSpec, scrapeAnnotations } from '../../lib/engines/pod-monitor';
import { SMALL } from '../bentos';
import { synthesize } from '../tree';

const model: PodMonitorModel = {
  instances: ['rag'],
  endpoints: [{ components: ['api-server', 'runner-embedder'], path: '/metrics', port: 'http' }],
  intervalSeconds: 15,
};

// Shapes from the API reference of Prometheus Operator, by hand.
describe('a PodMonitor', () => {
  it('scrapes all pods of a deployment', () => {
    expect(podMonitorSpec(model)).toEqual({
      selector: { matchLabels: { 'app.kubernetes.io/instance': 'rag' } },
      podTargetLabels: [
        'app.kubernetes.io/instance',
        'app.kubernetes.io/component',
        'cdk8s-bento/track',
        'pod-template-hash',
        'rollouts-pod-template-hash',
      ],
      sampleLimit: 10_000,
      podMetricsEndpoints: [
        {
          port: 'http',
          path: '/metrics',
          interval: '15s',
          relabelings: [
            {
              action: 'keep',
              sourceLabels: ['__meta_kubernetes_pod_label_app_kubernetes_io_component'],
              regex: 'api-server|runner-embedder',
            },
            { action: 'labeldrop', regex: 'endpoint' },
          ],
          metricRelabelings: [{ action: 'drop', sourceLabels: ['http_response_code'], regex: '404' }],
        },
      ],
    });
  });

  it('selects several instances', () => {
    expect(podMonitorSpec({ ...model, instances: ['shop', 'models', 'shop'] }).selector).toEqual({
      matchExpressions: [{ key: 'app.kubernetes.io/instance', operator: 'In', values: ['models', 'shop'] }],
    });
  });

  it('has an endpoint for each path, of the pods that have it', () => {
    const { podMetricsEndpoints } = podMonitorSpec({
      ...model,
      endpoints: [
        { components: ['api-server'], path: '/v1/metrics', port: 'http' },
        { components: ['runner-a.b'], path: '/metrics', port: 'http' },
      ],
    });
    expect(podMetricsEndpoints.map(({ path, relabelings }) => [path, relabelings[0]!.regex])).toEqual([
      ['/v1/metrics', 'api-server'],
      ['/metrics', 'runner-a\\.b'],
    ]);
  });

  it('keeps the metrics of known routes and those without one, and needs no limit then', () => {
    const routes = ['/v1.2/search', '/rank', '/rank'];
    const spec = podMonitorSpec({
      ...model,
      endpoints: [{ components: ['api-server'], path: '/metrics', port: 'http', routes }],
    });
    expect(spec.podMetricsEndpoints[0]!.metricRelabelings).toEqual([
      { action: 'keep', sourceLabels: ['endpoint'], regex: '|/rank|/v1\\.2/search' },
    ]);
    expect(spec).not.toHaveProperty('sampleLimit');
  });

  it('is limited where the routes of one component are not known', () => {
    const known = { components: ['api-server'], path: '/metrics', port: 'http', routes: ['/search'] };
    const unknown = { components: ['runner'], path: '/metrics', port: 'http' };
    expect(podMonitorSpec({ ...model, endpoints: [known, unknown] }).sampleLimit).toBe(10_000);
  });

  it('is the same whatever the order of its lists', () => {
    const names = fc.array(fc.stringMatching(/^[a-z.]{1,8}$/), { minLength: 1 });
    fc.assert(
      fc.property(names, names, names, (instances, components, routes) => {
        const spec = (order: (list: string[]) => string[]) =>
          podMonitorSpec({
            ...model,
            instances: order(instances),
            endpoints: [{ components: order(components), path: '/metrics', port: 'http', routes: order(routes) }],
          });
        expect(spec((list) => [...list].reverse())).toEqual(spec((list) => list));
      }),
    );
  });
});

test('annotations are text, as Kubernetes wants them', () => {
  expect(scrapeAnnotations('/v1/metrics', 3000)).toEqual({
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '3000',
    'prometheus.io/path': '/v1/metrics',
  });
});

describe('of several versions', () => {
  const bento = (tag: string, pathPrefix?: string) =>
    Bento.fromImage(`registry.example.com/rag:${tag}`, {
      services: [BentoService.named('Rag', { size: SMALL, pathPrefix })],
    });
  const endpoints = (own: Bento, other: Bento) => {
    const [monitor, ...others] = synthesize((chart) => {
      ClusterProfile.set(
        chart,
        new ClusterProfile({ prometheus: { address: 'http://prometheus:9090', operatorLabels: { release: 'x' } } }),
      );
      const versions = { v2: Version.weighted(10, { bento: other }) };
      new BentoDeployment(chart, 'Rag', {
        bento: own,
        release: Release.split({ versions, router: SplitRouter.nginx() }),
      });
    }).of('PodMonitor');
    expect(others).toEqual([]);
    const all: { path: string; relabelings: { sourceLabels?: string[]; regex: string }[] }[] =
      monitor!.spec.podMetricsEndpoints;
    const kept = (relabelings: (typeof all)[0]['relabelings'], label: string) =>
      relabelings.find(({ sourceLabels }) => sourceLabels?.[0] === `__meta_kubernetes_pod_label_${label}`)?.regex;
    return all
      .map(({ path, relabelings }) => [
        path,
        kept(relabelings, 'app_kubernetes_io_component'),
        kept(relabelings, 'cdk8s_bento_track'),
      ])
      .filter(([, component]) => component?.includes('api-server'));
  };

  it('scrapes the pods of all of them once', () => {
    expect(endpoints(bento('v1'), bento('v2'))).toEqual([['/metrics', 'api-server', undefined]]);
  });

  it('tells them apart by their keys where their metrics have other paths', () => {
    expect(endpoints(bento('v1'), bento('v2', '/v2'))).toEqual([
      ['/metrics', 'api-server', 'main'],
      ['/v2/metrics', 'api-server', 'v2'],
    ]);
  });
});
