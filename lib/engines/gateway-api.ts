/** An HTTPRoute of Gateway API, as far as it is used. */
export interface HttpRouteModel {
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly hosts: readonly string[];
  /** The Service behind it; without a namespace in the route's own. */
  readonly backend: { readonly name: string; readonly namespace?: string; readonly port: number };
  /** How long a request may take. */
  readonly timeoutSeconds: number;
}

/** The `spec` of a `gateway.networking.k8s.io/v1` HTTPRoute. */
export function httpRouteSpec({ gateway, hosts, backend, timeoutSeconds }: HttpRouteModel): object {
  return {
    hostnames: [...hosts],
    parentRefs: [
      { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: gateway.name, namespace: gateway.namespace },
    ],
    rules: [
      {
        backendRefs: [
          {
            group: '',
            kind: 'Service',
            name: backend.name,
            ...(backend.namespace !== undefined && { namespace: backend.namespace }),
            port: backend.port,
            weight: 1,
          },
        ],
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
        // Unset, implementations have their own: Envoy cuts streams after 15 seconds.
        timeouts: { request: `${timeoutSeconds}s` },
      },
    ],
  };
}

/** The `spec` of a `gateway.networking.k8s.io/v1beta1` ReferenceGrant for one Service. */
export function referenceGrantSpec(routesNamespace: string, service: string): object {
  return {
    from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: routesNamespace }],
    to: [{ group: '', kind: 'Service', name: service }],
  };
}
