import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1';
import type { ConfigMap, Container as ContainerSpec, Service } from 'kubernetes-types/core/v1';
import { ClusterDns } from '../envoy/dns';
import { PodEnvoy } from '../envoy/pod-envoy';
import type { BentoMl } from './build';
import { ClusterIp } from './cluster-ip';
import type { Image } from './image';
import { Pod } from './pod';
import { sandbox } from './sandbox';

export interface LabOptions {
  readonly bentoml: BentoMl;
  readonly image: Image;
  /** An empty folder that everyone may read. */
  readonly scratch: string;
  /** Hosts outside the manifests, with their addresses. */
  readonly hosts?: Record<string, string>;
  readonly secrets?: Record<string, Record<string, string>>;
  readonly claims?: Record<string, string>;
  /** Of the proxies beside pods. */
  readonly envoy?: string;
}

// Many labs may run on one machine at once: each takes loopback addresses of its own.
let lastAddress = 0;
const block = [127, 64 + Math.floor(Math.random() * 128), Math.floor(Math.random() * 256)].join('.');

export function loopbackAddress(): string {
  lastAddress += 1;
  return `${block}.${lastAddress}`;
}

/** Runs what a definition synthesized: every Deployment as processes, every Service as an address. */
export class Lab {
  private readonly pods: Pod[] = [];
  private readonly services: ClusterIp[] = [];
  private readonly hosts: Record<string, string>;
  private readonly dns = new ClusterDns('127.0.0.1');

  constructor(
    private readonly manifests: unknown[],
    private readonly options: LabOptions,
  ) {
    this.hosts = { ...options.hosts };
  }

  /** Opens the Services, starts one pod of each of these Deployments and waits until all are ready. */
  async start(...deployments: string[]): Promise<void> {
    await this.dns.open();
    for (const service of this.kind<Service>('Service')) await this.open(service);
    await Promise.all(deployments.map((name) => this.addPod(name)));
  }

  /** Another pod of the Deployment, once it is ready. */
  async addPod(deployment: string): Promise<Pod> {
    const manifest = this.kind<Deployment>('Deployment').find(({ metadata }) => metadata?.name === deployment);
    const template = manifest?.spec?.template;
    if (template?.spec === undefined) throw new Error(`no Deployment '${deployment}'`);
    const name = `${deployment}-${this.pods.length}`;
    const scratch = join(this.options.scratch, name);
    mkdirSync(scratch);
    const pod = new Pod(template.spec, template.metadata?.labels ?? {}, {
      name,
      namespace: manifest?.metadata?.namespace ?? 'default',
      address: loopbackAddress(),
      image: this.options.image,
      packages: this.options.bentoml.mounts,
      hosts: this.hosts,
      secrets: this.options.secrets ?? {},
      configMaps: Object.fromEntries(
        this.kind<ConfigMap>('ConfigMap').map(({ metadata, data }) => [metadata?.name, data ?? {}]),
      ),
      claims: this.options.claims ?? {},
      scratch,
      sandbox,
      ...(this.options.envoy !== undefined && {
        sidecar: (spec: ContainerSpec, files: Record<string, string>, address: string) =>
          new PodEnvoy(this.options.envoy!, spec, files, { address, scratch, dns: this.dns }),
      }),
    });
    this.pods.push(pod);
    await pod.started();
    return pod;
  }

  /** The pods of a Deployment that still serve, oldest first. */
  podsOf(deployment: string): Pod[] {
    return this.pods.filter(({ name, serving }) => serving && name.slice(0, name.lastIndexOf('-')) === deployment);
  }

  /** A URL through the Service. */
  url(service: string, path: string): string {
    const address = this.hosts[service];
    const port = this.services.find((candidate) => candidate.address === address)?.port;
    if (port === undefined) throw new Error(`no Service '${service}'`);
    return `http://${address}:${port}${path}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.pods.map((pod) => pod.kill()));
    await Promise.all([...this.services.map((service) => service.close()), this.dns.close()]);
  }

  private async open({ metadata, spec }: Service): Promise<void> {
    const [port] = spec?.ports ?? [];
    if (metadata?.name === undefined || port === undefined) throw new Error('a Service without name or port');
    const selected = (pod: Pod) =>
      Object.entries(spec?.selector ?? {}).every(([label, value]) => pod.labels[label] === value);
    const pods = () => this.pods.filter((pod) => pod.serving && selected(pod));
    const namespaced = `${metadata.name}.${metadata.namespace ?? 'default'}`;
    if (spec?.clusterIP === 'None') {
      const addresses = { enumerable: true, get: () => pods().map(({ address }) => address) };
      Object.defineProperty(this.dns.records, `${namespaced}.svc.cluster.local`, addresses);
      return;
    }
    const address = loopbackAddress();
    for (const name of [metadata.name, namespaced, `${namespaced}.svc`, `${namespaced}.svc.cluster.local`]) {
      this.hosts[name] = address;
    }
    const service = new ClusterIp(address, port.port, () =>
      pods().map((pod) => ({ address: pod.address, port: pod.port(port.targetPort ?? port.port) })),
    );
    await service.open();
    this.services.push(service);
  }

  private kind<T>(kind: string): T[] {
    return this.manifests.filter((manifest) => (manifest as { kind?: string }).kind === kind) as T[];
  }
}
