import { asInteger, asList, asText, dig, isMap, pathTo } from '../../internal/json';
import type { ManifestProblem, ManifestRule } from './model/finding';
import type { ManifestFolder } from './model/manifest-folder';
import type { ManifestObject } from './model/manifest-object';
import { hasReadablePorts, servicePorts } from './model/service';

/** Where a request goes; the namespace is the route's own. */
interface Backend {
  readonly service: string;
  readonly port?: number | string;
  readonly path: string;
}

const ROUTES = ['GRPCRoute', 'HTTPRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute'];
const GATEWAY_API = 'gateway.networking.k8s.io';

/** A door to nowhere answers 503; said only where the folder holds Services of the namespace at all. */
export const backendMissing: ManifestRule = {
  name: 'BackendMissing',
  *check(folder) {
    for (const object of folder.ofKind('Ingress', 'networking.k8s.io')) {
      for (const backend of ingressBackends(object)) yield* judge(folder, object, backend);
    }
    for (const object of ROUTES.flatMap((kind) => folder.ofKind(kind, GATEWAY_API))) {
      for (const backend of routeBackends(object)) yield* judge(folder, object, backend);
    }
  },
};

function* judge(
  folder: ManifestFolder,
  object: ManifestObject,
  { service, port, path }: Backend,
): Generator<ManifestProblem> {
  const { namespace, file } = object;
  if (!folder.namespacesWithServices.has(namespace)) return;
  const found = folder.findService(namespace, service, file);
  if (found === undefined) {
    yield {
      object,
      location: path,
      text: `'${path}' must name a Service of the namespace, got ${service}`,
      remedy: 'check the name against the Services of the folder',
    };
  } else if (port !== undefined && hasReadablePorts(found)) {
    const ports = servicePorts(found);
    if (ports.some((candidate) => candidate.port === port || candidate.name === port)) return;
    const known = ports.map((candidate) =>
      candidate.name === undefined ? candidate.port : `${candidate.name} (${candidate.port})`,
    );
    yield {
      object,
      location: path,
      text: `'${path}' must state a port of Service ${service} (${known.join(', ')}), got ${port}`,
      remedy: 'use the port of the Service, not that of the container',
    };
  }
}

function ingressBackends({ value }: ManifestObject): Backend[] {
  const rules = asList(dig(value, 'spec', 'rules')).flatMap((rule, ruleIndex) =>
    asList(dig(rule, 'http', 'paths')).map((entry, index) => ({
      backend: dig(entry, 'backend'),
      path: pathTo('spec.rules', ruleIndex, 'http', 'paths', index, 'backend', 'service'),
    })),
  );
  return [{ backend: dig(value, 'spec', 'defaultBackend'), path: 'spec.defaultBackend.service' }, ...rules].flatMap(
    ({ backend, path }) => {
      const service = asText(dig(backend, 'service', 'name'));
      const port = dig(backend, 'service', 'port');
      const name = asText(dig(port, 'name'));
      // The AWS load balancer controller reads an annotation of that name instead.
      if (service === undefined || name === 'use-annotation') return [];
      return [{ service, port: name ?? asInteger(dig(port, 'number')), path }];
    },
  );
}

function routeBackends({ value, namespace }: ManifestObject): Backend[] {
  return asList(dig(value, 'spec', 'rules')).flatMap((rule, ruleIndex) =>
    asList(dig(rule, 'backendRefs')).flatMap((ref, index) => {
      const service = asText(dig(ref, 'name'));
      const elsewhere = (asText(dig(ref, 'namespace')) ?? namespace) !== namespace;
      const isService =
        (asText(dig(ref, 'kind')) ?? 'Service') === 'Service' && (asText(dig(ref, 'group')) ?? '') === '';
      if (!isMap(ref) || service === undefined || elsewhere || !isService) return [];
      return [{ service, port: asInteger(ref.port), path: pathTo('spec.rules', ruleIndex, 'backendRefs', index) }];
    }),
  );
}
