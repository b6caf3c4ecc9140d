import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { resolveDoors } from '../component/doors';
import { type PodOptions, RunState } from '../component/options';
import { Release } from '../component/release';
import type { DeploymentIntent } from '../component/resolve-release';
import type { VersionOptions } from '../component/version-options';
import type { Exposure } from '../exposure/exposure';
import { requireDnsLabel, requireMadeBy } from '../internal/checks';
import { dnsLabel } from '../internal/names';
import type { ResponseCache } from '../traffic/response-cache';
import { exposureOf } from './front';
import { namespaceOf } from './serving-tree';

/** What deployments and functions say alike. */
interface ServingProps extends VersionOptions, PodOptions {
  readonly name?: string;
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
  const { release = ROLLING } = props;
  requireMadeBy('release', release, Release);
  const owner = props.name ?? dnsLabel(id);
  requireDnsLabel('name', owner);
  return {
    owner,
    namespace: namespaceOf(scope, profile),
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
