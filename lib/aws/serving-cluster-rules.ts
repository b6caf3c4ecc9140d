import { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ClusterProfile } from '../cluster/cluster-profile';
import type { KarpenterModel } from '../cluster/karpenter';
import { Requirement } from '../component/requirement';
import { requireDnsLabel, requireInteger, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireTags } from '../internal/tags';
import { requireAddOnVersions } from './add-ons';
import type { ClusterAccess } from './cluster-access';
import { CONTROLLER_PODS } from './load-balancer-controller';
import type { ServingClusterProps } from './serving-cluster-props';

/** A role of IAM has 64 characters, of which the longest beginning takes 24. */
const MAX_NAME = 40;

export const DEFAULT_LOG_RETENTION_DAYS = 365;

/** As CloudWatch has them, of API_PutRetentionPolicy. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** What CoreDNS of EKS says of its answers. */
const EKS_DNS_TTL = Duration.seconds(5);

/** What a cluster says of itself. */
const OWN = ['name', 'region', 'kubernetesVersion', 'karpenter', 'loadBalancerCidrs'] as const;

export function requireProps(name: string, props: ServingClusterProps): void {
  const { access, profile = {}, logRetentionDays = DEFAULT_LOG_RETENTION_DAYS, addOnVersions = {}, tags } = props;
  requireDnsLabel('name', name);
  if (name.length > MAX_NAME) {
    throw errors.invalidName('name', `at most ${MAX_NAME} characters, for roles are called after it`, name);
  }
  requireInteger('logRetentionDays', logRetentionDays, 1);
  if (!LOG_RETENTION_DAYS.includes(logRetentionDays)) {
    throw errors.outOfRange('logRetentionDays', `one of ${LOG_RETENTION_DAYS.join(', ')}`, logRetentionDays);
  }
  requireAddOnVersions(addOnVersions);
  requireAccess(access);
  const stated = OWN.find((own) => profile[own] !== undefined);
  if (stated !== undefined) {
    throw errors.conflictingOptions(
      `profile.${stated}`,
      'the cluster that it is of',
      `state '${stated}' of the cluster`,
    );
  }
  requireTags('tags', tags);
}

function requireAccess(access: readonly ClusterAccess[]): void {
  const models = access.map(({ _model }) => _model);
  requireUnique(
    'access',
    models.map(({ principalArn }) => principalArn),
  );
  if (!models.some(({ policyName }) => policyName === 'AmazonEKSClusterAdminPolicy')) {
    throw errors.missingOption(
      'access',
      'with an administrator',
      'add ClusterAccess.administrator(): nobody else could let anyone in',
    );
  }
}

const names = new WeakMap<IConstruct, Map<string, string>>();

/** Of the clusters of one stack, which is of one account. */
export function requireOwnName(stack: IConstruct, name: string, path: string): void {
  const taken = names.get(stack) ?? new Map<string, string>();
  names.set(stack, taken);
  const other = taken.get(name);
  if (other !== undefined) throw errors.nameTakenInAccount(name, other, path);
  taken.set(name, path);
}

export function profileOf(
  name: string,
  { region, kubernetesVersion, karpenter, profile, network }: ServingClusterProps,
): ClusterProfile {
  return new ClusterProfile({
    dnsTtl: EKS_DNS_TTL,
    ...profile,
    name,
    region,
    kubernetesVersion,
    karpenter: karpenter ?? {},
    loadBalancerCidrs: network._loadBalancerCidrs,
  });
}

/** A tag has one value: where any will do, it is that of Karpenter's guide. */
export function tagsToSet({ discoveryTags }: KarpenterModel, name: string): { [key: string]: string } {
  return Object.fromEntries(discoveryTags.map(([key, value]) => [key, value === '*' ? name : value]));
}

export function requirementsOf(name: string, { version }: KarpenterModel, tainted: boolean): Requirement[] {
  const toleration = tainted ? ', and tolerations of CriticalAddonsOnly' : '';
  return [
    Requirement._of(
      'Karpenter',
      `nodes of pools: its Helm chart in kube-system with settings.clusterName=${name} and settings.interruptionQueue=${name}`,
      version.text,
    ),
    Requirement._of(
      'AWS Load Balancer Controller',
      `load balancers and their targets: its Helm chart in ${CONTROLLER_PODS.namespace} with clusterName=${name}, ` +
        `and with region and vpcId, which pods cannot ask of their node${toleration}`,
      '2.11',
    ),
    Requirement._of(
      'a device plugin of NVIDIA',
      'GPUs of nodes of Amazon Linux 2023; Bottlerocket has one, and nodes without NVIDIA GPUs need none',
    ),
  ];
}
