import { App, type Chart, Duration, Size, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  Capacity,
  FunctionEngine,
  Gpu,
  type INodePool,
  InstanceSize,
  Release,
  ResponseCache,
  Runner,
  RunnerPool,
  ScaleToZeroFunction,
  Scaling,
  SecretRef,
} from '../../lib';
import { KNATIVE_FEATURES } from '../arbitraries';
import { structuralFindings } from '../schemas/structure';
import { Objects, quietly } from '../tree';
import { BENTO, gpuSize, karpenterChart, l4, SINGLE } from './clusters';

const synth = (chart: Chart) => new Objects(quietly(() => Testing.synth(chart)));
const scaling = Scaling.replicas(2);
const SELECTOR = { 'cdk8s-bento/node-pool': 'l4' };
const onPool = (nodePool: INodePool) => ({ nodePool, size: gpuSize(), scaling });
const serve = (chart: Chart, nodePool: INodePool, props: Partial<BentoDeploymentProps> = {}) =>
  new BentoDeployment(chart, 'Rag', { bento: SINGLE, apiServer: onPool(nodePool), ...props });

describe('objects of a pool', () => {
  it('are what the schemas of Karpenter take, and lie in no namespace', () => {
    const chart = karpenterChart();
    const id = 'cr-0123456789abcdef0';
    const pool = l4(chart, { capacity: [Capacity.reserved({ id, maxGpus: 8 }), Capacity.spot({ maxGpus: 8 })] });
    expect(pool.nodePools.map(({ name }) => name)).toEqual(['l4-reserved', 'l4-spot']);
    expect(pool.nodeClasses.map(({ name }) => name)).toEqual(['l4-reserved', 'l4']);
    for (const { kind, ...rest } of synth(chart).all.filter(({ kind }) =>
      ['NodePool', 'EC2NodeClass'].includes(kind),
    )) {
      expect(structuralFindings({ kind, ...rest }, 'karpenter-aws-1.15.1')).toEqual([]);
      expect(rest.metadata).not.toHaveProperty('namespace');
    }
  });

  it('are listed by copies', () => {
    const pool = l4(karpenterChart());
    pool.nodePools.pop();
    pool.nodeClasses.pop();
    expect([pool.nodePools.length, pool.nodeClasses.length]).toEqual([1, 1]);
    expect([pool.spare, pool.imagePull]).toEqual([undefined, undefined]);
  });

  it('fail under one name in two charts of a cluster, and not in two clusters', () => {
    const twice = (other: string) => {
      const app = new App();
      l4(karpenterChart('a', {}, app));
      const second = karpenterChart('b', { name: other }, app, 'elsewhere');
      l4(second);
      return () => synth(second);
    };
    expect(twice('prod')).toThrow(/\[NameCollision\].*EC2NodeClass/);
    expect(twice('other')).not.toThrow();
  });

  it('fail where a rung is called as another pool is', () => {
    const chart = karpenterChart();
    const id = 'cr-0123456789abcdef0';
    l4(chart, { capacity: [Capacity.reserved({ id, maxGpus: 8 })] });
    l4(chart, {}, 'L4-Reserved');
    expect(() => synth(chart)).toThrow(/\[NameCollision\].*EC2NodeClass/);
  });
});

