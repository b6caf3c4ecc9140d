// What is run: which tool, on how much of what, how often.
import { join } from 'node:path';
import { type Command, type Measurement, measure, median } from './measure';
import type { Peer } from './peers';

export const OURS = 'cdk8s-bento, ServingApp';
export const STOCK = 'cdk8s, ApiObject';
export const PLUS = 'cdk8s-plus-27';
export const FLOOR = 'JSON.stringify and write';
export const NODE = 'node, nothing';

/** Applications of three objects each. */
export type Shape = 'one-chart' | 'charts' | 'chain' | 'waves' | 'diamonds';

export interface Case {
  readonly group: string;
  readonly tool: string;
  /** Applications, or definitions. */
  readonly count: number;
  readonly runs: number;
  readonly command: Command;
}

export interface Result extends Omit<Case, 'command'> {
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
  readonly peakMegabytes: number;
}

export interface Scope {
  readonly quick: boolean;
  /** With what takes minutes, too. */
  readonly all: boolean;
  readonly folder: string;
  readonly peers: readonly Peer[];
  /** Ways to run a definition in TypeScript. */
  readonly ways: { readonly [typed: string]: Command };
}

const programs = join(__dirname, 'programs');

/** A program of the folder beside this file; its output goes where its case says. */
function program({ folder }: Scope, script: string, shape: Shape, count: number, ...more: string[]): Command {
  const outdir = join(folder, [script, shape, count, ...more].join('-'));
  return { program: process.execPath, args: [join(programs, `${script}.cjs`), shape, String(count), outdir, ...more] };
}

export function casesOf(scope: Scope): Case[] {
  return [
    ...small(scope),
    ...pipeline(scope),
    ...objects(scope),
    ...charts(scope),
    ...dependencies(scope),
    ...definitions(scope),
  ];
}

/** The fewer there are, the more often. */
function runsFor(count: number, { quick }: Scope): number {
  if (quick) return 1;
  return count <= 10 ? 7 : 3;
}

function small(scope: Scope): Case[] {
  // They differ by less than a machine does from one run to the next.
  const runs = scope.quick ? 1 : 41;
  const evaluate = (tool: string, script: string): Case => ({
    group: 'import',
    tool,
    count: 1,
    runs,
    command: { program: process.execPath, args: ['-e', script], cwd: join(__dirname, '..') },
  });
  const one = (tool: string, app: string): Case => ({
    group: 'one deployment',
    tool,
    count: 1,
    runs,
    command: program(scope, 'deployment', 'one-chart', 1, app),
  });
  return [
    evaluate(NODE, '0'),
    evaluate('cdk8s', "require('cdk8s')"),
    evaluate('cdk8s and cdk8s-bento', "require('cdk8s'); require('.')"),
    evaluate('cdk8s and cdk8s-plus-27', "require('cdk8s'); require('cdk8s-plus-27')"),
    one('App of cdk8s', 'stock'),
    one('ServingApp', 'ours'),
  ];
}

function pipeline({ quick, ways }: Scope): Case[] {
  return Object.entries(ways).map(([tool, command]) => {
    return { group: 'pipeline', tool, count: 1, runs: quick ? 1 : 7, command };
  });
}

function objects(scope: Scope): Case[] {
  const counts = scope.quick ? [1, 34] : [1, 4, 34, 334, 1_667, 5_000];
  const kustomizeMost = scope.all ? 1_667 : 334;
  return counts.flatMap((count) => {
    const of = (tool: string, command: Command): Case => {
      const runs = tool.startsWith('kustomize') && count >= 334 ? 1 : runsFor(count, scope);
      return { group: 'objects', tool, count, runs, command };
    };
    const peers = scope.peers.filter(({ name }) => !name.startsWith('kustomize') || count <= kustomizeMost);
    return [
      of(FLOOR, program(scope, 'json-floor', 'one-chart', count)),
      of(OURS, program(scope, 'api-objects', 'one-chart', count, 'ours')),
      of(STOCK, program(scope, 'api-objects', 'one-chart', count, 'stock')),
      of(PLUS, program(scope, 'raw-plus', 'one-chart', count)),
      ...peers.map((peer) => of(peer.name, peer.command(count, join(scope.folder, `${peer.name}-${count}`)))),
    ];
  });
}

function charts(scope: Scope): Case[] {
  const counts = scope.quick ? [1, 10] : [1, 10, 100, 1_000, 10_000];
  // Stock takes time with the square of the charts.
  return counts.flatMap((count) => shaped(scope, 'charts', count, count <= 1_000));
}

function dependencies(scope: Scope): Case[] {
  // Stock takes twice as long for each chart more.
  const few = { chain: 10, waves: 20, diamonds: 9 };
  const counts = scope.quick ? [] : [100, 1_000, 3_000];
  return Object.entries(few).flatMap(([shape, count]) => [
    ...shaped(scope, shape as Shape, count, true),
    ...counts.flatMap((larger) => shaped(scope, shape as Shape, larger, false)),
  ]);
}

function shaped(scope: Scope, shape: Shape, count: number, withStock: boolean): Case[] {
  const of = (tool: string, command: Command): Case => {
    // The one that takes longest is the least uncertain.
    const runs = tool !== OURS && count >= 1_000 ? Math.min(2, runsFor(count, scope)) : runsFor(count, scope);
    return { group: shape, tool, count, runs, command };
  };
  const ours = of(OURS, program(scope, 'api-objects', shape, count, 'ours'));
  if (!withStock) return [ours];
  return [
    ours,
    of(STOCK, program(scope, 'api-objects', shape, count, 'stock')),
    of(PLUS, program(scope, 'raw-plus', shape, count)),
  ];
}

function definitions(scope: Scope): Case[] {
  const counts = scope.quick ? [1, 2] : [1, 10, 100, 1_000];
  return counts.flatMap((count) =>
    (['one-chart', 'charts'] as const).flatMap((shape) => {
      const runs = scope.quick ? 1 : count >= 1_000 ? 1 : 3;
      const of = (tool: string, app: string): Case => ({
        group: `definitions, ${shape}`,
        tool,
        count,
        runs,
        command: program(scope, 'deployments', shape, count, app),
      });
      const ours = of('ServingApp', 'ours');
      return count <= 100 ? [ours, of('App of cdk8s', 'stock')] : [ours];
    }),
  );
}

/** Round after round, so that what disturbs the machine disturbs all. */
export async function runInterleaved(cases: readonly Case[], log: (text: string) => void): Promise<Result[]> {
  const found = new Map<Case, Measurement[]>(cases.map((one) => [one, []]));
  const rounds = Math.max(...cases.map(({ runs }) => runs));
  for (let round = 0; round < rounds; round++) {
    for (const one of cases) {
      if (round >= one.runs) continue;
      const measured = await measure(one.command);
      found.get(one)!.push(measured);
      log(`${round + 1}/${one.runs} ${one.group} ${one.count} ${one.tool}: ${measured.milliseconds.toFixed(0)} ms`);
    }
  }
  return [...found].map(([{ command, ...rest }, measured]) => ({
    ...rest,
    milliseconds: median(measured.map(({ milliseconds }) => milliseconds)),
    processorMilliseconds: median(measured.map(({ processorMilliseconds }) => processorMilliseconds ?? Number.NaN)),
    peakMegabytes: median(measured.map(({ peakMegabytes }) => peakMegabytes ?? Number.NaN)),
  }));
}
