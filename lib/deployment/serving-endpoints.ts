import { Duration } from 'cdk8s';
import { PORT } from '../bento/container-contract';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel } from '../component/component-model';
import { doorProperty, type ResolvedDoor } from '../component/doors';
import { targetGroupNameOf, targetGroupTerms } from '../component/target-group';
import { LoadBalancerKind, ServingEndpoint } from '../exposure/serving-endpoint';
import { errors } from '../internal/errors';
import type { Region } from '../placement/region';

/** What takes requests from target groups of somebody else's. */
export interface BehindTargetGroups {
  readonly name: string;
  readonly doors: readonly ResolvedDoor[];
  readonly profile: ClusterProfile;
  readonly region?: Region;
  /** What doors lead to, with the longest of its answers. */
  readonly component: Pick<ComponentModel, 'contract' | 'answer' | 'drain'>;
}

/** Where it takes them, in the order of its doors. */
export function endpointsOf({
  name,
  doors,
  profile,
  region = profile.region,
  component,
}: BehindTargetGroups): ServingEndpoint[] {
  return doors.flatMap((door) => {
    const targetGroupName = targetGroupNameOf(door);
    if (targetGroupName === undefined) return [];
    const { deregistrationSeconds, idleSeconds } = targetGroupTerms(door, component);
    return ServingEndpoint._of({
      name,
      clusterName: profile.name,
      ...(region !== undefined && { region: region.name }),
      targetGroupName,
      loadBalancer: door.kind === 'network-load-balancer' ? LoadBalancerKind.NETWORK : LoadBalancerKind.APPLICATION,
      containerPort: PORT,
      healthPath: component.contract.readyPath,
      deregistrationDelay: Duration.seconds(deregistrationSeconds),
      idleTimeout: Duration.seconds(idleSeconds),
    });
  });
}

/** The only one. */
export function onlyEndpoint(endpoints: readonly ServingEndpoint[], doors: readonly ResolvedDoor[]): ServingEndpoint {
  const [endpoint, ...others] = endpoints;
  if (endpoint !== undefined && others.length === 0) return endpoint;
  const door = doors.find((candidate) => /^(network|application)-load-balancer$/.test(candidate.kind));
  throw errors.noEndpoint(
    `${door === undefined ? 'exposure' : doorProperty(door)}.targetGroupName`,
    endpoints.length,
    endpoint === undefined
      ? 'state it in Exposure.networkLoadBalancer() or Exposure.applicationLoadBalancer(), as the target group of Terraform is called'
      : 'use `endpoints`, which has all of them',
  );
}
