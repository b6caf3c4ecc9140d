import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { READINESS_GATE_LABEL } from '../component/doors';
import { requireInteger, requireNamespace, requireUnique } from '../internal/checks';
import { emitObject } from '../internal/emit';
import { errors, located } from '../internal/errors';
import { LABELS, MANAGED_BY, requireAnnotations, requireOwnLabels } from '../internal/labels';
import type { Gpu } from '../sizing/gpu';

/** The most devices of one resource that pods of a namespace may hold together. */
export class GpuQuota {
  /**
   * A limit for all devices that share the resource of this one: `nvidia.com/gpu` does not tell an L4 from an A100.
   *
   * @param maxGpus at least 0
   * @throws OutOfRange
   */
  public static of(gpu: Gpu, maxGpus: number): GpuQuota {
    requireInteger('maxGpus', maxGpus, 0);
    return new GpuQuota(gpu.resourceName, maxGpus);
  }

  private constructor(
    /** The extended resource. */
    public readonly resourceName: string,
    /** How many of it. */
    public readonly maxGpus: number,
  ) {}
}

/** A namespace for serving. */
export interface ServingNamespaceProps {
  /** The name of the namespace. */
  readonly name: string;

  /**
   * What pods of the namespace may hold together, a quota per resource.
   *
   * @default - no quota
   */
  readonly gpuQuotas?: GpuQuota[];

  /**
   * Whether pods behind a load balancer of AWS wait until it takes them for healthy before they count as ready.
   *
   * @default false
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate/
   */
  readonly loadBalancerReadinessGate?: boolean;

  /**
   * More labels.
   *
   * @default - those of Pod Security
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations.
   *
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

const POD_SECURITY_LABELS = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/**
 * A namespace that admits only pods that meet Pod Security's `restricted`, as all pods of this library do, and that
 * bounds what their GPUs can cost.
 *
 * @example
 * new ServingNamespace(chart, 'Namespace', { name: 'ml', gpuQuotas: [GpuQuota.of(Gpu.NVIDIA_L4, 16)] });
 */
export class ServingNamespace extends Construct {
  /** The name of the namespace. */
  public readonly name: string;

  /** The `v1` Namespace. */
  public readonly namespaceObject: ApiObject;

  /** The `v1` ResourceQuota; undefined where there is no quota. */
  public readonly resourceQuota?: ApiObject;

  /** @throws InvalidName, InvalidLabel, ReservedLabel, EmptyList, DuplicateKey */
  public constructor(scope: Construct, id: string, props: ServingNamespaceProps) {
    super(scope, id);
    const { name, gpuQuotas } = props;
    located(this.node.path, () => requireProps(props));
    this.name = name;
    this.namespaceObject = emitObject(this, 'namespace', {
      apiVersion: 'v1',
      kind: 'Namespace',
      name,
      labels: namespaceLabels(props),
      annotations: props.annotations,
      content: {},
    });
    if (gpuQuotas !== undefined) {
      const hard = Object.fromEntries(
        gpuQuotas.map(({ resourceName, maxGpus }) => [`requests.${resourceName}`, String(maxGpus)]),
      );
      this.resourceQuota = emitObject(this, 'gpu-quota', {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        name: 'gpus',
        namespace: name,
        labels: { [LABELS.managedBy]: MANAGED_BY },
        content: { spec: () => ({ hard }) },
      });
    }
  }
}

function requireProps({ name, gpuQuotas, labels, annotations }: ServingNamespaceProps): void {
  requireNamespace('name', name);
  requireOwnLabels('labels', labels ?? {});
  const owned = Object.keys(POD_SECURITY_LABELS).find((key) => key in (labels ?? {}));
  if (owned !== undefined) throw errors.reservedLabel('labels', owned);
  requireAnnotations('annotations', annotations ?? {});
  if (gpuQuotas?.length === 0) throw errors.emptyList('gpuQuotas', 'leave it out for no quota');
  const resourceNames = (gpuQuotas ?? []).map(({ resourceName }) => resourceName);
  requireUnique('gpuQuotas', resourceNames, 'one quota counts all devices of a resource');
}

function namespaceLabels({ loadBalancerReadinessGate, labels }: ServingNamespaceProps): { [key: string]: string } {
  return {
    ...labels,
    [LABELS.managedBy]: MANAGED_BY,
    ...POD_SECURITY_LABELS,
    ...(loadBalancerReadinessGate === true && READINESS_GATE_LABEL),
  };
}
