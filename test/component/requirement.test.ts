import { App, Chart, Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  BentoDeployment,
  type BentoDeploymentProps,
  ClaimRef,
  ClusterProfile,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  Exposure,
  Gateway,
  InstanceSize,
  ModelSource,
  ModelVolume,
  PodContainer,
  PrometheusAuthentication,
  type PrometheusOptions,
  Runner,
  RunnerPool,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Schedule,
  SecretRef,
  ServiceAccountRef,
  Tls,
  TriggerAuthenticationRef,
} from '../../lib';
import { chain, pair, single } from '../bentos';

const requirements = (props: Partial<BentoDeploymentProps> = {}, kubernetesVersion?: string): string[] => {
  const chart = new Chart(new App(), 'test', { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
  return new BentoDeployment(chart, 'Rag', { bento: single(), ...props }).requirements.map(String);
};
const names = (props: Partial<BentoDeploymentProps>, kubernetesVersion?: string) =>
  requirements(props, kubernetesVersion).map((text) => text.split(': ')[0]!);
const fixed = { scaling: Scaling.replicas(2) };

describe('requirements', () => {
  it('of the shortest definition are Kubernetes, enforced network policies and metrics', () => {
    expect(requirements()).toEqual([
      'Kubernetes >= 1.30: a pause before pods stop (lifecycle.preStop.sleep)',
      expect.stringMatching(/^a network plug-in that enforces NetworkPolicy: .*3000/),
      'metrics-server: the autoscaler of rag reads cpu (metrics.k8s.io)',
    ]);
  });

  it.each([
    [{}, '1.27', '1.27'],
    [{ sidecars: [PodContainer.of('a', 'busybox:1')] }, '1.28', '1.27'],
    [{ sidecars: [PodContainer.of('a', 'busybox:1')] }, '1.29', '1.29'],
    [{}, '1.36', '1.30'],
    [{ models: [ModelVolume.image('w', { image: 'weights:1', mountPath: '/models' })] }, '1.36', '1.35'],
    [
      {
        apiServer: {
          scaling: Scaling.auto({ maxReplicas: 3, behavior: ScalingBehavior.of({ scaleUp: { tolerance: 0.2 } }) }),
        },
      },
      '1.36',
      '1.35',
    ],
  ])('state the version that is used, not the one that is there: %#', (props, profile, needed) => {
    expect(requirements(props, profile)[0]).toMatch(new RegExp(`^Kubernetes >= ${needed.replace('.', '\\.')}: `));
  });

  it('name what the definition refers to, whoever does', () => {
    const found = names({
      apiServer: {
        ...fixed,
        size: InstanceSize.named('gpu.l4.1'),
        sidecars: [PodContainer.of('a', 'busybox:1', { envFrom: [EnvFrom.secret(SecretRef.named('sidecar'))] })],
      },
      env: [
        EnvVar.fromSecret('A', { secret: SecretRef.named('keys'), key: 'a' }),
        EnvVar.fromSecret('B', { secret: SecretRef.named('maybe'), key: 'b', optional: true }),
        EnvVar.fromConfigMap('C', { configMap: ConfigMapRef.named('settings'), key: 'c' }),
      ],
      envFrom: [
        EnvFrom.configMap(ConfigMapRef.named('all')),
        EnvFrom.secret(SecretRef.named('no'), { optional: true }),
      ],
      imagePullSecrets: [SecretRef.named('registry')],
      priorityClassName: 'high',
      runtimeClassName: 'nvidia',
      serviceAccount: ServiceAccountRef.named('identity'),
      models: [
        ModelVolume.claim('a', { claim: ClaimRef.named('weights'), mountPath: '/a' }),
        ModelVolume.s3Bucket('b', { bucket: 'bucket', mountPath: '/b' }),
        ModelVolume.csi('c', { driver: 'gcsfuse.csi.storage.gke.io', mountPath: '/c' }),
        ModelVolume.download('d', {
          source: ModelSource.huggingFace('org/model', { token: SecretRef.named('hub') }),
          mountPath: '/d',
          size: Size.gibibytes(1),
          storageClassName: 'efs',
        }),
      ],
    });
    expect(found).toEqual([
      'Kubernetes >= 1.30',
      'a network plug-in that enforces NetworkPolicy',
      'nodes with nvidia.com/gpu (l4) and its device plugin',
      'PersistentVolumeClaim weights',
      'the CSI driver s3.csi.aws.com',
      'the CSI driver gcsfuse.csi.storage.gke.io',
      'StorageClass efs with ReadWriteMany',
      'Secret hub with the key HF_TOKEN',
      'Secret registry',
      'PriorityClass high',
      'RuntimeClass nvidia',
      'ServiceAccount identity',
      'Secret keys with the key a',
      'ConfigMap settings with the key c',
      'ConfigMap all',
      'Secret sidecar',
    ]);
  });

  it.each([
    [Scaling.unmanaged(), 'a scaler of Deployment rag'],
    [
      Scaling.auto({ maxReplicas: 2, metrics: [ScalingMetric.pods({ metric: 'x', averageValue: 1 })] }),
      'an adapter for custom.metrics.k8s.io',
    ],
    [
      Scaling.auto({ maxReplicas: 2, metrics: [ScalingMetric.external({ metric: 'x', value: 1 })] }),
      'an adapter for external.metrics.k8s.io',
    ],
  ])('name what scales: %#', (scaling, name) => {
    expect(names({ apiServer: { scaling } })).toContain(name);
  });

  it('of a pool that stands alone are those of all that it owns', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const pool = new RunnerPool(chart, 'Reranker', {
      bento: chain(),
      bentoService: 'Reranker',
      runners: { Encoder: Runner.pool({ ...fixed, size: InstanceSize.named('gpu.t4.1') }) },
      traffic: { timeout: Duration.minutes(5) },
    });
    expect(pool.requirements.map(({ name }) => name)).toContain('nodes with nvidia.com/gpu (t4) and its device plugin');
  });

  it('of an owned pool are its own', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const deployment = new BentoDeployment(chart, 'Rag', { bento: pair(), runners: { Embedder: Runner.pool(fixed) } });
    expect(deployment.runnerPool('Embedder').requirements.map(({ name }) => name)).not.toContain('metrics-server');
  });
});

