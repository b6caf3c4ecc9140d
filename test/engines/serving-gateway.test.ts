import { describe, expect, it } from 'vitest';
import {
  clientTrafficPolicySpec,
  envoyProxySpec,
  gatewayListeners,
  gatewaySpec,
  type ServingGatewayModel,
} from '../../lib/engines/serving-gateway';
import type { Body } from '../cluster/client';

const MODEL: ServingGatewayModel = {
  name: 'edge',
  gatewayClassName: 'envoy-gateway',
  hosts: ['rag.example.com', '*.rag.example.com'],
  routeNamespaces: { from: 'Same' },
  parameters: false,
};

// Gateway of gateway.networking.k8s.io/v1.
describe('a Gateway', () => {
  const same = { namespaces: { from: 'Same' } };

  it('has a listener for each host, and takes listeners of those who may hang routes on it', () => {
    expect(gatewaySpec(MODEL)).toEqual({
      allowedListeners: same,
      gatewayClassName: 'envoy-gateway',
      listeners: [
        { name: 'http-0', hostname: 'rag.example.com', port: 80, protocol: 'HTTP', allowedRoutes: same },
        { name: 'http-1', hostname: '*.rag.example.com', port: 80, protocol: 'HTTP', allowedRoutes: same },
      ],
    });
  });

  it('has another for https with a certificate, and takes no others then', () => {
    const spec = gatewaySpec({ ...MODEL, hosts: ['rag.example.com'], secret: 'rag-tls' });
    expect(spec).toEqual({
      gatewayClassName: 'envoy-gateway',
      listeners: [
        { name: 'http-0', hostname: 'rag.example.com', port: 80, protocol: 'HTTP', allowedRoutes: same },
        {
          name: 'https-0',
          hostname: 'rag.example.com',
          port: 443,
          protocol: 'HTTPS',
          tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'rag-tls' }] },
          allowedRoutes: same,
        },
      ],
    });
  });

  it('lets routes in from where it is said', () => {
    const from = (routeNamespaces: ServingGatewayModel['routeNamespaces']) =>
      (gatewaySpec({ ...MODEL, routeNamespaces }) as Body).listeners[0].allowedRoutes.namespaces;
    expect(from({ from: 'All' })).toEqual({ from: 'All' });
    const matchExpressions = [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['a', 'b'] }];
    expect(from({ from: 'Selector', namespaces: ['b', 'a'] })).toEqual({
      from: 'Selector',
      selector: { matchExpressions },
    });
  });

  it('names what says how its proxies run', () => {
    expect(gatewaySpec({ ...MODEL, parameters: true })).toHaveProperty('infrastructure', {
      parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name: 'edge' },
    });
  });

  it('knows its listeners, whether they share a certificate, and whether doors may bring others', () => {
    const host = (name: string, hostname: string) => ({ name, hostname });
    expect(gatewayListeners(['a.b'], true)).toEqual({
      https: [host('https-0', 'a.b')],
      http: [host('http-0', 'a.b')],
      complete: true,
      sharedCertificate: false,
      sealed: true,
    });
    expect(gatewayListeners(['a.b', 'c.d'], false)).toEqual({
      https: [],
      http: [host('http-0', 'a.b'), host('http-1', 'c.d')],
      complete: true,
    });
    expect(gatewayListeners(['a.b', 'c.d'], true)).toMatchObject({ sharedCertificate: true });
  });
});

// ClientTrafficPolicy of gateway.envoyproxy.io/v1alpha1; bufferLimit is 32Ki where nothing is said.
describe('a ClientTrafficPolicy', () => {
  const clients = { requestReceivedSeconds: 300, idleSeconds: 3600, streamIdleSeconds: 1800 };

  it('bounds connections of clients, and finds those that are gone', () => {
    expect(clientTrafficPolicySpec('edge', clients)).toEqual({
      connection: { bufferLimit: '1Mi' },
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' }],
      tcpKeepalive: { idleTime: '60s', interval: '10s', probes: 3 },
      timeout: { http: { idleTimeout: '3600s', requestReceivedTimeout: '300s', streamIdleTimeout: '1800s' } },
    });
  });

  it('limits their number where that is wanted', () => {
    expect(clientTrafficPolicySpec('edge', { ...clients, maxConnections: 1000 })).toHaveProperty('connection', {
      bufferLimit: '1Mi',
      connectionLimit: { value: 1000 },
    });
  });
});

// EnvoyProxy of gateway.envoyproxy.io/v1alpha1; drainTimeout is 60s and minDrainDuration 10s where nothing is said.
it('an EnvoyProxy has replicas, of which one at a time goes, after its requests', () => {
  expect(envoyProxySpec({ replicas: 3, drainSeconds: 600 })).toEqual({
    provider: {
      type: 'Kubernetes',
      kubernetes: { envoyDeployment: { replicas: 3 }, envoyPDB: { maxUnavailable: 1 } },
    },
    shutdown: { drainTimeout: '600s', minDrainDuration: '15s' },
  });
});
