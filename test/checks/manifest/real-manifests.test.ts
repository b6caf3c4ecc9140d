import { App, Chart, Size, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  ClusterProfile,
  EnvVar,
  Gateway,
  Gpu,
  InstanceSize,
  ModelSource,
  ModelVolume,
  PodContainer,
  Runner,
  RunnerPool,
  RunState,
  Scaling,
  ScalingMetric,
  SecretRef,
  ServingNamespace,
} from '../../../lib';
import { documentsOf } from '../../../lib/checks/manifest/model/manifest-object';
import { checkManifests } from '../../../lib/checks/manifest/rules';
import { budget, deployment, found, hpa, ingress, type Json, service } from './manifests';

const image = 'registry.example.com/search:3auspqat6smdonry';
const key = EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('search'), key: 'api-key' });

/** What the rules say of all charts of an app together. */
function findings(define: (app: App) => void): string[] {
  const app = new App();
  define(app);
  const documents = app.charts.flatMap((chart) => documentsOf(`${chart.node.id}.yaml`, Testing.synth(chart)));
  expect(documents.length).toBeGreaterThan(0);
  return checkManifests(documents).map(({ rule, text }) => `[${rule}] ${text}`);
}

const fixture = (name: string) => Bento.fromFile(`test/fixtures/bento/${name}`, { image });

describe('our own output', () => {
  it.each<[string, { [name: string]: Runner }]>([
    ['search', { Reranker: Runner.pool({ scaling: Scaling.replicas(2) }) }],
    ['text-search', {}],
    ['word-index', {}],
  ])('has no finding: the Bento %s', (name, runners) => {
    expect(
      findings((app) => {
        const env = [key, EnvVar.value('WEIGHTS_DIR', '/models')];
        new BentoDeployment(new Chart(app, 'a', { namespace: 'ml' }), 'Search', { bento: fixture(name), env, runners });
      }),
    ).toEqual([]);
  });

  it('has no finding: two deployments of one namespace, one stopped, and one without a namespace', () => {
    expect(
      findings((app) => {
        const chart = new Chart(app, 'a', { namespace: 'ml' });
        new BentoDeployment(chart, 'Search', { bento: fixture('text-search'), env: [key] });
        new BentoDeployment(chart, 'Old', { bento: fixture('text-search'), env: [key], state: RunState.TERMINATED });
        new BentoDeployment(new Chart(app, 'b'), 'Search', { bento: fixture('text-search'), env: [key] });
      }),
    ).toEqual([]);
  });

  it('has no finding: the same definition for two clusters', () => {
    expect(
      findings((app) => {
        for (const name of ['eu', 'us']) {
          const chart = new Chart(app, name, { namespace: 'ml' });
          ClusterProfile.set(chart, new ClusterProfile({ name, kubernetesVersion: '1.36' }));
          new BentoDeployment(chart, 'Search', { bento: fixture('text-search'), env: [key] });
        }
      }),
    ).toEqual([]);
  });

  it('has no finding: a shared pool in a namespace of its own', () => {
    expect(
      findings((app) => {
        const models = new Chart(app, 'models', { namespace: 'models' });
        new ServingNamespace(models, 'Namespace', { name: 'models' });
        const bento = fixture('text-search');
        const embedder = new RunnerPool(models, 'Embedder', { bento, bentoService: 'Embedder', env: [key] });
        for (const name of ['shop', 'support']) {
          const chart = new Chart(app, name, { namespace: name });
          new BentoDeployment(chart, 'Search', { bento, env: [key], runners: { Embedder: Runner.shared(embedder) } });
        }
      }),
    ).toEqual([]);
  });

  it.each(['1.27', '1.36'])(
    'has no finding: GPU, weights, sidecar and gateway on Kubernetes %s',
    (kubernetesVersion) => {
      expect(
        findings((app) => {
          const chart = new Chart(app, 'a', { namespace: 'ml' });
          const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways' });
          ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion, gateway }));
          new BentoDeployment(chart, 'Llm', {
            bento: Bento.fromImage(image, { bentoService: 'Llm' }),
            apiServer: {
              size: InstanceSize.of({ cpuCores: 4, memory: Size.gibibytes(16), gpu: Gpu.NVIDIA_L4 }),
              scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 4, metrics: [ScalingMetric.memory(70)] }),
              models: [
                ModelVolume.download('weights', {
                  source: ModelSource.huggingFace('intfloat/e5-small-v2', { token: SecretRef.named('hf') }),
                  mountPath: '/models/e5',
                  size: Size.gibibytes(10),
                  storageClassName: 'efs',
                }),
              ],
              sidecars: [PodContainer.of('log-shipper', 'fluent/fluent-bit:4.2.0')],
            },
          });
        }),
      ).toEqual([]);
    },
  );
});

