import { clusterOfGpus } from './cluster-of-gpus';

const { l4 } = clusterOfGpus();
l4({ instanceFamilies: ['g5'] });
