import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { BentoDeployment, ClusterProfile, Runner, RunnerProxy } from '../../../lib';
import { pair } from '../../bentos';
import { synthesize } from '../../tree';
import { configMap, deployment, found, type Json, job, service } from './manifests';

describe('GracePeriodTooShort', () => {
  const rule = 'GracePeriodTooShort';
  const stopping = (preStop: Json, terminationGracePeriodSeconds?: number) =>
    deployment('a', { container: { lifecycle: { preStop } }, pod: { terminationGracePeriodSeconds } });
  const exec = (...command: string[]) => ({ exec: { command } });

  it.each([
    ['below', { sleep: { seconds: 14 } }, 15, 0],
    ['at', { sleep: { seconds: 15 } }, 15, 1],
    ['above', { sleep: { seconds: 16 } }, 15, 1],
    ['below the default of 30', { sleep: { seconds: 29 } }, undefined, 0],
    ['at the default of 30', { sleep: { seconds: 30 } }, undefined, 1],
    ['a command', exec('sleep', '15'), 15, 1],
    ['a path', exec('/bin/sleep', '15'), 15, 1],
    ['a shell', exec('sh', '-c', 'sleep 15'), 15, 1],
    ['a shell with more to do', exec('sh', '-c', 'sleep 10; nginx -s quit; sleep 5'), 15, 1],
    ['minutes', exec('sleep', '1m'), 60, 1],
    ['a fraction', exec('sleep', '14.5'), 15, 0],
    ['another command', exec('nginx', '-s', 'quit'), 1, 0],
    ['a word that only ends so', exec('usleep', '100'), 15, 0],
  ])('judges a sleep %s', (_, preStop, grace, count) =>
    expect(found(rule, stopping(preStop, grace))).toHaveLength(count),
  );

  it('says both numbers', () => {
    expect(found(rule, stopping({ sleep: { seconds: 40 } }))).toEqual([
      "Deployment/a spec.template.spec.containers[0].lifecycle.preStop: 'spec.template.spec.terminationGracePeriodSeconds' must be above the preStop sleep of container server (40 s), got 30, the default",
    ]);
  });
});

