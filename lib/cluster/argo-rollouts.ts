import { ComponentVersion } from './component-version';

/** The oldest in which a gate is passed by so many successes in a row. */
const OLDEST_ARGO_ROLLOUTS = '1.8';

/** The oldest plugin that tells its own rules from those of a route by their names. */
const OLDEST_PLUGIN = '0.13';

/** Argo Rollouts in a cluster. */
export interface ArgoRolloutsOptions {
  /**
   * The version of its controller: at least 1.8, the first in which gates can ask for successes in a row.
   *
   * @default '1.8'
   */
  readonly version?: string;

  /**
   * Its plugin for Gateway API, if it is installed: canaries behind gateways then share requests out by weights.
   *
   * @default - none
   */
  readonly gatewayApiPlugin?: GatewayApiPluginOptions;
}

/** The plugin `argoproj-labs/gatewayAPI` of Argo Rollouts. */
export interface GatewayApiPluginOptions {
  /**
   * Its version: at least 0.13, the first that tells its own rules from others by their names.
   *
   * @default '0.13'
   */
  readonly version?: string;
}

/** What the engines read. */
export interface ArgoRolloutsModel {
  readonly version: ComponentVersion;
  readonly gatewayApiPlugin?: { readonly version: ComponentVersion };
}

/** Every default filled in. */
export function argoRolloutsModel(options: ArgoRolloutsOptions): ArgoRolloutsModel {
  const { version = OLDEST_ARGO_ROLLOUTS, gatewayApiPlugin: plugin } = options;
  return {
    version: new ComponentVersion('argoRollouts.version', version, OLDEST_ARGO_ROLLOUTS),
    ...(plugin !== undefined && {
      gatewayApiPlugin: {
        version: new ComponentVersion(
          'argoRollouts.gatewayApiPlugin.version',
          plugin.version ?? OLDEST_PLUGIN,
          OLDEST_PLUGIN,
        ),
      },
    }),
  };
}
