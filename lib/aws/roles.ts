import type { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { type Construct, type IConstruct, Node } from 'constructs';
import type { Region } from '../placement/region';
import { managedPolicyArn } from './partition';
import { assumedBy, assumedByPods, type PolicyDocument } from './policy-document';
import { tagsOf } from './stack';
import { cdktf, tf } from './terraform';

/** A role, which belongs to no region: the name of the cluster in its own keeps those of two clusters apart. */
export interface RoleOptions {
  readonly name: string;
  readonly description: string;
  readonly region: Region;
  readonly tags: { readonly [key: string]: string };
  /** Names of policies that AWS keeps. */
  readonly managed?: readonly string[];
  /** Policies of ours. */
  readonly documents?: { readonly [name: string]: PolicyDocument };
}

/** A role, and what it may do: what uses it must come after, and go before. */
export interface MadeRole {
  readonly role: IamRole;
  readonly policies: IamRolePolicyAttachment[];
}

/** A role that a service of AWS takes. */
export function serviceRole(scope: Construct, id: string, service: string, options: RoleOptions): MadeRole {
  return makeRole(scope, id, assumedBy(service), options);
}

/** The service account that takes a role. */
export interface PodIdentity {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** A role that pods of a service account take, and the association that gives it to them. */
export function podRole(scope: Construct, id: string, pods: PodIdentity, options: RoleOptions): MadeRole {
  const made = makeRole(scope, id, assumedByPods(), options);
  new tf.EksPodIdentityAssociation(scope, `${id}-pods`, {
    region: options.region.name,
    clusterName: pods.clusterName,
    namespace: pods.namespace,
    serviceAccount: pods.serviceAccount,
    roleArn: made.role.arn,
    tags: tagsOf(options.tags),
  });
  return made;
}

/** A role that an add-on of EKS gives to its own service account. */
export function addOnRole(scope: Construct, id: string, options: RoleOptions): MadeRole {
  return makeRole(scope, id, assumedByPods(), options);
}

function makeRole(scope: Construct, id: string, assume: PolicyDocument, options: RoleOptions): MadeRole {
  const { name, description, region, managed = [], documents = {} } = options;
  const tags = tagsOf(options.tags);
  const role = new tf.IamRole(scope, id, { name, description, assumeRolePolicy: JSON.stringify(assume), tags });
  const attach = (policyId: string, policyArn: string): IamRolePolicyAttachment =>
    new tf.IamRolePolicyAttachment(scope, `${id}-${policyId}`, { role: role.name, policyArn });
  const ours = Object.entries(documents).map(([policyName, document]) => {
    const made = new tf.IamPolicy(scope, `${id}-${policyName}-policy`, {
      name: `${name}-${policyName}`,
      policy: JSON.stringify(document),
      tags,
    });
    return attach(policyName, made.arn);
  });
  const theirs = managed.map((policyName) =>
    attach(policyName.replace(/^.*\//, ''), managedPolicyArn(region, policyName)),
  );
  return { role, policies: [...theirs, ...ours] };
}

const ACCOUNT = 'cdk8s-bento-account';

/** The id of the account, which Terraform asks for once a stack. */
export function accountId(scope: Construct): string {
  const stack: IConstruct = cdktf().TerraformStack.of(scope);
  const known = Node.of(stack).tryFindChild(ACCOUNT) as { accountId: string } | undefined;
  return (known ?? new tf.DataAwsCallerIdentity(stack as Construct, ACCOUNT, {})).accountId;
}
