import type { Duration } from 'cdk8s';
import { BENTO_USER } from '../bento/container-contract';
import { imageModel } from '../bento/image';
import {
  requireDnsLabel,
  requireDnsName,
  requireInteger,
  requireMadeBy,
  requireMember,
  requireNumber,
  requireSeconds,
  requireText,
  requireTimeout,
  requireUnique,
} from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import type { SizeModel } from '../sizing/instance-size';
import {
  type BoundsModel,
  ErrorKind,
  type GateMeasureModel,
  type GateModel,
  type JudgingModel,
  NoData,
  type WebhookVerdictModel,
} from './gate-model';
import {
  type DelayedGateOptions,
  type ErrorRateGateOptions,
  type GateOptions,
  type JobGateOptions,
  type LatencyGateOptions,
  type MeasuredGateOptions,
  type PrometheusGateOptions,
  type RelativeErrorRateGateOptions,
  type RelativeLatencyGateOptions,
  type SaturationGateOptions,
  type TemplateGateOptions,
  type WebhookGateOptions,
  WebhookMethod,
} from './gate-options';
import { requirePlaceholders } from './placeholders';
import { WebhookHeader } from './webhook-header';

/** Of names of Jobs, 63 in all: before it stands the uid of the analysis, after it the number of the attempt. */
const MAX_JOB_NAME = 24;
const MAX_RATIO = 1000;
const JOB_SIZE: SizeModel = { cpuCores: 0.1, memoryBytes: 128 * 2 ** 20 };

/**
 * What a new version must pass before it gets more requests. Argo Rollouts asks again and again for as long as a step lasts;
 * the step is over when all gates have passed without a break, and the release is aborted when one has failed too often. No
 * answer is never a pass. The first release of a deployment has no version to compare with: Argo Rollouts asks no gate.
 *
 * @example
 * Gate.latencyRelativeToStable({ maxRatio: 1.1, percentile: 95 });
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
 */
export class Gate {
  /**
   * Answers take at most so many times as long as those of the stable version in the same window: of requests that succeed
   * or time out, so that quick failures do not look fast.
   *
   * @throws OutOfRange
   */
  public static latencyRelativeToStable(options: RelativeLatencyGateOptions = {}): Gate {
    const { maxRatio = 1.1, percentile } = options;
    requireNumber('maxRatio', maxRatio, { above: 0, max: MAX_RATIO });
    requirePercentile(percentile);
    return measured({ kind: 'latency-relative', maxRatio, percentile }, options);
  }

  /**
   * The share of requests that are answered by an error is at most so many times that of the stable version in the same
   * window.
   *
   * @throws OutOfRange
   */
  public static errorRateRelativeToStable(options: RelativeErrorRateGateOptions = {}): Gate {
    const { maxRatio = 1.5, errorKind = ErrorKind.ERRORS, minErrorRate = 0.001 } = options;
    requireNumber('maxRatio', maxRatio, { above: 0, max: MAX_RATIO });
    requireMember('errorKind', errorKind, 'ErrorKind', ErrorKind);
    requireNumber('minErrorRate', minErrorRate, { above: 0 });
    requireBelowOne('minErrorRate', minErrorRate);
    return measured({ kind: 'error-rate-relative', maxRatio, errorKind, minErrorRate }, options);
  }

  /**
   * Answers take at most so long: of requests that succeed or time out.
   *
   * @throws OutOfRange
   */
  public static latency(options: LatencyGateOptions): Gate {
    const maxSeconds = requireTimeout('max', options.max);
    requirePercentile(options.percentile);
    return measured({ kind: 'latency', maxSeconds, percentile: options.percentile }, options);
  }

  /**
   * At most such a share of all requests is answered by an error.
   *
   * @throws OutOfRange
   */
  public static errorRate(options: ErrorRateGateOptions): Gate {
    const { maxRate, errorKind = ErrorKind.ERRORS } = options;
    requireNumber('maxRate', maxRate, { min: 0 });
    requireBelowOne('maxRate', maxRate);
    requireMember('errorKind', errorKind, 'ErrorKind', ErrorKind);
    return measured({ kind: 'error-rate', maxRate, errorKind }, options);
  }

  /**
   * The pods of the new version have, on average, at most such a share of `maxConcurrency` in flight. The component must
   * state one, or its Bento.
   *
   * @throws OutOfRange
   */
  public static saturation(options: SaturationGateOptions): Gate {
    requireNumber('maxRatio', options.maxRatio, { above: 0 });
    requireBelowOne('maxRatio', options.maxRatio);
    return measured({ kind: 'saturation', maxRatio: options.maxRatio }, options);
  }

