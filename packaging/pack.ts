import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../test/tools/run';
import { goPeers, javaPeers } from './peers';
import { ENV, stage, toolPath, translateExamples } from './stage';

export type Target = 'js' | 'python' | 'java' | 'go' | 'dotnet';

export interface PackOptions {
  /** Gets one folder per target, with what is to be published and nothing else. */
  readonly outdir: string;
  readonly targets: readonly Target[];
  /** Targets whose code is to be written only, as their compiler is not here. */
  readonly codeOnly?: readonly Target[];
  /** Most of the time that Java takes; Maven Central asks for it. */
  readonly javadoc: boolean;
}

/** Packs the compiled library for each target. */
export async function pack({ outdir, targets, codeOnly = [], javadoc }: PackOptions): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'bento-pack-'));
  try {
    const library = join(scratch, 'library');
    await stage(library);
    const tablet = await translateExamples(library);
    const out = join(scratch, 'out');
    const options = { cwd: library, env: { ...ENV, ...(await mavenEnv(scratch, targets, javadoc)) } };
    const pacmak = (names: readonly Target[], ...args: string[]) =>
      run(
        process.execPath,
        [toolPath('jsii-pacmak'), '--outdir', out, '--rosetta-tablet', tablet, ...args, '--target', ...names],
        options,
      );
    // pacmak looks for dependencies beside what it writes.
    if (targets.includes('java')) cpSync((await javaPeers()).repository, join(out, 'java'), { recursive: true });
    if (targets.includes('go')) cpSync(await goPeers(), join(out, 'go'), { recursive: true });
    const built = targets.filter((target) => !codeOnly.includes(target));
    if (built.length > 0) await pacmak(built);
    if (codeOnly.length > 0) await pacmak(codeOnly, '--code-only');
    rmSync(join(out, 'java/org'), { recursive: true, force: true });
    for (const peer of ['cdk8s', 'cdk8splus27']) rmSync(join(out, 'go', peer), { recursive: true, force: true });
    for (const target of targets) publish(join(out, target), join(outdir, target));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function mavenEnv(
  scratch: string,
  targets: readonly Target[],
  javadoc: boolean,
): Promise<Record<string, string>> {
  if (!targets.includes('java')) return {};
  const local = join(scratch, 'm2');
  cpSync((await javaPeers()).local, local, { recursive: true });
  return { MAVEN_OPTS: `-Dmaven.repo.local=${local}${javadoc ? '' : ' -Dmaven.javadoc.skip=true'}` };
}

function publish(from: string, to: string): void {
  if (!existsSync(from)) throw new Error(`nothing was packed to ${from}`);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  cpSync(from, to, { recursive: true });
}
