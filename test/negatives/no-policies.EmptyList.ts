import { ScalingBehavior } from '../../lib';

ScalingBehavior.of({ scaleUp: { policies: [] } });
