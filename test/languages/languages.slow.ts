import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedVersion } from '../../packaging/stage';
import { run } from '../tools/run';
import {
  goProgram,
  goProject,
  javaProgram,
  javaProject,
  type Place,
  type Program,
  pythonProgram,
  typescriptProgram,
} from './apps';
import { LANGUAGES, packages, repository } from './packages';
import { parts, translations } from './translator';
import { Types } from './translator/assemblies';
import { untouched } from './translator/breadth';

const scratch = mkdtempSync(join(tmpdir(), 'bento-languages-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function folder(name: string): string {
  const dir = join(scratch, name);
  mkdirSync(dir);
  return dir;
}

/** The text of each file that a program wrote. */
function written(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).sort();
  return new Map(files.map((name) => [name, readFileSync(join(dir, name), 'utf8')]));
}

/** What a program says of each mistake: the class of its error, and the text. */
function said(output: string): Record<string, { readonly type: string; readonly text: string }> {
  const mistakes = output.split(/^=== /m).slice(1);
  return Object.fromEntries(
    mistakes.map((mistake) => {
      const [name, type, ...text] = mistake.trimEnd().split('\n');
      return [name, { type: type!, text: text.join('\n') }];
    }),
  );
}

let library: string;
let typescript: Program;
let expected: Map<string, string>;
let mistakes: ReturnType<typeof said>;
beforeAll(async () => {
  library = await packages();
  typescript = await typescriptProgram({ packages: library, folder: folder('typescript') });
  const out = folder('out-typescript');
  await typescript.broad(out);
  expected = written(out);
  mistakes = said((await typescript.mistakes(folder('mistakes-typescript'))).stdout);
});

describe('the packages', () => {
  const folders = (dir: string): string[] => readdirSync(join(library, dir)).sort();

  it.skipIf(!LANGUAGES.python)('of Python have name, licence, and a README whose code is Python', async () => {
    const sources = folders('python').find((name) => name.endsWith('.tar.gz'))!;
    const info = `${sources.replace('.tar.gz', '')}/PKG-INFO`;
    const { stdout } = await run('tar', ['-xzOf', join(library, 'python', sources), info]);
    expect(stdout).toMatch(/^Name: cdk8s-bento$/m);
    expect(stdout).toMatch(/^License: Apache-2.0$/m);
    expect(stdout).toMatch(new RegExp(`^Requires-Dist: cdk8s ?<3.0.0,>=${installedVersion('cdk8s')}$`, 'm'));
    expect(stdout).toContain('chart = Chart(app, "text-search", namespace="ml")');
    expect(stdout).not.toContain('new BentoDeployment(');
  });

  it.skipIf(!LANGUAGES.java)('of Java have coordinates, licence and versions, and are ours alone', () => {
    expect(folders('java')).toEqual(['io']);
    const home = 'java/io/github/cdk8s-bento/cdk8s-bento';
    const version = folders(home).find((name) => /^[0-9]/.test(name))!;
    const pom = readFileSync(join(library, home, version, `cdk8s-bento-${version}.pom`), 'utf8');
    expect(pom).toContain('<groupId>io.github.cdk8s-bento</groupId>');
    expect(pom).toContain('<name>Apache License 2.0</name>');
    const cdk8s = `<artifactId>cdk8s</artifactId>\\s*<version>${installedVersion('cdk8s')}</version>`;
    expect(pom).toMatch(new RegExp(cdk8s));
  });

  it.skipIf(!LANGUAGES.go)('of Go have module, licence and README, and are ours alone', () => {
    expect(folders('go')).toEqual(['cdk8sbento']);
    expect(folders('go/cdk8sbento')).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'go.mod', 'jsii']));
    const module = readFileSync(join(library, 'go/cdk8sbento/go.mod'), 'utf8');
    expect(module).toMatch(/^module github.com\/cdk8s-bento\/cdk8s-bento-go\/cdk8sbento$/m);
  });
});

