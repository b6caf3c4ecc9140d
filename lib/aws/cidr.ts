import { requireResolved } from '../internal/checks';
import { errors } from '../internal/errors';

/** A block of IPv4 addresses. */
interface Block {
  readonly base: number;
  readonly prefix: number;
}

/** What a VPC may have, and small enough subnets for load balancers still fit in. */
const LARGEST = 16;
const SMALLEST = 20;

/** Blocks of the subnets of one zone. */
export interface ZoneBlocks {
  /** Of nodes and pods. */
  readonly nodes: string;
  /** Of load balancers that the internet reaches, and of the way out. */
  readonly publicLoadBalancers: string;
  /** Of load balancers that it does not reach. */
  readonly internalLoadBalancers: string;
}

/**
 * The blocks of a VPC: three quarters for nodes, whose pods each take an address, and the last quarter for load balancers in
 * subnets of their own, so that network policies can let them in and no pods.
 */
export function zoneBlocks(cidr: string, zones: number): ZoneBlocks[] {
  const vpc = requireVpcBlock('cidr', cidr);
  const bits = zones <= 3 ? 2 : 3;
  const rest = { base: vpc.base + 3 * 2 ** (30 - vpc.prefix), prefix: vpc.prefix + 2 };
  const slots = 2 ** bits;
  return Array.from({ length: zones }, (_, zone) => ({
    nodes: part(vpc, bits, zone),
    publicLoadBalancers: part(rest, bits + 1, zone),
    internalLoadBalancers: part(rest, bits + 1, slots + zone),
  }));
}

/** Throws unless `cidr` can be the block of a VPC here. */
export function requireVpcBlock(property: string, cidr: string): Block {
  requireResolved(property, cidr);
  const rule = `a private block of IPv4 from /${LARGEST} to /${SMALLEST}, as 10.0.0.0/16`;
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(String(cidr)) ?? [];
  if (address === undefined) throw errors.invalidText(property, rule, cidr);
  const prefix = Number(length);
  const bytes = address.split('.').map(Number);
  const base = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const wrong = bytes.some((byte) => byte > 255) || prefix < LARGEST || prefix > SMALLEST || !isPrivate(bytes);
  if (wrong || base % 2 ** (32 - prefix) !== 0) throw errors.invalidText(property, rule, cidr);
  return { base, prefix };
}

/** As RFC 1918 and RFC 6598 have it. */
function isPrivate([first = 0, second = 0]: readonly number[]): boolean {
  return (
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 100 && second >= 64 && second < 128)
  );
}

function part({ base, prefix }: Block, bits: number, index: number): string {
  const size = 2 ** (32 - prefix - bits);
  const address = base + index * size;
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${bytes.join('.')}/${prefix + bits}`;
}
