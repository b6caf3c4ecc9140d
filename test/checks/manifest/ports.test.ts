import { describe, expect, it } from 'vitest';
import { cronJob, deployment, found, type Json, job, rollout, service } from './manifests';

const http = { name: 'http', containerPort: 3000 };
const pods = (...ports: Json[]) => deployment('a', { container: { ports } });

describe('TargetPortMissing', () => {
  const rule = 'TargetPortMissing';
  const to = (targetPort: Json, rest: Json = {}) =>
    service('a', { ports: [{ name: 'http', port: 80, targetPort, ...rest }] });

  it('finds a name that the pods do not have', () => {
    expect(found(rule, pods(http), to('web'))).toEqual([
      "Service/a spec.ports[0].targetPort: 'spec.ports[0].targetPort' must be a TCP port of Deployment/ml/a, which has http (3000), got web",
    ]);
  });

  it.each([
    ['its name', to('http'), [http], 0],
    ['its number', to(3000), [http], 0],
    ['another number', to(8080), [http], 1],
    ['another protocol', to('http', { protocol: 'UDP' }), [http], 1],
    ['a number where no port is declared', to(8080), [], 0],
    ['a name where no port is declared', to('http'), [], 1],
    ['no target port: that of the Service', to(undefined), [http], 1],
    ['no target port, the same number', service('a', { ports: [{ port: 3000 }] }), [http], 0],
    ['no selector', service('a', { selector: undefined, ports: [{ port: 80, targetPort: 'web' }] }), [http], 0],
    ['other pods', service('b', { ports: [{ port: 80, targetPort: 'web' }] }), [http], 0],
  ])('judges %s', (_, tested, ports, count) => expect(found(rule, pods(...ports), tested)).toHaveLength(count));

  it('finds the workload that lacks it among several, once', () => {
    const labelled = (name: string, port: string) =>
      deployment(name, { labels: { app: 'a', track: name }, container: { ports: [{ name: port, containerPort: 1 }] } });
    const findings = found(rule, labelled('x', 'http'), labelled('y', 'web'), labelled('z', 'web'), to('http'));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain('Deployment/ml/y');
  });

  it('takes ports of native sidecars, and Jobs that share the labels', () => {
    const sidecar = { name: 'proxy', restartPolicy: 'Always', ports: [{ name: 'proxy', containerPort: 1 }] };
    expect(found(rule, deployment('a', { pod: { initContainers: [sidecar] } }), to('proxy'))).toEqual([]);
    expect(found(rule, job('a', { app: 'a' }), cronJob('b', { app: 'a' }), to('http'))).toEqual([]);
  });

  it('takes a Rollout whose template is elsewhere', () => {
    const borrowing = rollout('a', { workloadRef: { name: 'other' } });
    delete borrowing.spec.template;
    expect(found(rule, borrowing, to('web'))).toEqual([]);
  });
});

describe('ProbePortMissing', () => {
  const rule = 'ProbePortMissing';
  const probing = (probe: Json) => deployment('a', { container: { ports: [http], ...probe } });

  it('finds a name that its container does not have', () => {
    expect(found(rule, probing({ readinessProbe: { httpGet: { port: 'web' } } }))).toEqual([
      "Deployment/a spec.template.spec.containers[0].readinessProbe.httpGet.port: 'spec.template.spec.containers[0].readinessProbe.httpGet.port' must name a port of container server (http), got web",
    ]);
  });

  it.each([
    [{ livenessProbe: { httpGet: { port: 'web' } } }, 1],
    [{ startupProbe: { tcpSocket: { port: 'web' } } }, 1],
    [{ lifecycle: { preStop: { httpGet: { port: 'web' } } } }, 1],
    [{ livenessProbe: { httpGet: { port: 'http' } } }, 0],
    [{ livenessProbe: { httpGet: { port: 9 } } }, 0],
    [{ livenessProbe: { httpGet: { port: '9' } } }, 0],
    [{ livenessProbe: { exec: { command: ['true'] } } }, 0],
  ])('judges %j', (probe, count) => expect(found(rule, probing(probe))).toHaveLength(count));

  it('does not take the port of another container', () => {
    const containers = [
      { name: 'x', ports: [http] },
      { name: 'y', livenessProbe: { httpGet: { port: 'http' } } },
    ];
    expect(found(rule, deployment('a', { containers }))[0]).toContain('it has none with a name');
  });

  it('reads a CronJob at its own depth', () => {
    expect(found(rule, cronJob('a', {}, { livenessProbe: { httpGet: { port: 'x' } } }))[0]).toContain(
      'spec.jobTemplate.spec.template.spec.containers[0]',
    );
  });
});

describe('DuplicatePortName', () => {
  const rule = 'DuplicatePortName';

  it.each([
    ['in one container', pods(http, { name: 'http', containerPort: 1 }), 1],
    [
      'in two containers of a pod',
      deployment('a', {
        containers: [
          { name: 'x', ports: [http] },
          { name: 'y', ports: [http] },
        ],
      }),
      1,
    ],
    [
      'in a Service',
      service('a', {
        ports: [
          { name: 'x', port: 1 },
          { name: 'x', port: 2 },
        ],
      }),
      1,
    ],
    ['under two names', pods(http, { name: 'metrics', containerPort: 3000 }), 0],
    ['without names', pods({ containerPort: 1 }, { containerPort: 2 }), 0],
  ])('judges ports %s', (_, object, count) => expect(found(rule, object)).toHaveLength(count));

  it('says where the second is', () => {
    expect(found(rule, pods(http, http))).toEqual([
      "Deployment/a spec.template.spec.containers[0].ports[1].name: 'spec.template.spec.containers[0].ports[1].name' must be unique in the pod, got http a second time",
    ]);
  });
});
