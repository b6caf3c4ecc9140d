import type { Construct } from 'constructs';
import type { MadeCluster } from './control-plane';
import { loadBalancerControllerPolicy } from './load-balancer-policy';
import { partitionOf } from './partition';
import { podRole } from './roles';

/** Who the controller is in the cluster, as its Helm chart has it. */
export const CONTROLLER_PODS = { namespace: 'kube-system', serviceAccount: 'aws-load-balancer-controller' } as const;

/** The role of the AWS Load Balancer Controller. */
export function makeLoadBalancerController(scope: Construct, context: MadeCluster): void {
  const { name, clusterName, region, tags } = context;
  podRole(
    scope,
    'load-balancer-controller',
    { clusterName, ...CONTROLLER_PODS },
    {
      name: `LoadBalancerController-${name}`,
      description: `AWS Load Balancer Controller of the cluster ${name}`,
      region,
      tags,
      documents: { LoadBalancers: loadBalancerControllerPolicy(partitionOf(region).name) },
    },
  );
}
