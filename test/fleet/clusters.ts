import { App, Chart } from 'cdk8s';
import {
  Bento,
  BentoService,
  Capacity,
  ClusterProfile,
  type ClusterProfileProps,
  Gpu,
  GpuNodePool,
  type GpuNodePoolProps,
  InstanceSize,
} from '../../lib';

/** A chart for a cluster with Karpenter. */
export function karpenterChart(
  id = 'prod',
  props: ClusterProfileProps = {},
  app: App = new App(),
  namespace: string | undefined = 'ml',
): Chart {
  const chart = new Chart(app, id, { namespace });
  ClusterProfile.set(chart, new ClusterProfile({ name: 'prod', karpenter: {}, ...props }));
  return chart;
}

/** L4, eight of them. */
export const l4 = (chart: Chart, props: Partial<GpuNodePoolProps> = {}, id = 'L4') =>
  new GpuNodePool(chart, id, { gpu: Gpu.NVIDIA_L4, capacity: [Capacity.onDemand({ maxGpus: 8 })], ...props });

/** A replica with GPUs of this kind. */
export const gpuSize = (gpuCount = 1, gpu = Gpu.NVIDIA_L4, cpuCores = 2) =>
  InstanceSize.of({ cpuCores, gpu, gpuCount });

/** A Bento whose entry service calls Embedder. */
export const BENTO = Bento.fromImage('registry.example.com/rag:v1', {
  services: [BentoService.named('Gateway', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});

/** A Bento of one service. */
export const SINGLE = Bento.fromImage('registry.example.com/rag:v1', { bentoService: 'Gateway' });
