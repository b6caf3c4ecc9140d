import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../tools/run';
import { notation, type Series, STEP } from './series';
import { prometheusPrograms } from './tools';

/** A query on series, and what it shall give at their end: one number without labels, or nothing. */
export interface Case {
  readonly name: string;
  readonly query: string;
  readonly input: readonly Series[];
  readonly seconds: number;
  readonly expected: number | undefined;
}

/** What promtool has against each case, by its name; one run for all, for its start takes longer than its work. */
export async function verdicts(cases: readonly Case[]): Promise<Map<string, string>> {
  const dir = mkdtempSync(join(tmpdir(), 'bento-promql-'));
  try {
    const files = cases.map((one, index) => {
      writeFileSync(join(dir, `${index}.yaml`), JSON.stringify({ tests: [promtoolTest(one)] }));
      return join(dir, `${index}.yaml`);
    });
    const promtool = join(await prometheusPrograms(), 'promtool');
    // It names a file on one stream, and on the other says what is wrong with it.
    const together = ['-c', 'exec "$0" "$@" 2>&1', promtool, 'test', 'rules', ...files];
    const { stdout } = await run('sh', together, { expect: [0, 1] });
    return new Map(cases.map(({ name }, index) => [name, verdictOn(files[index]!, stdout)]));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function promtoolTest({ query, input, seconds, expected }: Case): object {
  const samples = expected === undefined ? [] : [{ labels: '{}', value: expected }];
  return {
    interval: `${STEP}s`,
    input_series: input.map((one) => ({ series: notation(one), values: one.values })),
    promql_expr_test: [{ expr: query, eval_time: `${seconds}s`, exp_samples: samples }],
  };
}

function verdictOn(file: string, output: string): string {
  const [, said] = output.split(`Unit Testing:  ${file}\n`);
  return said === undefined ? `promtool says nothing of ${file}` : said.split('Unit Testing:')[0]!.trim();
}
