// What loading the library costs in each language beside cdk8s and cdk8s-plus-27 alone, from the packed library: whole
// processes, interleaved, medians and their ratio. Writes the table of docs/guides/languages.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENV } from '../packaging/stage';
import { fill } from '../test/guides';
import { goProject, javaProject, pythonProgram, typescriptProgram } from '../test/languages/apps';
import { LANGUAGES, packages, repository } from '../test/languages/packages';
import { run } from '../test/tools/run';
import { type Command, type Measurement, measure, median } from './measure';
import { table, whole } from './report';

const RUNS = 11;

/** A program that uses cdk8s and cdk8s-plus-27, and the same with the library. */
interface Pair {
  readonly language: string;
  readonly alone: Command;
  readonly withLibrary: Command;
}

const command = (program: string, ...args: string[]): Command => ({ program, args, env: ENV });

async function node(library: string, folder: string): Promise<Pair> {
  await typescriptProgram({ packages: library, folder });
  const script = (...names: string[]) => {
    const file = join(folder, `${names.length}.js`);
    writeFileSync(file, names.map((name) => `require('${name}');`).join('\n'));
    return command(process.execPath, file);
  };
  const peers = ['cdk8s', 'cdk8s-plus-27'];
  return { language: 'TypeScript', alone: script(...peers), withLibrary: script(...peers, 'cdk8s-bento') };
}

async function python(library: string, folder: string): Promise<Pair> {
  const program = await pythonProgram({ packages: library, folder });
  const script = (names: string) => command(program.python, '-c', `import ${names}`);
  return {
    language: 'Python',
    alone: script('cdk8s, cdk8s_plus_27'),
    withLibrary: script('cdk8s, cdk8s_plus_27, cdk8s_bento'),
  };
}

async function java(library: string, folder: string): Promise<Pair> {
  const project = join(folder, 'project');
  const sources = join(project, 'src/main/java/com/example');
  mkdirSync(sources, { recursive: true });
  writeFileSync(join(project, 'pom.xml'), JAVA_PROJECT);
  const main = (name: string, body: string) =>
    writeFileSync(
      join(sources, `${name}.java`),
      `package com.example; class ${name} { public static void main(String[] a) { ${PEERS_OF_JAVA} ${body} } }`,
    );
  main('Alone', '');
  main('WithLibrary', 'io.github.cdk8sbento.SecretRef.named("a");');
  const classpath = await javaProject({ packages: library, folder: join(folder, 'built') }, project);
  const start = (name: string) => command('java', '-cp', classpath, `com.example.${name}`);
  return { language: 'Java', alone: start('Alone'), withLibrary: start('WithLibrary') };
}

// A class of each package loads the module into the kernel.
const PEERS_OF_JAVA = 'org.cdk8s.Duration.seconds(1); org.cdk8s.plus27.EnvValue.fromValue("a");';
const JAVA_PROJECT = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>benchmark</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <dependencies>
    <dependency>
      <groupId>io.github.cdk8s-bento</groupId>
      <artifactId>cdk8s-bento</artifactId>
      <version>0.0.0</version>
    </dependency>
  </dependencies>
</project>
`;

async function go(library: string, folder: string): Promise<Pair> {
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  const required = 'require github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento v0.0.0';
  writeFileSync(join(project, 'go.mod'), `module example.com/benchmark\n\ngo 1.25\n\n${required}\n`);
  const main = (name: string, imported: string, body: string) => {
    mkdirSync(join(project, name));
    writeFileSync(join(project, name, 'main.go'), goMain(imported, body));
  };
  main('alone', '', '');
  main('library', '"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"', 'cdk8sbento.SecretRef_Named(jsii.String("a"))');
  const built = join(folder, 'built');
  await goProject({ packages: library, folder: built }, project);
  await run('go', ['build', '-o', 'bin/', './...'], { cwd: built });
  return { language: 'Go', alone: command(join(built, 'bin/alone')), withLibrary: command(join(built, 'bin/library')) };
}

const goMain = (imported: string, body: string): string => `package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus27/v2"
	${imported}
)

func main() {
	defer jsii.Close()
	cdk8s.Duration_Seconds(jsii.Number(1))
	cdk8splus27.EnvValue_FromValue(jsii.String("a"))
	${body}
}
`;

async function rowOf({ language, alone, withLibrary }: Pair): Promise<string[]> {
  const measured = { alone: [] as Measurement[], withLibrary: [] as Measurement[] };
  // The first fills the cache of jsii's packages.
  await measure(withLibrary);
  for (let count = 0; count < RUNS; count++) {
    measured.alone.push(await measure(alone));
    measured.withLibrary.push(await measure(withLibrary));
  }
  const clock = (list: readonly Measurement[]) => median(list.map(({ milliseconds }) => milliseconds));
  const processor = (list: readonly Measurement[]) =>
    median(list.map(({ processorMilliseconds }) => processorMilliseconds ?? Number.NaN));
  const cell = (list: readonly Measurement[]) => `${whole(clock(list))} / ${whole(processor(list))}`;
  const ratio = (of: typeof clock) => (of(measured.withLibrary) / of(measured.alone)).toFixed(2);
  return [language, cell(measured.alone), cell(measured.withLibrary), ratio(clock), ratio(processor)];
}

async function main(): Promise<void> {
  const library = await packages();
  const pairs = { typescript: node, python, java, go };
  const scratch = mkdtempSync(join(tmpdir(), 'bento-benchmark-'));
  try {
    const rows: string[][] = [];
    for (const [language, pair] of Object.entries(pairs))
      if (language === 'typescript' || LANGUAGES[language as keyof typeof LANGUAGES])
        rows.push(await rowOf(await pair(library, join(scratch, language))));
    const head = [
      'ms / ms of processors',
      'cdk8s and cdk8s-plus-27',
      'and cdk8s-bento',
      'by the clock',
      'in processor time',
    ];
    const text = table(head, rows);
    console.log(text);
    const guide = join(repository, 'docs/guides/languages.md');
    writeFileSync(guide, fill(readFileSync(guide, 'utf8'), 'import', text));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
