import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goBuild } from '../tools/go';
import { Client, type Endpoint, until } from './client';

export interface ClusterOptions {
  readonly nodes?: number;
  /** Of each node besides CPU and memory. @default - 8 of nvidia.com/gpu */
  readonly resources?: Record<string, string>;
  /** Period of the autoscaler. @default '1s' - a real cluster has 15s */
  readonly hpaPeriod?: string;
  readonly featureGates?: string;
}

/** The program that is every process of the control plane: built once per content of its sources. */
export function clusterBinary(): Promise<string> {
  const module = readFileSync(join(__dirname, 'go.mod'), 'utf8');
  const [version, minor] = /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)/.exec(module)!.slice(1);
  const v = 'k8s.io/component-base/version';
  // Unless told, the server calls itself v0.0.0-master and judges by no version's rules.
  const flags = `-s -w -X ${v}.gitVersion=${version} -X ${v}.gitMajor=1 -X ${v}.gitMinor=${minor} -X ${v}.gitTreeState=clean`;
  return goBuild('cluster', __dirname, flags);
}

/**
 * A real Kubernetes control plane on loopback: etcd, API server, controllers, scheduler. Its nodes are simulated:
 * pods are scheduled and reported ready, and nothing runs in them.
 */
export class Cluster {
  static async up(options: ClusterOptions = {}): Promise<Cluster> {
    const [etcd, peer, api] = await freePorts(3);
    const cluster = new Cluster(await clusterBinary(), { etcd, peer, api });
    try {
      await cluster.start(options);
    } catch (error) {
      const logs = cluster.failure ?? '';
      await cluster.down();
      throw logs === '' ? error : new Error(logs, { cause: error });
    }
    return cluster;
  }

  readonly endpoint: Endpoint;
  /** File that gives a program every right. */
  readonly kubeconfig: string;
  client!: Client;
  private readonly dir = mkdtempSync(join(tmpdir(), 'bento-cluster-'));
  private readonly processes = new Map<string, ChildProcess>();
  private failure?: string;

  private constructor(
    private readonly binary: string,
    private readonly ports: Ports,
  ) {
    this.endpoint = {
      url: `https://127.0.0.1:${ports.api}`,
      token: randomBytes(16).toString('hex'),
      ca: this.at('pki/apiserver.crt'),
    };
    this.kubeconfig = this.at('kubeconfig');
  }

  /** A folder that goes with the cluster. */
  folder(name: string): string {
    const path = this.at(name);
    mkdirSync(path);
    return path;
  }

