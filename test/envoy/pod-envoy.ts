import { randomBytes } from 'node:crypto';
import type { Container as ContainerSpec } from 'kubernetes-types/core/v1';
import { parse } from 'yaml';
import { ENVOY_CONFIG_FILE } from '../../lib/engines/envoy-container';
import type { Sidecar } from '../bentoml/pod';
import { portNumber } from '../bentoml/probe';
import type { ClusterDns } from './dns';
import { EnvoyProcess, onThisMachine, writeConfig } from './envoy';

export interface PodEnvoyContext {
  readonly address: string;
  /** An empty folder. */
  readonly scratch: string;
  readonly dns: ClusterDns;
}

/** The container of Envoy that a manifest has, run with the configuration of its ConfigMap. */
export class PodEnvoy implements Sidecar {
  private readonly process: EnvoyProcess;

  constructor(
    binary: string,
    private readonly spec: ContainerSpec,
    files: Record<string, string>,
    private readonly context: PodEnvoyContext,
  ) {
    const { address, dns, scratch } = context;
    const name = `cdk8s-bento-test-${randomBytes(6).toString('hex')}`;
    const config = onThisMachine(parse(files[ENVOY_CONFIG_FILE]!), dns, name, address);
    const path = writeConfig(scratch, 'sidecar', config);
    const args = (spec.args ?? []).map((arg) => (arg.endsWith(ENVOY_CONFIG_FILE) ? path : arg));
    this.process = new EnvoyProcess(binary, args);
  }

  get exit(): Promise<number | undefined> {
    return this.process.exit;
  }

  get log(): string {
    return this.process.log;
  }

  ready(): Promise<unknown> {
    const { startupProbe } = this.spec;
    const port = portNumber(this.spec, startupProbe!.httpGet!.port);
    return this.process.ready(`http://${this.context.address}:${port}${startupProbe!.httpGet!.path}`);
  }

  terminate(): void {
    this.process.terminate();
  }

  kill(): Promise<void> {
    return this.process.kill();
  }
}
