import { join } from 'node:path';
import { goInstall } from '../tools/go';
import { run } from '../tools/run';
import { type Venv, venv } from '../tools/venv';

export interface Finding {
  readonly tool: 'checkov' | 'kube-score';
  readonly rule: string;
  readonly object: string;
  readonly says: string;
}

export function kubeScoreBinary(): Promise<string> {
  return goInstall('kube-score', 'github.com/zegl/kube-score/cmd/kube-score', 'v1.20.0');
}

export function checkovVenv(): Promise<Venv> {
  const constraints = join(__dirname, 'checkov.constraints.txt');
  return venv({ name: 'checkov', packages: ['checkov==3.3.30'], constraints });
}

interface Score {
  readonly object_name: string;
  readonly checks: {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: { readonly path: string; readonly summary: string }[] | null;
  }[];
}

const KUBE_SCORE_PASSED = 10;

/** Everything kube-score has against files; an annotation in a manifest does not silence it. */
export async function kubeScore(files: string[]): Promise<Finding[]> {
  const options = ['--output-format=json', '--disable-ignore-checks-annotations', '--kubernetes-version=v1.36'];
  const { stdout } = await run(await kubeScoreBinary(), ['score', ...options, ...files], { expect: [0, 1] });
  return (JSON.parse(stdout) as Score[]).flatMap(({ object_name, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < KUBE_SCORE_PASSED)
      .flatMap(({ check, comments }) =>
        (comments ?? [{ path: '', summary: 'failed' }]).map(({ path, summary }) => {
          const says = path === '' ? summary : `${path}: ${summary}`;
          return { tool: 'kube-score' as const, rule: check.id, object: object_name, says };
        }),
      ),
  );
}

interface Report {
  readonly results: Record<'failed_checks' | 'skipped_checks', Check[]>;
  readonly summary: { readonly parsing_errors: number; readonly passed: number };
}

interface Check {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}

/** What checkov has against what these options name, and what is told to be passed over. */
export async function checkovChecks(framework: string, ...what: string[]): Promise<Check[]> {
  const { python } = await checkovVenv();
  const options = ['--framework', framework, '--compact', '--skip-download', '--output', 'json'];
  const { stdout } = await run(python, ['-m', 'checkov.main', ...what, ...options], { expect: [0, 1] });
  const { results, summary } = JSON.parse(stdout) as Report;
  if (summary.parsing_errors > 0 || summary.passed === 0)
    throw new Error(`checkov could not judge ${what.join(' ')}:\n${stdout}`);
  return [...results.failed_checks, ...results.skipped_checks];
}

/** Everything checkov has against files; an annotation in a manifest does not silence it. */
export async function checkov(files: string[]): Promise<Finding[]> {
  const checks = await checkovChecks('kubernetes', '--file', ...files);
  return checks.map(({ check_id, check_name, resource }) => ({
    tool: 'checkov',
    rule: check_id,
    object: resource,
    says: check_name,
  }));
}

export const JUDGES = [
  { tool: 'checkov', toolchain: 'python3', judge: checkov },
  { tool: 'kube-score', toolchain: 'go', judge: kubeScore },
] as const;
