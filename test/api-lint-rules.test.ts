import { describe, expect, it } from 'vitest';
import { type Assembly, type AssemblyType, lint } from './api-lint-rules';

const docs = { summary: 'Text.' };
const struct = (name: string, extra: Partial<AssemblyType> = {}): AssemblyType => ({
  fqn: `lib.${name}`,
  kind: 'interface',
  datatype: true,
  docs,
  ...extra,
});
const klass = (name: string, extra: Partial<AssemblyType> = {}): AssemblyType => ({
  fqn: `lib.${name}`,
  kind: 'class',
  docs,
  ...extra,
});
const assembly = (...types: AssemblyType[]): Assembly => ({
  types: Object.fromEntries(types.map((type) => [type.fqn, type])),
});
const text = { primitive: 'string' };

describe('lint', () => {
  it('takes what every language can say', () => {
    const options = struct('FooOptions', {
      properties: [{ name: 'bar', type: text, optional: true, docs: { ...docs, default: "'x'" } }],
    });
    const foo = klass('Foo', {
      methods: [
        {
          name: 'of',
          static: true,
          docs,
          returns: { type: { fqn: 'lib.Foo' } },
          parameters: [{ name: 'options', type: { fqn: 'lib.FooOptions' }, optional: true }],
        },
      ],
    });
    expect(lint(assembly(options, foo))).toEqual([]);
  });

  it.each<[string, AssemblyType[]]>([
    ['Foo.bar: is a union', [klass('Foo', { properties: [{ name: 'bar', docs, type: { union: {} } }] })]],
    ['Foo.bar: is any', [klass('Foo', { properties: [{ name: 'bar', docs, type: { primitive: 'any' } }] })]],
    ['Foo.lambda: is a keyword somewhere', [klass('Foo', { properties: [{ name: 'lambda', docs, type: text }] })]],
    ['Foo.bar: has no documentation', [klass('Foo', { properties: [{ name: 'bar', type: text }] })]],
    [
      'Foo.bar: is optional and has no @default',
      [struct('Foo', { properties: [{ name: 'bar', docs, type: text, optional: true }] })],
    ],
    [
      'Foo.bar: is a array of structs',
      [
        struct('Bar'),
        klass('Foo', {
          properties: [{ name: 'bar', docs, type: { collection: { kind: 'array', elementtype: { fqn: 'lib.Bar' } } } }],
        }),
      ],
    ],
    [
      'Foo.bar: is a map of structs',
      [
        struct('Bar'),
        klass('Foo', {
          properties: [{ name: 'bar', docs, type: { collection: { kind: 'map', elementtype: { fqn: 'lib.Bar' } } } }],
        }),
      ],
    ],
    [
      'Foo.bar(baz): is an optional positional: a second one would break Go',
      [klass('Foo', { methods: [{ name: 'bar', docs, parameters: [{ name: 'baz', type: text, optional: true }] }] })],
    ],
    [
      'Foo.of(): has more than two positional parameters',
      [
        klass('Foo', {
          methods: [
            {
              name: 'of',
              static: true,
              docs,
              returns: { type: { fqn: 'lib.Foo' } },
              parameters: ['a', 'b', 'c'].map((name) => ({ name, type: text })),
            },
          ],
        }),
      ],
    ],
    [
      'Bar: is a struct that is taken and handed out',
      [
        struct('Bar'),
        klass('Foo', {
          properties: [{ name: 'bar', docs, type: { fqn: 'lib.Bar' } }],
          methods: [{ name: 'baz', docs, parameters: [{ name: 'bar', type: { fqn: 'lib.Bar' } }] }],
        }),
      ],
    ],
    [
      'Foo: mentions aws.Bar of another submodule',
      [
        klass('aws.Bar', { namespace: 'aws' }),
        klass('Foo', { properties: [{ name: 'bar', docs, type: { fqn: 'lib.aws.Bar' } }] }),
      ],
    ],
    [
      'IFoo: is an I-interface without behaviour: Python loses its keywords',
      [{ fqn: 'lib.IFoo', kind: 'interface', docs, properties: [] }],
    ],
  ])('finds: %s', (finding, types) => {
    expect(lint(assembly(...types))).toEqual([finding]);
  });
});
