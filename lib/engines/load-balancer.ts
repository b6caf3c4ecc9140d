import { besideBackends, type DoorContext, type DoorObject } from '../component/door';
import type { LoadBalancerDoor } from '../exposure/door-model';
import { requireDnsLabel } from '../internal/checks';

/** Ends the name of the Service, for that inside the cluster has the deployment's. */
const SUFFIX = '-lb';

/** The Service that becomes a load balancer of whatever cloud. */
export function loadBalancerObjects(door: LoadBalancerDoor, context: DoorContext): DoorObject[] {
  const { annotations } = door;
  const name = `${context.name}${SUFFIX}`;
  requireDnsLabel('name', name);
  return [
    {
      id: 'Service',
      apiVersion: 'v1',
      kind: 'Service',
      name,
      ...besideBackends(context),
      ...(Object.keys(annotations).length > 0 && { annotations: { ...annotations } }),
      content: { spec: serviceSpec(door, context) },
    },
  ];
}

function serviceSpec({ port, sourceCidrs, loadBalancerClass }: LoadBalancerDoor, context: DoorContext): object {
  return {
    // By another node requests would come with that node's address, which the network policy does not let in.
    externalTrafficPolicy: 'Local',
    ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    loadBalancerSourceRanges: [...sourceCidrs],
    ports: [{ name: context.portName, port, protocol: 'TCP', targetPort: context.containerPort }],
    selector: { ...context.selector },
    type: 'LoadBalancer',
  };
}
