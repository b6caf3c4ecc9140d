import { describe, expect, it } from 'vitest';
import { ingressRules } from '../../lib/engines/ingress';

// https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
describe('rules of an Ingress', () => {
  it('lead every path of every host to one backend, in the order of hosts', () => {
    const backend = { service: { name: 'rag', port: { number: 80 } } };
    expect(ingressRules(['b.example.com', '*.a.example.com'], backend)).toEqual([
      { host: 'b.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
      { host: '*.a.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } },
    ]);
  });
});