  /** A program that ends with the cluster; that it ends by itself fails every later wait for the cluster. */
  host(name: string, program: string, args: string[], env: Record<string, string> = {}): void {
    const path = this.at(`logs/${name}.log`);
    const log = openSync(path, 'a');
    // Each process ends by itself when this one is gone, however it went.
    const child = spawn(program, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, CLUSTER_ATTACHED: '1', ...env },
    });
    closeSync(log);
    child.once('exit', (code, signal) => {
      const tail = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').slice(-20).join('\n') : '';
      this.failure ??= `${name} ended (${code ?? signal})\n${tail}`;
    });
    this.processes.set(name, child);
  }

  /** Waits for something that takes a program of the cluster: if one ends, that is what is reported. */
  wait(what: string, probe: () => Promise<boolean>, timeoutMs = 120_000): Promise<boolean> {
    return until(
      what,
      async () => {
        if (this.failure !== undefined) throw new Error(this.failure);
        return probe();
      },
      timeoutMs,
    );
  }

  async down(): Promise<void> {
    this.client?.close();
    // Nothing in here is worth a slow goodbye.
    await Promise.all([...this.processes.values()].map(killed));
    rmSync(this.dir, { recursive: true, force: true });
  }

  private at(name: string): string {
    return join(this.dir, name);
  }

  private async start({ nodes = 3, resources = {}, hpaPeriod = '1s', featureGates }: ClusterOptions): Promise<void> {
    this.writeCredentials();
    const gates = featureGates === undefined ? [] : [`--feature-gates=${featureGates}`];
    this.spawn('etcd', this.etcdFlags());
    this.spawn('kube-apiserver', [...this.apiserverFlags(), ...gates]);
    // A file that is there may be empty yet, and who trusts that trusts nobody.
    await this.wait('certificate of the API server', async () => {
      return existsSync(this.endpoint.ca) && readFileSync(this.endpoint.ca, 'utf8').includes('END CERTIFICATE');
    });
    this.client = new Client(this.endpoint);
    await this.wait('API server', () =>
      this.client.get('/readyz').then(
        (answer) => answer === 'ok',
        () => false,
      ),
    );
    this.spawn('kube-controller-manager', [...this.controllerFlags(hpaPeriod), ...gates]);
    this.spawn('kube-scheduler', [...this.clientFlags(), ...gates]);
    const extended = Object.entries(resources).map(([name, amount]) => `--resource=${name}=${amount}`);
    this.spawn('sim-kubelet', [`--kubeconfig=${this.kubeconfig}`, `--nodes=${nodes}`, ...extended]);
    await this.client.namespaceReady('default');
    // Admission taints a new node until the node controller has seen it ready.
    await this.wait('nodes', async () => {
      const { items } = await this.client.get('/api/v1/nodes');
      return items.length === nodes && items.every((n: { spec: { taints?: unknown[] } }) => !n.spec.taints?.length);
    });
  }

  private writeCredentials(): void {
    mkdirSync(this.at('logs'));
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.secret('sa.key', privateKey.export({ type: 'sec1', format: 'pem' }).toString());
    this.secret('tokens.csv', `${this.endpoint.token},admin,admin,"system:masters"\n`);
    this.secret(
      'kubeconfig',
      // JSON is YAML: no writer needed.
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'c',
        clusters: [{ name: 'c', cluster: { server: this.endpoint.url, 'certificate-authority': this.endpoint.ca } }],
        users: [{ name: 'admin', user: { token: this.endpoint.token } }],
        contexts: [{ name: 'c', context: { cluster: 'c', user: 'admin' } }],
      }),
    );
  }

  private secret(name: string, text: string): void {
    writeFileSync(this.at(name), text, { mode: 0o600 });
  }

  private etcdFlags(): string[] {
    const client = `http://127.0.0.1:${this.ports.etcd}`;
    const peer = `http://127.0.0.1:${this.ports.peer}`;
    return [
      '--name=c',
      `--data-dir=${this.at('etcd')}`,
      '--log-level=warn',
      '--unsafe-no-fsync',
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=c=${peer}`,
    ];
  }

  private apiserverFlags(): string[] {
    return [
      `--etcd-servers=http://127.0.0.1:${this.ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${this.ports.api}`,
      `--cert-dir=${this.at('pki')}`,
      // A loopback address is no valid endpoint of the `kubernetes` Service.
      '--endpoint-reconciler-type=none',
      `--token-auth-file=${this.at('tokens.csv')}`,
      '--authorization-mode=RBAC',
      '--anonymous-auth=false',
      `--service-account-signing-key-file=${this.at('sa.key')}`,
      `--service-account-key-file=${this.at('sa.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged',
      '--profiling=false',
      '--enable-priority-and-fairness=false',
    ];
  }

  private clientFlags(): string[] {
    const { kubeconfig } = this;
    return [
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      '--authentication-skip-lookup',
      '--bind-address=127.0.0.1',
      '--secure-port=0',
      '--leader-elect=false',
      '--profiling=false',
      '--kube-api-qps=500',
      '--kube-api-burst=1000',
    ];
  }

  private controllerFlags(hpaPeriod: string): string[] {
    return [
      ...this.clientFlags(),
      `--service-account-private-key-file=${this.at('sa.key')}`,
      `--horizontal-pod-autoscaler-sync-period=${hpaPeriod}`,
      // Else the autoscaler ignores the CPU of pods that are younger than five minutes.
      '--horizontal-pod-autoscaler-cpu-initialization-period=0s',
      '--horizontal-pod-autoscaler-initial-readiness-delay=0s',
      // Else a claim waits a quarter of a minute for its volume.
      '--pvclaimbinder-sync-period=1s',
      // Else it is made under /usr/libexec.
      `--flex-volume-plugin-dir=${this.at('flexvolume')}`,
    ];
  }

  private spawn(name: string, args: string[]): void {
    this.host(name, this.binary, [name, ...args]);
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

interface Ports {
  readonly etcd: number;
  readonly peer: number;
  readonly api: number;
}

/** Ports nobody listens on just now; held all at once, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const listen = () =>
    new Promise<net.Server>((done, fail) => {
      const server = net.createServer().once('error', fail);
      server.listen(0, '127.0.0.1', () => done(server));
    });
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
