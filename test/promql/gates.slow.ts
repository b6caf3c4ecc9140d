import { Duration } from 'cdk8s';
import { beforeAll, describe, expect, test } from 'vitest';
import { ErrorKind, Gate } from '../../lib';
import { boundedQuery, gateQuery } from '../../lib/engines/gate-queries';
import { measuredGate } from '../gates';
import { requireTool } from '../tools/require-tool';
import { run } from '../tools/run';
import { type Case, verdicts } from './judge';
import {
  durations,
  END,
  growing,
  inFlight,
  type Labels,
  OWN,
  type Place,
  perSecond,
  rag,
  requests,
  type Series,
  STEP,
  STEPS,
  up,
} from './series';
import { promqlParser } from './tools';

type Example = Omit<Case, 'seconds' | 'query'>;

/** A query as Argo Rollouts asks it. */
const asked = (gate: Gate) =>
  gateQuery(measuredGate(gate), rag)
    .replaceAll('{{args.canary-hash}}', 'c4n4ry')
    .replaceAll('{{args.stable-hash}}', '5t4bl3');

const version = (hash: string, more: Labels = {}): Place => ({
  labels: { ...OWN, rollouts_pod_template_hash: hash, ...more },
});
const CANARY = version('c4n4ry');
const STABLE = version('5t4bl3');

// The window is of 120 s: eight steps. What happens within it begins at the 33rd sample.
const INSIDE = STEPS - 120 / STEP + 1;
/** Nothing, then so much each step, from the sample at which it begins. */
const from = (sample: number, first: number, perStep: number) => `_x${sample} ${first}+${perStep}x${STEPS - sample}`;

/** Requests per second that take so many seconds each. */
const answers = (pod: string, place: Place, rate: number, latency: number, code = '200'): Series[] =>
  durations(pod, '/similarity', code, { count: perSecond(rate), sum: perSecond(rate * latency) }, place);
const asks = (pod: string, place: Place, rate: number, code = '200'): Series =>
  requests(pod, '/similarity', code, perSecond(rate), place);
const both: Series[] = [up('c', 1, CANARY), up('s', 1, STABLE)];
const compared = (canary: number, stable: number): Series[] => [
  ...both,
  ...answers('c', CANARY, 1, canary),
  ...answers('s', STABLE, 10, stable),
];

const relativeLatency: Example[] = [
  { name: 'is 1.09 of a canary that takes so much longer', input: compared(0.436, 0.4), expected: 1.09 },
  { name: 'is 1.11 of a canary that takes so much longer', input: compared(0.444, 0.4), expected: 1.11 },
  { name: 'is below 1 of a faster one', input: compared(0.2, 0.4), expected: 0.5 },
  {
    name: 'is the mean of all requests, not of pods',
    input: [...compared(0.5, 0.5), up('c2', 1, CANARY), ...answers('c2', CANARY, 3, 1.5)],
    expected: 2.5,
  },
  {
    name: 'counts timeouts, but no failures and probes',
    input: [
      ...compared(0.5, 0.5),
      ...answers('c', CANARY, 1, 1.5, '504'),
      ...answers('c', CANARY, 50, 0.001, '500'),
      ...answers('c', CANARY, 50, 0.001, '429'),
      ...durations('c', '/readyz', '200', { count: perSecond(50), sum: perSecond(1) }, CANARY),
    ],
    expected: 2,
  },
  {
    name: 'survives a restart of a container in mid-window',
    input: [
      ...both,
      ...durations('c', '/similarity', '200', { count: '0+15x36 0+15x3', sum: '0+6x36 0+6x3' }, CANARY),
      ...answers('s', STABLE, 10, 0.4),
    ],
    expected: 1,
  },
  {
    // From its second scrape on: the first holds what it did while it warmed up.
    name: 'counts a new pod in mid-window by what it does from its first scrape on',
    input: [
      ...compared(0.4, 0.4),
      up('c2', from(INSIDE + 3, 1, 0), CANARY),
      ...durations(
        'c2',
        '/similarity',
        '200',
        { count: from(INSIDE + 3, 20, 0), sum: from(INSIDE + 3, 900, 0) },
        CANARY,
      ),
    ],
    expected: 1,
  },
  {
    name: 'is nothing without a canary',
    input: [up('s', 1, STABLE), ...answers('s', STABLE, 10, 0.4)],
    expected: undefined,
  },
  {
    name: 'is nothing without a stable version',
    input: [up('c', 1, CANARY), ...answers('c', CANARY, 10, 0.4)],
    expected: undefined,
  },
  {
    name: 'is nothing with a stable version that has no requests',
    input: [...both, ...answers('c', CANARY, 1, 0.4), ...answers('s', STABLE, 0, 0)],
    expected: undefined,
  },
  {
    // 0.25 a second are 30 in the window.
    name: 'is nothing with too few requests of the canary',
    input: [...both, ...answers('c', CANARY, 0.25, 0.4), ...answers('s', STABLE, 10, 0.4)],
    expected: undefined,
  },
  {
    name: 'is nothing with too few requests of the stable version',
    input: [...both, ...answers('c', CANARY, 10, 0.4), ...answers('s', STABLE, 0.25, 0.4)],
    expected: undefined,
  },
  {
    name: 'is nothing while the canary fails alone',
    input: [...both, ...answers('c', CANARY, 10, 0.4, '500'), ...answers('s', STABLE, 10, 0.4)],
    expected: undefined,
  },
  {
    name: 'is nothing of NaN',
    input: [...both, ...nan('c', CANARY), ...answers('s', STABLE, 10, 0.4)],
    expected: undefined,
  },
  {
    name: 'is nothing beside NaN',
    input: [...both, ...answers('c', CANARY, 10, 0.4), ...nan('s', STABLE)],
    expected: undefined,
  },
  {
    name: 'is nothing of a stable version that takes no time',
    input: [...both, ...answers('c', CANARY, 10, 0.4), ...answers('s', STABLE, 10, 0)],
    expected: undefined,
  },
];

