import type { Region } from '../placement/region';

/** The part of AWS that a region belongs to: ARNs, names of services and of hosts differ between them. */
export interface Partition {
  readonly name: string;
  readonly dnsSuffix: string;
}

const PARTITIONS: { readonly prefix: string; readonly partition: Partition }[] = [
  { prefix: 'cn-', partition: { name: 'aws-cn', dnsSuffix: 'amazonaws.com.cn' } },
  { prefix: 'us-gov-', partition: { name: 'aws-us-gov', dnsSuffix: 'amazonaws.com' } },
  { prefix: 'eusc-', partition: { name: 'aws-eusc', dnsSuffix: 'amazonaws.eu' } },
];

/** By the beginning of its name, as botocore's list of partitions has it. */
export function partitionOf({ name }: Region): Partition {
  const found = PARTITIONS.find(({ prefix }) => name.startsWith(prefix));
  return found?.partition ?? { name: 'aws', dnsSuffix: 'amazonaws.com' };
}

/** A policy that AWS keeps itself. */
export function managedPolicyArn(region: Region, name: string): string {
  return `arn:${partitionOf(region).name}:iam::aws:policy/${name}`;
}
