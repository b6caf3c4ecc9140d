import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goBuild } from '../tools/go';
import { run } from '../tools/run';

/** Argo Rollouts' own reader of AnalysisTemplates, and evaluator of their conditions. */
export const conditionsBinary = () => goBuild('argo-conditions', join(__dirname, 'conditions'), '-s -w');

/** An AnalysisTemplate, with what it may be given and what its metrics may measure. */
export interface Question {
  readonly spec: object;
  readonly args: Readonly<Record<string, string>>;
  /** Answers of Prometheus: numbers as text, for JSON has none for NaN. */
  readonly vectors?: readonly (readonly string[])[];
  /** Answers of a server, at the path. */
  readonly values?: readonly unknown[];
}

export interface Answer {
  /** Why it is refused. */
  readonly error?: string;
  readonly metrics: readonly {
    readonly name: string;
    /** Whether a step takes it. */
    readonly ends: boolean;
    readonly successes: number;
    readonly failureLimit: number;
    readonly inconclusiveLimit: number;
    readonly consecutiveErrorLimit: number;
    /** With the arguments in it. */
    readonly query?: string;
    /** What each answer counts as. */
    readonly vectors?: readonly string[];
    readonly values?: readonly string[];
  }[];
}

export async function argoSays(questions: readonly Question[]): Promise<Answer[]> {
  const dir = mkdtempSync(join(tmpdir(), 'bento-conditions-'));
  try {
    writeFileSync(join(dir, 'questions.json'), JSON.stringify(questions));
    const { stdout } = await run(await conditionsBinary(), [join(dir, 'questions.json')]);
    return JSON.parse(stdout) as Answer[];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
