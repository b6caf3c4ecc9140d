import type { UpstreamTimeouts } from '../traffic/upstream';
import type { AnswerModel } from './answer';
import { HOP_MARGIN_SECONDS, KEEP_ALIVE_STEP_SECONDS } from './hops';

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

/** How long the cache waits for the pods. All its tries for a connection fit into the margin, for nginx bounds each alone. */
export function cacheTimeouts(answer: AnswerModel, attempts: number, keepAliveSeconds: number): UpstreamTimeouts {
  return {
    connect: Math.floor((HOP_MARGIN_SECONDS / (attempts + 1)) * 1000) / 1000,
    request: answer.total + HOP_MARGIN_SECONDS,
    streamIdle: answer.silence + HOP_MARGIN_SECONDS,
    connectionIdle: keepAliveSeconds + KEEP_ALIVE_STEP_SECONDS,
  };
}
