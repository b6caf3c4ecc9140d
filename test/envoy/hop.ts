import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DNS_REFRESH_SECONDS } from '../../lib/component/pool-hop';
import { type EnvoyModel, envoyConfig } from '../../lib/engines/envoy';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import { loopbackAddress } from '../bentoml/lab';
import { ClusterDns } from './dns';
import { containerArgs, EnvoyProcess, freePort, onThisMachine, writeConfig } from './envoy';
import { envoyModel, HOST, UPSTREAM } from './models';
import { FakePod } from './pods';

/** An Envoy, the pods of one pool, and the DNS that tells it of them. */
export class Hop {
  static async start(
    binary: string,
    pods: number,
    upstream: Partial<UpstreamModel> = {},
    model: Partial<EnvoyModel> = {},
  ): Promise<Hop> {
    const dns = new ClusterDns('127.0.0.1');
    await dns.open();
    const hop = new Hop(dns, mkdtempSync(join(tmpdir(), 'envoy-')));
    dns.records[HOST] = [];
    for (let index = 0; index < pods; index++) await hop.addPod();
    await hop.run(binary, upstream, model);
    return hop;
  }

  readonly pods: FakePod[] = [];
  envoy!: EnvoyProcess;
  url = '';
  statusUrl = '';

  private constructor(
    readonly dns: ClusterDns,
    private readonly folder: string,
  ) {}

  /** Ready, and in the DNS. */
  async addPod(): Promise<FakePod> {
    const pod = await new FakePod(loopbackAddress(), UPSTREAM.port).open();
    this.pods.push(pod);
    this.dns.records[HOST]!.push(pod.address);
    return pod;
  }

  /** What EndpointSlice controller and DNS do of a pod that is going; it goes on serving. */
  leave(pod: FakePod): void {
    this.dns.records[HOST] = this.dns.records[HOST]!.filter((address) => address !== pod.address);
  }

  /** Until Envoy has asked the DNS again. */
  async resolved(): Promise<void> {
    await sleep(DNS_REFRESH_SECONDS * 1000 + 500);
  }

  /** Takes what the pods have received since the last time. */
  received(): number[] {
    return this.pods.map((pod) => {
      const { received } = pod;
      pod.received = 0;
      return received;
    });
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.statusUrl}/stats/prometheus`)).text();
  }

  async stop(): Promise<void> {
    await this.envoy?.kill();
    await Promise.all(this.pods.map((pod) => pod.crash()));
    await this.dns.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(binary: string, upstream: Partial<UpstreamModel>, model: Partial<EnvoyModel>): Promise<void> {
    const [port, statusPort] = [await freePort(), await freePort()];
    const listeners = [{ port, upstream: { ...UPSTREAM, ...upstream }, readyPath: '/readyz' }];
    const config = envoyConfig(envoyModel({}, { listeners, statusPort, ...model }));
    const name = `cdk8s-bento-test-${randomBytes(6).toString('hex')}`;
    const path = writeConfig(this.folder, 'envoy', onThisMachine(config, this.dns, name));
    this.url = `http://127.0.0.1:${port}`;
    this.statusUrl = `http://127.0.0.1:${statusPort}`;
    this.envoy = new EnvoyProcess(binary, containerArgs(path));
    await this.envoy.ready(`${this.statusUrl}/ready`);
  }
}
