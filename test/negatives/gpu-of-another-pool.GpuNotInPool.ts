import { Gpu } from '../../lib';
import { clusterOfGpus } from './cluster-of-gpus';

const { l4, serve } = clusterOfGpus();
serve(l4(), { gpu: Gpu.NVIDIA_A100 });
