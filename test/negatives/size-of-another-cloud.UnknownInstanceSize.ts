import { InstanceSize } from '../../lib';

InstanceSize.named('g5.xlarge');
