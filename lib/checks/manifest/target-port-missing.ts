import type { ManifestProblem, ManifestRule } from './model/finding';
import { type ManifestObject, titleOf } from './model/manifest-object';
import { podPorts, type ServicePort, servicePorts, serviceSelector } from './model/service';
import type { Workload } from './model/workload';

/**
 * Named ports are looked up in each pod, so one without the name gets no traffic. Numbers work undeclared: they are
 * doubted only where the pod declares ports, and none of them is it.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
 */
export const targetPortMissing: ManifestRule = {
  name: 'TargetPortMissing',
  *check(folder) {
    for (const object of folder.ofKind('Service', '')) {
      const selector = serviceSelector(object);
      if (selector === undefined) continue;
      // One finding a port: the first workload that lacks it tells enough.
      const open = new Set(servicePorts(object));
      for (const workload of folder.selectFrom(object.file, object.namespace, selector)) {
        if (open.size === 0) break;
        if (workload.object.group === 'batch') continue;
        for (const port of open) {
          if (isServed(port, workload)) continue;
          open.delete(port);
          yield problemOf(object, port, workload);
        }
      }
    }
  },
};

function isServed({ targetPort, protocol }: ServicePort, workload: Workload): boolean {
  // Without containers the template is elsewhere.
  if (targetPort === undefined || !Array.isArray(workload.podSpec.containers)) return true;
  const ports = podPorts(workload).filter((port) => port.protocol === protocol);
  if (typeof targetPort === 'string') return ports.some(({ name }) => name === targetPort);
  return podPorts(workload).length === 0 || ports.some(({ port }) => port === targetPort);
}

function problemOf(
  object: ManifestObject,
  { path, targetPort, protocol }: ServicePort,
  workload: Workload,
): ManifestProblem {
  const known = podPorts(workload).map(({ name, port }) => (name === undefined ? String(port) : `${name} (${port})`));
  return {
    object,
    location: `${path}.targetPort`,
    text: `'${path}.targetPort' must be a ${protocol} port of ${titleOf(workload.object)}, which has ${known.length === 0 ? 'none' : known.join(', ')}, got ${targetPort}`,
    remedy: 'use the name of a container port',
  };
}