describe('times of a pool', () => {
  const times = (chart: Chart) => {
    const { disruption, template } = synth(chart).get('NodePool', 'l4-on-demand').spec;
    return [disruption.consolidateAfter, template.spec.terminationGracePeriod];
  };

  it('without pods are ten minutes, and an hour', () => {
    const chart = karpenterChart();
    l4(chart);
    expect(times(chart)).toEqual(['10m', '1h']);
  });

  it('follow those of the pods, whoever comes first', () => {
    const chart = karpenterChart();
    const apiServer = {
      size: gpuSize(),
      scaling,
      // 60 MiB of it arrive in a second.
      startup: { imageSize: Size.gibibytes(200) },
      drain: { gracefulShutdown: Duration.minutes(100) },
    };
    serve(chart, l4(chart), { apiServer: { ...apiServer, nodePool: l4(chart, {}, 'Other') } });
    new BentoDeployment(chart, 'Late', {
      bento: SINGLE,
      apiServer: { ...apiServer, nodePool: l4(chart, {}, 'Third') },
    });
    const of = (name: string) => synth(chart).get('NodePool', name).spec;
    for (const name of ['other-on-demand', 'third-on-demand']) {
      const { disruption, template } = of(name);
      expect(minutes(disruption.consolidateAfter)).toBeGreaterThanOrEqual(57);
      expect(minutes(template.spec.terminationGracePeriod)).toBeGreaterThan(100);
    }
    expect(times(chart)).toEqual(['10m', '1h']);
  });
});

function minutes(text: string): number {
  const [, hours = '0', rest = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(text)!;
  return Number(hours) * 60 + Number(rest);
}

describe('warm nodes', () => {
  it('are held by pods of the size of the largest replica', () => {
    const chart = karpenterChart();
    const nodePool = l4(chart, { warmNodes: 2 });
    serve(chart, nodePool, { apiServer: { nodePool, size: gpuSize(2, Gpu.NVIDIA_L4, 7), scaling } });
    const objects = synth(chart);
    const { spec, metadata } = objects.get('Deployment', 'l4-spare');
    expect(metadata.namespace).toBe('ml');
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec.containers[0].resources.requests).toMatchObject({ cpu: '7', 'nvidia.com/gpu': '2' });
    const priority = objects.get('PriorityClass', 'l4-spare');
    expect(priority).toMatchObject({ value: -10, preemptionPolicy: 'Never' });
    expect(priority.metadata).not.toHaveProperty('namespace');
  });

  it('before anybody names the pool hold a GPU', () => {
    const chart = karpenterChart();
    l4(chart, { warmNodes: 1 });
    const [pause] = synth(chart).pod('l4-spare').containers;
    expect(pause.resources.requests).toEqual({ cpu: '1', memory: '1Gi', 'nvidia.com/gpu': '1' });
  });

  it('are a buffer of Karpenter where its gate is on', () => {
    const chart = karpenterChart('prod', { karpenter: { capacityBuffers: true } });
    expect(l4(chart, { warmNodes: 2 }).spare!.kind).toBe('CapacityBuffer');
    const objects = synth(chart);
    const buffer = objects.get('CapacityBuffer', 'l4-spare');
    expect(buffer.spec).toEqual({
      podTemplateRef: { name: 'l4-spare' },
      provisioningStrategy: 'buffer.x-k8s.io/active-capacity',
      replicas: 2,
    });
    expect(structuralFindings(buffer, 'karpenter-capacity-buffer')).toEqual([]);
    expect(objects.get('PodTemplate', 'l4-spare').metadata.namespace).toBe('ml');
    expect([...objects.of('Deployment'), ...objects.of('PriorityClass')]).toEqual([]);
  });
});

it('pulls each image once, with the credentials of all', () => {
  const chart = karpenterChart();
  const nodePool = l4(chart, { pullImages: true });
  for (const id of ['A', 'B']) {
    new BentoDeployment(chart, id, {
      bento: SINGLE,
      apiServer: { ...onPool(nodePool), imagePullSecrets: [SecretRef.named(id.toLowerCase())] },
    });
  }
  const { initContainers, imagePullSecrets } = synth(chart).get('DaemonSet', 'l4-image-pull').spec.template.spec;
  expect(initContainers.map(({ image }: { image: string }) => image)).toEqual(['registry.example.com/rag:v1']);
  expect(imagePullSecrets).toEqual([{ name: 'a' }, { name: 'b' }]);
});

