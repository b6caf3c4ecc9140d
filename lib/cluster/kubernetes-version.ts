import { errors } from '../internal/errors';

/** The oldest version whose API has all that is always emitted: container resource metrics and eviction policies. */
const OLDEST_MINOR = 27;

/** What is assumed where the profile states none. */
export const ASSUMED_VERSION = '1.30';

/** A version of Kubernetes, as far as fields depend on it. */
export class KubernetesVersion {
  public readonly minor: number;

  public constructor(public readonly text: string) {
    const match = /^v?1\.(\d{1,3})(\.\d+)?(?:[-+].*)?$/.exec(text);
    if (match === null) throw errors.invalidText('kubernetesVersion', "a version as '1.36'", text);
    this.minor = Number(match[1]);
    if (this.minor < OLDEST_MINOR) {
      throw errors.outOfRange('kubernetesVersion', `1.${OLDEST_MINOR} or newer`, text);
    }
  }

  public has(feature: Feature): boolean {
    return this.minor >= FEATURES[feature];
  }

  /** Throws unless the cluster has the feature by default. */
  public require(property: string, feature: Feature, instead: string): void {
    if (!this.has(feature)) throw errors.needsKubernetes(property, `1.${FEATURES[feature]}`, this.text, instead);
  }
}

/** The first minor version in which each is on by default, as kube_features.go of Kubernetes states. */
const FEATURES = {
  /** SidecarContainers: init containers that keep running. */
  nativeSidecars: 29,
  /** PodHostIPs. */
  hostIPs: 29,
  /** PodLifecycleSleepAction. */
  preStopSleep: 30,
  /** HPAConfigurableTolerance. */
  hpaTolerance: 35,
  /** ImageVolume. */
  imageVolume: 35,
  /** HPAScaleToZero. */
  hpaScaleToZero: 37,
} as const;

/** A field of Kubernetes that not every supported version has. */
export type Feature = keyof typeof FEATURES;

/** The first version that has the feature. */
export function versionOf(feature: Feature): string {
  return `1.${FEATURES[feature]}`;
}
