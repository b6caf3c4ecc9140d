import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Body, KubernetesObject } from '../cluster/client';
import { run } from '../tools/run';

/** Kinds that Envoy Gateway reads. */
const READ = [
  'BackendTrafficPolicy',
  'ClientTrafficPolicy',
  'EnvoyProxy',
  'GRPCRoute',
  'Gateway',
  'GatewayClass',
  'HTTPRoute',
  'ListenerSet',
  'Namespace',
  'ReferenceGrant',
  'Secret',
  'SecurityPolicy',
  'Service',
];

/** Kinds that something must take up: the translator says nothing of one that hangs on nothing. */
const TAKEN_UP = /Route$|Policy$|^ListenerSet$|^Gateway$/;

/** Conditions that are wrong when they are true. */
const NEGATIVE = /^(Conflicted|Overridden|Warning|DeprecatedField)$/;

/** One that says what it means for clients: HTTP/1.1 alone, see door-rules. */
const OVERLAP = 'OverlappingTLSConfig';

/** What Envoy Gateway makes of manifests. */
export interface Translation {
  /** What it refuses, and what nothing took up. */
  readonly refusals: string[];
  /** By Gateway: `gateways/public`. */
  readonly proxies: { readonly [gateway: string]: Xds };
  /** Addresses that Services got: `ml/rag` has `10.96.0.1`. */
  readonly addresses: { readonly [service: string]: string };
}

/** A configuration of Envoy as its control plane hands it out, each part with its name. */
export interface Xds {
  readonly listeners: Body[];
  readonly routes: Body[];
  readonly clusters: Body[];
  readonly endpoints: Body[];
}

/** Translates objects, beside what they need of a cluster. */
export async function translate(egctl: string, objects: readonly KubernetesObject[]): Promise<Translation> {
  const addresses: { [service: string]: string } = {};
  const read = objects.filter(({ kind, apiVersion }) => READ.includes(kind) && !apiVersion.includes('knative'));
  const documents = read.map((object) => (object.kind === 'Service' ? withAddress(object, addresses) : object));
  const folder = mkdtempSync(join(tmpdir(), 'egctl-'));
  try {
    const file = join(folder, 'input.yaml');
    writeFileSync(file, documents.map((document) => stringify(document)).join('---\n'));
    const args = ['x', 'translate', '--to', 'gateway-api,xds', '--type', 'all', '--output', 'json', '--file', file];
    const { stdout } = await run(egctl, args, { timeoutSeconds: 120 });
    const output = JSON.parse(stdout) as { [key: string]: Body };
    const dumps = Object.entries<Body>(output.xds ?? {});
    return {
      refusals: refusalsOf(documents, output),
      proxies: Object.fromEntries(dumps.map(([gateway, dump]) => [gateway, xdsOf(dump)])),
      addresses,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The translator stops at a Service without an address, and knows no endpoints. */
function withAddress(service: KubernetesObject, addresses: { [service: string]: string }): KubernetesObject {
  const { name, namespace } = service.metadata;
  const index = Object.keys(addresses).length + 1;
  const address = `10.96.${index >> 8}.${index & 255}`;
  addresses[`${namespace}/${name}`] = address;
  const { clusterIP: _, type: __, externalName: ___, ...spec } = service.spec as Body;
  return { ...service, spec: { ...spec, clusterIP: address } };
}

function refusalsOf(documents: readonly KubernetesObject[], output: { [key: string]: Body }): string[] {
  const refusals: string[] = [];
  const accepted = new Set<string>();
  const items = Object.entries(output).flatMap(([key, value]) => (key === 'xds' ? [] : [value].flat()));
  for (const { kind, metadata, status = {} } of items as Body[]) {
    const who = `${kind} ${metadata.namespace}/${metadata.name}`;
    const parts = [status, ...['parents', 'ancestors', 'listeners'].flatMap((part) => status[part] ?? [])];
    for (const { type, status: is, reason, message } of parts.flatMap(({ conditions = [] }: Body) => conditions)) {
      if (type === 'Accepted' && is === 'True') accepted.add(who);
      const wrong = NEGATIVE.test(type) ? 'True' : 'False';
      if (type === OVERLAP) continue;
      if (is === wrong) refusals.push(`${who}: ${type} ${is}: ${reason}: ${message}`);
    }
  }
  for (const { kind, metadata } of documents) {
    const who = `${kind} ${metadata.namespace}/${metadata.name}`;
    if (TAKEN_UP.test(kind) && !accepted.has(who)) refusals.push(`${who}: nothing takes it up`);
  }
  return refusals;
}

function xdsOf({ configs }: Body): Xds {
  const dumps: { [type: string]: Body } = Object.fromEntries(
    configs.map((config: Body) => [config['@type'].split('.').at(-1), config]),
  );
  const parts = (type: string, list: string, part: string): Body[] =>
    (dumps[type]?.[list] ?? []).map((entry: Body) => (entry.activeState ?? entry)[part]);
  return {
    listeners: parts('ListenersConfigDump', 'dynamicListeners', 'listener'),
    routes: parts('RoutesConfigDump', 'dynamicRouteConfigs', 'routeConfig'),
    clusters: parts('ClustersConfigDump', 'dynamicActiveClusters', 'cluster'),
    endpoints: parts('EndpointsConfigDump', 'dynamicEndpointConfigs', 'endpointConfig'),
  };
}

/** Routes of Envoy for one host of a listener. */
export function routesOf({ routes }: Xds, host: string): Body[] {
  const virtualHosts = routes.flatMap(({ virtualHosts: those = [] }) => those as Body[]);
  return virtualHosts.filter(({ domains }) => domains.includes(host)).flatMap(({ routes: those }) => those);
}

/** What a cluster of Envoy is told of HTTP. */
export function protocolOptions(cluster: Body): Body {
  return cluster.typedExtensionProtocolOptions?.['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'] ?? {};
}

/** How a cluster of Envoy balances. */
export function balancingOf(cluster: Body): Body {
  return cluster.loadBalancingPolicy.policies[0].typedExtensionConfig.typedConfig;
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate for hosts that says itself that it is right. */
export function selfSigned(hosts: readonly string[]): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [certificate, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', `/CN=${hosts[0]}`, '-addext', `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`],
        ...['-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A Secret as the API server has it. */
export function secret(name: string, data: { [key: string]: string }, type = 'Opaque', namespace = 'ml') {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data: Object.fromEntries(encoded) };
}

export function tlsSecret(name: string, { certificate, key }: Certificate, namespace = 'ml') {
  return secret(name, { 'tls.crt': certificate, 'tls.key': key }, 'kubernetes.io/tls', namespace);
}

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const ALL = { namespaces: { from: 'All' } };

/** Who makes proxies of Gateways, and namespaces as the API server labels them. */
export function clusterObjects(namespaces: readonly string[]): KubernetesObject[] {
  return [
    {
      apiVersion: GATEWAY_API,
      kind: 'GatewayClass',
      metadata: { name: 'envoy-gateway' },
      spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
    },
    ...namespaces.map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    })),
  ] as KubernetesObject[];
}

/** A Gateway of somebody else, with a listener for http and one for https; the secret is in its namespace. */
export function foreignGateway(name = 'public', namespace = 'gateways', secretName?: string): KubernetesObject {
  const tls = { mode: 'Terminate', certificateRefs: [{ group: '', kind: 'Secret', name: secretName }] };
  return {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: {
      gatewayClassName: 'envoy-gateway',
      allowedListeners: ALL,
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: ALL },
        ...(secretName === undefined ? [] : [{ name: 'https', port: 443, protocol: 'HTTPS', allowedRoutes: ALL, tls }]),
      ],
    },
  } as KubernetesObject;
}