describe('requirements of scaling by KEDA', () => {
  const lines = (metrics: ScalingMetric[], prometheus: Partial<PrometheusOptions> = {}) => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const profile = { keda: { version: '2.20' }, prometheus: { address: 'http://p:9090', ...prometheus } };
    ClusterProfile.set(chart, new ClusterProfile(profile));
    const scaling = Scaling.auto({ maxReplicas: 3, metrics });
    return new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { scaling } }).requirements.map(String);
  };
  const KEDA = 'KEDA >= 2.20: the autoscaler of rag (external.metrics.k8s.io)';
  const hours = ScalingMetric.schedule(2, Schedule.businessHours({ timeZone: 'UTC' }));

  it('are KEDA, Prometheus and somebody who scrapes', () => {
    const annotations =
      'a scrape job of Prometheus for pods annotated with prometheus.io/scrape that keeps their labels: the autoscaler of rag reads concurrency';
    const operator =
      'Prometheus Operator (monitoring.coreos.com/v1 PodMonitor): the autoscaler of rag reads concurrency';
    const asked = 'Prometheus at http://p:9090: the autoscaler of rag reads concurrency';
    expect(lines([ScalingMetric.concurrency(1)]).slice(2)).toEqual([KEDA, asked, annotations]);
    expect(lines([ScalingMetric.concurrency(1)], { operatorLabels: {} }).slice(2)).toEqual([KEDA, asked, operator]);
  });

  it('are KEDA alone for hours', () => {
    expect(lines([hours]).slice(2)).toEqual([KEDA]);
  });

  it('are the metrics-server beside it, where CPU counts too', () => {
    expect(lines([hours, ScalingMetric.cpu(70)])).toContain(
      'metrics-server: the autoscaler of rag reads cpu (metrics.k8s.io)',
    );
  });

  it('are what a trigger signs in with', () => {
    const authentication = TriggerAuthenticationRef.ofCluster('aws');
    const metadata = { queueURL: 'https://sqs.us-east-1.amazonaws.com/1/q', awsRegion: 'us-east-1' };
    expect(lines([ScalingMetric.kedaTrigger({ kind: 'aws-sqs-queue', metadata, authentication })])).toContain(
      'ClusterTriggerAuthentication aws: the autoscaler of rag reads aws-sqs-queue',
    );
  });

  it.each([
    [
      PrometheusAuthentication.basic({ secret: SecretRef.named('p') }),
      ['Secret p with the key password', 'Secret p with the key username'],
    ],
    [
      PrometheusAuthentication.aws({ region: 'us-east-1' }),
      ["an AWS role of KEDA's operator that may query Prometheus"],
    ],
    [PrometheusAuthentication.triggerAuthentication(TriggerAuthenticationRef.named('p')), ['TriggerAuthentication p']],
  ])('are what signs in at Prometheus: %#', (authentication, expected) => {
    const reason = 'the autoscaler of rag reads Prometheus';
    expect(lines([ScalingMetric.concurrency(1)], { authentication })).toEqual(
      expect.arrayContaining(expected.map((name) => `${name}: ${reason}`)),
    );
    const without = lines([hours], { authentication }).filter((text) => text.endsWith(reason));
    expect(without).toEqual([]);
  });
});

