import type { RetriesModel } from '../traffic/retries';

/** The most that Envoy counts to: its own default for most limits is 1,024, and for retries 3. */
export const UNLIMITED = 4_294_967_295;

/**
 * Of what one side has sent and the other has not read yet, for each connection. Envoy's own is 1 MiB: some dozens of large
 * bodies at a time would be more than the memory of its container.
 */
export const CONNECTION_BUFFER_BYTES = 64 * 2 ** 10;

/** When a request is sent again: what no pod has taken, and answers that are named. */
export function retryReasons({ statuses }: RetriesModel): string[] {
  const reasons = ['connect-failure', 'refused-stream', 'reset-before-request'];
  return statuses.length > 0 ? [...reasons, 'retriable-status-codes'] : reasons;
}

/** Seconds as Envoy writes them; rounded up, for 0 would mean no limit at all. */
export function duration(seconds: number): string {
  return `${Math.max(1, Math.ceil(seconds * 1000 - 1e-6)) / 1000}s`;
}

/** A part of Envoy that is configured by the type of its settings. */
export function extension(name: string, type: string, config: object = {}): object {
  return { name, typed_config: { '@type': `type.googleapis.com/${type}`, ...config } };
}
