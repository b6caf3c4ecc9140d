import { describe, expect, it } from 'vitest';
import { deployment, found, hpa, type Json, scaledObject } from './manifests';

const rule = 'UtilizationWithoutRequest';
const utilization = { type: 'Utilization', averageUtilization: 70 };
const whole = (name: string, target: Json = utilization) => ({ type: 'Resource', resource: { name, target } });
const one = (name: string, container: string) => ({
  type: 'ContainerResource',
  containerResource: { name, container, target: utilization },
});
const by = (...metrics: Json[]) => hpa('a', { metrics });
const container = (name: string, requests?: Json, limits?: Json) => ({ name, resources: { requests, limits } });
const asking = container('server', { cpu: '1', memory: '1Gi' });
const silent = container('proxy');
const pods = (...containers: Json[]) => deployment('a', { containers });

describe(rule, () => {
  it('finds a container that requests nothing, by name', () => {
    expect(found(rule, pods(asking, silent), by(whole('cpu')))).toEqual([
      "HorizontalPodAutoscaler/a spec.metrics[0].resource: 'spec.metrics[0].resource' must be a share of what containers request, got cpu of Deployment/ml/a, where proxy requests none",
    ]);
  });

  it('finds the metric that is meant', () => {
    const [finding] = found(rule, pods(container('server', { cpu: '1' })), by(whole('cpu'), whole('memory')));
    expect(finding).toContain('spec.metrics[1].resource');
  });

  it('finds a native sidecar without a request, and takes an ordinary init container', () => {
    const withInit = (restartPolicy?: string) =>
      deployment('a', { containers: [asking], pod: { initContainers: [{ name: 'init', restartPolicy }] } });
    expect(found(rule, withInit('Always'), by(whole('cpu')))).toHaveLength(1);
    expect(found(rule, withInit(), by(whole('cpu')))).toEqual([]);
  });

  it('finds a container that does not exist', () => {
    expect(found(rule, pods(asking), by(one('cpu', 'bento')))).toEqual([
      "HorizontalPodAutoscaler/a spec.metrics[0].containerResource: 'spec.metrics[0].containerResource' must name a container of Deployment/ml/a (server), got bento",
    ]);
  });

  it('finds the named container without a request', () => {
    expect(found(rule, pods(asking, silent), by(one('cpu', 'proxy')))).toHaveLength(1);
    expect(found(rule, pods(asking, silent), by(one('cpu', 'server')))).toEqual([]);
  });

  it.each([
    ['a request in every container', pods(asking), by(whole('cpu'), whole('memory'))],
    // https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/: a limit alone is the request too
    ['a limit alone', pods(container('server', undefined, { cpu: 2 })), by(whole('cpu'))],
    ['an absolute value', pods(silent), by(whole('cpu', { type: 'AverageValue', averageValue: '500m' }))],
    ['another metric', pods(silent), by({ type: 'Pods', pods: { metric: { name: 'x' } } })],
    ['a target that is not here', pods(silent), hpa('b')],
    [
      'resources of the whole pod',
      deployment('a', { containers: [silent], pod: { resources: { requests: { cpu: 1 } } } }),
      by(whole('cpu')),
    ],
  ])('takes %s', (_, workload, scaler) => expect(found(rule, workload, scaler)).toEqual([]));

  it('takes what a LimitRange of the namespace fills in', () => {
    const range = (namespace: string) => ({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'r', namespace },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '100m' } }] },
    });
    expect(found(rule, pods(silent), by(whole('cpu')), range('ml'))).toEqual([]);
    expect(found(rule, pods(silent), by(whole('memory')), range('ml'))).toHaveLength(1);
    expect(found(rule, pods(silent), by(whole('cpu')), range('other'))).toHaveLength(1);
  });

  it.each([
    ['an HPA without metrics', hpa('a'), 'spec.metrics'],
    [
      'autoscaling/v1',
      { ...hpa('a', { targetCPUUtilizationPercentage: 50 }), apiVersion: 'autoscaling/v1' },
      'spec.targetCPU',
    ],
    [
      "KEDA's cpu trigger",
      scaledObject('a', { triggers: [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } }] }),
      'spec.triggers[0]',
    ],
  ])('knows that %s means cpu utilization', (_, scaler, location) => {
    expect(found(rule, pods(silent), scaler)[0]).toContain(location);
    expect(found(rule, pods(asking), scaler)).toEqual([]);
  });

  it("reads the container of KEDA's trigger", () => {
    const trigger = { type: 'memory', metricType: 'Utilization', metadata: { value: '60', containerName: 'server' } };
    expect(found(rule, pods(asking, silent), scaledObject('a', { triggers: [trigger] }))).toEqual([]);
  });
});
