import { Duration, Lazy, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  EnvVar,
  ErrorKind,
  Gate,
  type GateOptions,
  InstanceSize,
  type JobGateOptions,
  type MeasuredGateOptions,
  NoData,
  type PrometheusGateOptions,
  SecretRef,
  ServiceAccountRef,
  type WebhookGateOptions,
  WebhookHeader,
  WebhookMethod,
} from '../../lib';
import { gateName, type MeasuredGateModel } from '../../lib/release/gate-model';

const seconds = (count: number) => Duration.seconds(count);
const query = (options: Partial<PrometheusGateOptions> = {}) =>
  Gate.prometheusQuery({ name: 'mine', query: 'my_metric', max: 1, ...options });
const webhook = (options: Partial<WebhookGateOptions> = {}) =>
  Gate.webhook({ name: 'approval', url: 'http://a', jsonPath: '{$.status}', successValue: 'ok', ...options });
const job = (options: Partial<JobGateOptions> = {}) => Gate.job({ name: 'smoke', image: 'smoke:1', ...options });

/** Every gate that is asked again and again. */
const REPEATED: [string, (options: GateOptions) => Gate][] = [
  ['latencyRelativeToStable', (options) => Gate.latencyRelativeToStable(options)],
  ['errorRateRelativeToStable', (options) => Gate.errorRateRelativeToStable(options)],
  ['latency', (options) => Gate.latency({ max: seconds(1), ...options })],
  ['errorRate', (options) => Gate.errorRate({ maxRate: 0.1, ...options })],
  ['saturation', (options) => Gate.saturation({ maxRatio: 0.8, ...options })],
  ['prometheusQuery', query],
  ['webhook', webhook],
];
const MEASURED = REPEATED.slice(0, 5) as [string, (options: MeasuredGateOptions) => Gate][];
const DELAYED = REPEATED.slice(5);

describe('what the seed has', () => {
  it('a latency of 1.1 of the mean, an error rate of 1.5', () => {
    expect(Gate.latencyRelativeToStable()._model).toEqual({
      kind: 'measured',
      measure: { kind: 'latency-relative', maxRatio: 1.1, percentile: undefined },
      windowSeconds: undefined,
      minRequests: 50,
      intervalSeconds: 60,
      failureLimit: 2,
      noData: NoData.ABORT,
      patience: 5,
    });
    expect(Gate.errorRateRelativeToStable()._model).toMatchObject({
      measure: { kind: 'error-rate-relative', maxRatio: 1.5, errorKind: ErrorKind.ERRORS, minErrorRate: 0.001 },
    });
  });
});

describe.each(REPEATED)('%s', (_, make) => {
  const model = (options: GateOptions) => make(options)._model as MeasuredGateModel;

  it('is asked as often as stated, 10 seconds to 1 hour', () => {
    expect(model({ interval: seconds(10) }).intervalSeconds).toBe(10);
    expect(model({ interval: Duration.hours(1) }).intervalSeconds).toBe(3600);
  });

  it.each([0, 9, 3601])('fails on an interval of %d s', (count) => {
    expect(() => make({ interval: seconds(count) })).toThrow(
      `[OutOfRange] 'interval' must be a whole number from 10 to 3600, got ${count}`,
    );
  });

  it('fails on a fraction of a second', () => {
    expect(() => make({ interval: Duration.millis(10_500) })).toThrow("'interval' must be a whole number");
  });

  it.each([0, 100])('takes %d failures', (failureLimit) => {
    expect(model({ failureLimit }).failureLimit).toBe(failureLimit);
  });

  it.each([-1, 0.5, 101, NaN, Infinity])('fails on %d failures', (failureLimit) => {
    expect(() => make({ failureLimit })).toThrow(
      `[OutOfRange] 'failureLimit' must be a whole number from 0 to 100, got ${failureLimit}`,
    );
  });

  it.each([0, 1000])('waits for %d verdicts', (patience) => {
    expect(model({ patience, noData: NoData.PAUSE })).toMatchObject({ patience, noData: NoData.PAUSE });
  });

  it.each([-1, 0.5, 1001, NaN, Infinity])('fails on a patience of %d', (patience) => {
    expect(() => make({ patience })).toThrow(
      `[OutOfRange] 'patience' must be a whole number from 0 to 1000, got ${patience}`,
    );
  });

  it('fails on what plain JavaScript makes of an enum', () => {
    expect(() => make({ noData: 'pass' as NoData })).toThrow(
      '[OutOfRange] \'noData\' must be one of NoData.PAUSE, NoData.ABORT, got "pass"',
    );
  });
});

