import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterProfile, Gateway, LoadBalancing, RateLimit, RateUnit, SecretRef } from '../../lib';
import type { ResolvedDoor } from '../../lib/component/doors';
import { requirementsOf } from '../../lib/component/requirement';
import {
  requireSplit,
  type Sharer,
  type SplitTraffic,
  shareFeature,
  splitRefusal,
} from '../../lib/component/split-rules';
import { Authentication, type AuthenticationModel } from '../../lib/exposure/authentication';
import { PROXY_SUPPORT, type ProxyKind } from '../../lib/exposure/proxy-support';
import type { RequestMatchModel } from '../../lib/release/split-model';
import { doorContext } from '../engines/door-context';

const hosts = ['rag.example.com'];
const place = { name: 'public', namespace: 'gateways' };
const envoyGateway = Gateway.envoyGateway(place)._model;
const standard = Gateway.standard(place)._model;
const aws = { scheme: 'internal', subnetCidrs: ['10.0.0.0/16'], crossZone: false } as const;

const routed = (kind: 'envoy-gateway' | 'gateway-api', more: object = {}): ResolvedDoor => ({
  kind,
  door: { kind: 'gateway', hosts, redirect: false, ...more },
  gateway: kind === 'envoy-gateway' ? envoyGateway : standard,
});
const balanced = (more: object = {}): ResolvedDoor => ({
  kind: 'application-load-balancer',
  door: { kind: 'application-load-balancer', hosts, className: 'alb', redirect: false, ...aws, ...more },
});
const DOORS: { readonly [kind in ProxyKind]?: ResolvedDoor } = {
  'envoy-gateway': routed('envoy-gateway'),
  'gateway-api': routed('gateway-api'),
  'application-load-balancer': balanced(),
  'ingress-nginx': {
    kind: 'ingress-nginx',
    door: {
      kind: 'ingress-nginx',
      hosts,
      className: 'nginx',
      controllerNamespace: 'ingress-nginx',
      controllerLabels: {},
      redirect: false,
    },
  },
  'network-load-balancer': {
    kind: 'network-load-balancer',
    door: { kind: 'network-load-balancer', port: 80, ...aws },
  },
  'in-cluster': { kind: 'in-cluster', door: { kind: 'in-cluster', peers: [], restricted: false } },
};

const weight = (percent: number, key = 'v2'): Sharer => ({ key, share: { kind: 'weight', percent } });
const by = (kind: RequestMatchModel['kind'], name: string, value = '2', key = 'v2'): Sharer => ({
  key,
  share: { kind: 'match', match: { kind, name, value } },
});
const mirror = (percent: number, key = 'v2'): Sharer => ({ key, share: { kind: 'mirror', percent } });
const why = (door: ProxyKind | ResolvedDoor, others: Sharer[], traffic: SplitTraffic = {}) =>
  splitRefusal(typeof door === 'string' ? DOORS[door]! : door, others, traffic)?.why;
const several = (count: number, of: (key: string, index: number) => Sharer) =>
  Array.from({ length: count }, (_, index) => of(`v${index}`, index));

describe('what a door shares out', () => {
  const shares = [weight(10), by('header', 'x-v'), by('query', 'v'), by('cookie', 'v', 'always'), mirror(10)];

  it.each(Object.keys(DOORS) as ProxyKind[])('is at %s what the support table says', (kind) => {
    for (const sharer of shares) {
      const feature = shareFeature(sharer.share);
      const found = splitRefusal(DOORS[kind]!, [sharer], {});
      expect(found === undefined).toBe(PROXY_SUPPORT[kind].can.includes(feature));
      if (found !== undefined) expect(found).toMatchObject({ property: 'release.versions.v2', feature });
    }
  });

  it('is nothing where there is one version', () => {
    for (const door of Object.values(DOORS)) expect(splitRefusal(door, [], {})).toBeUndefined();
  });

  it('names the first that cannot be', () => {
    const found = splitRefusal(
      DOORS['gateway-api']!,
      [weight(10, 'a'), by('cookie', 'v', '2', 'b'), by('cookie', 'w', '2', 'c')],
      {},
    );
    expect(found).toMatchObject({ property: 'release.versions.b', feature: 'splitByCookie' });
  });

  it.each(['envoy-gateway', 'application-load-balancer'] as const)('is not the same twice: %s', (kind) => {
    expect(why(kind, [by('header', 'x-v', '2', 'a'), by('header', 'X-V', '2', 'b')])).toContain(
      'it takes the same requests as release.versions.b',
    );
    expect(why(kind, [by('header', 'x-v', '2', 'a'), by('header', 'x-v', '3', 'b')])).toBeUndefined();
    expect(why(kind, [by('header', 'v', '2', 'a'), by('query', 'v', '2', 'b')])).toBeUndefined();
  });
});

