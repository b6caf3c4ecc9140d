import { asInteger, asList, asMap, asText, dig, type JsonMap, pathTo } from '../../../internal/json';
import { mapSelector, type Selector } from './label-selector';
import type { ManifestObject } from './manifest-object';
import { containersOf, type Workload } from './workload';

/** A port of a Service. */
export interface ServicePort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol: string;
  /** As Kubernetes defaults it. */
  readonly targetPort?: string | number;
  readonly path: string;
}

/** Undefined where someone else writes the endpoints, or there are none. */
export function serviceSelector({ value }: ManifestObject): Selector | undefined {
  const selector = mapSelector(dig(value, 'spec', 'selector'));
  return selector.length === 0 || dig(value, 'spec', 'type') === 'ExternalName' ? undefined : selector;
}

export function servicePorts({ value }: ManifestObject): ServicePort[] {
  return asList(dig(value, 'spec', 'ports')).map((entry, index) => {
    const port = asInteger(dig(entry, 'port'));
    const target = dig(entry, 'targetPort');
    return {
      name: asText(dig(entry, 'name')),
      port,
      protocol: asText(dig(entry, 'protocol')) ?? 'TCP',
      targetPort: asText(target) ?? asInteger(target) ?? port,
      path: pathTo('spec.ports', index),
    };
  });
}

/** Whether its ports say where it listens: not for names only, and not where DNS gives the pods themselves. */
export function hasReadablePorts(service: ManifestObject): boolean {
  const spec = asMap(dig(service.value, 'spec'));
  return (
    service.group === '' &&
    spec.type !== 'ExternalName' &&
    spec.clusterIP !== 'None' &&
    servicePorts(service).length > 0
  );
}

/** A port that a container says it listens on. */
export interface ContainerPort {
  readonly name?: string;
  readonly port?: number;
  readonly protocol: string;
  readonly path: string;
}

export function containerPorts(container: JsonMap, path: string): ContainerPort[] {
  return asList(container.ports).map((entry, index) => ({
    name: asText(dig(entry, 'name')),
    port: asInteger(dig(entry, 'containerPort')),
    protocol: asText(dig(entry, 'protocol')) ?? 'TCP',
    path: pathTo(path, 'ports', index),
  }));
}

export function podPorts(workload: Workload): ContainerPort[] {
  return containersOf(workload).flatMap(({ value, path }) => containerPorts(value, path));
}