describe('a pool is named by', () => {
  const own: INodePool = {
    bindPods: () => ({ name: 'own', nodeLabels: SELECTOR, gpus: [Gpu.NVIDIA_L4] }),
  };

  it('API server and runner alike', () => {
    const chart = karpenterChart();
    const nodePool = l4(chart);
    serve(chart, nodePool, { bento: BENTO, runners: { Embedder: Runner.pool(onPool(nodePool)) } });
    const objects = synth(chart);
    for (const name of ['rag', 'rag-embedder']) {
      expect(objects.pod(name).nodeSelector).toEqual(SELECTOR);
      expect(objects.server(name).resources.limits).toMatchObject({ 'nvidia.com/gpu': '1' });
    }
  });

  it('whoever implements it in plain TypeScript', () => {
    const chart = karpenterChart('prod', { karpenter: undefined });
    serve(chart, own);
    const pod = synth(chart).pod('rag');
    expect(pod.nodeSelector).toEqual(SELECTOR);
    expect(pod.tolerations).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]);
  });

  it('a shared runner pool', () => {
    const chart = karpenterChart();
    const nodePool = l4(chart);
    const shared = new RunnerPool(chart, 'Shared', { bento: BENTO, bentoService: 'Embedder', ...onPool(nodePool) });
    new BentoDeployment(chart, 'Rag', { bento: BENTO, runners: { Embedder: Runner.shared(shared) } });
    const objects = synth(chart);
    expect(objects.pod('shared').nodeSelector).toEqual(SELECTOR);
    expect(objects.pod('rag')).not.toHaveProperty('nodeSelector');
  });

  it('a canary Rollout', () => {
    const chart = karpenterChart('prod', { argoRollouts: {} });
    serve(chart, l4(chart), {
      release: Release.canary({ steps: [CanaryStep.weight(50)], weightsByReplicas: true }),
    });
    const objects = synth(chart);
    const pods = [...objects.of('Rollout'), ...objects.of('Deployment')].flatMap(
      ({ spec }) => spec.template?.spec ?? [],
    );
    expect(pods.map(({ nodeSelector }) => nodeSelector)).toEqual([SELECTOR]);
  });

  it.each([
    ['KEDA', FunctionEngine.kedaHttp(), 'Deployment'],
    ['Knative', FunctionEngine.knative(), 'Service'],
  ])('a function by %s', (_, engine, kind) => {
    const chart = karpenterChart('prod', {
      keda: {},
      kedaHttpAddOn: {},
      prometheus: { address: 'http://prometheus:9090' },
      knative: { enabledFeatures: KNATIVE_FEATURES },
    });
    new ScaleToZeroFunction(chart, 'Rag', {
      bento: SINGLE,
      apiServer: { nodePool: l4(chart), size: gpuSize() },
      maxReplicas: 2,
      targetConcurrency: 1,
      engine,
    });
    const found = synth(chart)
      .of(kind)
      .find(({ spec }) => spec.template?.spec?.nodeSelector !== undefined)!;
    expect(found.spec.template.spec.nodeSelector).toEqual(SELECTOR);
    expect(found.spec.template.spec.tolerations).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    ]);
  });
});

it('is of the server alone: a cache before it needs no GPU', () => {
  const chart = karpenterChart();
  const nodePool = l4(chart);
  serve(chart, nodePool, { cache: ResponseCache.of({ paths: ['/predict'] }) });
  const objects = synth(chart);
  const selectors = objects.of('Deployment').map(({ spec }) => spec.template.spec.nodeSelector);
  expect(selectors).toHaveLength(2);
  expect(selectors.filter((selector) => selector !== undefined)).toEqual([SELECTOR]);
});

it('leaves a size without a GPU, with a warning alone', () => {
  const chart = karpenterChart();
  serve(chart, l4(chart), { apiServer: { nodePool: l4(chart, {}, 'Other'), size: InstanceSize.of({ cpuCores: 1 }) } });
  expect(synth(chart).server('rag').resources.limits).toEqual({});
});
