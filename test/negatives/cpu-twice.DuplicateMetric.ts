import { Scaling, ScalingMetric } from '../../lib';

Scaling.auto({ maxReplicas: 5, metrics: [ScalingMetric.cpu(70), ScalingMetric.cpu(80)] });