describe.each(MEASURED)('%s', (_, make) => {
  const model = (options: MeasuredGateOptions) => make(options)._model as MeasuredGateModel;

  it('looks at a window of 10 seconds to 1 hour', () => {
    expect(model({ window: seconds(10) }).windowSeconds).toBe(10);
    expect(model({ window: Duration.hours(1) }).windowSeconds).toBe(3600);
  });

  it.each([0, 9, 3601])('fails on a window of %d s', (count) => {
    expect(() => make({ window: seconds(count) })).toThrow(
      "[OutOfRange] 'window' must be a whole number from 10 to 3600",
    );
  });

  it.each([1, 1_000_000])('needs %d requests', (minRequests) => {
    expect(model({ minRequests }).minRequests).toBe(minRequests);
  });

  // A verdict on no requests at all is none.
  it.each([0, -1, 1.5, 1_000_001, NaN, Infinity])('fails on %d requests', (minRequests) => {
    expect(() => make({ minRequests })).toThrow("[OutOfRange] 'minRequests' must be a whole number from 1 to 1000000");
  });
});

describe.each(DELAYED)('%s', (_, make) => {
  it('is asked first after the interval, or the delay', () => {
    expect(make({ interval: seconds(30) })._model).toMatchObject({ initialDelaySeconds: 30 });
    expect(make({ initialDelay: seconds(0) } as GateOptions)._model).toMatchObject({ initialDelaySeconds: 0 });
    expect(make({ initialDelay: Duration.hours(1) } as GateOptions)._model).toMatchObject({
      initialDelaySeconds: 3600,
    });
  });

  it('fails on a delay of more than an hour', () => {
    expect(() => make({ initialDelay: seconds(3601) } as GateOptions)).toThrow(
      "[OutOfRange] 'initialDelay' must be a whole number from 0 to 3600, got 3601",
    );
  });
});

