import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Invocation } from './sandbox';

/** A running process that stands for a container. */
export class Container {
  private readonly child: ChildProcess;
  private output = '';

  /** The exit code, or undefined when a signal ended it. */
  readonly exit: Promise<number | undefined>;

  constructor(private readonly invocation: Invocation) {
    const { program, args, env, cwd } = invocation;
    this.child = spawn(program, args, {
      // The tools that make the container are looked up here; what the container sees is in `args`.
      env: invocation.nested ? { PATH: process.env.PATH } : env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.child.stdout?.on('data', collect);
    this.child.stderr?.on('data', collect);
    this.exit = new Promise((done, fail) => {
      this.child.once('error', fail);
      this.child.once('exit', (code) => done(code ?? undefined));
    });
  }

  get log(): string {
    return this.output;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Signals the container's first process, as a container runtime does. */
  terminate(): void {
    process.kill(this.firstProcess(), 'SIGTERM');
  }

  /** Ends it with all its children. */
  async kill(): Promise<void> {
    const { pid } = this.child;
    if (this.running && pid !== undefined) for (const each of [...descendants(pid), pid]) kill(each);
    await this.exit;
  }

  private firstProcess(): number {
    const pid = this.child.pid;
    if (pid === undefined) throw new Error('the container never started');
    if (!this.invocation.nested) return pid;
    const [first] = children(pid);
    if (first === undefined) throw new Error(`the container has no process\n${this.log}`);
    return first;
  }
}

function children(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function descendants(pid: number): number[] {
  return children(pid).flatMap((child) => [child, ...descendants(child)]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // The first of a container's processes takes the others with it.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