/** What manifests rely on that they do not make themselves: namespaces, Gateways, Secrets and Services that they name. */
export function surroundingsOf(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const has = (kind: string, name: string, namespace: string) =>
    objects.some(
      ({ kind: own, metadata }) => own === kind && metadata.name === name && metadata.namespace === namespace,
    );
  const made = new Map<string, KubernetesObject>();
  const add = (object: Body): void => {
    const { name, namespace } = object.metadata;
    if (!has(object.kind, name, namespace)) made.set(`${object.kind} ${namespace}/${name}`, object as KubernetesObject);
  };
  for (const { kind, metadata, spec = {} } of objects as Body[]) {
    const { namespace } = metadata;
    for (const { kind: of = 'Gateway', name, namespace: where = namespace } of parentsOf(kind, spec)) {
      if (of === 'Gateway') add(foreignGateway(name, where, 'edge-tls'));
      if (of === 'Gateway') add(tlsSecret('edge-tls', selfSigned(['edge.test']), where));
    }
    for (const { hostname, tls } of listenersOf(kind, spec)) {
      for (const { name } of tls?.certificateRefs ?? []) add(tlsSecret(name, selfSigned([hostname]), namespace));
    }
    for (const { name } of spec.apiKeyAuth?.credentialRefs ?? [])
      add(secret(name, { alice: 'one' }, 'Opaque', namespace));
    for (const { name, namespace: where = namespace, port } of backendsOf(kind, spec)) {
      add({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: where },
        spec: { ports: [{ name: 'http', port, protocol: 'TCP' }] },
      });
    }
  }
  const all = [...objects, ...made.values()].flatMap(({ metadata }) => metadata.namespace ?? []);
  return [...clusterObjects([...new Set(all)]), ...made.values()];
}

const parentsOf = (kind: string, spec: Body): Body[] =>
  /Route$/.test(kind) ? (spec.parentRefs ?? []) : kind === 'ListenerSet' ? [spec.parentRef] : [];
const listenersOf = (kind: string, spec: Body): Body[] =>
  kind === 'Gateway' || kind === 'ListenerSet' ? spec.listeners : [];
const backendsOf = (kind: string, spec: Body): Body[] =>
  /^(HTTP|GRPC)Route$/.test(kind) ? spec.rules.flatMap(({ backendRefs = [] }: Body) => backendRefs) : [];
