import { beforeAll, describe, expect, test } from 'vitest';
import {
  concurrencyQuery,
  gpuUtilizationQuery,
  latencyQuery,
  queueLengthQuery,
  requestRateQuery,
} from '../../lib/engines/promql';
import { requireTool } from '../tools/require-tool';
import { run } from '../tools/run';
import { type Case, verdicts } from './judge';
import {
  DCGM,
  durations,
  END,
  gpu,
  HONORED,
  inFlight,
  type Labels,
  OWN,
  type Place,
  perSecond,
  rag,
  requests,
  type Series,
  STEPS,
  series,
  steady,
  up,
  WINDOW,
} from './series';
import { promqlParser } from './tools';

type Example = Omit<Case, 'seconds'>;

const concurrency: Example[] = [
  {
    name: 'is the sum of all pods and routes',
    query: concurrencyQuery(rag),
    input: [
      ...['a', 'b', 'c'].map((pod) => up(pod)),
      inFlight('a', '/similarity', 4),
      inFlight('a', '/sleep', 1),
      inFlight('b', '/similarity', 2),
      inFlight('c', '/similarity', 0),
    ],
    expected: 7,
  },
  {
    name: 'does not see probes that hang',
    query: concurrencyQuery(rag),
    input: [up('a'), inFlight('a', '/readyz', 3), inFlight('a', '/livez', 1), inFlight('a', '/healthz', 1)],
    expected: 0,
  },
  {
    name: 'sees what only looks like a probe',
    query: concurrencyQuery(rag),
    input: [up('a'), inFlight('a', '/readyz2', 1), inFlight('a', '/v1/readyz', 1), inFlight('a', '/readyz/x', 1)],
    expected: 3,
  },
  {
    name: 'leaves out a pod of three that does not answer',
    query: concurrencyQuery(rag),
    input: [
      ...['a', 'b'].flatMap((pod) => [up(pod), inFlight(pod, '/similarity', 4)]),
      up('c', `1x19 0x${STEPS - 20}`),
      inFlight('c', '/similarity', '4x19 stale'),
    ],
    expected: 8,
  },
  {
    name: 'has the names of a service with a metrics namespace and a path prefix',
    query: concurrencyQuery({
      labels: OWN,
      prefix: 'reranker',
      probePaths: ['/v1/livez', '/v1/readyz', '/v1/healthz'],
    }),
    input: [
      up('a'),
      inFlight('a', '/v1/rank', 2, { prefix: 'reranker' }),
      inFlight('a', '/v1/readyz', 5, { prefix: 'reranker' }),
      inFlight('a', '/v1/rank', 9),
    ],
    expected: 2,
  },
  {
    name: 'takes the dots of a path as dots',
    query: concurrencyQuery({ ...rag, probePaths: ['/v1.2/~a-b/livez'] }),
    input: [up('a'), inFlight('a', '/v1.2/~a-b/livez', 5), inFlight('a', '/v1x2/~a-b/livez', 1)],
    expected: 1,
  },
  {
    name: 'finds labels with quotes and backslashes',
    query: concurrencyQuery({ ...rag, labels: { ...OWN, cluster: 'a"b\\c' } }),
    input: [
      up('a', 1, { labels: { ...OWN, cluster: 'a"b\\c' } }),
      inFlight('a', '/similarity', 2, { labels: { ...OWN, cluster: 'a"b\\c' } }),
      inFlight('a', '/similarity', 5, { labels: { ...OWN, cluster: 'abc' } }),
    ],
    expected: 2,
  },
];

const requestRate: Example[] = [
  {
    name: 'is the sum of all pods, routes and codes',
    query: requestRateQuery(rag, WINDOW),
    input: [
      ...['a', 'b'].map((pod) => up(pod)),
      requests('a', '/similarity', '200', perSecond(2)),
      requests('a', '/sleep', '504', perSecond(1)),
      requests('b', '/similarity', '500', perSecond(4)),
    ],
    expected: 7,
  },
  {
    name: 'counts what is refused, for it is demand',
    query: requestRateQuery(rag, WINDOW),
    input: [
      up('a'),
      requests('a', '/similarity', '200', perSecond(2)),
      requests('a', '/similarity', '429', perSecond(30)),
    ],
    expected: 32,
  },
  {
    name: 'counts neither scanners nor probes',
    query: requestRateQuery(rag, WINDOW),
    input: [
      up('a'),
      requests('a', '/similarity', '200', perSecond(2)),
      requests('a', '/wp-login.php', '404', perSecond(50)),
      requests('a', '/livez', '200', perSecond(1)),
      requests('a', '/readyz', '503', perSecond(1)),
    ],
    expected: 2,
  },
  {
    // Of eight steps of 30 one is lost, that in which the pod restarts: 210 in 120 s.
    name: 'does not sink below what is known when a pod restarts',
    query: requestRateQuery(rag, WINDOW),
    input: [up('a'), requests('a', '/similarity', '200', '0+30x36 0+30x3')],
    expected: 1.75,
  },
  {
    name: 'is that of the pods that still answer, when the third has been silent for longer than the window',
    query: requestRateQuery(rag, WINDOW),
    input: [
      ...['a', 'b'].flatMap((pod) => [up(pod), requests(pod, '/similarity', '200', perSecond(2))]),
      up('c', `1x19 0x${STEPS - 20}`),
      requests('c', '/similarity', '200', '0+30x19 stale'),
    ],
    expected: 4,
  },
  {
    name: 'is nothing as soon as no pod answers, though the window still holds samples',
    query: requestRateQuery(rag, WINDOW),
    input: [up('a', '1x36 0x3'), requests('a', '/similarity', '200', '0+30x36 stale')],
    expected: undefined,
  },
];

