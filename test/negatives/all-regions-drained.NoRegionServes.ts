import { Testing } from 'cdk8s';
import { Fleet, Region } from '../../lib';

const regions = [Region.aws('us-east-1'), Region.aws('eu-west-1')];
new Fleet(Testing.app(), 'Fleet', { regions, drained: regions });