describe('DependencyMissing', () => {
  const rule = 'DependencyMissing';
  const calling = (value: Json) => deployment('a', { container: { env: [{ name: 'BENTOML_SERVE_DEPENDS', value }] } });
  const known = service('embedder', { ports: [{ name: 'http', port: 3000 }] });
  const other = service('shared', { ports: [{ port: 3000 }] }, 'pools');

  it('finds a host that is no Service', () => {
    expect(found(rule, known, calling('Embedder=http://embeder:3000'))).toEqual([
      'Deployment/a spec.template.spec.containers[0].env[0].value: BENTOML_SERVE_DEPENDS must name Services of the folder, got embeder for Embedder',
    ]);
  });

  it.each([
    ['Embedder=http://embedder:3000', 0],
    ['Embedder=http://embedder:3000/', 0],
    ['Embedder=http://embedder:3001', 1],
    ['Embedder=http://embedder', 1],
    ['A=http://embedder:3000 B=http://nowhere:3000', 1],
    ['A=http://embedder.ml:3000', 0],
    ['A=http://embedder.ml.svc:3000', 0],
    ['A=http://embedder.ml.svc.cluster.local:3000', 0],
    ['A=http://shared.pools:3000', 0],
    ['A=http://shared.pools.svc.cluster.local:3000', 0],
    ['A=http://embedder.pools:3000', 1],
    ['A=http://nowhere.pools.svc:3000', 1],
    ['A=http://x.elsewhere.svc:3000', 0],
    ['A=https://models.example.com', 0],
    ['A=http://10.0.0.1:3000', 0],
    ['A=http://localhost:3000', 0],
    ['', 0],
    ['nonsense', 0],
    [undefined, 0],
  ])('judges %s', (value, count) => expect(found(rule, known, other, calling(value))).toHaveLength(count));

  it('takes any host where the folder has no Services of the namespace', () => {
    expect(found(rule, other, calling('A=http://nowhere:3000'))).toEqual([]);
  });

  describe('behind a proxy in the pod', () => {
    const endpoint = (address: string, port: number) => ({
      endpoint: { address: { socket_address: { address, port_value: port } } },
    });
    const envoy = (host: string, port: number) => ({
      static_resources: {
        listeners: [
          {
            address: { socket_address: { address: '127.0.0.1', port_value: 13_001 } },
            filter_chains: [
              {
                filters: [
                  {
                    typed_config: {
                      route_config: { virtual_hosts: [{ routes: [{ route: { cluster: 'embedder' } }] }] },
                    },
                  },
                ],
              },
            ],
          },
          { address: { socket_address: { address: '0.0.0.0', port_value: 13_000 } } },
        ],
        clusters: [
          { name: 'embedder', load_assignment: { endpoints: [{ lb_endpoints: [endpoint(host, port)] }] } },
          { name: 'other', load_assignment: { endpoints: [{ lb_endpoints: [endpoint('nowhere', 1)] }] } },
        ],
      },
    });
    const proxied = (value: string, container: Json = {}) =>
      deployment('a', {
        containers: [
          { name: 'server', image: 'a:1', env: [{ name: 'BENTOML_SERVE_DEPENDS', value }] },
          { name: 'tool', image: 'b:1', ...container },
        ],
        pod: {
          volumes: [
            { name: 'tmp', emptyDir: {} },
            { name: 'envoy', configMap: { name: 'a-envoy' } },
          ],
        },
      });
    const config = (host: string, port = 3000) =>
      configMap('a-envoy', { 'envoy.yaml': stringify(envoy(host, port)), 'other.txt': 'static_resources: [' });
    const headless = service('embedder-headless', { clusterIP: 'None', ports: [{ port: 80 }] });
    const judged = (config: Json, value = 'Embedder=http://127.0.0.1:13001', container: Json = {}) =>
      found(rule, known, headless, config, proxied(value, container));

    it.each([
      ['embedder', 3000, 0],
      ['embedder', 3001, 1],
      ['embedder.ml.svc.cluster.local', 3000, 0],
      ['embedder-headless.ml.svc.cluster.local', 3000, 0],
      ['embedder-headles.ml.svc.cluster.local', 3000, 1],
      ['nowhere', 3000, 1],
      ['x.elsewhere.svc', 3000, 0],
      ['models.example.com', 443, 0],
      ['10.0.0.1', 3000, 0],
    ])('is where that leads: %s:%d', (host, port, count) => {
      expect(judged(config(host, port))).toHaveLength(count);
    });

    it.each([RunnerProxy.sidecar(), RunnerProxy.tier(), RunnerProxy.direct()])('of our own is found: %#', (proxy) => {
      const { all } = synthesize((chart) => {
        ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36' }));
        new BentoDeployment(chart, 'Rag', { bento: pair(), runners: { Embedder: Runner.pool({ proxy }) } });
      });
      const without = (pattern: RegExp) =>
        all.filter(({ kind, metadata }) => kind !== 'Service' || !pattern.test(metadata.name));
      expect(found(rule, ...all)).toEqual([]);
      const callee = { sidecar: /-headless$/, tier: /-proxy$/, direct: /-embedder$/ }[proxy._model.kind];
      expect(found(rule, ...without(callee))).toHaveLength(1);
    });

    it('is named with the proxy', () => {
      expect(judged(config('embeder-headless'))).toEqual([
        'Deployment/a spec.template.spec.containers[0].env[0].value: BENTOML_SERVE_DEPENDS must name Services of the folder, got embeder-headless for Embedder behind the proxy at 13001',
      ]);
    });

    it.each(['127.0.0.1', 'localhost', '[::1]'])('is meant by %s', (host) => {
      expect(judged(config('nowhere'), `Embedder=http://${host}:13001`)).toHaveLength(1);
    });

    it('has to listen at the port', () => {
      expect(judged(config('embedder'), 'Embedder=http://127.0.0.1:15002')).toEqual([
        'Deployment/a spec.template.spec.containers[0].env[0].value: BENTOML_SERVE_DEPENDS must use a port at which something in the pod listens, got 15002 for Embedder',
      ]);
      const ports = [{ containerPort: 15_002 }];
      expect(judged(config('embedder'), 'Embedder=http://127.0.0.1:15002', { ports })).toEqual([]);
    });

    it.each([
      ['is not in the folder', service('b')],
      ['is no YAML', configMap('a-envoy', { 'envoy.yaml': 'static_resources: {' })],
      ['is no map', configMap('a-envoy', { 'envoy.yaml': 'static_resources' })],
      [
        'is without end',
        configMap('a-envoy', { 'envoy.yaml': 'static_resources: &a {listeners: [*a], clusters: [*a]}' }),
      ],
      ['has other shapes', configMap('a-envoy', { 'envoy.yaml': 'static_resources: {listeners: 1, clusters: [1]}' })],
      ['is no ConfigMap of text', configMap('a-envoy', null)],
    ])('is taken as it is where its configuration %s', (_, map) => {
      expect(judged(map)).toEqual([]);
    });
  });

  it('takes any port of a headless Service', () => {
    const headless = service('embedder', { clusterIP: 'None', ports: [{ port: 80 }] });
    expect(found(rule, headless, calling('A=http://embedder:3000'))).toEqual([]);
  });
});

describe('DeviceRequestMismatch', () => {
  const rule = 'DeviceRequestMismatch';
  const with_ = (requests: Json, limits: Json) => deployment('a', { container: { resources: { requests, limits } } });

  // https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/#using-device-plugins
  it.each([
    [{ 'nvidia.com/gpu': '1' }, { 'nvidia.com/gpu': '1' }, 0],
    [{ 'nvidia.com/gpu': 1 }, { 'nvidia.com/gpu': '1' }, 0],
    [undefined, { 'nvidia.com/gpu': '1' }, 0],
    [{ 'nvidia.com/gpu': '2' }, { 'nvidia.com/gpu': '1' }, 1],
    [{ 'nvidia.com/gpu': '1' }, undefined, 1],
    [{ 'aws.amazon.com/neuron': '1' }, { 'nvidia.com/gpu': '1' }, 1],
    [{ cpu: '1', memory: '1Gi' }, { cpu: '2', memory: '2Gi' }, 0],
    [{ 'requests.kubernetes.io/x': 1 }, { 'requests.kubernetes.io/x': 2 }, 0],
  ])('judges %j limited to %j', (requests, limits, count) => {
    expect(found(rule, with_(requests, limits))).toHaveLength(count);
  });

  it('says both amounts', () => {
    expect(found(rule, with_({ 'nvidia.com/gpu': 2 }, { 'nvidia.com/gpu': 1 }))).toEqual([
      'Deployment/a spec.template.spec.containers[0].resources.requests["nvidia.com/gpu"]: the request for nvidia.com/gpu must equal its limit (1), got 2',
    ]);
  });

  it('reads Jobs', () => {
    const resources = { requests: { 'nvidia.com/gpu': 1 } };
    expect(found(rule, job('a', {}, { resources }))).toHaveLength(1);
  });
});
