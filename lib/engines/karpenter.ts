import type { KarpenterPoolModel } from '../component/karpenter-pool';
import type { RungModel } from '../component/karpenter-rungs';
import type { NodeRequirementModel } from '../placement/affinity';
import type { NodeDisruptionBudgetModel } from '../placement/consolidation';
import type { NodeDiskModel } from '../placement/node-disk';
import { unlessEmpty } from './unless-empty';

/** What depends on the pods that name the pool. */
export interface PoolTimes {
  /** How long a node must have been without need. */
  readonly consolidateSeconds: number;
  /** How long pods of a node that ends have at the most. */
  readonly terminationGraceSeconds: number;
}

/** @see https://karpenter.sh/docs/concepts/nodepools/ */
export interface NodePoolSpec {
  readonly disruption: {
    readonly budgets: readonly BudgetSpec[];
    readonly consolidateAfter: string;
    readonly consolidationPolicy?: string;
  };
  readonly limits: { readonly [resource: string]: string };
  readonly template: {
    readonly metadata: { readonly labels: { readonly [key: string]: string } };
    readonly spec: {
      readonly expireAfter: string;
      readonly nodeClassRef: { readonly group: string; readonly kind: string; readonly name: string };
      readonly requirements: readonly NodeRequirementModel[];
      readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
      readonly terminationGracePeriod: string;
    };
  };
  readonly weight: number;
}

interface BudgetSpec {
  readonly nodes: string;
  readonly reasons?: readonly string[];
  readonly schedule?: string;
  readonly duration?: string;
}

/** A rung of the ladder. */
export function nodePoolSpec(model: KarpenterPoolModel, rung: RungModel, times: PoolTimes): NodePoolSpec {
  const { consolidation } = model;
  return {
    disruption: {
      budgets: model.budgets.map(budget),
      consolidateAfter: consolidation.policy === 'never' ? 'Never' : goDuration(times.consolidateSeconds),
      ...(consolidation.policy !== 'never' && { consolidationPolicy: consolidation.policy }),
    },
    limits: rung.limits,
    template: {
      metadata: { labels: model.nodeLabels },
      spec: {
        expireAfter: goDuration(model.expireSeconds),
        nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: rung.nodeClassName },
        requirements: rung.requirements,
        ...(model.taints.length > 0 && { taints: model.taints }),
        terminationGracePeriod: goDuration(times.terminationGraceSeconds),
      },
    },
    weight: rung.weight,
  };
}

/** @see https://karpenter.sh/docs/concepts/nodeclasses/ */
export interface NodeClassSpec {
  readonly amiSelectorTerms: readonly { readonly alias: string }[];
  readonly blockDeviceMappings?: readonly {
    readonly deviceName: string;
    readonly ebs: { readonly [field: string]: string | number | boolean };
  }[];
  readonly capacityReservationSelectorTerms?: readonly unknown[];
  readonly instanceStorePolicy?: 'RAID0';
  readonly metadataOptions: { readonly [field: string]: string | number };
  readonly role: string;
  readonly securityGroupSelectorTerms: readonly { readonly tags: { readonly [key: string]: string } }[];
  readonly subnetSelectorTerms: readonly { readonly tags: { readonly [key: string]: string } }[];
  readonly tags?: { readonly [key: string]: string };
}

/** What machines of a rung are, whichever instance type they have. */
export function nodeClassSpec(model: KarpenterPoolModel, { reservation }: RungModel): NodeClassSpec {
  const { karpenter, disk } = model;
  const discovery = [{ tags: Object.fromEntries(karpenter.discoveryTags) }];
  return {
    amiSelectorTerms: [{ alias: model.image }],
    ...(disk.kind === 'ebs' && { blockDeviceMappings: volumes(disk, model.bottlerocket) }),
    ...(reservation !== undefined && { capacityReservationSelectorTerms: [reservation] }),
    ...(disk.kind === 'instance-store' && { instanceStorePolicy: 'RAID0' as const }),
    // Pods of a node must not become what the node is.
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpProtocolIPv6: 'disabled',
      httpPutResponseHopLimit: 1,
      httpTokens: 'required',
    },
    role: karpenter.nodeRoleName,
    securityGroupSelectorTerms: discovery,
    subnetSelectorTerms: discovery,
    tags: unlessEmpty({ ...model.tags }),
  };
}

/** Bottlerocket has its own on the first volume, and images on the second. */
function volumes(
  disk: Extract<NodeDiskModel, { kind: 'ebs' }>,
  bottlerocket: boolean,
): NonNullable<NodeClassSpec['blockDeviceMappings']> {
  const encryption = { encrypted: true, ...(disk.kmsKeyId !== undefined && { kmsKeyID: disk.kmsKeyId }) };
  const ebs = {
    deleteOnTermination: true,
    ...encryption,
    iops: disk.iops,
    throughput: disk.throughputMibps,
    volumeSize: `${disk.gibibytes}Gi`,
    volumeType: 'gp3',
  };
  if (!bottlerocket) return [{ deviceName: '/dev/xvda', ebs }];
  const own = { deleteOnTermination: true, ...encryption, volumeSize: '4Gi', volumeType: 'gp3' };
  return [
    { deviceName: '/dev/xvda', ebs: own },
    { deviceName: '/dev/xvdb', ebs },
  ];
}

function budget({ nodes, reasons, schedule, minutes }: NodeDisruptionBudgetModel): BudgetSpec {
  return {
    nodes,
    ...(reasons !== undefined && { reasons }),
    ...(schedule !== undefined && { schedule, duration: goDuration(minutes! * 60) }),
  };
}

/** Seconds as Go writes them, without what is zero: `1h30m`. */
function goDuration(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ];
  const text = parts.flatMap(([count, unit]) => (count === 0 ? [] : [`${count}${unit}`])).join('');
  return text === '' ? '0s' : text;
}
