import { clusterOfGpus } from './cluster-of-gpus';

const { app, l4, serve } = clusterOfGpus();
serve(l4({ instanceTypes: ['g6.xlarge'] }), { cpuCores: 4 });
app.synth();
