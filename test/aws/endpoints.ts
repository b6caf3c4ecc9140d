import { Duration } from 'cdk8s';
import { LoadBalancerKind, ServingEndpoint } from '../../lib';
import type { ServingEndpointFields } from '../../lib/exposure/serving-endpoint';

/** What a deployment of a region says of itself. */
export function endpoint(region: string | undefined, fields: Partial<ServingEndpointFields> = {}): ServingEndpoint {
  return ServingEndpoint._of({
    name: 'rag',
    clusterName: region ?? 'somewhere',
    ...(region !== undefined && { region }),
    targetGroupName: `rag-${region}`,
    loadBalancer: LoadBalancerKind.APPLICATION,
    containerPort: 3000,
    healthPath: '/readyz',
    deregistrationDelay: Duration.seconds(95),
    idleTimeout: Duration.seconds(120),
    ...fields,
  });
}
