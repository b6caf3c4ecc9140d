import { describe, expect, it } from 'vitest';
import { answerOf } from '../../lib/component/answer';

describe('answers', () => {
  it.each([0.001, 60, 86_400])('that come whole take no longer than the timeout: %d s', (timeout) => {
    expect(answerOf('apiServer.traffic', timeout, undefined)).toStrictEqual({
      firstByte: timeout,
      total: timeout,
      silence: timeout,
      streams: false,
    });
  });

  it('that come in pieces may go on, with pauses as long as the wait for the first', () => {
    expect(answerOf('apiServer.traffic', 60, { maxDurationSeconds: 900 })).toStrictEqual({
      firstByte: 60,
      total: 900,
      silence: 60,
      streams: true,
    });
  });

  it('may be silent for longer where that is stated', () => {
    const streaming = { maxDurationSeconds: 900, idleSeconds: 300 };
    expect(answerOf('apiServer.traffic', 60, streaming)).toMatchObject({ firstByte: 60, total: 900, silence: 300 });
  });

  it.each([
    [60, true],
    [59, false],
  ])('last at least as long as their first byte takes: %d s of 60', (maxDurationSeconds, sound) => {
    const answer = () => answerOf('apiServer.traffic', 60, { maxDurationSeconds });
    if (sound) expect(answer().total).toBe(60);
    else {
      expect(answer).toThrow(
        "[TimeoutBelow] 'apiServer.traffic.streaming.maxDuration' must be at least 'apiServer.traffic.timeout' (60 s), " +
          'got 59 s; raise the former or lower the latter',
      );
    }
  });

  it.each([
    [60, true],
    [59, false],
  ])('are silent for at least as long as their first byte takes: %d s of 60', (idleSeconds, sound) => {
    const answer = () => answerOf('runners.Embedder.traffic', 60, { maxDurationSeconds: 900, idleSeconds });
    if (sound) expect(answer().silence).toBe(60);
    else {
      expect(answer).toThrow(
        "[TimeoutBelow] 'runners.Embedder.traffic.streaming.idleTimeout' must be at least " +
          "'runners.Embedder.traffic.timeout' (60 s), got 59 s",
      );
    }
  });
});