const half = { count: perSecond(2), sum: perSecond(1) };
const latency: Example[] = [
  {
    // 2 a second of half a second each, 1 a second of two seconds.
    name: 'is the mean over all requests, not over pods',
    query: latencyQuery(rag, WINDOW),
    input: [
      ...['a', 'b'].map((pod) => up(pod)),
      ...durations('a', '/similarity', '200', half),
      ...durations('b', '/sleep', '201', { count: perSecond(1), sum: perSecond(2) }),
    ],
    expected: 1,
  },
  {
    name: 'counts timeouts, but neither refusals nor failures, scanners and probes',
    query: latencyQuery(rag, WINDOW),
    input: [
      up('a'),
      ...durations('a', '/similarity', '200', half),
      ...durations('a', '/similarity', '504', { count: perSecond(2), sum: perSecond(8) }),
      ...durations('a', '/similarity', '429', { count: perSecond(100), sum: perSecond(1) }),
      ...durations('a', '/similarity', '500', { count: perSecond(100), sum: perSecond(1) }),
      ...durations('a', '/nope', '404', { count: perSecond(100), sum: perSecond(1) }),
      ...durations('a', '/livez', '200', { count: perSecond(100), sum: perSecond(1) }),
    ],
    expected: 2.25,
  },
  {
    name: 'is 0 where there was traffic, but not within the window',
    query: latencyQuery(rag, WINDOW),
    input: [up('a'), ...durations('a', '/similarity', '200', { count: '0+30x20 600x19', sum: '0+15x20 300x19' })],
    expected: 0,
  },
  {
    name: 'survives a restart',
    query: latencyQuery(rag, WINDOW),
    input: [up('a'), ...durations('a', '/similarity', '200', { count: '0+30x36 0+30x3', sum: '0+15x36 0+15x3' })],
    expected: 0.5,
  },
  {
    name: 'is nothing as soon as no pod answers, though the window still holds samples',
    query: latencyQuery(rag, WINDOW),
    input: [
      up('a', '1x36 0x3'),
      ...durations('a', '/similarity', '200', { count: '0+30x36 stale', sum: '0+15x36 stale' }),
    ],
    expected: undefined,
  },
];

const buckets = (count: string) => ({ '0.25': steady(0), '0.5': count, '1.0': count, '+Inf': count });
const percentile: Example[] = [
  {
    // All between 0.25 and 0.5: three quarters of the way.
    name: 'lies within the bucket that holds it',
    query: latencyQuery(rag, WINDOW, 75),
    input: [up('a'), ...durations('a', '/similarity', '200', { ...half, le: buckets(perSecond(2)) })],
    expected: 0.4375,
  },
  {
    // Four a second below 0.5 in one pod, four beyond 1 in the other: the 75th of them is beyond every limit but +Inf.
    name: 'is that of all pods together, and at most the last limit',
    query: latencyQuery(rag, WINDOW, 75),
    input: [
      ...['a', 'b'].map((pod) => up(pod)),
      ...durations('a', '/similarity', '200', { ...half, le: buckets(perSecond(4)) }),
      ...durations('b', '/similarity', '504', {
        ...half,
        le: { '0.25': steady(0), '0.5': steady(0), '1.0': steady(0), '+Inf': perSecond(4) },
      }),
    ],
    expected: 1,
  },
  {
    name: 'does not count refusals',
    query: latencyQuery(rag, WINDOW, 75),
    input: [
      up('a'),
      ...durations('a', '/similarity', '200', { ...half, le: buckets(perSecond(2)) }),
      ...durations('a', '/similarity', '429', { ...half, le: { ...buckets(perSecond(90)), '0.25': perSecond(90) } }),
    ],
    expected: 0.4375,
  },
  {
    name: 'is 0 of no requests, not NaN',
    query: latencyQuery(rag, WINDOW, 99.9),
    input: [
      up('a'),
      ...durations('a', '/similarity', '200', { count: steady(5), sum: steady(2), le: buckets(steady(5)) }),
    ],
    expected: 0,
  },
  {
    name: 'is nothing as soon as no pod answers, though the window still holds samples',
    query: latencyQuery(rag, WINDOW, 75),
    input: [up('a', '1x36 0x3'), ...durations('a', '/similarity', '200', { ...half, le: buckets('0+30x36 stale') })],
    expected: undefined,
  },
];

