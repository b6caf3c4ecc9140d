import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';

const HEARTBEAT_MS = 5_000;
// A builder that was killed leaves its lock behind; nothing that lives misses a dozen heartbeats.
const STALE_MS = 60_000;

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

function root(): string {
  const dir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-bento');
  mkdirSync(dir, { recursive: true });
  return dir;
}

export function digest(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 16);
}

/**
 * A folder in the user's cache that `build` fills once per content of `inputs`. Whoever comes while another builds
 * waits for that one.
 *
 * The folder is built under a name of its own and published by a link: a Python environment holds its own path and
 * would not survive a rename.
 */
export async function cached(
  name: string,
  inputs: (string | Buffer)[],
  build: (dir: string) => Promise<void>,
): Promise<string> {
  const final = join(root(), `${name}-${digest(process.platform, process.arch, ...inputs)}`);
  if (existsSync(final)) return final;
  return exclusive(`${final}.lock`, async () => {
    if (existsSync(final)) return final;
    const own = `${final}.${randomBytes(4).toString('hex')}`;
    try {
      // A link into a cache that someone emptied.
      rmSync(final, { force: true });
      mkdirSync(own);
      await build(own);
      publish(own, final);
    } catch (error) {
      rmSync(own, { recursive: true, force: true });
      throw error;
    }
    return final;
  });
}

/** What no other process on this machine does at the same time under this name. */
export const alone = <T>(name: string, work: () => Promise<T>): Promise<T> =>
  exclusive(join(root(), `${name}.lock`), work);

async function exclusive<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!acquire(lock)) await sleep(250);
  const heartbeat = setInterval(() => touch(lock), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(lock, { recursive: true, force: true });
  }
}

function publish(own: string, final: string): void {
  try {
    symlinkSync(basename(own), final);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    rmSync(own, { recursive: true, force: true });
  }
}

function acquire(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const modified = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (modified !== undefined && Date.now() - modified > STALE_MS) {
    // A rename lets one of several waiters win; the others see it gone.
    const abandoned = `${lock}.${randomBytes(4).toString('hex')}`;
    try {
      renameSync(lock, abandoned);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    rmSync(abandoned, { recursive: true, force: true });
  }
  return false;
}

function touch(lock: string): void {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
