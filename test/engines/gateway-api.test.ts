import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  Gateway,
} from '../../lib';
import type { DoorBackend, DoorObject } from '../../lib/component/door';
import { gatewayDuration, gatewayRouteObjects } from '../../lib/engines/gateway-api';
import type { GatewayDoor } from '../../lib/exposure/door-model';
import { single } from '../bentos';
import type { Body } from '../cluster/client';
import { synthesize } from '../tree';
import { doorContext } from './door-context';

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
          timeouts: { backendRequest: '65s', request: '70s' },
        },
      ],
    });
  });

  it.each([
    [{ traffic: { timeout: Duration.minutes(10) } }, '605s', '610s'],
    [{ traffic: { timeout: Duration.millis(500) } }, '6s', '11s'],
    [{ traffic: { streaming: { maxDuration: Duration.minutes(30) } } }, '1805s', '1810s'],
  ])('waits longer than the API server, however long that is: %j', (apiServer, backendRequest, request) => {
    expect(deploy({ exposure, apiServer }).get('HTTPRoute', 'rag').spec.rules[0].timeouts).toEqual({
      backendRequest,
      request,
    });
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
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gateways' } },
        podSelector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'public' } },
      },
      { podSelector: {} },
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

const HOSTS = ['rag.example.com'];
const PLACE = { name: 'public', namespace: 'gateways' };
const known = Gateway.standard({ ...PLACE, httpsListener: 'https', httpListener: 'http' });
const made = (door: Partial<GatewayDoor> = {}, to = gateway, context: Parameters<typeof doorContext>[0] = {}) =>
  gatewayRouteObjects({ kind: 'gateway', hosts: HOSTS, redirect: true, ...door }, to._model, doorContext(context));
const names = (objects: readonly DoorObject[]) => objects.map(({ kind, name }) => `${kind} ${name}`);
const specOf = (objects: readonly DoorObject[], kind: string, name = 'rag') =>
  objects.find((object) => object.kind === kind && object.name === name)!.content.spec as Body;
const parent = (sectionName?: string) => ({
  group: 'gateway.networking.k8s.io',
  kind: 'Gateway',
  ...PLACE,
  ...(sectionName !== undefined && { sectionName }),
});
const EVERYTHING = [{ path: { type: 'PathPrefix', value: '/' } }];

// HTTPRouteTimeouts: backendRequest is of one try, request of all of them, and the former at most the latter.
describe('the times of a route', () => {
  it('are those of one try and of all', () => {
    expect(specOf(made(), 'HTTPRoute').rules[0].timeouts).toEqual({ backendRequest: '65s', request: '70s' });
  });

  it('never give one try more than all', () => {
    const objects = made({}, gateway, { requestSeconds: 30 });
    expect(specOf(objects, 'HTTPRoute').rules[0].timeouts).toEqual({ request: '30s' });
  });
});

// GEP-2257: at most four pairs of up to five digits and a unit out of h, m, s and ms.
describe('gatewayDuration', () => {
  it.each([
    [0, '0s'],
    [0.001, '1ms'],
    [0.5, '500ms'],
    [1, '1s'],
    [1.5, '1s500ms'],
    [65.0000001, '65s'],
    [0.0004, '1ms'],
    [3600, '3600s'],
    [99_999, '99999s'],
    [100_000, '27h46m40s'],
    [172_800, '48h'],
    [360_061.25, '100h1m1s250ms'],
  ])('writes %d s as %s', (seconds, text) => {
    expect(gatewayDuration(seconds)).toBe(text);
  });

  it('writes what Gateway API takes, and never less than it should', () => {
    const units: { [unit: string]: number } = { h: 3600, m: 60, s: 1, ms: 0.001 };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 3e8, noNaN: true }), (seconds) => {
        const text = gatewayDuration(seconds);
        expect(text).toMatch(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/);
        const pairs = [...text.matchAll(/(\d+)(ms|h|m|s)/g)];
        const back = pairs.reduce((sum, [, value, unit]) => sum + Number(value) * units[unit!]!, 0);
        expect(back).toBeGreaterThan(seconds - 1e-5);
        expect(back).toBeLessThan(seconds + 0.0011);
      }),
    );
  });
});

