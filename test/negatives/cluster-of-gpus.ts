import { type App, Chart, type Duration, Size, Testing } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  Capacity,
  ClusterProfile,
  Gpu,
  GpuNodePool,
  type GpuNodePoolProps,
  type INodePool,
  InstanceSize,
  Region,
  Scaling,
} from '../../lib';

/** A chart for a cluster with Karpenter. */
export function clusterOfGpus(name = 'prod', app: App = Testing.app()): ClusterOfGpus {
  const chart = new Chart(app, name, { namespace: 'ml' });
  ClusterProfile.set(chart, new ClusterProfile({ name, region: Region.aws('us-east-1'), karpenter: {} }));
  const capacity = [Capacity.onDemand({ maxGpus: 4 })];
  return {
    app,
    l4: (props) => new GpuNodePool(chart, 'L4', { gpu: Gpu.NVIDIA_L4, capacity, ...props }),
    serve: (nodePool, { gpu = Gpu.NVIDIA_L4, cpuCores = 2, replicas = 2, shutdown } = {}) => {
      const size = InstanceSize.of({ cpuCores, memory: Size.gibibytes(8), gpu });
      new BentoDeployment(chart, 'Rag', {
        bento: Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' }),
        apiServer: { size, scaling: Scaling.replicas(replicas), nodePool, drain: { gracefulShutdown: shutdown } },
      });
    },
  };
}

interface ClusterOfGpus {
  readonly app: App;
  /** Makes a pool of L4, 4 of them. */
  readonly l4: (props?: Partial<GpuNodePoolProps>) => GpuNodePool;
  /** Makes replicas with a GPU each. */
  readonly serve: (nodePool: INodePool, serving?: Partial<Serving>) => void;
}

interface Serving {
  readonly gpu: Gpu;
  readonly cpuCores: number;
  readonly replicas: number;
  readonly shutdown: Duration;
}
