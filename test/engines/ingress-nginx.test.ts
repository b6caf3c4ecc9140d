import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ingressNginxObjects } from '../../lib/engines/ingress-nginx';
import type { IngressNginxDoor } from '../../lib/exposure/door-model';
import { LoadBalancing } from '../../lib/traffic/load-balancing';
import { RateLimit, RateUnit } from '../../lib/traffic/rate-limit';
import { unknownAnnotations } from './annotations';
import { doorContext } from './door-context';

const P = 'nginx.ingress.kubernetes.io/';
const door = (stated: Partial<IngressNginxDoor> = {}): IngressNginxDoor => ({
  kind: 'ingress-nginx',
  hosts: ['rag.example.com'],
  className: 'nginx',
  controllerNamespace: 'ingress-nginx',
  controllerLabels: { 'app.kubernetes.io/name': 'ingress-nginx' },
  redirect: false,
  ...stated,
});
const tls = { kind: 'secret', secret: 'rag-tls' } as const;
type Context = NonNullable<Parameters<typeof doorContext>[0]>;
const render = (stated: Partial<IngressNginxDoor> = {}, context: Context = {}) =>
  ingressNginxObjects(door(stated), doorContext(context));
/** Without their prefix. */
const annotations = (...args: Parameters<typeof render>) =>
  Object.fromEntries(
    Object.entries(render(...args)[0]!.annotations!).map(([name, value]) => [name.replace(P, ''), value]),
  );
const balanced = (loadBalancing: LoadBalancing, upstream: Context['upstream'] = {}) =>
  annotations({}, { upstream: { ...upstream, loadBalancing: loadBalancing._model } });
const limited = (rateLimit: RateLimit) => annotations({}, { upstream: { rateLimit: rateLimit._model } });

// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
describe('an Ingress of ingress-nginx', () => {
  it('leads its hosts to the Service', () => {
    expect(render({ className: 'internal' })).toEqual([
      {
        id: 'Ingress',
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        name: 'rag',
        annotations: expect.any(Object),
        content: {
          spec: {
            ingressClassName: 'internal',
            rules: [
              {
                host: 'rag.example.com',
                http: {
                  paths: [
                    { backend: { service: { name: 'rag', port: { number: 80 } } }, path: '/', pathType: 'Prefix' },
                  ],
                },
              },
            ],
          },
        },
      },
    ]);
  });

  it('leaves nothing to what its ConfigMap says', () => {
    expect(annotations()).toEqual({
      'ssl-redirect': 'false',
      'force-ssl-redirect': 'false',
      'proxy-connect-timeout': '5',
      'proxy-read-timeout': '75',
      'proxy-send-timeout': '75',
      'proxy-body-size': '0',
      'proxy-buffering': 'off',
      'proxy-request-buffering': 'on',
      'proxy-next-upstream': 'error',
      'proxy-next-upstream-timeout': '65',
      'proxy-next-upstream-tries': '3',
      'load-balance': 'round_robin',
    });
  });

  it('states whole seconds, for of others the controller takes its default', () => {
    const timeouts = { connect: 4.2, request: 60.5, streamIdle: 61, connectionIdle: 60 };
    expect(annotations({}, { silenceSeconds: 70.1, upstream: { timeouts } })).toMatchObject({
      'proxy-connect-timeout': '5',
      'proxy-read-timeout': '71',
      'proxy-send-timeout': '71',
      'proxy-next-upstream-timeout': '61',
    });
  });

  it('ends TLS with a Secret, and redirects', () => {
    const [ingress] = render({ tls, redirect: true, hosts: ['a.example.com', 'b.example.com'] });
    expect(ingress!.content.spec).toMatchObject({
      tls: [{ hosts: ['a.example.com', 'b.example.com'], secretName: 'rag-tls' }],
    });
    expect(annotations({ tls, redirect: true })).toMatchObject({
      'ssl-redirect': 'true',
      'force-ssl-redirect': 'true',
    });
  });

  it('sends nothing again where that is asked for', () => {
    const stated = annotations({}, { upstream: { retries: { attempts: 0, statuses: [] } } });
    expect(stated['proxy-next-upstream']).toBe('off');
    expect(stated).not.toHaveProperty('proxy-next-upstream-tries');
  });

  it('states what its controller knows', () => {
    const loads = [
      LoadBalancing.latencyAware(),
      LoadBalancing.hashBySource(),
      LoadBalancing.hashByCookie('a', { ttl: Duration.hours(1) }),
    ];
    const { _model: rateLimit } = RateLimit.perClient(5, RateUnit.SECOND);
    const objects = loads.flatMap(({ _model: loadBalancing }) =>
      render({}, { upstream: { loadBalancing, rateLimit } }),
    );
    expect(objects.flatMap((object) => unknownAnnotations(object, 'ingress-nginx-1.15.1'))).toEqual([]);
  });

  it('lies where the Service behind it does, but for a Secret', () => {
    const backends = [{ service: 'interceptor', namespace: 'keda', port: 8080 }];
    expect(render({}, { backends })[0]!.namespace).toBe('keda');
    expect(() => render({ tls }, { backends: [{ ...backends[0]!, namespace: 'ml' }] })).not.toThrow();
    expect(() => render({ tls }, { backends })).toThrow(
      "[NotByEngine] 'exposure.tls' must not be stated for Exposure.ingressNginx() of what is reached through the namespace keda: its Ingress lies there, and reads Secrets of its own namespace alone; leave it out, or use Exposure.gateway()",
    );
  });
});

// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary
describe('a version beside the main one', () => {
  const two = (main: number, next: number) => [
    { service: 'rag', port: 80, weight: main },
    { service: 'rag-v2', port: 81, key: 'v2', weight: next },
  ];
  const chosen = (kind: 'header' | 'cookie', name: string, value: string) => ({
    matched: [{ key: 'v2', match: { kind, name, value }, backend: { service: 'rag-v2', port: 81 } }],
  });
  const canary = (context: Context, stated: Partial<IngressNginxDoor> = {}) => {
    const [main, second, ...others] = render(stated, context);
    expect(main).toEqual(render(stated, { ...context, backends: [doorContext().backends[0]!], matched: [] })[0]);
    expect(others).toEqual([]);
    const annotations = Object.entries(second!.annotations!).map(([name, value]) => [name.replace(P, ''), value]);
    return { ...second!, annotations: Object.fromEntries(annotations) };
  };

  it('has an Ingress of its own for the same hosts, which takes TLS from the main one', () => {
    const { annotations: _, ...object } = canary({ backends: two(90, 10) }, { tls, redirect: true });
    expect(object).toEqual({
      id: 'Ingress-v2',
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      name: 'rag-v2',
      content: {
        spec: {
          ingressClassName: 'nginx',
          rules: [
            {
              host: 'rag.example.com',
              http: {
                paths: [
                  { backend: { service: { name: 'rag-v2', port: { number: 81 } } }, path: '/', pathType: 'Prefix' },
                ],
              },
            },
          ],
        },
      },
    });
  });

  // Totals below 100 are 100 to the controller.
  it.each([
    [90, 10, '10', '100'],
    [100, 0, '0', '100'],
    [0, 100, '100', '100'],
    [2, 1, '34', '102'],
    [1, 100, '100', '101'],
    [30, 20, '40', '100'],
  ])('gets its part: %d to %d', (main, next, weight, total) => {
    expect(canary({ backends: two(main, next) }).annotations).toEqual({
      canary: 'true',
      'canary-weight': weight,
      'canary-weight-total': total,
      'load-balance': 'round_robin',
    });
    expect(Number(weight) / Number(total)).toBeCloseTo(next / (main + next), 10);
  });

  it('gets requests with a header or a cookie', () => {
    expect(canary(chosen('header', 'X-Version', 'v2')).annotations).toEqual({
      canary: 'true',
      'canary-by-header': 'x-version',
      'canary-by-header-value': 'v2',
      'load-balance': 'round_robin',
    });
    expect(canary(chosen('cookie', 'canary', 'always')).annotations).toEqual({
      canary: 'true',
      'canary-by-cookie': 'canary',
      'load-balance': 'round_robin',
    });
  });

  it('balances as the main one', () => {
    const { _model: loadBalancing } = LoadBalancing.hashByHeader('x-user');
    const { annotations: stated } = canary({ backends: two(90, 10), upstream: { loadBalancing } });
    expect(stated).toMatchObject({ 'upstream-hash-by': '$http_x_user' });
  });

  it('is called after its Service where it has no key', () => {
    const backends = two(90, 10).map(({ service, port, weight }) => ({ service, port, weight }));
    expect(render({}, { backends }).map(({ name }) => name)).toEqual(['rag', 'rag-rag-v2']);
  });

  it('states what its controller knows', () => {
    const objects = [
      ...render({}, { backends: two(90, 10) }),
      ...render({}, chosen('header', 'x-v', '2')),
      ...render({}, chosen('cookie', 'canary', 'always')),
    ];
    expect(objects.flatMap((object) => unknownAnnotations(object, 'ingress-nginx-1.15.1'))).toEqual([]);
  });
});

