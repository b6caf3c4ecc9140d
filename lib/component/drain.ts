import { requireSeconds } from '../internal/checks';
import type { ComponentModel, DrainModel } from './component-model';
import type { DrainOptions } from './options';

/** How long load balancers and callers take to hear that a pod is going. */
const ENDPOINT_REMOVAL_SECONDS = 10;

/** What the supervisor of BentoML needs to end its workers. */
const EXIT_MARGIN_SECONDS = 5;

/** The grace period covers the wait, the longest request, and the exit; Kubernetes starts its clock before the wait. */
export function drainModel(property: string, options: DrainOptions | undefined, timeoutSeconds: number): DrainModel {
  const { endpointRemoval, gracefulShutdown } = options ?? {};
  const preStopSeconds =
    endpointRemoval === undefined
      ? ENDPOINT_REMOVAL_SECONDS
      : requireSeconds(`${property}.endpointRemoval`, endpointRemoval, 1, 600);
  const gracefulShutdownSeconds =
    gracefulShutdown === undefined
      ? Math.ceil(timeoutSeconds)
      : requireSeconds(`${property}.gracefulShutdown`, gracefulShutdown, 1, 86_400);
  return {
    preStopSeconds,
    gracefulShutdownSeconds,
    gracePeriodSeconds: preStopSeconds + gracefulShutdownSeconds + EXIT_MARGIN_SECONDS,
  };
}

/** The longest answer that a component is given time for, streams that began before its pod ends included. */
export function answerSeconds({ timeoutSeconds, drain }: Pick<ComponentModel, 'timeoutSeconds' | 'drain'>): number {
  return Math.max(Math.ceil(timeoutSeconds), drain.gracefulShutdownSeconds);
}
