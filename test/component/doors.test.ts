import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  type ExposureBinding,
  Gateway,
  NetworkPeer,
  SecretRef,
  Tls,
} from '../../lib';
import { answerOf } from '../../lib/component/answer';
import { doorPeers, doorTimes, keepAliveBehind, removalBehind, resolveDoors } from '../../lib/component/doors';

const hosts = ['rag.example.com'];
const subnetCidrs = ['10.0.0.0/20'];
const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/a';
const envoy = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 3 });
const standard = Gateway.standard({ name: 'public', namespace: 'gateways' });
const custom = Exposure.custom({ bind: (): ExposureBinding => expect.fail('not to be bound here') });

const resolve = (exposure: Exposure, props: ClusterProfileProps = {}) =>
  resolveDoors(exposure._model, new ClusterProfile(props));
const only = (exposure: Exposure, props?: ClusterProfileProps) => resolve(exposure, props)[0]!;
const whole = (seconds: number) => answerOf('traffic', seconds, undefined);
const stream = (seconds: number, total: number, idleSeconds?: number) =>
  answerOf('traffic', seconds, { maxDurationSeconds: total, idleSeconds });

describe('resolveDoors', () => {
  it('takes the gateway of the exposure before that of the cluster', () => {
    expect(only(Exposure.gateway({ hosts, gateway: envoy }), { gateway: standard })).toMatchObject({
      kind: 'envoy-gateway',
      gateway: envoy._model,
      proxies: 3,
    });
  });

  it('takes the gateway of the cluster, which says how many proxies there are only where it knows', () => {
    const door = only(Exposure.gateway({ hosts }), { gateway: standard });
    expect(door).toMatchObject({ kind: 'gateway-api', gateway: standard._model });
    expect(door).not.toHaveProperty('proxies');
    expect(door).not.toHaveProperty('key');
  });

  it('fails without a gateway', () => {
    expect(() => resolve(Exposure.gateway({ hosts }))).toThrow(
      "[ClusterLacks] 'exposure.gateway' must have 'gateway' in the ClusterProfile, got none; state it there, or in Exposure.gateway()",
    );
  });

  it.each([
    ['network', () => Exposure.networkLoadBalancer()],
    ['application', () => Exposure.applicationLoadBalancer({ hosts })],
  ])('fails where nobody knows the subnets of the %s load balancer', (_, exposure) => {
    expect(() => resolve(exposure())).toThrow(
      "[ClusterLacks] 'exposure.subnetCidrs' must have 'loadBalancerCidrs' in the ClusterProfile, got none; state it there, or in the exposure: pods let in nobody else",
    );
  });

  it('takes the subnets of the exposure before those of the cluster', () => {
    const props = { loadBalancerCidrs: ['10.1.0.0/16', '10.2.0.0/16'] };
    expect(only(Exposure.networkLoadBalancer(), props).door).toMatchObject({ subnetCidrs: props.loadBalancerCidrs });
    expect(only(Exposure.networkLoadBalancer({ subnetCidrs }), props).door).toMatchObject({ subnetCidrs });
  });

  it.each([
    [undefined, undefined],
    [2, 2],
  ])('knows %s controllers of ingress-nginx', (controllers, proxies) => {
    const door = only(Exposure.ingressNginx({ hosts, ...(controllers !== undefined && { controllers }) }));
    expect(door.proxies).toBe(proxies);
  });

  it('keeps the keys of several doors, in one order, and names them in errors', () => {
    const several = (internal: Exposure) => Exposure.several({ public: Exposure.gateway({ hosts }), internal });
    const doors = resolve(several(Exposure.inCluster()), { gateway: standard });
    expect(doors.map(({ key, kind }) => [key, kind])).toEqual([
      ['internal', 'in-cluster'],
      ['public', 'gateway-api'],
    ]);
    expect(() => resolve(several(Exposure.inCluster()))).toThrow("[ClusterLacks] 'exposure.public.gateway'");
    expect(() => resolve(several(Exposure.networkLoadBalancer()), { gateway: standard })).toThrow(
      "[ClusterLacks] 'exposure.internal.subnetCidrs'",
    );
  });
});