describe('ratios', () => {
  it.each([0.001, 1, 1000])('are %d of stable', (maxRatio) => {
    expect(Gate.latencyRelativeToStable({ maxRatio })._model).toMatchObject({ measure: { maxRatio } });
    expect(Gate.errorRateRelativeToStable({ maxRatio })._model).toMatchObject({ measure: { maxRatio } });
  });

  it.each([0, -1, 1001, NaN, Infinity])('fail on %d of stable', (maxRatio) => {
    const message = `[OutOfRange] 'maxRatio' must be a number above 0 and up to 1000, got ${maxRatio}`;
    expect(() => Gate.latencyRelativeToStable({ maxRatio })).toThrow(message);
    expect(() => Gate.errorRateRelativeToStable({ maxRatio })).toThrow(message);
  });

  it.each([0.001, 0.8, 0.999])('are %d of what a pod takes', (maxRatio) => {
    expect(Gate.saturation({ maxRatio })._model).toMatchObject({ measure: { kind: 'saturation', maxRatio } });
  });

  // Above what a pod takes it answers 429: more is never in flight, so that a limit of 1 passes always.
  it.each([0, -1, 1, 1.1, NaN, Infinity])('fail on %d of what a pod takes', (maxRatio) => {
    expect(() => Gate.saturation({ maxRatio })).toThrow("[OutOfRange] 'maxRatio' must be a");
  });

  it.each([0, 0.01, 0.999])('are %d of all requests', (maxRate) => {
    expect(Gate.errorRate({ maxRate })._model).toMatchObject({ measure: { maxRate, errorKind: ErrorKind.ERRORS } });
  });

  it.each([-0.1, 1, 2, NaN, Infinity])('fail on %d of all requests', (maxRate) => {
    expect(() => Gate.errorRate({ maxRate })).toThrow("[OutOfRange] 'maxRate' must be a");
  });

  it.each([0, -0.1, 1, NaN, Infinity])('fail on %d of requests that are no errors yet', (minErrorRate) => {
    expect(() => Gate.errorRateRelativeToStable({ minErrorRate })).toThrow("[OutOfRange] 'minErrorRate' must be a");
  });

  it.each(Object.values(ErrorKind))('are of %s', (errorKind) => {
    expect(Gate.errorRateRelativeToStable({ errorKind })._model).toMatchObject({ measure: { errorKind } });
    expect(Gate.errorRate({ maxRate: 0.1, errorKind })._model).toMatchObject({ measure: { errorKind } });
  });

  it('fail on another kind of errors', () => {
    const message =
      '\'errorKind\' must be one of ErrorKind.ERRORS, ErrorKind.TIMEOUTS, ErrorKind.REJECTIONS, got "404"';
    expect(() => Gate.errorRate({ maxRate: 0.1, errorKind: '404' as ErrorKind })).toThrow(message);
    expect(() => Gate.errorRateRelativeToStable({ errorKind: '404' as ErrorKind })).toThrow(message);
  });
});

describe('latencies', () => {
  it('may take fractions of a second', () => {
    expect(Gate.latency({ max: Duration.millis(250) })._model).toMatchObject({ measure: { maxSeconds: 0.25 } });
  });

  it.each([0, 86_401])('fail on %d s', (count) => {
    expect(() => Gate.latency({ max: seconds(count) })).toThrow("[OutOfRange] 'max' must be a number above 0");
  });

  it.each([0.1, 50, 99.9])('are of percentile %d', (percentile) => {
    expect(Gate.latency({ max: seconds(1), percentile })._model).toMatchObject({ measure: { percentile } });
    expect(Gate.latencyRelativeToStable({ percentile })._model).toMatchObject({ measure: { percentile } });
  });

  it.each([0, -1, 100, 101, NaN, Infinity])('fail on percentile %d', (percentile) => {
    const message = "[OutOfRange] 'percentile' must be a number";
    expect(() => Gate.latency({ max: seconds(1), percentile })).toThrow(message);
    expect(() => Gate.latencyRelativeToStable({ percentile })).toThrow(message);
  });
});

describe('Gate.prometheusQuery', () => {
  it('has bounds', () => {
    expect(query({ query: '  up \n', min: 0, max: 0 })._model).toMatchObject({
      query: 'up',
      bounds: { min: 0, max: 0 },
    });
    expect(query({ min: -1.5, max: undefined })._model).toMatchObject({ bounds: { min: -1.5 } });
  });

  it('fails without bounds, for every number would pass', () => {
    expect(() => query({ max: undefined })).toThrow("[MissingOption] 'max' must be given or `min`");
  });

  it('fails on bounds that nothing lies within', () => {
    expect(() => query({ min: 2, max: 1 })).toThrow("[OutOfRange] 'max' must be a number of at least 2, got 1");
  });

  it.each([NaN, Infinity, -Infinity])('fails on %d', (bound) => {
    expect(() => query({ max: bound })).toThrow("[OutOfRange] 'max' must be a number");
    expect(() => query({ min: bound })).toThrow("[OutOfRange] 'min' must be a number");
  });

  it.each(['', 'My-Gate', 'a.b', '-a', 'a'.repeat(64), '1a'])('fails on the name %j', (name) => {
    expect(() => query({ name })).toThrow("[InvalidName] 'name' must be a DNS label");
  });

  it.each(['', '  ', 'a'.repeat(20_001)])('fails on such a query', (text) => {
    expect(() => query({ query: text })).toThrow("[InvalidText] 'query' must be text");
  });

  it('fails on a token', () => {
    expect(() => query({ query: `$${'{TfToken[TOKEN.1]}'}` })).toThrow("[UnresolvedToken] 'query'");
    expect(() => query({ name: Lazy.any({ produce: () => 'a' }) as string })).toThrow('[UnresolvedToken]');
  });

  it('knows the hashes of both versions, and fails on anything else in double braces', () => {
    const text = 'a{h="{{args.canary-hash}}"} / a{h="{{args.stable-hash}}"}';
    expect(query({ query: text })._model).toMatchObject({ query: text });
    for (const other of ['{{args.service}}', '{{ args.canary-hash }}', '{{', '{{args.stable-hash}}{{inputs.x}}']) {
      expect(() => query({ query: `a{h="${other}"}` })).toThrow(
        "[UnknownPlaceholder] 'query' must have nothing in double braces but {{args.stable-hash}} and {{args.canary-hash}}",
      );
    }
  });
});

