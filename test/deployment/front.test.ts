import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ClusterProfile,
  Exposure,
  type ExposureBinding,
  type ExposureTarget,
  Gateway,
  NetworkPeer,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const profile = {
  gateway: Gateway.standard({ name: 'edge', namespace: 'gateways' }),
  loadBalancerCidrs: ['10.0.0.0/16'],
};

const exposed = (exposure?: Exposure, ...more: Exposure[]) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(profile));
    [exposure, ...more].forEach((door, index) => {
      new BentoDeployment(chart, `Rag${index || ''}`, { bento: single(), exposure: door });
    });
  });

const own = (binding: Partial<ExposureBinding> = {}, see: (target: ExposureTarget) => void = () => undefined) =>
  Exposure.custom({
    bind: (_scope, target) => {
      see(target);
      return {
        peers: [NetworkPeer.namespace('tunnel')],
        requestTimeout: Duration.seconds(target.requestTimeout.toSeconds() + 1),
        connectionIdleTimeout: Duration.seconds(60),
        ...binding,
      };
    },
  });

const GATEWAY = {
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } },
  podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } },
};

describe('a deployment without a door', () => {
  it("lets in its namespace, and the cluster's gateway for routes that somebody else writes", () => {
    expect(exposed().peers('rag')).toEqual([{ podSelector: {} }, GATEWAY]);
  });

  it('lets in those alone that are named', () => {
    const search = Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('search')] });
    expect(exposed(search).peers('rag')).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'search' } } },
    ]);
  });
});

describe('a deployment with a door', () => {
  it("lets in no other door's proxies", () => {
    const peers = exposed(Exposure.networkLoadBalancer()).peers('rag');
    expect(peers).toEqual([{ ipBlock: { cidr: '10.0.0.0/16' } }, { podSelector: {} }]);
  });

  it('has names by the keys of several doors, in the order of the keys', () => {
    const objects = exposed(
      Exposure.several({
        public: Exposure.gateway({ hosts: ['b.example.com'] }),
        internal: Exposure.gateway({ hosts: ['a.example.com'] }),
      }),
    );
    expect(objects.of('HTTPRoute').map(({ metadata }) => metadata.name)).toEqual(['rag-internal', 'rag-public']);
  });
});

describe('hosts', () => {
  it('may be those of two load balancers, which have names of their own', () => {
    const split = Exposure.several({
      public: Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], internetFacing: true }),
      private: Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] }),
    });
    expect(() => exposed(split)).not.toThrow();
  });

  it('lead to one thing in a group of Ingresses, and at a Gateway, whatever their routes are called', () => {
    const grouped = () => Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], groupName: 'shared' });
    expect(() => exposed(grouped(), grouped())).toThrow('[TwoOwners]');
    const twice = Exposure.several({
      a: Exposure.gateway({ hosts: ['rag.example.com'] }),
      b: Exposure.gateway({ hosts: ['rag.example.com'] }),
    });
    expect(() => exposed(twice)).toThrow('got HTTPRoute rag-a and HTTPRoute rag-b');
  });
});

describe('a door of the user', () => {
  it('is told where it leads, and how long things take', () => {
    let told: ExposureTarget | undefined;
    exposed(
      own({}, (target) => {
        told = target;
      }),
    );
    expect(told).toMatchObject({
      name: 'rag',
      serviceName: 'rag',
      namespace: 'ml',
      port: 3000,
      containerPort: 3000,
      healthPath: '/readyz',
      podSelector: { 'app.kubernetes.io/instance': 'rag' },
    });
    const { requestTimeout, keepAlive, endpointRemoval } = told!;
    expect([requestTimeout, keepAlive, endpointRemoval].map((time) => time.toSeconds())).toEqual([60, 75, 10]);
  });

  it('has whom it names let in', () => {
    expect(exposed(own()).peers('rag')[0]).toEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tunnel' } },
    });
  });

  it.each<[string, Partial<ExposureBinding>, string]>([
    ['gives up with the pods', { requestTimeout: Duration.seconds(60) }, '[HopOrder]'],
    ['gives up before the pods', { requestTimeout: Duration.seconds(1) }, '[HopOrder]'],
    ['keeps connections as long as pods', { connectionIdleTimeout: Duration.seconds(75) }, '[KeepAliveOrder]'],
    ['has a host that is none', { hosts: ['-'] }, '[InvalidName]'],
  ])('fails where it %s', (_, binding, message) => {
    expect(() => exposed(own(binding))).toThrow(message);
  });

  it('fails on a host of another one', () => {
    const door = () => own({ hosts: ['rag.example.com'] });
    expect(() => exposed(door(), door())).toThrow('[TwoOwners]');
    expect(() => exposed(own({ hosts: ['a.example.com'] }), own({ hosts: ['b.example.com'] }))).not.toThrow();
  });
});
