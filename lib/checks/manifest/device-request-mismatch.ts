import { asMap, dig, pathTo } from '../../internal/json';
import { parseQuantity } from '../../internal/quantity';
import type { ManifestRule } from './model/finding';
import { allContainersOf } from './model/workload';

/**
 * Devices cannot be overcommitted: the server refuses a request without an equal limit.
 * @see https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/#using-device-plugins
 */
export const deviceRequestMismatch: ManifestRule = {
  name: 'DeviceRequestMismatch',
  *check({ templates }) {
    for (const workload of templates) {
      for (const { value, path } of allContainersOf(workload)) {
        const limits = asMap(dig(value, 'resources', 'limits'));
        for (const [resource, request] of Object.entries(asMap(dig(value, 'resources', 'requests')))) {
          if (!isDevice(resource) || amount(request) === amount(limits[resource])) continue;
          const location = pathTo(path, 'resources', 'requests', resource);
          yield {
            object: workload.object,
            location,
            text: `the request for ${resource} must equal its limit (${limits[resource] ?? 'none'}), got ${String(request)}`,
            remedy: 'state the limit alone: the request follows it',
          };
        }
      }
    }
  },
};

/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources */
function isDevice(resource: string): boolean {
  return resource.includes('/') && !/(^|\.)kubernetes\.io\//.test(resource);
}

function amount(quantity: unknown): unknown {
  return quantity === undefined || quantity === null
    ? undefined
    : (parseQuantity(String(quantity)) ?? String(quantity));
}
