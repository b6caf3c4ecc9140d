import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  Gateway,
} from '../../lib';
import { referenceGrantSpec } from '../../lib/engines/gateway-api';
import { single } from '../bentos';
import { synthesize } from '../tree';

const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
const exposure = Exposure.gateway({ hosts: ['rag.example.com', '*.rag.example.com'], gateway });
const deploy = (props: Partial<BentoDeploymentProps>, cluster: ClusterProfileProps = {}) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(cluster));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });

// https://gateway-api.sigs.k8s.io/reference/spec/#httproute
describe('an HTTPRoute', () => {
  it('leads its hosts from the gateway to the Service', () => {
    const route = deploy({ exposure }).get('HTTPRoute', 'rag');
    expect(route.apiVersion).toBe('gateway.networking.k8s.io/v1');
    expect(route.metadata.namespace).toBe('ml');
    expect(route.spec).toEqual({
      hostnames: ['rag.example.com', '*.rag.example.com'],
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateways' }],
      rules: [
        {
          backendRefs: [{ group: '', kind: 'Service', name: 'rag', port: 3000, weight: 1 }],
          matches: [{ path: { type: 'PathPrefix', value: '/' } }],
          timeouts: { request: '65s' },
        },
      ],
    });
  });

  it.each([
    [{ traffic: { timeout: Duration.minutes(10) } }, '605s'],
    [{ traffic: { timeout: Duration.millis(500) } }, '6s'],
    [{ drain: { gracefulShutdown: Duration.minutes(30) } }, '1805s'],
  ])('waits longer than the API server, however long that is: %j', (apiServer, request) => {
    expect(deploy({ exposure, apiServer }).get('HTTPRoute', 'rag').spec.rules[0].timeouts).toEqual({ request });
  });

  it('leads to the port that the Service has', () => {
    const route = deploy({ exposure, apiServer: { servicePort: 80 } }).get('HTTPRoute', 'rag');
    expect(route.spec.rules[0].backendRefs[0].port).toBe(80);
  });

  it("comes from the cluster's gateway where none is stated, and from its own where one is", () => {
    const other = Gateway.standard({ name: 'other', namespace: 'elsewhere' });
    const parents = (stated?: Gateway) =>
      deploy({ exposure: Exposure.gateway({ hosts: ['a.b'], gateway: stated }) }, { gateway: other })
        .get('HTTPRoute', 'rag')
        .spec.parentRefs.map(({ name }: { name: string }) => name);
    expect(parents()).toEqual(['other']);
    expect(parents(gateway)).toEqual(['public']);
  });

  it('lets the proxies of its gateway in, beside the namespace', () => {
    const { ingress } = deploy({ exposure }).get('NetworkPolicy', 'rag').spec;
    expect(ingress[0].from).toEqual([
      { podSelector: {} },
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } },
        podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'public' } },
      },
    ]);
  });

  it('is not there without a gateway exposure', () => {
    expect(deploy({}, { gateway }).of('HTTPRoute')).toEqual([]);
  });

  it('fails without a gateway', () => {
    expect(() => deploy({ exposure: Exposure.gateway({ hosts: ['a.b'] }) })).toThrow(
      "[ClusterLacks] 'exposure.gateway' must have 'gateway' in the ClusterProfile, got none; state it there, or in Exposure.gateway() (at test/Rag)",
    );
  });
});

describe('a ReferenceGrant', () => {
  it('lets the routes of one namespace lead to one Service', () => {
    expect(referenceGrantSpec('ml', 'door')).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ml' }],
      to: [{ group: '', kind: 'Service', name: 'door' }],
    });
  });
});