  /**
   * A query of your own, to the Prometheus of the cluster: its number lies within bounds.
   *
   * @throws InvalidName, InvalidText, OutOfRange, MissingOption, UnknownPlaceholder
   *
   * @example
   * Gate.prometheusQuery({
   *   name: 'gpu-memory',
   *   query: 'max(gpu_memory_used_ratio{rollouts_pod_template_hash="{{args.canary-hash}}"})',
   *   max: 0.95,
   * });
   */
  public static prometheusQuery(options: PrometheusGateOptions): Gate {
    const { name, query, min, max } = options;
    requireDnsLabel('name', name);
    requireText('query', query, 20_000);
    requirePlaceholders('query', query);
    const judging = judge(options);
    return Gate._of({
      kind: 'prometheus',
      name,
      query: query.trim(),
      bounds: bounds(min, max),
      ...judging,
      initialDelaySeconds: initialDelay(options, judging),
    });
  }

  /**
   * The answer of a server, asked by Argo Rollouts. Only 2xx is an answer, everything else an error.
   *
   * Up to 1.10 Argo Rollouts takes a 2xx whose body is no JSON for a pass, as a page for signing in: a warning says so.
   *
   * @throws InvalidName, InvalidText, InvalidUrl, OutOfRange, MissingOption, ConflictingOptions, DuplicateKey,
   * UnknownPlaceholder
   *
   * @example
   * Gate.webhook({
   *   name: 'approval',
   *   url: 'https://approvals.example.com/releases/rag',
   *   jsonPath: '{$.status}',
   *   successValue: 'approved',
   *   failureValue: 'rejected',
   * });
   *
   * @see https://argo-rollouts.readthedocs.io/en/stable/analysis/web/
   */
  public static webhook(options: WebhookGateOptions): Gate {
    const { name, url, jsonPath, body, headers = [], timeout } = options;
    requireDnsLabel('name', name);
    requireText('url', url, 2048);
    if (!/^https?:\/\/[^\s/]+(\/\S*)?$/.test(url)) throw errors.invalidUrl('url', 'an http address', url);
    requirePlaceholders('url', url);
    requireText('jsonPath', jsonPath, 1024);
    if (!/^\{.+\}$/.test(jsonPath) || jsonPath.includes('{{')) {
      throw errors.invalidText('jsonPath', 'a path in braces, as {$.status}', jsonPath);
    }
    if (body !== undefined) requireJson('body', body);
    const { method = body === undefined ? WebhookMethod.GET : WebhookMethod.POST } = options;
    requireMember('method', method, 'WebhookMethod', WebhookMethod);
    if (body !== undefined && method === WebhookMethod.GET) {
      throw errors.conflictingOptions('body', 'WebhookMethod.GET', 'use WebhookMethod.POST or PUT');
    }
    for (const header of headers) requireMadeBy('headers', header, WebhookHeader);
    const models = headers.map(({ _model }) => _model);
    requireUnique(
      'headers',
      models.map((header) => header.name.toLowerCase()),
    );
    const { failureValue, noData = failureValue === undefined ? NoData.ABORT : NoData.PAUSE } = options;
    const judging = judge({ ...options, noData });
    if (failureValue !== undefined && noData === NoData.ABORT) {
      throw errors.conflictingOptions(
        'failureValue',
        'NoData.ABORT',
        'an answer that is neither makes the release wait: leave `failureValue` out, so that it fails',
      );
    }
    return Gate._of({
      kind: 'webhook',
      name,
      url,
      method,
      headers: models,
      body,
      jsonPath,
      verdict: verdict(options),
      timeoutSeconds: timeout === undefined ? 10 : requireSeconds('timeout', timeout, 1, 300),
      ...judging,
      initialDelaySeconds: initialDelay(options, judging),
    });
  }

  /**
   * A Job that runs once in each step, and passes when it ends well. Its pod runs under the security that Kubernetes calls
   * restricted, without a token of the API.
   *
   * @throws InvalidName, InvalidText, OutOfRange, ConflictingOptions, DuplicateKey, UnknownPlaceholder, MissingOption
   *
   * @example
   * Gate.job({ name: 'smoke-test', image: 'registry.example.com/smoke:1.4.0', args: ['http://rag-preview'] });
   *
   * @see https://argo-rollouts.readthedocs.io/en/stable/analysis/job/
   */
  public static job(options: JobGateOptions): Gate {
    const { name, image, command, args, env = [], timeout, retries = 0, runAsUser = BENTO_USER } = options;
    requireDnsLabel('name', name);
    requireText('name', name, MAX_JOB_NAME);
    for (const text of command ?? []) requirePlaceholders('command', text);
    for (const text of args ?? []) requirePlaceholders('args', text);
    for (const { _model: variable } of env) requirePlaceholders(`env.${variable.name}`, variable.value ?? '');
    requireUnique(
      'env',
      env.map((variable) => variable.name),
    );
    requireInteger('retries', retries, 0, 10);
    requireInteger('runAsUser', runAsUser, 1);
    const account = options.serviceAccount?._model;
    if (account?.create) {
      throw errors.invalidText(
        'serviceAccount',
        'one that exists',
        account.name ?? 'one to be created',
        'use ServiceAccountRef.named()',
      );
    }
    const size = options.size?._model ?? JOB_SIZE;
    if (size.sharedMemoryBytes !== undefined) {
      throw errors.conflictingOptions('size.sharedMemory', 'Gate.job', 'state a size without it');
    }
    return Gate._of({
      kind: 'job',
      name,
      image: imageModel('image', image),
      command: command && [...command],
      args: args && [...args],
      env: env.map(({ _model }) => _model),
      size,
      timeoutSeconds: timeout === undefined ? 600 : requireSeconds('timeout', timeout, 10, 86_400),
      retries,
      user: runAsUser,
      readOnlyRoot: options.readOnlyRootFilesystem ?? true,
      serviceAccountName: account?.name,
      automountServiceAccountToken: options.automountServiceAccountToken ?? false,
      imagePullSecrets: (options.imagePullSecrets ?? []).map((secret) => secret.name),
    });
  }

