import { Duration } from 'cdk8s';
import { Consolidation } from '../../lib';
import { clusterOfGpus } from './cluster-of-gpus';

const { app, l4, serve } = clusterOfGpus();
serve(l4({ consolidation: Consolidation.whenEmptyOrUnderutilized({ after: Duration.seconds(30) }) }));
app.synth();
