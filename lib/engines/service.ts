import type { ServiceSpec } from 'kubernetes-types/core/v1';
import { PORT_NAME } from '../bento/container-contract';
import type { ComponentModel } from '../component/component-model';

/** The `spec` of a `v1` Service inside the cluster. */
export function serviceSpec({ contract, identity, servicePort }: ComponentModel): ServiceSpec {
  return {
    ports: contract.ports.map(({ name, port }) => ({
      name,
      ...(name === PORT_NAME && { appProtocol: 'http' }),
      port: name === PORT_NAME ? servicePort : port,
      protocol: 'TCP',
      // By number: pods that are taken over may have no name for it.
      targetPort: port,
    })),
    selector: { ...identity.selector },
    type: 'ClusterIP',
  };
}

/** The `spec` of a `v1` Service whose name resolves to the pods themselves, those that are ready. */
export function headlessServiceSpec({ contract, identity }: ComponentModel): ServiceSpec {
  const { port } = contract.ports[0]!;
  return {
    clusterIP: 'None',
    ports: [{ name: PORT_NAME, appProtocol: 'http', port, protocol: 'TCP', targetPort: port }],
    selector: { ...identity.selector },
    type: 'ClusterIP',
  };
}
