import { App, Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Definition, define, definitions } from '../arbitraries';
import type { Body, KubernetesObject } from '../cluster/client';
import { Objects, standardErrorOf } from '../tree';

const RUNS = { numRuns: 40 };
/** For machines that do other things too. */
const PATIENCE = 60_000;

function synthesize(definition: Definition): Objects {
  const chart = new Chart(new App(), 'test', { namespace: definition.namespace });
  let objects: KubernetesObject[] = [];
  standardErrorOf(() => {
    define(chart, definition);
    objects = Testing.synth(chart);
  });
  return new Objects(objects);
}

const matches = (selector: { [key: string]: string }, labels: { [key: string]: string }) =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Everything in an object that is no text, number or truth, with its path. */
function* leaves(value: Body, path: string): Generator<[string, unknown]> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) yield* leaves(child, `${path}.${key}`);
  } else yield [path, value];
}

/** The same value, with the keys of every map in reversed order; values of classes are left as they are. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return reversedFields(value);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  ) as T;
}

/** Values hold what they were made of in `_model`. */
function reversedFields<T extends object>(value: T): T {
  if (!('_model' in value)) return value;
  const copy = Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
  return Object.defineProperty(copy, '_model', { value: reversed(value._model) });
}

const isKnative = ({ apiVersion }: KubernetesObject) => apiVersion.startsWith('serving.knative.dev/');
const leadsElsewhere = ({ spec }: KubernetesObject) => spec?.type === 'ExternalName';
const annotationsOf = ({ metadata }: KubernetesObject) => (metadata.annotations ?? {}) as { [key: string]: string };

