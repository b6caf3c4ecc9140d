import { describe, expect, it } from 'vitest';
import { DEFINITIONS } from './definitions';
import { camel, providerType } from './provider';
import { references } from './rewrite';
import type { Attributes, Stack, TerraformJson } from './synth';

const META = ['//', 'depends_on', 'lifecycle'];

/** Resources and data sources, as `[type, name, attributes]`. */
function all({ resource = {}, data = {} }: TerraformJson): [string, string, Attributes][] {
  const named = (prefix: string, types: NonNullable<TerraformJson['resource']>) =>
    Object.entries(types).flatMap(([type, made]) =>
      Object.entries(made).map(([name, attributes]): [string, string, Attributes] => [prefix + type, name, attributes]),
    );
  return [...named('', resource), ...named('data.', data)];
}

describe.each(DEFINITIONS)('$name', ({ make }) => {
  let stack: Stack;
  const json = () => {
    stack ??= make();
    return stack.json;
  };

  it('states what the classes of the provider have', () => {
    const unknown = all(json()).flatMap(([type, name, attributes]) =>
      Object.keys(attributes)
        .filter((key) => !META.includes(key) && !providerType(type).inputs.has(camel(key)))
        .map((key) => `${type}.${name}: ${key}`),
    );
    expect(unknown).toEqual([]);
  });

  it('overrides nothing', () => {
    expect(JSON.stringify(json())).not.toContain('"overrides"');
  });

  it('refers to what is there, and to attributes that it has', () => {
    const made = new Set(all(json()).map(([type, name]) => `${type}.${name}`));
    const wrong = references(json()).filter(({ address, attribute }) => {
      const type = address.split('.').slice(0, -1).join('.');
      return !made.has(address) || (attribute !== undefined && !providerType(type).outputs.has(camel(attribute)));
    });
    expect(wrong).toEqual([]);
    expect(references(json()).length).toBeGreaterThan(0);
  });

  it('states the region of whatever has one: one provider is enough for all of them', () => {
    const silent = all(json()).filter(
      ([type, , attributes]) => providerType(type).inputs.has('region') && attributes.region === undefined,
    );
    expect(silent.map(([type, name]) => `${type}.${name}`)).toEqual([]);
  });

  it('tags whatever can be tagged', () => {
    const bare = all(json()).filter(
      ([type, , attributes]) =>
        !type.startsWith('data.') &&
        providerType(type).inputs.has('tags') &&
        attributes.tags?.ManagedBy !== 'cdk8s-bento',
    );
    expect(bare.map(([type, name]) => `${type}.${name}`)).toEqual([]);
  });

  it('has no path of a machine', () => {
    expect(JSON.stringify(json())).not.toContain(process.cwd());
    expect(JSON.stringify(json())).not.toMatch(/"\/(home|root|tmp|Users|work)\//);
  });
});

it('a stack is the same each time', () => {
  const { make } = DEFINITIONS.find(({ name }) => name === 'records by failover')!;
  expect(JSON.stringify(make().json)).toBe(JSON.stringify(make().json));
});
