import type { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
import type { Construct } from 'constructs';
import { errors } from '../internal/errors';
import type { MadeCluster } from './control-plane';
import type { Dependable } from './models';
import { addOnRole } from './roles';
import { tagsOf } from './stack';
import { CRITICAL_ADDONS_ONLY } from './system-nodes';
import { tf } from './terraform';

/** An add-on that EKS installs and updates. */
interface AddOn {
  readonly name: string;
  /** The settings of its own schema. */
  readonly configuration?: object;
  /** The service account that takes a role, with the policy that AWS keeps for it. */
  readonly identity?: { readonly serviceAccount: string; readonly policyName: string };
}

/** Without these no node is ready. */
const BEFORE_NODES: AddOn[] = [
  { name: 'eks-pod-identity-agent' },
  { name: 'kube-proxy' },
  {
    name: 'vpc-cni',
    // Without it network policies are objects that nobody reads.
    configuration: { enableNetworkPolicy: 'true' },
    identity: { serviceAccount: 'aws-node', policyName: 'AmazonEKS_CNI_Policy' },
  },
];

/** These run on nodes. */
function onNodes(tainted: boolean): AddOn[] {
  const tolerations = [{ key: CRITICAL_ADDONS_ONLY, operator: 'Exists' }];
  return [
    { name: 'coredns' },
    {
      name: 'aws-ebs-csi-driver',
      identity: {
        serviceAccount: 'ebs-csi-controller-sa',
        policyName: 'service-role/AmazonEBSCSIDriverPolicy',
      },
    },
    // It alone does not tolerate the taint by itself.
    { name: 'metrics-server', ...(tainted && { configuration: { tolerations } }) },
  ];
}

/** Whose versions can be stated. */
const NAMES = [...BEFORE_NODES, ...onNodes(false)].map(({ name }) => name);

export function requireAddOnVersions(versions: { readonly [addOn: string]: string }): void {
  for (const [name, version] of Object.entries(versions)) {
    if (!NAMES.includes(name)) throw errors.notAMember('addOnVersions', name, NAMES);
    if (!/^v[0-9]+\.[0-9]+\.[0-9]+-eksbuild\.[0-9]+$/.test(version)) {
      throw errors.invalidText(`addOnVersions.${name}`, 'a version of EKS, as v1.20.4-eksbuild.1', version);
    }
  }
}

export interface AddOnContext extends MadeCluster {
  readonly versions: { readonly [addOn: string]: string };
}

export function makeAddOnsBeforeNodes(scope: Construct, context: AddOnContext): EksAddon[] {
  return BEFORE_NODES.map((addOn) => makeAddOn(scope, addOn, context, []));
}

export function makeAddOnsOnNodes(
  scope: Construct,
  context: AddOnContext,
  { nodes, tainted }: { readonly nodes: Dependable; readonly tainted: boolean },
): EksAddon[] {
  return onNodes(tainted).map((addOn) => makeAddOn(scope, addOn, context, [nodes]));
}

function makeAddOn(
  scope: Construct,
  { name, configuration, identity }: AddOn,
  { name: cluster, clusterName, region, tags, versions }: AddOnContext,
  dependsOn: Dependable[],
): EksAddon {
  const role =
    identity &&
    addOnRole(scope, `${name}-role`, {
      name: `${name}-${cluster}`,
      description: `The add-on ${name} of the cluster ${cluster}`,
      region,
      tags,
      managed: [identity.policyName],
    });
  return new tf.EksAddon(scope, name, {
    region: region.name,
    clusterName,
    addonName: name,
    resolveConflictsOnCreate: 'OVERWRITE',
    resolveConflictsOnUpdate: 'PRESERVE',
    ...(versions[name] !== undefined && { addonVersion: versions[name] }),
    ...(configuration !== undefined && { configurationValues: JSON.stringify(configuration) }),
    ...(role !== undefined && {
      podIdentityAssociation: [{ roleArn: role.role.arn, serviceAccount: identity!.serviceAccount }],
    }),
    tags: tagsOf(tags),
    dependsOn: [...dependsOn, ...(role?.policies ?? [])],
  });
}
