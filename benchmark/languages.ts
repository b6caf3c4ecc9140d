// What loading the library costs in each language beside cdk8s and cdk8s-plus-27 alone, from the packed library: whole
// processes, interleaved, medians and their ratio.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENV } from '../packaging/stage';
import { goProject, javaProject, pythonProgram, typescriptProgram } from '../test/languages/apps';
import { LANGUAGES, packages } from '../test/languages/packages';
import { run } from '../test/tools/run';

const RUNS = 11;

/** A program that uses cdk8s and cdk8s-plus-27, and the same with the library. */
interface Pair {
  readonly language: string;
  readonly alone: readonly string[];
  readonly withLibrary: readonly string[];
}

function milliseconds([command, ...args]: readonly string[]): number {
  const begin = process.hrtime.bigint();
  const { status, stderr } = spawnSync(command!, args, { env: { ...process.env, ...ENV }, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function node(library: string, folder: string): Promise<Pair> {
  await typescriptProgram({ packages: library, folder });
  const script = (...names: string[]) => {
    const file = join(folder, `${names.length}.js`);
    writeFileSync(file, names.map((name) => `require('${name}');`).join('\n'));
    return [process.execPath, file];
  };
  const peers = ['cdk8s', 'cdk8s-plus-27'];
  return { language: 'TypeScript', alone: script(...peers), withLibrary: script(...peers, 'cdk8s-bento') };
}

async function python(library: string, folder: string): Promise<Pair> {
  const program = await pythonProgram({ packages: library, folder });
  const script = (names: string) => [program.python, '-c', `import ${names}`];
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
  const start = (name: string) => ['java', '-cp', classpath, `com.example.${name}`];
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
  return { language: 'Go', alone: [join(built, 'bin/alone')], withLibrary: [join(built, 'bin/library')] };
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

function measure({ language, alone, withLibrary }: Pair): void {
  const times = { alone: [] as number[], withLibrary: [] as number[] };
  // The first fills the cache of jsii's packages.
  milliseconds(withLibrary);
  for (let count = 0; count < RUNS; count++) {
    times.alone.push(milliseconds(alone));
    times.withLibrary.push(milliseconds(withLibrary));
  }
  const [before, after] = [median(times.alone), median(times.withLibrary)];
  const line = `${before.toFixed(0)} ms alone, ${after.toFixed(0)} ms with cdk8s-bento, ${(after / before).toFixed(2)}x`;
  console.log(`${language.padEnd(10)} ${line}`);
}

async function main(): Promise<void> {
  const library = await packages();
  const pairs = { typescript: node, python, java, go };
  const scratch = mkdtempSync(join(tmpdir(), 'bento-benchmark-'));
  try {
    for (const [language, pair] of Object.entries(pairs))
      if (language === 'typescript' || LANGUAGES[language as keyof typeof LANGUAGES])
        measure(await pair(library, join(scratch, language)));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