/** Beyond what a number can hold it is infinite, and the difference of two such is none. */
function nan(pod: string, place: Place): Series[] {
  return durations(pod, '/similarity', '200', { count: perSecond(10), sum: growing(1e308) }, place);
}

/** All answers of a version within one bucket. */
const within = (pod: string, place: Place, [above, limit]: [string, string], rate = 10): Series[] => {
  const order = ['0.1', '0.2', '0.4', '120.0', '180.0', '+Inf'];
  const full = order.indexOf(limit);
  const le = Object.fromEntries(order.map((bucket, index) => [bucket, index >= full ? perSecond(rate) : perSecond(0)]));
  expect(order.indexOf(above)).toBe(full - 1);
  return durations(pod, '/similarity', '200', { count: perSecond(rate), sum: perSecond(rate), le }, place);
};
const relativePercentile: Example[] = [
  {
    // Three quarters of the way: 0.35 and 0.175.
    name: 'compares where the buckets put them',
    input: [...both, ...within('c', CANARY, ['0.2', '0.4']), ...within('s', STABLE, ['0.1', '0.2'])],
    expected: 2,
  },
  {
    name: 'is infinite of a canary beyond the last bucket',
    input: [...both, ...within('c', CANARY, ['180.0', '+Inf']), ...within('s', STABLE, ['120.0', '180.0'])],
    expected: Number.POSITIVE_INFINITY,
  },
  {
    name: 'is nothing of a stable version beyond it, however far the canary is',
    input: [...both, ...within('c', CANARY, ['180.0', '+Inf']), ...within('s', STABLE, ['180.0', '+Inf'])],
    expected: undefined,
  },
  {
    name: 'is nothing with too few requests',
    input: [...both, ...within('c', CANARY, ['0.2', '0.4'], 0.25), ...within('s', STABLE, ['0.1', '0.2'])],
    expected: undefined,
  },
  {
    name: 'is nothing without a stable version',
    input: [...both, ...within('c', CANARY, ['0.2', '0.4'])],
    expected: undefined,
  },
];

