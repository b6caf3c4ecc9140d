import { InstanceSize } from '../../lib';

InstanceSize.of({ cpuCores: -1 });
