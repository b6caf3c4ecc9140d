import type { ManifestRule } from './model/finding';
import type { ManifestObject } from './model/manifest-object';
import { podPorts, servicePorts } from './model/service';

/** Within a pod, and within a Service: whoever asks for the name gets one of them. */
export const duplicatePortName: ManifestRule = {
  name: 'DuplicatePortName',
  *check(folder) {
    for (const workload of folder.templates) yield* duplicates(workload.object, podPorts(workload), 'pod');
    for (const object of folder.ofKind('Service', '')) yield* duplicates(object, servicePorts(object), 'Service');
  },
};

function* duplicates(object: ManifestObject, ports: readonly { name?: string; path: string }[], within: string) {
  const seen = new Set<string>();
  for (const { name, path } of ports) {
    if (name === undefined) continue;
    if (seen.has(name)) {
      yield {
        object,
        location: `${path}.name`,
        text: `'${path}.name' must be unique in the ${within}, got ${name} a second time`,
        remedy: 'rename one of the ports',
      };
    }
    seen.add(name);
  }
}
