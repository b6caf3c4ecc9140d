import { describe, expect, it } from 'vitest';
import { type Hop, keepAliveSeconds, peersOf, timeoutInversions } from '../../lib/component/hops';

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

describe('keepAliveSeconds', () => {
  it('is above the idle timeout of load balancers (60 s), and of the client of BentoML (15 s)', () => {
    expect(keepAliveSeconds('api-server')).toBeGreaterThan(60);
    expect(keepAliveSeconds('runner-pool')).toBeGreaterThan(15);
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
