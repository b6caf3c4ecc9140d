import { type Manifest, nameOf } from '../tools/manifests';
import { type Body, type Client, type KubernetesObject, sleep } from './client';
import { installCrds, isCustom, schemasOf } from './crds';
import { isKnative, ownershipFindings, type Pod, podOfKnative } from './ownership';
import { provideNamespaces, provideReferences, provideVolumes } from './surroundings';

/**
 * Manifests before a real control plane. Each step gives what the control plane has against them, a line each; a step
 * presupposes the ones above it.
 */
export class Trial {
  constructor(
    private readonly client: Client,
    private readonly manifests: Manifest[],
    private readonly patienceMs = 120_000,
  ) {}

  /**
   * Strict creation, in namespaces that enforce the restricted Pod Security Standard, without a warning.
   *
   * @param withNodes whether nodes get the labels that pods ask for
   */
  async create(withNodes = true): Promise<string[]> {
    await installCrds(this.client, schemasOf(this.manifests.map(({ object }) => object)));
    const isNamespace = ({ object }: Manifest) => object.kind === 'Namespace';
    const findings = await this.createAll(this.manifests.filter(isNamespace));
    await provideNamespaces(this.client, this.manifests);
    await provideReferences(this.client, this.manifests, withNodes);
    findings.push(...(await this.createAll(this.manifests.filter((m) => !isNamespace(m)))));
    return findings;
  }

  /** Every Deployment has all the pods it wants, and they are available. */
  async available(): Promise<string[]> {
    return this.each('Deployment', async (deployment) => {
      // Each time, for a pod may come with claims of its own.
      await provideVolumes(this.client);
      const { metadata, spec, status } = await this.live(deployment);
      const settled = status.observedGeneration === metadata.generation && status.updatedReplicas === spec.replicas;
      const available = condition(status, 'Available')?.status === 'True';
      if (available && (settled || spec.replicas === 0) && (status.availableReplicas ?? 0) === spec.replicas) return [];
      return [`${nameOf(deployment)} is not available: ${await this.complaint(deployment)}`];
    });
  }

  /**
   * Every autoscaler reads its metrics and is about to scale, or is disabled because its target is at zero. Of a
   * ScaledObject nothing is said: the operator that would make its autoscaler does not run here.
   */
  async scaling(): Promise<string[]> {
    return this.each('HorizontalPodAutoscaler', async (scaler) => {
      const { status } = await this.live(scaler);
      const { kind, name } = scaler.spec.scaleTargetRef;
      // Its controller does not run here: without a number of replicas it counts as none.
      const idle = kind === 'Rollout';
      const target = this.of('Deployment').find(
        (d) => d.metadata.name === name && d.metadata.namespace === scaler.metadata.namespace,
      );
      const active = condition(status, 'ScalingActive');
      const disabled = idle || target?.spec.replicas === 0;
      const found = `${active?.status} ${active?.reason}`;
      if (found !== (disabled ? 'False ScalingDisabled' : 'True ValidMetricFound')) {
        return [`${nameOf(scaler)}: ScalingActive is ${found}: ${active?.message}`];
      }
      const atRest = disabled || status.currentReplicas === status.desiredReplicas;
      return atRest ? [] : [`${nameOf(scaler)} has not come to rest`];
    });
  }

  /** No pod is selected by two of a kind, nothing selects in vain. */
  async ownership(): Promise<string[]> {
    const objects = this.manifests.map(({ object }) => object);
    return ownershipFindings(objects, await this.pods());
  }

