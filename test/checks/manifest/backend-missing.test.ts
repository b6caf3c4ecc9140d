import { describe, expect, it } from 'vitest';
import { found, ingress, type Json, knativeService, route, service } from './manifests';

const rule = 'BackendMissing';
const known = service('a', { ports: [{ name: 'http', port: 80, targetPort: 3000 }] });
const paths = (name: string, port: Json) =>
  ingress('i', {
    rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port } } }] } }],
  });
const refs = (ref: Json, kind?: string) => route('r', { rules: [{ backendRefs: [ref] }] }, kind);

describe(rule, () => {
  it('finds a Service that does not exist', () => {
    expect(found(rule, known, paths('b', { number: 80 }))).toEqual([
      "Ingress/i spec.rules[0].http.paths[0].backend.service: 'spec.rules[0].http.paths[0].backend.service' must name a Service of the namespace, got b",
    ]);
  });

  it('finds the port of the container in the place of that of the Service', () => {
    expect(found(rule, known, refs({ name: 'a', port: 3000 }))).toEqual([
      "HTTPRoute/r spec.rules[0].backendRefs[0]: 'spec.rules[0].backendRefs[0]' must state a port of Service a (http (80)), got 3000",
    ]);
  });

  it.each([
    ['a number', paths('a', { number: 80 }), 0],
    ['a number that is none', paths('a', { number: 81 }), 1],
    ['a name', paths('a', { name: 'http' }), 0],
    ['a name that is none', paths('a', { name: 'web' }), 1],
    ['an action of the AWS controller', paths('redirect', { name: 'use-annotation' }), 0],
    ['a default backend', ingress('i', { defaultBackend: { service: { name: 'b', port: { number: 80 } } } }), 1],
    ['a resource backend', ingress('i', { defaultBackend: { resource: { kind: 'Bucket', name: 'b' } } }), 0],
    ['a route', refs({ name: 'a', port: 80 }), 0],
    ['a route to nowhere', refs({ name: 'b', port: 80 }), 1],
    ['a gRPC route to nowhere', refs({ name: 'b', port: 80 }, 'GRPCRoute'), 1],
    ['another namespace', refs({ name: 'b', namespace: 'other', port: 80 }), 0],
    ['its own namespace by name', refs({ name: 'b', namespace: 'ml', port: 80 }), 1],
    ['another kind', refs({ group: 'multicluster.x-k8s.io', kind: 'ServiceImport', name: 'b', port: 80 }), 0],
  ])('judges %s', (_, door, count) => expect(found(rule, known, door)).toHaveLength(count));

  it('takes a folder without Services of the namespace', () => {
    expect(found(rule, service('a', {}, 'other'), paths('b', { number: 80 }))).toEqual([]);
  });

  it('takes the Service that Knative makes, and external names with any port', () => {
    expect(found(rule, known, knativeService('k'), refs({ name: 'k', port: 80 }))).toEqual([]);
    const external = service('e', {
      type: 'ExternalName',
      externalName: 'example.com',
      selector: undefined,
      ports: undefined,
    });
    expect(found(rule, external, refs({ name: 'e', port: 443 }))).toEqual([]);
  });
});
