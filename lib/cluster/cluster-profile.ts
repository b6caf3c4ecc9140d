import type { IConstruct } from 'constructs';
import { requireDnsName, requireNamespace, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import type { Region } from '../placement/region';
import type { PeerModel } from '../traffic/network-peer';
import type { Gateway } from './gateway';
import { ASSUMED_VERSION, KubernetesVersion } from './kubernetes-version';

/** The Prometheus of a cluster. */
export interface PrometheusOptions {
  /**
   * Where queries go: `http://prometheus-operated.monitoring:9090`.
   *
   * @default - none
   */
  readonly address?: string;

  /**
   * The namespace of its pods, which may scrape every component.
   *
   * @default 'monitoring'
   */
  readonly namespace?: string;

  /**
   * Labels of its pods.
   *
   * @default { 'app.kubernetes.io/name': 'prometheus' }
   */
  readonly podLabels?: { [key: string]: string };
}

/** What a target cluster is and has. */
export interface ClusterProfileProps {
  /**
   * The name of the cluster: names of objects must be unique within it.
   *
   * @default - the name of the region, else all profiles without a name mean the one cluster
   */
  readonly name?: string;

  /**
   * Where it runs.
   *
   * @default - not known
   */
  readonly region?: Region;

  /**
   * Its version, as `1.36`: fields that it lacks are errors, or replaced by what it has. At least 1.27.
   *
   * @default '1.30'
   */
  readonly kubernetesVersion?: string;

  /**
   * The namespace of components whose chart states none.
   *
   * @default - none: that of whoever applies the manifests
   */
  readonly namespace?: string;

  /**
   * Its Prometheus, if it has one.
   *
   * @default - none: network policies let nobody scrape
   */
  readonly prometheus?: PrometheusOptions;

  /**
   * Its default gateway, if it has one.
   *
   * @default - none
   */
  readonly gateway?: Gateway;
}

const PROMETHEUS_LABELS = { 'app.kubernetes.io/name': 'prometheus' };

const profiles = new WeakMap<IConstruct, ClusterProfile>();
/** Scopes through which a profile has been looked up, with the path of the first reader. */
const readers = new WeakMap<IConstruct, string>();

/**
 * What a target cluster is and has. Set on a scope it holds for all beneath; the nearest one wins whole. Without one,
 * the cluster is plain Kubernetes.
 *
 * @example
 * ClusterProfile.set(chart, new ClusterProfile({
 *   kubernetesVersion: '1.36',
 *   prometheus: { address: 'http://prometheus-operated.monitoring:9090' },
 *   gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
 * }));
 */
export class ClusterProfile {
  /**
   * Says which cluster everything beneath `scope` goes to. To be called before anything beneath is made.
   *
   * @throws ProfileTwice, ProfileTooLate
   */
  public static set(scope: IConstruct, profile: ClusterProfile): void {
    if (profiles.has(scope)) throw errors.profileTwice().at(scope.node.path);
    const reader = readers.get(scope);
    if (reader !== undefined) throw errors.profileTooLate(reader).at(scope.node.path);
    profiles.set(scope, profile);
  }

  /** The profile that holds for a construct. */
  public static of(scope: IConstruct): ClusterProfile {
    for (const ancestor of [...scope.node.scopes].reverse()) {
      if (!readers.has(ancestor)) readers.set(ancestor, scope.node.path);
      const profile = profiles.get(ancestor);
      if (profile !== undefined) return profile;
    }
    return PLAIN;
  }

  /** The name of the cluster. */
  public readonly name: string;
  /** Where it runs; undefined where that is not known. */
  public readonly region?: Region;
  /** Its version. */
  public readonly kubernetesVersion: string;
  /** The namespace of components whose chart states none; undefined where there is none. */
  public readonly namespace?: string;
  /** Its default gateway; undefined where there is none. */
  public readonly gateway?: Gateway;

  /** @internal */
  public readonly _version: KubernetesVersion;
  /** @internal */
  public readonly _prometheus?: { readonly address?: string; readonly peer: PeerModel };

  /** @throws InvalidText, InvalidName, InvalidLabel, OutOfRange, InvalidUrl */
  public constructor(props: ClusterProfileProps = {}) {
    if (props.name !== undefined) requireDnsName('name', props.name);
    if (props.namespace !== undefined) requireNamespace('namespace', props.namespace);
    this.name = props.name ?? props.region?.name ?? 'the cluster';
    this.region = props.region;
    this._version = new KubernetesVersion(props.kubernetesVersion ?? ASSUMED_VERSION);
    this.kubernetesVersion = this._version.text;
    this.namespace = props.namespace;
    this.gateway = props.gateway;
    this._prometheus = props.prometheus && prometheusModel(props.prometheus);
  }
}

const PLAIN = new ClusterProfile();

function prometheusModel(options: PrometheusOptions): ClusterProfile['_prometheus'] {
  const { address, namespace = 'monitoring', podLabels = PROMETHEUS_LABELS } = options;
  if (address !== undefined) {
    requireText('prometheus.address', address);
    if (!/^https?:\/\/[^\s/]+(\/\S*)?$/.test(address))
      throw errors.invalidUrl('prometheus.address', 'an http address', address);
  }
  requireNamespace('prometheus.namespace', namespace);
  requireLabels('prometheus.podLabels', podLabels);
  if (Object.keys(podLabels).length === 0) {
    throw errors.emptyList('prometheus.podLabels', 'an empty selector would let in every pod of the namespace');
  }
  return { address, peer: { namespace, podLabels: { ...podLabels } } };
}
