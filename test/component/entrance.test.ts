import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterProfile, Exposure } from '../../lib';
import { answerOf } from '../../lib/component/answer';
import { resolveDoors } from '../../lib/component/doors';
import { behindHop, entrance, outerEntrance } from '../../lib/component/entrance';
import type { FunctionModel } from '../../lib/component/function-model';
import type { VersionInput } from '../../lib/component/version-input';

const profile = new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] });
const answer = (seconds: number) => answerOf('traffic', seconds, undefined);
/** The part that is read. */
const input = (exposure: Exposure, engine?: FunctionModel['engine']) =>
  ({
    doors: resolveDoors(exposure._model, profile),
    function: engine && ({ engine } as FunctionModel),
  }) as unknown as VersionInput;

describe('entrance', () => {
  it('of the cluster itself is short', () => {
    expect(entrance(input(Exposure.inCluster()), answer(60))).toStrictEqual({
      keepAliveSeconds: 75,
      removalSeconds: 10,
    });
  });

  it('of a load balancer follows the requests that it waits for', () => {
    const exposure = Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] });
    expect(entrance(input(exposure), answer(60))).toStrictEqual({ keepAliveSeconds: 85, removalSeconds: 30 });
    expect(entrance(input(exposure), answer(600))).toStrictEqual({ keepAliveSeconds: 625, removalSeconds: 30 });
  });

  it('of several doors is that of the most demanding', () => {
    const exposure = Exposure.several({
      inside: Exposure.inCluster(),
      alb: Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] }),
    });
    expect(entrance(input(exposure), answer(600))).toStrictEqual({ keepAliveSeconds: 625, removalSeconds: 30 });
  });

  // Go keeps idle connections for 90 s: https://pkg.go.dev/net/http#DefaultTransport
  it.each(['keda-http', 'knative'] as const)('of a function by %s is that of what holds its requests', (engine) => {
    const exposure = Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] });
    expect(entrance(input(exposure, engine), answer(600))).toStrictEqual({
      keepAliveSeconds: 105,
      removalSeconds: 10,
    });
  });

  it('of a function by the HPA is that of its door', () => {
    const exposure = Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] });
    expect(entrance(input(exposure, 'hpa'), answer(600))).toStrictEqual({ keepAliveSeconds: 625, removalSeconds: 30 });
  });
});

describe('entrance behind a tier of nginx', () => {
  const alb = input(Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] }));
  const cache = {} as VersionInput['cache'];

  // Each tier waits 5 s longer, the cache for a question of another besides; each keeps connections 15 s longer than the one
  // before, and the one before closes them 15 s before that.
  it.each<[string, Partial<VersionInput>, number]>([
    ['a cache', { cache, profile }, 180],
    ['a split', { behindSplit: { name: 'rag-main', inPath: true }, profile }, 120],
    ['a split and a cache', { cache, behindSplit: { name: 'rag-main', inPath: true }, profile }, 215],
  ])('outlasts %s', (_, tiers, keepAliveSeconds) => {
    expect(entrance({ ...alb, ...tiers }, answer(60))).toStrictEqual({ keepAliveSeconds, removalSeconds: 37 });
  });

  it('is that of the split for a cache behind it', () => {
    expect(
      outerEntrance({ ...alb, behindSplit: { name: 'rag-main', inPath: true }, profile }, answer(60)),
    ).toStrictEqual({
      keepAliveSeconds: 120,
      removalSeconds: 37,
    });
  });
});

describe('behindHop', () => {
  // aiohttp, as BentoML calls with, closes idle connections after 15 s.
  it('without a proxy outlasts the callers themselves', () => {
    expect(behindHop({ kind: 'direct', callers: [] }, profile._model)).toStrictEqual({
      keepAliveSeconds: 30,
      removalSeconds: 10,
    });
  });

  it.each([
    [undefined, 37],
    [Duration.seconds(0), 7],
    [Duration.seconds(5), 12],
    [Duration.hours(1), 3607],
  ])('with a proxy outlasts what it keeps, and every cache of DNS: %#', (dnsTtl, removalSeconds) => {
    const { _model } = new ClusterProfile({ dnsTtl });
    for (const kind of ['sidecar', 'tier'] as const) {
      const { keepAliveSeconds, removalSeconds: removal } = behindHop({ kind, callers: [] }, _model);
      expect(removal).toBe(removalSeconds);
      expect(keepAliveSeconds).toBe(60);
    }
  });
});