describe('Gate.webhook', () => {
  it('asks by GET, and by POST with a body', () => {
    expect(webhook()._model).toMatchObject({
      method: 'GET',
      headers: [],
      timeoutSeconds: 10,
      verdict: { kind: 'values', success: 'ok' },
    });
    expect(webhook({ body: '{"of": "{{args.canary-hash}}"}' })._model).toMatchObject({ method: 'POST' });
    expect(webhook({ body: '1', method: WebhookMethod.PUT })._model).toMatchObject({ method: 'PUT', body: '1' });
  });

  it('fails on a body that Argo Rollouts would not send', () => {
    expect(() => webhook({ body: '1', method: WebhookMethod.GET })).toThrow(
      "[ConflictingOptions] 'body' must not be given together with 'WebhookMethod.GET'",
    );
    expect(() => webhook({ body: '{a}' })).toThrow("[InvalidText] 'body' must be JSON");
    expect(() => webhook({ body: '"{{args.hash}}"' })).toThrow("[UnknownPlaceholder] 'body'");
    expect(() => webhook({ method: 'PATCH' as WebhookMethod })).toThrow("'method' must be one of WebhookMethod.GET");
  });

  it.each(['', 'approvals', 'ftp://a', 'http://', 'http://a b', 'https://'])('fails on the address %j', (url) => {
    expect(() => webhook({ url })).toThrow(/\[Invalid(Url|Text)\] 'url'/);
  });

  it.each(['$.status', '{}', 'status', '{{$.a}}', ''])('fails on the path %j', (jsonPath) => {
    expect(() => webhook({ jsonPath })).toThrow("[InvalidText] 'jsonPath' must be");
  });

  it('reads words', () => {
    expect(webhook({ failureValue: 'no' })._model).toMatchObject({
      verdict: { kind: 'values', success: 'ok', failure: 'no' },
    });
  });

  it('fails without a word', () => {
    expect(() => webhook({ successValue: '' })).toThrow("[InvalidText] 'successValue'");
    expect(() => webhook({ failureValue: ' ' })).toThrow("[InvalidText] 'failureValue'");
    expect(() => webhook({ failureValue: 'ok' })).toThrow(
      "[InvalidText] 'failureValue' must be another text than `successValue`",
    );
    expect(() => webhook({ successValue: undefined })).toThrow("[MissingOption] 'successValue' must be given");
    expect(() => webhook({ successValue: undefined, failureValue: 'no', max: 1 })).toThrow(
      "[MissingOption] 'successValue' must be given with `failureValue`",
    );
    expect(() => webhook({ max: 1 })).toThrow("'successValue' must not be given together with 'max'");
    expect(() => webhook({ min: 1 })).toThrow("'successValue' must not be given together with 'min'");
  });

  it('fails where Argo Rollouts could only wait, though an abort is asked', () => {
    expect(() => webhook({ failureValue: 'no', noData: NoData.ABORT })).toThrow(
      "[ConflictingOptions] 'failureValue' must not be given together with 'NoData.ABORT'",
    );
  });

  it('reads numbers', () => {
    expect(webhook({ successValue: undefined, min: 0.9 })._model).toMatchObject({
      verdict: { kind: 'bounds', bounds: { min: 0.9 } },
    });
    expect(() => webhook({ successValue: undefined, min: NaN })).toThrow("[OutOfRange] 'min' must be a number");
  });

  it.each([0, 301, 1.5])('fails on a timeout of %d s', (count) => {
    expect(() => webhook({ timeout: Duration.millis(count * 1000) })).toThrow(
      "[OutOfRange] 'timeout' must be a whole number from 1 to 300",
    );
  });

  it('sends headers', () => {
    const headers = [
      WebhookHeader.value('X-Version', '{{args.canary-hash}}'),
      WebhookHeader.fromSecret('Authorization', { secret: SecretRef.named('a'), key: 'k' }),
    ];
    expect(webhook({ headers })._model).toMatchObject({
      headers: [
        { name: 'X-Version', value: '{{args.canary-hash}}' },
        { name: 'Authorization', secret: 'a', key: 'k' },
      ],
    });
  });

  it('fails on headers that nobody can send', () => {
    expect(() => WebhookHeader.value('a b', 'c')).toThrow("[InvalidName] 'name' must be a name of a header");
    expect(() => WebhookHeader.value('a', 'b\nc')).toThrow("[InvalidText] 'value' must be text without line breaks");
    expect(() => WebhookHeader.value('a', '')).toThrow("[InvalidText] 'value'");
    expect(() => WebhookHeader.value('a', '{{args.token}}')).toThrow("[UnknownPlaceholder] 'value'");
    expect(() => WebhookHeader.fromSecret('a', { secret: SecretRef.named('a'), key: '..' })).toThrow("'key'");
    const header = WebhookHeader.value('a', 'b');
    expect(() => webhook({ headers: [header, WebhookHeader.value('A', 'c')] })).toThrow("[DuplicateKey] 'headers'");
    expect(() => webhook({ headers: [{} as WebhookHeader] })).toThrow("'headers' must be made by WebhookHeader");
  });
});

