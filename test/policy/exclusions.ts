import type { Finding } from './tools';

export interface Exclusion {
  readonly tool: Finding['tool'];
  readonly rule: string;
  /** Part of what the tool says, where a rule checks several things. @default - whatever it says */
  readonly says?: string;
  /** Why our output is right all the same; docs/decisions says it in the same words. */
  readonly reason: string;
}

/** What the policy checkers find in the examples and we mean to keep. An entry that finds nothing any more is an error. */
export const EXCLUSIONS: Exclusion[] = [];

export function excludes({ tool, rule, says }: Exclusion, finding: Finding): boolean {
  return finding.tool === tool && finding.rule === rule && (says === undefined || finding.says.includes(says));
}