/** Requests of which so many in a thousand fail. */
const failing = (pod: string, place: Place, perMille: number, code = '500', rate = 100): Series[] => [
  asks(pod, place, rate * (1 - perMille / 1000)),
  asks(pod, place, (rate * perMille) / 1000, code),
];
const relativeErrors: Example[] = [
  {
    name: 'is 1.49 of a canary that fails so much oftener',
    input: [...both, ...failing('c', CANARY, 14.9), ...failing('s', STABLE, 10)],
    expected: 1.49,
  },
  {
    name: 'is 1.51 of a canary that fails so much oftener',
    input: [...both, ...failing('c', CANARY, 15.1), ...failing('s', STABLE, 10)],
    expected: 1.51,
  },
  {
    name: 'takes a stable version without errors for one with the least',
    input: [...both, ...failing('c', CANARY, 2), asks('s', STABLE, 100)],
    expected: 2,
  },
  {
    name: 'is 0 where neither has had an error, nor a series of one',
    input: [...both, asks('c', CANARY, 100), asks('s', STABLE, 100)],
    expected: 0,
  },
  {
    name: 'counts neither timeouts and refusals nor what clients do wrong',
    input: [
      ...both,
      ...failing('c', CANARY, 10),
      asks('c', CANARY, 0.5, '504'),
      asks('c', CANARY, 0.5, '429'),
      asks('c', CANARY, 0.5, '422'),
      asks('c', CANARY, 0.5, '304'),
      asks('c', CANARY, 900, '404'),
      requests('c', '/readyz', '503', perSecond(1), CANARY),
      asks('s', STABLE, 102),
    ],
    // Of 102 requests a second one fails.
    expected: 1 / 102 / 0.001,
  },
  {
    // Of 30 errors in the window that came between two scrapes `increase` sees none.
    name: 'counts a series of errors whole that begins in the window',
    input: [
      ...both,
      asks('c', CANARY, 25),
      requests('c', '/similarity', '500', from(STEPS - 1, 30, 0), CANARY),
      ...failing('s', STABLE, 10),
    ],
    expected: 30 / 3030 / 0.01,
  },
  {
    name: 'survives a restart of a container in mid-window, without what the first scrape after it misses',
    input: [
      ...both,
      requests('c', '/similarity', '200', '0+99x36 0+99x3', CANARY),
      requests('c', '/similarity', '500', '0+1x36 0+1x3', CANARY),
      ...failing('s', STABLE, 10),
    ],
    expected: 1,
  },
  {
    name: 'counts a new pod in mid-window, its first requests too',
    input: [
      ...both,
      asks('c', CANARY, 6.25),
      up('c2', from(INSIDE + 3, 1, 0), CANARY),
      requests('c2', '/similarity', '200', from(INSIDE + 3, 20, 20), CANARY),
      requests('c2', '/similarity', '500', from(INSIDE + 3, 5, 5), CANARY),
      ...failing('s', STABLE, 10),
    ],
    // 750 of the one pod; 5 times 25 of the other, of which 5 times 5 fail.
    expected: 25 / 875 / 0.01,
  },
  {
    name: 'does not take a scrape that failed for a new series',
    input: [
      ...both,
      requests('c', '/similarity', '200', `0+1485x${INSIDE - 2} stale ${1485 * INSIDE}+1485x${STEPS - INSIDE}`, CANARY),
      requests('c', '/similarity', '500', `0+15x${INSIDE - 2} stale ${15 * INSIDE}+15x${STEPS - INSIDE}`, CANARY),
      ...failing('s', STABLE, 10),
    ],
    expected: 1,
  },
  { name: 'is nothing without requests', input: both, expected: undefined },
  {
    name: 'is nothing where requests have ended',
    input: [...both, requests('c', '/similarity', '200', '0+15x20 300x19', CANARY), ...failing('s', STABLE, 10)],
    expected: undefined,
  },
  {
    name: 'is nothing with too few of the canary, though all fail',
    input: [...both, asks('c', CANARY, 0.25, '500'), ...failing('s', STABLE, 10)],
    expected: undefined,
  },
  {
    name: 'is nothing with too few of the stable version',
    input: [...both, ...failing('c', CANARY, 10), asks('s', STABLE, 0.25)],
    expected: undefined,
  },
  {
    name: 'is nothing without a stable version',
    input: [up('c', 1, CANARY), ...failing('c', CANARY, 10)],
    expected: undefined,
  },
  {
    name: 'is nothing as soon as no pod of the canary answers, though the window still holds samples',
    input: [
      up('c', `1x${STEPS - 3} 0x2`, CANARY),
      up('s', 1, STABLE),
      ...failing('c', CANARY, 10),
      ...failing('s', STABLE, 10),
    ],
    expected: undefined,
  },
  {
    name: 'is nothing as soon as no pod of the stable version answers',
    input: [
      up('c', 1, CANARY),
      up('s', `1x${STEPS - 3} 0x2`, STABLE),
      ...failing('c', CANARY, 10),
      ...failing('s', STABLE, 10),
    ],
    expected: undefined,
  },
];

