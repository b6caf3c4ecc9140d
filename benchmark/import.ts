// What `import` of the library costs beside cdk8s alone: whole processes, interleaved, medians and their ratio.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const RUNS = 21;
const repository = join(__dirname, '..');

const cases = {
  'bare node': '0',
  cdk8s: "require('cdk8s')",
  'cdk8s-bento': "require('.')",
  'without aws': "require.cache[require.resolve('./build/aws')] = { loaded: true, exports: {} }; require('.')",
};

function milliseconds(script: string): number {
  const begin = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: repository, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(process.hrtime.bigint() - begin) / 1e6;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const times = Object.fromEntries(Object.keys(cases).map((name) => [name, [] as number[]]));
for (let run = 0; run < RUNS; run++) {
  for (const [name, script] of Object.entries(cases)) times[name]!.push(milliseconds(script));
}
const medians = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
const net = (name: string): number => medians[name]! - medians['bare node']!;
for (const [name, value] of Object.entries(medians))
  console.log(`${name.padEnd(12)} ${value.toFixed(0).padStart(5)} ms`);
console.log(`cdk8s-bento / cdk8s, whole process: ${(medians['cdk8s-bento']! / medians.cdk8s!).toFixed(2)}x`);
console.log(`cdk8s-bento / cdk8s, net of node:   ${(net('cdk8s-bento') / net('cdk8s')).toFixed(2)}x`);
console.log(`with aws / without it, net of node: ${(net('cdk8s-bento') / net('without aws')).toFixed(2)}x`);
