// Terraform from nothing to a cluster that manifests fit: the network, EKS with what Karpenter and the AWS Load Balancer
// Controller need, GPUs that are reserved, weights and images. The chart is of the same objects: names, labels, taints
// and addresses are said once.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, Chart } from 'cdk8s';
import { App as TerraformApp, TerraformStack } from 'cdktf';
import {
  aws,
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  EnvVar,
  Exposure,
  Gpu,
  InstanceSize,
  Region,
  Runner,
  Scaling,
  ServiceAccountRef,
} from '../lib';

const region = Region.aws('us-east-1');
const accountId = '111122223333';
const out = process.env.CDK8S_OUTDIR ?? 'out/eks';
mkdirSync(out, { recursive: true });

// Terraform: one stack for what lives as long as the cluster.
const terraform = new TerraformApp({ outdir: join(out, 'terraform') });
const stack = new TerraformStack(terraform, 'prod');
aws.StateBackend.s3(stack, { bucket: 'example-terraform-state', key: 'prod.tfstate', region });
new AwsProvider(stack, 'aws', { region: region.name, allowedAccountIds: [accountId] });

const cluster = new aws.ServingCluster(stack, 'Prod', {
  region,
  kubernetesVersion: '1.34',
  network: aws.ClusterNetwork.create({ zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'] }),
  access: [aws.ClusterAccess.administrator(`arn:aws:iam::${accountId}:role/deploy`)],
  profile: { prometheus: { operatorLabels: { release: 'kube-prometheus-stack' } } },
});

const l4 = new aws.GpuNodeGroup(stack, 'L4', {
  cluster,
  gpu: Gpu.NVIDIA_L4,
  instanceTypes: ['g6.2xlarge'],
  capacity: aws.NodeCapacity.reservation('cr-0123456789abcdef0'),
  minNodes: 2,
  maxNodes: 4,
});

const images = new aws.ImageRepository(stack, 'Images', { region, accountId, name: 'bentos/rag' });
const weights = new aws.ModelBucket(stack, 'Weights', {
  name: 'example-rag-weights',
  region,
  accessLogBucket: 'example-access-logs',
});
weights.grantRead(cluster, 'ml', 'rag');

// Kubernetes: what runs in it, applied when the cluster is there.
const app = new App();
const chart = new Chart(app, cluster.name, { namespace: 'ml' });
ClusterProfile.set(chart, cluster.profile);

const services = [
  BentoService.named('Gateway', { dependsOn: ['Embedder'], size: InstanceSize.named('cpu.2') }),
  BentoService.named('Embedder', { size: InstanceSize.named('gpu.l4.1') }),
];
const rag = new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage(images.image('3auspqat6smdonry'), { services }),
  env: [EnvVar.value('WEIGHTS', weights.url('embedder/v3'))],
  serviceAccount: ServiceAccountRef.created({ name: 'rag' }),
  runners: { Embedder: Runner.pool({ nodePool: l4, scaling: Scaling.replicas(2) }) },
  exposure: Exposure.applicationLoadBalancer({ hosts: ['rag.internal.example.com'] }),
});

terraform.synth();
app.synth();

console.error('Before the manifests are applied:');
for (const requirement of [...cluster.requirements, ...rag.requirements]) console.error(`- ${requirement.toString()}`);
