import { clusterOfGpus } from './cluster-of-gpus';

const { app, serve } = clusterOfGpus();
serve(clusterOfGpus('staging', app).l4());
app.synth();