describe('the listeners of a route', () => {
  it('are all where nothing is known of them, with no redirect', () => {
    const objects = made();
    expect(names(objects)).toEqual(['HTTPRoute rag']);
    expect(specOf(objects, 'HTTPRoute').parentRefs).toEqual([parent()]);
  });

  it('are that for https, and plain http is redirected', () => {
    const objects = made({}, known);
    expect(names(objects)).toEqual(['HTTPRoute rag', 'HTTPRoute rag-redirect']);
    expect(specOf(objects, 'HTTPRoute').parentRefs).toEqual([parent('https')]);
    expect(specOf(objects, 'HTTPRoute', 'rag-redirect')).toEqual({
      hostnames: HOSTS,
      parentRefs: [parent('http')],
      rules: [
        {
          filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }],
          matches: EVERYTHING,
        },
      ],
    });
  });

  it('are those that are stated, whatever the Gateway knows', () => {
    const tls = { kind: 'listener', name: 'secure', httpListener: 'plain' } as const;
    const objects = made({ tls }, known);
    expect(specOf(objects, 'HTTPRoute').parentRefs).toEqual([parent('secure')]);
    expect(specOf(objects, 'HTTPRoute', 'rag-redirect').parentRefs).toEqual([parent('plain')]);
    const { httpListener: _, ...alone } = tls;
    expect(names(made({ tls: alone }, known))).toEqual(['HTTPRoute rag']);
  });

  it('are no more than those for https where no redirect is wanted', () => {
    const objects = made({ redirect: false }, known);
    expect(names(objects)).toEqual(['HTTPRoute rag']);
    expect(specOf(objects, 'HTTPRoute').parentRefs).toEqual([parent('https')]);
  });

  it('are those that take its hosts', () => {
    const listeners = {
      https: [
        { name: 'one', hostname: 'rag.example.com' },
        { name: 'two', hostname: 'chat.example.com' },
        { name: 'all', hostname: '*.example.com' },
      ],
      http: [{ name: 'other', hostname: 'other.example.com' }],
    };
    const objects = made({}, Gateway._knowing(gateway, { listeners }));
    expect(names(objects)).toEqual(['HTTPRoute rag']);
    expect(specOf(objects, 'HTTPRoute').parentRefs).toEqual([parent('one'), parent('all')]);
  });
});

// ListenerSet, v1 from Gateway API 1.5 on: listeners in another namespace than their Gateway, with Secrets of that.
describe("a door's own certificate", () => {
  const tls = { kind: 'secret', secret: 'rag-tls' } as const;
  const hosts = ['rag.example.com', '*.rag.example.com'];
  const own = { group: 'gateway.networking.k8s.io', kind: 'ListenerSet', name: 'rag' };
  const listener = (index: number, scheme: 'https' | 'http') => ({
    name: `${scheme}-${index}`,
    hostname: hosts[index],
    port: scheme === 'https' ? 443 : 80,
    protocol: scheme.toUpperCase(),
    ...(scheme === 'https' && {
      tls: { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: 'rag-tls' }] },
    }),
    allowedRoutes: { namespaces: { from: 'Same' } },
  });

  it('is in listeners of its hosts, which the Gateway takes up', () => {
    const objects = made({ tls, hosts });
    expect(names(objects)).toEqual(['ListenerSet rag', 'HTTPRoute rag', 'HTTPRoute rag-redirect']);
    expect(specOf(objects, 'ListenerSet')).toEqual({
      parentRef: parent(),
      listeners: [listener(0, 'https'), listener(0, 'http'), listener(1, 'https'), listener(1, 'http')],
    });
    expect(specOf(objects, 'HTTPRoute').parentRefs).toEqual([
      { ...own, sectionName: 'https-0' },
      { ...own, sectionName: 'https-1' },
    ]);
    expect(specOf(objects, 'HTTPRoute', 'rag-redirect').parentRefs).toEqual([
      { ...own, sectionName: 'http-0' },
      { ...own, sectionName: 'http-1' },
    ]);
  });

  it('has no listener for plain http without a redirect', () => {
    const objects = made({ tls, hosts, redirect: false });
    expect(names(objects)).toEqual(['ListenerSet rag', 'HTTPRoute rag']);
    expect(specOf(objects, 'ListenerSet').listeners).toEqual([listener(0, 'https'), listener(1, 'https')]);
  });

  // Listeners of a Gateway come before those of a ListenerSet for the same port and host.
  it('redirects from the listener for plain http that the Gateway has', () => {
    const objects = made({ tls, hosts }, known);
    expect(specOf(objects, 'ListenerSet').listeners).toEqual([listener(0, 'https'), listener(1, 'https')]);
    expect(specOf(objects, 'HTTPRoute', 'rag-redirect').parentRefs).toEqual([parent('http')]);
  });
});

// GRPCRoute of gateway.networking.k8s.io/v1: no timeouts; without matches it takes every call.
describe('a GRPCRoute', () => {
  it('leads to the further port, and plain http is redirected by an HTTPRoute', () => {
    const objects = made({ grpcPort: 50_051 }, known);
    expect(names(objects)).toEqual(['GRPCRoute rag', 'HTTPRoute rag-redirect']);
    expect(specOf(objects, 'GRPCRoute')).toEqual({
      hostnames: HOSTS,
      parentRefs: [parent('https')],
      rules: [{ backendRefs: [{ group: '', kind: 'Service', name: 'rag', port: 50_051, weight: 1 }] }],
    });
  });
});

