import { spawnSync } from 'node:child_process';

// What a suite needs of a toolchain, as a program that succeeds where it is there.
// Debian has a python3 that cannot make environments: `venv` without `ensurepip`.
const PROBES = {
  apt: ['sh', ['-c', 'command -v dpkg && apt-cache show prometheus']],
  cargo: ['cargo', ['--version']],
  cc: ['sh', ['-c', 'command -v cc && command -v make']],
  go: ['go', ['version']],
  java: ['sh', ['-c', 'java -version && mvn --version']],
  python3: ['python3', ['-c', 'import ensurepip, venv']],
  terraform: ['terraform', ['version']],
} as const;

const NAMES: Partial<Record<keyof typeof PROBES, string>> = {
  apt: "Debian's apt with its package lists",
  cc: 'a C compiler with make',
  java: 'Java with Maven',
  python3: 'python3 with venv',
};

/**
 * Whether this machine has the toolchain that `suite` needs. Where it is absent the suite is to be skipped, and one
 * line says so; in CI (`CI` set) it is an error instead, so that nothing is left out unseen.
 *
 *     describe.skipIf(!requireTool('go', 'control plane'))('...', () => { ... })
 */
export function requireTool(tool: keyof typeof PROBES, suite: string): boolean {
  const [command, args] = PROBES[tool];
  if (spawnSync(command, args, { stdio: 'ignore' }).status === 0) return true;
  const message = `skipped: ${suite}: needs ${NAMES[tool] ?? tool}, which is not here`;
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}
