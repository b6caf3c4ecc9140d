import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENVOY_CONFIG_FILE, envoyContainer } from '../../lib/engines/envoy-container';

const READY_MS = 20_000;

/** What the kubelet writes into the resolv.conf of each pod, as c-ares takes it from the environment. */
const POD_DNS = { LOCALDOMAIN: 'lab.svc.cluster.local', RES_OPTIONS: 'ndots:5' };

/** A running Envoy. */
export class EnvoyProcess {
  private readonly child: ChildProcess;
  private output = '';
  readonly exit: Promise<number | undefined>;

  constructor(binary: string, args: string[]) {
    this.child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...POD_DNS } });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    this.exit = once(this.child, 'exit').then(([code]) => code ?? undefined);
  }

  get log(): string {
    return this.output;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Waits until the status page says so. */
  async ready(url: string): Promise<this> {
    const end = Date.now() + READY_MS;
    while (Date.now() < end) {
      if (this.child.exitCode !== null) throw new Error(`Envoy ended with ${this.child.exitCode}\n${this.log}`);
      if (await answers(url)) return this;
      await sleep(50);
    }
    throw new Error(`Envoy did not become ready\n${this.log}`);
  }

  terminate(): void {
    this.child.kill('SIGTERM');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

/** A port that is free at this address. */
export async function freePort(address = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

interface Cluster {
  cluster_type?: { typed_config: Record<string, unknown> };
}

/**
 * The same configuration on a machine that is no pod: names are resolved by the test's own DNS, and the admin socket has
 * a name of its own, for abstract names are those of the machine. With an `address` it listens there, as in a pod.
 */
export function onThisMachine(
  config: object,
  dns: { address: string; port: number },
  name: string,
  address?: string,
): object {
  const text = JSON.stringify(config).replaceAll('@cdk8s-bento-envoy-admin', `@${name}`);
  const copy = JSON.parse(
    address === undefined ? text : text.replaceAll(/"(127\.0\.0\.1|0\.0\.0\.0)"/g, `"${address}"`),
  );
  for (const { cluster_type } of copy.static_resources.clusters as Cluster[]) {
    if (cluster_type === undefined) continue;
    cluster_type.typed_config.typed_dns_resolver_config = {
      name: 'envoy.network.dns_resolver.cares',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig',
        resolvers: [{ socket_address: { address: dns.address, port_value: dns.port } }],
      },
    };
  }
  return copy;
}

export function writeConfig(folder: string, name: string, config: object): string {
  const path = join(folder, `${name}.json`);
  writeFileSync(path, JSON.stringify(config));
  return path;
}

/** As the library's container starts it, with another place of the configuration. */
export function containerArgs(configPath: string): string[] {
  const { args } = envoyContainer({
    image: { reference: 'envoy', mutable: false },
    size: {},
    ports: [],
    statusPort: 1,
  });
  return args!.map((arg) => (arg.endsWith(ENVOY_CONFIG_FILE) ? configPath : arg));
}
