import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { startSeconds } from '../checks/node-pools';
import type { TreeComponent } from '../checks/tree-component';
import { ClusterProfile } from '../cluster/cluster-profile';
import { type KarpenterPoolIntent, type KarpenterPoolModel, resolveKarpenterPool } from '../component/karpenter-pool';
import { namespaceOf } from '../deployment/serving-tree';
import { componentsNaming, registerNodePool } from '../deployment/tree-checks';
import { WAITER_SIZE } from '../engines/container';
import { imagePullSpec } from '../engines/image-pull';
import { nodeClassSpec, nodePoolSpec, type PoolTimes } from '../engines/karpenter';
import { podRequests } from '../engines/pod-requests';
import { SPARE_PRIORITY, spareDeploymentSpec, sparePod } from '../engines/spare-nodes';
import { emitObject } from '../internal/emit';
import { located } from '../internal/errors';
import { LABELS, MANAGED_BY } from '../internal/labels';
import { sortedMap } from '../internal/names';
import { warn } from '../internal/warnings';
import type { INodePool, NodePoolBinding } from '../placement/node-pool';
import { bindingOf, type NodePoolModel } from '../placement/node-pool-model';
import type { SizeModel } from '../sizing/instance-size';

/** No node is given back sooner: what has just been started may be needed again. */
const CONSOLIDATE_SECONDS = { gpu: 600, cpu: 300 } as const;
const GRACE_SECONDS = 3600;
const MINUTE = 60;

interface PoolObjects {
  readonly nodeClasses: ApiObject[];
  readonly nodePools: ApiObject[];
  readonly spare?: ApiObject;
  readonly imagePull?: ApiObject;
}

/** Nodes that Karpenter makes when pods need them, and ends when they do not. */
export abstract class KarpenterPool extends Construct implements INodePool {
  private model!: KarpenterPoolModel;
  private objects!: PoolObjects;

  /** The name of the pool. */
  public get name(): string {
    return this.model.name;
  }

  /** The `karpenter.sh/v1` NodePools, one for each rung of its capacity; a copy. */
  public get nodePools(): ApiObject[] {
    return [...this.objects.nodePools];
  }

  /** The `karpenter.k8s.aws/v1` EC2NodeClasses: one for all rungs, and one for each that is reserved; a copy. */
  public get nodeClasses(): ApiObject[] {
    return [...this.objects.nodeClasses];
  }

  /**
   * The `apps/v1` Deployment of the pods that hold warm nodes, or the `autoscaling.x-k8s.io/v1beta1` CapacityBuffer;
   * undefined without.
   */
  public get spare(): ApiObject | undefined {
    return this.objects.spare;
  }

  /** The `apps/v1` DaemonSet that pulls images; undefined without. */
  public get imagePull(): ApiObject | undefined {
    return this.objects.imagePull;
  }

  /** @internal */
  public get _nodePool(): NodePoolModel {
    return this.model.pool;
  }

  /** @internal */
  public _emit(intent: KarpenterPoolIntent, pullImages: boolean): void {
    const { path } = this.node;
    const profile = ClusterProfile.of(this);
    const daemon = pullImages ? { daemon: WAITER_SIZE } : {};
    const { model, warnings } = located(path, () => resolveKarpenterPool({ ...intent, ...daemon }, profile, path));
    const namespace = located(path, () => namespaceOf(this, profile));
    this.model = model;
    this.objects = {
      nodeClasses: this.emitClasses(),
      nodePools: model.rungs.map((rung) =>
        this.emit(`node-pool-${rung.name}`, 'karpenter.sh/v1', 'NodePool', rung.name, () =>
          nodePoolSpec(model, rung, this.times()),
        ),
      ),
      ...(model.warmNodes > 0 && { spare: this.emitSpare(namespace) }),
      ...(pullImages && { imagePull: this.emitImagePull(namespace) }),
    };
    registerNodePool(this, { path, model });
    for (const { id, text } of warnings) warn(this, id, text);
  }

  /** What its nodes are, to pods. */
  public bindPods(): NodePoolBinding {
    return bindingOf(this._nodePool);
  }

  /**
   * GPUs that pods hold for spare nodes.
   *
   * @internal
   */
  public _spareGpus(): number {
    const { warmNodes, karpenter } = this.model;
    return karpenter.capacityBuffers ? 0 : warmNodes * (this.largest().gpu?.count ?? 0);
  }

