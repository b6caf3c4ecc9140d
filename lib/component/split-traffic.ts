import { errors } from '../internal/errors';
import { type TrafficIntent, trafficIntent } from '../traffic/traffic-policy';
import type { SharedVersion } from './version';
import type { VersionOptions } from './version-options';

/** What the user calls what a proxy before the pods does. */
const OF_PODS = {
  maxPending: 'queue',
  retries: 'retries',
  loadBalancing: 'loadBalancing',
  circuitBreaker: 'circuitBreaker',
  healthCheck: 'healthCheck',
} as const;
const OF_REQUESTS = { rateLimit: 'rateLimit' } as const;

/** Throws where a version beside others wants of a proxy what that does for all of them alike. */
export function requireOneTraffic(
  own: VersionOptions,
  versions: readonly SharedVersion[],
  { tiers }: { /** Whether a tier of nginx asks the pods of each version alone. */ readonly tiers: boolean },
): void {
  const ours = trafficIntent('apiServer.traffic', own.apiServer?.traffic);
  const common: Partial<Record<keyof TrafficIntent, string>> = tiers ? OF_REQUESTS : { ...OF_PODS, ...OF_REQUESTS };
  for (const { property, options } of versions) {
    const prefix = `${property}.apiServer.traffic`;
    const theirs = trafficIntent(prefix, options.apiServer?.traffic);
    for (const [key, name] of Object.entries(common) as [keyof TrafficIntent, string][]) {
      if (theirs[key] === undefined || JSON.stringify(theirs[key]) === JSON.stringify(ours[key])) continue;
      throw errors.notByEngine(
        `${prefix}.${name}`,
        'Release.split()',
        `what is before all versions does the same for each, as \`apiServer.traffic.${name}\` of the deployment says`,
        tiers || name === 'rateLimit' ? 'leave it out' : 'leave it out, or use SplitRouter.nginx()',
      );
    }
  }
}
