import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlOf } from '../../lib/internal/yaml';

// What YAML 1.1 reads as something else than a text, in any spelling.
const WORDS =
  `y Y n N yes Yes YES yEs no No NO true True TRUE tRue false False FALSE on On ON off Off OFF null Null NULL nUll ~
  .inf .Inf .INF -.inf +.inf .nan .NaN .NAN Infinity NaN undefined << = ! & * | > % @ \` ? - : , [ ] { } # -- --- ... .. .
  0 00 08 09 07 0777 0o7 0x1F 0xfg 0b10 0b2 1_000 _1 1__ +1 -1 -0 +0 1. .5 1.5 -.5 1.2.3 1e3 1E3 1e+3 1.e3 .5e3 e5 E10 e-5 E+5 ee5
  1:20 12:30:45 190:20:30.15 1:99 2001-12-14 2001-1-1 2001-12-14T21:59:43.10-05:00 2001-12-14t21:59:43Z 20011214 12e03
  100m 1Gi 0.5 50% 1.5k 5M 10Ki 1e3Ki 80 443/TCP v1 apps/v1 http://x:80/y?z=1#f registry/x@sha256:0f a:b a: :a a:: a#b #a a# -a --f=1
  $(VAR) \${VAR} {{x}} a{b} a[0] a,b a, ,a 'a "a it's a"b \\ a\\n \\n !x &x *x |x >x %x @x ?x`
    .split(/\s+/)
    .concat([
      '',
      ' ',
      '  ',
      '\t',
      'a b',
      ' a',
      'a ',
      'a  b',
      'a : b',
      'a :b',
      'a: b',
      'a #b',
      '- a',
      '? b',
      'a - b',
      'a, b',
      'a\tb',
    ])
    .concat([
      '\n',
      '\n\n',
      'a\n',
      '\na',
      'a\nb',
      'a\n\nb\n',
      'a\n\n',
      ' a\nb',
      'a\n b',
      'a \nb',
      'a\n \n',
      'a\n---\nb',
      'a\n%b\n',
    ])
    .concat([
      'a\tb\nc',
      'a\n\tb',
      '#a\nb: c\n',
      '- a\n- b\n',
      'true\nfalse',
      '"a"\n',
      'it\'s\nso "it" is',
      '\r',
      'a\r\nb\r\n',
      'a\rb',
    ])
    .concat([
      '\u0000',
      '\u0007',
      '\u001b',
      '\u007f',
      '\u0085',
      '\u00a0',
      '\u2028',
      '\u2029',
      '\ufeff',
      '\ud800',
      '\udfff',
      'é',
      '😀',
    ])
    .concat([
      'x'.repeat(90),
      `${'x'.repeat(90)} ${'y'.repeat(90)}`,
      `${'long words '.repeat(30)}\n${'and more '.repeat(30)}`,
    ])
    .concat([
      'k'.repeat(1023),
      'k'.repeat(1024),
      'k'.repeat(1025),
      `${'a b '.repeat(300)}.`,
      '__proto__',
      'constructor',
    ]);

const letters = fc.constantFrom(...'aBéy1.0_-+:,#/=%@!&*|>?~`\'"\\[]{}$() \t\n\r\u0001\u0085\u2028e'.split(''));
const text = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom('web', 'a b', 'registry.example.com/web:1.2', '{"a":1}', 'a: b\nc:\n  d: e\n'),
  },
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 3, arbitrary: fc.array(letters, { maxLength: 9 }).map((characters) => characters.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }).map((words) => words.join('\n')) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...WORDS), { maxLength: 3 }).map((words) => words.join(' ')) },
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(
    0,
    -0,
    1e21,
    1e-7,
    123456789012345680000,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ),
);
const key = fc.oneof(fc.constantFrom('name', 'spec', 'a', 'app.kubernetes.io/name', '80'), text);
const scalar = fc.oneof(
  { weight: 6, arbitrary: text },
  number,
  fc.boolean(),
  fc.constantFrom(null, undefined, new Date(0), 10n, Symbol.iterator, new Map([['a', 1]]), new Set([1])),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 5, withCrossShrink: true }, scalar, tie('map'), tie('list')),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  list: fc.array(tie('value'), { maxLength: 4 }),
}));

const runs = (count: number) => ({ numRuns: Number(process.env.SYNTH_RUNS ?? count) });

function stock(documents: readonly unknown[]): string {
  try {
    return Yaml.stringify(...documents);
  } catch (error) {
    return String(error);
  }
}

function ours(documents: readonly unknown[]): string {
  try {
    return yamlOf(documents.map((json) => ({ json, tree: false })));
  } catch (error) {
    return String(error);
  }
}

describe('yamlOf', () => {
  it.each(WORDS.map((word) => [word.slice(0, 20), word]))(
    'writes %j as cdk8s does, as key and value, at any depth',
    (_, word) => {
      const documents = [
        { k: word },
        { [word]: 'v' },
        { a: { b: word, c: [word, [word, word], { d: word, e: [word] }] }, f: word },
        { a: { [word]: word, b: [word, [word, word], { [word]: word }] }, c: word },
        [word],
        word,
      ];
      expect(ours(documents)).toBe(stock(documents));
    },
  );

  it('writes words with one another in lines as cdk8s does', () => {
    const few = WORDS.filter((_, index) => index % 9 === 0);
    const pairs = few.flatMap((one) => WORDS.flatMap((other) => [`${one}\n${other}`, `${other}\n${one}`]));
    for (const pair of pairs) {
      const documents = [{ a: { pair }, b: [[pair], pair] }];
      expect(ours(documents)).toBe(stock(documents));
    }
  });

  it('writes any document as cdk8s does', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (documents) => {
        expect(ours(documents)).toBe(stock(documents));
      }),
      runs(2000),
    );
  });

  it('writes what stands in two places as cdk8s does', () => {
    const shared = { a: [1] };
    const documents = [{ one: shared, two: { shared, list: shared.a } }, shared];
    expect(ours(documents)).toBe(stock(documents));
    expect(ours(documents)).toContain('*a1');
  });

  it('writes no document, an empty one and one that is missing as cdk8s does', () => {
    for (const documents of [[], [{}], [undefined], [null], [{}, undefined, []]])
      expect(ours(documents)).toBe(stock(documents));
  });

  it('writes holes of lists as cdk8s does', () => {
    // biome-ignore lint/suspicious/noSparseArray: that is the case.
    const documents = [{ list: [1, , 2] }];
    expect(ours(documents)).toBe(stock(documents));
  });
});
