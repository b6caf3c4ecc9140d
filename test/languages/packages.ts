import { readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pack, type Target } from '../../packaging/pack';
import { installedVersion, PEERS, SOURCES } from '../../packaging/stage';
import { cached } from '../tools/cache';
import { compiled } from '../tools/compiled';
import { requireTool } from '../tools/require-tool';

export const repository = join(__dirname, '../..');

const OLD_MS = 48 * 3_600_000;

/** The languages that can be built on this machine; in CI all of them. */
export const LANGUAGES = {
  python: requireTool('python3', 'Python'),
  java: requireTool('java', 'Java'),
  go: requireTool('go', 'Go'),
};

/** A folder with what is published, for each language of this machine: packed once per content. */
export async function packages(): Promise<string> {
  await compiled();
  const targets: Target[] = ['js', ...(['python', 'java', 'go'] as const).filter((language) => LANGUAGES[language])];
  const contents = SOURCES.flatMap((name) => contentsOf(join(repository, name)));
  const versions = [...PEERS, 'jsii-pacmak', 'jsii-rosetta'].map(installedVersion);
  const dir = await cached('packages', [...targets, ...versions, ...contents], (target) =>
    pack({ outdir: target, targets, javadoc: false }),
  );
  removeOld(dirname(dir), dir);
  return dir;
}

function contentsOf(path: string): (string | Buffer)[] {
  if (!statSync(path).isDirectory()) return [path.slice(repository.length), readFileSync(path)];
  return readdirSync(path)
    .sort()
    .flatMap((name) => contentsOf(join(path, name)));
}

/** Each change of the library is another content. */
function removeOld(cache: string, current: string): void {
  for (const name of readdirSync(cache)) {
    const path = join(cache, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!/^packages-\w+/.test(name) || name.endsWith('.lock') || stat === undefined) continue;
    if (realpathSync(path) === realpathSync(current) || Date.now() - stat.mtimeMs < OLD_MS) continue;
    rmSync(path, { recursive: true, force: true });
  }
}
