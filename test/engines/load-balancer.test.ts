import { describe, expect, it } from 'vitest';
import { loadBalancerObjects } from '../../lib/engines/load-balancer';
import type { LoadBalancerDoor } from '../../lib/exposure/door-model';
import { doorContext } from './door-context';

const door = (stated: Partial<LoadBalancerDoor> = {}): LoadBalancerDoor => ({
  kind: 'load-balancer',
  port: 80,
  sourceCidrs: ['192.0.2.0/24'],
  annotations: {},
  ...stated,
});

// https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer
describe('a Service of type LoadBalancer', () => {
  it('keeps the addresses of clients, and lets in those that are stated', () => {
    expect(loadBalancerObjects(door(), doorContext())).toEqual([
      {
        id: 'Service',
        apiVersion: 'v1',
        kind: 'Service',
        name: 'rag-lb',
        content: {
          spec: {
            externalTrafficPolicy: 'Local',
            loadBalancerSourceRanges: ['192.0.2.0/24'],
            ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 3000 }],
            selector: { 'app.kubernetes.io/instance': 'rag', 'cdk8s-bento/track': 'main' },
            type: 'LoadBalancer',
          },
        },
      },
    ]);
  });

  it('is of the class and has the annotations that are stated', () => {
    const annotations = { 'cloud.google.com/l4-rbs': 'enabled' };
    const stated = door({ loadBalancerClass: 'example.com/lb', annotations, port: 8443 });
    const [service] = loadBalancerObjects(stated, doorContext());
    expect(service).toMatchObject({
      annotations,
      content: { spec: { loadBalancerClass: 'example.com/lb', ports: [{ port: 8443 }] } },
    });
  });

  it('lies where the pods behind it do', () => {
    const backends = [{ service: 'interceptor', namespace: 'keda', port: 8080 }];
    expect(loadBalancerObjects(door(), doorContext({ backends }))[0]!.namespace).toBe('keda');
  });

  it('fails on a name that no Service can have', () => {
    expect(() => loadBalancerObjects(door(), doorContext({ name: 'a'.repeat(61) }))).toThrow('[InvalidName]');
  });
});
