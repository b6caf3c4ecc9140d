import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../tools/run';

const repository = join(__dirname, '../..');
const guides = join(repository, 'docs/guides');
const fixture = readFileSync(join(repository, 'rosetta/default.ts-fixture'), 'utf8');

/** TypeScript fences of a page, each as a module of its own; those without imports get those of the API's examples. */
function modules(page: string): string[] {
  const fences = [...readFileSync(join(guides, page), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(
    ([, code]) => code!,
  );
  return fences.map((code) => (code.startsWith('import ') ? code : fixture.replace('/// here', code)));
}

// Rosetta compiles the examples of README and API; these are the guides'.
describe('guides', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bento-guides-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('show code that compiles', async () => {
    const files = readdirSync(guides).flatMap((page) =>
      modules(page).map((code, index) => {
        const file = join(folder, `${page}-${index}.ts`);
        writeFileSync(file, `${code}\nexport {};\n`);
        return file;
      }),
    );
    expect(files.length).toBeGreaterThan(10);
    const tsconfig = {
      compilerOptions: {
        noEmit: true,
        strict: true,
        skipLibCheck: true,
        module: 'node16',
        target: 'es2022',
        types: ['node'],
        typeRoots: [join(repository, 'node_modules/@types')],
        paths: {
          'cdk8s-bento': [join(repository, 'lib')],
          cdk8s: [join(repository, 'node_modules/cdk8s')],
          constructs: [join(repository, 'node_modules/constructs')],
          cdktf: [join(repository, 'node_modules/cdktf')],
          '@cdktf/provider-aws/lib/*': [join(repository, 'node_modules/@cdktf/provider-aws/lib/*')],
        },
      },
      files,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    await run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '--project', folder]);
  }, 120_000);
});
