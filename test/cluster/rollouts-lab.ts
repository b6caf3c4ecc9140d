import { join } from 'node:path';
import { identity } from '../tools/manifests';
import { run } from '../tools/run';
import { type Body, type KubernetesObject, sleep, until } from './client';
import { Cluster, freePorts } from './cluster';
import { installCrdsFrom } from './crds';
import { startKeda } from './keda';
import { METRICS_APIS, type MetricsServer, serveMetrics } from './metrics';
import { Prometheus } from './prometheus';
import { kubectlArgoRolloutsBinary, rolloutsControllerBinary, rolloutsSource } from './rollouts-tools';

/** The pods of a namespace that can serve, at one time. */
export interface Capacity {
  /** Milliseconds since sampling began. */
  readonly at: number;
  /** Of each ReplicaSet of the API server, by its hash; those of a Deployment under `deployment`. */
  readonly ready: { readonly [hash: string]: number };
  /** Behind each Service, as its EndpointSlices say. */
  readonly behind: { readonly [service: string]: number };
  /** The tags of the images of these pods. */
  readonly tags: { readonly [service: string]: readonly string[] };
  /** Percent of the canary, as the canary's Ingress says. */
  readonly weight: number;
  /** What the scale target is to have. */
  readonly replicas?: number;
}

export interface LabOptions {
  /** With KEDA, which asks the Prometheus of the lab. @default false */
  readonly keda?: boolean;
  /** Of external metrics, by their name and namespace. */
  readonly external?: (metric: string, namespace: string) => number | undefined;
}

/**
 * A control plane with Argo Rollouts as it is released. Its Prometheus says what the test wants; weights are those of the
 * built-in router of ingress-nginx.
 */
export class RolloutsLab {
  static async up(options: LabOptions = {}): Promise<RolloutsLab> {
    const [controller, argo, source] = await Promise.all([
      rolloutsControllerBinary(),
      kubectlArgoRolloutsBinary(),
      rolloutsSource(),
    ]);
    const cluster = await Cluster.up();
    try {
      await installCrdsFrom(cluster.client, join(source, 'manifests/crds'));
      const prometheus = await Prometheus.up();
      const groups = METRICS_APIS.filter(({ group }) => group === 'external.metrics.k8s.io');
      const external = options.external ?? (() => undefined);
      const feed = {
        external: (about: { metric: string; namespace: string }) => external(about.metric, about.namespace),
      };
      const metrics = options.keda ? undefined : await serveMetrics(cluster.client, feed, groups);
      if (options.keda) await startKeda(cluster);
      const [metricsPort, healthzPort] = await freePorts(2);
      cluster.host('rollouts-controller', controller, [
        `--kubeconfig=${cluster.kubeconfig}`,
        '--leader-elect=false',
        '--loglevel=debug',
        '--qps=500',
        '--burst=1000',
        `--metricsPort=${metricsPort}`,
        `--healthzPort=${healthzPort}`,
      ]);
      return new RolloutsLab(cluster, prometheus, metrics, argo);
    } catch (error) {
      await cluster.down();
      throw error;
    }
  }

  private readonly definitions = new Map<string, KubernetesObject[]>();

  private constructor(
    readonly cluster: Cluster,
    readonly prometheus: Prometheus,
    private readonly metrics: MetricsServer | undefined,
    private readonly argo: string,
  ) {}

  async down(): Promise<void> {
    await Promise.all([this.metrics?.close(), this.prometheus.close(), this.cluster.down()]);
  }

  /** Applies objects in their order; the Prometheus of an analysis is ours, whatever they name. */
  async apply(...objects: KubernetesObject[]): Promise<void> {
    const { client } = this.cluster;
    for (const namespace of new Set(objects.map(({ metadata }) => metadata.namespace ?? 'default'))) {
      await client.namespace(namespace, {});
    }
    for (const object of objects) await client.apply(this.redirected(object), 'lab', true);
  }

  /**
   * Applies a definition as it is, and takes out what the one before it had beyond that, as a GitOps tool does: gives what
   * was taken out. Namespaces hold pods to the restricted Pod Security Standard; a warning of the server is an error.
   */
  async edit(namespace: string, objects: KubernetesObject[]): Promise<string[]> {
    const { client } = this.cluster;
    await client.namespace(namespace, {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/warn': 'restricted',
    });
    for (const object of objects) {
      const { warnings } = await client.apply(object, 'lab', true);
      if (warnings.length > 0) throw new Error(`${identity(object)}: ${warnings.join()}`);
    }
    const kept = new Set(objects.map(identity));
    const gone = (this.definitions.get(namespace) ?? []).filter((object) => !kept.has(identity(object)));
    this.definitions.set(namespace, objects);
    for (const object of gone) await this.delete(object);
    return gone.map((object) => `${object.kind}/${object.metadata.name}`);
  }

