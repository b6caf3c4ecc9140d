/** The `rules` of a `networking.k8s.io/v1` Ingress that leads all of its hosts to one backend, or to the first that fits. */
export function ingressRules(hosts: readonly string[], ...backends: readonly object[]): object[] {
  const paths = backends.map((backend) => ({ backend, path: '/', pathType: 'Prefix' }));
  return hosts.map((host) => ({ host, http: { paths } }));
}
