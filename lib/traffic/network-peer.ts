import { isIPv4, isIPv6 } from 'node:net';
import { requireNamespace, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';

/** Options of `NetworkPeer.pods`. */
export interface PodsPeerOptions {
  /** Labels of the pods, all of them. */
  readonly labels: { [key: string]: string };

  /**
   * Their namespace.
   *
   * @default - that of the component
   */
  readonly namespace?: string;
}

/**
 * Who may open connections to a component, or whom it may open them to.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPeer {
  /**
   * Pods by their labels.
   *
   * @throws InvalidLabel, InvalidName, EmptyList
   */
  public static pods(options: PodsPeerOptions): NetworkPeer {
    requireLabels('labels', options.labels);
    if (Object.keys(options.labels).length === 0) {
      throw errors.emptyList('labels', 'use NetworkPeer.namespace() for every pod of a namespace');
    }
    if (options.namespace !== undefined) requireNamespace('namespace', options.namespace);
    return new NetworkPeer({
      podLabels: { ...options.labels },
      ...(options.namespace !== undefined && { namespace: options.namespace }),
    });
  }

  /**
   * Every pod of a namespace.
   *
   * @throws InvalidName
   */
  public static namespace(name: string): NetworkPeer {
    requireNamespace('name', name);
    return new NetworkPeer({ namespace: name });
  }

  /** Every pod of the component's own namespace. */
  public static sameNamespace(): NetworkPeer {
    return new NetworkPeer({});
  }

  /**
   * Addresses, as load balancers outside of the cluster have.
   *
   * @param cidr as 10.0.0.0/16
   * @throws InvalidText
   */
  public static cidr(cidr: string): NetworkPeer {
    requireCidr('cidr', cidr);
    return new NetworkPeer({ cidr });
  }

  private constructor(
    /** @internal */
    public readonly _model: PeerModel,
  ) {}
}

/** What the engines read: pods of a namespace (without one, of the component's own), or a block of addresses. */
export interface PeerModel {
  readonly namespace?: string;
  readonly podLabels?: { readonly [key: string]: string };
  readonly cidr?: string;
}

/** Throws unless `cidr` is a block of addresses that Kubernetes takes without a warning. */
export function requireCidr(property: string, cidr: string): void {
  requireText(property, cidr);
  const [address = '', length = '', ...rest] = cidr.split('/');
  // Zones, and IPv4 written as IPv6, are no blocks to Kubernetes.
  const bits = isIPv4(address) ? 32 : isIPv6(address) && !/[%.]/.test(address) ? 128 : -1;
  if (rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) {
    throw errors.invalidText(property, 'a block of addresses, as 10.0.0.0/16', cidr);
  }
  // Kubernetes warns of such a block, for it is either the whole network or the one address.
  if (addressBits(address) % 2n ** BigInt(bits - Number(length)) !== 0n) {
    throw errors.invalidText(
      property,
      `the first address of a block of /${length}`,
      cidr,
      `or use /${bits} for one address`,
    );
  }
}

function addressBits(address: string): bigint {
  if (isIPv4(address)) return address.split('.').reduce((bits, part) => bits * 256n + BigInt(part), 0n);
  const [head, tail] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - head!.length - (tail?.length ?? 0)).fill('0');
  return [...head!, ...zeros, ...(tail ?? [])].reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n);
}
