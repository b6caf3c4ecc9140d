import { Testing } from 'cdk8s';
import { Warnings } from '../../lib';

Warnings.acknowledge(Testing.app(), 'SingelReplica');