describe('what Services get', () => {
  it('is shared out by weights, of which 0 is none', () => {
    const backends = [
      { service: 'rag', port: 80, weight: 90 },
      { service: 'rag-canary', port: 80, weight: 0 },
    ];
    const [rule] = specOf(made({}, gateway, { backends }), 'HTTPRoute').rules;
    expect(rule.backendRefs).toEqual([
      { group: '', kind: 'Service', name: 'rag', port: 80, weight: 90 },
      { group: '', kind: 'Service', name: 'rag-canary', port: 80, weight: 0 },
    ]);
  });

  it('is everything but a JSON Web Token', () => {
    const jwt = { kind: 'jwt', issuer: 'a', jwksUrl: 'https://a/keys' } as const;
    const remove = [{ type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['Authorization'] } }];
    for (const [kind, grpcPort] of [['HTTPRoute'], ['GRPCRoute', 50_051]] as const) {
      expect(specOf(made({ grpcPort, authentication: jwt }, known), kind).rules[0].filters).toEqual(remove);
      const keys = { kind: 'api-keys', secret: 'keys', header: 'x-api-key' } as const;
      expect(specOf(made({ grpcPort, authentication: keys }, known), kind).rules[0]).not.toHaveProperty('filters');
    }
  });
});

// HTTPRouteRule: precedence is given to the match with the most headers, then parameters; then to the first in the list.
describe('a route that shares requests out', () => {
  const backend = (key: string, more: object = {}) => ({ service: `rag-${key}`, port: 80, key, ...more });
  const chosen = (key: string, kind: 'header' | 'query' | 'cookie', name: string, value = '2') => ({
    key,
    match: { kind, name, value },
    backend: backend(key),
  });
  const mirror = (key: string, percent: number) => ({ key, backend: backend(key), percent });
  const matched = [chosen('a', 'query', 'v'), chosen('b', 'cookie', 'v', '2.0'), chosen('c', 'header', 'x-v')];
  const mirrors = [mirror('m', 100), mirror('n', 5), mirror('o', 0)];
  const backends = [
    { service: 'rag', port: 80, weight: 90 },
    { ...backend('d'), weight: 10 },
  ];
  const service = (name: string, port = 80) => ({ group: '', kind: 'Service', name, port });
  const rules = (context: object, door: Partial<GatewayDoor> = {}, kind = 'HTTPRoute'): Body[] =>
    specOf(made(door, gateway, context), kind).rules;

  it('has the rule of all requests first, then those that win over it, in their order', () => {
    const times = { timeouts: { backendRequest: '65s', request: '70s' } };
    const rule = (name: string, match: object) => ({
      backendRefs: [{ ...service(name), weight: 1 }],
      matches: [{ ...EVERYTHING[0], ...match }],
      ...times,
    });
    expect(rules({ backends, matched })).toEqual([
      {
        backendRefs: [
          { ...service('rag'), weight: 90 },
          { ...service('rag-d'), weight: 10 },
        ],
        matches: EVERYTHING,
        ...times,
      },
      rule('rag-c', { headers: [{ name: 'x-v', type: 'Exact', value: '2' }] }),
      rule('rag-b', {
        headers: [{ name: 'Cookie', type: 'RegularExpression', value: '^(.*;[ \\t]*)?v=2\\.0([ \\t]*;.*)?$' }],
      }),
      rule('rag-a', { queryParams: [{ name: 'v', type: 'Exact', value: '2' }] }),
    ]);
  });

  it('copies requests of all rules, and names nobody who gets none', () => {
    const copies = [
      { type: 'RequestMirror', requestMirror: { backendRef: service('rag-m'), percent: 100 } },
      { type: 'RequestMirror', requestMirror: { backendRef: service('rag-n'), percent: 5 } },
    ];
    const found = rules({ matched, mirrors });
    expect(found).toHaveLength(4);
    for (const { filters } of found) expect(filters).toEqual(copies);
    for (const rule of rules({ mirrors: [mirror('o', 0)] })) expect(rule).not.toHaveProperty('filters');
  });

  it('keeps tokens from all of them', () => {
    const jwt = { kind: 'jwt', issuer: 'a', jwksUrl: 'https://a/keys' } as const;
    const [first, ...others] = rules({ matched, mirrors }, { authentication: jwt });
    expect(first!.filters[0]).toEqual({
      type: 'RequestHeaderModifier',
      requestHeaderModifier: { remove: ['Authorization'] },
    });
    for (const { filters } of others) expect(filters).toEqual(first!.filters);
  });

  // "RequestHeaderModifier filter cannot be repeated": a rule has one for both.
  it('says what is behind them which version is meant: by the rule where there is one backend, else by each', () => {
    const jwt = { kind: 'jwt', issuer: 'a', jwksUrl: 'https://a/keys' } as const;
    const set = (value: string) => [{ name: 'x-version', value }];
    const told = (key: string, weight?: number): DoorBackend => ({
      service: 'holder',
      port: 80,
      setHeaders: { 'x-version': key },
      ...(weight !== undefined && { weight }),
    });
    const filter = (requestHeaderModifier: object) => ({ type: 'RequestHeaderModifier', requestHeaderModifier });
    const header = { ...matched[2]!, backend: told('c') };
    for (const [withheld, authentication] of [
      [{}, undefined],
      [{ remove: ['Authorization'] }, jwt],
    ] as const) {
      const [all, of] = rules({ backends: [told('main', 90), told('v2', 10)], matched: [header] }, { authentication });
      expect(all!.filters).toEqual(authentication === undefined ? undefined : [filter(withheld)]);
      expect(all!.backendRefs.map(({ filters, weight }: Body) => [filters, weight])).toEqual([
        [[filter({ set: set('main') })], 90],
        [[filter({ set: set('v2') })], 10],
      ]);
      expect(of!.filters).toEqual([filter({ ...withheld, set: set('c') })]);
      expect(of!.backendRefs[0]).not.toHaveProperty('filters');
      const [alone] = rules({ backends: [told('main')] }, { authentication });
      expect(alone!.filters).toEqual([filter({ ...withheld, set: set('main') })]);
    }
  });

  it('is one of gRPC, by headers and to its port', () => {
    const context = { backends, matched: [matched[2]!], mirrors: [mirror('m', 50)] };
    const filters = [{ type: 'RequestMirror', requestMirror: { backendRef: service('rag-m', 50_051), percent: 50 } }];
    expect(rules(context, { grpcPort: 50_051 }, 'GRPCRoute')).toEqual([
      {
        backendRefs: [
          { ...service('rag', 50_051), weight: 90 },
          { ...service('rag-d', 50_051), weight: 10 },
        ],
        filters,
      },
      {
        backendRefs: [{ ...service('rag-c', 50_051), weight: 1 }],
        filters,
        matches: [{ headers: [{ name: 'x-v', type: 'Exact', value: '2' }] }],
      },
    ]);
  });

  it('has leave to reach all of them', () => {
    const far = { namespace: 'eu' };
    const context = {
      matched: [{ ...matched[0]!, backend: backend('a', far) }],
      mirrors: [{ ...mirror('m', 5), backend: backend('m', far) }],
    };
    expect(specOf(made({}, gateway, context), 'ReferenceGrant', 'ml.rag').to).toEqual(
      ['rag-a', 'rag-m'].map((name) => ({ group: '', kind: 'Service', name })),
    );
  });

  it('has the redirect beside it as ever', () => {
    const redirect = (context: object) => specOf(made({}, known, context), 'HTTPRoute', 'rag-redirect');
    expect(redirect({ backends, matched, mirrors })).toEqual(redirect({}));
  });
});

