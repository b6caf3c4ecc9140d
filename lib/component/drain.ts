import { requireSeconds } from '../internal/checks';
import type { AnswerModel } from './answer';
import type { DrainModel } from './component-model';
import type { DrainOptions } from './options';
import type { Warning } from './warning';

/** What the supervisor of BentoML needs to end its workers. */
const EXIT_MARGIN_SECONDS = 5;

/**
 * How long a load balancer lets leaving pods finish: one of connections sends new requests as long as pods wait, and each
 * may take its time; never longer than a pod is there.
 */
export function deregistrationSeconds({ preStopSeconds, gracefulShutdownSeconds }: DrainModel): number {
  return preStopSeconds + gracefulShutdownSeconds;
}

/** What the drain of a pod has to cover. */
export interface DrainInput {
  readonly answer: AnswerModel;
  /** How long those before it may go on sending, in seconds. */
  readonly removalSeconds: number;
}

/** The grace period covers the wait, the longest answer, and the exit; Kubernetes starts its clock before the wait. */
export function drainModel(
  property: string,
  options: DrainOptions | undefined,
  { answer, removalSeconds }: DrainInput,
): DrainModel {
  const { endpointRemoval, gracefulShutdown } = options ?? {};
  const preStopSeconds =
    endpointRemoval === undefined
      ? removalSeconds
      : requireSeconds(`${property}.endpointRemoval`, endpointRemoval, 1, 600);
  const gracefulShutdownSeconds =
    gracefulShutdown === undefined
      ? Math.ceil(answer.total)
      : requireSeconds(`${property}.gracefulShutdown`, gracefulShutdown, 1, 86_400);
  return {
    ...drainOf(preStopSeconds, gracefulShutdownSeconds),
    ...(endpointRemoval !== undefined && { preStopStated: true }),
  };
}

/** A pause, what has begun, and the exit. */
export function drainOf(preStopSeconds: number, gracefulShutdownSeconds: number): DrainModel {
  return {
    preStopSeconds,
    gracefulShutdownSeconds,
    gracePeriodSeconds: preStopSeconds + gracefulShutdownSeconds + EXIT_MARGIN_SECONDS,
  };
}

/** The same for pods that a further door leads to, which may go on sending for longer. */
export function laterDrain(drain: DrainModel, removalSeconds: number): DrainModel {
  if (drain.preStopStated || removalSeconds <= drain.preStopSeconds) return drain;
  return drainOf(removalSeconds, drain.gracefulShutdownSeconds);
}

/** Pods that leave before those before them know. */
export function removalWarnings(property: string, { preStopSeconds }: DrainModel, removalSeconds: number): Warning[] {
  if (preStopSeconds >= removalSeconds) return [];
  return [
    {
      id: 'DrainShorterThanRemoval',
      text: `'${property}.endpointRemoval' (${preStopSeconds} s) is below the ${removalSeconds} s for which those before it may go on sending: a pod that ends loses their requests`,
    },
  ];
}
