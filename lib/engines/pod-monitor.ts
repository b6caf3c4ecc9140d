import { PORT_NAME } from '../bento/container-contract';
import { LABELS } from '../internal/labels';
import { escapeRegex, metricLabel } from './promql';

/** Whom Prometheus scrapes for a deployment, and where. */
export interface PodMonitorModel {
  /** Values of `app.kubernetes.io/instance` of its pods, usually one. */
  readonly instances: readonly string[];
  readonly endpoints: readonly ScrapeModel[];
  readonly intervalSeconds: number;
}

/** Components whose metrics lie at the same path. */
export interface ScrapeModel {
  /** Their values of `app.kubernetes.io/component`. */
  readonly components: readonly string[];
  readonly path: string;
  /**
   * Every path under which they answer requests. Requests to any other are not counted: undefined where apps are mounted,
   * for a Bento does not list all of theirs.
   */
  readonly routes?: readonly string[];
}

/** The `spec` of a `monitoring.coreos.com/v1` PodMonitor. */
export interface PodMonitorSpec {
  readonly podMetricsEndpoints: PodMetricsEndpoint[];
  readonly podTargetLabels: string[];
  readonly sampleLimit?: number;
  readonly selector: {
    readonly matchLabels?: { readonly [key: string]: string };
    readonly matchExpressions?: { readonly key: string; readonly operator: 'In'; readonly values: string[] }[];
  };
}

interface PodMetricsEndpoint {
  readonly interval: string;
  readonly metricRelabelings: Relabeling[];
  readonly path: string;
  readonly port: string;
  readonly relabelings: Relabeling[];
}

interface Relabeling {
  readonly action: 'drop' | 'keep' | 'labeldrop';
  readonly regex: string;
  readonly sourceLabels?: string[];
}

/** What queries tell series apart by; the hashes are those of a Deployment and of a Rollout. */
const TARGET_LABELS = [
  LABELS.instance,
  LABELS.component,
  LABELS.track,
  'pod-template-hash',
  'rollouts-pod-template-hash',
];

/**
 * Of a pod: 80 routes with some 120 series each, which is six codes with 20. Beyond it the scrape of this pod fails whole,
 * so that nobody takes the part that is left for all of the load.
 */
const SAMPLE_LIMIT = 10_000;

export function podMonitorSpec({ instances, endpoints, intervalSeconds }: PodMonitorModel): PodMonitorSpec {
  return {
    podMetricsEndpoints: endpoints.map((endpoint) => metricsEndpoint(endpoint, intervalSeconds)),
    podTargetLabels: [...TARGET_LABELS],
    ...(endpoints.some(({ routes }) => routes === undefined) && { sampleLimit: SAMPLE_LIMIT }),
    selector: instanceSelector([...new Set(instances)].sort()),
  };
}

function instanceSelector(values: string[]): PodMonitorSpec['selector'] {
  return values.length === 1
    ? { matchLabels: { [LABELS.instance]: values[0]! } }
    : { matchExpressions: [{ key: LABELS.instance, operator: 'In', values }] };
}

function metricsEndpoint({ components, path, routes }: ScrapeModel, intervalSeconds: number): PodMetricsEndpoint {
  return {
    interval: `${intervalSeconds}s`,
    metricRelabelings: [routes === undefined ? withoutScanners() : onlyRoutes(routes)],
    path,
    port: PORT_NAME,
    relabelings: [
      {
        action: 'keep',
        regex: alternatives(components),
        sourceLabels: [`__meta_kubernetes_pod_label_${metricLabel(LABELS.component)}`],
      },
      // The operator's label for the port has the name of BentoML's label for the path, and would win.
      { action: 'labeldrop', regex: 'endpoint' },
    ],
  };
}

/** Anybody can ask for any path, and BentoML counts each under its name: 20 series that nobody needs. */
function withoutScanners(): Relabeling {
  return { action: 'drop', regex: '404', sourceLabels: ['http_response_code'] };
}

/** Metrics that have no path, and those of requests; the kubelet itself has metrics of its probes. */
function onlyRoutes(routes: readonly string[]): Relabeling {
  return { action: 'keep', regex: `|${alternatives(routes)}`, sourceLabels: ['endpoint'] };
}

function alternatives(values: readonly string[]): string {
  return [...new Set(values)].sort().map(escapeRegex).join('|');
}

/** Annotations of pods by which the job `kubernetes-pods` of the community's Prometheus chart finds them. */
export function scrapeAnnotations(path: string, port: number): { [key: string]: string } {
  return {
    'prometheus.io/path': path,
    'prometheus.io/port': String(port),
    'prometheus.io/scrape': 'true',
  };
}
