import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container as ContainerSpec, EnvVar, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { Container } from './container';
import type { Image } from './image';
import { attempt, portNumber, succeeds } from './probe';
import type { Mount, Sandbox } from './sandbox';

/** How long every kube-proxy of a cluster takes to notice that an endpoint is leaving. */
const ENDPOINT_REMOVAL_MS = 1_000;

/** What the cluster gives a pod besides its manifest. */
export interface PodContext {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
  readonly image: Image;
  /** Read-only files that the image has: the Python packages and their interpreter. */
  readonly packages: Mount[];
  readonly hosts: Record<string, string>;
  readonly secrets: Record<string, Record<string, string>>;
  readonly configMaps: Record<string, Record<string, string>>;
  /** Folders by the name of the claim that stands for them. */
  readonly claims: Record<string, string>;
  /** An empty folder that everyone may read. */
  readonly scratch: string;
  readonly sandbox: Sandbox;
  /** How native sidecars are run; undefined where there are none. */
  readonly sidecar?: (spec: ContainerSpec, files: Record<string, string>, address: string) => Sidecar;
}

/** A running native sidecar. */
export interface Sidecar {
  ready(): Promise<unknown>;
  terminate(): void;
  kill(): Promise<void>;
  readonly exit: Promise<number | undefined>;
}

export interface Deletion {
  readonly exitCode: number | undefined;
  /** Whether the grace period ran out and the pod was killed. */
  readonly killed: boolean;
  readonly seconds: number;
}

/** One pod, run as its manifest says. */
export class Pod {
  private readonly spec: ContainerSpec;
  private readonly container: Container;
  private readonly sidecar?: Sidecar;
  private endpoint = false;

  constructor(
    private readonly pod: PodSpec,
    readonly labels: Record<string, string>,
    private readonly context: PodContext,
  ) {
    const [spec, ...others] = pod.containers;
    const [sidecar, ...more] = pod.initContainers ?? [];
    const runs = sidecar === undefined || (sidecar.restartPolicy === 'Always' && context.sidecar !== undefined);
    if (spec === undefined || others.length + more.length > 0 || !runs) {
      throw new Error(`pod '${context.name}': only pods of one container and one native sidecar can be run here`);
    }
    this.spec = spec;
    if (sidecar !== undefined) this.sidecar = context.sidecar?.(sidecar, this.filesOf(sidecar), context.address);
    this.container = new Container(context.sandbox(this.process(), context.scratch));
  }

  get name(): string {
    return this.context.name;
  }

  get address(): string {
    return this.context.address;
  }

  get log(): string {
    return this.container.log;
  }

  /** Whether Services send new connections here. */
  get serving(): boolean {
    return this.endpoint;
  }

  port(port: number | string): number {
    return portNumber(this.spec, port);
  }

  url(path: string): string {
    return `http://${this.address}:${this.port('http')}${path}`;
  }

  async started(): Promise<void> {
    const { startupProbe, readinessProbe, name } = this.spec;
    await this.sidecar?.ready();
    for (const probe of [startupProbe, readinessProbe]) {
      if (probe === undefined) throw new Error(`container '${name}' lacks a startup or readiness probe`);
      if (!(await succeeds(this.address, this.spec, probe, () => this.container.running))) {
        throw new Error(`pod '${this.name}' did not pass ${JSON.stringify(probe)}\n${this.log}`);
      }
    }
    this.endpoint = true;
  }

  ready(): Promise<boolean> {
    return attempt(this.address, this.spec, this.spec.readinessProbe ?? {});
  }

  alive(): Promise<boolean> {
    return attempt(this.address, this.spec, this.spec.livenessProbe ?? {});
  }

  /** The kubelet's and the endpoints' part of `kubectl delete pod`. */
  async delete(): Promise<Deletion> {
    const begin = Date.now();
    const grace = (this.pod.terminationGracePeriodSeconds ?? 30) * 1000;
    setTimeout(() => {
      this.endpoint = false;
    }, ENDPOINT_REMOVAL_MS);
    await sleep(preStopSeconds(this.spec) * 1000);
    this.container.terminate();
    const over = new AbortController();
    const killed = await Promise.race([
      this.container.exit.then(() => false),
      sleep(Math.max(0, begin + grace - Date.now()), true, { signal: over.signal }),
    ]);
    over.abort();
    if (killed) await this.container.kill();
    this.sidecar?.terminate();
    await this.sidecar?.exit;
    return { exitCode: await this.container.exit, killed, seconds: (Date.now() - begin) / 1000 };
  }

