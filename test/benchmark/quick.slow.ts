import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../tools/run';

const repository = join(__dirname, '../..');

// Times are for people to judge; that the command works, and that bytes are equal, is for tests.
describe('the benchmark', () => {
  it('measures small sizes, and finds the bytes of cdk8s', async () => {
    if (!existsSync(join(repository, 'build/index.js'))) await run('npx', ['projen', 'compile'], { cwd: repository });
    const { stdout } = await run('npm', ['run', '--silent', 'benchmark', '--', '--quick'], { cwd: repository });
    expect(stdout).toContain('| T10 | ');
    expect(stdout).not.toContain('DIFFERENT');
    expect(stdout).toMatch(/definitions, charts 2: 2 files, identical/);
  });
});
