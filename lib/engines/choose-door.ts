import type { DoorContext, DoorObject } from '../component/door';
import type { ResolvedDoor } from '../component/doors';
import { requireSplit } from '../component/split-rules';
import { applicationLoadBalancerObjects } from './aws-application-load-balancer';
import { networkLoadBalancerObjects } from './aws-network-load-balancer';
import { envoyGatewayPolicies } from './envoy-gateway';
import { gatewayRouteObjects } from './gateway-api';
import { ingressNginxObjects } from './ingress-nginx';
import { loadBalancerObjects } from './load-balancer';

/** The objects of a door, by the engine that carries it; none where the Service itself is the door, or a user's own. */
export function doorObjects(resolved: ResolvedDoor, context: DoorContext): DoorObject[] {
  // Beside a door that shares requests out, callers inside reach one Service as ever.
  if (resolved.kind !== 'in-cluster') requireSplit(resolved, context);
  const { door, gateway } = resolved;
  switch (door.kind) {
    case 'gateway':
      return [
        ...gatewayRouteObjects(door, gateway!, context),
        ...(gateway!.kind === 'envoy-gateway' ? envoyGatewayPolicies(door, gateway!, context) : []),
      ];
    case 'network-load-balancer':
      return networkLoadBalancerObjects(door, context);
    case 'application-load-balancer':
      return applicationLoadBalancerObjects(door, context);
    case 'ingress-nginx':
      return ingressNginxObjects(door, context);
    case 'load-balancer':
      return loadBalancerObjects(door, context);
    default:
      return [];
  }
}
