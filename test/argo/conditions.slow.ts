import { Duration } from 'cdk8s';
import { beforeAll, describe, expect, test } from 'vitest';
import { Gate, NoData, PrometheusAuthentication, SecretRef, WebhookHeader } from '../../lib';
import { type AnalysisUse, analysisOf, analysisTemplateSpec } from '../../lib/engines/analysis-template';
import { cluster, resolved, SERIES, type Surroundings } from '../gates';
import { requireTool } from '../tools/require-tool';
import { type Answer, argoSays, type Question } from './conditions';

const HASHES = { 'canary-hash': 'c4n4ry', 'stable-hash': '5t4bl3' };

function question(
  gate: Gate,
  more: Partial<Question> & { surroundings?: Surroundings; use?: AnalysisUse; seconds?: number } = {},
): Question {
  const { surroundings = {}, use = 'step', seconds = 300, ...rest } = more;
  const gates = resolved([gate], { ...surroundings, background: use === 'background' });
  const spec = analysisTemplateSpec(gates, { series: SERIES, cluster: cluster(surroundings.prometheus) }, use)!;
  const { args } = analysisOf('rag-gates', gates, use === 'step' ? { seconds } : {});
  const given = Object.fromEntries(args.map(({ name, value }) => [name, value ?? HASHES[name as keyof typeof HASHES]]));
  return { spec, args: given, ...rest };
}

// What Prometheus may answer, and what each must count as where 1.1 is the most that passes.
const ANSWERS: [string, string[], pause: string, abort: string][] = [
  ['a number within', ['1.09'], 'Successful', 'Successful'],
  ['the limit itself', ['1.1'], 'Successful', 'Successful'],
  ['a number beyond', ['1.11'], 'Failed', 'Failed'],
  ['zero', ['0'], 'Successful', 'Successful'],
  ['infinitely much', ['+Inf'], 'Failed', 'Failed'],
  ['nothing', [], 'Inconclusive', 'Error'],
  ['NaN', ['NaN'], 'Inconclusive', 'Inconclusive'],
  ['two numbers within', ['1', '1'], 'Inconclusive', 'Error'],
  ['a number within and one beyond', ['1', '2'], 'Inconclusive', 'Error'],
  ['a number beyond and one within', ['2', '1'], 'Inconclusive', 'Error'],
];
const VECTORS = ANSWERS.map(([, vector]) => vector);
const BETWEEN = [['-1'], ['-0.01'], ['0'], ['0.5'], ['1'], ['1.01'], ['-Inf'], ['+Inf'], ['NaN'], []];

const { latencyRelativeToStable, errorRateRelativeToStable, latency, errorRate, saturation, prometheusQuery } = Gate;
const numbers = (min: number | undefined, max: number | undefined, noData = NoData.PAUSE) =>
  prometheusQuery({ name: 'mine', query: 'my_metric', min, max, noData });
const approval = (failureValue?: string) =>
  Gate.webhook({
    name: 'approval',
    url: 'https://approvals.example.com/{{args.canary-hash}}',
    jsonPath: '{$.status}',
    successValue: 'approved',
    failureValue,
    headers: [
      WebhookHeader.fromSecret('Authorization', { secret: SecretRef.named('approvals'), key: 'authorization' }),
      WebhookHeader.value('X-Release', '{{args.stable-hash}} to {{args.canary-hash}}'),
    ],
  });
const score = (min?: number, max?: number) =>
  Gate.webhook({
    name: 'score',
    url: 'http://scores/',
    jsonPath: '{$.score}',
    min,
    max,
    body: '{"of": "{{args.canary-hash}}"}',
  });
const WORDS = ['approved', 'rejected', 'pending', '', true, 1, null, ['approved'], { status: 'approved' }];
const SCORES = [0.89, 0.9, 1, 1.01, '0.95', 'NaN', true, null, [1], { a: 1 }];

