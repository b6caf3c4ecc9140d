import { describe, expect, it } from 'vitest';
import { Gateway } from '../../lib/cluster/gateway';
import { Authentication } from '../../lib/exposure/authentication';
import type { IExposure } from '../../lib/exposure/custom-exposure';
import { Exposure } from '../../lib/exposure/exposure';
import type { HostExposureOptions } from '../../lib/exposure/exposure-options';
import { Tls } from '../../lib/exposure/tls';
import { SecretRef } from '../../lib/refs/secret-ref';
import { NetworkPeer } from '../../lib/traffic/network-peer';

const HOSTS = ['rag.example.com'];
const SECRET = Tls.secret(SecretRef.named('rag-tls'));
const KEYS = Authentication.apiKeys(SecretRef.named('rag-keys'));
const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';
const CERTIFICATES = Tls.acm([ARN]);

/** The only door of an exposure. */
function doorOf(exposure: Exposure) {
  const { doors } = exposure._model;
  expect(doors).toHaveLength(1);
  expect(doors[0]!.key).toBeUndefined();
  return doors[0]!.door;
}

describe('Exposure.inCluster', () => {
  it('lets in every pod of the same namespace, and the gateway', () => {
    const door = { kind: 'in-cluster', peers: [{}], restricted: false };
    expect(doorOf(Exposure.inCluster())).toEqual(door);
    expect(doorOf(Exposure.inCluster({}))).toEqual(door);
  });

  it('lets in those that are named, and nobody else', () => {
    const allowFrom = [NetworkPeer.namespace('web'), NetworkPeer.cidr('10.0.0.0/8')];
    expect(doorOf(Exposure.inCluster({ allowFrom }))).toEqual({
      kind: 'in-cluster',
      peers: [{ namespace: 'web' }, { cidr: '10.0.0.0/8' }],
      restricted: true,
    });
  });

  it('lets in nobody where the list is empty', () => {
    expect(doorOf(Exposure.inCluster({ allowFrom: [] }))).toEqual({ kind: 'in-cluster', peers: [], restricted: true });
  });
});

// Hostname of gateway.networking.k8s.io/v1.
describe.each([
  ['gateway', (options: HostExposureOptions) => Exposure.gateway(options)],
  ['applicationLoadBalancer', (options: HostExposureOptions) => Exposure.applicationLoadBalancer(options)],
  ['ingressNginx', (options: HostExposureOptions) => Exposure.ingressNginx(options)],
] as const)('hosts of Exposure.%s', (_, exposed) => {
  it.each(['a', 'a.b', '0.example.com', 'a-b.example.com', '*.example.com', 'xn--bcher-kva.example', 'a'.repeat(63)])(
    'may be %s',
    (host) => {
      expect(doorOf(exposed({ hosts: [host] }))).toMatchObject({ hosts: [host] });
    },
  );

  it.each([
    ...[
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
    ],
    ...['a b', 'https://a.b', 'a.b:80', 'a.b/c', '10.0.0.1', 'bücher.example', 'a'.repeat(64), `${'a.'.repeat(127)}a`],
  ])('fail on %j', (host) => {
    expect(() => exposed({ hosts: [host] })).toThrow(
      "[InvalidName] 'hosts' must be a name of a host in lower-case letters, as rag.example.com",
    );
  });

  it('fail on none, and on one twice', () => {
    expect(() => exposed({ hosts: [] })).toThrow(
      "[EmptyList] 'hosts' must not be empty; a route without a host would take those of all others",
    );
    expect(() => exposed({ hosts: ['a.b', 'c.d', 'a.b'] })).toThrow(
      '[DuplicateKey] \'hosts\' must state "a.b" once, got it twice; state each once',
    );
  });

  it('are kept as they were given', () => {
    const hosts = ['a.example.com'];
    const exposure = exposed({ hosts });
    hosts.push('b.example.com');
    expect(doorOf(exposure)).toMatchObject({ hosts: ['a.example.com'] });
  });
});

