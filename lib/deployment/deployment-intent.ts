import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { resolveDoors } from '../component/doors';
import { type PodOptions, RunState } from '../component/options';
import { Release } from '../component/release';
import type { DeploymentIntent } from '../component/resolve-release';
import type { VersionOptions } from '../component/version-options';
import type { Exposure } from '../exposure/exposure';
import { requireMadeBy } from '../internal/checks';
import type { Region } from '../placement/region';
import type { ResponseCache } from '../traffic/response-cache';
import { exposureOf } from './front';
import { ownerOf } from './regional-name';
import { namespaceOf } from './serving-tree';

/** What deployments and functions say alike. */
interface ServingProps extends VersionOptions, PodOptions {
  readonly name?: string;
  readonly region?: Region;
  readonly exposure?: Exposure;
  readonly cache?: ResponseCache;
  readonly release?: Release;
  readonly versionKey?: string;
  readonly state?: RunState;
}

/** What the user said of a deployment or a function, whose name is that of its construct unless it has one. */
export function deploymentIntent(
  scope: Construct,
  id: string,
  props: ServingProps,
  profile: ClusterProfile,
): DeploymentIntent {
  const { release = ROLLING, region } = props;
  requireMadeBy('release', release, Release);
  return {
    owner: ownerOf(id, props, profile),
    namespace: namespaceOf(scope, profile),
    ...(region !== undefined && { region }),
    profile,
    all: props,
    own: props,
    ...(props.versionKey !== undefined && { versionKey: props.versionKey }),
    terminated: props.state === RunState.TERMINATED,
    doors: resolveDoors(exposureOf(props.exposure), profile),
    ...(props.cache !== undefined && { cache: props.cache._model }),
    release: release._model,
  };
}

const ROLLING = Release.rolling();
