import { Duration } from 'cdk8s';
import {
  ErrorKind,
  Gate,
  type GateOptions,
  type JobGateOptions,
  type MeasuredGateOptions,
  NoData,
  type RelativeErrorRateGateOptions,
  type RelativeLatencyGateOptions,
  type WebhookGateOptions,
} from '../../lib';
import { left, type Observation, option } from './observed-traffic';

const gate = (key: keyof GateOptions) => (value: unknown) => Gate.latencyRelativeToStable(option(key, value))._model;
const measured = (key: keyof MeasuredGateOptions) => gate(key as keyof GateOptions);
const latency = (key: keyof RelativeLatencyGateOptions) => gate(key as keyof GateOptions);
const errorRate = (key: keyof RelativeErrorRateGateOptions) => (value: unknown) =>
  Gate.errorRateRelativeToStable(option(key, value))._model;
const webhook = (key: keyof WebhookGateOptions) => (value: unknown) =>
  Gate.webhook({ name: 'a', url: 'http://a', jsonPath: '{$.b}', successValue: 'c', ...option(key, value) })._model;
const job = (key: keyof JobGateOptions) => (value: unknown) =>
  Gate.job({ name: 'a', image: 'a:1', ...option(key, value) })._model;

export const OBSERVED_GATES: { [property: string]: Observation } = {
  'GateOptions.interval': left<Duration>(gate('interval'), Duration.seconds(10)),
  'GateOptions.failureLimit': left(gate('failureLimit'), 0),
  'GateOptions.noData': left(gate('noData'), NoData.PAUSE),
  'GateOptions.patience': left(gate('patience'), 1),
  'MeasuredGateOptions.minRequests': left(measured('minRequests'), 1),
  'RelativeLatencyGateOptions.maxRatio': left(latency('maxRatio'), 2),
  'RelativeErrorRateGateOptions.maxRatio': left(errorRate('maxRatio'), 2),
  'RelativeErrorRateGateOptions.errorKind': left(errorRate('errorKind'), ErrorKind.TIMEOUTS),
  'RelativeErrorRateGateOptions.minErrorRate': left(errorRate('minErrorRate'), 0.5),
  'ErrorRateGateOptions.errorKind': left(
    (errorKind: ErrorKind | undefined) => Gate.errorRate({ maxRate: 0.1, errorKind })._model,
    ErrorKind.TIMEOUTS,
  ),
  'WebhookGateOptions.timeout': left<Duration>(webhook('timeout'), Duration.seconds(1)),
  'JobGateOptions.timeout': left<Duration>(job('timeout'), Duration.seconds(10)),
  'JobGateOptions.retries': left(job('retries'), 1),
  'JobGateOptions.runAsUser': left(job('runAsUser'), 1),
  'JobGateOptions.readOnlyRootFilesystem': left(job('readOnlyRootFilesystem'), false),
  'JobGateOptions.automountServiceAccountToken': left(job('automountServiceAccountToken'), true),
  'TemplateGateOptions.clusterScope': left(
    (clusterScope: boolean | undefined) => Gate.template('a', { clusterScope })._model,
    true,
  ),
};