  async kill(): Promise<void> {
    await this.container.kill();
    await this.sidecar?.kill();
  }

  private process() {
    const { image, address, hosts } = this.context;
    const security = { ...this.pod.securityContext, ...this.spec.securityContext };
    const readOnlyRoot = this.spec.securityContext?.readOnlyRootFilesystem ?? false;
    const user = security.runAsUser ?? 0;
    const command = this.spec.command ?? image.entrypoint;
    return {
      // The only flag that is not the manifest's: on one machine every pod needs an address of its own.
      command: [...command, ...(this.spec.args ?? []).map((arg) => this.own(arg)), '--host', address],
      // A container runtime sets HOME from the image's user.
      env: { HOME: '/home/bentoml', HOSTNAME: this.name, ...image.env, ...this.env() },
      workdir: this.spec.workingDir ?? image.workdir,
      user,
      group: security.runAsGroup ?? user,
      readOnlyRoot,
      mounts: [
        ...this.context.packages,
        { path: image.workdir, source: image.context, readOnly: readOnlyRoot },
        ...this.volumes(),
      ],
      hosts,
    };
  }

  /** On one machine the pod's loopback address is its address. */
  private own<T extends string | undefined>(text: T): T {
    return (this.sidecar === undefined ? text : text?.replaceAll('127.0.0.1', this.address)) as T;
  }

  private env(): Record<string, string> {
    if ((this.spec.envFrom ?? []).length > 0) throw new Error('envFrom cannot be run here');
    const pairs = (this.spec.env ?? []).map((env) => [env.name, this.own(env.value) ?? this.reference(env)]);
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
  }

  private reference({ name, valueFrom = {} }: EnvVar): string | undefined {
    const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom;
    const fields: Record<string, string> = {
      'metadata.name': this.name,
      'metadata.namespace': this.context.namespace,
      'status.podIP': this.address,
    };
    const value = secretKeyRef
      ? this.context.secrets[secretKeyRef.name ?? '']?.[secretKeyRef.key]
      : configMapKeyRef
        ? this.context.configMaps[configMapKeyRef.name ?? '']?.[configMapKeyRef.key]
        : fields[fieldRef?.fieldPath ?? ''];
    const optional = secretKeyRef?.optional ?? configMapKeyRef?.optional ?? false;
    if (value === undefined && !optional) throw new Error(`env '${name}' of '${this.name}' refers to nothing here`);
    return value;
  }

  private volumes(): Mount[] {
    return (this.spec.volumeMounts ?? []).map(({ name, mountPath, readOnly = false, subPath = '' }) => {
      const volume = this.pod.volumes?.find((candidate) => candidate.name === name);
      if (volume === undefined) throw new Error(`container '${this.spec.name}' mounts '${name}', which is no volume`);
      if (volume.emptyDir !== undefined) {
        const group = this.pod.securityContext?.fsGroup;
        return { path: mountPath, empty: true, mode: group === undefined ? '777' : '2777', group: group ?? 0 };
      }
      return { path: mountPath, source: join(this.folder(volume), subPath), readOnly };
    });
  }

  /** Of the only ConfigMap that a sidecar mounts. */
  private filesOf({ volumeMounts = [] }: ContainerSpec): Record<string, string> {
    const volume = this.pod.volumes?.find(({ name }) => name === volumeMounts[0]?.name);
    const files = this.context.configMaps[volume?.configMap?.name ?? ''];
    if (volumeMounts.length !== 1 || files === undefined) throw new Error('a sidecar has one ConfigMap here');
    return files;
  }

  private folder(volume: Volume): string {
    const { persistentVolumeClaim, configMap } = volume;
    const claim = this.context.claims[persistentVolumeClaim?.claimName ?? ''];
    if (claim !== undefined) return claim;
    const data = this.context.configMaps[configMap?.name ?? ''];
    if (data === undefined) throw new Error(`volume '${volume.name}' of '${this.name}' cannot be mounted here`);
    const folder = join(this.context.scratch, volume.name);
    mkdirSync(folder);
    for (const [file, text] of Object.entries(data)) writeFileSync(join(folder, file), text);
    return folder;
  }
}

function preStopSeconds(container: ContainerSpec): number {
  const { sleep: pause, exec } = (container.lifecycle?.preStop ?? {}) as {
    sleep?: { seconds: number };
    exec?: { command?: string[] };
  };
  const [, seconds] = /^sleep (\d+)$/.exec(exec?.command?.join(' ') ?? '') ?? [];
  return pause?.seconds ?? Number(seconds ?? 0);
}
