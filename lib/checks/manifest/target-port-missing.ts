import type { ManifestProblem, ManifestRule } from './model/finding';
import { type Selector, showSelector } from './model/label-selector';
import type { ManifestFolder } from './model/manifest-folder';
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
    const selected = new Map<string, Workload[]>();
    for (const object of folder.ofKind('Service', '')) {
      const selector = serviceSelector(object);
      if (selector === undefined) continue;
      const key = [object.file, object.namespace, showSelector(selector)].join('\n');
      const workloads = selected.get(key) ?? distinctPods(folder, object, selector);
      selected.set(key, workloads);
      for (const port of servicePorts(object)) {
        // One finding a port: the first workload that lacks it tells enough.
        const lacking = workloads.find((workload) => !isServed(port, workload));
        if (lacking !== undefined) yield problemOf(object, port, lacking);
      }
    }
  },
};

/** What a Service selects, of workloads with the same ports one: many of both stay linear. */
function distinctPods(folder: ManifestFolder, { file, namespace }: ManifestObject, selector: Selector): Workload[] {
  const byPorts = new Map<string, Workload>();
  for (const workload of folder.selectFrom(file, namespace, selector)) {
    // Pods of a Job share labels with servers now and then, and serve nothing.
    if (workload.object.group === 'batch') continue;
    const ports = JSON.stringify([
      podPorts(workload).map(({ name, port, protocol }) => [name, port, protocol]),
      Array.isArray(workload.podSpec.containers),
    ]);
    if (!byPorts.has(ports)) byPorts.set(ports, workload);
  }
  return [...byPorts.values()];
}

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
