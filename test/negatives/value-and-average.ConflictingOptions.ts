import { ScalingMetric } from '../../lib';

ScalingMetric.external({ metric: 'queue_depth', value: 30, averageValue: 3 });
