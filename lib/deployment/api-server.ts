import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ResolvedComponent } from '../component/version-input';
import { type ComponentNetwork, ServingComponent } from './serving-component';

/**
 * The component that runs the Bento's entry service and takes requests from outside; made by a `BentoDeployment`.
 *
 * @example
 * deployment.apiServer.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostUsers', false));
 */
export class ApiServer extends ServingComponent {
  /** @internal */
  public static _create(
    scope: Construct,
    resolved: ResolvedComponent,
    network: ComponentNetwork,
    profile: ClusterProfile,
  ): ApiServer {
    const server = new ApiServer(scope, resolved.bentoService);
    server._emit(resolved, network, profile);
    return server;
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id);
  }

  /** The exact name of the BentoML service that it runs. */
  public get bentoService(): string {
    return this._component.wiring!.bentoService;
  }
}
