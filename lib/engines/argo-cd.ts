/** What Argo Rollouts writes into objects that are in the definition, too. */
export interface ControlledObjects {
  readonly namespace?: string;
  /** The Rollout whose replicas an autoscaler owns; undefined where the definition states them. */
  readonly autoscaledRollout?: string;
  /** Routes by header of the steps, as `headerRouteNames` calls them. */
  readonly headerRoutes: readonly string[];
  /** Ingresses of an Application Load Balancer, each with the action that the controller writes. */
  readonly albIngresses?: readonly { readonly name: string; readonly action: string }[];
  /** Routes whose weights the plugin for Gateway API writes. */
  readonly routes?: readonly {
    readonly kind: 'HTTPRoute' | 'GRPCRoute';
    readonly name: string;
    /** Undefined: that of the other objects. */
    readonly namespace?: string;
  }[];
}

/** An entry of `spec.ignoreDifferences` of an Application of Argo CD. */
export interface IgnoreRule {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly jsonPointers?: readonly string[];
  readonly jqPathExpressions?: readonly string[];
}

const ALB_ACTION = 'alb.ingress.kubernetes.io/actions.';

/**
 * The entries of `spec.ignoreDifferences` of an Argo CD Application that take what Argo Rollouts writes for no difference.
 *
 * They belong to the sync option `ApplyOutOfSyncOnly=true`, by which a sync leaves alone what differs in nothing else; and
 * never to `RespectIgnoreDifferences=true`, by which Argo CD applies the lists of the cluster in the place of those of the
 * definition, so that no edit of a route arrives any more. An edit of a route or an Ingress in the middle of a release sets its
 * weights back until the controller comes by again.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/
 * @see https://github.com/argoproj/argo-cd/issues/25284
 * @see https://github.com/argoproj-labs/rollouts-plugin-trafficrouter-gatewayapi/issues/208
 */
export function argoCdIgnoreRules(objects: ControlledObjects): IgnoreRule[] {
  const { namespace, autoscaledRollout, headerRoutes, albIngresses = [], routes = [] } = objects;
  const placed = (name: string, where = namespace) => ({ name, ...(where !== undefined && { namespace: where }) });
  return [
    ...(autoscaledRollout === undefined
      ? []
      : [{ group: 'argoproj.io', kind: 'Rollout', ...placed(autoscaledRollout), jsonPointers: ['/spec/replicas'] }]),
    ...albIngresses.map(({ name, action }) => ({
      group: 'networking.k8s.io',
      kind: 'Ingress',
      ...placed(name),
      jsonPointers: [pointer('metadata', 'annotations', `${ALB_ACTION}${action}`)],
      // A route by header is a path that leads to an action of its name.
      ...(headerRoutes.length > 0 && {
        jqPathExpressions: headerRoutes.map(
          (route) => `.spec.rules[].http.paths[] | select(.backend.service.name == "${route}")`,
        ),
      }),
    })),
    ...routes.map(({ kind, name, namespace: where }) => ({
      group: 'gateway.networking.k8s.io',
      kind,
      ...placed(name, where),
      jqPathExpressions: [
        '.spec.rules[].backendRefs[].weight',
        // With several rules there is one of its own for each: `name`, `name-1`.
        ...headerRoutes.map((route) => `.spec.rules[] | select((.name // "") | test("^${route}(-[0-9]+)?$"))`),
      ],
    })),
  ];
}

/** A JSON pointer: `~` and `/` of a key are written `~0` and `~1`. */
function pointer(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
