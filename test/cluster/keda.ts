import { join } from 'node:path';
import { goBuild, goModule } from '../tools/go';
import { run } from '../tools/run';
import type { KubernetesObject } from './client';
import { type Cluster, freePorts } from './cluster';
import { installCrdsFrom } from './crds';
import { METRICS_APIS, registerApis } from './metrics';

const MODULE = join(__dirname, 'keda');
const NAMESPACE = 'keda';

/** KEDA's operator as it is released. */
export const kedaOperatorBinary = () =>
  goBuild('keda-operator', MODULE, '-s -w', 'github.com/kedacore/keda/v2/cmd/operator');

/** KEDA's metrics adapter, and what runs the operator. */
export const kedaBinary = () => goBuild('keda', MODULE, '-s -w');

/** KEDA's operator and metrics adapter on a control plane; they end with it. */
export async function startKeda(cluster: Cluster): Promise<void> {
  const [operator, keda, source] = await Promise.all([
    kedaOperatorBinary(),
    kedaBinary(),
    goModule(MODULE, 'github.com/kedacore/keda/v2'),
  ]);
  // All it watches, not only what we make.
  await installCrdsFrom(cluster.client, join(source, 'config/crd/bases'));
  await cluster.client.namespace(NAMESPACE, {});
  for (const object of ANYONE_READS) await cluster.client.apply(object);
  const certificates = cluster.folder('keda');
  await run(keda, ['certs', certificates]);
  const [grpc, api] = await freePorts(2);
  const service = `127.0.0.1:${grpc}`;
  const watched = { POD_NAMESPACE: NAMESPACE, KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE, WATCH_NAMESPACE: '' };
  cluster.host('keda-operator', keda, ['guard', operator, ...operatorFlags(cluster, certificates, service)], watched);
  const adapter = ['adapter', ...adapterFlags(cluster, certificates, service, api)];
  cluster.host('keda-adapter', keda, ['guard', keda, ...adapter]);
  const external = METRICS_APIS.filter(({ group }) => group === 'external.metrics.k8s.io');
  await registerApis(cluster.client, 'keda-metrics', api, external, (what, probe) => cluster.wait(what, probe));
}

const operatorFlags = (cluster: Cluster, certificates: string, service: string) => [
  `--kubeconfig=${cluster.kubeconfig}`,
  `--cert-dir=${certificates}`,
  `--metrics-service-bind-address=${service}`,
  '--health-probe-bind-address=0',
  '--enable-prometheus-metrics=false',
  '--enable-webhook-patching=false',
  '--enable-apiservice-patching=false',
  '--kube-api-qps=500',
  '--kube-api-burst=1000',
  '--zap-log-level=debug',
];

const adapterFlags = (cluster: Cluster, certificates: string, service: string, port: number) => [
  ...['lister', 'authentication', 'authorization'].map((to) => `--${to}-kubeconfig=${cluster.kubeconfig}`),
  `--cert-dir=${certificates}`,
  `--metrics-service-address=${service}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${port}`,
  `--tls-cert-file=${join(certificates, 'tls.crt')}`,
  `--tls-private-key-file=${join(certificates, 'tls.key')}`,
  '--authentication-skip-lookup',
];

const READERS = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'external-metrics' };

/** The API server has no certificate to show as an aggregator: to the adapter, whoever asks is nobody. */
const ANYONE_READS: KubernetesObject[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: READERS.name },
    rules: [
      { nonResourceURLs: ['*'], verbs: ['get'] },
      { apiGroups: ['external.metrics.k8s.io'], resources: ['*'], verbs: ['get', 'list'] },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: READERS.name },
    roleRef: READERS,
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:anonymous' }],
  },
];
