import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { nameOf } from '../tools/manifests';
import type { Body, KubernetesObject } from './client';
import { isKnative } from './ownership';

export interface KnativeOptions {
  /** Keys of `config-features` that are `enabled` in the cluster. @default - none but what Knative enables itself */
  readonly features?: readonly string[];
  /** `max-revision-timeout-seconds` of `config-defaults`. @default 600 */
  readonly maxTimeoutSeconds?: number;
}

const words = (text: string) => text.trim().split(/\s+/);
const under = (group: string, names: string) => words(names).map((name) => `${group}/${name}`);

/**
 * What a user may annotate a revision with, as Knative spells it: nobody tells of a name that nobody reads. The older
 * spellings in camel case are left out on purpose.
 */
export const REVISION_ANNOTATIONS = [
  ...under(
    'autoscaling.knative.dev',
    `class min-scale max-scale initial-scale scale-down-delay metric target scale-to-zero-pod-retention-period
     metric-aggregation-algorithm window target-utilization-percentage target-burst-capacity panic-window-percentage
     panic-threshold-percentage activation-scale`,
  ),
  ...under('serving.knative.dev', 'no-gc progress-deadline'),
  ...under(
    'queue.sidecar.serving.knative.dev',
    `cpu-resource-request cpu-resource-limit memory-resource-request memory-resource-limit
     ephemeral-storage-resource-request ephemeral-storage-resource-limit`,
  ),
  ...under('features.knative.dev', 'queueproxy-podinfo http-full-duplex'),
];

/** What a user may annotate a Service with. */
export const SERVICE_ANNOTATIONS = [
  ...under('serving.knative.dev', 'rollout-duration'),
  ...under('networking.knative.dev', 'ingress-class certificate-class disable-external-domain-tls http-protocol'),
];

/** What a user may label a Service with. */
export const SERVICE_LABELS = under('networking.knative.dev', 'visibility');

// `kubernetes.podspec-volumes-emptydir`: as Knative ships it.
const ENABLED = ['kubernetes.podspec-volumes-emptydir'];

/**
 * What Knative's webhook would say of its Services, and what nobody would: names it does not know, fields behind
 * features that are off, timeouts beyond the cluster's.
 */
export function knativeFindings(objects: KubernetesObject[], options: KnativeOptions = {}): string[] {
  const services = objects.filter((object) => isKnative(object) && object.kind === 'Service');
  return services.flatMap((service) => {
    const { metadata, spec } = service;
    const template = spec.template ?? {};
    return [
      ...unknown(metadata.annotations, SERVICE_ANNOTATIONS, 'metadata.annotations'),
      ...unknown(metadata.labels, SERVICE_LABELS, 'metadata.labels'),
      ...unknown(template.metadata?.annotations, REVISION_ANNOTATIONS, 'spec.template.metadata.annotations'),
      ...unknown(template.metadata?.labels, [], 'spec.template.metadata.labels'),
      ...gated(service, options.features ?? []),
      ...inTimeouts(template.spec ?? {}, options.maxTimeoutSeconds ?? 600),
      ...named(metadata.name, template.metadata?.name),
      ...shared(spec.traffic),
    ].map((finding) => `Knative ${nameOf(service)}: ${finding}`);
  });
}

function unknown(entries: unknown, known: string[], place: string): string[] {
  const keys = Object.keys((entries ?? {}) as object);
  return keys
    .filter((key) => /(^|\.)knative\.dev\//.test(key) && !known.includes(key))
    .map((key) => `${place}: ${key}`);
}

const LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** https://github.com/knative/serving/blob/v0.51.0/pkg/apis/serving/v1/revision_validation.go: validateRevisionName */
function named(service: string, revision: string | undefined): string[] {
  if (revision === undefined) return [];
  return [
    ...(LABEL.test(revision) ? [] : [`spec.template.metadata.name: ${revision} is no DNS 1035 label`]),
    ...(revision.startsWith(`${service}-`) ? [] : [`spec.template.metadata.name: ${revision} lacks ${service}-`]),
  ];
}

/** https://github.com/knative/serving/blob/v0.51.0/pkg/apis/serving/v1/route_validation.go: validateTrafficList */
function shared(traffic: Body[] | undefined): string[] {
  if (traffic === undefined) return [];
  const sum = traffic.reduce((total, { percent = 0 }) => total + percent, 0);
  const tags = traffic.flatMap(({ tag }) => tag ?? []);
  return [
    ...(sum === 100 ? [] : [`spec.traffic: ${sum} percent`]),
    ...traffic.flatMap(({ percent = 0, revisionName, latestRevision, tag }) => [
      ...(percent >= 0 && percent <= 100 ? [] : [`spec.traffic: percent ${percent}`]),
      ...(tag === undefined || LABEL.test(tag) ? [] : [`spec.traffic: ${tag} is no DNS 1035 label`]),
      ...(latestRevision === (revisionName !== undefined) ? [`spec.traffic: latestRevision ${latestRevision}`] : []),
    ]),
    ...(new Set(tags).size === tags.length ? [] : ['spec.traffic: a tag twice']),
  ];
}

function inTimeouts(spec: Body, most: number): string[] {
  const { timeoutSeconds = Math.min(300, most), responseStartTimeoutSeconds, idleTimeoutSeconds } = spec;
  const over = (name: string, value: number | undefined, limit: number) =>
    value !== undefined && value > limit ? [`${name} ${value} is over ${limit}`] : [];
  return [
    ...over('timeoutSeconds', timeoutSeconds, most),
    ...over('responseStartTimeoutSeconds', responseStartTimeoutSeconds, timeoutSeconds),
    ...over('idleTimeoutSeconds', idleTimeoutSeconds, timeoutSeconds),
  ];
}

const CRD = parse(readFileSync(join(__dirname, '../schemas/knative-serving-0.51.0/service.yaml'), 'utf8'));

/** Fields that the schema says are behind a feature which is off. */
function gated(service: KubernetesObject, features: readonly string[]): string[] {
  const on = [...ENABLED, ...features];
  const { openAPIV3Schema } = CRD.spec.versions[0].schema;
  const found = gates(service.spec, openAPIV3Schema.properties.spec, 'spec');
  const writes = (service.spec.template?.spec?.volumes ?? [])
    .filter((v: Body) => v.persistentVolumeClaim !== undefined && v.persistentVolumeClaim.readOnly !== true)
    .map((v: Body) => ({ place: `volume ${v.name}`, gate: 'kubernetes.podspec-persistent-volume-write' }));
  return [...found, ...writes]
    .filter(({ gate }) => !on.includes(gate))
    .map(({ place, gate }) => `${place} needs the feature ${gate}`);
}

function gates(value: Body, schema: Body, place: string): { place: string; gate: string }[] {
  const gate = /behind a feature flag - (\S+)/.exec(schema?.description ?? '')?.[1];
  if (gate !== undefined) return [{ place, gate }];
  if (Array.isArray(value)) return value.flatMap((item, i) => gates(item, schema?.items, `${place}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => gates(field, schema?.properties?.[key], `${place}.${key}`));
}
