import { describe, expect, it } from 'vitest';
import { type Hop, peersOf, timeoutInversions } from '../../lib/component/hops';

const hop = (name: string, options: Partial<Hop> = {}): Hop => ({ kind: 'client', name, peers: [], ...options });

describe('peersOf', () => {
  it('are those of the last hop before the component, of each path', () => {
    const client = hop('client', { peers: [{ cidr: '10.0.0.0/8' }] });
    const gateway = hop('gateway', { peers: [{ namespace: 'gateways' }] });
    expect(peersOf([[client, gateway, hop('api')], [client, hop('api')], [hop('api')]])).toEqual([
      { namespace: 'gateways' },
      { cidr: '10.0.0.0/8' },
    ]);
  });

  it('are each there once, in whatever order their labels were stated', () => {
    const path = (podLabels: { [key: string]: string }) => [hop('a', { peers: [{ podLabels }] }), hop('b')];
    expect(peersOf([path({ app: 'x', tier: 'y' }), path({ tier: 'y', app: 'x' })])).toHaveLength(1);
  });

  it('keep apart what differs by namespace alone', () => {
    const path = (namespace?: string) => [hop('a', { peers: [{ podLabels: { app: 'x' }, namespace }] }), hop('b')];
    expect(peersOf([path(), path('a'), path('b')])).toHaveLength(3);
  });
});

describe('timeoutInversions', () => {
  const path = (outer: number | undefined, inner: number | undefined) => [
    hop('outer', { timeoutSeconds: outer }),
    hop('inner', { timeoutSeconds: inner }),
  ];

  it.each([
    [60, 60, 1],
    [60.6, 60, 1],
    [60.7, 60, 0],
    [undefined, 60, 0],
    [60, undefined, 0],
  ])('of %s s around %s s are %d', (outer, inner, count) => {
    expect(timeoutInversions(path(outer, inner))).toHaveLength(count);
  });
});

describe('a caller of streams', () => {
  const path = (own: number | undefined) => [
    hop('outer', { timeoutSeconds: own ?? 60, firstByteSeconds: 60 }),
    hop('inner', { timeoutSeconds: 600, firstByteSeconds: 30 }),
  ];

  it('must stream for longer, and is told so', () => {
    expect(timeoutInversions(path(undefined))).toMatchObject([
      { property: 'streaming.maxDuration', outerSeconds: 60, innerSeconds: 600 },
    ]);
    expect(timeoutInversions(path(700))).toEqual([]);
  });
});

describe('the silence of a caller of streams', () => {
  const path = (outer: number, inner: number, total = 600) => [
    hop('outer', { timeoutSeconds: total, firstByteSeconds: 30, silenceSeconds: outer }),
    hop('inner', { timeoutSeconds: 300, firstByteSeconds: 20, silenceSeconds: inner }),
  ];

  it.each([
    [199, 200, 1],
    [200, 200, 0],
    [201, 200, 0],
  ])('of %d s before %d s is wrong %d times', (outer, inner, count) => {
    expect(timeoutInversions(path(outer, inner))).toHaveLength(count);
  });

  it('is told as that of streams', () => {
    expect(timeoutInversions(path(30, 200))).toMatchObject([
      { property: 'streaming.idleTimeout', outerSeconds: 30, innerSeconds: 200 },
    ]);
  });

  it('is no matter where one of them does not stream, or is not known', () => {
    const [outer, inner] = path(30, 200) as [Hop, Hop];
    expect(timeoutInversions([{ ...outer, firstByteSeconds: 600 }, inner])).toEqual([]);
    expect(timeoutInversions([outer, { ...inner, firstByteSeconds: 300 }])).not.toContainEqual(
      expect.objectContaining({ property: 'streaming.idleTimeout' }),
    );
    expect(timeoutInversions([outer, { ...inner, silenceSeconds: undefined }])).toEqual([]);
  });
});