describe('a ReferenceGrant', () => {
  const backends = [
    { service: 'rag', port: 80 },
    { service: 'own', namespace: 'ml', port: 80 },
    { service: 'b', namespace: 'eu', port: 80 },
    { service: 'a', namespace: 'eu', port: 80 },
    { service: 'a', namespace: 'us', port: 80 },
    { service: 'a', namespace: 'us', port: 81 },
  ];

  it('is in each other namespace that a route leads to', () => {
    const objects = made({}, gateway, { backends }).filter(({ kind }) => kind === 'ReferenceGrant');
    expect(objects.map(({ namespace, name, content }) => [namespace, name, (content.spec as Body).to])).toEqual([
      [
        'eu',
        'ml.rag',
        [
          { group: '', kind: 'Service', name: 'b' },
          { group: '', kind: 'Service', name: 'a' },
        ],
      ],
      ['us', 'ml.rag', [{ group: '', kind: 'Service', name: 'a' }]],
    ]);
  });

  it('is for routes of their kind', () => {
    const of = (grpcPort?: number) =>
      specOf(made({ grpcPort }, gateway, { backends }), 'ReferenceGrant', 'ml.rag').from;
    expect(of()).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ml' }]);
    expect(of(50_051)).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', namespace: 'ml' }]);
  });
  it('lets the routes of one namespace lead to one Service', () => {
    const elsewhere = [{ service: 'door', namespace: 'gates', port: 80 }];
    expect(specOf(made({}, gateway, { backends: elsewhere }), 'ReferenceGrant', 'ml.rag')).toEqual({
      from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ml' }],
      to: [{ group: '', kind: 'Service', name: 'door' }],
    });
  });
});
