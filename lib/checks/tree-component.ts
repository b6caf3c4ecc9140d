import type { ComponentModel } from '../component/component-model';
import type { Path } from '../component/hops';
import type { Claim } from '../component/plan';
import type { BentoError } from '../internal/bento-error';
import { placed } from '../internal/names';

/** A component as the checks see it: where it is, what it is, what it claims, who calls it. */
export interface TreeComponent {
  /** The path of its construct, for messages. */
  readonly path: string;
  readonly cluster: string;
  readonly model: ComponentModel;
  readonly claims: readonly Claim[];
  /** From it to each service that it calls. */
  readonly outgoing: () => readonly Path[];
  /** Components of other deployments that call it. */
  readonly callers: () => readonly TreeCaller[];
}

/** Who calls a component: by its name in its namespace, without one in that of the component. */
export interface TreeCaller {
  readonly name: string;
  readonly namespace?: string;
}

/** A contradiction, at the construct to which it is reported. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** A problem that has an error of its own. */
export function problemAt(path: string, error: BentoError): Problem {
  return { path, message: error.at(path).message };
}

/** Where its pods are: selectors mean nothing across namespaces or clusters. */
export function placeOf({ cluster, model }: TreeComponent): string {
  return placed(cluster, model.identity.namespace);
}
