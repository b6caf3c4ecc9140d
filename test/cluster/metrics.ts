import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { type Body, type Client, type KubernetesObject, until } from './client';

/** A number, or a quantity such as `1500m`. */
export type Value = number | string;

export interface PodMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly pod: Body;
}

export interface ObjectMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly resource: string;
  readonly name: string;
}

export interface ExternalMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly selector: string;
}

/** What the autoscaler is told. A function that gives undefined leaves the series out, as an exporter that is down. */
export interface Feed {
  /** metrics.k8s.io: usage by container. */
  readonly usage?: (pod: Body) => Record<string, Record<string, Value>> | undefined;
  /** custom.metrics.k8s.io, a metric of each pod. */
  readonly pod?: (about: PodMetric) => Value | undefined;
  /** custom.metrics.k8s.io, a metric of another object. */
  readonly object?: (about: ObjectMetric) => Value | undefined;
  /** external.metrics.k8s.io. */
  readonly external?: (about: ExternalMetric) => Value | undefined;
}

export interface MetricsServer {
  close(): Promise<void>;
}

export const METRICS_APIS = [
  { group: 'metrics.k8s.io', version: 'v1beta1' },
  { group: 'custom.metrics.k8s.io', version: 'v1beta2' },
  { group: 'external.metrics.k8s.io', version: 'v1beta1' },
];

/**
 * The three metrics APIs that the autoscaler reads, served from this process and registered with the API server's
 * aggregator.
 */
export async function serveMetrics(client: Client, feed: Feed, groups = METRICS_APIS): Promise<MetricsServer> {
  const answers = new Answers(client, feed);
  const pair = {
    cert: readFileSync(client.endpoint.ca),
    key: readFileSync(join(dirname(client.endpoint.ca), 'apiserver.key')),
  };
  const server = https.createServer(pair, async (request, response) => {
    const send = (code: number, body: Body) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const fail = (code: number, reason: string, message: string) =>
      send(code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code, message });
    try {
      const url = new URL(request.url!, 'https://metrics');
      const path = url.pathname.split('/').filter(Boolean).map(decodeURIComponent);
      const body = await answers.to(path, url.searchParams.get('labelSelector') ?? '');
      if (body === undefined) fail(404, 'NotFound', `no ${url.pathname}`);
      else send(200, body);
    } catch (error) {
      fail(500, 'InternalError', String(error));
    }
  });
  await new Promise<void>((done, reject) => server.once('error', reject).listen(0, '127.0.0.1', done));
  await registerApis(client, 'test-metrics', (server.address() as AddressInfo).port, groups);
  return {
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Every metric there is, at a value that keeps each scaler at its minimum. */
export function serveQuietMetrics(client: Client): Promise<MetricsServer> {
  const idle = { cpu: '1m', memory: '1Mi' };
  return serveMetrics(client, {
    usage: (pod) => Object.fromEntries(pod.spec.containers.map(({ name }: Body) => [name, idle])),
    pod: () => 0,
    object: () => 0,
    external: () => 0,
  });
}

/** An ExternalName needs no endpoints, so a process outside the cluster can be an aggregated API. */
export async function registerApis(
  client: Client,
  name: string,
  port: number,
  groups: typeof METRICS_APIS,
  wait: (what: string, probe: () => Promise<boolean>) => Promise<unknown> = until,
): Promise<void> {
  const service = { name, namespace: 'kube-system' };
  await client.apply({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: service,
    spec: { type: 'ExternalName', externalName: 'localhost' },
  });
  const apis: KubernetesObject[] = groups.map(({ group, version }) => ({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: `${version}.${group}` },
    spec: {
      group,
      version,
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { ...service, port },
    },
  }));
  for (const api of apis) {
    await client.apply(api);
    await wait(`${api.metadata.name} available`, async () => {
      const { status } = await client.get(await client.path(api));
      return status?.conditions?.some((c: Body) => c.type === 'Available' && c.status === 'True');
    });
  }
}

class Answers {
  constructor(
    private readonly client: Client,
    private readonly feed: Feed,
  ) {}

  async to([apis, group, version, ...rest]: string[], selector: string): Promise<Body | undefined> {
    const api = `${group}/${version}`;
    if (apis !== 'apis' || !METRICS_APIS.some((g) => g.group === group && g.version === version)) return undefined;
    if (rest.length === 0) return discovery(api);
    const [scope, namespace, ...path] = rest;
    if (scope !== 'namespaces') return undefined;
    const list = { apiVersion: api, metadata: {} };
    if (group === 'metrics.k8s.io') {
      return { ...list, kind: 'PodMetricsList', items: await this.usage(namespace, selector) };
    }
    if (group === 'external.metrics.k8s.io') {
      return { ...list, kind: 'ExternalMetricValueList', items: this.external(namespace, path[0], selector) };
    }
    const [resource, name, metric] = path;
    const items =
      name === '*' ? await this.pods(namespace, metric, selector) : this.object(namespace, resource, name, metric);
    return { ...list, kind: 'MetricValueList', items };
  }

  private async running(namespace: string, selector: string): Promise<Body[]> {
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
    const { items } = await this.client.get(path);
    return items.filter((pod: Body) => pod.status.phase === 'Running');
  }

  private async usage(namespace: string, selector: string): Promise<Body[]> {
    const pods = await this.running(namespace, selector);
    return pods.flatMap((pod) => {
      const usage = this.feed.usage?.(pod);
      if (usage === undefined) return [];
      const containers = Object.entries(usage).map(([name, of]) => ({
        name,
        usage: Object.fromEntries(Object.entries(of).map(([resource, value]) => [resource, quantity(value)])),
      }));
      const { name, labels } = pod.metadata;
      return [{ metadata: { name, namespace, labels }, timestamp: timestamp(), window: '1s', containers }];
    });
  }

  private async pods(namespace: string, metric: string, selector: string): Promise<Body[]> {
    const pods = await this.running(namespace, selector);
    return pods.flatMap((pod) =>
      measured('Pod', namespace, pod.metadata.name, metric, this.feed.pod?.({ namespace, metric, pod })),
    );
  }

  private object(namespace: string, resource: string, name: string, metric: string): Body[] {
    return measured(resource, namespace, name, metric, this.feed.object?.({ namespace, metric, resource, name }));
  }

  private external(namespace: string, metric: string, selector: string): Body[] {
    const value = this.feed.external?.({ namespace, metric, selector });
    if (value === undefined) return [];
    return [{ metricName: metric, metricLabels: {}, timestamp: timestamp(), value: quantity(value) }];
  }
}

function measured(kind: string, namespace: string, name: string, metric: string, value: Value | undefined): Body[] {
  if (value === undefined) return [];
  const describedObject = { kind, namespace, name, apiVersion: 'v1' };
  return [{ describedObject, metric: { name: metric }, timestamp: timestamp(), value: quantity(value) }];
}

function discovery(groupVersion: string): Body {
  const verbs = ['get', 'list'];
  const pods = { name: 'pods', kind: 'PodMetrics', singularName: '', namespaced: true, verbs };
  const resources = groupVersion.startsWith('metrics.') ? [pods] : [];
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

const timestamp = () => new Date().toISOString().replace(/\.\d+/, '');

const quantity = (value: Value) =>
  typeof value === 'number' && !Number.isInteger(value) ? `${Math.round(value * 1000)}m` : String(value);
