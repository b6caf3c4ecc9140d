import type { NetworkPolicyPeer, NetworkPolicySpec } from 'kubernetes-types/networking/v1';
import type { PeerModel } from '../traffic/network-peer';

const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** Whom a component lets in, and where it may go. */
export interface NetworkModel {
  readonly selector: { readonly [key: string]: string };
  /** Ports of its pods, by number: pods that are taken over may have no names for them. */
  readonly ports: readonly number[];
  readonly from: readonly PeerModel[];
  /** Undefined: anywhere, as far as other policies let it. */
  readonly to?: readonly PeerModel[];
}

/** The `spec` of a `networking.k8s.io/v1` NetworkPolicy. */
export function networkPolicySpec({ selector, ports, from, to }: NetworkModel): NetworkPolicySpec {
  return {
    ...(to !== undefined && { egress: [dns(), ...(to.length === 0 ? [] : [{ to: to.map(kubePeer) }])] }),
    // No rule at all lets nobody in, and the server drops an empty list; a rule without peers would let in everybody.
    ...(from.length > 0 && {
      ingress: [{ from: from.map(kubePeer), ports: ports.map((port) => ({ port, protocol: 'TCP' })) }],
    }),
    podSelector: { matchLabels: { ...selector } },
    policyTypes: to === undefined ? ['Ingress'] : ['Ingress', 'Egress'],
  };
}

function kubePeer({ cidr, namespace, podLabels }: PeerModel): NetworkPolicyPeer {
  if (cidr !== undefined) return { ipBlock: { cidr } };
  return {
    ...(namespace !== undefined && { namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } } }),
    // Without a namespace the selector means pods of the policy's own namespace; an empty one all of them.
    ...((podLabels !== undefined || namespace === undefined) && {
      podSelector: podLabels === undefined ? {} : { matchLabels: { ...podLabels } },
    }),
  };
}

/** Cluster DNS, wherever it runs: its labels differ from one distribution to the next, and node-local caches have none. */
function dns(): NonNullable<NetworkPolicySpec['egress']>[number] {
  return {
    ports: [
      { port: 53, protocol: 'UDP' },
      { port: 53, protocol: 'TCP' },
    ],
  };
}