  /**
   * An AnalysisTemplate that exists, or that other code makes. Within a step each of its metrics must end: by a `count`, or
   * because it has no interval. Whether it passes without data is up to its conditions.
   *
   * @param name a DNS name
   * @throws InvalidName, InvalidText, ReservedName
   * @see https://argo-rollouts.readthedocs.io/en/stable/features/analysis/#analysis-templates
   */
  public static template(name: string, options: TemplateGateOptions = {}): Gate {
    requireDnsName('name', name);
    const args = sortedEntries(options.args);
    for (const [arg, value] of args) {
      requireDnsLabel('args', arg);
      if (/^(stable-hash|canary-hash)$|^(successes|secret)-/.test(arg)) throw errors.reservedName('args', arg);
      if (typeof value !== 'string') throw errors.invalidText(`args.${arg}`, 'text', value);
    }
    return Gate._of({ kind: 'template', name, clusterScope: options.clusterScope ?? false, args });
  }

  /** @internal */
  public static _of(model: GateModel): Gate {
    return new Gate(model);
  }

  private constructor(
    /** @internal */
    public readonly _model: GateModel,
  ) {}
}

function measured(measure: GateMeasureModel, options: MeasuredGateOptions): Gate {
  const { window, minRequests = 50 } = options;
  requireInteger('minRequests', minRequests, 1, 1_000_000);
  return Gate._of({
    kind: 'measured',
    measure,
    windowSeconds: window && requireSeconds('window', window, 10, 3600),
    minRequests,
    ...judge(options),
  });
}

function judge({ interval, failureLimit = 2, noData = NoData.ABORT, patience = 5 }: GateOptions): JudgingModel {
  requireInteger('failureLimit', failureLimit, 0, 100);
  requireMember('noData', noData, 'NoData', NoData);
  requireInteger('patience', patience, 0, 1000);
  return { intervalSeconds: seconds('interval', interval, 10) ?? 60, failureLimit, noData, patience };
}

function initialDelay({ initialDelay }: DelayedGateOptions, { intervalSeconds }: JudgingModel): number {
  return seconds('initialDelay', initialDelay, 0) ?? intervalSeconds;
}

function seconds(property: string, duration: Duration | undefined, min: number): number | undefined {
  return duration === undefined ? undefined : requireSeconds(property, duration, min, 3600);
}

function bounds(min: number | undefined, max: number | undefined): BoundsModel {
  if (min === undefined && max === undefined) {
    throw errors.missingOption('max', 'or `min`', 'state what the number must lie within');
  }
  if (min !== undefined) requireNumber('min', min, {});
  if (max !== undefined) requireNumber('max', max, min === undefined ? {} : { min });
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

function verdict({ successValue, failureValue, min, max }: WebhookGateOptions): WebhookVerdictModel {
  if (successValue === undefined) {
    if (failureValue !== undefined) {
      throw errors.missingOption('successValue', 'with `failureValue`', 'state what a version that passes gets');
    }
    if (min === undefined && max === undefined) {
      throw errors.missingOption(
        'successValue',
        'where neither `min` nor `max` is',
        'state what a version that passes gets',
      );
    }
    return { kind: 'bounds', bounds: bounds(min, max) };
  }
  if (min !== undefined || max !== undefined) {
    throw errors.conflictingOptions('successValue', min === undefined ? 'max' : 'min', 'state a text or a number');
  }
  requireText('successValue', successValue, 1024);
  requirePlaceholders('successValue', successValue);
  if (failureValue === undefined) return { kind: 'values', success: successValue };
  requireText('failureValue', failureValue, 1024);
  requirePlaceholders('failureValue', failureValue);
  if (failureValue === successValue) {
    throw errors.invalidText('failureValue', 'another text than `successValue`', failureValue);
  }
  return { kind: 'values', success: successValue, failure: failureValue };
}

function requirePercentile(percentile: number | undefined): void {
  if (percentile === undefined) return;
  requireNumber('percentile', percentile, { above: 0 });
  if (percentile >= 100) throw errors.outOfRange('percentile', 'a number below 100', percentile);
}

/** A share of 1 is all there can be: nothing is above it. */
function requireBelowOne(property: string, value: number): void {
  if (value >= 1) throw errors.outOfRange(property, 'a share below 1', value);
}

function requireJson(property: string, text: string): void {
  requireText(property, text, 20_000);
  requirePlaceholders(property, text);
  try {
    JSON.parse(text);
  } catch {
    throw errors.invalidText(property, 'JSON', text);
  }
}
