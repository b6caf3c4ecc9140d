import { describe, expect, it } from 'vitest';
import { Gateway } from '../../lib/cluster/gateway';
import { Exposure } from '../../lib/exposure/exposure';
import { NetworkPeer } from '../../lib/traffic/network-peer';

describe('Exposure.inCluster', () => {
  it('lets in every pod of the same namespace, and the gateway', () => {
    expect(Exposure.inCluster()._model).toEqual({ peers: [{}], restricted: false });
    expect(Exposure.inCluster({})._model).toEqual({ peers: [{}], restricted: false });
  });

  it('lets in those that are named, and nobody else', () => {
    const allowFrom = [NetworkPeer.namespace('web'), NetworkPeer.cidr('10.0.0.0/8')];
    expect(Exposure.inCluster({ allowFrom })._model).toEqual({
      peers: [{ namespace: 'web' }, { cidr: '10.0.0.0/8' }],
      restricted: true,
    });
  });

  it('lets in nobody where the list is empty', () => {
    expect(Exposure.inCluster({ allowFrom: [] })._model).toEqual({ peers: [], restricted: true });
  });
});

// Hostname of gateway.networking.k8s.io/v1.
describe('Exposure.gateway', () => {
  const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });

  it('leads its hosts in, beside callers of the same namespace', () => {
    const hosts = ['rag.example.com', '*.rag.example.com'];
    expect(Exposure.gateway({ hosts, gateway })._model).toEqual({
      peers: [{}],
      restricted: false,
      route: { hosts, gateway },
    });
    expect(Exposure.gateway({ hosts })._model.route).toEqual({ hosts, gateway: undefined });
  });

  it('keeps what it was given', () => {
    const hosts = ['a.example.com'];
    const exposure = Exposure.gateway({ hosts });
    hosts.push('b.example.com');
    expect(exposure._model.route!.hosts).toEqual(['a.example.com']);
  });

  it.each(['a', 'a.b', '0.example.com', 'a-b.example.com', '*.example.com', 'xn--bcher-kva.example', 'a'.repeat(63)])(
    'takes the host %s',
    (host) => {
      expect(Exposure.gateway({ hosts: [host] })._model.route!.hosts).toEqual([host]);
    },
  );

  it.each([
    '',
    '*',
    '*.',
    'a.*.b',
    '*a.example.com',
    'A.example.com',
    'a_b.example.com',
    'a..b',
    '.a',
    'a.',
    '-a.b',
    'a-.b',
    'a b',
    'https://a.b',
    'a.b:80',
    'a.b/c',
    '10.0.0.1',
    'bücher.example',
    'a'.repeat(64),
    `${'a.'.repeat(127)}a`,
  ])('fails on the host %j', (host) => {
    expect(() => Exposure.gateway({ hosts: [host] })).toThrow(
      "[InvalidName] 'hosts' must be a name of a host in lower-case letters, as rag.example.com",
    );
  });

  it('fails on no host, and on one twice', () => {
    expect(() => Exposure.gateway({ hosts: [] })).toThrow(
      "[EmptyList] 'hosts' must not be empty; a route without a host would take those of all others",
    );
    expect(() => Exposure.gateway({ hosts: ['a.b', 'c.d', 'a.b'] })).toThrow(
      '[DuplicateKey] \'hosts\' must state "a.b" once, got it twice; state each once',
    );
  });
});
