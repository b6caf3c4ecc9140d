import { Gpu } from '../../lib';
import { clusterOfGpus } from './cluster-of-gpus';

const { l4 } = clusterOfGpus();
l4({ gpu: Gpu.AMD_MI300X });
