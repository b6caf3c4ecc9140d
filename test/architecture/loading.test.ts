import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const repository = join(__dirname, '../..');

/** Files that a fresh process has loaded after `program`. */
function loadedBy(program: string): string[] {
  const script = `${program};\nconsole.log(JSON.stringify(Object.keys(require.cache)));`;
  const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], {
    cwd: repository,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return JSON.parse(output.trim().split('\n').at(-1)!);
}

/** The folder of a package that we depend on ourselves: cdk8s brings copies of its own. */
const folderOf = (name: string) => join(dirname(require.resolve(`${name}/package.json`, { paths: [repository] })), '/');

describe('an import of the package', () => {
  let loaded: string[];
  beforeAll(() => {
    loaded = loadedBy("require('./lib')");
  }, 60_000);

  it('loads the library and cdk8s', () => {
    expect(loaded.filter((file) => file.startsWith(join(repository, 'lib/'))).length).toBeGreaterThan(50);
    expect(loaded.some((file) => file.startsWith(folderOf('cdk8s')))).toBe(true);
  });

  it.each(['yaml', 'cdk8s-plus-27'])('does not load %s', (name) => {
    const folder = folderOf(name);
    expect(loaded.filter((file) => file.startsWith(folder))).toEqual([]);
  });

  it('does not load cdktf or its fork', () => {
    expect(loaded.filter((file) => /node_modules\/(cdktf|cdktn|@cdktf)\//.test(file))).toEqual([]);
  });
});

describe('a definition from an image', () => {
  it('reads no YAML and needs no cdk8s-plus-27', () => {
    const loaded = loadedBy(`
      const { App, Chart } = require('cdk8s');
      const { Bento, BentoDeployment } = require('./lib');
      const app = new App();
      new BentoDeployment(new Chart(app, 'c'), 'Rag', { bento: Bento.fromImage('rag:v1', { bentoService: 'A' }) });
      app.synthYaml();`);
    for (const name of ['yaml', 'cdk8s-plus-27']) {
      expect(loaded.filter((file) => file.startsWith(folderOf(name)))).toEqual([]);
    }
  }, 60_000);
});
