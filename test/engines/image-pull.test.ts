import { describe, expect, it } from 'vitest';
import { Capacity, ClusterProfile, Gpu } from '../../lib';
import { resolveKarpenterPool } from '../../lib/component/karpenter-pool';
import { type ImagePullModel, imagePullSpec } from '../../lib/engines/image-pull';

const { model: pool } = resolveKarpenterPool(
  { name: 'l4', gpu: Gpu.NVIDIA_L4, capacity: [Capacity.onDemand({ maxGpus: 8 })] },
  new ClusterProfile({ name: 'prod', karpenter: {} }),
  'chart/L4',
);
const spec = (model: Partial<ImagePullModel> = {}) =>
  imagePullSpec({
    pool,
    selector: { app: 'pull' },
    labels: { app: 'pull', managed: 'yes' },
    images: [
      { reference: 'registry.example.com/rag:v1', mutable: false },
      { reference: 'registry.example.com/rag', mutable: true },
    ],
    imagePullSecrets: ['registry'],
    ...model,
  });

describe('a DaemonSet that pulls images', () => {
  it('starts each once on every node of the pool, and then does nothing', () => {
    const { initContainers, containers, nodeSelector, tolerations } = spec().template.spec!;
    expect(initContainers!.map(({ image, imagePullPolicy, command }) => ({ image, imagePullPolicy, command }))).toEqual(
      [
        { image: 'registry.example.com/rag:v1', imagePullPolicy: 'IfNotPresent', command: ['python', '-c', ''] },
        { image: 'registry.example.com/rag', imagePullPolicy: 'Always', command: ['python', '-c', ''] },
      ],
    );
    expect(containers.map(({ name }) => name)).toEqual(['pause']);
    expect(nodeSelector).toEqual({ 'cdk8s-bento/node-pool': 'l4' });
    expect(tolerations).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]);
  });

  it('takes no device, and next to nothing else', () => {
    const { initContainers, containers } = spec().template.spec!;
    for (const { resources } of [...initContainers!, ...containers]) {
      expect(resources).toEqual({ limits: { memory: '32Mi' }, requests: { cpu: '10m', memory: '32Mi' } });
    }
  });

  it('knows the credentials of replicas', () => {
    expect(spec().template.spec!.imagePullSecrets).toEqual([{ name: 'registry' }]);
    expect(spec({ imagePullSecrets: [] }).template.spec!.imagePullSecrets).toBeUndefined();
  });

  it('waits for no node when images change', () => {
    expect(spec().updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } });
  });

  it('is restricted', () => {
    expect(spec().template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
  });
});
