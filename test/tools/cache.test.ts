import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached } from './cache';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bento-cache-'));
  vi.stubEnv('XDG_CACHE_HOME', home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const builder = () =>
  vi.fn(async (dir: string) => {
    await new Promise((done) => setTimeout(done, 50));
    writeFileSync(join(dir, 'tool'), 'built');
  });

test('callers at the same time build once', async () => {
  const build = builder();
  const dirs = await Promise.all([1, 2, 3].map(() => cached('tool', ['1'], build)));
  expect(build).toHaveBeenCalledTimes(1);
  expect(new Set(dirs).size).toBe(1);
  expect(readFileSync(join(dirs[0], 'tool'), 'utf8')).toBe('built');
});

test('other inputs are another build', async () => {
  const build = builder();
  expect(await cached('tool', ['1'], build)).not.toBe(await cached('tool', ['2'], build));
  expect(await cached('tool', ['ab', 'c'], build)).not.toBe(await cached('tool', ['a', 'bc'], build));
  expect(build).toHaveBeenCalledTimes(4);
});

test('fails without a trace, and can be tried again', async () => {
  await expect(cached('tool', ['1'], () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  expect(readdirSync(join(home, 'cdk8s-bento'))).toEqual([]);
  expect(existsSync(join(await cached('tool', ['1'], builder()), 'tool'))).toBe(true);
});

test('the lock of a builder that was killed is taken over', async () => {
  const dir = await cached('tool', ['1'], builder());
  rmSync(realpathSync(dir), { recursive: true });
  mkdirSync(`${dir}.lock`);
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(`${dir}.lock`, longAgo, longAgo);
  const build = builder();
  await cached('tool', ['1'], build);
  expect(build).toHaveBeenCalledTimes(1);
  expect(existsSync(`${dir}.lock`)).toBe(false);
});
