import { asList, asText, dig, pathTo } from '../../internal/json';
import { envoyListeners } from './model/envoy';
import type { ManifestProblem, ManifestRule } from './model/finding';
import type { ManifestFolder } from './model/manifest-folder';
import { hasReadablePorts, podPorts, servicePorts } from './model/service';
import { containersOf, type Workload } from './model/workload';

const VARIABLE = 'BENTOML_SERVE_DEPENDS';
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * A BentoML service calls its dependencies at the addresses in this variable: `Name=http://host:port`, by blanks. At
 * loopback an Envoy in its pod may listen, which leads there.
 */
export const dependencyMissing: ManifestRule = {
  name: 'DependencyMissing',
  *check(folder) {
    for (const workload of folder.templates) {
      for (const { value, path } of containersOf(workload)) {
        for (const [index, variable] of asList(value.env).entries()) {
          if (dig(variable, 'name') !== VARIABLE) continue;
          const location = pathTo(path, 'env', index, 'value');
          const addresses = (asText(dig(variable, 'value')) ?? '').split(/\s+/).filter((word) => word !== '');
          for (const address of addresses) yield* judge(folder, workload, location, address);
        }
      }
    }
  },
};

/** Where a dependency is looked for. */
interface Target {
  readonly host: string;
  /** Undefined where it cannot be read. */
  readonly port?: number;
  /** What is called, in messages: the dependency, and the proxy before it. */
  readonly callee: string;
}

function* judge(
  folder: ManifestFolder,
  workload: Workload,
  location: string,
  address: string,
): Generator<ManifestProblem> {
  const dependency = address.slice(0, address.indexOf('='));
  const url = parseUrl(address.slice(address.indexOf('=') + 1));
  if (url === undefined) return;
  const port = Number(url.port === '' ? { 'http:': 80, 'https:': 443 }[url.protocol] : url.port);
  if (LOOPBACK.includes(url.hostname)) yield* judgeProxy(folder, workload, location, dependency, port);
  else yield* judgeTarget(folder, workload, location, { host: url.hostname, port, callee: dependency });
}

/** Only of an Envoy it can be read where it leads: what else may listen there, nobody knows. */
function* judgeProxy(
  folder: ManifestFolder,
  workload: Workload,
  location: string,
  dependency: string,
  port: number,
): Generator<ManifestProblem> {
  const listeners = envoyListeners(folder, workload);
  const meant = listeners.filter((listener) => listener.port === port);
  if (listeners.length > 0 && meant.length === 0 && podPorts(workload).every((known) => known.port !== port)) {
    yield {
      object: workload.object,
      location,
      text: `${VARIABLE} must use a port at which something in the pod listens, got ${port} for ${dependency}`,
      remedy: `use one of the proxy in the pod (${listeners.map((listener) => listener.port).join(', ')})`,
    };
  }
  const callee = `${dependency} behind the proxy at ${port}`;
  for (const { addresses } of meant) {
    for (const target of addresses) yield* judgeTarget(folder, workload, location, { ...target, callee });
  }
}

function* judgeTarget(
  folder: ManifestFolder,
  { object }: Workload,
  location: string,
  { host, port, callee }: Target,
): Generator<ManifestProblem> {
  const service = serviceOf(host, object.namespace);
  if (service === undefined || !folder.namespacesWithServices.has(service.namespace)) return;
  const found = folder.findService(service.namespace, service.name, object.file);
  if (found === undefined) {
    yield {
      object,
      location,
      text: `${VARIABLE} must name Services of the folder, got ${host} for ${callee}`,
      remedy: 'check the host against the Services: calls would fail with 500',
    };
  } else if (hasReadablePorts(found) && !servicePorts(found).some((candidate) => candidate.port === port)) {
    const known = servicePorts(found).map((candidate) => candidate.port);
    yield {
      object,
      location,
      text: `${VARIABLE} must use a port of Service ${service.name} (${known.join(', ')}), got ${port} for ${callee}`,
      remedy: 'use the port of the Service, not that of the container',
    };
  }
}

/** Undefined for a host that is no Service: an address, localhost, a name outside the cluster. */
function serviceOf(host: string, namespace: string): { name: string; namespace: string } | undefined {
  const [name, other, svc] = host.split('.');
  if (name === undefined || !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined;
  if (other === undefined) return { name, namespace };
  return host.split('.').length === 2 || svc === 'svc' ? { name, namespace: other } : undefined;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
