import { App, Chart, JsonPatch, Testing } from 'cdk8s';
import {
  ConfigMap,
  Deployment,
  EnvValue,
  NetworkPolicy,
  NetworkPolicyPort,
  PersistentVolumeAccessMode,
  PersistentVolumeClaim,
  Pods,
  Secret,
  ServiceAccount,
} from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ClaimRef,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  ModelVolume,
  Scaling,
  SecretRef,
  ServiceAccountRef,
} from '../../lib';
import { pair, single } from '../bentos';
import { Objects, synthesize } from '../tree';

const chartOf = (namespace?: string) => new Chart(new App(), 'test', { namespace });
const selector = {
  'app.kubernetes.io/instance': 'rag',
  'app.kubernetes.io/component': 'api-server',
  'cdk8s-bento/track': 'main',
};

describe('attributes', () => {
  it('are there when the constructor returns', () => {
    const rag = new BentoDeployment(chartOf('ml'), 'Rag', { bento: pair(), apiServer: { servicePort: 80 } });
    const { apiServer } = rag;
    expect(rag.name).toBe('rag');
    expect(rag.url).toBe('http://rag.ml:80');
    expect(apiServer).toMatchObject({
      name: 'rag',
      namespace: 'ml',
      bentoService: 'Gateway',
      url: 'http://rag.ml:80',
      port: 80,
      containerPort: 3000,
      podSelector: selector,
      scaleTarget: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' },
    });
    expect(
      [
        apiServer.workload,
        apiServer.service,
        apiServer.scaler!,
        apiServer.disruptionBudget,
        apiServer.networkPolicy,
      ].map(({ apiVersion, kind, name }) => `${apiVersion} ${kind} ${name}`),
    ).toEqual([
      'apps/v1 Deployment rag',
      'v1 Service rag',
      'autoscaling/v2 HorizontalPodAutoscaler rag',
      'policy/v1 PodDisruptionBudget rag',
      'networking.k8s.io/v1 NetworkPolicy rag',
    ]);
    expect(rag.runnerPools.map(({ name }) => name)).toEqual(['rag-embedder']);
    expect(rag.runnerPool('Embedder').url).toBe('http://rag-embedder.ml:3000');
  });

  it('have no scaler where replicas are fixed, and no namespace where none is known', () => {
    const { apiServer } = new BentoDeployment(chartOf(), 'Rag', {
      bento: single(),
      apiServer: { scaling: Scaling.replicas(2) },
    });
    expect(apiServer.scaler).toBeUndefined();
    expect(apiServer.namespace).toBeUndefined();
    expect(apiServer.url).toBe('http://rag:3000');
  });

  it('give copies of selectors', () => {
    const { apiServer } = new BentoDeployment(chartOf(), 'Rag', { bento: single() });
    apiServer.podSelector.x = 'y';
    expect(apiServer.podSelector).toEqual(selector);
  });

  it('fails on a pool that is not there, and names those that are', () => {
    const rag = new BentoDeployment(chartOf(), 'Rag', { bento: pair() });
    expect(() => rag.runnerPool('embedder')).toThrow(
      '[NoSuchPool] \'bentoService\' must name an owned pool, got "embedder"; known are Embedder; names are those of the Bento (at test/Rag)',
    );
  });
});

describe('emitted objects', () => {
  it('can be patched', () => {
    const objects = synthesize((chart) => {
      const { apiServer } = new BentoDeployment(chart, 'Rag', { bento: single() });
      apiServer.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostUsers', false));
      apiServer.service.metadata.addAnnotation('a', 'b');
    });
    expect(objects.pod('rag').hostUsers).toBe(false);
    expect(objects.get('Service', 'rag').metadata.annotations).toEqual({ a: 'b' });
  });
});

