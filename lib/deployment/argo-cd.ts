import type { IgnoreRule } from '../engines/argo-cd';

/** What an Application of Argo CD takes for no difference: an entry of its `spec.ignoreDifferences`. */
export class ArgoCdIgnoreDifference {
  /** @internal */
  public static _of(rule: IgnoreRule): ArgoCdIgnoreDifference {
    return new ArgoCdIgnoreDifference(rule);
  }

  /** The API group of the object: `gateway.networking.k8s.io`. */
  public readonly group: string;

  /** Its kind: `HTTPRoute`. */
  public readonly kind: string;

  /** Its name. */
  public readonly name: string;

  /** Its namespace; undefined where the chart has none. */
  public readonly namespace?: string;

  /** Fields that are ignored, by JSON pointers. */
  public readonly jsonPointers: string[];

  /** Fields that are ignored, by expressions of jq. */
  public readonly jqPathExpressions: string[];

  private constructor(private readonly rule: IgnoreRule) {
    this.group = rule.group;
    this.kind = rule.kind;
    this.name = rule.name;
    this.namespace = rule.namespace;
    this.jsonPointers = [...(rule.jsonPointers ?? [])];
    this.jqPathExpressions = [...(rule.jqPathExpressions ?? [])];
  }

  /** As JSON, to be put into a manifest. */
  public toString(): string {
    return JSON.stringify(this.rule);
  }
}
