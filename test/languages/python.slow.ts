import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENV } from '../../packaging/stage';
import { run } from '../tools/run';
import { pythonProgram } from './apps';
import { LANGUAGES, packages, repository } from './packages';

interface Mistakes {
  readonly made: number;
  readonly late: string[];
  readonly unsaid: string[];
  readonly dropped: string[];
}

describe.skipIf(!LANGUAGES.python)('structs in Python', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bento-python-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let mistakes: Mistakes;
  beforeAll(async () => {
    const { python } = await pythonProgram({ packages: await packages(), folder });
    const structs = join(__dirname, 'python/structs.py');
    const { stdout } = await run(python, [structs, join(repository, '.jsii')], { cwd: repository, env: ENV });
    mistakes = JSON.parse(stdout);
  });

  it('stated wrongly anywhere, misspelled or of another type, are an error that names the property', () => {
    expect(mistakes.made).toBeGreaterThan(7000);
    expect(mistakes.unsaid).toEqual([]);
  });

  it('become what a nested dict says, everywhere', () => {
    expect(mistakes.dropped).toEqual([]);
  });

  // Values of maps, texts in the place of lists, and what implements an interface: jsii tells of them when they are passed on.
  it('are checked by Python itself, as far as jsii has it do so', () => {
    const later = /(=(\{key: .*\}|str)|node_pool=.*)\): nothing$/;
    expect(mistakes.late.filter((mistake) => !later.test(mistake))).toEqual([]);
  });
});
