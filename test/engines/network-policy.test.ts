import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  Gateway,
  NetworkPeer,
  Runner,
} from '../../lib';
import { networkPolicySpec } from '../../lib/engines/network-policy';
import { chain, pair, single } from '../bentos';
import { synthesize } from '../tree';

const deploy = (props: Partial<BentoDeploymentProps> = {}, profile: ClusterProfileProps = {}) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(profile));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
const pods = (component: string) => ({
  podSelector: {
    matchLabels: {
      'app.kubernetes.io/instance': 'rag',
      'app.kubernetes.io/component': component,
      'cdk8s-bento/track': 'main',
    },
  },
});
const everyPod = { podSelector: {} };
const dns = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

describe('who may connect to the API server', () => {
  it.each([
    ['pods of its namespace', {}, {}, [everyPod]],
    [
      'those that are named',
      {
        exposure: Exposure.inCluster({
          allowFrom: [
            NetworkPeer.namespace('web'),
            NetworkPeer.pods({ labels: { app: 'x' } }),
            NetworkPeer.pods({ labels: { app: 'y' }, namespace: 'web' }),
            NetworkPeer.cidr('10.0.0.0/8'),
          ],
        }),
      },
      {},
      [
        namespace('web'),
        { podSelector: { matchLabels: { app: 'x' } } },
        { ...namespace('web'), podSelector: { matchLabels: { app: 'y' } } },
        { ipBlock: { cidr: '10.0.0.0/8' } },
      ],
    ],
    [
      "the proxies of the profile's Envoy Gateway, which run beside its controller",
      {},
      { gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }) },
      [
        everyPod,
        {
          ...namespace('envoy-gateway-system'),
          podSelector: {
            matchLabels: {
              'gateway.envoyproxy.io/owning-gateway-name': 'public',
              'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
            },
          },
        },
      ],
    ],
    [
      'Prometheus',
      {},
      { prometheus: {} },
      [
        everyPod,
        { ...namespace('monitoring'), podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } } },
      ],
    ],
    [
      'whom it lets in itself',
      { apiServer: { allowFrom: [NetworkPeer.namespace('debug')] } },
      {},
      [everyPod, namespace('debug')],
    ],
    ['one peer once', { apiServer: { allowFrom: [NetworkPeer.sameNamespace()] } }, {}, [everyPod]],
  ] as const)('are %s', (_, props, profile, peers) => {
    const { spec } = deploy(props as Partial<BentoDeploymentProps>, profile).get('NetworkPolicy', 'rag');
    expect(spec).toEqual({
      podSelector: pods('api-server').podSelector,
      policyTypes: ['Ingress'],
      ingress: [{ from: peers, ports: [{ port: 3000, protocol: 'TCP' }] }],
    });
  });

  it('are nobody where nobody is named', () => {
    const { spec } = deploy({ exposure: Exposure.inCluster({ allowFrom: [] }) }).get('NetworkPolicy', 'rag');
    // No `ingress` beside the type means nobody; a rule without `from` would mean everybody.
    expect(spec.ingress ?? []).toEqual([]);
    expect(spec.policyTypes).toEqual(['Ingress']);
  });
});

describe('who may connect to a pool', () => {
  it('are those that call it', () => {
    const objects = deploy({ bento: chain() });
    expect(objects.peers('rag-reranker')).toEqual([pods('api-server')]);
    expect(objects.peers('rag-encoder')).toEqual([pods('api-server'), pods('runner-reranker')]);
  });

  it('are Prometheus and whom it names beside them, but no gateway', () => {
    const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
    const runners = { Embedder: Runner.pool({ allowFrom: [NetworkPeer.cidr('10.0.0.0/8')] }) };
    const objects = deploy(
      { bento: pair(), runners },
      { gateway, prometheus: { namespace: 'observe', podLabels: { a: 'b' } } },
    );
    expect(objects.peers('rag-embedder')).toEqual([
      pods('api-server'),
      { ...namespace('observe'), podSelector: { matchLabels: { a: 'b' } } },
      { ipBlock: { cidr: '10.0.0.0/8' } },
    ]);
  });
});

describe('where a component may connect to', () => {
  it('is anywhere, unless it is restricted', () => {
    expect(deploy().get('NetworkPolicy', 'rag').spec).not.toHaveProperty('egress');
  });

  it('is DNS and its dependencies where it is', () => {
    const { spec } = deploy({ bento: chain(), apiServer: { allowTo: [] } }).get('NetworkPolicy', 'rag');
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec.egress).toEqual([dns, { to: [pods('runner-reranker'), pods('runner-encoder')] }]);
  });

  it('is DNS alone for one that calls nobody', () => {
    expect(deploy({ apiServer: { allowTo: [] } }).get('NetworkPolicy', 'rag').spec.egress).toEqual([dns]);
  });

  it('is what is named beside them', () => {
    const runners = { Reranker: Runner.pool({ allowTo: [NetworkPeer.cidr('0.0.0.0/0')] }) };
    expect(deploy({ bento: chain(), runners }).get('NetworkPolicy', 'rag-reranker').spec.egress).toEqual([
      dns,
      { to: [pods('runner-encoder'), { ipBlock: { cidr: '0.0.0.0/0' } }] },
    ]);
  });
});

describe('networkPolicySpec', () => {
  it('opens the ports that are named, and no others', () => {
    const spec = networkPolicySpec({ selector: { a: 'b' }, ports: [3000, 8080], from: [{}] });
    expect(spec.ingress![0]!.ports).toEqual([
      { port: 3000, protocol: 'TCP' },
      { port: 8080, protocol: 'TCP' },
    ]);
  });
});
