import { requireInteger, requireResolved } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import { Gpu } from '../sizing/gpu';

/** What there is at the most for a deployment, releases included. */
export interface ReleaseCapacity {
  /**
   * Pods, at least 1.
   *
   * @default - any number
   */
  readonly maxPods?: number;

  /**
   * GPUs by the name of their kind, `l4`, at least 0. Names are those of `Gpu`, or of the sizes of the deployment.
   *
   * @default - any number; so for kinds that are not named
   */
  readonly maxGpus?: { [gpuName: string]: number };
}

/** What there is, in numbers; kinds of GPUs by their name. */
export interface CapacityModel {
  readonly maxPods?: number;
  readonly maxGpus: readonly (readonly [gpuName: string, count: number])[];
}

/** Reads what the user said of `property`; `used` are the names of the GPUs that the deployment asks for. */
export function capacityModel(property: string, capacity: ReleaseCapacity, used: readonly string[]): CapacityModel {
  const { maxPods } = capacity;
  if (maxPods !== undefined) requireInteger(`${property}.maxPods`, maxPods, 1);
  requireResolved(`${property}.maxGpus`, capacity.maxGpus);
  const maxGpus = sortedEntries(capacity.maxGpus ?? {});
  const known = [...new Set([...used, ...Gpu._names()])].sort();
  for (const [name, count] of maxGpus) {
    if (!known.includes(name)) {
      throw errors.outOfRange(
        `${property}.maxGpus`,
        `about GPUs by the name of their kind (${known.join(', ')})`,
        name,
        'a limit of what nothing asks for would check nothing',
      );
    }
    requireInteger(`${property}.maxGpus.${name}`, count, 0);
  }
  return { maxPods, maxGpus };
}
