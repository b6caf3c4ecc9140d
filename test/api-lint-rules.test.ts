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
const number = { primitive: 'number' };

describe('lint', () => {
  it('takes what users implement: it is handed a struct, and hands one back', () => {
    const door: AssemblyType = {
      fqn: 'lib.IDoor',
      kind: 'interface',
      docs,
      methods: [
        {
          name: 'bind',
          docs,
          parameters: [{ name: 'target', type: { fqn: 'lib.Target' } }],
          returns: { type: { fqn: 'lib.Binding' } },
        },
      ],
    };
    expect(lint(assembly(struct('Target'), struct('Binding'), door))).toEqual([]);
  });

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
    [
      'Foo.bar: is a union',
      [klass('Foo', { properties: [{ name: 'bar', immutable: true, docs, type: { union: {} } }] })],
    ],
    [
      'Foo.bar: is any',
      [klass('Foo', { properties: [{ name: 'bar', immutable: true, docs, type: { primitive: 'any' } }] })],
    ],
    [
      'Foo.lambda: is a keyword somewhere',
      [klass('Foo', { properties: [{ name: 'lambda', immutable: true, docs, type: text }] })],
    ],
    [
      'Foo.isBar(): reads as a question, and answers none',
      [klass('Foo', { methods: [{ name: 'isBar', static: true, docs, returns: { type: { fqn: 'lib.Foo' } } }] })],
    ],
    [
      'Foo.bar: mentions cdk8s-plus-27',
      [klass('Foo', { properties: [{ name: 'bar', immutable: true, docs, type: { fqn: 'cdk8s-plus-27.Secret' } }] })],
    ],
    ['Foo: has a `{@link}` in its documentation', [klass('Foo', { docs: { summary: 'See {@link Bar}.' } })]],
    ['Foo.bar: has no documentation', [klass('Foo', { properties: [{ name: 'bar', immutable: true, type: text }] })]],
    [
      'Foo.bar: is optional and has no @default',
      [struct('Foo', { properties: [{ name: 'bar', docs, type: text, optional: true }] })],
    ],
    [
      'Foo.bar: is a array of structs',
      [
        struct('Bar'),
        klass('Foo', {
          properties: [
            {
              name: 'bar',
              immutable: true,
              docs,
              type: { collection: { kind: 'array', elementtype: { fqn: 'lib.Bar' } } },
            },
          ],
        }),
      ],
    ],
    [
      'Foo.bar: is a map of structs',
      [
        struct('Bar'),
        klass('Foo', {
          properties: [
            {
              name: 'bar',
              immutable: true,
              docs,
              type: { collection: { kind: 'map', elementtype: { fqn: 'lib.Bar' } } },
            },
          ],
        }),
      ],
    ],
    [
      "Foo.serviceName: reads as Kubernetes' Service; a service of a Bento is `bentoService`",
      [struct('Foo', { properties: [{ name: 'serviceName', docs, type: text }] })],
    ],
    [
      'Foo.concurrency: is neither `targetConcurrency`, which scaling aims at, nor `maxConcurrency`, the limit',
      [struct('Foo', { properties: [{ name: 'concurrency', docs, type: number }] })],
    ],
    ['Task: is a type of every file in C# or Java', [klass('Task')]],
    [
      'Binding: is returned by users, and no property of several words is required',
      [
        struct('Binding', {
          properties: [{ name: 'hostName', type: text, optional: true, docs: { ...docs, default: '- none' } }],
        }),
        {
          fqn: 'lib.IDoor',
          kind: 'interface',
          docs,
          methods: [{ name: 'bind', docs, returns: { type: { fqn: 'lib.Binding' } } }],
        },
      ],
    ],
    [
      'Foo.slowFactor: is a ratio: call it so, as `maxRatio`',
      [struct('Foo', { properties: [{ name: 'slowFactor', docs, type: number }] })],
    ],
    [
      'Foo.scaleOut: is `scaleUp` or `scaleDown`, as the HPA has them',
      [struct('Foo', { properties: [{ name: 'scaleOut', docs, type: text }] })],
    ],
    [
      'Foo.of(timeout): is a number without a unit: a type, or a suffix',
      [klass('Foo', { methods: [{ name: 'of', docs, parameters: [{ name: 'timeout', type: number }] }] })],
    ],
    ['Foo.notify(): is a method of every object in Java', [klass('Foo', { methods: [{ name: 'notify', docs }] })]],
    [
      'Foo.begin(): is asynchronous, which Go cannot wait for',
      [klass('Foo', { methods: [{ name: 'begin', docs, async: true }] })],
    ],
    [
      'Foo.of(): has any number of arguments: no struct can follow them',
      [klass('Foo', { methods: [{ name: 'of', docs, variadic: true, parameters: [{ name: 'bars', type: text }] }] })],
    ],
    [
      'Foo.A10G: is A10_G in Python and Java',
      [klass('Foo', { properties: [{ name: 'A10G', docs, type: text, immutable: true, const: true }] })],
    ],
    [
      'Foo.bar: can be written: objects do not change',
      [klass('Foo', { properties: [{ name: 'bar', docs, type: text }] })],
    ],
    [
      'Foo.Bar: differs from another member in case only',
      [
        klass('Foo', {
          properties: [{ name: 'bar', docs, type: text, immutable: true }],
          methods: [{ name: 'Bar', docs }],
        }),
      ],
    ],
    [
      'Foo.of(name): is a property of the struct as well',
      [
        struct('Base', { properties: [{ name: 'name', docs, type: text }] }),
        struct('Bar', { interfaces: ['lib.Base'] }),
        klass('Foo', {
          methods: [
            {
              name: 'of',
              docs,
              parameters: [
                { name: 'name', type: text },
                { name: 'bar', type: { fqn: 'lib.Bar' } },
              ],
            },
          ],
        }),
      ],
    ],
    [
      'Baz: is a struct that is taken and handed out',
      [
        struct('Baz'),
        struct('Bar', { properties: [{ name: 'baz', docs, type: { fqn: 'lib.Baz' } }] }),
        klass('Foo', {
          methods: [
            { name: 'give', docs, returns: { type: { fqn: 'lib.Bar' } } },
            { name: 'keep', docs, parameters: [{ name: 'baz', type: { fqn: 'lib.Baz' } }] },
          ],
        }),
      ],
    ],
    [
      'Foo: mentions aws.Bar of another submodule',
      [klass('aws.Bar', { namespace: 'aws' }), klass('Foo', { base: 'lib.aws.Bar' })],
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
          properties: [{ name: 'bar', immutable: true, docs, type: { fqn: 'lib.Bar' } }],
          methods: [{ name: 'baz', docs, parameters: [{ name: 'bar', type: { fqn: 'lib.Bar' } }] }],
        }),
      ],
    ],
    [
      'Foo: mentions aws.Bar of another submodule',
      [
        klass('aws.Bar', { namespace: 'aws' }),
        klass('Foo', { properties: [{ name: 'bar', immutable: true, docs, type: { fqn: 'lib.aws.Bar' } }] }),
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
