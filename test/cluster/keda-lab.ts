import type { Manifest } from '../tools/manifests';
import { type Body, type KubernetesObject, sleep, until } from './client';
import { Cluster, type ClusterOptions } from './cluster';
import { installCrds, schemasOf } from './crds';
import { startKeda } from './keda';
import { METRICS_APIS, type MetricsServer, serveMetrics } from './metrics';
import { Prometheus } from './prometheus';
import { provideReferences, provideVolumes } from './surroundings';

export interface Moment {
  /** Milliseconds since recording began. */
  readonly at: number;
  readonly replicas: number;
}

/**
 * A control plane with KEDA as it is released: operator, metrics adapter and, by them, the real autoscaler. Its
 * Prometheus says what the test wants. Workloads are Deployments, named `namespace/name`.
 */
export class KedaLab {
  static async up(options: ClusterOptions = {}): Promise<KedaLab> {
    const cluster = await Cluster.up(options);
    try {
      const prometheus = await Prometheus.up();
      // Of pods it knows what an idle one uses; external metrics are KEDA's.
      const own = METRICS_APIS.filter(({ group }) => group !== 'external.metrics.k8s.io');
      const usage = (pod: Body) =>
        Object.fromEntries(pod.spec.containers.map(({ name }: Body) => [name, { cpu: '1m', memory: '1Mi' }]));
      const metrics = await serveMetrics(cluster.client, { usage }, own);
      const lab = new KedaLab(cluster, prometheus, metrics);
      await startKeda(cluster).catch(async (error) => {
        await lab.down();
        throw error;
      });
      return lab;
    } catch (error) {
      await cluster.down();
      throw error;
    }
  }

  private constructor(
    readonly cluster: Cluster,
    readonly prometheus: Prometheus,
    private readonly metrics: MetricsServer,
  ) {}

  async down(): Promise<void> {
    await Promise.all([this.metrics.close(), this.prometheus.close(), this.cluster.down()]);
  }

  /**
   * Applies objects in their order, as a GitOps tool would, after what they need: namespaces, definitions of custom
   * kinds, what pods refer to. Whatever Prometheus a trigger names, it is sent to ours.
   */
  async apply(objects: KubernetesObject[]): Promise<void> {
    const { client } = this.cluster;
    // KEDA's own definitions are there already.
    await installCrds(client, schemasOf(objects.filter(({ apiVersion }) => !apiVersion.startsWith('keda.sh/'))));
    const manifests: Manifest[] = objects.map((object) => ({ file: '', text: '', object }));
    for (const namespace of new Set(objects.map(({ metadata }) => metadata.namespace ?? 'default'))) {
      await client.namespace(namespace, {});
    }
    await provideReferences(client, manifests);
    for (const object of objects) await client.apply(this.redirected(object), 'lab', true);
    await provideVolumes(client);
  }

  async delete(object: KubernetesObject): Promise<void> {
    const path = await this.cluster.client.path(object);
    await this.cluster.client.request('DELETE', path);
    await until(`${path} is gone`, async () => (await this.cluster.client.find(path)) === undefined);
  }

  /** What a Deployment is to have now. */
  async replicas(workload: string): Promise<number> {
    return (await this.cluster.client.get(pathOf(workload, 'apis/apps/v1', 'deployments'))).spec.replicas;
  }

  /** Waits until a Deployment is to have so many pods, and has them available. */
  async reaches(workload: string, replicas: number, timeoutMs = 60_000): Promise<void> {
    let last = 'nothing';
    const reached = async () => {
      const { spec, status } = await this.cluster.client.get(pathOf(workload, 'apis/apps/v1', 'deployments'));
      last = `${status.availableReplicas ?? 0} of ${spec.replicas}`;
      return spec.replicas === replicas && (status.availableReplicas ?? 0) === replicas;
    };
    await this.cluster.wait(`${workload} at ${replicas}`, reached, timeoutMs).catch(async (error) => {
      throw new Error(`${error.message}: it is at ${last}\n${await this.explain(workload)}`);
    });
  }

  /** Fails if a Deployment is to have any other number of pods during a time. */
  async holds(workload: string, replicas: number, forMs: number): Promise<void> {
    const moments = await this.during(workload, () => sleep(forMs));
    if (moments.length !== 1 || moments[0].replicas !== replicas) {
      throw new Error(
        `${workload} does not hold ${replicas}: ${JSON.stringify(moments)}\n${await this.explain(workload)}`,
      );
    }
  }

  /** How many pods a Deployment was to have while something happened: the first number, and each change. */
  async during(workload: string, happening: () => Promise<unknown>): Promise<Moment[]> {
    const moments: Moment[] = [];
    const began = Date.now();
    let over = false;
    const record = async () => {
      for (; !over; await sleep(50)) {
        const replicas = await this.replicas(workload);
        if (moments.at(-1)?.replicas !== replicas) moments.push({ at: Date.now() - began, replicas });
      }
    };
    const recording = record();
    await Promise.resolve(happening()).finally(() => {
      over = true;
    });
    await recording;
    return moments;
  }

  async scaledObject(name: string): Promise<Body> {
    return this.cluster.client.get(pathOf(name, 'apis/keda.sh/v1alpha1', 'scaledobjects'));
  }

  async autoscalers(namespace: string): Promise<Body[]> {
    return (await this.cluster.client.get(`/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`))
      .items;
  }

  private redirected(object: KubernetesObject): KubernetesObject {
    if (object.kind !== 'ScaledObject') return object;
    const copy = structuredClone(object);
    for (const { type, metadata } of copy.spec.triggers) {
      if (type === 'prometheus') metadata.serverAddress = this.prometheus.url;
    }
    return copy;
  }

  /** What the engines say of themselves. */
  private async explain(workload: string): Promise<string> {
    const [namespace] = workload.split('/');
    const scaled = (await this.cluster.client.get(`/apis/keda.sh/v1alpha1/namespaces/${namespace}/scaledobjects`))
      .items;
    const told = [...scaled, ...(await this.autoscalers(namespace))].flatMap((object: Body) =>
      (object.status?.conditions ?? []).map(
        (c: Body) => `${object.metadata.name}: ${c.type} ${c.status} ${c.reason}: ${c.message}`,
      ),
    );
    return told.join('\n');
  }
}

function pathOf(workload: string, api: string, resource: string): string {
  const [namespace, name] = workload.split('/');
  return `/${api}/namespaces/${namespace}/${resource}/${name}`;
}
