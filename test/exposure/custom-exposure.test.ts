import { ApiObject, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  Exposure,
  type ExposureBinding,
  type ExposureTarget,
  type IExposure,
  LoadBalancing,
  NetworkPeer,
  type TrafficPolicy,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

/** A door of the user's own, as an implementation of something that the library does not know. */
class Tunnel implements IExposure {
  target?: ExposureTarget;

  constructor(private readonly said: Partial<ExposureBinding> = {}) {}

  bind(scope: Construct, target: ExposureTarget): ExposureBinding {
    this.target = target;
    new ApiObject(scope, 'tunnel', {
      apiVersion: 'example.com/v1',
      kind: 'Tunnel',
      metadata: { name: target.name },
      spec: { service: target.serviceName, port: target.port },
    });
    return {
      peers: [NetworkPeer.namespace('tunnels')],
      requestTimeout: Duration.seconds(90),
      connectionIdleTimeout: Duration.seconds(30),
      ...this.said,
    };
  }
}

const deploy = (tunnel: Tunnel, traffic: TrafficPolicy = {}) =>
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', {
      bento: single(),
      exposure: Exposure.custom(tunnel),
      apiServer: { traffic, servicePort: 80 },
    });
  });

describe('Exposure.custom', () => {
  it('tells the door what it leads to', () => {
    const tunnel = new Tunnel();
    deploy(tunnel);
    const { requestTimeout, keepAlive, endpointRemoval, podSelector, ...target } = tunnel.target!;
    expect(target).toEqual({
      name: 'rag',
      serviceName: 'rag',
      port: 80,
      containerPort: 3000,
      healthPath: '/readyz',
      namespace: 'ml',
    });
    expect(podSelector).toMatchObject({ 'app.kubernetes.io/instance': 'rag' });
    expect(requestTimeout.toSeconds()).toBe(60);
    expect(keepAlive.toSeconds()).toBeGreaterThan(30);
    expect(endpointRemoval.toSeconds()).toBeGreaterThan(0);
  });

  it('has the objects of the door, and lets in whom it names', () => {
    const objects = deploy(new Tunnel());
    expect(objects.get('Tunnel', 'rag').spec).toEqual({ service: 'rag', port: 80 });
    expect(objects.peers('rag')).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'tunnels' } },
    });
  });

  it('fails on a door that gives up before the pods do', () => {
    expect(() => deploy(new Tunnel({ requestTimeout: Duration.seconds(60) }))).toThrow(
      "[HopOrder] 'requestTimeout' of the custom exposure must be above that of rag (60 s), got 60 s",
    );
    expect(() => deploy(new Tunnel({ requestTimeout: Duration.seconds(61) }))).not.toThrow();
  });

  it('fails on a door that keeps connections which pods close', () => {
    const tunnel = new Tunnel();
    deploy(tunnel);
    const { keepAlive } = tunnel.target!;
    const seconds = keepAlive.toSeconds();
    expect(() => deploy(new Tunnel({ connectionIdleTimeout: keepAlive }))).toThrow(
      `[KeepAliveOrder] the custom exposure must close idle connections before rag does (${seconds} s), got ${seconds} s`,
    );
    expect(() => deploy(new Tunnel({ connectionIdleTimeout: Duration.seconds(seconds - 1) }))).not.toThrow();
  });

  it('fails on hosts that are none', () => {
    expect(() => deploy(new Tunnel({ hosts: ['Rag'] }))).toThrow("[InvalidName] 'hosts' must be a name of a host");
  });

  it('fails on what the door would have to do itself', () => {
    expect(() => deploy(new Tunnel(), { loadBalancing: LoadBalancing.roundRobin() })).toThrow(
      "[NotByEngine] 'apiServer.traffic.loadBalancing'",
    );
  });
});

describe('a door of plain JavaScript', () => {
  const bound = (said: unknown) => () =>
    synthesize((chart) => {
      const exposure = Exposure.custom({ bind: () => said as ExposureBinding });
      new BentoDeployment(chart, 'Rag', { bento: single(), exposure });
    });
  const peers = [NetworkPeer.namespace('tunnels')];

  it.each([
    [undefined, 'peers'],
    [null, 'peers'],
    [{}, 'peers'],
    [{ peers }, 'requestTimeout'],
    [{ peers, requestTimeout: Duration.seconds(90), connectionIdleTimeout: null }, 'connectionIdleTimeout'],
  ])('fails where it does not say what it is: %#', (said, field) => {
    expect(bound(said)).toThrow(
      `[MissingOption] '${field}' must be given in what bind() of the custom exposure returns; ` +
        'return `peers`, `requestTimeout` and `connectionIdleTimeout` (at test/Rag)',
    );
  });
});
