import { App, Chart } from 'cdk8s';
import { aws, Region } from '../../lib';

new aws.ServingCluster(new Chart(new App(), 'chart'), 'Prod', {
  region: Region.aws('us-east-1'),
  kubernetesVersion: '1.34',
  network: aws.ClusterNetwork.create({ zones: ['us-east-1a', 'us-east-1b'] }),
  access: [aws.ClusterAccess.administrator('arn:aws:iam::111122223333:role/deploy')],
});
