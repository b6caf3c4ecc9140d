import type { IConstruct } from 'constructs';
import { requireDnsName, requireNamespace } from '../internal/checks';
import { errors } from '../internal/errors';
import type { Region } from '../placement/region';
import { type DcgmExporterModel, type DcgmExporterOptions, dcgmExporterModel } from './dcgm-exporter';
import type { Gateway } from './gateway';
import {
  type KedaHttpAddOnModel,
  type KedaHttpAddOnOptions,
  type KedaModel,
  type KedaOptions,
  kedaHttpAddOnModel,
  kedaModel,
} from './keda';
import { type KnativeModel, type KnativeOptions, knativeModel } from './knative';
import { ASSUMED_VERSION, KubernetesVersion } from './kubernetes-version';
import { type PrometheusModel, type PrometheusOptions, prometheusModel } from './prometheus';

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
   * NVIDIA's DCGM exporter, if its Prometheus scrapes it.
   *
   * @default - none: nothing scales on the load of GPUs
   */
  readonly dcgmExporter?: DcgmExporterOptions;

  /**
   * KEDA, if it is installed: autoscalers may then look at more than Kubernetes' own metrics.
   *
   * @default - none
   */
  readonly keda?: KedaOptions;

  /**
   * KEDA's HTTP add-on, if it is installed beside KEDA: functions scale to zero by it.
   *
   * @default - none
   */
  readonly kedaHttpAddOn?: KedaHttpAddOnOptions;

  /**
   * Knative Serving, if it is installed: functions scale to zero by it.
   *
   * @default - none
   */
  readonly knative?: KnativeOptions;

  /**
   * Its default gateway, if it has one.
   *
   * @default - none
   */
  readonly gateway?: Gateway;

  /**
   * The domain of its Services.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

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

  /** The domain of its Services. */
  public readonly clusterDomain: string;

  /** @internal */
  public readonly _model: ClusterModel;

  /** @throws InvalidText, InvalidName, InvalidLabel, OutOfRange, InvalidUrl, EmptyList, ClusterLacks */
  public constructor(props: ClusterProfileProps = {}) {
    if (props.name !== undefined) requireDnsName('name', props.name);
    if (props.namespace !== undefined) requireNamespace('namespace', props.namespace);
    this.name = props.name ?? props.region?.name ?? 'the cluster';
    this.region = props.region;
    this.clusterDomain = props.clusterDomain ?? 'cluster.local';
    requireDnsName('clusterDomain', this.clusterDomain);
    if (props.kedaHttpAddOn !== undefined && props.keda === undefined) {
      throw errors.clusterLacks('kedaHttpAddOn', 'keda', 'state `keda` too: the add-on only feeds it');
    }
    const kubernetes = new KubernetesVersion(props.kubernetesVersion ?? ASSUMED_VERSION);
    this.kubernetesVersion = kubernetes.text;
    this.namespace = props.namespace;
    this.gateway = props.gateway;
    this._model = {
      kubernetes,
      clusterDomain: this.clusterDomain,
      prometheus: props.prometheus && prometheusModel(props.prometheus),
      dcgmExporter: props.dcgmExporter && dcgmExporterModel(props.dcgmExporter),
      keda: props.keda && kedaModel(props.keda),
      kedaHttpAddOn: props.kedaHttpAddOn && kedaHttpAddOnModel(props.kedaHttpAddOn),
      knative: props.knative && knativeModel(props.knative),
    };
  }
}

/** What the engines read of a cluster. */
export interface ClusterModel {
  readonly kubernetes: KubernetesVersion;
  readonly clusterDomain: string;
  readonly prometheus?: PrometheusModel;
  readonly dcgmExporter?: DcgmExporterModel;
  readonly keda?: KedaModel;
  readonly kedaHttpAddOn?: KedaHttpAddOnModel;
  readonly knative?: KnativeModel;
}

const PLAIN = new ClusterProfile();
