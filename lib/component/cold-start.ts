import { requireBytes, requireSeconds } from '../internal/checks';
import type { SizeModel } from '../sizing/instance-size';
import type { ColdStartTerms, ComponentModel } from './component-model';
import type { StartupOptions } from './options';
import { NODE_ARRIVAL_SECONDS } from './resolve-scaling';

const CPU_NODE_SECONDS = 90;
const GIB = 2 ** 30;
const GPU_IMAGE_BYTES = 6 * GIB;
const IMAGE_BYTES = GIB;

/** What a node gets out of a registry in a second, unpacking included. */
const PULL_BYTES_PER_SECOND = 60 * 2 ** 20;

/** What a replica reads from a disk of the usual kind in a second. */
const LOAD_BYTES_PER_SECOND = 300 * 2 ** 20;

/** What a replica downloads in a second. */
const DOWNLOAD_BYTES_PER_SECOND = 100 * 2 ** 20;

/** Python and its imports; BentoML alone takes two seconds of them. */
const SERVER_SECONDS = 10;

/** What a first replica waits for, term by term. */
export function coldStartTerms(
  property: string,
  options: StartupOptions | undefined,
  size: SizeModel,
  downloads: boolean,
): ColdStartTerms {
  const { nodeStart, imageSize, modelSize } = options ?? {};
  const gpu = size.gpu !== undefined;
  const node = nodeStart && requireSeconds(`${property}.nodeStart`, nodeStart, 0, 3600);
  const image = imageSize && requireBytes(`${property}.imageSize`, imageSize);
  const model = modelSize && requireBytes(`${property}.modelSize`, modelSize);
  const load = (model ?? 0) / LOAD_BYTES_PER_SECOND + (downloads ? (model ?? 0) / DOWNLOAD_BYTES_PER_SECOND : 0);
  return {
    node: node ?? (gpu ? NODE_ARRIVAL_SECONDS : CPU_NODE_SECONDS),
    image: Math.ceil((image ?? (gpu ? GPU_IMAGE_BYTES : IMAGE_BYTES)) / PULL_BYTES_PER_SECOND),
    model: Math.ceil(load),
    server: SERVER_SECONDS,
    assumed: [
      ...(node === undefined ? (['node'] as const) : []),
      ...(image === undefined ? (['image'] as const) : []),
      ...(model === undefined ? (['model'] as const) : []),
    ],
  };
}

/** From the first request to the decision to scale. */
export const DETECTION_SECONDS = 2;

/** A component of which others may wait for its first replica. */
export interface Sleeper {
  readonly bentoService: string;
  readonly model: Pick<ComponentModel, 'coldStart' | 'waitFor' | 'identity'>;
}

/** What the first request to a function waits for, in seconds: its pools start at the same time as itself. */
export function coldStartSeconds(root: Sleeper, all: readonly Sleeper[]): number {
  const ready = ({ model }: Sleeper): number => {
    const { node, image, model: load, server } = model.coldStart;
    const names = new Set(model.waitFor.map(({ name }) => name));
    const awaited = all.filter((other) => names.has(other.model.identity.name)).map(ready);
    return Math.max(node + image, ...awaited) + load + server;
  };
  return DETECTION_SECONDS + ready(root);
}

/** With half as much again, in half minutes: what nobody measured may take longer. */
export function defaultWaitSeconds(coldStart: number): number {
  return Math.max(60, Math.ceil((coldStart * 1.5) / 30) * 30);
}
