import { documentsOf } from '../../../lib/checks/manifest/model/manifest-object';
import { checkManifests, MANIFEST_RULES } from '../../../lib/checks/manifest/rules';

// biome-ignore lint/suspicious/noExplicitAny: fixtures are manifests of any shape
export type Json = any;

/** Findings of one rule, as `Kind/namespace/name location: text`. */
export function found(rule: string, ...objects: Json[]): string[] {
  return foundInFiles(rule, { 'all.yaml': objects });
}

/** The same over several files. */
export function foundInFiles(rule: string, files: { [file: string]: Json[] }): string[] {
  const rules = MANIFEST_RULES.filter(({ name }) => name === rule);
  if (rules.length !== 1) throw new Error(`no rule ${rule}`);
  const documents = Object.entries(files).flatMap(([file, objects]) => documentsOf(file, structuredClone(objects)));
  return checkManifests(documents, rules).map(({ object, location, text }) => {
    const { kind, metadata } = object.value as Json;
    return `${kind}/${metadata?.name} ${location}: ${text}`;
  });
}

export const object = (apiVersion: string, kind: string, name: string, rest: Json, namespace = 'ml'): Json => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
  ...rest,
});

/** A Deployment whose pods are labelled `app: name`. */
export function deployment(name: string, options: Json = {}): Json {
  const { labels = { app: name }, selector = { matchLabels: labels }, namespace, kind, apiVersion, ...rest } = options;
  const { container = {}, containers, pod = {}, ...spec } = rest;
  return object(
    apiVersion ?? 'apps/v1',
    kind ?? 'Deployment',
    name,
    {
      spec: {
        ...spec,
        selector,
        template: {
          metadata: { labels },
          spec: {
            ...pod,
            containers: containers ?? [{ name: 'server', image: 'registry.example.com/a:1', ...container }],
          },
        },
      },
    },
    namespace,
  );
}

export const rollout = (name: string, options: Json = {}): Json =>
  deployment(name, { ...options, kind: 'Rollout', apiVersion: 'argoproj.io/v1alpha1' });

export function job(name: string, labels: Json, container: Json = {}): Json {
  const template = { metadata: { labels }, spec: { containers: [{ name: 'job', image: 'a:1', ...container }] } };
  return object('batch/v1', 'Job', name, { spec: { template } });
}

export function cronJob(name: string, labels: Json, container: Json = {}): Json {
  return object('batch/v1', 'CronJob', name, { spec: { jobTemplate: { spec: job(name, labels, container).spec } } });
}

export const service = (name: string, spec: Json = {}, namespace?: string): Json =>
  object(
    'v1',
    'Service',
    name,
    { spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }], ...spec } },
    namespace,
  );

export const knativeService = (name: string, spec: Json = {}): Json =>
  object('serving.knative.dev/v1', 'Service', name, { spec });

export const budget = (name: string, spec: Json = {}): Json =>
  object('policy/v1', 'PodDisruptionBudget', name, {
    spec: { maxUnavailable: '25%', selector: { matchLabels: { app: name } }, ...spec },
  });

export const policy = (name: string, podSelector: Json, namespace?: string): Json =>
  object('networking.k8s.io/v1', 'NetworkPolicy', name, { spec: { podSelector, policyTypes: ['Ingress'] } }, namespace);

export const hpa = (name: string, spec: Json = {}, namespace?: string): Json =>
  object(
    'autoscaling/v2',
    'HorizontalPodAutoscaler',
    name,
    {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        minReplicas: 2,
        maxReplicas: 10,
        ...spec,
      },
    },
    namespace,
  );

export const scaledObject = (name: string, spec: Json = {}, annotations: Json = {}): Json => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name, namespace: 'ml', annotations },
  spec: { scaleTargetRef: { name }, triggers: [], ...spec },
});

export const configMap = (name: string, data: Json): Json => object('v1', 'ConfigMap', name, { data });

export const secret = (name: string, rest: Json): Json => object('v1', 'Secret', name, rest);

export const ingress = (name: string, spec: Json): Json => object('networking.k8s.io/v1', 'Ingress', name, { spec });

export const route = (name: string, spec: Json, kind = 'HTTPRoute'): Json =>
  object('gateway.networking.k8s.io/v1', kind, name, { spec });