// https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ and the mistakes that a tutorial's set of
// manifests, each right by itself, makes when they are applied together.
describe('manifests of a tutorial', () => {
  const container = {
    name: 'bentoml',
    image: 'my-bentoml-app:latest',
    ports: [{ containerPort: 3000 }],
    resources: { limits: { cpu: '1000m', memory: '2Gi' }, requests: { cpu: '500m', memory: '1Gi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 3000 } },
  };
  const server = deployment('bentoml-service', { replicas: 3, containers: [container] });
  const region = deployment('bentoml-service-us-east', {
    labels: { app: 'bentoml-service', region: 'us-east' },
    replicas: 3,
    containers: [container],
  });
  const global = service('bentoml-global-service', {
    selector: { app: 'bentoml-service' },
    ports: [{ name: 'http', port: 80, targetPort: 3000 }],
  });
  const scaler = (name: string) =>
    hpa(name, { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'bentoml-service' } });
  const door = ingress('door', {
    rules: [{ http: { paths: [{ backend: { service: { name: 'bentoml-global-service', port: { number: 80 } } } }] } }],
  });
  const rules = (...objects: Json[]) =>
    checkManifests(documentsOf('a.yaml', objects)).map(
      ({ rule, object }) => `${rule} ${(object.value as Json).metadata.name}`,
    );

  it('finds what they do to each other', () => {
    expect(rules(server, region, global, door, scaler('bentoml-hpa'), scaler('bentoml-advanced-hpa'))).toEqual([
      'ReplicasWithScaler bentoml-service',
      'SelectorOverlap bentoml-service',
      'TwoScalers bentoml-advanced-hpa',
    ]);
  });

  it('finds nothing in the Service over both, nor in the Ingress', () => {
    expect(rules(region, global, door)).toEqual([]);
  });
});

// One mistake at a time in manifests that are right, as people make them.
describe('known mistakes', () => {
  const base = {
    deployment: () => deployment('a', { container: { ports: [{ name: 'http', containerPort: 3000 }] } }),
    service: () => service('a', { ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
    hpa: () => hpa('a', { metrics: [{ type: 'Pods' }] }),
    budget: () => budget('a'),
  };
  type Good = { [kind in keyof typeof base]: Json };
  const server = ({ deployment: object }: Good): Json => object.spec.template.spec.containers[0];

  it.each<[string, string, (good: Good) => void]>([
    [
      'SelectorMismatch',
      'a selector of another app',
      (good) => {
        good.deployment.spec.selector.matchLabels = { app: 'other' };
      },
    ],
    [
      'ScalerBounds',
      'a minimum above the maximum',
      (good) => {
        good.hpa.spec.minReplicas = 30;
      },
    ],
    [
      'DeviceRequestMismatch',
      'a GPU request without a limit',
      (good) => {
        server(good).resources = { requests: { 'nvidia.com/gpu': '2' } };
      },
    ],
    [
      'DuplicatePortName',
      'a port name twice',
      (good) => void server(good).ports.push({ name: 'http', containerPort: 3001 }),
    ],
    [
      'ReplicasWithScaler',
      'replicas beside an HPA',
      (good) => {
        good.deployment.spec.replicas = 3;
      },
    ],
    [
      'ScaleTargetMissing',
      'a target with a typo',
      (good) => {
        good.hpa.spec.scaleTargetRef.name = 'aa';
      },
    ],
    [
      'ServiceSelectsNothing',
      'a Service for the old label',
      (good) => {
        good.service.spec.selector = { run: 'a' };
      },
    ],
    [
      'TargetPortMissing',
      'a renamed port',
      (good) => {
        server(good).ports[0].name = 'web';
      },
    ],
    [
      'BudgetBlocksEviction',
      'a budget of nothing',
      (good) => {
        good.budget.spec.maxUnavailable = 0;
      },
    ],
    [
      'SecretInClear',
      'a password',
      (good) => {
        server(good).env = [{ name: 'DB_PASSWORD', value: 'hunter2' }];
      },
    ],
    [
      'MalformedObject',
      'no name',
      (good) => {
        delete good.budget.metadata.name;
      },
    ],
  ])('finds %s alone: %s', (rule, _, change) => {
    const good: Good = {
      deployment: base.deployment(),
      service: base.service(),
      hpa: base.hpa(),
      budget: base.budget(),
    };
    const run = () => checkManifests(documentsOf('a.yaml', Object.values(good))).map((finding) => finding.rule);
    expect(run()).toEqual([]);
    change(good);
    expect(run()).toEqual([rule]);
    expect(found(rule, ...Object.values(good))).toHaveLength(1);
  });
});
