import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  Exposure,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Retries,
  SecretRef,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import { doorObjects } from '../../lib/engines/choose-door';
import { single } from '../bentos';
import type { KubernetesObject } from '../cluster/client';
import { SHARING_DOORS, splitContexts } from '../engines/split-arbitraries';
import { requireTool } from '../tools/require-tool';
import { synthesize } from '../tree';
import { readBy } from './annotations';

const secret = Tls.secret(SecretRef.named('rag-tls'));

function ingress(traffic: TrafficPolicy = {}, tls?: Tls): KubernetesObject {
  const exposure = Exposure.ingressNginx({ hosts: ['rag.example.com'], controllers: 2, tls });
  const objects = synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), exposure, apiServer: { traffic } });
  });
  return objects.get('Ingress', 'rag');
}

// Of release 1.11, the newest that a module proxy has; 1.15 reads these annotations alike.
describe.skipIf(!requireTool('go', 'the parsers of ingress-nginx'))('the parsers of ingress-nginx', () => {
  const read = async (traffic?: TrafficPolicy, tls?: Tls) => (await readBy([ingress(traffic, tls)]))[0]!;

  it('read every setting of the hop, none of the ConfigMap', async () => {
    expect((await read({ timeout: Duration.seconds(90) })).proxy).toMatchObject({
      bodySize: '0',
      connectTimeout: 5,
      readTimeout: 100,
      sendTimeout: 100,
      nextUpstream: 'error',
      nextUpstreamTimeout: 90,
      nextUpstreamTries: 3,
      requestBuffering: 'on',
      proxyBuffering: 'off',
      proxyHTTPVersion: '1.1',
    });
  });

  it('read that nothing is sent again', async () => {
    expect((await read({ retries: Retries.never() })).proxy).toMatchObject({ nextUpstream: 'off' });
  });

  it('read redirects', async () => {
    expect((await read({}, secret)).rewrite).toMatchObject({ sslRedirect: true, forceSSLRedirect: true });
    expect((await read()).rewrite).toMatchObject({ sslRedirect: false, forceSSLRedirect: false });
  });

  it.each<[string, LoadBalancing, object]>([
    ['round robin', LoadBalancing.roundRobin(), { loadBalancing: 'round_robin' }],
    ['latency', LoadBalancing.latencyAware(), { loadBalancing: 'ewma' }],
    ['a header', LoadBalancing.hashByHeader('X-Session-Id'), { hash: { 'upstream-hash-by': '$http_x_session_id' } }],
    ['a source', LoadBalancing.hashBySource(), { hash: { 'upstream-hash-by': '$remote_addr' } }],
    [
      'a cookie',
      LoadBalancing.hashByCookie('session', { setByApplication: true }),
      { hash: { 'upstream-hash-by': '$cookie_session' } },
    ],
    [
      'a cookie of its own',
      LoadBalancing.hashByCookie('my-session.1~', { ttl: Duration.hours(1) }),
      {
        affinity: {
          type: 'cookie',
          mode: 'balanced',
          name: 'my-session.1~',
          expires: '3600',
          maxage: '3600',
          changeonfailure: true,
        },
      },
    ],
  ])('read balancing by %s', async (_, loadBalancing, expected) => {
    expect(await read({ loadBalancing })).toMatchObject({ denied: null, ...expected });
  });

  it.each<[RateLimit, object]>([
    [RateLimit.perClient(20, RateUnit.SECOND), { rps: { limit: 10, burst: 10 }, rpm: { limit: 0 } }],
    [RateLimit.perClient(30, RateUnit.MINUTE), { rpm: { limit: 15, burst: 15 }, rps: { limit: 0 } }],
    [RateLimit.perClient(600, RateUnit.HOUR), { rpm: { limit: 5, burst: 5 }, rps: { limit: 0 } }],
  ])('read the limit of each controller: %#', async (rateLimit, expected) => {
    expect((await read({ rateLimit })).rateLimit).toMatchObject(expected);
  });

  it('read the part or the requests of a version, of any that is taken', async () => {
    const contexts = fc.sample(splitContexts, { numRuns: 600, seed: 3 }).flatMap((context) => {
      try {
        const [, canary] = doorObjects(SHARING_DOORS['ingress-nginx']!, context);
        return canary === undefined ? [] : [{ context, canary }];
      } catch {
        return [];
      }
    });
    const kinds = contexts.map(({ context: { matched } }) => matched?.[0]?.match.kind ?? 'weight');
    expect(new Set(kinds)).toEqual(new Set(['weight', 'header', 'cookie']));
    const answers = await readBy(
      contexts.map(({ canary: { apiVersion, kind, name, annotations, content } }) => ({
        apiVersion,
        kind,
        metadata: { name, namespace: 'ml', annotations },
        ...content,
      })) as KubernetesObject[],
    );
    for (const [index, { context }] of contexts.entries()) {
      const { canary, error } = answers[index]!;
      expect(error).toBeUndefined();
      const [{ match } = { match: undefined }] = context.matched ?? [];
      const weight = match === undefined ? context.backends[1]!.weight : 0;
      expect(canary).toEqual({
        Enabled: true,
        Weight: weight,
        WeightTotal: 100,
        Header: match?.kind === 'header' ? match.name.toLowerCase() : '',
        HeaderValue: match?.kind === 'header' ? match.value : '',
        HeaderPattern: '',
        Cookie: match?.kind === 'cookie' ? match.name : '',
      });
    }
  });

  it('take a header for any where its value has other letters, which is why that is an error', async () => {
    const object = ingress();
    const prefix = 'nginx.ingress.kubernetes.io/';
    const annotations = {
      [`${prefix}canary`]: 'true',
      [`${prefix}canary-by-header`]: 'x-v',
      [`${prefix}canary-by-header-value`]: 'a=b',
    };
    const [read] = await readBy([{ ...object, metadata: { ...object.metadata, annotations } }]);
    expect(read!.canary).toMatchObject({ Header: 'x-v', HeaderValue: '' });
  });

  it('take the ConfigMap where a value is wrong, and refuse snippets', async () => {
    const prefix = 'nginx.ingress.kubernetes.io/';
    const annotated = (annotations: { [name: string]: string }): KubernetesObject => {
      const object = ingress();
      return { ...object, metadata: { ...object.metadata, annotations } };
    };
    const [wrong, risky] = await readBy([
      annotated({ [`${prefix}proxy-next-upstream`]: 'error; return 200' }),
      annotated({ [`${prefix}configuration-snippet`]: 'return 200;' }),
    ]);
    expect(wrong!.proxy.nextUpstream).toBe('error timeout http_429');
    expect(risky!.error).toContain('annotation group ConfigurationSnippet contains risky annotation');
  });
});