const queueLength: Example[] = [
  {
    name: 'is what each pod has beyond its places: free ones of another do not help',
    query: queueLengthQuery(rag, 4),
    input: [
      ...['a', 'b', 'c'].map((pod) => up(pod)),
      inFlight('a', '/similarity', 10),
      inFlight('b', '/similarity', 1),
      inFlight('c', '/similarity', 3),
      inFlight('c', '/sleep', 3),
    ],
    expected: 8,
  },
  {
    name: 'is 0 up to the last place',
    query: queueLengthQuery(rag, 4),
    input: [up('a'), inFlight('a', '/similarity', 4)],
    expected: 0,
  },
  {
    name: 'does not see probes that hang',
    query: queueLengthQuery(rag, 1),
    input: [up('a'), inFlight('a', '/readyz', 3), inFlight('a', '/similarity', 1)],
    expected: 0,
  },
  {
    name: 'leaves out a pod of three that does not answer',
    query: queueLengthQuery(rag, 4),
    input: [
      ...['a', 'b'].flatMap((pod) => [up(pod), inFlight(pod, '/similarity', 6)]),
      up('c', `1x19 0x${STEPS - 20}`),
      inFlight('c', '/similarity', '9x19 stale'),
    ],
    expected: 4,
  },
];

const cluster = (name: string) => ({ labels: { ...OWN, cluster: name } });
const slice = { GPU_I_ID: '7', GPU_I_PROFILE: '1g.10gb' };
const engineActive = (pod: string, uuid: string, ratio: number, more: Labels = {}): Series => ({
  ...gpu(pod, uuid, ratio, 'ml', more),
  metric: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
});
const gpuUtilization: Example[] = [
  {
    name: 'is the mean over GPUs, not over pods',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [...['a', 'b'].map((pod) => up(pod)), gpu('a', 'GPU-1', 80), gpu('a', 'GPU-2', 60), gpu('b', 'GPU-3', 40)],
    expected: 60,
  },
  {
    name: 'is 0 where GPUs idle',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [up('a'), gpu('a', 'GPU-1', 0)],
    expected: 0,
  },
  {
    name: 'leaves out pods that still load their model, for the HPA multiplies by ready pods',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [up('a'), up('b', 0), gpu('a', 'GPU-1', 90), gpu('b', 'GPU-2', 0)],
    expected: 90,
  },
  {
    name: 'leaves out pods that the exporter has not seen yet',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [up('a'), up('b'), gpu('a', 'GPU-1', 90)],
    expected: 90,
  },
  {
    name: 'is nothing where the exporter is down',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [up('a'), { ...gpu('a', 'GPU-1', 0), values: '90x19 stale' }],
    expected: undefined,
  },
  {
    name: 'does not see idle GPUs and those of others',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [
      up('a'),
      up('x', 1, { labels: { ...OWN, cdk8s_bento_track: 'v2' } }),
      gpu('a', 'GPU-1', 90),
      gpu('x', 'GPU-2', 10),
      gpu('a', 'GPU-3', 10, 'other'),
      gpu('', 'GPU-4', 0, ''),
    ],
    expected: 90,
  },
  {
    name: 'takes slices by the time that their engine is active, whatever old exporters say of them',
    query: gpuUtilizationQuery(rag, DCGM),
    input: [
      ...['a', 'b'].map((pod) => up(pod)),
      gpu('a', 'GPU-1', 0, 'ml', slice),
      engineActive('a', 'GPU-1', 0.75, slice),
      gpu('b', 'GPU-2', 50),
      engineActive('b', 'GPU-2', 0.25),
    ],
    expected: 62.5,
  },
  {
    name: 'reads labels that are honored',
    query: gpuUtilizationQuery(rag, HONORED),
    input: [
      up('a'),
      series('DCGM_FI_DEV_GPU_UTIL', { UUID: 'GPU-1', pod: 'a', namespace: 'ml', container: 'bento' }, steady(90)),
      series('DCGM_FI_DEV_GPU_UTIL', { UUID: 'GPU-2', pod: 'a', namespace: 'other', container: 'bento' }, steady(10)),
    ],
    expected: 90,
  },
  {
    name: 'is that of the cluster, where pods of another have the same names',
    query: gpuUtilizationQuery({ ...rag, ...cluster('eu') }, { ...DCGM, labels: { cluster: 'eu' } }),
    input: [
      up('a', 1, cluster('eu')),
      up('a', 1, cluster('us')),
      gpu('a', 'GPU-1', 90, 'ml', { cluster: 'eu' }),
      gpu('a', 'GPU-2', 10, 'ml', { cluster: 'us' }),
    ],
    expected: 90,
  },
];