  /** Every port of every Service leads to a port of each of its pods that are ready. */
  async endpoints(): Promise<string[]> {
    return this.each('Service', async (service) => {
      if (service.spec.selector === undefined) return [];
      const { name, namespace = 'default' } = service.metadata;
      const pods = await this.selected(namespace, service.spec.selector);
      const query = `labelSelector=kubernetes.io/service-name%3D${name}`;
      const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?${query}`;
      const { items } = await this.client.get(path);
      return service.spec.ports.flatMap((port: Body) => {
        const slices = items.filter((s: Body) => s.ports?.some((p: Body) => p.name === (port.name ?? '') && p.port));
        const ready = slices.flatMap((s: Body) => s.endpoints).filter((e: Body) => e.conditions.ready);
        if (ready.length === pods.length) return [];
        return [`${nameOf(service)}: port ${port.name} leads to ${ready.length} of ${pods.length} pods`];
      });
    });
  }

  /** Applied again, nothing changes: no field was rewritten by the server, none is contested. */
  async again(): Promise<string[]> {
    const findings: string[] = [];
    for (const { object } of this.manifests) {
      const before = await this.live(object);
      findings.push(...differences(object, before, nameOf(object)));
      try {
        // A list without keys is one value: defaults within it are its creator's, whoever that was.
        const { body: after, warnings } = await this.client.apply(object, 'test', isCustom(object));
        findings.push(...warnings.map((warning) => `${nameOf(object)}: warning: ${warning}`));
        if (after.metadata.generation !== before.metadata.generation) findings.push(`${nameOf(object)} changed`);
      } catch (error) {
        findings.push(`${nameOf(object)}: ${(error as Error).message}`);
      }
    }
    return findings;
  }

  private async createAll(manifests: Manifest[]): Promise<string[]> {
    const findings: string[] = [];
    for (const { object, text } of manifests) {
      try {
        const { warnings } = await this.client.createStrictly(object, text);
        findings.push(...warnings.map((warning) => `${nameOf(object)}: warning: ${warning}`));
      } catch (error) {
        findings.push(`${nameOf(object)}: ${(error as Error).message}`);
      }
    }
    return findings;
  }

  /** Asks until there is nothing to find any more, or patience ends. */
  private async each(kind: string, probe: (object: KubernetesObject) => Promise<string[]>): Promise<string[]> {
    for (const end = Date.now() + this.patienceMs; ; await sleep(200)) {
      const findings = (await Promise.all(this.of(kind).map(probe))).flat();
      if (findings.length === 0 || Date.now() >= end) return findings;
    }
  }

  private of(kind: string): KubernetesObject[] {
    return this.manifests.map(({ object }) => object).filter((object) => object.kind === kind && !isKnative(object));
  }

  private async live(object: KubernetesObject): Promise<Body> {
    return this.client.get(await this.client.path(object));
  }

  private async selected(namespace: string, labels: Record<string, string>): Promise<Body[]> {
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector.join())}`;
    return (await this.client.get(path)).items;
  }

  /** Why the pods of a Deployment do not come up, in the words of whoever refuses them. */
  private async complaint(deployment: KubernetesObject): Promise<string> {
    const { status } = await this.live(deployment);
    const failure = condition(status, 'ReplicaFailure')?.message;
    if (failure !== undefined) return failure;
    const { namespace = 'default' } = deployment.metadata;
    const pods = await this.selected(namespace, deployment.spec.selector.matchLabels);
    const unscheduled = pods.map((pod) => condition(pod.status, 'PodScheduled')?.message).find(Boolean);
    return unscheduled ?? JSON.stringify(status);
  }

  /** The pods there are, and one for each Deployment that is at zero and each Rollout and Knative Service, which nobody runs. */
  private async pods(): Promise<Pod[]> {
    const namespaces = new Set(this.manifests.map(({ object }) => object.metadata.namespace ?? 'default'));
    const live = (await this.client.get('/api/v1/pods')).items.filter((p: Body) =>
      namespaces.has(p.metadata.namespace),
    );
    const sets = (await this.client.get('/apis/apps/v1/replicasets')).items;
    const maker = (object: Body) => object.metadata.ownerReferences?.find((ref: Body) => ref.controller);
    const running = live.map(({ metadata }: Body): Pod => {
      const direct = maker({ metadata });
      const owner = maker(sets.find((s: Body) => s.metadata.uid === direct?.uid) ?? { metadata: {} }) ?? direct;
      return { owner: `${owner?.kind}/${owner?.name}`, namespace: metadata.namespace, labels: metadata.labels ?? {} };
    });
    const idle = [...this.of('Deployment').filter(({ spec }) => spec.replicas === 0), ...this.of('Rollout')];
    const dormant = idle.map((deployment) => ({
      owner: nameOf(deployment),
      namespace: deployment.metadata.namespace ?? 'default',
      labels: deployment.spec.template.metadata.labels,
    }));
    const knative = this.manifests.filter(({ object }) => isKnative(object)).map(({ object }) => podOfKnative(object));
    return [...running, ...dormant, ...knative];
  }
}

const condition = (status: Body, type: string) => status?.conditions?.find((c: Body) => c.type === type);

/** Where what was written is not what is kept: a GitOps tool would report it as drift for ever. */
function differences(written: Body, kept: Body, path: string): string[] {
  if (typeof written !== 'object' || written === null) {
    return written === kept ? [] : [`${path} was ${JSON.stringify(written)}, is kept as ${JSON.stringify(kept)}`];
  }
  if (Array.isArray(written) && written.length !== kept?.length) return [`${path} has another length`];
  return Object.entries(written).flatMap(([key, value]) => differences(value, kept?.[key], `${path}.${key}`));
}