describe('Exposure.gateway', () => {
  const unknown = Gateway.standard({ name: 'public', namespace: 'gateways' });
  const known = Gateway.standard({
    name: 'public',
    namespace: 'gateways',
    httpsListener: 'https',
    httpListener: 'http',
  });

  it('leads its hosts in', () => {
    expect(doorOf(Exposure.gateway({ hosts: HOSTS, gateway: unknown }))).toEqual({
      kind: 'gateway',
      hosts: HOSTS,
      gateway: unknown,
      redirect: false,
    });
  });

  it('has what is stated of it', () => {
    expect(doorOf(Exposure.gateway({ hosts: HOSTS, tls: SECRET, authentication: KEYS, grpcPort: 50_051 }))).toEqual({
      kind: 'gateway',
      hosts: HOSTS,
      redirect: true,
      tls: { kind: 'secret', secret: 'rag-tls' },
      authentication: { kind: 'api-keys', secret: 'rag-keys', header: 'x-api-key' },
      grpcPort: 50_051,
    });
  });

  it.each([
    [{ gateway: unknown }, false],
    [{ gateway: unknown, tls: SECRET }, true],
    [{ gateway: unknown, tls: SECRET, redirectHttp: false }, false],
    [{ gateway: known }, true],
    [{ gateway: known, redirectHttp: false }, false],
    // That of the ClusterProfile may know its listeners.
    [{}, true],
  ])('redirects plain http where that may be possible: %#', (options, redirect) => {
    const door = doorOf(Exposure.gateway({ hosts: HOSTS, ...options }));
    expect(door).toMatchObject({ redirect });
    expect(door).not.toHaveProperty('redirectStated');
  });

  it('remembers who asked for the redirect', () => {
    const door = doorOf(Exposure.gateway({ hosts: HOSTS, gateway: known, redirectHttp: true }));
    expect(door).toMatchObject({ redirect: true, redirectStated: true });
  });

  it('fails on a redirect to nowhere', () => {
    expect(() => Exposure.gateway({ hosts: HOSTS, gateway: unknown, redirectHttp: true })).toThrow(
      "[MissingOption] 'tls' must be given with 'redirectHttp'; there is no https to be redirected to without",
    );
  });

  it.each([1, 65_535])('takes the port %d for gRPC', (grpcPort) => {
    expect(doorOf(Exposure.gateway({ hosts: HOSTS, grpcPort }))).toMatchObject({ grpcPort });
  });

  it.each([0, 65_536, 1.5, NaN])('fails on the port %d for gRPC', (grpcPort) => {
    expect(() => Exposure.gateway({ hosts: HOSTS, grpcPort })).toThrow(
      "[OutOfRange] 'grpcPort' must be a whole number",
    );
  });
});