describe('Gate.job', () => {
  it('has the defaults of the library', () => {
    expect(job()._model).toEqual({
      kind: 'job',
      name: 'smoke',
      image: { reference: 'smoke:1', mutable: false },
      command: undefined,
      args: undefined,
      env: [],
      size: { cpuCores: 0.1, memoryBytes: 128 * 2 ** 20 },
      timeoutSeconds: 600,
      retries: 0,
      user: 1034,
      readOnlyRoot: true,
      serviceAccountName: undefined,
      automountServiceAccountToken: false,
      imagePullSecrets: [],
    });
  });

  // 36 of the uid, 24, a digit and two dots are 63.
  it('has a name that leaves room for the rest of that of a Job', () => {
    expect(gateName(job({ name: 'a'.repeat(24) })._model)).toHaveLength(24);
    expect(() => job({ name: 'a'.repeat(25) })).toThrow("[InvalidText] 'name' must be text of at most 24 characters");
    expect(() => job({ name: 'a.b' })).toThrow("[InvalidName] 'name'");
  });

  it.each([9, 86_401, 10.5])('fails on a timeout of %d s', (count) => {
    expect(() => job({ timeout: Duration.millis(count * 1000) })).toThrow(
      "[OutOfRange] 'timeout' must be a whole number from 10 to 86400",
    );
  });

  it.each([-1, 11, 0.5, NaN, Infinity])('fails on %d retries', (retries) => {
    expect(() => job({ retries })).toThrow("[OutOfRange] 'retries' must be a whole number from 0 to 10");
  });

  it.each([0, -1, 1.5, NaN])('fails on user %d', (runAsUser) => {
    expect(() => job({ runAsUser })).toThrow("[OutOfRange] 'runAsUser' must be a whole number of at least 1");
  });

  it('fails on what nobody could run', () => {
    expect(() => job({ image: 'A b' })).toThrow("[InvalidText] 'image'");
    expect(() => job({ args: ['{{args.x}}'] })).toThrow("[UnknownPlaceholder] 'args'");
    expect(() => job({ command: ['{{x}}'] })).toThrow("[UnknownPlaceholder] 'command'");
    expect(() => job({ env: [EnvVar.value('A', '{{x}}')] })).toThrow("[UnknownPlaceholder] 'env.A'");
    expect(() => job({ env: [EnvVar.value('A', '1'), EnvVar.value('A', '2')] })).toThrow("[DuplicateKey] 'env'");
    expect(() => job({ serviceAccount: ServiceAccountRef.created({ name: 'a' }) })).toThrow("'serviceAccount'");
    const size = InstanceSize.of({ gpu: undefined, cpuCores: 1, sharedMemory: Size.gibibytes(1) });
    expect(() => job({ size })).toThrow("[ConflictingOptions] 'size.sharedMemory'");
  });
});

