import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENV, stage, toolPath } from '../../packaging/stage';
import { run } from '../tools/run';
import { javaProject, pythonProgram } from './apps';
import { LANGUAGES, packages, repository } from './packages';

const readme = readFileSync(join(repository, 'README.md'), 'utf8');
const golden = readFileSync(join(repository, 'test/golden/quickstart/text-search.k8s.yaml'), 'utf8');

const fences = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\b.*\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code!);

const folder = mkdtempSync(join(tmpdir(), 'bento-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A fence of the README as jsii-rosetta says it in another language. */
async function translated(code: string, language: 'python' | 'java'): Promise<string> {
  const file = join(folder, 'library/fence.ts');
  writeFileSync(file, code);
  const { stdout } = await run(process.execPath, [toolPath('jsii-rosetta'), 'snippet', '--language', language, file], {
    cwd: dirname(file),
    env: ENV,
  });
  return stdout;
}

describe('the code of the README', () => {
  let library: string;
  beforeAll(async () => {
    library = await packages();
    await stage(join(folder, 'library'));
    symlinkSync('..', join(folder, 'library/node_modules/cdk8s-bento'));
    // Where the README has the Bento.
    mkdirSync(join(folder, 'bentos'));
    cpSync(join(repository, 'examples/bentos/text-search'), join(folder, 'bentos/text-search'), { recursive: true });
  });

  async function manifest(python: string, name: string, code: string): Promise<string> {
    writeFileSync(join(folder, `${name}.py`), code);
    await run(python, [join(folder, `${name}.py`)], { cwd: folder, env: { ...ENV, CDK8S_OUTDIR: join(folder, name) } });
    return readFileSync(join(folder, name, 'text-search.k8s.yaml'), 'utf8');
  }

  it('is there in TypeScript and in Python', () => {
    expect(fences('ts')).toHaveLength(1);
    expect(fences('python')).toHaveLength(1);
  });

  it.skipIf(!LANGUAGES.python)('runs in Python, as it stands there and as the package has it', async () => {
    const { python } = await pythonProgram({ packages: library, folder: join(folder, 'venv') });
    expect(await manifest(python, 'own', fences('python')[0]!)).toBe(golden);
    expect(await manifest(python, 'rosetta', await translated(fences('ts')[0]!, 'python'))).toBe(golden);
  });

  it.skipIf(!LANGUAGES.java)('compiles in Java', async () => {
    const lines = (await translated(fences('ts')[0]!, 'java')).split('\n');
    const [imports, body] = [true, false].map((wanted) =>
      lines.filter((line) => line.startsWith('import ') === wanted),
    );
    // Rosetta leaves out what only nested options need.
    const all = [...imports!, 'import io.github.cdk8sbento.*;', 'import java.util.*;', 'import org.cdk8s.*;'];
    const project = join(folder, 'java-project');
    const source = join(project, 'src/main/java/com/example/Readme.java');
    mkdirSync(dirname(source), { recursive: true });
    cpSync(join(repository, 'examples/java/pom.xml'), join(project, 'pom.xml'));
    const main = ['public final class Readme {', 'public static void main(String[] args) {', ...body!, '}', '}'];
    writeFileSync(source, ['package com.example;', ...all, ...main].join('\n'));
    await javaProject({ packages: library, folder: join(folder, 'java') }, project);
  });
});
