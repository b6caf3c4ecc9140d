import { requireInteger, requireNamespace } from '../internal/checks';
import { errors } from '../internal/errors';
import { ComponentVersion } from './component-version';

/** The oldest Knative whose Services take start-up probes. */
const OLDEST = '1.13';

/** Flags of workloads and of the queue beside them have a prefix, the few others have none. */
const FLAG =
  /^(kubernetes|queueproxy)\.[a-z-]+$|^(multi-container|secure-pod-defaults|tag-header-based|autodetect-http2|domainmapping)[a-z-]*$/;

/** Knative Serving in a cluster. */
export interface KnativeOptions {
  /**
   * Its version: at least 1.13, which is the first with start-up probes.
   *
   * @default '1.13'
   */
  readonly version?: string;

  /**
   * Feature flags that are enabled in its ConfigMap `config-features`: `kubernetes.podspec-nodeselector`. What a pod
   * needs beyond Knative's own defaults must be among them.
   *
   * @default - Knative's own: none but empty-dir volumes
   * @see https://knative.dev/docs/serving/configuration/feature-flags/
   */
  readonly enabledFeatures?: string[];

  /**
   * The namespace of its activator and autoscaler, which reach every pod.
   *
   * @default 'knative-serving'
   */
  readonly namespace?: string;

  /**
   * The namespaces of its ingress, as `kourier-system`: with spare capacity requests go from there to the pods.
   *
   * @default ['kourier-system']
   */
  readonly ingressNamespaces?: string[];

  /**
   * The longest timeout of a request that its ConfigMap `config-defaults` allows, in seconds: at least 1.
   *
   * @default 600
   */
  readonly maxRevisionTimeoutSeconds?: number;
}

/** What the engines read. */
export interface KnativeModel {
  readonly version: ComponentVersion;
  readonly enabledFeatures: ReadonlySet<string>;
  readonly namespace: string;
  readonly ingressNamespaces: readonly string[];
  readonly maxRevisionTimeoutSeconds: number;
}

/** Every default filled in. */
export function knativeModel(options: KnativeOptions): KnativeModel {
  const { version = OLDEST, enabledFeatures = [], namespace = 'knative-serving' } = options;
  const { ingressNamespaces = ['kourier-system'], maxRevisionTimeoutSeconds = 600 } = options;
  requireNamespace('knative.namespace', namespace);
  for (const name of ingressNamespaces) requireNamespace('knative.ingressNamespaces', name);
  requireInteger('knative.maxRevisionTimeoutSeconds', maxRevisionTimeoutSeconds, 1);
  for (const feature of enabledFeatures) {
    if (!FLAG.test(feature)) {
      throw errors.invalidText(
        'knative.enabledFeatures',
        'names of feature flags, as kubernetes.podspec-nodeselector',
        feature,
      );
    }
  }
  return {
    version: new ComponentVersion('knative.version', version, OLDEST),
    enabledFeatures: new Set(enabledFeatures),
    namespace,
    ingressNamespaces: [...ingressNamespaces],
    maxRevisionTimeoutSeconds,
  };
}