describe('doorTimes', () => {
  // Every hop waits longer than the one behind it: 5 s each.
  it('of Envoy Gateway leave 5 s to each hop, in one time for all tries', () => {
    expect(doorTimes(only(Exposure.gateway({ hosts, gateway: envoy })), whole(60))).toStrictEqual({
      request: 70,
      silence: 70,
      idle: 60,
      removal: 10,
    });
  });

  it('of Envoy Gateway bound the silence of streams by itself', () => {
    expect(doorTimes(only(Exposure.gateway({ hosts, gateway: envoy })), stream(60, 900, 120))).toStrictEqual({
      request: 910,
      silence: 130,
      idle: 60,
      removal: 10,
    });
  });

  it('of any other gateway say nothing of silence, for which Gateway API has no word', () => {
    expect(doorTimes(only(Exposure.gateway({ hosts, gateway: standard })), whole(59.5))).toStrictEqual({
      backendRequest: 65,
      request: 70,
      removal: 10,
    });
  });

  it('of ingress-nginx are the time between two reads', () => {
    const door = only(Exposure.ingressNginx({ hosts }));
    expect(doorTimes(door, whole(60))).toStrictEqual({ silence: 70, removal: 10 });
    expect(doorTimes(door, stream(60, 900))).toStrictEqual({ silence: 70, removal: 10 });
  });

  it.each([
    [0.5, 60],
    [50, 60],
    [51, 61],
    [3990, 4000],
  ])('of an Application Load Balancer, for %d s, are idle for %d s', (timeout, idle) => {
    const door = only(Exposure.applicationLoadBalancer({ hosts, subnetCidrs }));
    expect(doorTimes(door, whole(timeout))).toStrictEqual({ silence: idle, idle, removal: 30 });
  });

  // It goes on opening connections for two minutes, as the AWS Load Balancer Controller's issue 2366 measures.
  it.each([
    [1, 350],
    [340, 350],
    [341, 351],
    [5990, 6000],
  ])('of a Network Load Balancer, for %d s, are silent for %d s', (timeout, silence) => {
    const door = only(Exposure.networkLoadBalancer({ subnetCidrs }));
    expect(doorTimes(door, whole(timeout))).toStrictEqual({ silence, removal: 130 });
  });

  it('of a Network Load Balancer that ends TLS are 350 s, which is fixed', () => {
    const door = only(Exposure.networkLoadBalancer({ subnetCidrs, tls: Tls.acm([ARN]) }));
    expect(doorTimes(door, whole(340))).toStrictEqual({ silence: 350, removal: 130 });
    expect(doorTimes(door, stream(340, 86_400))).toStrictEqual({ silence: 350, removal: 130 });
  });

  it.each([
    [
      'ALB',
      Exposure.applicationLoadBalancer({ hosts, subnetCidrs }),
      3990.1,
      "[TooSilent] 'exposure' must not leave a connection silent for 4001 s: Exposure.applicationLoadBalancer() cuts it after 4000 s; lower the timeout, or let answers come in pieces with a shorter `streaming.idleTimeout`",
    ],
    [
      'NLB',
      Exposure.networkLoadBalancer({ subnetCidrs }),
      5991,
      "[TooSilent] 'exposure' must not leave a connection silent for 6001 s: Exposure.networkLoadBalancer() cuts it after 6000 s; lower the timeout, or let answers come in pieces with a shorter `streaming.idleTimeout`",
    ],
    [
      'NLB with TLS',
      Exposure.networkLoadBalancer({ subnetCidrs, tls: Tls.acm([ARN]) }),
      341,
      "[TooSilent] 'exposure' must not leave a connection silent for 351 s: Exposure.networkLoadBalancer() cuts it after 350 s; lower the timeout, end TLS elsewhere, or use Exposure.gateway()",
    ],
  ])('fail where an %s would cut a request that is at work', (_, exposure, timeout, message) => {
    expect(() => doorTimes(only(exposure), whole(timeout))).toThrow(message);
  });

  it('fail with the key of the door where there are several', () => {
    const several = Exposure.several({ wide: Exposure.networkLoadBalancer({ subnetCidrs }) });
    expect(() => doorTimes(only(several), whole(6000))).toThrow("[TooSilent] 'exposure.wide'");
  });

  it('of what knows no requests say when it stops sending, and no more', () => {
    const sourceCidrs = ['0.0.0.0/0'];
    expect(doorTimes(only(Exposure.loadBalancer({ sourceCidrs })), whole(60))).toStrictEqual({ removal: 30 });
    expect(doorTimes(only(Exposure.inCluster()), whole(60))).toStrictEqual({ removal: 10 });
    expect(doorTimes(only(custom), whole(60))).toStrictEqual({ removal: 10 });
  });
});

