import { Duration } from 'cdk8s';
import { clusterOfGpus } from './cluster-of-gpus';

const { app, l4, serve } = clusterOfGpus();
serve(l4({ terminationGracePeriod: Duration.minutes(1) }), { shutdown: Duration.minutes(5) });
app.synth();
