import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CircuitBreaker, HealthCheck, LoadBalancing } from '../../lib';
import { byPrecedence } from '../../lib/release/precedence';
import { loopbackAddress } from '../bentoml/lab';
import { runnable } from '../bentoml/sandbox';
import type { Body, KubernetesObject } from '../cluster/client';
import type { FakePod } from '../envoy/pods';
import { egctlBinary } from '../tools/egctl';
import { installEnvoy } from '../tools/envoy';
import { requireTool } from '../tools/require-tool';
import { type Answer, type AskOptions, GatewayLab, openPods } from './lab';
import { backend, splitObjects } from './split-routes';
import {
  balancingOf,
  clusterObjects,
  foreignGateway,
  protocolOptions,
  routesOf,
  type Translation,
  translate,
} from './translator';

const header = (name: string, value: string) => ({ kind: 'header', name, value }) as const;
const query = (name: string, value: string) => ({ kind: 'query', name, value }) as const;
const cookie = (name: string, value: string) => ({ kind: 'cookie', name, value }) as const;
const matched = (service: string, match: ReturnType<typeof header | typeof query | typeof cookie>) => ({
  key: service,
  match,
  backend: backend(service),
});
const mirrored = (service: string, percent: number) => ({ key: service, backend: backend(service), percent });

/** As long as one may be: this Envoy has its own limit of patterns, which Envoy Gateway lifts as it starts. */
const LONG = 'v'.repeat(75);

/** What the routes share out, by the names of their hosts. */
const SPLITS = {
  two: { backends: [backend('two-main', 90), backend('two-v2', 10)] },
  three: {
    backends: [backend('three-main', 80), backend('three-v2', 15), backend('three-v3', 5), backend('three-v4', 0)],
    upstream: {
      circuitBreaker: CircuitBreaker.consecutiveErrors()._model,
      healthCheck: HealthCheck.http()._model,
      loadBalancing: LoadBalancing.roundRobin()._model,
    },
  },
  chosen: {
    backends: [backend('chosen-main', 50), backend('chosen-half', 50)],
    matched: [
      matched('chosen-a', query('model', 'a')),
      matched('chosen-b', cookie('model', 'b.1')),
      matched('chosen-c', header('x-model', 'c')),
      matched('chosen-d', header('x-model', 'd')),
      matched('chosen-e', cookie('model', LONG)),
      matched('chosen-f', header('x-other', 'f')),
    ],
    upstream: { timeouts: { connect: 5, request: 1, streamIdle: 65, connectionIdle: 60 } },
    requestSeconds: 1,
  },
  hashed: {
    backends: [backend('hashed-main')],
    matched: [matched('hashed-v2', header('x-model', 'v2'))],
    upstream: { loadBalancing: LoadBalancing.hashByHeader('x-user')._model },
  },
  copied: {
    backends: [backend('copied-main', 50), backend('copied-half', 50)],
    matched: [matched('copied-c', header('x-model', 'c'))],
    mirrors: [mirrored('copied-all', 100), mirrored('copied-few', 20), mirrored('copied-none', 0)],
  },
};

const PODS: { readonly [service: string]: number } = {
  'two-main': 5,
  'hashed-main': 3,
  'hashed-v2': 3,
  'three-main': 2,
  'three-v2': 3,
};

const REFUSED = ['lost-main', 'lost-v2', 'limited-main', 'limited-v2'];

const SERVICES = Object.values(SPLITS).flatMap(({ backends, ...split }) => [
  ...backends.map(({ service }) => service),
  ...('matched' in split ? split.matched : []).map(({ key }) => key),
  ...('mirrors' in split ? split.mirrors : []).map(({ key }) => key),
]);

/** What is refused, made as if it were not: it shows why. */
function refused(): KubernetesObject[] {
  const change = (objects: KubernetesObject[], spec: object) => {
    for (const object of objects) if (object.kind === 'BackendTrafficPolicy') Object.assign(object.spec, spec);
    return objects;
  };
  const limit = { limit: { requests: 5, unit: 'Hour' } };
  return [
    ...change(splitObjects('lost', { backends: [backend('lost-main', 90), backend('lost-v2', 10)] }), {
      loadBalancer: { type: 'ConsistentHash', consistentHash: { type: 'Headers', headers: [{ name: 'x-user' }] } },
    }),
    ...change(
      splitObjects('limited', {
        matched: [matched('limited-v2', header('x-model', 'v2'))],
        backends: [backend('limited-main')],
      }),
      {
        rateLimit: { local: { rules: [limit] } },
      },
    ),
  ];
}