describe('load balancers of AWS', () => {
  const both = [
    ['networkLoadBalancer', (options: object) => Exposure.networkLoadBalancer(options)],
    ['applicationLoadBalancer', (options: object) => Exposure.applicationLoadBalancer({ hosts: HOSTS, ...options })],
  ] as const;

  it.each(both)('are internal, over all zones, for everybody who reaches them: %s', (_, made) => {
    const door = doorOf(made({}));
    expect(door).toMatchObject({ scheme: 'internal', crossZone: true, subnetCidrs: [] });
    expect(door).not.toHaveProperty('sourceCidrs');
  });

  it.each(both)('have what is stated of them: %s', (_, made) => {
    const options = {
      internetFacing: true,
      subnetCidrs: ['10.0.0.0/20'],
      sourceCidrs: ['0.0.0.0/0'],
      tls: CERTIFICATES,
    };
    expect(doorOf(made(options))).toMatchObject({
      scheme: 'internet-facing',
      subnetCidrs: ['10.0.0.0/20'],
      sourceCidrs: ['0.0.0.0/0'],
      tls: { kind: 'acm', arns: [ARN] },
    });
  });

  it.each(both)('fail on blocks that are none: %s', (_, made) => {
    for (const list of ['subnetCidrs', 'sourceCidrs']) {
      expect(() => made({ [list]: [] })).toThrow(`[EmptyList] '${list}' must not be empty; leave it out for`);
      expect(() => made({ [list]: ['10.0.0.0'] })).toThrow(`[InvalidText] '${list}' must be`);
      expect(() => made({ [list]: ['10.0.0.0/8', '10.0.0.0/8'] })).toThrow(`[DuplicateKey] '${list}' must state`);
    }
  });

  // TargetGroup names: at most 32 characters, letters, digits and dashes, none at an end.
  it.each(both)('may be somebody else: %s', (_, made) => {
    for (const targetGroupName of ['rag', 'A1', 'a'.repeat(32)]) {
      expect(doorOf(made({ targetGroupName }))).toMatchObject({ targetGroupName });
    }
    for (const targetGroupName of ['', '-rag', 'rag-', 'a_b', 'a'.repeat(33)]) {
      expect(() => made({ targetGroupName })).toThrow("[InvalidName] 'targetGroupName' must be at most 32 letters");
    }
    for (const [option, value] of Object.entries({
      tls: CERTIFICATES,
      internetFacing: true,
      sourceCidrs: ['10.0.0.0/8'],
      crossZone: true,
    })) {
      expect(() => made({ targetGroupName: 'rag', [option]: value })).toThrow(
        `[ConflictingOptions] '${option}' must not be given together with 'targetGroupName'`,
      );
    }
  });

  it('listen at 80, and with a certificate at 443', () => {
    expect(doorOf(Exposure.networkLoadBalancer())).toMatchObject({ port: 80 });
    expect(doorOf(Exposure.networkLoadBalancer({ tls: CERTIFICATES }))).toMatchObject({ port: 443 });
    for (const port of [1, 65_535]) expect(doorOf(Exposure.networkLoadBalancer({ port }))).toMatchObject({ port });
    for (const port of [0, 65_536, 1.5]) {
      expect(() => Exposure.networkLoadBalancer({ port })).toThrow("[OutOfRange] 'port' must be a whole number");
    }
    expect(() => Exposure.networkLoadBalancer({ port: 80, targetGroupName: 'rag' })).toThrow('[ConflictingOptions]');
  });

  it('know classes and groups of Ingresses', () => {
    expect(doorOf(Exposure.applicationLoadBalancer({ hosts: HOSTS }))).toMatchObject({ className: 'alb' });
    const shared = { hosts: HOSTS, className: 'alb-public', groupName: 'shared' };
    expect(doorOf(Exposure.applicationLoadBalancer(shared))).toMatchObject({
      className: 'alb-public',
      groupName: 'shared',
    });
    for (const groupName of ['', 'A', '-a', 'a-', 'a_b', 'a'.repeat(64)]) {
      expect(() => Exposure.applicationLoadBalancer({ hosts: HOSTS, groupName })).toThrow(
        "[InvalidName] 'groupName' must be at most 63 lower-case letters, digits, dashes and dots",
      );
    }
    expect(() => Exposure.applicationLoadBalancer({ hosts: HOSTS, className: 'A' })).toThrow(
      "[InvalidName] 'className'",
    );
  });

  it('cross zones: an Application Load Balancer always does', () => {
    expect(doorOf(Exposure.networkLoadBalancer({ crossZone: false }))).toMatchObject({ crossZone: false });
    expect(() => Exposure.applicationLoadBalancer({ hosts: HOSTS, crossZone: false })).toThrow(
      "[ConflictingOptions] 'crossZone' must not be given together with 'Exposure.applicationLoadBalancer()'; it always crosses zones",
    );
  });
});

describe.each([
  ['applicationLoadBalancer', Exposure.applicationLoadBalancer, CERTIFICATES],
  ['ingressNginx', Exposure.ingressNginx, SECRET],
] as const)('redirects of Exposure.%s', (_, exposed, tls) => {
  it('come with TLS', () => {
    expect(doorOf(exposed({ hosts: HOSTS }))).toMatchObject({ redirect: false });
    expect(doorOf(exposed({ hosts: HOSTS, tls }))).toMatchObject({ redirect: true });
    expect(doorOf(exposed({ hosts: HOSTS, tls, redirectHttp: false }))).toMatchObject({ redirect: false });
    expect(() => exposed({ hosts: HOSTS, redirectHttp: true })).toThrow(
      "[MissingOption] 'tls' must be given with 'redirectHttp'",
    );
  });
});

describe('Exposure.ingressNginx', () => {
  // Labels and namespace of https://github.com/kubernetes/ingress-nginx, charts/ingress-nginx.
  it('finds the controllers of the Helm chart', () => {
    expect(doorOf(Exposure.ingressNginx({ hosts: HOSTS }))).toEqual({
      kind: 'ingress-nginx',
      hosts: HOSTS,
      className: 'nginx',
      controllerNamespace: 'ingress-nginx',
      controllerLabels: { 'app.kubernetes.io/component': 'controller', 'app.kubernetes.io/name': 'ingress-nginx' },
      redirect: false,
    });
  });

  it('can be told where and how many they are', () => {
    const controllers = { controllerNamespace: 'edge', controllerLabels: { app: 'nginx' }, controllers: 3 };
    expect(doorOf(Exposure.ingressNginx({ hosts: HOSTS, className: 'edge', ...controllers }))).toMatchObject({
      className: 'edge',
      ...controllers,
    });
  });

  it.each([
    [{ className: 'A' }, "[InvalidName] 'className'"],
    [{ controllerNamespace: 'a.b' }, "[InvalidName] 'controllerNamespace'"],
    [{ controllerLabels: { app: 'a b' } }, "[InvalidLabel] 'controllerLabels.app'"],
    [{ controllers: 0 }, "[OutOfRange] 'controllers'"],
    [{ controllers: 1001 }, "[OutOfRange] 'controllers'"],
  ])('fails on %j', (options, message) => {
    expect(() => Exposure.ingressNginx({ hosts: HOSTS, ...options })).toThrow(message);
  });
});

