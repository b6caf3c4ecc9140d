import { Testing } from 'cdk8s';
import { Fleet, Region, RegionTraffic } from '../../lib';

const traffic = RegionTraffic.nearest({ dials: { 'us-east1': 50 } });
new Fleet(Testing.app(), 'Fleet', { regions: [Region.aws('us-east-1')], traffic });
