import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Record<string, string>;
  readonly timeoutSeconds?: number;
  /** Exit codes that are an answer rather than a failure. @default [0] */
  readonly expect?: number[];
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; an exit code nobody expects is an error with the end of its output. */
export async function run(command: string, args: string[], options: RunOptions = {}): Promise<Finished> {
  const { cwd, env, timeoutSeconds = 1800, expect = [0] } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (exit, signal) => done(signal === null ? (exit ?? -1) : -1));
  });
  if (!expect.includes(code)) {
    const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-40).join('\n');
    throw new Error(`${[command, ...args].join(' ')} ended with ${code}\n${tail}`);
  }
  return { code, stdout, stderr };
}
