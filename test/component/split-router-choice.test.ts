import { Chart, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterProfile, Exposure, Gateway, SplitRouter, StickyKey } from '../../lib';
import { resolveDoors } from '../../lib/component/doors';
import { chooseRouter } from '../../lib/component/split-router-choice';
import type { ShareModel } from '../../lib/release/split-model';

const NGINX = SplitRouter.nginx()._model;
const gateway = (host: string) =>
  Exposure.gateway({ hosts: [host], gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }) });
const balancer = () => Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/20'] });

function choose(exposure: Exposure, share: ShareModel, stated?: SplitRouter, stickyBy?: StickyKey): string {
  const profile = new ClusterProfile();
  ClusterProfile.set(new Chart(Testing.app(), 'test'), profile);
  return chooseRouter(
    { own: 'main', others: [{ key: 'v2', share }], ...(stickyBy !== undefined && { stickyBy: stickyBy._model }) },
    stated?._model,
    { doors: resolveDoors(exposure._model, profile), traffic: {} },
    NGINX,
  ).kind;
}

const TENTH: ShareModel = { kind: 'weight', percent: 10 };

describe('who shares requests out', () => {
  it.each<[string, Exposure, StickyKey | undefined, string]>([
    ['a door that can', gateway('a.example.com'), undefined, 'doors'],
    [
      'doors that all can',
      Exposure.several({ a: gateway('a.example.com'), b: gateway('b.example.com') }),
      undefined,
      'doors',
    ],
    [
      'a door that can, and callers inside',
      Exposure.several({ a: gateway('a.example.com'), b: Exposure.inCluster() }),
      undefined,
      'doors',
    ],
    ['the tier without a door', Exposure.inCluster(), undefined, 'nginx'],
    ['the tier behind a door of connections', balancer(), undefined, 'nginx'],
    [
      'the tier where one of two cannot',
      Exposure.several({ a: gateway('a.example.com'), b: balancer() }),
      undefined,
      'nginx',
    ],
    ['the tier where users stay', gateway('a.example.com'), StickyKey.header('X-User'), 'nginx'],
  ])('is %s', (_, exposure, stickyBy, kind) => expect(choose(exposure, TENTH, undefined, stickyBy)).toBe(kind));

  it('is the tier where it is asked for', () => {
    expect(choose(gateway('a.example.com'), TENTH, SplitRouter.nginx())).toBe('nginx');
  });

  it.each<[string, Exposure, StickyKey | undefined, string]>([
    [
      'without any',
      Exposure.inCluster(),
      undefined,
      "[NotByEngine] 'release.router' must not be stated for SplitRouter.doors(): there is no door that knows requests; leave `router` out, or use SplitRouter.nginx()",
    ],
    [
      'that know no requests',
      balancer(),
      undefined,
      "[NotByEngine] 'release.versions.v2' must not be stated for SplitRouter.doors() of exposure (Exposure.networkLoadBalancer())",
    ],
    [
      'that keep nobody with a version',
      gateway('a.example.com'),
      StickyKey.query('user'),
      "[NotByEngine] 'release.stickyBy' must not be stated for SplitRouter.doors(): no door keeps users with versions by a hash",
    ],
  ])('fails by doors %s', (_, exposure, stickyBy, message) => {
    expect(() => choose(exposure, TENTH, SplitRouter.doors(), stickyBy)).toThrow(message);
  });
});
