import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuantity } from '../../lib/internal/quantity';
import type { Body, Client, KubernetesObject } from './client';

interface InstanceType {
  readonly labels: Record<string, string>;
  readonly allocatable: Record<string, string>;
}

/** What Karpenter's reference says of instance types. */
const TYPES: Record<string, InstanceType> = JSON.parse(
  readFileSync(join(__dirname, '../fixtures/karpenter/instance-types.json'), 'utf8'),
);

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

interface Offer {
  readonly pool: KubernetesObject;
  readonly type: InstanceType;
}

/**
 * Makes nodes as Karpenter would: for a pod that nothing has room for, the NodePool of the highest weight that may have
 * another node, and of its instance types the smallest that the pod fits. The scheduler, which is real, does the rest.
 */
export class KarpenterNodes {
  private readonly made: Offer[] = [];

  constructor(
    private readonly client: Client,
    private readonly pools: KubernetesObject[],
  ) {
    this.pools.sort((a, b) => (b.spec.weight ?? 0) - (a.spec.weight ?? 0));
  }

  /** How many nodes each NodePool has. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { pool } of this.made) counts[pool.metadata.name] = (counts[pool.metadata.name] ?? 0) + 1;
    return counts;
  }

  /** The name of a node for a pod that waits, if there may be one. */
  async provideFor(pod: Body): Promise<string | undefined> {
    for (const pool of this.pools.filter((candidate) => tolerates(pod, candidate))) {
      const type = fitting(pool, pod).find((candidate) => this.isWithin(pool, candidate));
      if (type === undefined) continue;
      return this.make({ pool, type });
    }
    return undefined;
  }

  private isWithin(pool: KubernetesObject, type: InstanceType): boolean {
    const all = [...this.made.filter((offer) => offer.pool === pool), { pool, type }];
    return Object.entries(pool.spec.limits).every(([resource, limit]) => {
      const amount = ({ labels, allocatable }: InstanceType) =>
        resource === 'cpu' ? Number(labels['karpenter.k8s.aws/instance-cpu']) : quantity(allocatable[resource]);
      return all.reduce((sum, offer) => sum + amount(offer.type), 0) <= quantity(limit as string);
    });
  }

  private async make({ pool, type }: Offer): Promise<string> {
    const { items } = await this.client.get('/api/v1/nodes');
    const spare = items.find(({ metadata }: Body) => metadata.labels['karpenter.sh/nodepool'] === undefined);
    if (spare === undefined) throw new Error('no simulated node is left');
    const path = `/api/v1/nodes/${spare.metadata.name}`;
    const { metadata, spec } = pool.spec.template;
    const zone = requirement(pool, 'topology.kubernetes.io/zone')?.values[0] ?? ZONES[this.made.length % ZONES.length]!;
    const capacityType = requirement(pool, 'karpenter.sh/capacity-type').values[0];
    const gone = Object.fromEntries(Object.keys(spare.status.capacity).map((key) => [key, null]));
    const resources = { ...gone, ...type.allocatable };
    await this.client.merge(`${path}/status`, { status: { capacity: resources, allocatable: resources } });
    await this.client.merge(path, {
      metadata: {
        labels: {
          ...type.labels,
          ...metadata.labels,
          'karpenter.sh/nodepool': pool.metadata.name,
          'karpenter.sh/capacity-type': capacityType,
          'topology.kubernetes.io/zone': zone,
          'topology.kubernetes.io/region': 'us-east-1',
        },
      },
      spec: { taints: spec.taints ?? [] },
    });
    this.made.push({ pool, type });
    return spare.metadata.name;
  }
}

function requirement(pool: KubernetesObject, key: string): Body {
  return pool.spec.template.spec.requirements.find((each: Body) => each.key === key);
}

/** Instance types that the pool allows and the pod fits, the smallest first. */
function fitting(pool: KubernetesObject, pod: Body): InstanceType[] {
  const requests = requestsOf(pod);
  const known = ['karpenter.sh/capacity-type', 'topology.kubernetes.io/zone'];
  const requirements = pool.spec.template.spec.requirements.filter(({ key }: Body) => !known.includes(key));
  const types = Object.values(TYPES).filter(
    ({ labels, allocatable }) =>
      requirements.every((each: Body) => meets(labels[each.key], each)) &&
      Object.entries(requests).every(([resource, amount]) => quantity(allocatable[resource]) >= amount),
  );
  const size = ({ allocatable }: InstanceType) => quantity(allocatable.cpu) * 2 ** 32 + quantity(allocatable.memory);
  return types.sort((a, b) => size(a) - size(b));
}

function meets(value: string | undefined, { operator, values = [] }: Body): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Gt':
      return Number(value ?? Number.NaN) > Number(values[0]);
    case 'Lt':
      return Number(value ?? Number.NaN) < Number(values[0]);
    case 'Exists':
      return value !== undefined;
    default:
      throw new Error(`operator ${operator}`);
  }
}

/** Whether its nodes are those that the pod asks for, and their taints no obstacle. */
function tolerates({ spec }: Body, pool: KubernetesObject): boolean {
  const { metadata, spec: template } = pool.spec.template;
  const selected = Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => metadata.labels[key] === value);
  const tolerated = (template.taints ?? []).every((taint: Body) =>
    (spec.tolerations ?? []).some(
      (each: Body) =>
        (each.key ?? taint.key) === taint.key &&
        (each.effect ?? taint.effect) === taint.effect &&
        (each.operator === 'Exists' || (each.value ?? '') === (taint.value ?? '')),
    ),
  );
  return selected && tolerated;
}

/** The scheduler adds up what runs at the same time; what runs before needs no more here. */
function requestsOf({ spec }: Body): Record<string, number> {
  const all = [
    ...spec.containers,
    ...(spec.initContainers ?? []).filter(({ restartPolicy }: Body) => restartPolicy === 'Always'),
  ];
  const requests: Record<string, number> = {};
  for (const { resources } of all) {
    for (const [name, amount] of Object.entries({ ...resources?.limits, ...resources?.requests })) {
      requests[name] = (requests[name] ?? 0) + quantity(amount as string);
    }
  }
  return requests;
}

const quantity = (text: string | undefined): number => parseQuantity(text ?? '0')!;