// HTTPRouteMatch, HTTPHeaderMatch and HTTPQueryParamMatch of Gateway API 1.7.
describe('a route', () => {
  it.each<[Sharer, string | undefined]>([
    [by('header', 'x-v', 'v'.repeat(4096)), undefined],
    [by('header', 'x-v', 'v'.repeat(4097)), 'values of 4096 characters at most, not 4097'],
    [by('query', 'v', 'v'.repeat(1024)), undefined],
    [by('query', 'v', 'v'.repeat(1025)), 'values of 1024 characters at most'],
    [by('query', 'user[id]'), 'takes no name "user[id]"'],
    [by('query', 'v'.repeat(257)), 'takes no name'],
    [by('cookie', 'v', 'v'.repeat(79)), undefined],
    [by('cookie', 'v', 'v'.repeat(80)), 'Envoy takes 80 characters of name and value, not 81'],
    [by('header', 'x_v'), 'answers 400 to all requests that have a header with _'],
    [by('query', 'x_v'), undefined],
  ])('has room: %#', (sharer, expected) => {
    const found = why('envoy-gateway', [sharer]);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(expected);
  });

  it('leaves headers with _ to others than Envoy Gateway', () => {
    expect(why('gateway-api', [by('header', 'x_v')])).toBeUndefined();
  });

  it.each(['envoy-gateway', 'gateway-api'] as const)('has 16 rules, backends and filters: %s', (kind) => {
    const weights = (count: number) => several(count, (key) => weight(1, key));
    expect(why(kind, weights(15))).toBeUndefined();
    expect(why(kind, weights(16))).toBe('it shares requests among 16 Services at most, not 17');
    const matches = (count: number) => several(count, (key, index) => by('header', `x-${index}`, '2', key));
    expect(why(kind, matches(15))).toBeUndefined();
    expect(why(kind, matches(16))).toBe('a route has 15 rules with a match at most');
    const copies = (count: number) => several(count, (key) => mirror(1, key));
    expect(why(kind, copies(15))).toBeUndefined();
    expect(why(kind, copies(16))).toBe('a rule has 15 copies at most');
  });

  it('of gRPC tells requests by headers alone, and is copied by Envoy Gateway', () => {
    const grpc = (kind: 'envoy-gateway' | 'gateway-api') => routed(kind, { grpcPort: 3001 });
    for (const kind of ['envoy-gateway', 'gateway-api'] as const) {
      expect(why(grpc(kind), [weight(10), by('header', 'x-v', '2', 'v3')])).toBeUndefined();
      expect(why(grpc(kind), [by('query', 'v')])).toBe('a route of gRPC tells requests by their headers alone');
    }
    expect(why(grpc('envoy-gateway'), [by('cookie', 'v')])).toBe(
      'a route of gRPC tells requests by their headers alone',
    );
    expect(why(grpc('envoy-gateway'), [mirror(10)])).toBeUndefined();
    expect(why(grpc('gateway-api'), [mirror(10)])).toContain('copies of gRPC');
  });

  it('knows no header that Envoy Gateway sets itself', () => {
    const authentication: AuthenticationModel = Authentication.apiKeys(SecretRef.named('keys'), {
      clientIdHeader: 'x-client',
    })._model;
    const door = routed('envoy-gateway', { authentication });
    expect(why(door, [by('header', 'X-Client')])).toContain('sets this header after it has chosen a version');
    expect(why(door, [by('header', 'x-v')])).toBeUndefined();
  });
});

describe('Envoy Gateway', () => {
  it.each([
    LoadBalancing.hashByHeader('x-user'),
    LoadBalancing.hashBySource(),
    LoadBalancing.hashByCookie('user', { ttl: Duration.hours(1) }),
  ])('has no weights where it balances by a hash: %#', ({ _model: loadBalancing }) => {
    expect(why('envoy-gateway', [weight(10)], { loadBalancing })).toContain('leaves weights out');
    expect(why('envoy-gateway', [weight(0)], { loadBalancing })).toContain('leaves weights out');
    expect(why('envoy-gateway', [by('header', 'x-v'), mirror(10, 'v3')], { loadBalancing })).toBeUndefined();
  });

  it('has a rate limit for each match', () => {
    const { _model: rateLimit } = RateLimit.total(100, RateUnit.SECOND);
    expect(why('envoy-gateway', [by('header', 'x-v')], { rateLimit })).toBe(
      'each rule of a route has a rate limit of its own',
    );
    expect(why('envoy-gateway', [weight(10), mirror(10, 'v3')], { rateLimit })).toBeUndefined();
  });
});

// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary
describe('ingress-nginx', () => {
  it.each<[Sharer, string | undefined]>([
    [weight(0), undefined],
    [by('header', 'X-Version', 'v2.1'), undefined],
    [by('header', 'x-v', 'a b'), undefined],
    [by('header', 'x-v', ' a'), 'it takes no value " a"'],
    [by('header', 'x-v', 'a=b'), 'it takes no value "a=b"'],
    [by('header', 'x_v'), 'it sees no header "x_v"'],
    [by('header', 'x.v'), 'it sees no header "x.v"'],
    [by('cookie', 'canary', 'always'), undefined],
    [by('cookie', 'canary', '2'), 'it knows a cookie by the value always alone'],
    [by('cookie', 'ca|nary', 'always'), 'it takes no cookie "ca|nary"'],
  ])('takes what its annotations can say: %#', (sharer, expected) => {
    expect(why('ingress-nginx', [sharer])).toBe(expected);
  });

  it('has one version beside the main one', () => {
    expect(why('ingress-nginx', [weight(10), weight(0, 'v3')])).toBe('it has one version beside the main one, not 2');
    expect(why('ingress-nginx', [weight(10), by('header', 'x-v', '2', 'v3')])).toContain('not 2');
  });

  it('binds clients to versions by a cookie of its own', () => {
    const { _model: loadBalancing } = LoadBalancing.hashByCookie('user', { ttl: Duration.hours(1) });
    for (const sharer of [weight(10), by('header', 'x-v')]) {
      expect(why('ingress-nginx', [sharer], { loadBalancing })).toContain('stays with the version that it met first');
    }
    const { _model: application } = LoadBalancing.hashByCookie('user', { setByApplication: true });
    expect(why('ingress-nginx', [weight(10)], { loadBalancing: application })).toBeUndefined();
  });
});

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
describe('an Application Load Balancer', () => {
  const door = 'application-load-balancer';

  it.each<[Sharer, string | undefined]>([
    [by('header', 'x'.repeat(40), 'v'.repeat(128)), undefined],
    [by('header', 'x'.repeat(41)), 'AWS takes names of 40 characters at most'],
    [by('header', 'x-v', 'v'.repeat(129)), 'AWS takes values of 128 characters at most'],
    [by('query', 'v'.repeat(128), 'v'.repeat(128)), undefined],
    [by('query', 'v'.repeat(129)), 'AWS takes names of 128 characters at most'],
    [by('header', 'Host', 'a'), 'AWS takes no condition on the header host'],
    [by('header', 'x-v', 'a*'), 'AWS takes * and ? for any characters'],
    [by('header', 'x-v', 'a?'), 'AWS takes * and ? for any characters'],
    [by('query', 'v', 'a\\'), 'AWS takes * and ? for any characters'],
    [by('query', 'v*'), 'AWS takes * and ? for any characters'],
  ])('takes what its conditions can say: %#', (sharer, expected) => {
    expect(why(door, [sharer])).toBe(expected);
  });

  it('compares without regard to case', () => {
    expect(why(door, [by('header', 'x-v', 'a', 'a'), by('header', 'x-v', 'A', 'b')])).toContain('the same requests');
    expect(why('envoy-gateway', [by('header', 'x-v', 'a', 'a'), by('header', 'x-v', 'A', 'b')])).toBeUndefined();
  });

  it('has five target groups in a rule', () => {
    expect(
      why(
        door,
        several(4, (key) => weight(10, key)),
      ),
    ).toBeUndefined();
    expect(
      why(
        door,
        several(5, (key) => weight(10, key)),
      ),
    ).toBe('it shares requests among 5 Services at most, not 6');
  });

  it('binds clients to versions by a cookie, members of a GlobalService alone', () => {
    const { _model: loadBalancing } = LoadBalancing.hashByCookie('user', { setByApplication: true });
    expect(why(door, [weight(10)], { loadBalancing })).toContain('stays with the version that it met first');
    expect(why(door, [{ share: { kind: 'weight', percent: 10 } }], { loadBalancing })).toBeUndefined();
    expect(why(door, [by('header', 'x-v')], { loadBalancing })).toBeUndefined();
  });

  it("shares nothing out of somebody else's", () => {
    expect(why(balanced({ targetGroupName: 'shared' }), [weight(10)])).toContain("with 'targetGroupName'");
  });
});

