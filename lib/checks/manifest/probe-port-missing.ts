import { asText, dig, pathTo } from '../../internal/json';
import type { ManifestRule } from './model/finding';
import { containerPorts } from './model/service';
import { allContainersOf } from './model/workload';

const PROBES = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'preStop'],
  ['lifecycle', 'postStart'],
];

/**
 * A port by name must be one of the same container: the kubelet fails the probe otherwise.
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port
 */
export const probePortMissing: ManifestRule = {
  name: 'ProbePortMissing',
  *check({ templates }) {
    for (const workload of templates) {
      for (const { value, path, name } of allContainersOf(workload)) {
        const known = containerPorts(value, path).map((port) => port.name);
        for (const probe of PROBES) {
          for (const action of ['httpGet', 'tcpSocket']) {
            const port = asText(dig(value, ...probe, action, 'port'));
            // Digits as text are read as a number.
            if (port === undefined || /^[0-9]+$/.test(port) || known.includes(port)) continue;
            const location = pathTo(path, ...probe, action, 'port');
            const names = known.filter((candidate) => candidate !== undefined);
            yield {
              object: workload.object,
              location,
              text: `'${location}' must name a port of container ${name} (${names.length === 0 ? 'it has none with a name' : names.join(', ')}), got ${port}`,
              remedy: 'name the port in the container, or state its number',
            };
          }
        }
      }
    }
  },
};