describe('a component in a NetworkPolicy of cdk8s-plus-27', () => {
  const inMl = { matchLabels: { 'kubernetes.io/metadata.name': 'ml' } };

  it('is a peer of egress and of ingress', () => {
    const chart = chartOf('ml');
    const { apiServer } = new BentoDeployment(chart, 'Rag', { bento: single() });
    const policy = new NetworkPolicy(chart, 'Policy', {
      selector: Pods.select(chart, 'Web', { labels: { app: 'web' } }),
    });
    policy.addEgressRule(apiServer, [NetworkPolicyPort.tcp(apiServer.containerPort)]);
    policy.addIngressRule(apiServer);
    const { spec } = new Objects(Testing.synth(chart))
      .of('NetworkPolicy')
      .find(({ metadata }) => metadata.name !== 'rag')!;
    const peer = { podSelector: { matchLabels: selector }, namespaceSelector: inMl };
    expect(spec.podSelector).toEqual({ matchLabels: { app: 'web' } });
    expect(spec.egress).toEqual([{ to: [peer], ports: [{ port: 3000, protocol: 'TCP' }] }]);
    expect(spec.ingress).toMatchObject([{ from: [peer] }]);
  });

  it('is its selector', () => {
    const chart = chartOf('ml');
    const { apiServer } = new BentoDeployment(chart, 'Rag', { bento: single() });
    new NetworkPolicy(chart, 'Policy', { selector: apiServer });
    const { spec, metadata } = new Objects(Testing.synth(chart))
      .of('NetworkPolicy')
      .find(({ metadata }) => metadata.name !== 'rag')!;
    expect(spec.podSelector).toEqual({ matchLabels: selector });
    expect(metadata.namespace).toBe('ml');
  });

  it('is reached from a Deployment of cdk8s-plus-27, both policies being made', () => {
    const chart = chartOf('ml');
    const { apiServer } = new BentoDeployment(chart, 'Rag', { bento: single() });
    const web = new Deployment(chart, 'Web', { containers: [{ image: 'web:1', portNumber: 80 }] });
    web.connections.allowTo(apiServer, { ports: [NetworkPolicyPort.tcp(3000)] });
    const policies = new Objects(Testing.synth(chart))
      .of('NetworkPolicy')
      .filter(({ metadata }) => metadata.name !== 'rag');
    const [egress, ingress] = ['egress', 'ingress'].map((key) => policies.find(({ spec }) => key in spec)!.spec);
    expect(egress!.egress[0].to[0].podSelector).toEqual({ matchLabels: selector });
    expect(ingress!.podSelector).toEqual({ matchLabels: selector });
  });

  it('has no namespace where none is known', () => {
    const { apiServer } = new BentoDeployment(chartOf(), 'Rag', { bento: single() });
    expect(apiServer.toPodSelectorConfig().namespaces).toBeUndefined();
    expect(apiServer.toNetworkPolicyPeerConfig().ipBlock).toBeUndefined();
  });
});

describe('references to objects of cdk8s-plus-27', () => {
  it('are by the names that those have', () => {
    const chart = chartOf('ml');
    const secret = new Secret(chart, 'Secret', { metadata: { name: 'keys' } });
    const configMap = new ConfigMap(chart, 'Config', { metadata: { name: 'settings' } });
    const account = new ServiceAccount(chart, 'Account', { metadata: { name: 'identity' } });
    const claim = new PersistentVolumeClaim(chart, 'Claim', {
      metadata: { name: 'weights' },
      accessModes: [PersistentVolumeAccessMode.READ_ONLY_MANY],
    });
    new BentoDeployment(chart, 'Rag', {
      bento: single(),
      env: [
        EnvVar.fromSecret('A', { secret: SecretRef.of(secret), key: 'a' }),
        EnvVar.of('B', EnvValue.fromSecretValue({ secret, key: 'b' })),
        EnvVar.of('C', EnvValue.fromValue('c')),
      ],
      envFrom: [EnvFrom.configMap(ConfigMapRef.of(configMap))],
      serviceAccount: ServiceAccountRef.of(account),
      models: [ModelVolume.claim('weights', { claim: ClaimRef.of(claim), mountPath: '/models' })],
    });
    const objects = new Objects(Testing.synth(chart));
    expect(objects.env('rag')).toMatchObject({
      A: { secretKeyRef: { name: 'keys', key: 'a' } },
      B: { secretKeyRef: { name: 'keys', key: 'b' } },
      C: 'c',
    });
    expect(objects.server('rag').envFrom).toEqual([{ configMapRef: { name: 'settings' } }]);
    expect(objects.pod('rag').serviceAccountName).toBe('identity');
    expect(objects.pod('rag').volumes).toContainEqual({
      name: 'model-weights',
      persistentVolumeClaim: { claimName: 'weights' },
    });
  });
});