const EVERY: [string, Gate][] = [
  ['latency relative to stable', latencyRelativeToStable()],
  ['a percentile relative to stable', latencyRelativeToStable({ percentile: 99.9 })],
  ['error rate relative to stable', errorRateRelativeToStable()],
  ['latency', latency({ max: Duration.millis(1500) })],
  ['error rate', errorRate({ maxRate: 0.00000012 })],
  ['saturation', saturation({ maxRatio: 0.8 })],
  ['a query', numbers(-1.5, 1e21)],
  [
    'a query that ends with a comment',
    prometheusQuery({ name: 'mine', query: 'a # {{args.canary-hash}} "b"', max: 1 }),
  ],
  ['a very small number', numbers(-1e21, 1e-300)],
  ['a webhook', approval('rejected')],
  ['a score', score(0.9)],
  ['a job', Gate.job({ name: 'smoke', image: 'smoke:1', args: ['--version={{args.canary-hash}}'] })],
];

const QUESTIONS: { readonly [name: string]: Question } = {
  pause: question(latencyRelativeToStable({ noData: NoData.PAUSE }), { vectors: VECTORS }),
  abort: question(latencyRelativeToStable({ noData: NoData.ABORT }), { vectors: VECTORS }),
  'pause in the background': question(latencyRelativeToStable({ noData: NoData.PAUSE }), {
    vectors: VECTORS,
    use: 'background',
  }),
  between: question(numbers(0, 1), { vectors: BETWEEN }),
  'between, or an abort': question(numbers(0, 1, NoData.ABORT), { vectors: BETWEEN }),
  above: question(numbers(0, undefined), { vectors: BETWEEN }),
  below: question(numbers(undefined, 1), { vectors: BETWEEN }),
  'approved or not': question(approval(), { values: WORDS }),
  'approved or rejected': question(approval('rejected'), { values: WORDS }),
  'a score of at least': question(score(0.9), { values: SCORES }),
  'a score between': question(score(0.9, 1), { values: SCORES }),
  limits: question(latencyRelativeToStable({ failureLimit: 3, patience: 30, noData: NoData.PAUSE }), { seconds: 600 }),
  'one condition alone': {
    args: {},
    vectors: VECTORS,
    spec: { metrics: [{ name: 'a', successCondition: 'result[0] <= 1.1', provider: { prometheus: { query: 'a' } } }] },
  },
  'failure alone': {
    args: {},
    vectors: [[], ['NaN']],
    spec: {
      metrics: [
        {
          name: 'a',
          failureCondition: 'len(result) == 1 && result[0] > 1.1',
          provider: { prometheus: { query: 'a' } },
        },
      ],
    },
  },
  'no end': {
    args: {},
    spec: { metrics: [{ name: 'a', interval: '1m', provider: { prometheus: { query: 'a' } } }] },
  },
  'unknown field': { args: {}, spec: { metrics: [{ name: 'a', provider: { web: { url: 'http://a', uri: 'b' } } }] } },
  'an argument that nobody gives': question(latencyRelativeToStable(), { args: HASHES }),
  ...Object.fromEntries(EVERY.map(([name, gate]) => [name, question(gate, { vectors: [['0.5']], values: [0.5] })])),
  ...Object.fromEntries(
    Object.entries({
      'a token': PrometheusAuthentication.bearerToken({ secret: SecretRef.named('token') }),
      'a header': PrometheusAuthentication.header({ secret: SecretRef.named('token') }),
    }).map(([name, authentication]) => [
      name,
      question(latencyRelativeToStable(), {
        surroundings: { prometheus: { authentication, headers: { 'X-Scope-OrgID': 'ml' } } },
      }),
    ]),
  ),
  'a role of AWS': question(latencyRelativeToStable(), {
    surroundings: {
      prometheus: {
        address: 'https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1',
        authentication: PrometheusAuthentication.aws({ region: 'us-east-1' }),
      },
    },
  }),
};

