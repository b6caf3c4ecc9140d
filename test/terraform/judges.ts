import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkovChecks } from '../policy/tools';
import { run } from '../tools/run';
import { rewritten } from './rewrite';
import type { TerraformJson } from './synth';

/** A machine's own settings, as a mirror of providers, are no part of a judgement. */
const ENV = { TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' };

interface Diagnostics {
  readonly diagnostics: { readonly severity: string; readonly summary: string; readonly detail?: string }[];
}

async function inFolder<T>(json: object, body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bento-tf-'));
  try {
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(json));
    return await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const terraform = (folder: string, ...args: string[]) =>
  run('terraform', [`-chdir=${folder}`, ...args], { env: ENV, expect: [0, 1], timeoutSeconds: 300 });

async function validate(folder: string): Promise<string[]> {
  const { stdout } = await terraform(folder, 'validate', '-json');
  const { diagnostics } = JSON.parse(stdout) as Diagnostics;
  return diagnostics.map(({ summary, detail = '' }) => `${summary}: ${detail}`);
}

/** What Terraform has against the shape of a configuration; the schema of the provider would have to be downloaded. */
export async function structureProblems(json: object): Promise<string[]> {
  const found = await inFolder(json, validate);
  return found.filter((problem) => !/^Missing required provider: .*hashicorp\/aws/.test(problem));
}

/** What Terraform has against references, functions and the order of a configuration: cycles among it. */
export async function planProblems(json: TerraformJson): Promise<string[]> {
  return inFolder(rewritten(json), async (folder) => {
    const init = await terraform(folder, 'init', '-input=false', '-no-color');
    if (init.code !== 0) return [init.stderr];
    const problems = await validate(folder);
    if (problems.length > 0) return problems;
    const plan = await terraform(folder, 'plan', '-input=false', '-no-color', '-lock=false');
    return plan.code === 0 ? [] : [plan.stderr];
  });
}

export interface Finding {
  readonly rule: string;
  readonly resource: string;
  readonly says: string;
}

/** Everything checkov has against a configuration. */
export async function checkovFindings(json: object): Promise<Finding[]> {
  const checks = await inFolder(json, (folder) => checkovChecks('terraform_json', '--directory', folder));
  return checks.map(({ check_id, check_name, resource }) => ({
    rule: check_id,
    resource: resource.replace(/^resource\./, ''),
    says: check_name,
  }));
}