const relativeTimeouts: Example[] = [
  {
    name: 'counts 504 alone',
    input: [...both, ...failing('c', CANARY, 20, '504'), ...failing('s', STABLE, 10, '504')],
    expected: 2,
  },
  {
    name: 'is 0 without a series of them',
    input: [...both, ...failing('c', CANARY, 20, '500'), ...failing('s', STABLE, 10, '429')],
    expected: 0,
  },
];
const rejections: Example[] = [
  { name: 'counts 429 alone', input: [...both, ...failing('c', CANARY, 20, '429')], expected: 0.02 },
  { name: 'is 0 without a series of them', input: [...both, ...failing('c', CANARY, 20, '503')], expected: 0 },
  { name: 'needs no stable version', input: [up('c', 1, CANARY), ...failing('c', CANARY, 20, '429')], expected: 0.02 },
  { name: 'is 1 where all are refused', input: [...both, asks('c', CANARY, 10, '429')], expected: 1 },
];
const errors: Example[] = [
  { name: 'is the share of all requests', input: [...both, ...failing('c', CANARY, 20)], expected: 0.02 },
  { name: 'is 1 where all fail', input: [...both, asks('c', CANARY, 10, '500')], expected: 1 },
  { name: 'is nothing without requests', input: both, expected: undefined },
  { name: 'is nothing of a pod that is not scraped', input: failing('c', CANARY, 20), expected: undefined },
];
const latencies: Example[] = [
  { name: 'is that of the canary alone', input: compared(0.436, 4), expected: 0.436 },
  { name: 'is nothing of NaN', input: [...both, ...nan('c', CANARY)], expected: undefined },
  {
    name: 'is nothing with too few requests',
    input: [...both, ...answers('c', CANARY, 0.25, 0.4)],
    expected: undefined,
  },
];
const percentiles: Example[] = [
  { name: 'lies within a bucket', input: [...both, ...within('c', CANARY, ['0.2', '0.4'])], expected: 0.35 },
  { name: 'is the end of the last', input: [...both, ...within('c', CANARY, ['180.0', '+Inf'])], expected: 180 },
  { name: 'is nothing without requests', input: both, expected: undefined },
];
const saturations: Example[] = [
  {
    name: 'is the mean of the pods that are there, those without requests too',
    input: [
      ...both,
      up('c2', 1, CANARY),
      up('c3', `1x${STEPS - 1} stale`, CANARY),
      asks('c', CANARY, 10),
      inFlight('c', '/similarity', 40, CANARY),
      inFlight('c', '/similarity2', 8, CANARY),
      inFlight('c', '/readyz', 64, CANARY),
      inFlight('c3', '/similarity', `64x${STEPS - 1} stale`, CANARY),
      inFlight('s', '/similarity', 64, STABLE),
    ],
    expected: 0.375,
  },
  {
    // 64 in four of nine samples, that at the very beginning of the window included.
    name: 'is the mean of the window',
    input: [...both, asks('c', CANARY, 10), inFlight('c', '/similarity', `0x${INSIDE - 1} 64x3 0x3`, CANARY)],
    expected: 4 / 9,
  },
  {
    name: 'is nothing with too few requests',
    input: [...both, asks('c', CANARY, 0.25), inFlight('c', '/similarity', 64, CANARY)],
    expected: undefined,
  },
  { name: 'is nothing without a series', input: [...both, asks('c', CANARY, 10)], expected: undefined },
];

const GATES: { name: string; query: string; cases: Example[] }[] = [
  { name: 'latency relative to stable', query: asked(Gate.latencyRelativeToStable()), cases: relativeLatency },
  {
    name: 'a percentile relative to stable',
    query: asked(Gate.latencyRelativeToStable({ percentile: 75 })),
    cases: relativePercentile,
  },
  { name: 'error rate relative to stable', query: asked(Gate.errorRateRelativeToStable()), cases: relativeErrors },
  {
    name: 'timeouts relative to stable',
    query: asked(Gate.errorRateRelativeToStable({ errorKind: ErrorKind.TIMEOUTS })),
    cases: relativeTimeouts,
  },
  {
    name: 'rejections',
    query: asked(Gate.errorRate({ maxRate: 0.1, errorKind: ErrorKind.REJECTIONS })),
    cases: rejections,
  },
  { name: 'error rate', query: asked(Gate.errorRate({ maxRate: 0.1 })), cases: errors },
  { name: 'latency', query: asked(Gate.latency({ max: Duration.seconds(1) })), cases: latencies },
  {
    name: 'a percentile',
    query: asked(Gate.latency({ max: Duration.seconds(1), percentile: 75 })),
    cases: percentiles,
  },
  { name: 'saturation', query: asked(Gate.saturation({ maxRatio: 0.8 })), cases: saturations },
];

