import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryState, vitestTally } from './tally.mjs';

const MINUTES = 60_000;
const TAIL_LINES = 120;
const logs = mkdtempSync(join(tmpdir(), 'bento-ci-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const running = new Set();

/** Starts a program in a process group of its own; what it prints goes to a file. */
function start(name, command, limitMinutes) {
  const log = join(logs, `${name.replace(/\W+/g, '-')}.log`);
  const file = openSync(log, 'w');
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', file, file], detached: true });
  closeSync(file);
  running.add(child);
  const began = performance.now();
  const timer = setTimeout(() => end(child), limitMinutes * MINUTES);
  const code = new Promise((done) => {
    child.once('error', () => done(-1));
    child.once('exit', (exit) => done(exit ?? -1));
  });
  return {
    async result() {
      const exit = await code;
      clearTimeout(timer);
      running.delete(child);
      return { exit, log, seconds: (performance.now() - began) / 1000 };
    },
  };
}

function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const withoutPaths = (text) => text.replaceAll(process.cwd(), '.').replaceAll(homedir(), '~');

function report(name, tally, { log, seconds }) {
  for (const key of Object.keys(total)) total[key] += tally[key];
  const counts = `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`;
  console.log(`== ${name}: ${counts} (${seconds.toFixed(0)} s)`);
  for (const problem of tally.problems) console.log(`   ${withoutPaths(problem)}`);
  if (tally.failed === 0 && tally.skipped === 0) return;
  const lines = withoutPaths(readFileSync(log, 'utf8')).trimEnd().split('\n');
  console.log(lines.slice(-TAIL_LINES).join('\n'));
}

const check = (passed, problem) => ({
  passed: passed ? 1 : 0,
  failed: passed ? 0 : 1,
  skipped: 0,
  problems: passed || problem === undefined ? [] : [problem],
});

async function command(name, line, limitMinutes = 10) {
  const finished = await start(name, line, limitMinutes).result();
  report(name, check(finished.exit === 0), finished);
}

async function tests(name, script, limitMinutes) {
  const json = join(logs, `${script}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
  const finished = await start(name, ['npm', 'run', script, '--', ...reporters], limitMinutes).result();
  report(name, vitestTally(json, finished.exit), finished);
}

async function main() {
  const before = repositoryState();
  await command('npm ci', ['npm', 'ci', '--no-audit', '--no-fund']);
  // The lowest priority: the steps below are not to be slowed down by compilations they do not need.
  const judges = start('judges', ['nice', '-n', '19', 'node', '--import', 'tsx', 'test/tools/prebuild.ts'], 50);
  await command('synth', ['npm', 'run', 'synth']);
  await tests('test', 'test', 10);
  await command('build', ['npm', 'run', 'build'], 15);
  await command('rosetta', ['npm', 'run', 'rosetta']);
  await command('api-lint', ['npm', 'run', 'api-lint']);
  const after = repositoryState();
  const changed = after.filter((line) => !before.includes(line));
  report('generated files are up to date', check(changed.length === 0, changed.join('\n   ')), {
    log: '/dev/null',
    seconds: 0,
  });
  const built = await judges.result();
  report('judges', check(built.exit === 0), built);
  await tests('test:slow', 'test:slow', 42);
}

process.on('exit', () => {
  for (const child of running) end(child);
  rmSync(logs, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

await main().catch((error) => {
  console.error(error);
  total.failed += 1;
});
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 || total.skipped > 0 || total.passed === 0 ? 1 : 0;
