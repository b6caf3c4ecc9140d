import type { Finding } from './judges';

export interface Exclusion {
  readonly rule: string;
  /** Part of the name of the definition, where only one is meant. @default - all */
  readonly only?: string;
  /** Why the output is right all the same; docs/decisions says it in the same words. */
  readonly reason: string;
}

/** What checkov finds and we mean to keep. An entry that finds nothing any more is an error. */
export const EXCLUSIONS: Exclusion[] = [];

export function excludes({ rule, only = '' }: Exclusion, name: string, finding: Finding): boolean {
  return finding.rule === rule && name.includes(only);
}
