import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * What vitest's JSON report says really ran. A suite that ran no test, and a run that failed without a failed test
 * (a linter before it, a crash), are failures, too.
 */
export function vitestTally(file, exit) {
  const tally = { passed: 0, failed: 0, skipped: 0, problems: [] };
  const suites = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : [];
  const fail = (problem) => {
    tally.failed += 1;
    tally.problems.push(problem);
  };
  for (const { name, message, assertionResults } of suites) {
    const ran = { passed: 0, failed: 0 };
    const path = relative(process.cwd(), name);
    for (const { status, fullName } of assertionResults) {
      if (status in ran) ran[status] += 1;
      else tally.skipped += 1;
      if (status !== 'passed') tally.problems.push(`${status}: ${path}: ${fullName}`);
    }
    tally.passed += ran.passed;
    tally.failed += ran.failed;
    if (ran.passed + ran.failed === 0) fail(`${path} ran no test${message ? `: ${message}` : ''}`);
  }
  if (suites.length === 0) fail('no test ran');
  if (exit !== 0 && tally.failed === 0) fail(`ended with ${exit}, though no test failed`);
  return tally;
}

/** One line per file that is not as committed, with what it holds now. */
export function repositoryState() {
  const git = (...args) => execFileSync('git', args, { encoding: 'utf8' });
  const names = git('ls-files', '--modified', '--others', '--deleted', '--exclude-standard', '-z').split('\0');
  return [...new Set(names.filter(Boolean))].map((name) => {
    const content = existsSync(name) ? createHash('sha256').update(readFileSync(name)).digest('hex') : 'gone';
    return `${name} changed (${content.slice(0, 12)})`;
  });
}
