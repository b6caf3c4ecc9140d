import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import { cluster } from '../aws/clusters';
import { synthesized } from '../terraform/synth';

synthesized((app) => {
  const stack = new TerraformStack(app, 'stack');
  new AwsProvider(stack, 'aws', { region: 'us-east-1' });
  cluster(stack);
});