  async delete(object: KubernetesObject): Promise<void> {
    const { client } = this.cluster;
    const path = await client.path(object);
    await client.request('DELETE', path);
    await until(`${path} is gone`, async () => (await client.find(path)) === undefined);
  }

  async rollout(namespace: string, name = 'rag'): Promise<Body> {
    return this.cluster.client.get(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts/${name}`);
  }

  /** What a human does to a Rollout: `promote`, `abort`, `retry`. */
  async command(namespace: string, ...args: string[]): Promise<string> {
    const own = [...args, '--namespace', namespace, '--kubeconfig', this.cluster.kubeconfig];
    return (await run(this.argo, own)).stdout;
  }

  /** Waits until the controller has seen the newest definition of a Rollout, and `holds`. */
  async reaches(namespace: string, what: string, holds: (status: Body, spec: Body) => unknown): Promise<Body> {
    let last: Body;
    const reached = async () => {
      const { metadata, spec, status } = await this.rollout(namespace);
      last = { ...status, replicas: spec.replicas };
      return status?.observedGeneration === String(metadata.generation) && Boolean(holds(status, spec));
    };
    await this.cluster.wait(`${namespace}: ${what}`, reached, 60_000).catch((error) => {
      throw new Error(`${error.message}\n${JSON.stringify(last)}`);
    });
    return last;
  }

  /** Waits until nothing of a release is left to do. */
  async settles(namespace: string): Promise<Body> {
    return this.reaches(namespace, 'healthy', ({ phase, stableRS, currentPodHash, updatedReplicas }, { replicas }) => {
      return phase === 'Healthy' && stableRS === currentPodHash && updatedReplicas === replicas;
    });
  }

  /** What could serve in a namespace while something happened: the first state, and each change. */
  async during(namespace: string, happening: () => Promise<unknown>): Promise<Capacity[]> {
    const moments: Capacity[] = [];
    const began = Date.now();
    let over = false;
    const record = async () => {
      // Once more when it is over: what came last is seen, too.
      for (let last = false; !last; await sleep(50)) {
        last = over;
        const { at: _, ...state } = await this.capacity(namespace, 0);
        const { at: __, ...before } = moments.at(-1) ?? { at: 0 };
        if (JSON.stringify(state) !== JSON.stringify(before)) moments.push({ at: Date.now() - began, ...state });
      }
    };
    const recording = record();
    // A sampler that fails beside a test that fails is no error of its own.
    recording.catch(() => undefined);
    await Promise.resolve(happening()).finally(() => {
      over = true;
    });
    await recording;
    return moments;
  }

  async capacity(namespace: string, at: number): Promise<Capacity> {
    const { client } = this.cluster;
    const [pods, slices, ingresses, rollouts] = await Promise.all([
      client.get(`/api/v1/namespaces/${namespace}/pods`),
      client.get(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`),
      client.get(`/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses`),
      client.get(`/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`),
    ]);
    const serving = pods.items.filter(serves);
    const ready: { [hash: string]: number } = {};
    for (const { metadata } of serving) {
      if (metadata.labels['app.kubernetes.io/component'] !== 'api-server') continue;
      const hash = metadata.labels['rollouts-pod-template-hash'] ?? 'deployment';
      ready[hash] = (ready[hash] ?? 0) + 1;
    }
    const images = new Map<string, string>(serving.map((pod: Body) => [pod.metadata.name, imageTag(pod)]));
    const behind: { [service: string]: number } = {};
    const tags: { [service: string]: string[] } = {};
    for (const { metadata, endpoints } of slices.items) {
      const service = metadata.labels['kubernetes.io/service-name'];
      const leads = ({ conditions, targetRef }: Body) => conditions.ready === true && images.has(targetRef.name);
      const leading: Body[] = (endpoints ?? []).filter(leads);
      behind[service] = (behind[service] ?? 0) + leading.length;
      const all = [...(tags[service] ?? []), ...leading.map(({ targetRef }) => images.get(targetRef.name)!)];
      tags[service] = [...new Set(all)].sort();
    }
    const weights = ingresses.items.map(
      ({ metadata }: Body) => metadata.annotations?.['nginx.ingress.kubernetes.io/canary-weight'] ?? 0,
    );
    const replicas = rollouts.items[0]?.spec.replicas;
    return { at, ready, behind, tags, weight: Math.max(0, ...weights.map(Number)), replicas };
  }

  private redirected(object: KubernetesObject): KubernetesObject {
    if (object.kind !== 'AnalysisTemplate') return object;
    const copy = structuredClone(object);
    for (const { provider } of copy.spec.metrics) {
      if (provider.prometheus !== undefined) provider.prometheus.address = this.prometheus.url;
    }
    return copy;
  }
}

function imageTag({ spec }: Body): string {
  return spec.containers[0].image.split(':').at(-1);
}

function serves({ metadata, status }: Body): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return status.conditions?.some((c: Body) => c.type === 'Ready' && c.status === 'True') ?? false;
}
