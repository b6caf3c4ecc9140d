// Terraform from nothing to clusters that manifests fit: two regions with a cluster each, a group of reserved GPUs beside
// Karpenter, weights and images, and one name over both. The charts below are of the same objects: nothing is said twice.
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App as KubernetesApp, Chart } from 'cdk8s';
import { App as TerraformApp, TerraformStack } from 'cdktf';
import {
  aws,
  Bento,
  BentoDeployment,
  ClusterProfile,
  Gpu,
  InstanceSize,
  ModelSource,
  Region,
  Runner,
  Scaling,
} from '../lib';

const out = process.env.CDK8S_OUTDIR ?? 'out/eks';
const infrastructure = new TerraformApp({ outdir: join(out, 'terraform') });
