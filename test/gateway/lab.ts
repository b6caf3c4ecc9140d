import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingHttpHeaders, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Body } from '../cluster/client';
import { EnvoyProcess, freePort, writeConfig } from '../envoy/envoy';
import { FakePod } from '../envoy/pods';
import { type Certificate, type Translation, translate } from './translator';

type Objects = Parameters<typeof translate>[1];

/** Where something listens that stands for a pod. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** Where it answers health checks that ask another port; undefined: at `port`. */
  readonly healthPort?: number;
}

export interface GatewayLabOptions {
  readonly egctl: string;
  readonly envoy: string;
  /** All that Envoy Gateway reads. */
  readonly objects: Objects;
  /** The Gateway whose proxy is run: `gateways/public`. */
  readonly gateway: string;
  /** Pods of Services: `ml/rag`. */
  readonly pods: { readonly [service: string]: readonly Endpoint[] };
  /** Certificates of Secrets: `ml/rag-tls`. */
  readonly certificates: { readonly [secret: string]: Certificate };
  /** What names of hosts outside the cluster lead to, and whose certificates are believed there. */
  readonly outside?: { readonly [host: string]: { readonly port: number; readonly authority: string } };
}

/** What an Envoy of Envoy Gateway's own configuration does with requests. */
export class GatewayLab {
  static async start(options: GatewayLabOptions): Promise<GatewayLab> {
    const translation = await translate(options.egctl, options.objects);
    if (translation.refusals.length > 0) throw new Error(translation.refusals.join('\n'));
    const ports: { [port: number]: number } = {};
    const [admin, folder] = [await freePort(), mkdtempSync(join(tmpdir(), 'gateway-'))];
    const { listeners } = translation.proxies[options.gateway]!;
    for (const { address } of listeners) ports[address.socketAddress.portValue] ??= await freePort();
    const config = standalone(translation, options, ports, admin);
    const path = writeConfig(folder, 'envoy', config);
    const args = ['--config-path', path, '--concurrency', '1', '--use-dynamic-base-id', '--log-level', 'error'];
    const envoy = new EnvoyProcess(options.envoy, args);
    const lab = new GatewayLab(envoy, folder, ports);
    try {
      await envoy.ready(`http://127.0.0.1:${admin}/ready`);
    } catch (error) {
      await lab.stop();
      throw error;
    }
    return lab;
  }

  private constructor(
    private readonly envoy: EnvoyProcess,
    private readonly folder: string,
    private readonly ports: { readonly [port: number]: number },
  ) {}

  /** Where the listener for a port of the Gateway listens here: Envoy Gateway adds 10,000 to low ones. */
  port(of: 80 | 443): number {
    return this.ports[10_000 + of]!;
  }

  /** One request, over a connection of its own. */
  ask(host: string, options: AskOptions = {}): Promise<Answer> {
    const { method = 'POST', headers = {}, body = '{}', path = '/predict', tls = false, authority, source } = options;
    const common: RequestOptions = {
      host: '127.0.0.1',
      port: this.port(tls ? 443 : 80),
      path,
      method,
      headers: { host, ...headers },
      agent: false,
      ...(source !== undefined && { localAddress: source }),
    };
    const begin = Date.now();
    return new Promise((done) => {
      const ended = (status: number, text: string, received: IncomingHttpHeaders = {}) =>
        done({ status, body: text, headers: received, seconds: (Date.now() - begin) / 1000 });
      const sent = tls ? requestHttps({ ...common, servername: host, ca: authority }) : requestHttp(common);
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', (error) => ended(0, `${text}${error.message}`));
        response.on('end', () => ended(response.statusCode ?? 0, text, response.headers));
      });
      sent.on('error', (error) => ended(0, error.message));
      sent.end(method === 'GET' ? undefined : body);
    });
  }

  async stop(): Promise<void> {
    await this.envoy.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface AskOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  readonly path?: string;
  readonly tls?: boolean;
  /** The certificate that is believed. */
  readonly authority?: string;
  /** The address that the client has. */
  readonly source?: string;
}

