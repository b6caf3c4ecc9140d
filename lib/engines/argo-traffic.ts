import type { TrafficRouterModel } from '../component/rollout-model';

/** The name of the plugin, under which the controller has it. */
const GATEWAY_API_PLUGIN = 'argoproj-labs/gatewayAPI';

/**
 * The `trafficRouting` of a canary; `managedRoutes` are the routes by header of its steps, in the order in which they are
 * asked.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/
 */
export function trafficRouting(router: TrafficRouterModel, managedRoutes: readonly string[]): object {
  const managed = managedRoutes.length > 0 && { managedRoutes: managedRoutes.map((name) => ({ name })) };
  switch (router.kind) {
    case 'nginx':
      return { nginx: { stableIngresses: [...router.ingresses] } };
    case 'alb':
      return {
        alb: {
          // With a list the controller stops at the first Ingress that has its weights already.
          ...(router.ingresses.length === 1 ? { ingress: router.ingresses[0] } : { ingresses: [...router.ingresses] }),
          rootService: router.action,
          servicePort: router.servicePort,
        },
        ...managed,
      };
    case 'gateway-api-plugin':
      return { ...managed, plugins: { [GATEWAY_API_PLUGIN]: gatewayApi(router, managedRoutes.length > 0) } };
  }
}

/** @see https://rollouts-plugin-trafficrouter-gatewayapi.readthedocs.io/en/latest/features/multiple-routes/ */
function gatewayApi(
  { routes, namespace }: Extract<TrafficRouterModel, { kind: 'gateway-api-plugin' }>,
  useHeaderRoutes: boolean,
): object {
  const of = (kind: string) =>
    routes.filter((route) => route.kind === kind).map(({ name }) => ({ name, useHeaderRoutes }));
  const grpcRoutes = of('GRPCRoute');
  const httpRoutes = of('HTTPRoute');
  return {
    ...(grpcRoutes.length > 0 && { grpcRoutes }),
    ...(httpRoutes.length > 0 && { httpRoutes }),
    ...(namespace !== undefined && { namespace }),
  };
}
