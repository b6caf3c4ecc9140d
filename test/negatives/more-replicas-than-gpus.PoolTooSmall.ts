import { clusterOfGpus } from './cluster-of-gpus';

const { app, l4, serve } = clusterOfGpus();
serve(l4(), { replicas: 5 });
app.synth();
