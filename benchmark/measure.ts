// One process, start to end: how long it takes, and how much memory it holds at its peak.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where standard output goes. */
  readonly output?: string;
}

export interface Measurement {
  readonly milliseconds: number;
  /** Of all processors, its children's, too; undefined where the system does not tell. */
  readonly processorMilliseconds?: number;
  /** Undefined where the system does not tell. */
  readonly peakMegabytes?: number;
}

const POLL_MS = 5;
const KILOBYTES = 1024;
const TICK_MS = 10;
// Of proc_pid_stat(5), counted behind the name of the program.
const CHILDREN_USER = 13;
const CHILDREN_SYSTEM = 14;

export async function measure({ program, args, cwd, env, output }: Command): Promise<Measurement> {
  const stdout = output === undefined ? 'ignore' : openSync(output, 'w');
  const before = processorOfChildren();
  const begin = process.hrtime.bigint();
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', stdout, 'pipe'] });
  let stderr = '';
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  let peak: number | undefined;
  const timer = setInterval(() => {
    peak = peakOf(child.pid!) ?? peak;
  }, POLL_MS);
  try {
    const code = await new Promise<number | null>((done, fail) => child.once('error', fail).once('exit', done));
    const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6;
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ends with ${code}:\n${stderr}`);
    const after = processorOfChildren();
    return {
      milliseconds,
      ...(before !== undefined && after !== undefined && { processorMilliseconds: after - before }),
      ...(peak !== undefined && { peakMegabytes: peak }),
    };
  } finally {
    clearInterval(timer);
    if (typeof stdout === 'number') closeSync(stdout);
  }
}

/** What children that have ended took, in steps of 10 ms: Linux keeps it for their parent, and one runs at a time. */
function processorOfChildren(): number | undefined {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[CHILDREN_USER]) + Number(fields[CHILDREN_SYSTEM])) * TICK_MS;
  } catch {
    return undefined;
  }
}

/** The high-water mark that Linux keeps; the last one asked before the end is the peak, or close to it. */
function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / KILOBYTES;
  } catch {
    return undefined;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
