import { errors } from '../internal/errors';
import type { SizeModel } from '../sizing/instance-size';

const MIB = 2 ** 20;

/** Throws where a proxy could not live with a size, or would take what it cannot use. */
export function requireProxySize(property: string, size: SizeModel, minBytes: number, what?: string): void {
  const { gpu, memoryBytes } = size;
  if (gpu !== undefined) {
    throw errors.outOfRange(`${property}.gpu`, 'absent, as a proxy computes nothing', gpu.name, 'leave it out');
  }
  if (memoryBytes === undefined) {
    throw errors.missingOption(
      `${property}.memory`,
      'for a proxy',
      'without it, it is the first to be evicted, and nothing bounds it',
    );
  }
  if (memoryBytes < minBytes) {
    throw errors.outOfRange(
      `${property}.memory`,
      `at least ${minBytes / MIB} MiB, which a proxy takes${what === undefined ? '' : ` ${what}`}`,
      `${Math.floor(memoryBytes / MIB)} MiB`,
    );
  }
}
