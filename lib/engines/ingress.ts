/** The `rules` of a `networking.k8s.io/v1` Ingress that leads all of its hosts to one backend. */
export function ingressRules(hosts: readonly string[], backend: object): object[] {
  return hosts.map((host) => ({ host, http: { paths: [{ backend, path: '/', pathType: 'Prefix' }] } }));
}