/** What no manifest may hold. */
function faultsOf(object: KubernetesObject): string[] {
  const faults = [...leaves(object, object.kind)].flatMap(([path, leaf]) => {
    if (typeof leaf === 'number') return Number.isSafeInteger(leaf) ? [] : [`${path} is ${leaf}`];
    if (typeof leaf === 'string') return /undefined|NaN|\[object/.test(leaf) ? [`${path} is ${leaf}`] : [];
    return typeof leaf === 'boolean' ? [] : [`${path} is ${leaf}`];
  });
  const { selector, podSelector } = object.kind === 'PersistentVolumeClaim' ? {} : (object.spec ?? {});
  for (const labels of [selector?.matchLabels ?? selector, podSelector?.matchLabels]) {
    if (labels !== undefined && Object.keys(labels).length === 0) faults.push(`${object.kind} selects everything`);
  }
  return faults;
}

describe('every valid definition', () => {
  it(
    'synthesizes, without undefined, NaN or selectors that match everything',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          expect(synthesize(definition).all.flatMap(faultsOf)).toEqual([]);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'has names once, selectors that match their own pods alone, and one owner of replicas',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const objects = synthesize(definition);
          const keys = objects.all.map(({ apiVersion, kind, metadata }) => `${apiVersion}/${kind}/${metadata.name}`);
          expect(new Set(keys).size).toBe(keys.length);
          const deployments = objects.of('Deployment');
          const workloads = [...deployments, ...objects.of('Service').filter(isKnative)];
          for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'NetworkPolicy']) {
            // Of downloads a policy is all that selects them.
            const pods = [...workloads, ...objects.of('Job')];
            const selecting = objects.of(kind).filter((object) => !isKnative(object) && !leadsElsewhere(object));
            const selections = selecting.map(({ spec }) => {
              const selector = spec.podSelector?.matchLabels ?? spec.selector.matchLabels ?? spec.selector;
              return pods.filter((pod) => matches(selector, pod.spec.template.metadata.labels));
            });
            expect(selections.filter((selected) => selected.length === 0)).toEqual([]);
            expect(
              selections
                .flat()
                .map(({ metadata }) => metadata.name)
                .sort(),
            ).toEqual(
              ({ NetworkPolicy: pods, PodDisruptionBudget: workloads }[kind] ?? deployments)
                .map(({ metadata }) => metadata.name)
                .sort(),
            );
          }
          const allScalers = [...objects.of('HorizontalPodAutoscaler'), ...objects.of('ScaledObject')];
          for (const { metadata, spec } of deployments) {
            const scalers = allScalers.filter((scaler) => scaler.spec.scaleTargetRef.name === metadata.name);
            const owners = scalers.length + (spec.replicas === undefined || spec.replicas === 0 ? 0 : 1);
            expect(owners).toBeLessThanOrEqual(1);
            if (scalers.length > 0) expect([undefined, 0]).toContain(spec.replicas);
            const paused = scalers.filter((scaler) => 'autoscaling.keda.sh/paused-replicas' in annotationsOf(scaler));
            // KEDA holds its own zero; a stated one is for what it does not scale.
            if (spec.replicas === 0) expect(scalers.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
            if (paused.length > 0) expect(spec).not.toHaveProperty('replicas');
          }
          for (const { spec } of allScalers) {
            expect(objects.find('Deployment', spec.scaleTargetRef.name)).toBeDefined();
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'sends each dependency to a Service that it makes, or to an address that was stated',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const objects = synthesize(definition);
          for (const { metadata } of objects.of('Deployment')) {
            const depends: string | undefined = objects.env(metadata.name).BENTOML_SERVE_DEPENDS;
            for (const dependency of depends?.split(' ') ?? []) {
              const [service, url, ...rest] = dependency.split('=');
              expect(rest).toEqual([]);
              const { hostname, port } = new URL(url!);
              if (hostname === 'elsewhere.example.com') continue;
              const [name, namespace] = hostname.split('.');
              const front = objects.get('Service', name!);
              if (namespace !== undefined) expect(namespace).toBe(front.metadata.namespace);
              expect(front.spec.ports.map((p: Body) => String(p.port))).toContain(port === '' ? '80' : port);
              const target = objects
                .of('Deployment')
                .find(({ spec }) => matches(front.spec.selector, spec.template.metadata.labels))!;
              expect(objects.env(target.metadata.name).BENTOML_SERVE_SERVICE_NAME).toBe(service);
              const caller = objects.get('Deployment', metadata.name).spec.template.metadata.labels;
              const lets = objects
                .get('NetworkPolicy', target.metadata.name)
                .spec.ingress.flatMap((rule: Body) => rule.from)
                .some((peer: Body) => peer.podSelector && matches(peer.podSelector.matchLabels ?? {}, caller));
              expect(lets, `${name} lets ${metadata.name} in`).toBe(true);
              const own = objects.config(metadata.name, objects.env(metadata.name).BENTOML_SERVE_SERVICE_NAME);
              const callee = objects.config(target.metadata.name, service!).traffic.timeout;
              expect(own.traffic.timeout).toBeGreaterThan(callee * 1.01);
              expect(objects.config(metadata.name, service!).traffic.timeout).toBe(callee + 2);
            }
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'refers to volumes, ports, accounts and config maps that are there',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const objects = synthesize(definition);
          const pods = [...objects.of('Deployment'), ...objects.of('Job')].map(({ spec }) => spec.template.spec);
          for (const pod of pods) {
            const volumes = pod.volumes.map((volume: Body) => volume.name);
            expect(new Set(volumes).size).toBe(volumes.length);
            const containers = [...(pod.initContainers ?? []), ...pod.containers];
            const names = containers.map((container) => container.name);
            expect(new Set(names).size).toBe(names.length);
            for (const container of containers) {
              const mounts: Body[] = container.volumeMounts ?? [];
              const paths = mounts.map((mount) => mount.mountPath);
              expect(new Set(paths).size).toBe(paths.length);
              for (const mount of mounts) expect(volumes).toContain(mount.name);
              const variables = (container.env ?? []).map((variable: Body) => variable.name);
              expect(new Set(variables).size).toBe(variables.length);
            }
            for (const { persistentVolumeClaim: claim, configMap } of pod.volumes) {
              if (claim !== undefined && claim.claimName !== 'weights')
                objects.get('PersistentVolumeClaim', claim.claimName);
              if (configMap !== undefined) objects.get('ConfigMap', configMap.name);
            }
            if (pod.serviceAccountName !== 'identity') objects.get('ServiceAccount', pod.serviceAccountName);
            const addresses = (pod.hostAliases ?? []).map((alias: Body) => alias.ip);
            expect(new Set(addresses).size).toBe(addresses.length);
          }
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'gives the same bytes twice, and with the keys of every map reversed',
    () => {
      fc.assert(
        fc.property(definitions, (definition) => {
          const bytes = JSON.stringify(synthesize(definition).all);
          expect(JSON.stringify(synthesize(definition).all)).toBe(bytes);
          expect(JSON.stringify(synthesize(reversed(definition)).all)).toBe(bytes);
        }),
        RUNS,
      );
    },
    PATIENCE,
  );

  it(
    'changes no byte of a deployment when another comes',
    () => {
      fc.assert(
        fc.property(
          definitions.filter(({ deployments, shared }) => deployments.length === 2 && shared === undefined),
          (definition) => {
            const alone = synthesize({ ...definition, deployments: definition.deployments.slice(0, 1) });
            const together = synthesize(definition);
            for (const object of alone.all) {
              expect(together.get(object.kind, object.metadata.name)).toEqual(object);
            }
          },
        ),
        { numRuns: 15 },
      );
    },
    PATIENCE,
  );

  it(
    'changes no selector of a deployment when another is renamed',
    () => {
      fc.assert(
        fc.property(
          definitions.filter(({ deployments, shared }) => deployments.length === 2 && shared === undefined),
          (definition) => {
            const [first, second] = definition.deployments;
            const renamed = synthesize({ ...definition, deployments: [first!, { ...second!, id: 'Renamed' }] });
            for (const object of synthesize(definition).all) {
              if (!/^rag(-|$)/.test(object.metadata.name)) continue;
              expect(renamed.get(object.kind, object.metadata.name)).toEqual(object);
            }
          },
        ),
        { numRuns: 15 },
      );
    },
    PATIENCE,
  );
});
