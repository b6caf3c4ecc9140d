import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cache';
import { run } from './run';

// A module may ask for a newer Go than the machine has: `auto` fetches it as a module.
const ENV = { GOTOOLCHAIN: 'auto', CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false' };

/** The path of the program that the Go module in `source` builds to, or another package that it pins. */
export async function goBuild(name: string, source: string, ldflags: string, pkg = '.'): Promise<string> {
  const version = (await run('go', ['env', 'GOVERSION'], { cwd: source, env: ENV })).stdout;
  const files = readdirSync(source)
    .filter((f) => (f.endsWith('.go') && pkg === '.') || f === 'go.mod' || f === 'go.sum')
    .sort();
  const contents = files.flatMap((f) => [f, readFileSync(join(source, f))]);
  const dir = await cached(name, [version, ldflags, pkg, ...contents], async (target) => {
    await run('go', ['build', '-trimpath', '-mod=readonly', `-ldflags=${ldflags}`, '-o', join(target, name), pkg], {
      cwd: source,
      env: ENV,
    });
  });
  return join(dir, name);
}

/** The path of the program that `go install module@version` gives. */
export async function goInstall(name: string, module: string, version: string): Promise<string> {
  const go = (await run('go', ['env', 'GOVERSION'], { env: ENV })).stdout;
  const dir = await cached(name, [go, module, version], async (target) => {
    await run('go', ['install', '-trimpath', '-ldflags=-s -w', `${module}@${version}`], {
      env: { ...ENV, GOBIN: target },
    });
  });
  return join(dir, name);
}

/** The source of a module that the Go module in `dir` pins. */
export async function goModule(dir: string, module: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', module], { cwd: dir, env: ENV });
  return JSON.parse(stdout).Dir;
}
