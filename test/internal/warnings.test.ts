import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Warnings, warn } from '../../lib/internal/warnings';

afterEach(() => vi.restoreAllMocks());

const tree = () => {
  const app = Testing.app();
  const chart = new Chart(app, 'prod');
  return { app, chart, rag: new Construct(chart, 'Rag'), chat: new Construct(chart, 'Chat') };
};

describe('warn', () => {
  it('says id, text and path', () => {
    const { rag } = tree();
    warn(rag, 'SingleReplica', 'one replica is none while it moves');
    expect(Warnings.of(rag)).toEqual(['[SingleReplica] one replica is none while it moves (at prod/Rag)']);
  });

  it('counts the same one once, and others beside it', () => {
    const { chart, rag, chat } = tree();
    warn(rag, 'DefaultSize', 'x');
    warn(rag, 'DefaultSize', 'x');
    warn(rag, 'DefaultSize', 'y');
    warn(chat, 'DefaultSize', 'x');
    expect(Warnings.of(chart)).toEqual([
      '[DefaultSize] x (at prod/Rag)',
      '[DefaultSize] y (at prod/Rag)',
      '[DefaultSize] x (at prod/Chat)',
    ]);
  });

  it('is printed once, however many charts the app has', () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { app, rag } = tree();
    new Chart(app, 'second');
    warn(rag, 'DefaultSize', 'x');
    app.synth();
    app.synth();
    expect(write.mock.calls.filter(([text]) => String(text).includes('[DefaultSize]'))).toEqual([
      ['warning [DefaultSize] x (at prod/Rag)\n'],
    ]);
  });

  it('is no reason to stop', () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { app, rag } = tree();
    warn(rag, 'DefaultSize', 'x');
    expect(() => app.synth()).not.toThrow();
  });

  it('belongs to its own app', () => {
    const first = tree();
    const second = tree();
    warn(first.rag, 'DefaultSize', 'x');
    warn(second.rag, 'DefaultSize', 'x');
    expect(Warnings.of(second.app)).toEqual(['[DefaultSize] x (at prod/Rag)']);
    expect(Warnings.of(new App())).toEqual([]);
  });
});

describe('Warnings.acknowledge', () => {
  it.each(['before', 'after'])('silences one id for all beneath, %s the warning', (order) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { app, chart, rag, chat } = tree();
    const inner = new Construct(rag, 'Inner');
    if (order === 'before') Warnings.acknowledge(rag, 'DefaultSize');
    warn(rag, 'DefaultSize', 'x');
    warn(inner, 'DefaultSize', 'x');
    warn(rag, 'IncompleteSize', 'x');
    warn(chat, 'DefaultSize', 'x');
    if (order === 'after') Warnings.acknowledge(rag, 'DefaultSize');
    expect(Warnings.of(chart)).toEqual(['[IncompleteSize] x (at prod/Rag)', '[DefaultSize] x (at prod/Chat)']);
    app.synth();
    expect(write).toHaveBeenCalledTimes(2);
  });

  it.each(['', ' ', 'SingelReplica', '[SingleReplica]'])('fails on the id %j', (id) => {
    expect(() => Warnings.acknowledge(tree().rag, id)).toThrow(
      "[UnknownWarning] 'id' must be one of BreakerBelowCapacity, ",
    );
  });
});
