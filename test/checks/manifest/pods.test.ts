import { describe, expect, it } from 'vitest';
import { deployment, found, type Json, job, service } from './manifests';

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
