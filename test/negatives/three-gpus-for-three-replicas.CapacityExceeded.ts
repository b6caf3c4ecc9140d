import { Chart, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Gpu, InstanceSize, Scaling } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
const size = InstanceSize.of({ cpuCores: 4, gpu: Gpu.NVIDIA_L4 });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { size, scaling: Scaling.replicas(3) },
  releaseCapacity: { maxGpus: { l4: 3 } },
});
