import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireTool } from '../tools/require-tool';

/** What a container sees at a path: a file or folder of this machine, or an empty folder of its own. */
export type Mount =
  | { readonly path: string; readonly source: string; readonly readOnly: boolean }
  | { readonly path: string; readonly empty: true; readonly mode: string; readonly group: number };

/** A process as its container would start it. */
export interface ContainerProcess {
  readonly command: string[];
  readonly env: Record<string, string>;
  readonly workdir: string;
  readonly user: number;
  readonly group: number;
  readonly readOnlyRoot: boolean;
  /** Later ones may lie in earlier ones. */
  readonly mounts: Mount[];
  /** Names that resolve, with their addresses. */
  readonly hosts: Record<string, string>;
}

export interface Invocation {
  readonly program: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  readonly cwd?: string;
  /** Whether the container's first process is a child of the one that is spawned. */
  readonly nested: boolean;
}

/** How the process is run here; `scratch` is an empty folder for it. */
export type Sandbox = (container: ContainerProcess, scratch: string) => Invocation;

const trial = spawnSync('unshare', ['--mount', '--pid', '--fork', 'mount', '-t', 'tmpfs', 'trial', '/mnt']);

/** Whether processes get the root, the mounts and the user of their manifest; otherwise they run in place. */
export const isolates = trial.status === 0;

/** Whether manifests can be run on this machine at all; one line says so when they cannot. */
export function runnable(suite: string): boolean {
  if (process.platform === 'linux') return requireTool('python3', suite);
  console.warn(`skipped: ${suite}: needs Linux, where every pod can have a loopback address of its own`);
  return false;
}

/** The best this machine can do. */
export const sandbox: Sandbox = isolates ? isolated : inPlace;

/** In a root of its own, read-only if the manifest says so, with exactly its mounts, as its user. */
function isolated(container: ContainerProcess, scratch: string): Invocation {
  const root = join(scratch, 'root');
  mkdirSync(root);
  const hosts = join(scratch, 'hosts');
  const lines = Object.entries({ localhost: '127.0.0.1', ...container.hosts });
  writeFileSync(hosts, lines.map(([name, address]) => `${address} ${name}\n`).join(''));
  const mounts = [...container.mounts, { path: '/etc/hosts', source: hosts, readOnly: true }].map((mount) =>
    'empty' in mount
      ? `empty ${mount.mode} ${mount.group} ${mount.path}\n`
      : `bind ${mount.readOnly ? 'ro' : 'rw'} ${mount.source} ${mount.path}\n`,
  );
  writeFileSync(join(scratch, 'mounts'), mounts.join(''));
  const access = container.readOnlyRoot ? 'ro' : 'rw';
  const user = [String(container.user), String(container.group)];
  const env = Object.entries(container.env).map(([name, value]) => `${name}=${value}`);
  const isolate = [join(__dirname, 'isolate.sh'), root, access, join(scratch, 'mounts'), ...user, container.workdir];
  return {
    // The namespaces die with this process even if it is killed.
    program: 'setpriv',
    args: ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child'].concat(
      isolate,
      env,
      container.command,
    ),
    env: {},
    nested: true,
  };
}

/** With every path and host name of the container replaced by what stands for it on this machine. */
function inPlace(container: ContainerProcess, scratch: string): Invocation {
  const places = container.mounts.map((mount, index) => {
    if (!('empty' in mount)) return { path: mount.path, place: mount.source };
    const place = join(scratch, String(index));
    mkdirSync(place);
    return { path: mount.path, place };
  });
  places.sort((a, b) => b.path.length - a.path.length);
  const patterns = places.map(({ path }) => path.replaceAll('.', '\\.')).join('|');
  const hosts = Object.keys(container.hosts).sort((a, b) => b.length - a.length);
  const here = (text: string) =>
    text
      .replaceAll(new RegExp(`(?<![\\w./-])(${patterns})(?![\\w.-])`, 'g'), (path) =>
        String(places.find((known) => known.path === path)?.place),
      )
      .replaceAll(new RegExp(`(?<=//)(${hosts.join('|')})(?=[:/])`, 'g'), (host) => String(container.hosts[host]));
  const [program = '', ...args] = container.command.map(here);
  const env = Object.fromEntries(Object.entries(container.env).map(([name, value]) => [name, here(value)]));
  return { program, args, env, cwd: here(container.workdir), nested: false };
}
