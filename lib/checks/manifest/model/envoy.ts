import { asInteger, asList, asText, dig, isMap, textEntries } from '../../../internal/json';
import type { ManifestFolder } from './manifest-folder';
import type { Workload } from './workload';

/** A port at which an Envoy of a pod listens, and the hosts that it leads to. */
export interface EnvoyListener {
  readonly port: number;
  readonly addresses: readonly { readonly host: string; readonly port?: number }[];
}

/** What the Envoys of a pod do, as far as their configuration is in ConfigMaps of the folder; empty without. */
export function envoyListeners(folder: ManifestFolder, { object, podSpec }: Workload): EnvoyListener[] {
  const { file, namespace } = object;
  return asList(podSpec.volumes).flatMap((volume) => {
    const name = asText(dig(volume, 'configMap', 'name'));
    const map = name === undefined ? undefined : folder.find({ group: '', kind: 'ConfigMap', namespace, name }, file);
    return textEntries(dig(map?.value, 'data')).flatMap(([, text]) => listenersOf(text));
  });
}

function listenersOf(text: string): EnvoyListener[] {
  if (!text.includes('static_resources')) return [];
  const resources = dig(parse(text), 'static_resources');
  const clusters = asList(dig(resources, 'clusters'));
  return asList(dig(resources, 'listeners')).flatMap((listener) => {
    const port = asInteger(dig(listener, 'address', 'socket_address', 'port_value'));
    const named = new Set(valuesOf(listener, 'cluster'));
    const targets = clusters.filter((cluster) => named.has(dig(cluster, 'name')));
    return port === undefined ? [] : [{ port, addresses: targets.flatMap(addressesOf) }];
  });
}

function addressesOf(cluster: unknown): EnvoyListener['addresses'] {
  return valuesOf(dig(cluster, 'load_assignment'), 'socket_address').flatMap((address) => {
    const host = asText(dig(address, 'address'));
    // A whole name ends with a dot.
    return host === undefined ? [] : [{ host: host.replace(/\.$/, ''), port: asInteger(dig(address, 'port_value')) }];
  });
}

/** All that stands under a key, at any depth. */
function valuesOf(value: unknown, wanted: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesOf(item, wanted));
  if (!isMap(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => (key === wanted ? [child] : valuesOf(child, wanted)));
}

/** Undefined where it is no YAML; without aliases, for what an alias stands in may have no end. */
function parse(text: string): unknown {
  const yaml = require('yaml') as typeof import('yaml');
  try {
    return yaml.parse(text, { logLevel: 'error', maxAliasCount: 0 });
  } catch {
    return undefined;
  }
}
