import { asList, asText, dig, pathTo } from '../../internal/json';
import type { ManifestProblem, ManifestRule } from './model/finding';
import type { ManifestFolder } from './model/manifest-folder';
import type { ManifestObject } from './model/manifest-object';
import { hasReadablePorts, servicePorts } from './model/service';
import { containersOf } from './model/workload';

const VARIABLE = 'BENTOML_SERVE_DEPENDS';

/** A BentoML service calls its dependencies at the addresses in this variable: `Name=http://host:port`, by blanks. */
export const dependencyMissing: ManifestRule = {
  name: 'DependencyMissing',
  *check(folder) {
    for (const workload of folder.templates) {
      for (const { value, path } of containersOf(workload)) {
        for (const [index, variable] of asList(value.env).entries()) {
          if (dig(variable, 'name') !== VARIABLE) continue;
          const location = pathTo(path, 'env', index, 'value');
          const addresses = (asText(dig(variable, 'value')) ?? '').split(/\s+/).filter((word) => word !== '');
          for (const address of addresses) yield* judge(folder, workload.object, location, address);
        }
      }
    }
  },
};

function* judge(
  folder: ManifestFolder,
  object: ManifestObject,
  location: string,
  address: string,
): Generator<ManifestProblem> {
  const dependency = address.slice(0, address.indexOf('='));
  const url = parseUrl(address.slice(address.indexOf('=') + 1));
  const service = url && serviceOf(url.hostname, object.namespace);
  if (url === undefined || service === undefined || !folder.namespacesWithServices.has(service.namespace)) return;
  const found = folder.findService(service.namespace, service.name, object.file);
  const port = Number(url.port === '' ? { 'http:': 80, 'https:': 443 }[url.protocol] : url.port);
  if (found === undefined) {
    yield {
      object,
      location,
      text: `${VARIABLE} must name Services of the folder, got ${url.hostname} for ${dependency}`,
      remedy: 'check the host against the Services: calls would fail with 500',
    };
  } else if (hasReadablePorts(found) && !servicePorts(found).some((candidate) => candidate.port === port)) {
    const known = servicePorts(found).map((candidate) => candidate.port);
    yield {
      object,
      location,
      text: `${VARIABLE} must use a port of Service ${service.name} (${known.join(', ')}), got ${port} for ${dependency}`,
      remedy: 'use the port of the Service, not that of the container',
    };
  }
}

/** Undefined for a host that is no Service: an address, localhost, a name outside the cluster. */
function serviceOf(host: string, namespace: string): { name: string; namespace: string } | undefined {
  const [name, other, svc] = host.split('.');
  if (name === undefined || !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) || host === 'localhost') return undefined;
  if (other === undefined) return { name, namespace };
  return host.split('.').length === 2 || svc === 'svc' ? { name, namespace: other } : undefined;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