describe('balancing', () => {
  it.each([
    [LoadBalancing.roundRobin(), { 'load-balance': 'round_robin' }],
    [LoadBalancing.latencyAware(), { 'load-balance': 'ewma' }],
    [LoadBalancing.hashBySource(), { 'upstream-hash-by': '$remote_addr' }],
    [LoadBalancing.hashByHeader('X-Session-Id'), { 'upstream-hash-by': '$http_x_session_id' }],
    [
      LoadBalancing.hashByCookie('session_id', { setByApplication: true }),
      { 'upstream-hash-by': '$cookie_session_id' },
    ],
    [
      LoadBalancing.hashByCookie('session-id', { ttl: Duration.hours(1) }),
      {
        affinity: 'cookie',
        'affinity-mode': 'balanced',
        'session-cookie-name': 'session-id',
        'session-cookie-expires': '3600',
        'session-cookie-max-age': '3600',
        'session-cookie-change-on-failure': 'true',
      },
    ],
  ])('%#', (loadBalancing, expected) => {
    const names = /^(load-balance|upstream-hash|affinity|session-cookie)/;
    const stated = Object.entries(balanced(loadBalancing)).filter(([name]) => names.test(name));
    expect(Object.fromEntries(stated)).toEqual(expected);
  });

  it('keeps a client at a pod that failed, where nothing is sent again', () => {
    const kept = LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1) });
    expect(balanced(kept, { retries: { attempts: 0, statuses: [] } })).toMatchObject({
      'session-cookie-change-on-failure': 'false',
    });
  });

  it.each([
    [
      LoadBalancing.hashByHeader('x_session'),
      '[InvalidName] \'apiServer.traffic.loadBalancing\' must be a name without _ behind Exposure.ingressNginx(), which drops such headers, got "x_session"',
    ],
    [
      LoadBalancing.hashByCookie('session-id', { setByApplication: true }),
      '[InvalidName] \'apiServer.traffic.loadBalancing\' must be letters, digits and _ behind Exposure.ingressNginx(), got "session-id"',
    ],
    [
      LoadBalancing.hashByCookie('a+b', { ttl: Duration.hours(1) }),
      '[InvalidName] \'apiServer.traffic.loadBalancing\' must be letters, digits, -, ., _ and ~ behind Exposure.ingressNginx(), got "a+b"',
    ],
  ])('%# fails', (loadBalancing, message) => {
    expect(() => balanced(loadBalancing)).toThrow(message);
  });
});

describe('rate limits', () => {
  it.each([
    [RateLimit.perClient(1, RateUnit.SECOND), { 'limit-rps': '1' }],
    [RateLimit.perClient(7, RateUnit.MINUTE), { 'limit-rpm': '7' }],
    [RateLimit.perClient(60, RateUnit.HOUR), { 'limit-rpm': '1' }],
    [RateLimit.perClient(179, RateUnit.HOUR), { 'limit-rpm': '2' }],
  ])('%# are the share of a controller, without bursts', (rateLimit, expected) => {
    const stated = Object.entries(limited(rateLimit)).filter(([name]) => name.startsWith('limit-'));
    expect(Object.fromEntries(stated)).toEqual({ ...expected, 'limit-burst-multiplier': '1' });
  });

  it('fail below one a minute', () => {
    expect(() => limited(RateLimit.perClient(59, RateUnit.HOUR))).toThrow(
      '[OutOfRange] \'apiServer.traffic.rateLimit\' must be at least a request a minute for each controller of ingress-nginx, which counts no longer than that, got "59 an hour for each"; raise it, or use Exposure.gateway()',
    );
  });
});
