import type { BentoModel } from '../bento/bento-model';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { Region } from '../placement/region';
import type { ResponseCacheModel } from '../traffic/response-cache';
import { type TrafficIntent, trafficIntent } from '../traffic/traffic-policy';
import type { ComponentModel, ComponentRole, VersionModel } from './component-model';
import type { ResolvedDoor } from './doors';
import type { FunctionModel } from './function-model';
import type { PodOptions, ScaledComponentOptions } from './options';
import type { DeploymentRolling } from './resolve-rolling';
import type { IRunnerPool, RunnerModel } from './runner';
import type { Warning } from './warning';

/** What one version runs, as the user said it. */
export interface VersionInput {
  readonly version: VersionModel;
  /** The key of the root, where it is not that of its pools: what holds pods of two versions has a name of its own. */
  readonly rootVersion?: VersionModel;
  /** The name of the deployment, or of the pool that stands alone. */
  readonly owner: string;
  readonly namespace?: string;
  /** The part of the cluster that its pods are bound to; undefined: all of it. */
  readonly region?: Region;
  readonly profile: ClusterProfile;
  readonly bento: BentoModel;
  /** The service that the version is about: the entry service, or that of a pool that stands alone. */
  readonly root: string;
  readonly rootRole: ComponentRole;
  readonly all: PodOptions;
  readonly rootOptions: ScaledComponentOptions;
  /** What stands before the properties of the root in messages: `apiServer.`, or nothing. */
  readonly rootPrefix: string;
  readonly runners: { readonly [bentoService: string]: RunnerModel };
  readonly terminated: boolean;
  /** The function that the version is of; undefined for online services and pools. */
  readonly function?: FunctionModel;
  /** The ways in; none for pools. */
  readonly doors: readonly ResolvedDoor[];
  /** What keeps answers of the root; undefined for functions and pools. */
  readonly cache?: ResponseCacheModel;
  /** The Service under which the version takes requests; undefined: that of its root's name. */
  readonly entryService?: string;
  /** How components that say nothing of it are replaced. */
  readonly rolling?: DeploymentRolling;
  /** Whether a tier before all versions shares requests out. */
  readonly behindSplit?: SplitPlace;
  /** What stands before the properties of the version in messages: `release.versions.v2.`, or nothing. */
  readonly versionPrefix?: string;
  /** Replicas that a component has at the least while another version is there. */
  readonly leastReplicas?: (bentoService: string) => number | 'maximum' | undefined;
  /** Whether pods wait until the pools that they call are ready. */
  readonly waitsForPools?: true;
}

/** Where a version stands behind a tier that shares requests out. */
export interface SplitPlace {
  /** What the tier knows the version by, whether requests pass it or not. */
  readonly name: string;
  /** Whether requests pass the tier: before the first version serves, it only gets ready. */
  readonly inPath: boolean;
}

/** One component of a version, resolved. */
export interface ResolvedComponent {
  readonly bentoService: string;
  readonly model: ComponentModel;
  readonly warnings: readonly Warning[];
  /** Services of the version that it calls, by name. */
  readonly calls: readonly string[];
  /** Pools of others that it calls. */
  readonly sharedPools: readonly IRunnerPool[];
}

/** The options of one component, whichever it is. */
export function optionsOf({ root, rootOptions, runners }: VersionInput, bentoService: string): ScaledComponentOptions {
  if (bentoService === root) return rootOptions;
  const runner = runners[bentoService];
  return runner?.kind === 'pool' ? runner.options : {};
}

/** What stands before the properties of a component in messages. */
export function prefixOf({ root, rootPrefix, versionPrefix = '' }: VersionInput, bentoService: string): string {
  return `${versionPrefix}${bentoService === root ? rootPrefix : `runners.${bentoService}.`}`;
}

/** What the user said of the requests of a component. */
export function trafficOf(input: VersionInput, bentoService: string): TrafficIntent {
  const stated = trafficIntent(`${prefixOf(input, bentoService)}traffic`, optionsOf(input, bentoService).traffic);
  const { maxConcurrency } = input.bento.services[bentoService]!;
  return maxConcurrency === undefined ? stated : { maxConcurrency, ...stated };
}

/** A dependency of which nothing is said gets a pool of its own. */
export function isOwnPool(runner: RunnerModel | undefined): boolean {
  return (runner?.kind ?? 'pool') === 'pool';
}
