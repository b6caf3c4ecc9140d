import { requireNamespace, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';

/**
 * From where routes may hang on a Gateway.
 *
 * @example
 * RouteNamespaces.named(['ml', 'ml-staging']);
 */
export class RouteNamespaces {
  /** From the namespace of the Gateway alone. */
  public static same(): RouteNamespaces {
    return new RouteNamespaces({ from: 'Same' });
  }

  /**
   * From these, by the label `kubernetes.io/metadata.name` that every namespace has.
   *
   * @param namespaces at least one
   * @throws EmptyList, InvalidName, DuplicateKey
   */
  public static named(namespaces: string[]): RouteNamespaces {
    if (namespaces.length === 0) throw errors.emptyList('namespaces', 'use RouteNamespaces.same() for its own alone');
    for (const namespace of namespaces) requireNamespace('namespaces', namespace);
    requireUnique('namespaces', namespaces);
    return new RouteNamespaces({ from: 'Selector', namespaces: [...namespaces] });
  }

  /** From every namespace of the cluster: whoever may make routes takes any host that nobody has yet. */
  public static all(): RouteNamespaces {
    return new RouteNamespaces({ from: 'All' });
  }

  private constructor(
    /** @internal */
    public readonly _model: RouteNamespacesModel,
  ) {}
}

/** What the engines read. */
export type RouteNamespacesModel =
  | { readonly from: 'Same' | 'All' }
  | { readonly from: 'Selector'; readonly namespaces: readonly string[] };
