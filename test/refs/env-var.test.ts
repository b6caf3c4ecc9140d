// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the tokens of Terraform look so
import { Chart, Lazy, Testing } from 'cdk8s';
import { Container, Cpu, EnvFieldPaths, EnvValue, ResourceFieldPaths, Secret } from 'cdk8s-plus-27';
import { describe, expect, it } from 'vitest';
import { ConfigMapRef } from '../../lib/refs/config-map-ref';
import { EnvVar } from '../../lib/refs/env-var';
import { SecretRef } from '../../lib/refs/secret-ref';

const rendered = (variable: EnvVar) => JSON.parse(JSON.stringify(variable._model));
const secret = SecretRef.named('rag-keys');
const configMap = ConfigMapRef.named('prompts');

// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
describe('EnvVar.value', () => {
  it.each(['', '0', 'a b', '$(HOME)', 'ü\n'])('takes the value %j', (value) => {
    expect(rendered(EnvVar.value('MODE', value))).toEqual({ name: 'MODE', value });
  });

  it.each([4, true, null, undefined, ['a']])('fails on %j, which is no text', (value) => {
    expect(() => EnvVar.value('MODE', value as unknown as string)).toThrow(
      `[InvalidText] 'value' must be text, got ${JSON.stringify(value)}`,
    );
  });

  it.each(['${TfToken[TOKEN.0]}', Lazy.any({ produce: () => 'x' })])('fails on a token: %#', (value) => {
    expect(() => EnvVar.value('MODE', value)).toThrow("[UnresolvedToken] 'value' must be known at synth time");
  });

  it.each(['A', 'a.b-c_1', '_'])('takes the name %j', (name) => {
    expect(EnvVar.value(name, '').name).toBe(name);
  });

  it.each(['', '1A', 'A B', 'A=B', 'Ä', '..', undefined])('fails on the name %j', (name) => {
    expect(() => EnvVar.value(name as string, '')).toThrow("[InvalidName] 'name' must be letters");
  });
});

describe('EnvVar.fromSecret and fromConfigMap', () => {
  it('name object and key', () => {
    expect(rendered(EnvVar.fromSecret('API_KEY', { secret, key: 'api-key' }))).toEqual({
      name: 'API_KEY',
      valueFrom: { secretKeyRef: { name: 'rag-keys', key: 'api-key' } },
    });
    expect(rendered(EnvVar.fromConfigMap('PROMPT', { configMap, key: 'prompt.txt' }))).toEqual({
      name: 'PROMPT',
      valueFrom: { configMapKeyRef: { name: 'prompts', key: 'prompt.txt' } },
    });
  });

  it.each([true, false])('say whether it is optional: %s', (optional) => {
    expect(rendered(EnvVar.fromSecret('A', { secret, key: 'a', optional })).valueFrom.secretKeyRef.optional).toBe(
      optional,
    );
    expect(
      rendered(EnvVar.fromConfigMap('A', { configMap, key: 'a', optional })).valueFrom.configMapKeyRef.optional,
    ).toBe(optional);
  });

  it.each(['', ' ', 'a b', 'a/b', '..', 'a'.repeat(254)])('fail on the key %j', (key) => {
    expect(() => EnvVar.fromSecret('A', { secret, key })).toThrow("[InvalidText] 'key' must be");
    expect(() => EnvVar.fromConfigMap('A', { configMap, key })).toThrow("[InvalidText] 'key' must be");
  });

  it('fails on a bad name', () => {
    expect(() => EnvVar.fromSecret('1', { secret, key: 'a' })).toThrow("[InvalidName] 'name'");
    expect(() => EnvVar.fromConfigMap('1', { configMap, key: 'a' })).toThrow("[InvalidName] 'name'");
  });
});

// https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#available-fields
describe('EnvVar.fromField', () => {
  it.each([
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    "metadata.labels['app.kubernetes.io/name']",
    "metadata.annotations['a']",
    'spec.nodeName',
    'spec.serviceAccountName',
    'status.hostIP',
    'status.hostIPs',
    'status.podIP',
    'status.podIPs',
  ])('takes %s', (fieldPath) => {
    expect(rendered(EnvVar.fromField('A', fieldPath))).toEqual({ name: 'A', valueFrom: { fieldRef: { fieldPath } } });
  });

  // labels and annotations as a whole are for volumes only.
  it.each([
    '',
    'metadata.labels',
    'metadata.annotations',
    "metadata.labels['']",
    'spec.replicas',
    'status.phase',
    'metadata.name ',
  ])('fails on %j', (fieldPath) => {
    expect(() => EnvVar.fromField('A', fieldPath)).toThrow(
      "[InvalidText] 'fieldPath' must be a field of the downward API",
    );
  });
});

describe('EnvVar.of', () => {
  const chart = () => new Chart(Testing.app(), 'prod');

  it('takes a value', () => {
    expect(rendered(EnvVar.of('A', EnvValue.fromValue('x')))).toEqual({ name: 'A', value: 'x' });
  });

  it('takes a key of a Secret', () => {
    const value = EnvValue.fromSecretValue(
      { secret: new Secret(chart(), 'It', { metadata: { name: 'keys' } }), key: 'k' },
      { optional: true },
    );
    expect(rendered(EnvVar.of('A', value)).valueFrom).toEqual({
      secretKeyRef: { name: 'keys', key: 'k', optional: true },
    });
  });

  it('takes a field', () => {
    expect(rendered(EnvVar.of('A', EnvValue.fromFieldRef(EnvFieldPaths.POD_IP))).valueFrom).toEqual({
      fieldRef: { fieldPath: 'status.podIP' },
    });
  });

  it('takes a resource in plain JSON, of the container that has the variable', () => {
    const container = new Container({ image: 'x', resources: { cpu: { limit: Cpu.units(2) } } });
    const value = EnvValue.fromResource(ResourceFieldPaths.CPU_LIMIT, { container, divisor: '1m' });
    expect(EnvVar.of('A', value)._model.valueFrom).toStrictEqual({
      resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' },
    });
  });

  it('fails on a bad name', () => {
    expect(() => EnvVar.of('1', EnvValue.fromValue('x'))).toThrow("[InvalidName] 'name'");
  });
});
