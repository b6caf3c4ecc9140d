import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applicationLoadBalancerObjects } from '../../lib/engines/aws-application-load-balancer';
import { Authentication, type JwtOptions } from '../../lib/exposure/authentication';
import type { ApplicationLoadBalancerDoor } from '../../lib/exposure/door-model';
import { HealthCheck } from '../../lib/traffic/health-check';
import { LoadBalancing } from '../../lib/traffic/load-balancing';
import { attributesOf, unknownAnnotations } from './annotations';
import { doorContext } from './door-context';

const P = 'alb.ingress.kubernetes.io/';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/one';
const tls = { kind: 'acm', arns: [CERTIFICATE, `${CERTIFICATE}-two`] } as const;
const door = (stated: Partial<ApplicationLoadBalancerDoor> = {}): ApplicationLoadBalancerDoor => ({
  kind: 'application-load-balancer',
  scheme: 'internal',
  subnetCidrs: ['10.0.0.0/20'],
  crossZone: true,
  hosts: ['rag.example.com', '*.rag.example.com'],
  className: 'alb',
  redirect: false,
  ...stated,
});
type Context = Parameters<typeof doorContext>[0];
const render = (stated: Partial<ApplicationLoadBalancerDoor> = {}, context: Context = {}) =>
  applicationLoadBalancerObjects(door(stated), doorContext(context));
const annotations = (...args: Parameters<typeof render>) => render(...args)[0]!.annotations!;
const group = (loadBalancing: LoadBalancing) =>
  attributesOf(annotations({}, { upstream: { loadBalancing: loadBalancing._model } })[`${P}target-group-attributes`]!);
const jwt = (options: Partial<JwtOptions> = {}) =>
  Authentication.jwt({ issuer: 'https://auth.example.com', jwksUrl: 'https://auth.example.com/jwks', ...options })
    ._model;

// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
describe('an Application Load Balancer', () => {
  it('is an Ingress that leads hosts to the Service', () => {
    const backend = { service: { name: 'rag', port: { number: 80 } } };
    const http = { paths: [{ backend, path: '/', pathType: 'Prefix' }] };
    expect(render()).toEqual([
      {
        id: 'Ingress',
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        name: 'rag',
        annotations: expect.any(Object),
        content: {
          spec: {
            ingressClassName: 'alb',
            rules: [
              { host: 'rag.example.com', http },
              { host: '*.rag.example.com', http },
            ],
          },
        },
      },
    ]);
  });

  it('says what is of listeners, targets and their health', () => {
    expect(annotations()).toEqual({
      [`${P}scheme`]: 'internal',
      [`${P}target-type`]: 'ip',
      [`${P}listen-ports`]: '[{"HTTP":80}]',
      [`${P}load-balancer-attributes`]: 'idle_timeout.timeout_seconds=75',
      [`${P}target-group-attributes`]:
        'deregistration_delay.timeout_seconds=90,load_balancing.algorithm.type=least_outstanding_requests',
      [`${P}healthcheck-protocol`]: 'HTTP',
      [`${P}healthcheck-port`]: 'traffic-port',
      [`${P}healthcheck-path`]: '/readyz',
      [`${P}healthcheck-interval-seconds`]: '10',
      [`${P}healthcheck-timeout-seconds`]: '5',
      [`${P}healthy-threshold-count`]: '2',
      [`${P}unhealthy-threshold-count`]: '3',
      [`${P}success-codes`]: '200',
    });
  });

  it('ends TLS, and redirects where it is to', () => {
    expect(annotations({ tls, redirect: true })).toMatchObject({
      [`${P}listen-ports`]: '[{"HTTP":80},{"HTTPS":443}]',
      [`${P}certificate-arn`]: `${CERTIFICATE},${CERTIFICATE}-two`,
      [`${P}ssl-policy`]: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
      [`${P}ssl-redirect`]: '443',
    });
  });

  it('has no listener for plain http beside TLS without a redirect', () => {
    const stated = annotations({ tls });
    expect(stated[`${P}listen-ports`]).toBe('[{"HTTPS":443}]');
    expect(stated).not.toHaveProperty([`${P}ssl-redirect`]);
  });

  it('is of a class, a group, and open to whom it is stated', () => {
    const [ingress] = render({
      className: 'public',
      groupName: 'shared',
      scheme: 'internet-facing',
      sourceCidrs: ['192.0.2.0/24', '198.51.100.0/24'],
    });
    expect(ingress!.content.spec).toMatchObject({ ingressClassName: 'public' });
    expect(ingress!.annotations).toMatchObject({
      [`${P}group.name`]: 'shared',
      [`${P}scheme`]: 'internet-facing',
      [`${P}inbound-cidrs`]: '192.0.2.0/24,198.51.100.0/24',
    });
  });

  it('asks for health as is stated', () => {
    const { _model: healthCheck } = HealthCheck.http({
      path: '/healthz',
      interval: Duration.seconds(300),
      timeout: Duration.seconds(120),
      healthyThreshold: 10,
      unhealthyThreshold: 2,
    });
    expect(annotations({}, { upstream: { healthCheck } })).toMatchObject({
      [`${P}healthcheck-path`]: '/healthz',
      [`${P}healthcheck-interval-seconds`]: '300',
      [`${P}healthcheck-timeout-seconds`]: '120',
      [`${P}healthy-threshold-count`]: '10',
      [`${P}unhealthy-threshold-count`]: '2',
    });
  });

  it('lies where the Service behind it does', () => {
    const [ingress] = render({}, { backends: [{ service: 'interceptor', namespace: 'keda', port: 8080 }] });
    expect(ingress!.namespace).toBe('keda');
  });

  it('leads to a target group that is there', () => {
    const objects = render({ targetGroupName: 'shared' });
    expect(objects.map(({ kind, name }) => [kind, name])).toEqual([
      ['TargetGroupBinding', expect.stringMatching(/^rag-[0-9a-f]{8}$/)],
    ]);
    expect(objects[0]!.content.spec).toMatchObject({ targetGroupName: 'shared', targetType: 'ip' });
  });

  it('states what its controller knows', () => {
    const objects = [
      ...render({ tls, redirect: true, groupName: 'shared', sourceCidrs: ['10.0.0.0/8'], authentication: jwt() }),
      ...render({}, { backends: TWO }),
    ];
    expect(objects.flatMap((object) => unknownAnnotations(object, 'aws-load-balancer-controller-3.5.0'))).toEqual([]);
  });
});

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
describe('balancing', () => {
  it.each([
    [LoadBalancing.roundRobin(), { 'load_balancing.algorithm.type': 'round_robin' }],
    [LoadBalancing.leastRequest(), { 'load_balancing.algorithm.type': 'least_outstanding_requests' }],
    [
      LoadBalancing.roundRobin({ slowStart: Duration.seconds(30) }),
      { 'load_balancing.algorithm.type': 'round_robin', 'slow_start.duration_seconds': 30 },
    ],
    [
      LoadBalancing.hashByCookie('session', { setByApplication: true }),
      {
        'load_balancing.algorithm.type': 'round_robin',
        'stickiness.enabled': 'true',
        'stickiness.type': 'app_cookie',
        'stickiness.app_cookie.cookie_name': 'session',
        'stickiness.app_cookie.duration_seconds': 86_400,
      },
    ],
    [
      LoadBalancing.hashByCookie('AWSALB', { ttl: Duration.days(7) }),
      {
        'load_balancing.algorithm.type': 'round_robin',
        'stickiness.enabled': 'true',
        'stickiness.type': 'lb_cookie',
        'stickiness.lb_cookie.duration_seconds': 604_800,
      },
    ],
  ])('%# is attributes of the target group', (loadBalancing, expected) => {
    expect(group(loadBalancing)).toEqual({ 'deregistration_delay.timeout_seconds': 90, ...expected });
  });

  it.each([
    [
      LoadBalancing.roundRobin({ slowStart: Duration.seconds(29) }),
      "[OutOfRange] 'apiServer.traffic.loadBalancing.slowStart' must be a whole number from 30 to 900, got 29",
    ],
    [
      LoadBalancing.roundRobin({ slowStart: Duration.seconds(901) }),
      "[OutOfRange] 'apiServer.traffic.loadBalancing.slowStart' must be a whole number from 30 to 900, got 901",
    ],
    [
      LoadBalancing.leastRequest({ slowStart: Duration.seconds(60) }),
      "[NotByEngine] 'apiServer.traffic.loadBalancing.slowStart' must not be stated for LoadBalancing.leastRequest() behind Exposure.applicationLoadBalancer(): AWS starts new targets slowly by round robin alone; use LoadBalancing.roundRobin(), or leave it out",
    ],
    [
      LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1) }),
      '[InvalidName] \'apiServer.traffic.loadBalancing\' must be AWSALB with `ttl`, as the load balancer names its own cookie, got "session"; leave `ttl` out for a cookie of the application',
    ],
    [
      LoadBalancing.hashByCookie('AWSALBAPP', { setByApplication: true }),
      "[InvalidName] 'apiServer.traffic.loadBalancing' must be another name without `ttl`: AWSALB... are the load balancer's own, got \"AWSALBAPP\"",
    ],
    [
      LoadBalancing.hashByCookie('AWSALB', { ttl: Duration.seconds(604_801) }),
      "[OutOfRange] 'apiServer.traffic.loadBalancing.ttl' must be a whole number from 1 to 604800, got 604801",
    ],
  ])('%# fails', (loadBalancing, message) => {
    expect(() => group(loadBalancing)).toThrow(message);
  });
});