describe('the broad app', () => {
  it('writes manifests, and what it reads from its objects', () => {
    expect([...expected.keys()]).toContain('report.txt');
    expect(expected.size).toBeGreaterThan(10);
  });

  it('uses all that is public', () => {
    const types = Types.ofLibrary();
    const touched = new Set(parts(types).flatMap(({ program }) => [...program.touched]));
    expect(untouched(types, touched)).toEqual([]);
  });

  it('is the same in every language: `npm run languages:translate` writes what is generated', async () => {
    for (const [file, text] of translations(Types.ofLibrary())) await expect(text).toMatchFileSnapshot(file);
  });
});

describe('mistakes', () => {
  it('are told with code, property and path', () => {
    expect(Object.keys(mistakes)).toEqual(['bad value', 'contradiction', 'bad answer']);
    expect(mistakes['bad value']!.text).toMatch(/^\[MissingScaling] 'runners.Embedder.scaling' .* \(at prod\/Rag\)$/);
    expect(mistakes.contradiction!.text).toMatch(/\[TimeoutOrder] 'traffic.timeout' .* \(at prod\/Rag\/Rag\)$/);
    expect(mistakes['bad answer']!.text).toMatch(/^\[HopOrder] 'requestTimeout' .* \(at prod\/Rag\)$/);
  });
});

interface Language {
  readonly name: keyof typeof LANGUAGES;
  readonly build: (place: Place) => Promise<Program>;
  /** Of its errors: jsii's, at construction and later. */
  readonly errors: readonly string[];
  /** Maps that have another order at each start. */
  readonly runs: number;
}

const languages: Language[] = [
  { name: 'python', build: pythonProgram, errors: ['RuntimeError'], runs: 1 },
  { name: 'java', build: javaProgram, errors: ['JsiiError', 'RuntimeException'], runs: 3 },
  { name: 'go', build: goProgram, errors: ['*errors.errorString'], runs: 1 },
];

describe.each(languages)('$name', ({ name, build, errors, runs }) => {
  const isHere = LANGUAGES[name];
  let program: Program;
  beforeAll(async () => {
    if (isHere) program = await build({ packages: library, folder: folder(name) });
  });

  it.skipIf(!isHere)('writes the same bytes, with maps in any order', async () => {
    for (let count = 0; count < runs; count++) {
      const out = folder(`out-${name}-${count}`);
      await program.broad(out);
      expect(written(out)).toEqual(expected);
    }
  });

  it.skipIf(!isHere)('says the same of mistakes, in errors of its own', async () => {
    const own = said((await program.mistakes(folder(`mistakes-${name}`))).stdout);
    expect(Object.keys(own)).toEqual(Object.keys(mistakes));
    for (const [mistake, { type, text }] of Object.entries(own)) {
      expect(errors).toContain(type);
      expect(text).toContain(mistakes[mistake]!.text);
    }
  });
});

describe('the quickstart of examples/', () => {
  const golden = readFileSync(join(repository, 'test/golden/quickstart/text-search.k8s.yaml'), 'utf8');

  /** Runs a program in the repository, and reads what it writes. */
  async function manifest(name: string, command: string, ...args: string[]): Promise<string> {
    const out = folder(`quickstart-${name}`);
    await run(command, args, { cwd: repository, env: { CDK8S_OUTDIR: out } });
    return readFileSync(join(out, 'text-search.k8s.yaml'), 'utf8');
  }

  it.skipIf(!LANGUAGES.python)('is the same in Python', async () => {
    // Installed by the suite of the broad app.
    const python = join(scratch, 'python/bin/python');
    expect(await manifest('python', python, join(repository, 'examples/python/quickstart.py'))).toBe(golden);
  });

  it.skipIf(!LANGUAGES.java)('is the same in Java', async () => {
    const place = { packages: library, folder: folder('quickstart-java-project') };
    const classpath = await javaProject(place, join(repository, 'examples/java'));
    expect(await manifest('java', 'java', '-cp', classpath, 'com.example.Quickstart')).toBe(golden);
  });

  it.skipIf(!LANGUAGES.go)('is the same in Go', async () => {
    const place = { packages: library, folder: folder('quickstart-go-project') };
    await goProject(place, join(repository, 'examples/go'));
    await run('go', ['build', '-o', 'quickstart'], { cwd: place.folder });
    expect(await manifest('go', join(place.folder, 'quickstart'))).toBe(golden);
  });
});
