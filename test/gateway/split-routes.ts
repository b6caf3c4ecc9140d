import { Gateway } from '../../lib';
import type { DoorContext } from '../../lib/component/door';
import { doorObjects } from '../../lib/engines/choose-door';
import type { GatewayDoor } from '../../lib/exposure/door-model';
import type { KubernetesObject } from '../cluster/client';
import { doorContext } from '../engines/door-context';

type Stated = NonNullable<Parameters<typeof doorContext>[0]>;

/** The Gateway that routes of splits hang on, all its listeners. */
export const PUBLIC = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 1 });

/** A backend, under its Service's name. */
export const backend = (service: string, weight?: number) => ({
  service,
  port: 80,
  ...(weight !== undefined && { weight }),
});

/** The objects of a door that shares requests out, beside the Services behind it. */
export function splitObjects(name: string, stated: Stated, door: Partial<GatewayDoor> = {}): KubernetesObject[] {
  const context = doorContext({ name, ...stated });
  const model: GatewayDoor = { kind: 'gateway', hosts: [`${name}.example.com`], redirect: false, ...door };
  const objects = doorObjects({ kind: 'envoy-gateway', door: model, gateway: PUBLIC._model }, context);
  return [
    ...objects.map(({ apiVersion, kind, name: of, namespace = 'ml', content }) => ({
      apiVersion,
      kind,
      metadata: { name: of, namespace },
      ...content,
    })),
    ...servicesOf(context, door.grpcPort).map(({ service, port }) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: service, namespace: 'ml' },
      spec: {
        ports: [
          {
            name: 'http',
            port,
            protocol: 'TCP',
            ...(door.grpcPort !== undefined && { appProtocol: 'kubernetes.io/h2c' }),
          },
        ],
      },
    })),
  ] as KubernetesObject[];
}

/** The Services that a door leads to. */
function servicesOf({ backends, matched = [], mirrors = [] }: DoorContext, grpcPort?: number) {
  return [...backends, ...[...matched, ...mirrors].map(({ backend: of }) => of)].map(({ service, port }) => ({
    service,
    port: grpcPort ?? port,
  }));
}