describe('pods behind doors', () => {
  it.each([
    [[], 75],
    [[{ removal: 10 }], 75],
    [[{ removal: 10, idle: 60 }], 75],
    [[{ removal: 10, idle: 59 }], 75],
    [
      [
        { removal: 10, idle: 60 },
        { removal: 30, idle: 310 },
      ],
      325,
    ],
  ])('keep idle connections longer than each of them: %j', (times, keepAlive) => {
    expect(keepAliveBehind(times)).toBe(keepAlive);
  });

  it.each([
    [[], 10],
    [[{ removal: 5 }], 10],
    [[{ removal: 30 }, { removal: 10 }], 30],
  ])('go on for as long as any of them sends: %j', (times, removal) => {
    expect(removalBehind(times)).toBe(removal);
  });
});

describe('doorPeers', () => {
  it.each<[string, Exposure, object[]]>([
    ['the same namespace', Exposure.inCluster(), [{}]],
    [
      'who is stated',
      Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('web'), NetworkPeer.cidr('10.0.0.0/8')] }),
      [{ namespace: 'web' }, { cidr: '10.0.0.0/8' }],
    ],
    [
      'proxies of Envoy Gateway',
      Exposure.gateway({ hosts, gateway: envoy }),
      [
        {
          namespace: 'envoy-gateway-system',
          podLabels: {
            'gateway.envoyproxy.io/owning-gateway-name': 'public',
            'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
          },
        },
      ],
    ],
    [
      'proxies of another gateway',
      Exposure.gateway({ hosts, gateway: standard }),
      [{ namespace: 'gateways', podLabels: { 'gateway.networking.k8s.io/gateway-name': 'public' } }],
    ],
    [
      'subnets of a Network Load Balancer',
      Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/20', '10.0.16.0/20'], sourceCidrs: ['192.0.2.0/24'] }),
      [{ cidr: '10.0.0.0/20' }, { cidr: '10.0.16.0/20' }],
    ],
    [
      'subnets of an Application Load Balancer',
      Exposure.applicationLoadBalancer({ hosts, subnetCidrs }),
      [{ cidr: '10.0.0.0/20' }],
    ],
    [
      'controllers of ingress-nginx',
      Exposure.ingressNginx({ hosts, tls: Tls.secret(SecretRef.named('a')) }),
      [
        {
          namespace: 'ingress-nginx',
          podLabels: { 'app.kubernetes.io/component': 'controller', 'app.kubernetes.io/name': 'ingress-nginx' },
        },
      ],
    ],
    [
      'clients themselves',
      Exposure.loadBalancer({ sourceCidrs: ['192.0.2.0/24', '198.51.100.0/24'] }),
      [{ cidr: '192.0.2.0/24' }, { cidr: '198.51.100.0/24' }],
    ],
    ['nobody, before a door of the user says who', custom, []],
  ])('are %s', (_, exposure, peers) => {
    expect(doorPeers(only(exposure))).toStrictEqual(peers);
  });
});

describe('times', () => {
  const properties = fc.record({
    timeout: fc.double({ min: 0.001, max: 339, noNaN: true }),
    streaming: fc.option(fc.tuple(fc.integer({ min: 339, max: 86_400 }), fc.integer({ min: 339, max: 340 }))),
    exposure: fc.constantFrom(
      Exposure.gateway({ hosts, gateway: envoy }),
      Exposure.gateway({ hosts, gateway: standard }),
      Exposure.ingressNginx({ hosts }),
      Exposure.applicationLoadBalancer({ hosts, subnetCidrs }),
      Exposure.networkLoadBalancer({ subnetCidrs, tls: Tls.acm([ARN]) }),
    ),
  });

  it('increase outward, and idle ones decrease, for every door and answer', () => {
    fc.assert(
      fc.property(properties, ({ timeout, streaming, exposure }) => {
        const answer = streaming === null ? whole(timeout) : stream(timeout, ...streaming);
        const times = doorTimes(only(exposure), answer);
        const { backendRequest, request, silence, idle = 0 } = times;
        if (request !== undefined) {
          expect(backendRequest ?? request).toBeGreaterThan(answer.total);
          expect(request).toBeGreaterThan(backendRequest ?? answer.total);
        }
        if (silence !== undefined) expect(silence).toBeGreaterThan(answer.silence);
        expect(keepAliveBehind([times])).toBeGreaterThan(idle);
      }),
    );
  });
});
