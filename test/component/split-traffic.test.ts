import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  Exposure,
  Gateway,
  LoadBalancing,
  RateLimit,
  RateUnit,
  Release,
  ResponseCache,
  Retries,
  SplitRouter,
  type TrafficPolicy,
  Version,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const split =
  (traffic: TrafficPolicy, router?: SplitRouter, props: Partial<BentoDeploymentProps> = {}) =>
  () =>
    synthesize((chart) => {
      const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 });
      ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.33', gateway }));
      const v2 = Version.weighted(10, { bento: single(), apiServer: { traffic } });
      const exposure = Exposure.gateway({ hosts: ['rag.example.com'] });
      const release = Release.split({ router, versions: { v2 } });
      new BentoDeployment(chart, 'Rag', { bento: single(), exposure, release, ...props });
    });

const retries = { retries: Retries.never() };
const rateLimit = { rateLimit: RateLimit.perClient(10, RateUnit.SECOND) };
const cache = ResponseCache.of({ paths: ['/rank'], ttl: Duration.minutes(1) });

const refused = (name: string, remedy: string) =>
  `[NotByEngine] 'release.versions.v2.apiServer.traffic.${name}' must not be stated for Release.split(): what is before all versions does the same for each, as \`apiServer.traffic.${name}\` of the deployment says; ${remedy} (at test/Rag)`;

describe('traffic of a version beside others', () => {
  it.each([
    ['retries', retries],
    ['loadBalancing', { loadBalancing: LoadBalancing.roundRobin() }],
    ['queue', { queue: { maxPending: 7 } }],
  ] as [string, TrafficPolicy][])('is refused where doors have one policy for all: %s', (name, traffic) => {
    expect(split(traffic)).toThrow(refused(name, 'leave it out, or use SplitRouter.nginx()'));
  });

  it('may say what the deployment says', () => {
    expect(split(retries, undefined, { apiServer: { traffic: retries } })).not.toThrow();
  });

  it('is its own where a tier asks its pods, but for limits of requests', () => {
    expect(split(retries, SplitRouter.nginx())).not.toThrow();
    expect(split(retries, undefined, { cache })).not.toThrow();
    expect(split(rateLimit, SplitRouter.nginx())).toThrow(refused('rateLimit', 'leave it out'));
    expect(split(rateLimit, undefined, { cache })).toThrow(refused('rateLimit', 'leave it out'));
    expect(split(rateLimit)).toThrow(refused('rateLimit', 'leave it out'));
  });

  it('has times of its own, of which doors know the longest', () => {
    expect(split({ timeout: Duration.seconds(300), maxConcurrency: 4 })).not.toThrow();
  });
});