const QUERIES = [
  { name: 'concurrency', query: concurrencyQuery(rag), cases: concurrency },
  { name: 'the rate of requests', query: requestRateQuery(rag, WINDOW), cases: requestRate },
  { name: 'mean latency', query: latencyQuery(rag, WINDOW), cases: latency },
  { name: 'a percentile of latency', query: latencyQuery(rag, WINDOW, 75), cases: percentile },
  { name: 'the length of the queue', query: queueLengthQuery(rag, 4), cases: queueLength },
  { name: 'GPU utilization', query: gpuUtilizationQuery(rag, DCGM), cases: gpuUtilization },
];

/** Everything that a pod can have, busy enough to be seen. */
const busy = (pod: string, place: Place = {}) => [
  up(pod, 1, place),
  inFlight(pod, '/similarity', 9, place),
  requests(pod, '/similarity', '200', perSecond(8), place),
  ...durations(
    pod,
    '/similarity',
    '200',
    { count: perSecond(8), sum: perSecond(32), le: buckets(perSecond(8)) },
    place,
  ),
  gpu(pod, `GPU-${pod}-${place.labels?.namespace}`, 10, place.labels?.namespace),
];
const OTHERS: [string, Series[]][] = [
  ['a canary', busy('x', { labels: { ...OWN, cdk8s_bento_track: 'v2' } })],
  ['another deployment of the same Bento', busy('x', { labels: { ...OWN, app_kubernetes_io_instance: 'rag-eu' } })],
  ['a runner pool', busy('x', { labels: { ...OWN, app_kubernetes_io_component: 'runner-embedder' } })],
  ['another namespace, with pods of the same names', busy('a', { labels: { ...OWN, namespace: 'staging' } })],
  [
    'another metrics namespace',
    busy('a', { prefix: 'reranker' }).filter(({ metric }) => metric.startsWith('reranker')),
  ],
];
const silent = (values: string) => [up('a', values), up('b', values)];

const NOTHING: [string, Series[]][] = [
  ['no pods', []],
  ['pods that do not answer', silent(steady(0))],
  ['pods that stopped to answer', silent(`1x${STEPS - 1} 0`)],
  ['pods that are gone', silent(`1x${STEPS - 1} stale`)],
  ['GPUs whose pods are not scraped', [gpu('a', 'GPU-1', 90)]],
];

const CASES: Case[] = QUERIES.flatMap(({ name, query, cases }) => {
  const [own] = cases;
  const started = query.includes('DCGM') ? undefined : 0;
  const examples: Example[] = [
    ...cases,
    { name: 'before the first request', query, input: silent(steady(1)), expected: started },
    ...NOTHING.map(([of, input]) => ({ name: `is nothing of ${of}`, query, input, expected: undefined })),
    ...OTHERS.map(([beside, others]) => ({
      ...own!,
      name: `is the same beside ${beside}`,
      input: [...own!.input, ...others],
    })),
    ...OTHERS.map(([alone, input]) => ({
      name: `is nothing of ${alone}`,
      query: own!.query,
      input,
      expected: undefined,
    })),
  ];
  return examples.map((example) => ({ ...example, name: `${name} ${example.name}`, seconds: END }));
});
const WRONG: Case = { ...CASES[0]!, name: 'a number that is wrong', expected: 6 };

describe.skipIf(!requireTool('apt', 'promtool suite'))('promtool finds:', () => {
  let found: Map<string, string>;
  beforeAll(async () => {
    found = await verdicts([...CASES, WRONG]);
  });

  test.each(CASES)('$name', ({ name }) => {
    expect(found.get(name)).toBe('SUCCESS');
  });

  test('what is wrong', () => {
    expect(found.get(WRONG.name)).toMatch(/exp: \{\} 6E\+00\s+got: \{\} 7E\+00/);
  });

  test('one verdict for each case', () => {
    expect(found.size).toBe(CASES.length + 1);
  });
});

describe.skipIf(!requireTool('go', 'parser of Prometheus 3'))('the parser of Prometheus 3', () => {
  test('reads every query', async () => {
    const queries = QUERIES.flatMap(({ query, cases }) => [query, ...cases.map((one) => one.query)]);
    expect((await run(await promqlParser(), queries, { expect: [0, 1] })).stdout).toBe('');
  });

  test('refuses what is none', async () => {
    const { code, stdout } = await run(await promqlParser(), ['sum(up{a="b})'], { expect: [1] });
    expect([code, stdout]).toEqual([1, expect.stringContaining('unterminated quoted string')]);
  });
});