describe.skipIf(!requireTool('go', "Argo Rollouts' evaluator of conditions"))('Argo Rollouts', () => {
  let answers: { [name: string]: Answer };
  beforeAll(async () => {
    const names = Object.keys(QUESTIONS);
    const said = await argoSays(names.map((name) => QUESTIONS[name]!));
    answers = Object.fromEntries(names.map((name, index) => [name, said[index]!]));
  });
  const metric = (name: string) => answers[name]!.metrics[0]!;

  test.each([...EVERY.map(([name]) => name), 'a token', 'a header', 'a role of AWS'])('takes %s in a step', (name) => {
    expect(answers[name]!.error).toBeUndefined();
    const { ends, vectors = [], values = [] } = metric(name);
    expect(ends).toBe(true);
    expect([...vectors, ...values]).not.toContain('Error');
  });

  test.each(ANSWERS.map(([name], index) => [name, index] as const))('counts %s as what it is', (_, index) => {
    const [, , pause, abort] = ANSWERS[index]!;
    expect(metric('pause').vectors![index]).toBe(pause);
    expect(metric('abort').vectors![index]).toBe(abort);
    expect(metric('pause in the background').vectors![index]).toBe(pause);
  });

  test('reads bounds', () => {
    const [ok, no, none, error] = ['Successful', 'Failed', 'Inconclusive', 'Error'];
    // Of what the query lets through: it has neither NaN nor the infinity that has no bound.
    expect(metric('between').vectors).toEqual([no, no, ok, ok, ok, no, no, no, none, none]);
    expect(metric('between, or an abort').vectors).toEqual([no, no, ok, ok, ok, no, no, no, none, error]);
    expect(metric('above').vectors).toEqual([no, no, ok, ok, ok, ok, no, ok, none, none]);
    expect(metric('below').vectors).toEqual([ok, ok, ok, ok, ok, no, ok, no, none, none]);
  });

  test('reads words', () => {
    const [ok, no, none] = ['Successful', 'Failed', 'Inconclusive'];
    expect(metric('approved or not').values).toEqual([ok, no, no, no, no, no, no, no, no]);
    expect(metric('approved or rejected').values).toEqual([ok, no, none, none, none, none, none, none, none]);
  });

  test('reads scores, and takes nothing else for one', () => {
    const [ok, no, error] = ['Successful', 'Failed', 'Error'];
    const others = Array.from({ length: 6 }, () => error);
    expect(metric('a score of at least').values).toEqual([no, ok, ok, ok, ...others]);
    expect(metric('a score between').values).toEqual([no, ok, ok, no, ...others]);
  });

  test('reads limits, and the number of a step', () => {
    expect(metric('limits')).toMatchObject({
      // The first after 120 s, then one each minute until 600 s.
      successes: 9,
      failureLimit: 3,
      inconclusiveLimit: 30,
      // An error is tried again after 10 s: 180 times in 30 minutes.
      consecutiveErrorLimit: 180,
    });
  });

  test('never ends beside the steps', () => {
    expect(metric('pause in the background')).toMatchObject({ ends: false, successes: 0 });
  });

  test('puts the hashes into queries', () => {
    const { query } = metric('pause');
    expect(query).toContain('rollouts_pod_template_hash="c4n4ry"');
    expect(query).toContain('rollouts_pod_template_hash="5t4bl3"');
    expect(query).not.toContain('{{');
  });

  // Why both conditions are stated.
  test('takes what does not fail for a pass, where success is not stated', () => {
    expect(metric('failure alone').vectors).toEqual(['Successful', 'Successful']);
  });

  test('sees the first of two numbers alone, where nobody counts them', () => {
    expect(metric('one condition alone').vectors![8]).toBe('Successful');
  });

  test('refuses what is none', () => {
    expect(metric('no end').ends).toBe(false);
    expect(answers['unknown field']!.error).toContain('unknown field');
    expect(answers['an argument that nobody gives']!.error).toBe('args.successes-every-60s was not resolved');
  });
});
