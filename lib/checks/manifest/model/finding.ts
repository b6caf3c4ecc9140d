import type { ManifestFolder } from './manifest-folder';
import type { ManifestDocument } from './manifest-object';

/** What a rule has to say about one object. */
export interface ManifestProblem {
  readonly object: ManifestDocument;
  /** Where in the object: `spec.ports[0].targetPort`. */
  readonly location: string;
  /** What must be, and what is. */
  readonly text: string;
  /** What to do. */
  readonly remedy: string;
}

/** A rule that can be read from the objects of a folder alone. */
export interface ManifestRule {
  /** Stable, for people exclude rules by it. */
  readonly name: string;
  readonly check: (folder: ManifestFolder) => Iterable<ManifestProblem>;
}

/** A problem and the rule that found it. */
export interface Finding extends ManifestProblem {
  readonly rule: string;
}
