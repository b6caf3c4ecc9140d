import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import type { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { Construct } from 'constructs';
import { digest } from '../internal/digest';
import type { Region } from '../placement/region';
import { makeKmsKey } from './kms';
import type { ClusterAccessModel, Network } from './models';
import { flowLogGroupName } from './network';
import { partitionOf } from './partition';
import { type PolicyStatement, policy } from './policy-document';
import { accountId, serviceRole } from './roles';
import { tagsOf } from './stack';
import { tf } from './terraform';
import { isToken } from './tokens';

/** What all parts of a cluster share. */
export interface ClusterContext {
  readonly name: string;
  readonly region: Region;
  readonly kubernetesVersion: string;
  readonly tags: { readonly [key: string]: string };
  readonly logRetentionDays: number;
}

/** The same, once it is there. */
export interface MadeCluster extends ClusterContext {
  /** Its name, of which Terraform knows when it is there. */
  readonly clusterName: string;
  readonly securityGroupId: string;
}

const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

function controlPlaneLogGroupName(clusterName: string): string {
  return `/aws/eks/${clusterName}/cluster`;
}

/**
 * By which Secrets and logs of the cluster are encrypted: CloudWatch may use it for its groups.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function makeKey(scope: Construct, { name, region, tags }: ClusterContext): KmsKey {
  const { name: partition, dnsSuffix } = partitionOf(region);
  const groups = [controlPlaneLogGroupName(name), flowLogGroupName(name)];
  const logs: PolicyStatement = {
    Sid: 'Logs',
    Effect: 'Allow',
    Principal: { Service: `logs.${region.name}.${dnsSuffix}` },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: {
      ArnEquals: {
        'kms:EncryptionContext:aws:logs:arn': groups.map(
          (group) => `arn:${partition}:logs:${region.name}:${accountId(scope)}:log-group:${group}`,
        ),
      },
    },
  };
  const description = `Secrets and logs of the cluster ${name}`;
  const key = makeKmsKey(scope, { region, name, description, tags, statements: [logs] });
  new tf.KmsAlias(scope, 'key-alias', { region: region.name, name: `alias/eks/${name}`, targetKeyId: key.keyId });
  return key;
}

export interface ControlPlaneOptions {
  readonly key: KmsKey;
  readonly network: Network;
  readonly publicCidrs: readonly string[];
  readonly deletionProtection: boolean;
}

/** The cluster itself, and what it needs before it. */
export function makeControlPlane(scope: Construct, context: ClusterContext, options: ControlPlaneOptions): EksCluster {
  const { name, region, kubernetesVersion, tags, logRetentionDays } = context;
  const { key, network, publicCidrs, deletionProtection } = options;
  // EKS would make the group itself, unencrypted and for ever.
  const logs = new tf.CloudwatchLogGroup(scope, 'log-group', {
    region: region.name,
    name: controlPlaneLogGroupName(name),
    retentionInDays: logRetentionDays,
    kmsKeyId: key.arn,
    tags: tagsOf(tags),
  });
  const { role, policies } = serviceRole(scope, 'role', 'eks.amazonaws.com', {
    name: `EKSClusterRole-${name}`,
    description: `Control plane of the cluster ${name}`,
    region,
    tags,
    managed: ['AmazonEKSClusterPolicy'],
    documents: {
      Secrets: policy({
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'],
        Resource: key.arn,
      }),
    },
  });
  return new tf.EksCluster(scope, 'cluster', {
    region: region.name,
    name,
    version: kubernetesVersion,
    roleArn: role.arn,
    // With our own settings, as managed add-ons.
    bootstrapSelfManagedAddons: false,
    deletionProtection,
    enabledClusterLogTypes: LOG_TYPES,
    accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
    encryptionConfig: { resources: ['secrets'], provider: { keyArn: key.arn } },
    vpcConfig: {
      subnetIds: network.nodeSubnetIds,
      endpointPrivateAccess: true,
      endpointPublicAccess: publicCidrs.length > 0,
      ...(publicCidrs.length > 0 && { publicAccessCidrs: [...publicCidrs] }),
    },
    tags: tagsOf(tags),
    // Its role must outlive it: without permissions EKS cannot take its network interfaces away.
    dependsOn: [logs, ...policies],
  });
}

/** Who may use the API. */
export function makeAccess(
  scope: Construct,
  { region, tags, clusterName }: MadeCluster,
  entries: readonly ClusterAccessModel[],
): void {
  const { name: partition } = partitionOf(region);
  entries.forEach(({ principalArn, policyName, namespaces }, index) => {
    // Their order is not to matter; that of tokens is all that is known of them.
    const id = `access-${isToken(principalArn) ? index : digest(principalArn, 8)}`;
    const entry = new tf.EksAccessEntry(scope, id, {
      region: region.name,
      clusterName,
      principalArn,
      tags: tagsOf(tags),
    });
    new tf.EksAccessPolicyAssociation(scope, `${id}-policy`, {
      region: region.name,
      clusterName,
      principalArn: entry.principalArn,
      policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${policyName}`,
      accessScope: namespaces.length === 0 ? { type: 'cluster' } : { type: 'namespace', namespaces },
    });
  });
}
