import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errors } from '../internal/errors';

/**
 * cdktf and its AWS provider are optional: nothing loads them before a construct of `aws` is made, and then each resource
 * alone, for the provider's own index takes seconds and half a gigabyte. This is the only file that knows where they are.
 */
const CDKTF = { name: 'cdktf', version: '0.21.0' };
const PROVIDER = { name: '@cdktf/provider-aws', version: '21.22.1' };

const REMEDY =
  `npm install --save-exact ${CDKTF.name}@${CDKTF.version} ${PROVIDER.name}@${PROVIDER.version}, ` +
  'or in other languages install and import the packages of these versions that are published for them';

/** Versions that the library is tested with; a test compares them with what is installed here. */
export const TESTED = { cdktf: CDKTF.version, provider: PROVIDER.version } as const;

/**
 * The library's own folder goes first, where npm and jsii's runtime put all packages of a program; then those of the
 * program, for with pnpm a package sees only what it declares.
 */
function folders(): string[] {
  const program = process.argv[1];
  return [__dirname, ...(program === undefined ? [] : [dirname(program)]), process.cwd()];
}

/** The module of a package, from the first of these folders that leads to it. */
export function loadFrom(paths: readonly string[], { name, version }: typeof CDKTF, path = ''): unknown {
  let manifest: string;
  try {
    manifest = require.resolve(`${name}/package.json`, { paths: [...paths] });
  } catch {
    throw errors.missingPackage(name, version, 'none', REMEDY);
  }
  const { version: got } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  if (!isTested(got, version)) throw errors.missingPackage(name, version, got, REMEDY);
  return require(join(dirname(manifest), path));
}

/** As a caret has it: the same major version, below 1 the same minor one, and no older. */
function isTested(got: string, tested: string): boolean {
  const [major, minor] = numbers(tested);
  const [gotMajor, gotMinor] = numbers(got);
  if (gotMajor !== major || (major === 0 && gotMinor !== minor)) return false;
  return got === tested || got.localeCompare(tested, 'en', { numeric: true }) > 0;
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}

const loaded = new Map<string, unknown>();

function load<Module>(tool: typeof CDKTF, path = ''): Module {
  const key = join(tool.name, path);
  if (!loaded.has(key)) loaded.set(key, loadFrom(folders(), tool, path));
  return loaded.get(key) as Module;
}

function provider<Module>(path: string): Module {
  return load<Module>(PROVIDER, `lib/${path}`);
}

/** cdktf itself. */
export const cdktf = (): typeof import('cdktf') => load(CDKTF);

