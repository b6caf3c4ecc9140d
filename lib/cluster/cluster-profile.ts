import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type ImageModel, imageModel } from '../bento/image';
import { requireDnsName, requireNamespace, requireSeconds, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import type { Region } from '../placement/region';
import { requireCidr } from '../traffic/network-peer';
import { type ArgoRolloutsModel, type ArgoRolloutsOptions, argoRolloutsModel } from './argo-rollouts';
import { type DcgmExporterModel, type DcgmExporterOptions, dcgmExporterModel } from './dcgm-exporter';
import type { Gateway } from './gateway';
import { type KarpenterModel, type KarpenterOptions, karpenterModel } from './karpenter';
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
   * Argo Rollouts, if it is installed: releases may then be canaries and blue-green.
   *
   * @default - none
   */
  readonly argoRollouts?: ArgoRolloutsOptions;

  /**
   * Karpenter, if it is installed: node pools are then made by it. Needs `name` or `region`.
   *
   * @default - none
   */
  readonly karpenter?: KarpenterOptions;

  /**
   * Its default gateway, if it has one.
   *
   * @default - none
   */
  readonly gateway?: Gateway;

  /**
   * Blocks of addresses of the subnets that load balancers of the cloud lie in: from there they connect to pods, and
   * network policies let them in. At least one, each once.
   *
   * @default - not known: exposures through load balancers must state theirs
   */
  readonly loadBalancerCidrs?: string[];

  /**
   * How long answers of its DNS are kept, as the Corefile of CoreDNS says (`ttl`): proxies learn of pods by it, and pods
   * stay that much longer for requests that are still sent to them. Whole seconds, 0 to 1 hour.
   *
   * @default Duration.seconds(30), as kubeadm has; CoreDNS itself, and so EKS, has 5 seconds
   */
  readonly dnsTtl?: Duration;

  /**
   * The image of Envoy, for the proxies that the library runs itself: a mirror, or another version from 1.36 on.
   *
   * @default 'docker.io/envoyproxy/envoy:distroless-v1.39.3'
   */
  readonly envoyImage?: string;

  /**
   * The domain of its Services.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

/** Without a shell, and without root. */
const ENVOY_IMAGE = 'docker.io/envoyproxy/envoy:distroless-v1.39.3';

/** What kubeadm writes into the Corefile. */
const DEFAULT_DNS_TTL_SECONDS = 30;

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

  /** @throws InvalidText, InvalidName, InvalidLabel, OutOfRange, InvalidUrl, EmptyList, DuplicateKey, ClusterLacks, MissingOption */
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
      loadBalancerCidrs: cidrs(props.loadBalancerCidrs),
      dnsTtlSeconds:
        props.dnsTtl === undefined ? DEFAULT_DNS_TTL_SECONDS : requireSeconds('dnsTtl', props.dnsTtl, 0, 3600),
      envoyImage: imageModel('envoyImage', props.envoyImage ?? ENVOY_IMAGE),
      prometheus: props.prometheus && prometheusModel(props.prometheus),
      dcgmExporter: props.dcgmExporter && dcgmExporterModel(props.dcgmExporter),
      keda: props.keda && kedaModel(props.keda),
      kedaHttpAddOn: props.kedaHttpAddOn && kedaHttpAddOnModel(props.kedaHttpAddOn),
      knative: props.knative && knativeModel(props.knative),
      argoRollouts: props.argoRollouts && argoRolloutsModel(props.argoRollouts),
      karpenter: props.karpenter && karpenterModel(props.karpenter, props.name ?? props.region?.name),
    };
  }
}

/** What the engines read of a cluster. */
export interface ClusterModel {
  readonly kubernetes: KubernetesVersion;
  readonly clusterDomain: string;
  readonly loadBalancerCidrs: readonly string[];
  readonly dnsTtlSeconds: number;
  readonly envoyImage: ImageModel;
  readonly prometheus?: PrometheusModel;
  readonly dcgmExporter?: DcgmExporterModel;
  readonly keda?: KedaModel;
  readonly kedaHttpAddOn?: KedaHttpAddOnModel;
  readonly knative?: KnativeModel;
  readonly argoRollouts?: ArgoRolloutsModel;
  readonly karpenter?: KarpenterModel;
}

function cidrs(stated: readonly string[] | undefined): string[] {
  if (stated?.length === 0) throw errors.emptyList('loadBalancerCidrs', 'leave it out where there are none');
  for (const cidr of stated ?? []) requireCidr('loadBalancerCidrs', cidr);
  requireUnique('loadBalancerCidrs', stated ?? []);
  return [...(stated ?? [])];
}

const PLAIN = new ClusterProfile();
