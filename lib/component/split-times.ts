import type { SplitModel } from '../release/split-model';
import type { AnswerModel } from './answer';
import { HOP_MARGIN_SECONDS } from './hops';

const MIB = 2 ** 20;

/** Bodies above this are not copied, nor are those whose length nobody states: the disk has room for what was counted on alone. */
export const MAX_COPIED_BYTES = 4 * MIB;

/** With so many requests in flight in one replica none of those that come is copied: their bodies lie on its disk. */
export const MAX_COPIED_REQUESTS = 512;

/** Copies in flight in one replica to one version, above which requests are not copied: those that nobody answers would pile up. */
export const MAX_COPIES = 128;

/** What a replica may write: the bodies of what it copies, twice. */
export function splitDiskBytes({ others }: SplitModel): number {
  const mirrors = others.filter(({ share }) => share.kind === 'mirror').length;
  const bodies = mirrors === 0 ? 0 : MAX_COPIED_REQUESTS + mirrors * MAX_COPIES;
  return bodies * MAX_COPIED_BYTES + 64 * MIB;
}

/** Answers of all versions as they come through what shares requests out. */
export function answerThroughSplit(answers: readonly AnswerModel[]): AnswerModel {
  const most = (property: 'firstByte' | 'total' | 'silence') =>
    Math.max(...answers.map((answer) => answer[property])) + HOP_MARGIN_SECONDS;
  return {
    firstByte: most('firstByte'),
    total: most('total'),
    silence: most('silence'),
    streams: answers.some(({ streams }) => streams),
  };
}
