// The broad app in each language, built from the packed library as a user would.
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goPeers, javaPeers, mavenWith } from '../../packaging/peers';
import { ENV, PEERS } from '../../packaging/stage';
import { type Finished, run } from '../tools/run';
import { repository } from './packages';

export interface Program {
  /** Runs the broad app in the repository, where the examples' Bentos are. */
  broad(outdir: string): Promise<Finished>;
  /** Makes the mistakes; what each language says is printed. */
  mistakes(outdir: string): Promise<Finished>;
}

export interface Place {
  readonly packages: string;
  /** A folder of its own. */
  readonly folder: string;
}

const tsx = join(repository, 'node_modules/tsx/dist/loader.mjs');
const start = (command: string, ...args: string[]) => run(command, args, { cwd: repository, env: ENV });

export async function typescriptProgram({ packages, folder }: Place): Promise<Program> {
  const modules = join(folder, 'node_modules');
  const library = join(modules, 'cdk8s-bento');
  mkdirSync(library, { recursive: true });
  for (const name of PEERS) symlinkSync(join(repository, 'node_modules', name), join(modules, name));
  const [tarball] = readdirSync(join(packages, 'js'));
  await run('tar', ['-xzf', join(packages, 'js', tarball!), '--strip-components=1', '-C', library]);
  const sources = join(__dirname, 'typescript');
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    mkdirSync(join(folder, file, '..'), { recursive: true });
    const text = readFileSync(join(sources, file), 'utf8');
    writeFileSync(join(folder, file), text.replace(/'[./]+\/lib'/, "'cdk8s-bento'"));
  }
  const node = (file: string) => (outdir: string) =>
    start(process.execPath, '--import', tsx, join(folder, file), outdir);
  return { broad: node('main.ts'), mistakes: node('mistakes.ts') };
}

export async function pythonProgram({ packages, folder }: Place): Promise<Program & { readonly python: string }> {
  const python = join(folder, 'bin/python');
  await run('python3', ['-m', 'venv', folder]);
  const [wheel] = readdirSync(join(packages, 'python')).filter((name) => name.endsWith('.whl'));
  await run(python, ['-m', 'pip', 'install', '--quiet', join(packages, 'python', wheel!)]);
  const script = (name: string) => (outdir: string) => start(python, join(__dirname, 'python', name), outdir);
  return { python, broad: script('main.py'), mistakes: script('mistakes.py') };
}

export async function javaProgram({ packages, folder }: Place): Promise<Program> {
  const classpath = await javaProject({ packages, folder }, join(__dirname, 'java'));
  const main = (name: string) => (outdir: string) => start('java', '-cp', classpath, `com.example.${name}`, outdir);
  return { broad: main('Main'), mistakes: main('Mistakes') };
}

/** The class path of a copy of a Maven project, compiled in a folder. */
export async function javaProject({ packages, folder }: Place, project: string): Promise<string> {
  const peers = await javaPeers();
  cpSync(project, folder, { recursive: true });
  const settings = join(folder, 'settings.xml');
  writeFileSync(settings, mavenSettings({ packed: join(packages, 'java'), peers: peers.repository }));
  const local = join(folder, 'm2');
  cpSync(peers.local, local, { recursive: true });
  const goals = ['package', 'dependency:build-classpath', '-Dmdep.outputFile=classpath'];
  await mavenWith(local)(folder, ['--settings', settings, ...goals]);
  return [join(folder, 'target/classes'), readFileSync(join(folder, 'classpath'), 'utf8')].join(':');
}

/** Repositories in folders, which a user's project need not know. */
function mavenSettings(folders: Readonly<Record<string, string>>): string {
  const repositories = Object.entries(folders).map(
    ([id, path]) => `<repository><id>${id}</id><url>file://${path}</url></repository>`,
  );
  return `<settings>
  <profiles>
    <profile>
      <id>packed</id>
      <repositories>${repositories.join('')}</repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>packed</activeProfile></activeProfiles>
</settings>
`;
}

export async function goProgram({ packages, folder }: Place): Promise<Program> {
  await goProject({ packages, folder }, join(__dirname, 'go'));
  await run('go', ['build', '-o', 'bin/', './...'], { cwd: folder });
  const binary = (name: string) => (outdir: string) => start(join(folder, 'bin', name), outdir);
  return { broad: binary('broad'), mistakes: binary('mistakes') };
}

/** A copy of a Go module in a folder, which finds what was packed. */
export async function goProject({ packages, folder }: Place, project: string): Promise<void> {
  cpSync(project, folder, { recursive: true });
  const peers = await goPeers();
  const replaced = {
    'github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento': join(packages, 'go/cdk8sbento'),
    'github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2': join(peers, 'cdk8s'),
    'github.com/cdk8s-team/cdk8s-plus-go/cdk8splus27/v2': join(peers, 'cdk8splus27'),
  };
  const options = Object.entries(replaced).map(([module, path]) => `-replace=${module}=${path}`);
  await run('go', ['mod', 'edit', ...options], { cwd: folder });
  await run('go', ['mod', 'tidy'], { cwd: folder });
}
