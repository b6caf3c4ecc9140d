import { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ResolvedComponent } from '../component/version-input';
import { emitObject } from '../internal/emit';
import { errors } from '../internal/errors';
import type { ApiServer } from './api-server';
import { emitConfigMaps } from './config-maps';
import type { ProxyTier } from './proxy-tier';
import { findPool, type RunnerPool } from './runner-pool';
import { emitApiServer, emitCache, emitPools, type ServedVersion, type WaysIn } from './version-parts';

/**
 * A version by its key.
 *
 * @throws NoSuchVersion
 */
export function findVersion(
  owner: Construct & { readonly versions: ServingVersion[] },
  versionKey: string,
): ServingVersion {
  const version = owner.versions.find(({ key }) => key === versionKey);
  if (version !== undefined) return version;
  const known = owner.versions.map(({ key }) => key);
  throw errors.noSuchVersion(versionKey, known).at(owner.node.path);
}

/** A version beside the own one of a deployment or a function, which makes it for its release. */
export class ServingVersion extends Construct {
  /** @internal */
  public static _whole(
    scope: Construct,
    version: ServedVersion,
    waysIn: WaysIn,
    profile: ClusterProfile,
  ): ServingVersion {
    const construct = new ServingVersion(scope, version);
    construct.server = emitApiServer(construct, version, waysIn, profile);
    construct.tier = emitCache(construct, version, waysIn, profile);
    construct.pools = emitPools(construct, version);
    return construct;
  }

  /** @internal */
  public static _pools(scope: Construct, version: ServedVersion): ServingVersion {
    const construct = new ServingVersion(scope, version);
    const [{ model }] = version.components as [ResolvedComponent];
    const { namespace, labels } = model.identity;
    // Pods of the old API server that start anew mount what they have always mounted.
    emitConfigMaps(model, (id, spec) => emitObject(construct, id, { ...spec, namespace, labels }));
    construct.pools = emitPools(construct, version);
    return construct;
  }

  /** Its key: names of its workloads end with it. */
  public readonly key: string;

  private server?: ApiServer;
  private tier?: ProxyTier;
  private pools: RunnerPool[] = [];

  private constructor(scope: Construct, { input }: ServedVersion) {
    // With a character that no service has in its name.
    super(scope, `Version:${input.version.key}`);
    this.key = input.version.key;
  }

  /** The component that takes its requests; undefined where Argo Rollouts, Knative or a rolling release replaces it. */
  public get apiServer(): ApiServer | undefined {
    return this.server;
  }

  /** What keeps answers of its API server; undefined without `cache`. */
  public get cache(): ProxyTier | undefined {
    return this.tier;
  }

  /** Pools of its own, in the order in which services depend on them. */
  public get runnerPools(): RunnerPool[] {
    return [...this.pools];
  }

  /**
   * An owned pool by the exact name of its service.
   *
   * @throws NoSuchPool
   */
  public runnerPool(bentoService: string): RunnerPool {
    return findPool(this, bentoService);
  }
}
