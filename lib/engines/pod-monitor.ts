import { PORT, PORT_NAME } from '../bento/container-contract';
import type { ComponentModel } from '../component/component-model';
import { SERIES_LABELS } from '../component/series';
import { groupBy } from '../internal/group-by';
import { LABELS, metricLabel } from '../internal/labels';
import { KNATIVE_PORT_NAME } from './container';
import { escapeRegex } from './promql';

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
  /** The versions that have this path, where others have another; undefined: all. */
  readonly tracks?: readonly string[];
  readonly path: string;
  /** The name of the port. */
  readonly port: string;
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
const TARGET_LABELS = [...SERIES_LABELS, 'pod-template-hash', 'rollouts-pod-template-hash'];

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

function metricsEndpoint(
  { components, tracks, path, port, routes }: ScrapeModel,
  intervalSeconds: number,
): PodMetricsEndpoint {
  return {
    interval: `${intervalSeconds}s`,
    metricRelabelings: [routes === undefined ? withoutScanners() : onlyRoutes(routes)],
    path,
    port,
    relabelings: [
      {
        action: 'keep',
        regex: alternatives(components),
        sourceLabels: [podLabel(LABELS.component)],
      },
      ...(tracks === undefined
        ? []
        : [{ action: 'keep' as const, regex: alternatives(tracks), sourceLabels: [podLabel(LABELS.track)] }]),
      // The operator's label for the port has the name of BentoML's label for the path, and would win.
      { action: 'labeldrop', regex: 'endpoint' },
    ],
  };
}

/** What Prometheus calls a label of a pod before it has decided whether to scrape it. */
function podLabel(label: string): string {
  return `__meta_kubernetes_pod_label_${metricLabel(label)}`;
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

/** What to scrape of components, those of one path, port and set of routes together; nothing where metrics are off. */
export function scrapesOf(components: readonly ComponentModel[]): ScrapeModel[] {
  const measured = components.filter(({ contract }) => contract.metricsEnabled);
  // Versions of a component differ in their routes: two endpoints for it would scrape its pods twice.
  const kept = [...groupBy(measured, componentLabel).values()].flatMap((versions) => {
    const paths = groupBy(versions, ({ contract }) => contract.metricsPath);
    return [...paths.values()].map((same) => ({
      model: same[0]!,
      routes: routesOfAll(same),
      tracks: paths.size === 1 ? undefined : tracksOf(same),
    }));
  });
  const groups = groupBy(kept, ({ model: { contract, scaling }, routes, tracks }) =>
    JSON.stringify([contract.metricsPath, routes, tracks, isKnative(scaling)]),
  );
  return [...groups.values()].map((group) => {
    const [{ model, routes, tracks }] = group as [(typeof group)[0]];
    return {
      components: group.map((entry) => componentLabel(entry.model)),
      ...(tracks !== undefined && { tracks }),
      path: model.contract.metricsPath,
      port: isKnative(model.scaling) ? KNATIVE_PORT_NAME : PORT_NAME,
      routes,
    };
  });
}

function componentLabel({ identity }: ComponentModel): string {
  return identity.podLabels[LABELS.component]!;
}

function tracksOf(models: readonly ComponentModel[]): string[] {
  return models.map(({ identity }) => identity.podLabels[LABELS.track]!);
}

/** Undefined where one of them does not state all of its own. */
function routesOfAll(models: readonly ComponentModel[]): readonly string[] | undefined {
  const [first, ...others] = models.map(({ routes }) => routes);
  if (others.length === 0) return first;
  const all = [first, ...others];
  return all.every((routes) => routes !== undefined) ? ([...new Set(all.flat())].sort() as string[]) : undefined;
}

function isKnative(scaling: ComponentModel['scaling']): boolean {
  return scaling.kind === 'on-demand' && scaling.engine === 'knative';
}

/** Annotations of a component's pods, where no operator finds them by a PodMonitor. */
export function scrapeAnnotationsOf({ cluster, contract }: ComponentModel): { [key: string]: string } {
  const { prometheus } = cluster;
  const byAnnotation = prometheus !== undefined && prometheus.operatorLabels === undefined && contract.metricsEnabled;
  return byAnnotation ? scrapeAnnotations(contract.metricsPath, PORT) : {};
}

/** Annotations of pods by which the job `kubernetes-pods` of the community's Prometheus chart finds them. */
export function scrapeAnnotations(path: string, port: number): { [key: string]: string } {
  return {
    'prometheus.io/path': path,
    'prometheus.io/port': String(port),
    'prometheus.io/scrape': 'true',
  };
}
