import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached } from '../test/tools/cache';
import { run } from '../test/tools/run';
import { ENV, installedVersion, PEERS, stageModules, toolPath } from './stage';

// constructs comes from everywhere; of cdk8s not every registry has every version, in Java and Go.
const GENERATED = ['cdk8s', 'cdk8s-plus-27'] as const;
// A program that needs what any program needs, so that Maven's plug-ins are in the cache.
const PROBE = join(__dirname, 'probe.pom.xml');

const versions = (): string[] => [...PEERS, 'jsii-pacmak'].map((name) => `${name}@${installedVersion(name)}`);

const pacmak = (modules: string, args: readonly string[]) =>
  run(process.execPath, [toolPath('jsii-pacmak'), ...args], { cwd: modules, env: ENV });

export interface JavaPeers {
  /** A Maven repository with cdk8s and cdk8s-plus-27. */
  readonly repository: string;
  /** A local repository of Maven with all that a build needs; to be copied, as Maven writes into it. */
  readonly local: string;
}

export async function javaPeers(): Promise<JavaPeers> {
  const java = (await run('mvn', ['--version'])).stdout;
  const probe = readFileSync(PROBE, 'utf8');
  const dir = await cached('java-peers', [java, probe, ...versions()], async (target) => {
    const scratch = stagedPeers();
    const repository = join(target, 'repository');
    const maven = mavenWith(join(target, 'local'));
    for (const name of GENERATED) {
      const out = join(scratch, name);
      await pacmak(scratch, ['--target', 'java', '--code-only', '--outdir', out, join('node_modules', name)]);
      const project = join(out, 'java');
      const pom = join(project, 'pom.xml');
      writeFileSync(pom, exactVersions(readFileSync(pom, 'utf8')));
      await maven(project, ['deploy', `-DaltDeploymentRepository=peers::default::file://${repository}`]);
    }
    cpSync(PROBE, join(scratch, 'pom.xml'));
    await maven(scratch, ['package', 'dependency:build-classpath', '-Dmdep.outputFile=classpath']);
    rmSync(scratch, { recursive: true });
  });
  return { repository: join(dir, 'repository'), local: join(dir, 'local') };
}

/** Maven with a local repository of its own, without documentation of what is not published from here. */
export function mavenWith(local: string) {
  return (cwd: string, args: readonly string[]) =>
    run('mvn', ['--quiet', '--batch-mode', `-Dmaven.repo.local=${local}`, '-Dmaven.javadoc.skip=true', ...args], {
      cwd,
    });
}

/** The versions installed here; of a range Maven would ask for the description of every version there is. */
function exactVersions(pom: string): string {
  const known: Record<string, string> = Object.fromEntries(PEERS.map((name) => [name, installedVersion(name)]));
  return pom.replace(
    /<artifactId>([^<]+)<\/artifactId>(\s*)<version>\[([^,]+),[^<]*<\/version>/g,
    (_, artifact: string, space: string, floor: string) =>
      `<artifactId>${artifact}</artifactId>${space}<version>${known[artifact] ?? floor}</version>`,
  );
}

/** A folder with the Go modules `cdk8s` and `cdk8splus27`. */
export async function goPeers(): Promise<string> {
  const go = (await run('go', ['env', 'GOVERSION'])).stdout;
  const dir = await cached('go-peers', [go, ...versions()], async (target) => {
    const scratch = stagedPeers();
    for (const name of GENERATED)
      await pacmak(scratch, ['--target', 'go', '--code-only', '--outdir', target, join('node_modules', name)]);
    rmSync(scratch, { recursive: true });
  });
  return join(dir, 'go');
}

function stagedPeers(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'bento-peers-'));
  mkdirSync(join(scratch, 'node_modules'));
  stageModules(scratch, PEERS);
  return scratch;
}
