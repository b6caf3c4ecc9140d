import type { AnswerModel } from './answer';
import { HOP_MARGIN_SECONDS } from './hops';

/** Who waits longer for the answer to another's question had better ask. */
const MAX_LOCK_SECONDS = 60;

/** How long a request waits for the answer to the same question of another. */
export function lockSeconds({ firstByte }: AnswerModel): number {
  return Math.min(Math.ceil(firstByte), MAX_LOCK_SECONDS);
}

/** Answers of a component as they come through its cache: who has waited for another's in vain asks by himself. */
export function answerThroughCache(answer: AnswerModel): AnswerModel {
  const added = lockSeconds(answer) + HOP_MARGIN_SECONDS;
  return {
    firstByte: answer.firstByte + added,
    total: answer.total + added,
    silence: answer.silence + added,
    streams: answer.streams,
  };
}