// HTTPRouteTimeouts are in the standard channel of Gateway API since 1.2, ListenerSet since 1.5.
describe('requirements of gateways', () => {
  const PLACE = { name: 'public', namespace: 'gateways' };
  const hosts = ['rag.example.com'];
  const own = Tls.secret(SecretRef.named('rag-tls'));
  const KEYS = SecretRef.named('keys');
  const lines = (exposure: Exposure) => requirements({ exposure }).slice(2, -1);

  it('are the Gateway, and a Gateway API with timeouts', () => {
    expect(lines(Exposure.gateway({ hosts, gateway: Gateway.standard(PLACE) }))).toEqual([
      'Gateway public of namespace gateways: the route to its hosts',
      'Gateway API >= 1.2: timeouts of routes',
      'an idle timeout of connections to pods below 75 s at Gateway public of namespace gateways: pods close theirs after that, and a request on its way would be lost',
    ]);
  });

  it('are the Envoy Gateway of the version that is stated, certificates and keys', () => {
    const gateway = Gateway.envoyGateway({ ...PLACE, version: '1.8' });
    const authentication = Authentication.apiKeys(KEYS);
    expect(lines(Exposure.gateway({ hosts, gateway, tls: own, authentication }))).toEqual([
      'Gateway public of namespace gateways: the route to its hosts',
      'Gateway API >= 1.5: listeners with certificates of doors (ListenerSet)',
      'allowedListeners of Gateway public of namespace gateways: listeners with certificates of doors (ListenerSet)',
      'Envoy Gateway (gateway.envoyproxy.io) >= 1.8: policies of the route',
      'Secret rag-tls of type kubernetes.io/tls: https',
      'Secret keys with a key for each client: who may send requests',
    ]);
  });

  it('are the most that one of several doors needs, and the keys of who issues tokens', () => {
    const gateway = Gateway.envoyGateway({ ...PLACE, httpsListener: 'https' });
    const authentication = Authentication.jwt({ issuer: 'a', jwksUrl: 'https://a/keys' });
    const a = Exposure.gateway({ hosts: ['a.b'], gateway, authentication });
    const b = Exposure.gateway({ hosts, gateway, tls: own });
    const found = lines(Exposure.several({ a, b }));
    expect(found.filter((line) => line.startsWith('Gateway API'))).toEqual([
      'Gateway API >= 1.5: listeners with certificates of doors (ListenerSet)',
    ]);
    expect(found).toContain('https://a/keys: keys of who issues tokens, fetched by the proxies');
  });
});