const TWO = [
  { service: 'rag', port: 80, weight: 90 },
  { service: 'rag-next', port: 80, weight: 10 },
];

describe('several Services', () => {
  const action = (context: Context) => JSON.parse(annotations({}, context)[`${P}actions.weighted`]!);

  it('share requests by weight', () => {
    const [ingress] = render({}, { backends: TWO });
    const { rules } = ingress!.content.spec as { rules: { http: { paths: { backend: object }[] } }[] };
    expect(rules[0]!.http.paths[0]!.backend).toEqual({
      service: { name: 'weighted', port: { name: 'use-annotation' } },
    });
    expect(action({ backends: TWO })).toEqual({
      type: 'forward',
      forwardConfig: {
        targetGroups: [
          { serviceName: 'rag', servicePort: 80, weight: 90 },
          { serviceName: 'rag-next', servicePort: 80, weight: 10 },
        ],
      },
    });
  });

  it.each([
    [LoadBalancing.hashByCookie('session', { setByApplication: true }), 86_400],
    [LoadBalancing.hashByCookie('AWSALB', { ttl: Duration.minutes(5) }), 300],
  ])('%# keep clients as long as their cookie does', (loadBalancing, durationSeconds) => {
    const { forwardConfig } = action({ backends: TWO, upstream: { loadBalancing: loadBalancing._model } });
    expect(forwardConfig.targetGroupStickinessConfig).toEqual({ enabled: true, durationSeconds });
  });

  it('fail in two namespaces', () => {
    const backends = [TWO[0]!, { ...TWO[1]!, namespace: 'other' }];
    expect(() => render({}, { backends })).toThrow(
      "[NotByEngine] 'exposure' must not be stated for Exposure.applicationLoadBalancer(): its Ingress leads to Services of one namespace, not to both rag and rag-next; use Exposure.gateway()",
    );
  });
});

// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#conditions
describe('versions by match', () => {
  const chosen = (key: string, kind: 'header' | 'query', name: string) => ({
    key,
    match: { kind, name, value: '2' },
    backend: { service: `rag-${key}`, port: 80, key },
  });
  const matched = [chosen('a', 'query', 'v'), chosen('b', 'header', 'X-Version')];
  const paths = (context: Context) => {
    const [ingress] = render({ hosts: ['a.example.com', 'b.example.com'] }, context);
    const { rules } = ingress!.content.spec as { rules: { http: { paths: { path: string; backend: object }[] } }[] };
    return rules.map(({ http }) => http.paths);
  };
  const single = (name: string) => ({
    backend: { service: { name, port: { number: 80 } } },
    path: '/',
    pathType: 'Prefix',
  });

  it('stand before all others, headers first', () => {
    const expected = [single('rag-b'), single('rag-a'), single('rag')];
    expect(paths({ matched })).toEqual([expected, expected]);
  });

  it('stand before those by weight', () => {
    const weighted = { service: { name: 'weighted', port: { name: 'use-annotation' } } };
    const [first] = paths({ matched, backends: TWO });
    expect(first).toEqual([single('rag-b'), single('rag-a'), { ...single('rag'), backend: weighted }]);
  });

  it('have conditions under the names of their Services', () => {
    const stated = annotations({}, { matched });
    expect(JSON.parse(stated[`${P}conditions.rag-a`]!)).toEqual([
      { field: 'query-string', queryStringConfig: { values: [{ key: 'v', value: '2' }] } },
    ]);
    expect(JSON.parse(stated[`${P}conditions.rag-b`]!)).toEqual([
      { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-Version', values: ['2'] } },
    ]);
    expect(render({}, { matched }).flatMap((o) => unknownAnnotations(o, 'aws-load-balancer-controller-3.5.0'))).toEqual(
      [],
    );
  });

  it('fail in another namespace', () => {
    const elsewhere = [{ ...matched[0]!, backend: { ...matched[0]!.backend, namespace: 'other' } }];
    expect(() => render({}, { matched: elsewhere })).toThrow('not to both rag and rag-a');
  });
});

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-verify-jwt.html
describe('tokens', () => {
  const validation = (options: Partial<JwtOptions> = {}) =>
    JSON.parse(annotations({ tls, authentication: jwt(options) })[`${P}jwt-validation`]!);

  it('are validated by the listener', () => {
    expect(validation()).toEqual({
      issuer: 'https://auth.example.com',
      jwksEndpoint: 'https://auth.example.com/jwks',
    });
  });

  it('are for an audience', () => {
    expect(validation({ audiences: ['rag', 'search'] }).additionalClaims).toEqual([
      { name: 'aud', format: 'single-string', values: ['rag', 'search'] },
    ]);
  });

  it('fail over plain http', () => {
    expect(() => render({ authentication: jwt() })).toThrow("[TokenOverHttp] 'exposure.authentication'");
  });

  it('fail beyond what AWS takes', () => {
    const ten = Array.from({ length: 10 }, (_, n) => `audience-${n}`);
    expect(validation({ audiences: ten }).additionalClaims[0].values).toHaveLength(10);
    expect(() => validation({ audiences: [...ten, 'one-more'] })).toThrow(
      "[OutOfRange] 'exposure.authentication.audiences' must be at most 10 for AWS, got 11",
    );
    const url = (length: number) => 'https://auth.example.com/'.padEnd(length, 'x');
    expect(validation({ jwksUrl: url(256) }).jwksEndpoint).toHaveLength(256);
    expect(() => validation({ jwksUrl: url(257) })).toThrow("[InvalidText] 'exposure.authentication.jwksUrl'");
    expect(() => validation({ jwksUrl: 'https://auth.example.com' })).toThrow(
      "[InvalidText] 'exposure.authentication.jwksUrl' must be an address with a path",
    );
  });
});

describe('bounds of AWS', () => {
  it('fails on sources of IPv6, which the controller would leave out', () => {
    expect(() => render({ sourceCidrs: ['2001:db8::/32'] })).toThrow(
      '\'exposure.sourceCidrs\' must be blocks of IPv4, as the load balancer has no IPv6, got "2001:db8::/32"',
    );
  });

  it('are kept by every model that is taken', () => {
    const seconds = fc.double({ min: 0, max: 4000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (silenceSeconds, deregistrationSeconds) => {
        if (deregistrationSeconds > 3600) {
          expect(() => render({}, { deregistrationSeconds })).toThrow("[OutOfRange] 'apiServer.drain'");
          return;
        }
        const stated = annotations({}, { silenceSeconds, deregistrationSeconds });
        const idle = attributesOf(stated[`${P}load-balancer-attributes`]!)['idle_timeout.timeout_seconds'];
        const delay = attributesOf(stated[`${P}target-group-attributes`]!)['deregistration_delay.timeout_seconds'];
        expect(idle).toBeGreaterThanOrEqual(Math.max(1, silenceSeconds));
        expect(idle).toBeLessThanOrEqual(4000);
        expect(delay).toBeGreaterThanOrEqual(deregistrationSeconds);
        expect(delay).toBeLessThanOrEqual(3600);
      }),
    );
  });
});
