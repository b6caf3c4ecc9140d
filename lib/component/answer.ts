import { errors } from '../internal/errors';
import type { StreamingModel } from '../traffic/traffic-policy';

/** How long answers of a component take at most, in seconds: what every hop before it must wait for. */
export interface AnswerModel {
  /** Until their first byte: what bounds BentoML. */
  readonly firstByte: number;
  /** Until their last byte, where they come in pieces. */
  readonly total: number;
  /** Of silence, before the first byte and between two. */
  readonly silence: number;
  readonly streams: boolean;
}

/** Answers of a component, by what the user said of their pieces. */
export function answerOf(property: string, firstByte: number, streaming: StreamingModel | undefined): AnswerModel {
  if (streaming === undefined) return { firstByte, total: firstByte, silence: firstByte, streams: false };
  const { maxDurationSeconds: total, idleSeconds: silence = firstByte } = streaming;
  if (total < firstByte) {
    throw errors.timeoutBelow(`${property}.streaming.maxDuration`, total, `${property}.timeout`, firstByte);
  }
  // A proxy cannot tell the wait for the first byte from a pause.
  if (silence < firstByte) {
    throw errors.timeoutBelow(`${property}.streaming.idleTimeout`, silence, `${property}.timeout`, firstByte);
  }
  return { firstByte, total, silence, streams: true };
}