describe('a split that a door cannot do', () => {
  const backends = (...weights: (number | undefined)[]) =>
    weights.map((of, index) => ({
      service: `s${index}`,
      port: 80,
      weight: of,
      ...(index > 0 && { key: `v${index}` }),
    }));

  it('is an error that names what can', () => {
    const context = doorContext({ backends: backends(80, 10, 10) });
    expect(() => requireSplit(DOORS['ingress-nginx']!, context)).toThrow(
      "[NotByEngine] 'release.versions.v2' must not be stated for Exposure.ingressNginx(): it has one version beside the " +
        'main one, not 2; use Exposure.gateway() with Gateway.envoyGateway() or SplitRouter.nginx()',
    );
    const mirrors = [{ key: 'v3', backend: { service: 's3', port: 80 }, percent: 10 }];
    expect(() => requireSplit(DOORS['application-load-balancer']!, doorContext({ mirrors }))).toThrow(
      "[NotByEngine] 'release.versions.v3' must not be stated for Exposure.applicationLoadBalancer(): it sends nobody " +
        'copies of requests; leave it out, or use Exposure.gateway() with Gateway.envoyGateway() or Exposure.gateway() with ' +
        'Gateway.standard() or SplitRouter.nginx()',
    );
  });

  it('is of all members of a GlobalService, which has no router', () => {
    const members = [80, 10, 10].map((of, index) => ({ service: `s${index}`, port: 80, weight: of }));
    expect(() => requireSplit(DOORS['ingress-nginx']!, doorContext({ backends: members }))).toThrow(
      /^\[NotByEngine\] 'weights' .* not 2; use Exposure\.gateway\(\) with Gateway\.envoyGateway\(\)$/,
    );
    const { _model: loadBalancing } = LoadBalancing.hashBySource();
    const hashed = doorContext({ backends: members, upstream: { loadBalancing } });
    expect(() => requireSplit(DOORS['envoy-gateway']!, hashed)).toThrow(/^\[NotByEngine\] 'weights' .*; leave it out$/);
  });

  it('is none where there is one Service', () => {
    for (const door of Object.values(DOORS)) expect(() => requireSplit(door, doorContext())).not.toThrow();
  });
});

describe('what a split needs of the cluster', () => {
  const needs = (kind: 'envoy-gateway' | 'gateway-api', ...others: Sharer[]) => {
    const door = routed(kind);
    const profile = new ClusterProfile();
    const behind = { keepAliveSeconds: 65 } as never;
    const without = requirementsOf([], profile, [door], behind).map(String);
    const split = { own: 'main', others: others.map(({ key, share }) => ({ key: key!, share })) };
    return requirementsOf([], profile, [door], behind, { split })
      .map(String)
      .filter((one) => !without.includes(one));
  };

  it('is nothing for weights and headers, but the order of routes', () => {
    expect(needs('gateway-api', weight(10), by('header', 'x-v', '2', 'v3'))).toEqual([]);
    expect(needs('envoy-gateway', weight(10))).toEqual([]);
    expect(needs('envoy-gateway', by('header', 'x-v'))).toEqual([
      'no preserveRouteOrder in the EnvoyProxy of Gateway public of namespace gateways: requests with a match go before all others',
    ]);
  });

  it('is what implementations may lack', () => {
    const of = 'among the supported features of Gateway public of namespace gateways';
    expect(needs('gateway-api', by('query', 'v'), mirror(10, 'v3'), mirror(10, 'v4'))).toEqual([
      'Gateway API >= 1.3: copies of a part of the requests (requestMirror.percent)',
      `HTTPRouteQueryParamMatching ${of}: versions by a parameter of the query`,
      `HTTPRouteRequestMirror ${of}: copies of requests`,
      `HTTPRouteRequestPercentageMirror ${of}: copies of a part of the requests`,
      `HTTPRouteRequestMultipleMirrors ${of}: copies for several versions`,
    ]);
    expect(needs('envoy-gateway', mirror(10), mirror(10, 'v3'))).toEqual([
      'Gateway API >= 1.3: copies of a part of the requests (requestMirror.percent)',
    ]);
  });
});