/** The resources and data sources that constructs here are made of, each loaded when it is first asked for. */
export const tf = {
  get AcmCertificate() {
    return provider<typeof import('@cdktf/provider-aws/lib/acm-certificate')>('acm-certificate').AcmCertificate;
  },
  get AcmCertificateValidation() {
    return provider<typeof import('@cdktf/provider-aws/lib/acm-certificate-validation')>('acm-certificate-validation')
      .AcmCertificateValidation;
  },
  get CloudwatchEventRule() {
    return provider<typeof import('@cdktf/provider-aws/lib/cloudwatch-event-rule')>('cloudwatch-event-rule')
      .CloudwatchEventRule;
  },
  get CloudwatchEventTarget() {
    return provider<typeof import('@cdktf/provider-aws/lib/cloudwatch-event-target')>('cloudwatch-event-target')
      .CloudwatchEventTarget;
  },
  get CloudwatchLogGroup() {
    return provider<typeof import('@cdktf/provider-aws/lib/cloudwatch-log-group')>('cloudwatch-log-group')
      .CloudwatchLogGroup;
  },
  get DataAwsCallerIdentity() {
    return provider<typeof import('@cdktf/provider-aws/lib/data-aws-caller-identity')>('data-aws-caller-identity')
      .DataAwsCallerIdentity;
  },
  get DataAwsEksCluster() {
    return provider<typeof import('@cdktf/provider-aws/lib/data-aws-eks-cluster')>('data-aws-eks-cluster')
      .DataAwsEksCluster;
  },
  get DataAwsRoute53Zone() {
    return provider<typeof import('@cdktf/provider-aws/lib/data-aws-route53-zone')>('data-aws-route53-zone')
      .DataAwsRoute53Zone;
  },
  get DataAwsSubnets() {
    return provider<typeof import('@cdktf/provider-aws/lib/data-aws-subnets')>('data-aws-subnets').DataAwsSubnets;
  },
  get DataAwsVpc() {
    return provider<typeof import('@cdktf/provider-aws/lib/data-aws-vpc')>('data-aws-vpc').DataAwsVpc;
  },
  get DefaultSecurityGroup() {
    return provider<typeof import('@cdktf/provider-aws/lib/default-security-group')>('default-security-group')
      .DefaultSecurityGroup;
  },
  get Ec2Tag() {
    return provider<typeof import('@cdktf/provider-aws/lib/ec2-tag')>('ec2-tag').Ec2Tag;
  },
  get EcrLifecyclePolicy() {
    return provider<typeof import('@cdktf/provider-aws/lib/ecr-lifecycle-policy')>('ecr-lifecycle-policy')
      .EcrLifecyclePolicy;
  },
  get EcrRepository() {
    return provider<typeof import('@cdktf/provider-aws/lib/ecr-repository')>('ecr-repository').EcrRepository;
  },
  get Eip() {
    return provider<typeof import('@cdktf/provider-aws/lib/eip')>('eip').Eip;
  },
  get EksAccessEntry() {
    return provider<typeof import('@cdktf/provider-aws/lib/eks-access-entry')>('eks-access-entry').EksAccessEntry;
  },
  get EksAccessPolicyAssociation() {
    return provider<typeof import('@cdktf/provider-aws/lib/eks-access-policy-association')>(
      'eks-access-policy-association',
    ).EksAccessPolicyAssociation;
  },
  get EksAddon() {
    return provider<typeof import('@cdktf/provider-aws/lib/eks-addon')>('eks-addon').EksAddon;
  },
  get EksCluster() {
    return provider<typeof import('@cdktf/provider-aws/lib/eks-cluster')>('eks-cluster').EksCluster;
  },
  get EksNodeGroup() {
    return provider<typeof import('@cdktf/provider-aws/lib/eks-node-group')>('eks-node-group').EksNodeGroup;
  },
  get EksPodIdentityAssociation() {
    return provider<typeof import('@cdktf/provider-aws/lib/eks-pod-identity-association')>(
      'eks-pod-identity-association',
    ).EksPodIdentityAssociation;
  },
  get FlowLog() {
    return provider<typeof import('@cdktf/provider-aws/lib/flow-log')>('flow-log').FlowLog;
  },
  get GlobalacceleratorAccelerator() {
    return provider<typeof import('@cdktf/provider-aws/lib/globalaccelerator-accelerator')>(
      'globalaccelerator-accelerator',
    ).GlobalacceleratorAccelerator;
  },
  get GlobalacceleratorEndpointGroup() {
    return provider<typeof import('@cdktf/provider-aws/lib/globalaccelerator-endpoint-group')>(
      'globalaccelerator-endpoint-group',
    ).GlobalacceleratorEndpointGroup;
  },
  get GlobalacceleratorListener() {
    return provider<typeof import('@cdktf/provider-aws/lib/globalaccelerator-listener')>('globalaccelerator-listener')
      .GlobalacceleratorListener;
  },
  get IamPolicy() {
    return provider<typeof import('@cdktf/provider-aws/lib/iam-policy')>('iam-policy').IamPolicy;
  },
  get IamRole() {
    return provider<typeof import('@cdktf/provider-aws/lib/iam-role')>('iam-role').IamRole;
  },
  get IamRolePolicy() {
    return provider<typeof import('@cdktf/provider-aws/lib/iam-role-policy')>('iam-role-policy').IamRolePolicy;
  },
  get IamRolePolicyAttachment() {
    return provider<typeof import('@cdktf/provider-aws/lib/iam-role-policy-attachment')>('iam-role-policy-attachment')
      .IamRolePolicyAttachment;
  },
  get InternetGateway() {
    return provider<typeof import('@cdktf/provider-aws/lib/internet-gateway')>('internet-gateway').InternetGateway;
  },
  get KmsAlias() {
    return provider<typeof import('@cdktf/provider-aws/lib/kms-alias')>('kms-alias').KmsAlias;
  },
  get KmsKey() {
    return provider<typeof import('@cdktf/provider-aws/lib/kms-key')>('kms-key').KmsKey;
  },
  get LaunchTemplate() {
    return provider<typeof import('@cdktf/provider-aws/lib/launch-template')>('launch-template').LaunchTemplate;
  },
  get Lb() {
    return provider<typeof import('@cdktf/provider-aws/lib/lb')>('lb').Lb;
  },
  get LbListener() {
    return provider<typeof import('@cdktf/provider-aws/lib/lb-listener')>('lb-listener').LbListener;
  },
  get LbTargetGroup() {
    return provider<typeof import('@cdktf/provider-aws/lib/lb-target-group')>('lb-target-group').LbTargetGroup;
  },
  get NatGateway() {
    return provider<typeof import('@cdktf/provider-aws/lib/nat-gateway')>('nat-gateway').NatGateway;
  },
  get Route53HealthCheck() {
    return provider<typeof import('@cdktf/provider-aws/lib/route53-health-check')>('route53-health-check')
      .Route53HealthCheck;
  },
  get Route53Record() {
    return provider<typeof import('@cdktf/provider-aws/lib/route53-record')>('route53-record').Route53Record;
  },
  get RouteTable() {
    return provider<typeof import('@cdktf/provider-aws/lib/route-table')>('route-table').RouteTable;
  },
  get RouteTableAssociation() {
    return provider<typeof import('@cdktf/provider-aws/lib/route-table-association')>('route-table-association')
      .RouteTableAssociation;
  },
  get S3Bucket() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket')>('s3-bucket').S3Bucket;
  },
  get S3BucketLifecycleConfiguration() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration')>(
      's3-bucket-lifecycle-configuration',
    ).S3BucketLifecycleConfiguration;
  },
  get S3BucketLogging() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket-logging')>('s3-bucket-logging').S3BucketLoggingA;
  },
  get S3BucketPolicy() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket-policy')>('s3-bucket-policy').S3BucketPolicy;
  },
  get S3BucketPublicAccessBlock() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket-public-access-block')>(
      's3-bucket-public-access-block',
    ).S3BucketPublicAccessBlock;
  },
  get S3BucketServerSideEncryptionConfiguration() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration')>(
      's3-bucket-server-side-encryption-configuration',
    ).S3BucketServerSideEncryptionConfigurationA;
  },
  get S3BucketVersioning() {
    return provider<typeof import('@cdktf/provider-aws/lib/s3-bucket-versioning')>('s3-bucket-versioning')
      .S3BucketVersioningA;
  },
  get SecurityGroup() {
    return provider<typeof import('@cdktf/provider-aws/lib/security-group')>('security-group').SecurityGroup;
  },
  get SqsQueue() {
    return provider<typeof import('@cdktf/provider-aws/lib/sqs-queue')>('sqs-queue').SqsQueue;
  },
  get SqsQueuePolicy() {
    return provider<typeof import('@cdktf/provider-aws/lib/sqs-queue-policy')>('sqs-queue-policy').SqsQueuePolicy;
  },
  get Subnet() {
    return provider<typeof import('@cdktf/provider-aws/lib/subnet')>('subnet').Subnet;
  },
  get Vpc() {
    return provider<typeof import('@cdktf/provider-aws/lib/vpc')>('vpc').Vpc;
  },
  get VpcEndpoint() {
    return provider<typeof import('@cdktf/provider-aws/lib/vpc-endpoint')>('vpc-endpoint').VpcEndpoint;
  },
  get VpcSecurityGroupEgressRule() {
    return provider<typeof import('@cdktf/provider-aws/lib/vpc-security-group-egress-rule')>(
      'vpc-security-group-egress-rule',
    ).VpcSecurityGroupEgressRule;
  },
  get VpcSecurityGroupIngressRule() {
    return provider<typeof import('@cdktf/provider-aws/lib/vpc-security-group-ingress-rule')>(
      'vpc-security-group-ingress-rule',
    ).VpcSecurityGroupIngressRule;
  },
};
