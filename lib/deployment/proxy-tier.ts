import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ResolvedComponent } from '../component/version-input';
import { type ComponentNetwork, ServingComponent } from './serving-component';

/**
 * Proxies of the library's own before a component, as pods of their own: Envoy before a runner pool, where
 * `RunnerProxy.tier` asks for it, and nginx before an API server, where `ResponseCache` does, or before all
 * versions of a deployment, where `SplitRouter.nginx` does.
 */
export class ProxyTier extends ServingComponent {
  /** @internal */
  public static _create(
    scope: Construct,
    id: string,
    resolved: ResolvedComponent,
    network: ComponentNetwork,
    profile: ClusterProfile,
  ): ProxyTier {
    const tier = new ProxyTier(scope, id);
    tier._emit(resolved, network, profile);
    return tier;
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id);
  }
}
