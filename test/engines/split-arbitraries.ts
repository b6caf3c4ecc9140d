import fc from 'fast-check';
import {
  Authentication,
  ClusterProfile,
  Exposure,
  Gateway,
  LoadBalancing,
  RateLimit,
  RateUnit,
  SecretRef,
  Tls,
} from '../../lib';
import type { DoorContext } from '../../lib/component/door';
import type { ResolvedDoor } from '../../lib/component/doors';
import { resolveDoors } from '../../lib/component/doors';
import { doorContext } from './door-context';

const hosts = ['rag.example.com', '*.rag.example.com'];
const PLACE = { name: 'public', namespace: 'gateways' };
const tls = Tls.secret(SecretRef.named('rag-tls'));
const acm = Tls.acm(['arn:aws:acm:eu-west-1:111122223333:certificate/one']);
const profile = new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] });

/** Doors that know requests, each in its kinds. */
export const SHARING_DOORS: { readonly [name: string]: ResolvedDoor } = Object.fromEntries(
  Object.entries({
    'envoy-gateway': Exposure.gateway({ hosts, gateway: Gateway.envoyGateway(PLACE) }),
    'envoy-gateway-keys': Exposure.gateway({
      hosts,
      tls,
      gateway: Gateway.envoyGateway(PLACE),
      authentication: Authentication.jwt({ issuer: 'https://a.example.com', jwksUrl: 'https://a.example.com/keys' }),
    }),
    'envoy-gateway-grpc': Exposure.gateway({ hosts, gateway: Gateway.envoyGateway(PLACE), grpcPort: 3001 }),
    'gateway-api': Exposure.gateway({ hosts, gateway: Gateway.standard(PLACE) }),
    'gateway-api-grpc': Exposure.gateway({ hosts, gateway: Gateway.standard(PLACE), grpcPort: 3001 }),
    'ingress-nginx': Exposure.ingressNginx({ hosts, tls }),
    'application-load-balancer': Exposure.applicationLoadBalancer({ hosts, tls: acm }),
  }).map(([name, exposure]) => [name, resolveDoors(exposure._model, profile)[0]!]),
);

const letters = (of: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...of), minLength: 1, maxLength });
const NAME = 'abzAZ09-_.';
const VALUE = `${NAME}*?:/=+~ $"[(|\\`;
const match = fc.record({
  kind: fc.constantFrom('header' as const, 'query' as const, 'cookie' as const),
  name: fc.oneof(letters('abz-', 6), letters(NAME, 300)),
  value: fc.oneof(fc.constant('always'), letters(VALUE, 8), letters('ab', 5000)),
});

/** Mostly none or one, as releases have them; at times more than any door takes. */
const few = <T>(one: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.array(one, { maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(one, { maxLength: 3 }) },
    { weight: 1, arbitrary: fc.array(one, { maxLength: 18 }) },
  );

const BALANCING = [
  LoadBalancing.roundRobin(),
  LoadBalancing.leastRequest(),
  LoadBalancing.hashByHeader('x-user'),
  LoadBalancing.hashBySource(),
].map(({ _model }) => _model);

/** What a door may be asked to share out, whether it can or not. */
export const splitContexts: fc.Arbitrary<DoorContext> = fc
  .record({
    weights: few(fc.integer({ min: 0, max: 5 })),
    matches: few(match),
    mirrors: few(fc.integer({ min: 0, max: 100 })),
    loadBalancing: fc.constantFrom(...BALANCING),
    limited: fc.boolean(),
  })
  .map(({ weights, matches, mirrors, loadBalancing, limited }) => {
    const backend = (key: string) => ({ service: `rag-${key}`, port: 80, key });
    const rest = 100 - weights.reduce((sum, weight) => sum + weight, 0);
    return doorContext({
      backends: [
        { service: 'rag', port: 80, ...(weights.length > 0 && { weight: rest }) },
        ...weights.map((weight, index) => ({ ...backend(`w${index}`), weight })),
      ],
      matched: matches.map((of, index) => ({ key: `m${index}`, match: of, backend: backend(`m${index}`) })),
      mirrors: mirrors.map((percent, index) => ({ key: `c${index}`, percent, backend: backend(`c${index}`) })),
      upstream: {
        loadBalancing,
        ...(limited && { rateLimit: RateLimit.perClient(5, RateUnit.SECOND)._model }),
      },
    });
  });
