import { requireInteger, requireNamespace } from '../internal/checks';
import { errors } from '../internal/errors';
import { REGION_LABEL, requireLabels } from '../internal/labels';
import { sortedMap } from '../internal/names';
import type { Region } from './region';

/** One demand on the labels of a node. */
export class NodeRequirement {
  /**
   * The label has one of these values.
   *
   * @throws InvalidLabel, EmptyList
   */
  public static oneOf(key: string, values: string[]): NodeRequirement {
    return new NodeRequirement(key, 'In', values);
  }

  /**
   * The label is absent or has none of these values.
   *
   * @throws InvalidLabel, EmptyList
   */
  public static noneOf(key: string, values: string[]): NodeRequirement {
    return new NodeRequirement(key, 'NotIn', values);
  }

  /**
   * The label is there.
   *
   * @throws InvalidLabel
   */
  public static exists(key: string): NodeRequirement {
    return new NodeRequirement(key, 'Exists');
  }

  /**
   * The label is absent.
   *
   * @throws InvalidLabel
   */
  public static doesNotExist(key: string): NodeRequirement {
    return new NodeRequirement(key, 'DoesNotExist');
  }

  /**
   * The label is a whole number above this one.
   *
   * @throws InvalidLabel, OutOfRange
   */
  public static greaterThan(key: string, value: number): NodeRequirement {
    requireInteger('value', value, 0);
    return new NodeRequirement(key, 'Gt', [String(value)]);
  }

  /**
   * The label is a whole number below this one.
   *
   * @throws InvalidLabel, OutOfRange
   */
  public static lessThan(key: string, value: number): NodeRequirement {
    requireInteger('value', value, 0);
    return new NodeRequirement(key, 'Lt', [String(value)]);
  }

  /** @internal */
  public readonly _model: NodeRequirementModel;

  private constructor(key: string, operator: NodeRequirementModel['operator'], values?: string[]) {
    if (values?.length === 0) throw errors.emptyList('values', 'state at least one value');
    for (const value of values ?? ['']) requireLabels('key', { [key]: value });
    this._model = { key, operator, ...(values !== undefined && { values: [...values] }) };
  }
}

/** Which pods, and what they share with ours when they are near. */
export interface PodAffinityOptions {
  /** Labels of the other pods, all of them. */
  readonly labels: { [key: string]: string };

  /**
   * The label of nodes that says what near means: `kubernetes.io/hostname`, `topology.kubernetes.io/zone`.
   *
   * @default 'kubernetes.io/hostname'
   */
  readonly topologyKey?: string;

  /**
   * Namespaces of the other pods.
   *
   * @default - the namespace of the component
   */
  readonly namespaces?: string[];
}

/**
 * One rule of where pods may or should run, by labels of nodes or by other pods. Several requirements of one kind all
 * hold; a component's own spread over hosts and zones needs none.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#affinity-and-anti-affinity
 */
export class Affinity {
  /**
   * Only nodes that meet all of these.
   *
   * @throws EmptyList
   */
  public static requireNodes(requirements: NodeRequirement[]): Affinity {
    return new Affinity({ requiredNodes: models(requirements) });
  }

  /**
   * Rather nodes that meet all of these.
   *
   * @param weight 1 to 100
   * @throws EmptyList, OutOfRange
   */
  public static preferNodes(weight: number, requirements: NodeRequirement[]): Affinity {
    requireInteger('weight', weight, 1, 100);
    return new Affinity({ preferredNodes: { weight, requirements: models(requirements) } });
  }

  /**
   * Only near such pods.
   *
   * @throws InvalidLabel, InvalidName
   */
  public static requirePods(options: PodAffinityOptions): Affinity {
    return new Affinity({ requiredPods: term(options) });
  }

  /**
   * Rather near such pods.
   *
   * @param weight 1 to 100
   * @throws InvalidLabel, InvalidName, OutOfRange
   */
  public static preferPods(weight: number, options: PodAffinityOptions): Affinity {
    requireInteger('weight', weight, 1, 100);
    return new Affinity({ preferredPods: { weight, podAffinityTerm: term(options) } });
  }

  /**
   * Never near such pods.
   *
   * @throws InvalidLabel, InvalidName
   */
  public static avoidPods(options: PodAffinityOptions): Affinity {
    return new Affinity({ avoidedPods: term(options) });
  }

  /**
   * Rather not near such pods.
   *
   * @param weight 1 to 100
   * @throws InvalidLabel, InvalidName, OutOfRange
   */
  public static preferToAvoidPods(weight: number, options: PodAffinityOptions): Affinity {
    requireInteger('weight', weight, 1, 100);
    return new Affinity({ preferablyAvoidedPods: { weight, podAffinityTerm: term(options) } });
  }

  private constructor(
    /** @internal */
    public readonly _model: AffinityRule,
  ) {}
}

/** One demand on a node, as Kubernetes writes it. */
export interface NodeRequirementModel {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values?: string[];
}

/** Other pods, as Kubernetes writes them. */
export interface PodTermModel {
  readonly labelSelector: { readonly matchLabels: { [key: string]: string } };
  readonly topologyKey: string;
  readonly namespaces?: string[];
}

/** One rule; just one of the fields is there. */
export interface AffinityRule {
  readonly requiredNodes?: NodeRequirementModel[];
  readonly preferredNodes?: { readonly weight: number; readonly requirements: NodeRequirementModel[] };
  readonly requiredPods?: PodTermModel;
  readonly preferredPods?: { readonly weight: number; readonly podAffinityTerm: PodTermModel };
  readonly avoidedPods?: PodTermModel;
  readonly preferablyAvoidedPods?: { readonly weight: number; readonly podAffinityTerm: PodTermModel };
}

/** Only nodes of this region. */
export function inRegion({ name }: Region): AffinityRule {
  return { requiredNodes: [{ key: REGION_LABEL, operator: 'In', values: [name] }] };
}

function models(requirements: NodeRequirement[]): NodeRequirementModel[] {
  if (requirements.length === 0) throw errors.emptyList('requirements', 'state at least one');
  return requirements.map((requirement) => requirement._model);
}

function term(options: PodAffinityOptions): PodTermModel {
  requireLabels('labels', options.labels);
  if (Object.keys(options.labels).length === 0)
    throw errors.emptyList('labels', 'an empty selector would mean every pod');
  const topologyKey = options.topologyKey ?? 'kubernetes.io/hostname';
  requireLabels('topologyKey', { [topologyKey]: '' });
  for (const namespace of options.namespaces ?? []) requireNamespace('namespaces', namespace);
  return {
    labelSelector: { matchLabels: sortedMap(options.labels) },
    topologyKey,
    ...(options.namespaces !== undefined && { namespaces: [...options.namespaces] }),
  };
}
