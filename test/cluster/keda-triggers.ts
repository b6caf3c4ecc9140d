import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameOf } from '../tools/manifests';
import type { Body, KubernetesObject } from './client';

interface Parameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly default?: string;
  readonly allowedValue?: string[];
  readonly deprecated?: string;
  readonly metadataVariableReadable?: boolean;
  readonly envVariableReadable?: boolean;
}

const SCHEMA = join(__dirname, '../schemas/keda-2.21.0/scalers-schema.json');
const SCALERS = new Map<string, Parameter[]>(
  JSON.parse(readFileSync(SCHEMA, 'utf8')).scalers.map((s: Body) => [s.type, s.parameters]),
);

/** Scalers that take keys of their own beside KEDA's: for those of the HTTP add-on we say which. */
const OPEN: Record<string, string[]> = {
  external: ['interceptorRoute'],
  'external-push': ['interceptorRoute'],
};

/**
 * What KEDA would make of trigger metadata. The schema of a ScaledObject has it as any texts, and KEDA passes over a
 * key it does not know: a slip of the pen is a default in silence.
 */
export function triggerFindings(objects: KubernetesObject[]): string[] {
  return objects
    .filter(({ apiVersion, kind }) => apiVersion === 'keda.sh/v1alpha1' && kind === 'ScaledObject')
    .flatMap((object) =>
      (object.spec.triggers ?? []).flatMap((trigger: Body, index: number) =>
        inTrigger(trigger).map((finding) => `${nameOf(object)}: trigger ${index} (${trigger.type}): ${finding}`),
      ),
    );
}

function inTrigger(trigger: Body): string[] {
  const parameters = SCALERS.get(trigger.type);
  if (parameters === undefined) return ['no such scaler'];
  const known = new Map(
    parameters.filter((p) => p.metadataVariableReadable || p.envVariableReadable).map((p) => [p.name, p]),
  );
  const metadata = Object.entries((trigger.metadata ?? {}) as Record<string, unknown>);
  return [
    ...inMetricType(trigger),
    ...metadata.flatMap(([key, value]) => inEntry(key, value, known, OPEN[trigger.type] ?? [])),
    ...missing(trigger, [...known.values()]),
  ];
}

/** KEDA checks it nowhere: the autoscaler it makes is what is refused. */
function inMetricType({ type, metricType }: Body): string[] {
  if (metricType === undefined) return [];
  const allowed = type === 'cpu' || type === 'memory' ? ['Utilization', 'AverageValue'] : ['AverageValue', 'Value'];
  return allowed.includes(metricType) ? [] : [`metricType ${metricType} is none of ${allowed.join(', ')}`];
}

function inEntry(key: string, value: unknown, known: Map<string, Parameter>, open: string[]): string[] {
  if (typeof value !== 'string') return [`${key} is no text`];
  if (open.includes(key)) return [];
  const parameter = known.get(key) ?? known.get(key.replace(/FromEnv$/, ''));
  if (parameter === undefined) return [`unknown key ${key}`];
  if (parameter.deprecated !== undefined) return [`${key}: ${parameter.deprecated}`];
  const allowed = parameter.allowedValue;
  const strange = value.split(',').filter((v) => allowed !== undefined && !allowed.includes(v));
  return strange.map((v) => `${key}: ${v} is none of ${allowed?.join(', ')}`);
}

function missing({ metadata = {}, authenticationRef }: Body, parameters: Parameter[]): string[] {
  // What is required may come from there.
  if (authenticationRef !== undefined) return [];
  const needed = parameters.filter((p) => p.optional !== true && p.default === undefined);
  const absent = needed.filter(({ name }) => metadata[name] === undefined && metadata[`${name}FromEnv`] === undefined);
  return absent.map(({ name }) => `missing ${name}`);
}
