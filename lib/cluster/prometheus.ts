import type { Duration } from 'cdk8s';
import { requireNamespace, requireSeconds, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { LABELS, metricLabel, requireLabels } from '../internal/labels';
import { sortedMap } from '../internal/names';
import type { PeerModel } from '../traffic/network-peer';
import type { PrometheusAuthentication, PrometheusAuthenticationModel } from './prometheus-authentication';

/** The Prometheus of a cluster. */
export interface PrometheusOptions {
  /**
   * Where queries go: `http://prometheus-operated.monitoring:9090`. Autoscalers that look at requests ask there.
   *
   * @default - none
   */
  readonly address?: string;

  /**
   * How KEDA signs in there.
   *
   * @default - it does not
   */
  readonly authentication?: PrometheusAuthentication;

  /**
   * Headers of every query, which are no secrets: `{ 'X-Scope-OrgID': 'ml' }`. Neither names nor values may hold a comma
   * or an equals sign.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };

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

  /**
   * Labels by which Prometheus Operator selects PodMonitors, as `release: kube-prometheus-stack`. Each deployment gets a
   * PodMonitor with them.
   *
   * @default - no operator: pods carry the annotations that the community chart's job `kubernetes-pods` reads
   */
  readonly operatorLabels?: { [key: string]: string };

  /**
   * How often it scrapes: whole seconds, 5 seconds to 5 minutes. A PodMonitor states it; without the operator it must be
   * what Prometheus has, for the windows of queries grow from it.
   *
   * @default - 15 seconds by a PodMonitor, else 1 minute, as Prometheus' own default is
   */
  readonly scrapeInterval?: Duration;

  /**
   * Labels by which every query tells this cluster from others that the same address knows: `cluster: prod`.
   *
   * @default - none
   */
  readonly queryLabels?: { [key: string]: string };
}

/** What the engines read. */
export interface PrometheusModel {
  readonly address?: string;
  readonly authentication?: PrometheusAuthenticationModel;
  readonly headers: { readonly [name: string]: string };
  readonly peer: PeerModel;
  /** Undefined: no operator. */
  readonly operatorLabels?: { readonly [key: string]: string };
  readonly scrapeSeconds: number;
  readonly queryLabels: { readonly [key: string]: string };
}

/** Labels by which queries tell components apart. */
const RESERVED_LABELS = ['namespace', ...[LABELS.instance, LABELS.component, LABELS.track].map(metricLabel)];

const PROMETHEUS_LABELS = { 'app.kubernetes.io/name': 'prometheus' };
const POD_MONITOR_SECONDS = 15;
/** `scrape_interval` of Prometheus where nobody states it. */
const GLOBAL_SECONDS = 60;

/** Every default filled in. */
export function prometheusModel(options: PrometheusOptions): PrometheusModel {
  const { address, namespace = 'monitoring', podLabels = PROMETHEUS_LABELS, operatorLabels } = options;
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
  if (operatorLabels !== undefined) requireLabels('prometheus.operatorLabels', operatorLabels);
  const { headers = {}, queryLabels = {} } = options;
  requireHeaders('prometheus.headers', headers);
  requireMetricLabels('prometheus.queryLabels', queryLabels);
  const own = RESERVED_LABELS.find((label) => label in queryLabels);
  if (own !== undefined) throw errors.reservedLabel('prometheus.queryLabels', own);
  const scrapeSeconds =
    options.scrapeInterval && requireSeconds('prometheus.scrapeInterval', options.scrapeInterval, 5, 300);
  return {
    address,
    authentication: options.authentication?._model,
    headers: sortedMap(headers),
    peer: { namespace, podLabels: { ...podLabels } },
    operatorLabels: operatorLabels && sortedMap(operatorLabels),
    scrapeSeconds: scrapeSeconds ?? (operatorLabels === undefined ? GLOBAL_SECONDS : POD_MONITOR_SECONDS),
    queryLabels: sortedMap(queryLabels),
  };
}

/** KEDA splits them at commas and equals signs. */
function requireHeaders(property: string, headers: { readonly [name: string]: string }): void {
  for (const [name, value] of Object.entries(headers)) {
    requireText(`${property}.${name}`, value);
    if (!/^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/.test(name)) throw errors.invalidText(property, 'the name of a header', name);
    if (/[,=\r\n]/.test(value)) {
      throw errors.invalidText(`${property}.${name}`, "text without ',', '=' and line breaks", value);
    }
  }
}

/** Throws unless Prometheus takes these as labels. */
function requireMetricLabels(property: string, labels: { readonly [key: string]: string }): void {
  for (const [key, value] of Object.entries(labels)) {
    requireText(`${property}.${key}`, value);
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(key) || key.startsWith('__')) {
      throw errors.invalidText(property, 'a map whose keys are letters, digits and underscores, as cluster', key);
    }
  }
}
