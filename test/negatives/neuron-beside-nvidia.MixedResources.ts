import { Capacity, Gpu } from '../../lib';
import { clusterOfGpus } from './cluster-of-gpus';

const { l4 } = clusterOfGpus();
l4({ capacity: [Capacity.onDemand({ maxGpus: 4 }), Capacity.onDemand({ gpu: Gpu.AWS_INFERENTIA2, maxGpus: 4 })] });