  private emitClasses(): ApiObject[] {
    const first = new Map(this.model.rungs.map((rung) => [rung.nodeClassName, rung]));
    return [...first].map(([name, rung]) =>
      this.emit(`node-class-${name}`, 'karpenter.k8s.aws/v1', 'EC2NodeClass', name, () =>
        nodeClassSpec(this.model, rung),
      ),
    );
  }

  private emitSpare(namespace: string | undefined): ApiObject {
    const name = `${this.name}-spare`;
    const { selector, labels } = this.labelsOf('spare-nodes');
    const spare = () => ({ pool: this.model, name, selector, labels, size: this.largest() });
    if (this.model.karpenter.capacityBuffers) {
      emitObject(this, 'spare-pod', {
        apiVersion: 'v1',
        kind: 'PodTemplate',
        name,
        namespace,
        labels,
        content: { template: () => sparePod(spare()) },
      });
      const spec = () => ({
        podTemplateRef: { name },
        provisioningStrategy: 'buffer.x-k8s.io/active-capacity',
        replicas: this.model.warmNodes,
      });
      return this.emit('spare', 'autoscaling.x-k8s.io/v1beta1', 'CapacityBuffer', name, spec, namespace);
    }
    emitObject(this, 'spare-priority', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      name,
      labels,
      content: {
        description: () => `Holds spare nodes of ${this.name}: any other pod takes their place.`,
        preemptionPolicy: () => 'Never',
        value: () => SPARE_PRIORITY,
      },
    });
    return this.emit('spare', 'apps/v1', 'Deployment', name, () => spareDeploymentSpec(spare()), namespace);
  }

  private emitImagePull(namespace: string | undefined): ApiObject {
    const { selector, labels } = this.labelsOf('image-pull');
    const spec = () => {
      const users = this.users();
      const images = new Map(users.map(({ model: { contract } }) => [contract.image.reference, contract.image]));
      const secrets = new Set(users.flatMap(({ model: { pod } }) => pod.imagePullSecrets));
      return imagePullSpec({
        pool: this.model,
        selector,
        labels,
        images: [...images.values()],
        imagePullSecrets: [...secrets],
      });
    };
    return this.emit('image-pull', 'apps/v1', 'DaemonSet', `${this.name}-image-pull`, spec, namespace);
  }

  private emit(
    id: string,
    apiVersion: string,
    kind: string,
    name: string,
    spec: () => unknown,
    namespace?: string,
  ): ApiObject {
    const { labels } = this.labelsOf('node-pool');
    return emitObject(this, id, {
      apiVersion,
      kind,
      name,
      ...(namespace !== undefined && { namespace }),
      labels,
      content: { spec },
    });
  }

  private labelsOf(component: string): { [key in 'selector' | 'labels']: { [key: string]: string } } {
    const selector = sortedMap({ [LABELS.instance]: this.name, [LABELS.component]: component });
    return { selector, labels: sortedMap({ ...selector, [LABELS.managedBy]: MANAGED_BY }) };
  }

  private users(): TreeComponent[] {
    return componentsNaming(this);
  }

  private times(): PoolTimes {
    const { consolidation, terminationGraceSeconds, pool } = this.model;
    const users = this.users().map(({ model }) => model);
    const least = pool.gpus.length > 0 ? CONSOLIDATE_SECONDS.gpu : CONSOLIDATE_SECONDS.cpu;
    const start = Math.max(least, ...users.map(startSeconds));
    const grace = Math.max(GRACE_SECONDS, ...users.map(({ drain }) => drain.gracePeriodSeconds));
    return {
      consolidateSeconds: consolidation.afterSeconds ?? Math.ceil(start / MINUTE) * MINUTE,
      terminationGraceSeconds: terminationGraceSeconds ?? Math.ceil(grace / MINUTE) * MINUTE,
    };
  }

  /** What the largest replica takes; where none names the pool yet, little more than a GPU. */
  private largest(): SizeModel {
    const users = this.users().map(({ model }) => model);
    const [gpu] = this._nodePool.gpus;
    const device = (count: number) => gpu && { name: gpu.name, resourceName: gpu.resourceName, count };
    if (users.length === 0) return { cpuCores: 1, memoryBytes: 2 ** 30, ...(gpu !== undefined && { gpu: device(1)! }) };
    const requests = users.map(podRequests);
    const gpus = Math.max(...users.map(({ size }) => size.gpu?.count ?? 0));
    return {
      cpuCores: Math.max(...requests.map(({ cpuCores }) => cpuCores)),
      memoryBytes: Math.max(...requests.map(({ memoryBytes }) => memoryBytes)),
      ...(gpu !== undefined && gpus > 0 && { gpu: device(gpus)! }),
    };
  }
}
