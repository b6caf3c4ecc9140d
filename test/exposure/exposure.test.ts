import { describe, expect, it } from 'vitest';
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
