import type { Route53RecordConfig } from '@cdktf/provider-aws/lib/route53-record';
import type { Construct } from 'constructs';
import type { RecordPlan } from './global-traffic';
import type { RegionDoor } from './region-door';
import { tagsOf } from './stack';
import { tf } from './terraform';

export interface RecordsOptions {
  readonly hostname: string;
  readonly zoneId: string;
  readonly doors: readonly RegionDoor[];
  /** Whether everybody reaches the doors: Route 53 asks them from addresses of its own. */
  readonly open: boolean;
  readonly tags: { readonly [key: string]: string };
}

/** How often and how many times: a region that fails is left out within half a minute. */
const HEALTH_INTERVAL_SECONDS = 10;
const HEALTH_FAILURES = 3;

/** Records that lead to load balancers of regions. */
export function makeRecords(scope: Construct, plan: RecordPlan, options: RecordsOptions): void {
  const { hostname, doors } = options;
  const doorOf = (region: string): RegionDoor => doors.find((door) => door.region === region)!;
  const record = (region: string, name: string, policy: Partial<Route53RecordConfig>): void =>
    makeRecord(scope, doorOf(region), name, policy, options);
  switch (plan.kind) {
    case 'latency':
      for (const region of plan.regions) record(region, hostname, { latencyRoutingPolicy: { region } });
      return;
    case 'weighted':
      for (const [region, weight] of Object.entries(plan.weights)) {
        record(region, hostname, { weightedRoutingPolicy: { weight } });
      }
      return;
    case 'failover':
      plan.order.forEach((region, place) => {
        const last = place === plan.order.length - 1;
        const name = failoverName(hostname, last ? Math.max(0, place - 1) : place);
        const type = last && place > 0 ? 'SECONDARY' : 'PRIMARY';
        record(region, name, { failoverRoutingPolicy: { type } });
        if (place < plan.order.length - 2) makeNext(scope, place, options);
      });
  }
}

/** A record has one successor, which for more than two regions is a record of the same kind. */
function failoverName(hostname: string, place: number): string {
  return place === 0 ? hostname : `failover-${place}.${hostname}`;
}

function makeNext(scope: Construct, place: number, { hostname, zoneId }: RecordsOptions): void {
  new tf.Route53Record(scope, `failover-${place + 1}`, {
    zoneId,
    name: failoverName(hostname, place),
    type: 'A',
    setIdentifier: 'next',
    alias: { name: failoverName(hostname, place + 1), zoneId, evaluateTargetHealth: true },
    failoverRoutingPolicy: { type: 'SECONDARY' },
  });
}

function makeRecord(
  scope: Construct,
  door: RegionDoor,
  name: string,
  policy: Partial<Route53RecordConfig>,
  { hostname, zoneId, open, tags }: RecordsOptions,
): void {
  const { region, dnsName } = door;
  const check =
    open &&
    new tf.Route53HealthCheck(scope, `health-${region}`, {
      type: 'HTTPS',
      fqdn: dnsName,
      port: 443,
      enableSni: true,
      resourcePath: door.healthPath,
      requestInterval: HEALTH_INTERVAL_SECONDS,
      failureThreshold: HEALTH_FAILURES,
      tags: tagsOf(tags, `${hostname} ${region}`),
    });
  new tf.Route53Record(scope, `record-${region}`, {
    zoneId,
    name,
    type: 'A',
    setIdentifier: region,
    alias: { name: dnsName, zoneId: door.zoneId, evaluateTargetHealth: true },
    ...(check !== false && { healthCheckId: check.id }),
    ...policy,
  });
}
