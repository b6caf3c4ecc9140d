import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NginxModel, nginxConfig } from '../../lib/engines/nginx';
import { FIRST_COPY_PORT } from '../../lib/engines/nginx-copies';
import { NGINX_STATUS_PORT, nginxResolverTemplate } from '../../lib/engines/nginx-frame';
import { run } from '../tools/run';
import { nginxProgram } from './build';
import { type Answered, type Ask, ask } from './pods';

const START_MS = 20_000;

/** A line of the log of requests. */
export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly cache: string;
  /** Of a split: where it went; and of lines of copies, that it is one. */
  readonly version: string;
  readonly copy?: true;
  readonly upstream: string;
}

/** The files of a ConfigMap: those of a model, or those that a deployment has emitted. */
export interface NginxFiles {
  readonly config: string;
  readonly resolverTemplate: string;
  /** Of the pods. */
  readonly port: number;
}

/** The files of a model. */
export function filesOf(model: NginxModel): NginxFiles {
  const port = Math.max(1, model.upstream.port);
  return {
    config: nginxConfig({ ...model, upstream: { ...model.upstream, port } }),
    resolverTemplate: nginxResolverTemplate(),
    port,
  };
}

/** The configuration that is emitted, with folders and ports of its own. */
export class Nginx {
  /** Whether nginx takes the configuration; if not, what it says. */
  public static async verdict(model: NginxModel | NginxFiles): Promise<string> {
    const nginx = new Nginx(mkdtempSync(join(tmpdir(), 'bento-nginx-')), await freePorts());
    try {
      nginx.write(model, join(nginx.dir, 'stdout'));
      const { code, stderr } = await run(await nginxProgram(), [...nginx.args(), '-t'], { expect: [0, 1] });
      return code === 0 && !/\[(emerg|alert|warn)\]/.test(stderr) ? '' : stderr;
    } finally {
      rmSync(nginx.dir, { recursive: true });
    }
  }

  public static async start(model: NginxModel | NginxFiles, nameServerPort: number): Promise<Nginx> {
    const dir = mkdtempSync(join(tmpdir(), 'bento-nginx-'));
    const nginx = new Nginx(dir, await freePorts(), nameServerPort);
    nginx.write(model);
    await nginx.run();
    return nginx;
  }

  private child?: ChildProcess;

  public readonly port: number;
  public readonly statusPort: number;
  private readonly copyPorts: readonly number[];

  private constructor(
    private readonly dir: string,
    [port = 0, statusPort = 0, ...copyPorts]: readonly number[],
    private readonly nameServerPort = 53,
  ) {
    this.port = port;
    this.statusPort = statusPort;
    this.copyPorts = copyPorts;
  }

  /** Begins again, with what lies on its disk. */
  public async restart(model: NginxModel | NginxFiles): Promise<void> {
    await this.end();
    this.write(model);
    await this.run();
  }

  public ask(path: string, options?: Ask): Promise<Answered> {
    return ask(this.port, path, options);
  }

  public get log(): Logged[] {
    return lines(join(this.dir, 'stdout')).map((line) => JSON.parse(line));
  }

  public get errors(): string[] {
    return lines(join(this.dir, 'stderr'));
  }

  /** Bytes that the answers take. */
  public get cachedBytes(): number {
    const cache = join(this.dir, 'cache');
    const files = readdirSync(cache, { recursive: true, encoding: 'utf8' }).map((file) => join(cache, file));
    const sizes = files.map((file) => statSync(file, { throwIfNoEntry: false }));
    return sizes.reduce((sum, size) => sum + (size?.isFile() ? size.blocks * 512 : 0), 0);
  }

  /** As the kubelet does; the code with which it ends, once what was begun is answered. */
  public quit(): Promise<number | null> {
    const ended = new Promise<number | null>((done) => this.child!.once('exit', done));
    this.child!.kill('SIGQUIT');
    return ended;
  }

  public async stop(): Promise<void> {
    await this.end();
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    if (this.child?.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child!.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }

  private write(model: NginxModel | NginxFiles, stdout = '/dev/stdout'): void {
    const { config, resolverTemplate, port } = 'config' in model ? model : filesOf(model);
    const own = config
      .replaceAll('/tmp/', `${this.dir}/`)
      .replaceAll('/dev/stdout', stdout)
      .replace(/127\.0\.0\.1:(\d+)/g, (_, copies) => `127.0.0.1:${this.copyPorts[Number(copies) - FIRST_COPY_PORT]}`)
      .replace(/listen (\d+);/g, (_, listened) =>
        Number(listened) === NGINX_STATUS_PORT
          ? `listen 127.0.0.1:${this.statusPort};`
          : `listen 127.0.0.1:${this.port};`,
      )
      .replace(/(server \S+):\d+ resolve/g, `$1:${port} resolve`);
    writeFileSync(join(this.dir, 'nginx.conf'), own);
    const resolver = resolverTemplate.replace('$' + '{NGINX_LOCAL_RESOLVERS}', `127.0.0.1:${this.nameServerPort}`);
    writeFileSync(join(this.dir, 'resolver.conf'), resolver);
  }

  private args(): string[] {
    // Workers of root become nobody, who may not write here; in a pod there is no root.
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    return ['-p', this.dir, '-e', 'stderr', '-c', join(this.dir, 'nginx.conf'), '-g', `daemon off; ${user}`];
  }

  private async run(): Promise<void> {
    // A file, for nginx opens /dev/stdout by its name, which a socket does not have.
    const [out, err] = ['stdout', 'stderr'].map((name) => openSync(join(this.dir, name), 'a'));
    this.child = spawn(await nginxProgram(), this.args(), { stdio: ['ignore', out!, err!] });
    closeSync(out!);
    closeSync(err!);
    for (const until = Date.now() + START_MS; Date.now() < until && this.child.exitCode === null; ) {
      if ((await ask(this.statusPort, '/').catch(() => undefined))?.status === 200) return;
      await new Promise((done) => setTimeout(done, 20));
    }
    const said = this.errors.join('\n');
    await this.stop();
    throw new Error(`nginx does not start: ${said}`);
  }
}

function lines(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** One for requests, one for the status, and some for copies. */
async function freePorts(): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < 6) {
    const port = await freePort();
    if (!ports.includes(port)) ports.push(port);
  }
  return ports;
}

/** Waits until `what` holds. */
export async function until(what: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await what()); ) {
    if (Date.now() > end) throw new Error(`not within ${seconds} seconds: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
