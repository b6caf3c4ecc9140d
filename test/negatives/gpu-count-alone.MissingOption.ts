import { InstanceSize } from '../../lib';

InstanceSize.of({ gpuCount: 1 });