/** As promtool can compare it: to the last digit, and without a number for infinity. */
function comparable(one: Case): Case {
  const { query, expected } = one;
  if (expected === undefined) return one;
  if (!Number.isFinite(expected))
    return { ...one, query: `(${query}) == bool ${expected > 0 ? '' : '-'}Inf`, expected: 1 };
  return { ...one, query: `round(${query}, 0.000001)`, expected: Number(expected.toFixed(6)) };
}

/** Busy, and bad: as no version should be. */
const bad = (pod: string, place: Place): Series[] => [
  up(pod, 1, place),
  inFlight(pod, '/similarity', 64, place),
  ...within(pod, place, ['120.0', '180.0']),
  ...['200', '429', '500', '504'].map((code) => asks(pod, place, 50, code)),
];
const OTHERS: [string, Series[]][] = [
  ['a version before both', bad('x', version('0lder'))],
  ['another deployment', bad('x', version('c4n4ry', { app_kubernetes_io_instance: 'rag-eu' }))],
  ['its runner pool', bad('x', version('c4n4ry', { app_kubernetes_io_component: 'runner-embedder' }))],
  ['another namespace, with pods of the same names', bad('c', version('c4n4ry', { namespace: 'staging' }))],
  ['pods without a hash', bad('c', { labels: OWN })],
];

const mine = (query: string, bounds: { min?: number; max?: number }) => boundedQuery({ query, bounds });
const BOUNDED: Case[] = [
  ['NaN below a limit', 'vector(NaN)', { max: 1 }, undefined],
  ['NaN above a limit', 'vector(NaN)', { min: 1 }, undefined],
  ['NaN between limits', 'vector(NaN)', { min: 0, max: 1 }, undefined],
  ['minus infinity below a limit', 'vector(-Inf)', { max: 1 }, undefined],
  ['infinity below a limit', 'vector(Inf)', { max: 1 }, Number.POSITIVE_INFINITY],
  ['infinity above a limit', 'vector(Inf)', { min: 1 }, undefined],
  ['minus infinity above a limit', 'vector(-Inf)', { min: 1 }, Number.NEGATIVE_INFINITY],
  ['nothing', 'absent(vector(1))', { max: 1 }, undefined],
  ['a number', 'vector(0.5) # a comment', { min: 0, max: 1 }, 0.5],
  ['a choice', 'absent(vector(1)) or vector(7)', { max: 1 }, 7],
].map(([name, query, limits, expected]) => ({
  name: `a query of ${name}`,
  query: mine(query as string, limits as { min?: number; max?: number }),
  input: [],
  seconds: END,
  expected: expected as number | undefined,
}));

const CASES: Case[] = [
  ...GATES.flatMap(({ name, query, cases }) => {
    const examples: Example[] = [
      ...cases,
      { name: 'is nothing of no pods', input: [], expected: undefined },
      ...OTHERS.map(([beside, others]) => ({
        ...cases[0]!,
        name: `is the same beside ${beside}`,
        input: [...cases[0]!.input, ...others],
      })),
    ];
    return examples.map((example) => ({ ...example, query, name: `${name} ${example.name}`, seconds: END }));
  }),
  ...BOUNDED,
];

describe.skipIf(!requireTool('apt', 'promtool suite of gates'))('promtool finds:', () => {
  let found: Map<string, string>;
  beforeAll(async () => {
    found = await verdicts(CASES.map(comparable));
  });

  test.each(CASES)('$name', ({ name }) => {
    expect(found.get(name)).toBe('SUCCESS');
  });
});

describe.skipIf(!requireTool('go', 'parser of Prometheus 3, gates'))('the parser of Prometheus 3', () => {
  test('reads every query', async () => {
    const queries = CASES.map(({ query }) => query);
    expect((await run(await promqlParser(), queries, { expect: [0, 1] })).stdout).toBe('');
  });
});
