import type { Construct } from 'constructs';
import { aws, Region } from '../../lib';

export const EAST = Region.aws('us-east-1');
export const WEST = Region.aws('eu-west-1');
export const DEPLOY = 'arn:aws:iam::111122223333:role/deploy';

/** A cluster with what is required alone. */
export function cluster(
  stack: Construct,
  props: Partial<aws.ServingClusterProps> = {},
  id = 'UsEast',
): aws.ServingCluster {
  const region = props.region ?? EAST;
  return new aws.ServingCluster(stack, id, {
    region,
    kubernetesVersion: '1.34',
    network: aws.ClusterNetwork.create({ zones: ['a', 'b', 'c'].map((letter) => `${region.name}${letter}`) }),
    access: [aws.ClusterAccess.administrator(DEPLOY)],
    ...props,
  });
}