export interface Answer {
  /** 0: none. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly seconds: number;
}

/** The configuration without its control plane, for a machine that is no cluster. */
function standalone(
  { proxies, addresses }: Translation,
  { gateway, pods, certificates, outside = {} }: GatewayLabOptions,
  ports: { readonly [port: number]: number },
  admin: number,
): object {
  const { listeners, routes, clusters, endpoints } = proxies[gateway]!;
  const services = Object.fromEntries(Object.entries(addresses).map(([name, address]) => [address, name]));
  const inline = (node: Body): void => {
    if (typeof node !== 'object' || node === null) return;
    delete node.accessLog;
    if (node.rds !== undefined) {
      node.routeConfig = bare(routes.find(({ name }) => name === node.rds.routeConfigName));
      delete node.rds;
    }
    if (node.tlsCertificateSdsSecretConfigs !== undefined) {
      node.tlsCertificates = node.tlsCertificateSdsSecretConfigs.map(({ name }: Body) => ({
        certificateChain: { inlineString: certificates[name]!.certificate },
        privateKey: { inlineString: certificates[name]!.key },
      }));
      delete node.tlsCertificateSdsSecretConfigs;
    }
    for (const child of Object.values(node)) inline(child);
  };
  const here = (cluster: Body): Body => {
    const { type: _, edsClusterConfig, clusterType: __, ...rest } = bare(cluster);
    if (edsClusterConfig === undefined) return { ...rest, type: 'STATIC', ...leadOutside(rest, outside) };
    const assignment = bare(endpoints.find(({ clusterName }) => clusterName === edsClusterConfig.serviceName));
    for (const locality of assignment.endpoints) {
      locality.lbEndpoints = locality.lbEndpoints.flatMap((endpoint: Body) => {
        const service = services[endpoint.endpoint.address.socketAddress.address]!;
        return (pods[service] ?? []).map((pod) => podEndpoint(endpoint, pod));
      });
    }
    return { ...rest, type: 'STATIC', loadAssignment: assignment };
  };
  const own = listeners.filter(({ name }) => !name.startsWith('envoy-gateway-proxy-ready')).map(bare);
  for (const listener of own) {
    inline(listener);
    const { socketAddress } = listener.address;
    listener.address = { socketAddress: { address: '127.0.0.1', portValue: ports[socketAddress.portValue] } };
  }
  return {
    admin: { address: { socketAddress: { address: '127.0.0.1', portValue: admin } } },
    staticResources: { listeners: own, clusters: clusters.map(here) },
  };
}

function podEndpoint({ endpoint, ...rest }: Body, { address, port, healthPort }: Endpoint): Body {
  const checked = endpoint.healthCheckConfig;
  return {
    ...rest,
    endpoint: {
      ...endpoint,
      address: { socketAddress: { address, portValue: port } },
      ...(checked !== undefined && { healthCheckConfig: { ...checked, portValue: healthPort ?? port } }),
    },
  };
}

/** Of one host at a time. */
function leadOutside(cluster: Body, outside: NonNullable<GatewayLabOptions['outside']>): Body {
  const { loadAssignment, transportSocket } = structuredClone(cluster);
  const { socketAddress } = loadAssignment.endpoints[0].lbEndpoints[0].endpoint.address;
  const { port, authority } = outside[socketAddress.address]!;
  Object.assign(socketAddress, { address: '127.0.0.1', portValue: port });
  transportSocket.typedConfig.commonTlsContext.validationContext.trustedCa = { inlineString: authority };
  return { loadAssignment, transportSocket };
}

function bare(resource: Body): Body {
  const { '@type': _, ...rest } = structuredClone(resource);
  return rest;
}

/** Servers for pods of Services. */
export async function openPods(count: number, address: () => string, port = 3000): Promise<FakePod[]> {
  return Promise.all(Array.from({ length: count }, () => new FakePod(address(), port).open()));
}