describe('Exposure.loadBalancer', () => {
  it('is for those who are named', () => {
    expect(doorOf(Exposure.loadBalancer({ sourceCidrs: ['0.0.0.0/0'] }))).toEqual({
      kind: 'load-balancer',
      port: 80,
      sourceCidrs: ['0.0.0.0/0'],
      annotations: {},
    });
  });

  it('has what is stated of it, annotations in one order', () => {
    const annotations = { b: '2', a: '1' };
    const options = { sourceCidrs: ['10.0.0.0/8'], port: 443, loadBalancerClass: 'example.com/lb', annotations };
    const door = doorOf(Exposure.loadBalancer(options));
    expect(door).toMatchObject(options);
    expect(Object.keys((door as { annotations: object }).annotations)).toEqual(['a', 'b']);
  });

  it.each([
    [
      { sourceCidrs: [] },
      "[EmptyList] 'sourceCidrs' must not be empty; state who may connect: 0.0.0.0/0 for everybody",
    ],
    [{ sourceCidrs: ['everybody'] }, "[InvalidText] 'sourceCidrs'"],
    [{ sourceCidrs: ['10.0.0.0/8'], port: 0 }, "[OutOfRange] 'port'"],
    [{ sourceCidrs: ['10.0.0.0/8'], port: 65_536 }, "[OutOfRange] 'port'"],
  ])('fails on %j', (options, message) => {
    expect(() => Exposure.loadBalancer(options)).toThrow(message);
  });
});

describe('Exposure.custom', () => {
  it('is the door itself', () => {
    const exposure: IExposure = { bind: () => ({}) as never };
    expect(doorOf(Exposure.custom(exposure))).toEqual({ kind: 'custom', exposure });
  });
});

describe('Exposure.several', () => {
  const internal = Exposure.inCluster();
  const open = Exposure.gateway({ hosts: HOSTS });

  it('tells doors apart by their keys, in one order', () => {
    const { doors } = Exposure.several({ public: open, internal })._model;
    expect(doors.map(({ key, door }) => [key, door.kind])).toEqual([
      ['internal', 'in-cluster'],
      ['public', 'gateway'],
    ]);
  });

  it('fails on none, on keys that head no names, and on several in several', () => {
    expect(() => Exposure.several({})).toThrow(
      "[EmptyList] 'doors' must not be empty; use Exposure.inCluster() for no door",
    );
    for (const key of ['', 'Public', '0', 'a.b']) {
      expect(() => Exposure.several({ [key]: open })).toThrow("[InvalidName] 'doors' must be a DNS label");
    }
    expect(() => Exposure.several({ all: Exposure.several({ public: open }) })).toThrow(
      "[ConflictingOptions] 'doors.all' must not be given together with 'Exposure.several()'; state all doors in one",
    );
  });

  it('fails where one door says who may call, and another that everybody may', () => {
    const restricted = Exposure.inCluster({ allowFrom: [] });
    expect(() => Exposure.several({ a: restricted, b: internal })).toThrow(
      "[ConflictingOptions] 'doors.a' must not be given together with 'doors.b'; who may call is stated once",
    );
    expect(() => Exposure.several({ a: restricted, b: restricted })).not.toThrow();
  });
});

// HTTPRoute: hostnames maxItems 16.
describe('hosts of Exposure.gateway', () => {
  const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example.com`);

  it('are as many as a route has room for', () => {
    expect(() => Exposure.gateway({ hosts: hosts(16) })).not.toThrow();
    expect(() => Exposure.gateway({ hosts: hosts(17) })).toThrow(
      "[OutOfRange] 'hosts' must be at most 16, what a route has room for, got 17; use a wildcard, or a second door by Exposure.several()",
    );
    expect(() => Exposure.ingressNginx({ hosts: hosts(17) })).not.toThrow();
  });
});

describe('a target group of others', () => {
  it('takes nothing that they have', () => {
    expect(() => Exposure.networkLoadBalancer({ targetGroupName: 'rag', port: 80 })).toThrow(
      "[ConflictingOptions] 'port' must not be given together with 'targetGroupName'; it belongs to the load balancer, which is someone else's",
    );
  });
});