/** Of copies, one that fails. */
const failing = (sent: IncomingMessage, response: ServerResponse): void => {
  sent.resume();
  response.writeHead(500).end('wrong');
};

const failing503 = (sent: IncomingMessage, response: ServerResponse): void => {
  sent.resume();
  response.writeHead(503).end();
};

const skipped = !(runnable('splits through Envoy Gateway') && requireTool('go', 'splits through Envoy Gateway'));

describe.skipIf(skipped)('a split of requests in the real Envoy, as Envoy Gateway configures it', () => {
  const pods: { [service: string]: FakePod[] } = {};
  let objects: KubernetesObject[];
  let translation: Translation;
  let lab: GatewayLab;

  beforeAll(async () => {
    for (const service of [...SERVICES, ...REFUSED])
      pods[service] = await openPods(PODS[service] ?? 1, loopbackAddress);
    objects = [
      ...clusterObjects(['ml', 'gateways']),
      foreignGateway('public', 'gateways'),
      ...Object.entries(SPLITS).flatMap(([name, split]) => splitObjects(name, split)),
      ...refused(),
    ];
    translation = await translate(await egctlBinary(), objects);
    lab = await GatewayLab.start({
      egctl: await egctlBinary(),
      envoy: await installEnvoy(),
      gateway: 'gateways/public',
      objects,
      certificates: {},
      pods: Object.fromEntries(Object.entries(pods).map(([service, those]) => [`ml/${service}`, those])),
    });
  });

  afterAll(async () => {
    await lab?.stop();
    await Promise.all(
      Object.values(pods)
        .flat()
        .map((pod) => pod.crash()),
    );
  });

  const received = (service: string): number => pods[service]!.reduce((sum, pod) => sum + pod.received, 0);
  const ask = (name: string, options: AskOptions = {}): Promise<Answer> => lab.ask(`${name}.example.com`, options);
  const many = async (count: number, name: string, options: (index: number) => AskOptions = () => ({})) => {
    const answers: Answer[] = [];
    for (let begin = 0; begin < count; begin += 50) {
      const ending = Math.min(begin + 50, count);
      const indexes = Array.from({ length: ending - begin }, (_, index) => begin + index);
      answers.push(...(await Promise.all(indexes.map((index) => ask(name, options(index))))));
    }
    return answers;
  };

  beforeEach(() => {
    for (const pod of Object.values(pods).flat()) {
      pod.received = 0;
      pod.behavior = undefined;
    }
  });

  it('is refused by nobody', () => {
    expect(translation.refusals).toEqual([]);
  });

  describe('by weight', () => {
    it.each([
      ['two', { main: 90, v2: 10 }],
      ['three', { main: 80, v2: 15, v3: 5, v4: 0 }],
    ] as const)('%s holds within 2 points, however many pods there are: %j', async (name, shares) => {
      const answers = await many(4000, name);
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      const counts = Object.keys(shares).map((key) => received(`${name}-${key}`));
      console.log(`weights of ${Object.values(shares).join(', ')}: ${counts.join(', ')} of 4000 requests`);
      for (const [index, percent] of Object.values(shares).entries()) {
        if (percent === 0) expect(counts[index]).toBe(0);
        else expect(Math.abs(counts[index]! / 40 - percent)).toBeLessThan(2);
      }
    });
  });

  it('of gRPC has its rules and copies', async () => {
    const [weighted, v2] = [backend('spoken-main', 90), backend('spoken-v2', 10)];
    const stated = {
      backends: [weighted, v2],
      matched: [matched('spoken-v3', header('x-model', 'v3'))],
      mirrors: [mirrored('spoken-copy', 20)],
    };
    const surroundings = [...clusterObjects(['ml', 'gateways']), foreignGateway('public', 'gateways')];
    const spoken = splitObjects('spoken', stated, { grpcPort: 50_051 });
    const { refusals, proxies } = await translate(await egctlBinary(), [...surroundings, ...spoken]);
    expect(refusals).toEqual([]);
    for (const cluster of proxies['gateways/public']!.clusters.filter(({ name }) => name.startsWith('grpcroute/'))) {
      expect(protocolOptions(cluster).explicitHttpConfig).toHaveProperty('http2ProtocolOptions');
    }
    const [chosen, all, ...others]: Body[] = routesOf(proxies['gateways/public']!, 'spoken.example.com');
    expect(others).toEqual([]);
    expect(chosen!.match.headers).toEqual([{ name: 'x-model', stringMatch: { exact: 'v3' } }]);
    expect(all!.match.headers).toBeUndefined();
    for (const { route } of [chosen!, all!]) {
      expect(route.requestMirrorPolicies).toEqual([
        expect.objectContaining({ runtimeFraction: { defaultValue: { denominator: 'MILLION', numerator: 200_000 } } }),
      ]);
    }
  });

  it('by weight leads what a version without a pod that is well would get to others', async () => {
    for (const pod of pods['three-v2']!) pod.behavior = failing503;
    await many(400, 'three');
    // Until all of them have been taken out, which Envoy does one by one.
    await sleep(3000);
    for (const pod of pods['three-v2']!) pod.received = 0;
    const answers = await many(200, 'three');
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(received('three-v2')).toBe(0);
  });

  describe('by match', () => {
    const to = async (service: string, options: AskOptions) => {
      const { status, headers } = await ask('chosen', options);
      return [status, pods[service]!.some(({ address }) => address === headers['x-pod'])];
    };

    it.each<[string, string, AskOptions]>([
      ['a header', 'chosen-c', { headers: { 'x-model': 'c' } }],
      ['another value of it', 'chosen-d', { headers: { 'X-Model': 'd' } }],
      ['a parameter', 'chosen-a', { path: '/predict?x=1&model=a&y=2' }],
      ['a cookie', 'chosen-b', { headers: { cookie: 'model=b.1' } }],
      ['a cookie among others', 'chosen-b', { headers: { cookie: 'a=b; model=b.1; xmodel=c' } }],
      ['a long cookie', 'chosen-e', { headers: { cookie: `model=${LONG}` } }],
      ['a header before a cookie', 'chosen-c', { headers: { 'x-model': 'c', cookie: 'model=b.1' } }],
      ['a header before a parameter', 'chosen-c', { headers: { 'x-model': 'c' }, path: '/?model=a' }],
      ['a cookie before a parameter', 'chosen-b', { headers: { cookie: 'model=b.1' }, path: '/?model=a' }],
      ['of two headers the first key', 'chosen-c', { headers: { 'x-model': 'c', 'x-other': 'f' } }],
    ])('%s wins over weights', async (_, service, options) => {
      for (let round = 0; round < 10; round++) expect(await to(service, options)).toEqual([200, true]);
    });

    it.each<[string, AskOptions]>([
      ['another value', { headers: { 'x-model': 'cc' } }],
      ['another case', { headers: { 'x-model': 'C' } }],
      ['another parameter', { path: '/?xmodel=a' }],
      ['a longer value', { path: '/?model=ab' }],
      ['the end of another cookie', { headers: { cookie: 'xmodel=b.1' } }],
      ['any letter for a dot', { headers: { cookie: 'model=b21' } }],
      ['a longer cookie', { headers: { cookie: 'model=b.12; a=b' } }],
    ])('%s is shared out like all others', async (_, options) => {
      const answers = await many(60, 'chosen', () => options);
      expect(answers.every(({ status }) => status === 200)).toBe(true);
      const [main, half] = [received('chosen-main'), received('chosen-half')];
      expect(main + half).toBe(60);
      expect(main).toBeGreaterThan(0);
      expect(half).toBeGreaterThan(0);
    });

    it('has the timeout of all', async () => {
      for (const model of ['c', 'none']) {
        const slow = await ask('chosen', { headers: { 'x-wait-ms': '3000', 'x-model': model } });
        expect(slow.status).toBe(504);
      }
    });

    it('has the policy of the route: rules alike but for their order', () => {
      const xds = translation.proxies['gateways/public']!;
      const routes: Body[] = routesOf(xds, 'chosen.example.com');
      const parts = routes.map(({ route: { cluster: _, ...rest } }) => rest);
      for (const part of parts) expect(part).toEqual(parts[0]);
      expect(parts[0].retryPolicy.numRetries).toBe(2);
      const order = routes.map(({ route }) => Number(/rule\/(\d+)/.exec(route.cluster)![1]));
      // In the order of the rules, the one of all requests last.
      expect(order).toEqual([1, 2, 3, 4, 5, 6, 0]);
      const kinds = byPrecedence(SPLITS.chosen.matched).map(({ match }) => match.kind);
      expect(kinds).toEqual(['header', 'header', 'header', 'cookie', 'cookie', 'query']);
      const clusters = xds.clusters.filter(({ name }) => name.startsWith('httproute/ml/chosen/'));
      for (const { name: _, edsClusterConfig: __, ...rest } of clusters) {
        const { name: ___, edsClusterConfig: ____, ...first } = clusters[0]!;
        expect(rest).toEqual(first);
      }
    });

    it('leads one value of a hashed header to one pod of its version', async () => {
      const xds = translation.proxies['gateways/public']!;
      const clusters = xds.clusters.filter(({ name }) => name.startsWith('httproute/ml/hashed/'));
      for (const cluster of clusters) expect(balancingOf(cluster)['@type']).toContain('Maglev');
      const visited = async (headers: Record<string, string>) => {
        const answers = await many(10, 'hashed', () => ({ headers }));
        return [...new Set(answers.map((answer) => answer.headers['x-pod']))];
      };
      for (const user of ['a', 'b', 'c', 'd']) {
        const [main, ...others] = await visited({ 'x-user': user });
        const [next, ...more] = await visited({ 'x-user': user, 'x-model': 'v2' });
        expect([...others, ...more]).toEqual([]);
        expect(pods['hashed-main']!.map(({ address }) => address)).toContain(main);
        expect(pods['hashed-v2']!.map(({ address }) => address)).toContain(next);
      }
    });
  });

  describe('that is refused', () => {
    it('has no weights where it balances by a hash', async () => {
      await many(1000, 'lost', (index) => ({ headers: { 'x-user': `user-${index}` } }));
      const [main, next] = [received('lost-main'), received('lost-v2')];
      console.log(`weights of 90 and 10 with a hash: ${main} and ${next} of 1000 requests`);
      expect(next).toBeGreaterThan(400);
    });

    it('has a rate limit for each match', async () => {
      const statuses = (await many(20, 'limited', (index) => (index % 2 ? {} : { headers: { 'x-model': 'v2' } }))).map(
        ({ status }) => status,
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    });
  });

  describe('of copies', () => {
    const settled = async (count: () => number): Promise<void> => {
      for (let last = -1; last !== count(); ) {
        last = count();
        await sleep(200);
      }
    };

    it('sends each version its part of all requests, those with a match, too', async () => {
      await many(1000, 'copied', (index) => (index % 2 === 0 ? {} : { headers: { 'x-model': 'c' } }));
      await settled(() => received('copied-all') + received('copied-few'));
      const [main, half, chosen] = ['main', 'half', 'c'].map((key) => received(`copied-${key}`));
      expect([main! + half!, chosen]).toEqual([500, 500]);
      expect(received('copied-all')).toBe(1000);
      console.log(`copies of 100, 20 and 0 percent: ${received('copied-all')}, ${received('copied-few')}, 0 of 1000`);
      // Five standard deviations.
      expect(Math.abs(received('copied-few') - 200)).toBeLessThan(64);
      expect(received('copied-none')).toBe(0);
    });

    it('sends them whole, under the same host', async () => {
      const seen: { host?: string; url?: string; method?: string; body: string }[] = [];
      pods['copied-all']![0]!.behavior = (sent, response) => {
        let body = '';
        sent.setEncoding('utf8').on('data', (piece: string) => {
          body += piece;
        });
        sent.on('end', () => {
          seen.push({ host: sent.headers.host, url: sent.url, method: sent.method, body });
          response.end();
        });
      };
      const body = 'x'.repeat(3_000_000);
      const { status } = await ask('copied', { path: '/predict?a=b', body });
      expect(status).toBe(200);
      await settled(() => seen.length);
      expect(seen).toEqual([{ host: 'copied.example.com', url: '/predict?a=b', method: 'POST', body }]);
    });

    it('answers nobody by them: not by their failures, their slowness, nor where they are gone', async () => {
      pods['copied-all']![0]!.behavior = failing;
      const failures = await many(50, 'copied');
      expect(failures.every(({ status, body }) => status === 200 && body === 'ok')).toBe(true);
      // Never ends.
      pods['copied-all']![0]!.behavior = (sent) => void sent.resume();
      const slow = await many(50, 'copied');
      expect(slow.every(({ status, body }) => status === 200 && body === 'ok')).toBe(true);
      expect(Math.max(...slow.map(({ seconds }) => seconds))).toBeLessThan(5);
      await pods['copied-all']![0]!.crash();
      const gone = await many(50, 'copied');
      expect(gone.every(({ status }) => status === 200)).toBe(true);
    });
  });
});
