import type { IConstruct } from 'constructs';
import { errors } from './errors';

const METADATA = 'cdk8s-bento:warning';
const ACKNOWLEDGED = 'cdk8s-bento:acknowledged';

/** Every warning there is. */
export const WARNINGS = [
  'BreakerBelowCapacity',
  'BreakerCountsNoStatus',
  'CachePathUnknown',
  'CapacityUnknown',
  'ConcurrencyRoundedDown',
  'CpuMetricOnGpu',
  'DefaultSize',
  'DrainShorterThanTimeout',
  'CallersBesideInterceptor',
  'ColdStartOverTimeout',
  'EgressToUnknownPods',
  'EntersWithoutRequests',
  'FilesOfAllVersions',
  'GateWithoutRequests',
  'PodMetricUnderCanary',
  'TargetsSwitchedAtOnce',
  'WaitsForHuman',
  'ExternalMetricBesideKeda',
  'HeaderNotPassedOn',
  'IdleShorterThanColdStart',
  'DrainShorterThanRemoval',
  'NoQueue',
  'PoolPastItsProxy',
  'PoolWithoutProxy',
  'RegionsDiffer',
  'ScaleUpFasterThanNodes',
  'UnboundedQueue',
  'UnknownInstances',
  'IncompleteSize',
  'IngressNginxRetired',
  'GpuPoolWithoutGpu',
  'LatestNodeImage',
  'MutableImageTag',
  'SharedPoolOfOtherBento',
  'SingleReplica',
  'SplitMovesKeys',
  'StockSynthesis',
  'TracingExporterMissing',
  'UnmanagedRollout',
  'UnmanagedTerminated',
  'WebhookPassesWithoutJson',
] as const;

/** The id of a warning. */
export type WarningId = (typeof WARNINGS)[number];

/** What has been printed and found, by the root of its tree. */
const roots = new WeakMap<IConstruct, { texts: Set<string>; printed: Set<string> }>();

/**
 * Doubts that do not stop a synthesis: each has a stable id, is printed once to standard error when the app is
 * synthesized, and can be silenced where it is known and wanted.
 *
 * @example
 * Warnings.acknowledge(deployment, 'SingleReplica');
 */
export class Warnings {
  /**
   * The warnings of a construct and all beneath it, as `[Id] text (at path)`, acknowledged ones left out.
   *
   * Content is checked when the app is synthesized: ask after `synth()` for all of them.
   */
  public static of(scope: IConstruct): string[] {
    return scope.node.findAll().flatMap((construct) => warningsOf(construct));
  }

  /**
   * Silences a warning for a construct and all beneath it.
   *
   * @param scope the construct that is known to be right
   * @param id the id of the warning, without brackets: `SingleReplica`
   * @throws UnknownWarning
   */
  public static acknowledge(scope: IConstruct, id: string): void {
    if (!WARNINGS.includes(id as WarningId)) throw errors.unknownWarning(id, WARNINGS);
    scope.node.addMetadata(ACKNOWLEDGED, id);
  }

  private constructor() {}
}

/** Adds a warning to a construct; the same one twice counts once. */
export function warn(construct: IConstruct, id: WarningId, text: string): void {
  const root = construct.node.root;
  let state = roots.get(root);
  if (state === undefined) {
    state = { texts: new Set(), printed: new Set() };
    roots.set(root, state);
    root.node.addValidation({
      validate: () => {
        printWarnings(root);
        return [];
      },
    });
  }
  const message = `[${id}] ${text} (at ${construct.node.path})`;
  if (state.texts.has(message)) return;
  state.texts.add(message);
  construct.node.addMetadata(METADATA, { id, message });
}

function warningsOf(construct: IConstruct): string[] {
  return construct.node.metadata
    .filter(({ type, data }) => type === METADATA && !isAcknowledged(construct, data.id))
    .map(({ data }) => data.message);
}

function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.scopes.some((scope) =>
    scope.node.metadata.some(({ type, data }) => type === ACKNOWLEDGED && data === id),
  );
}

/** Prints what has not been printed yet: stock synthesis validates the app once a chart. */
export function printWarnings(root: IConstruct): void {
  const { printed } = roots.get(root)!;
  for (const message of Warnings.of(root)) {
    if (!printed.has(message)) process.stderr.write(`warning ${message}\n`);
    printed.add(message);
  }
}
