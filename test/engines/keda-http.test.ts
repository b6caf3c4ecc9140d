import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Exposure, Gateway, Overflow, RunState, type ScaleToZeroFunctionProps } from '../../lib';
import { doorHosts } from '../../lib/engines/keda-http';
import { makeFunction } from '../functions';

type Props = Partial<ScaleToZeroFunctionProps>;
const make = (props: Props = {}) => makeFunction('keda-http', props);
const route = (props: Props = {}) => make(props).objects.get('InterceptorRoute', 'upscaler').spec;

// kedacore/http-add-on: operator/apis/http/v1beta1/interceptorroute_types.go
describe('an InterceptorRoute', () => {
  it('leads requests by its hosts to the Service of the pods', () => {
    const { coldStart, timeouts, ...rest } = route();
    expect(coldStart).toBeUndefined();
    expect(Object.keys(timeouts).sort()).toEqual(['readiness', 'request', 'responseHeader']);
    expect(rest).toEqual({
      rules: [{ hosts: ['upscaler.ml', 'upscaler.ml.svc', 'upscaler.ml.svc.cluster.local'] }],
      scalingMetric: { concurrency: { targetValue: 4 } },
      target: { port: 3000, service: 'upscaler-pods' },
    });
  });

  it('is of v1beta1, in the namespace of the function, where its ScaledObject looks for it', () => {
    const { objects } = make();
    expect(objects.get('InterceptorRoute', 'upscaler')).toMatchObject({
      apiVersion: 'http.keda.sh/v1beta1',
      metadata: { namespace: 'ml' },
    });
    expect(objects.get('ScaledObject', 'upscaler').metadata.namespace).toBe('ml');
  });

  it.each<[Props, object]>([
    [{ targetConcurrency: 1 }, { concurrency: { targetValue: 1 } }],
    [
      { targetConcurrency: undefined, targetRequestRate: 20 },
      { requestRate: { granularity: '1s', targetValue: 20, window: '1m' } },
    ],
    [
      { targetConcurrency: 8, targetRequestRate: 20 },
      { concurrency: { targetValue: 8 }, requestRate: { granularity: '1s', targetValue: 20, window: '1m' } },
    ],
  ])('scales on the target %j', (props, scalingMetric) => {
    expect(route(props).scalingMetric).toEqual(scalingMetric);
  });

  it('leads to the port that the Service has', () => {
    const { objects } = make({ apiServer: { servicePort: 80 } });
    expect(objects.get('InterceptorRoute', 'upscaler').spec.target).toEqual({ port: 80, service: 'upscaler-pods' });
    expect(objects.get('Service', 'upscaler-pods').spec.ports[0]).toMatchObject({ port: 80, targetPort: 3000 });
  });

  // "Total time allowed for the entire request lifecycle"; responseHeader "does not include cold-start wait time".
  it.each([
    ['60 s of a request', { timeout: Duration.seconds(90) }, {}, '90s', '155s', '65s'],
    [
      'a stated timeout',
      { timeout: Duration.minutes(4) },
      { traffic: { timeout: Duration.seconds(600) } },
      '240s',
      '845s',
      '605s',
    ],
    [
      'fractions',
      { timeout: Duration.seconds(60) },
      { traffic: { timeout: Duration.millis(1500) } },
      '60s',
      '67s',
      '7s',
    ],
    [
      'streams that go on for longer than their first byte',
      { timeout: Duration.seconds(60) },
      { traffic: { streaming: { maxDuration: Duration.seconds(900) } } },
      '60s',
      '965s',
      '65s',
    ],
  ])(
    'gives requests the wait beside their own time: %s',
    (_, coldStart, apiServer, readiness, request, responseHeader) => {
      expect(route({ coldStart, apiServer }).timeouts).toEqual({ readiness, request, responseHeader });
    },
  );

  // "With a fallback and readiness 0, 30 s applies": it is stated always.
  it.each([
    ['nothing', {}, undefined],
    ['reject', { overflow: Overflow.reject() }, undefined],
    ['a bound', { maxPending: 200 }, { maxPendingRequests: 200, overflow: 'Reject' }],
    [
      'a bound and reject',
      { maxPending: 1, overflow: Overflow.reject() },
      { maxPendingRequests: 1, overflow: 'Reject' },
    ],
    [
      'a placeholder, which answers at once',
      { overflow: Overflow.placeholder({ headers: { 'Retry-After': '60' } }) },
      { placeholder: { response: { headers: { 'Retry-After': '60' }, statusCode: 503 } } },
    ],
    [
      'a placeholder beyond a bound',
      { maxPending: 50, overflow: Overflow.placeholder({ statusCode: 429, body: 'soon' }) },
      {
        maxPendingRequests: 50,
        overflow: 'Placeholder',
        placeholder: { response: { body: 'soon', statusCode: 429 } },
      },
    ],
    [
      'a fallback',
      { overflow: Overflow.fallback({ service: 'small', port: 3000 }) },
      { fallback: { service: { name: 'small', port: 3000 } } },
    ],
    [
      'a fallback beyond a bound',
      { maxPending: 50, overflow: Overflow.fallback({ service: 'small' }) },
      { fallback: { service: { name: 'small', port: 80 } }, maxPendingRequests: 50, overflow: 'Reject' },
    ],
  ])('says what happens at a cold start: %s', (_, coldStart, expected) => {
    expect(route({ coldStart }).coldStart).toEqual(expected);
  });

  it.each([{}, { maxPending: 50 }, { overflow: Overflow.fallback({ service: 'small' }) }])(
    'answers 503 at once while the function is terminated, whatever is stated: %j',
    (coldStart) => {
      expect(route({ coldStart, state: RunState.TERMINATED }).coldStart).toEqual({
        placeholder: { response: { statusCode: 503 } },
      });
    },
  );

  it('knows the hosts of the gateway, too', () => {
    const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
    const exposure = Exposure.gateway({ hosts: ['up.example.com', '*.up.example.com'], gateway });
    expect(route({ exposure }).rules).toEqual([
      {
        hosts: [
          'upscaler.ml',
          'upscaler.ml.svc',
          'upscaler.ml.svc.cluster.local',
          'up.example.com',
          '*.up.example.com',
        ],
      },
    ]);
  });

  // listType=set
  it('knows each host once', () => {
    const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
    const exposure = Exposure.gateway({ hosts: ['upscaler.ml', 'up.example.com'], gateway });
    const [{ hosts }] = route({ exposure }).rules;
    expect(hosts).toEqual([...new Set(hosts)]);
    expect(hosts).toContain('up.example.com');
  });
});

describe('the door', () => {
  it('is a name of the function for the interceptor', () => {
    expect(make().objects.get('Service', 'upscaler').spec).toEqual({
      externalName: 'keda-add-ons-http-interceptor-proxy.keda.svc.cluster.local',
      type: 'ExternalName',
    });
  });

  it('leads to the interceptor of the profile', () => {
    const kedaHttpAddOn = { version: '0.16', namespace: 'http', interceptorService: 'door', interceptorPort: 80 };
    const { objects, fn } = makeFunction('keda-http', {}, { cluster: { kedaHttpAddOn, clusterDomain: 'k8s.local' } });
    expect(objects.get('Service', 'upscaler').spec.externalName).toBe('door.http.svc.k8s.local');
    expect(objects.get('InterceptorRoute', 'upscaler').spec.rules[0].hosts).toContain('upscaler.ml.svc.k8s.local');
    expect(fn.url).toBe('http://upscaler.ml:80');
  });
});

describe('doorHosts', () => {
  // A name without a namespace could be that of a namesake elsewhere.
  it('hold the namespace', () => {
    expect(doorHosts('a', 'b', 'c.d')).toEqual(['a.b', 'a.b.svc', 'a.b.svc.c.d']);
  });
});