describe('Gate.template', () => {
  it('refers to one that exists', () => {
    expect(Gate.template('success-rate')._model).toEqual({
      kind: 'template',
      name: 'success-rate',
      clusterScope: false,
      args: [],
    });
    expect(Gate.template('a.b', { clusterScope: true, args: { z: '1', a: '' } })._model).toMatchObject({
      clusterScope: true,
      args: [
        ['a', ''],
        ['z', '1'],
      ],
    });
  });

  it.each(['', 'A', 'a b', 'a'.repeat(254)])('fails on the name %j', (name) => {
    expect(() => Gate.template(name)).toThrow("[InvalidName] 'name' must be a DNS name");
  });

  it.each(['stable-hash', 'canary-hash', 'successes-every-60s', 'secret-x'])('fails on the argument %s', (arg) => {
    expect(() => Gate.template('a', { args: { [arg]: 'b' } })).toThrow("[ReservedName] 'args'");
  });

  it('fails on arguments that are no text', () => {
    expect(() => Gate.template('a', { args: { b: 1 as unknown as string } })).toThrow("[InvalidText] 'args.b'");
    expect(() => Gate.template('a', { args: { 'b c': '1' } })).toThrow("[InvalidName] 'args'");
  });
});

// Names of metrics are what people read, and what the history of a release is kept under.
describe('names', () => {
  it.each<[Gate, string]>([
    [Gate.latencyRelativeToStable(), 'latency-relative-to-stable'],
    [Gate.latencyRelativeToStable({ percentile: 99.9 }), 'latency-p99-9-relative-to-stable'],
    [Gate.errorRateRelativeToStable(), 'error-rate-relative-to-stable'],
    [Gate.errorRateRelativeToStable({ errorKind: ErrorKind.TIMEOUTS }), 'timeout-rate-relative-to-stable'],
    [Gate.errorRateRelativeToStable({ errorKind: ErrorKind.REJECTIONS }), 'rejection-rate-relative-to-stable'],
    [Gate.latency({ max: seconds(1) }), 'latency'],
    [Gate.latency({ max: seconds(1), percentile: 95 }), 'latency-p95'],
    [Gate.errorRate({ maxRate: 0.1 }), 'error-rate'],
    [Gate.errorRate({ maxRate: 0.1, errorKind: ErrorKind.TIMEOUTS }), 'timeout-rate'],
    [Gate.saturation({ maxRatio: 0.1 }), 'saturation'],
    [query(), 'mine'],
    [webhook(), 'approval'],
    [job(), 'smoke'],
  ])('%#: %s', ({ _model }, name) => {
    expect(gateName(_model)).toBe(name);
  });
});
