// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the tokens of Terraform look so
import { Duration, Lazy, Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  requireAbsolutePath,
  requireBytes,
  requireDataKey,
  requireDnsLabel,
  requireDnsName,
  requireEnvName,
  requireInteger,
  requireNamespace,
  requireNumber,
  requireResolved,
  requireSeconds,
  requireText,
} from '../../lib/internal/checks';
import { BentoError } from '../../lib/internal/errors';

describe('requireInteger', () => {
  it.each([1, 2, 2 ** 31 - 1])('takes %d', (value) => {
    expect(() => requireInteger('n', value, 1)).not.toThrow();
  });

  it.each([0, -1, 0.5, 1.5, NaN, Infinity * -1])('fails on %d', (value) => {
    expect(() => requireInteger('n', value, 1)).toThrow(
      `[OutOfRange] 'n' must be a whole number of at least 1, got ${value}`,
    );
  });

  // Fields of the API are int32: "json: cannot unmarshal number into Go struct field".
  it.each([2 ** 31, 1e21, Infinity])('fails on %d, which no field of Kubernetes holds', (value) => {
    expect(() => requireInteger('n', value, 1)).toThrow(
      `[OutOfRange] 'n' must be a whole number from 1 to 2147483647, got ${value}`,
    );
  });

  it.each([0, 101])('fails on %d outside of stated bounds and names both', (value) => {
    expect(() => requireInteger('weight', value, 1, 100)).toThrow(
      `[OutOfRange] 'weight' must be a whole number from 1 to 100, got ${value}`,
    );
  });

  it.each(['1', null, undefined, true, [1]])('fails on %j, which is no number', (value) => {
    expect(() => requireInteger('n', value as unknown as number, 1)).toThrow('[OutOfRange]');
  });
});

describe('requireNumber', () => {
  it.each([Number.MIN_VALUE, 1e-3, 1])('takes %d above 0 up to 1', (value) => {
    expect(() => requireNumber('n', value, { above: 0, max: 1 })).not.toThrow();
  });

  it.each([0, -0, -1, 1.0001, NaN, Infinity, -Infinity])('fails on %d above 0 up to 1', (value) => {
    expect(() => requireNumber('n', value, { above: 0, max: 1 })).toThrow(
      `[OutOfRange] 'n' must be a number above 0 and up to 1, got ${value}`,
    );
  });

  it('takes the least value itself', () => {
    expect(() => requireNumber('n', 0, { min: 0 })).not.toThrow();
    expect(() => requireNumber('n', -0.001, { min: 0 })).toThrow('a number of at least 0, got -0.001');
  });
});

describe('requireSeconds', () => {
  it.each([
    [Duration.seconds(1), 1],
    [Duration.minutes(1), 60],
    [Duration.millis(3000), 3],
    [Duration.hours(1), 3600],
  ])('gives whole seconds: %#', (duration, seconds) => {
    expect(requireSeconds('d', duration, 1, 3600)).toBe(seconds);
  });

  it.each([
    Duration.seconds(0),
    Duration.millis(999),
    Duration.millis(1500),
    Duration.seconds(3601),
    Duration.seconds(NaN),
    Duration.seconds(Infinity),
  ])('fails on others: %#', (duration) => {
    expect(() => requireSeconds('d', duration, 1, 3600)).toThrow(
      "[OutOfRange] 'd' must be a whole number from 1 to 3600",
    );
  });
});

describe('requireBytes', () => {
  it.each([
    [Size.kibibytes(1), 1024],
    [Size.kibibytes(1 / 1024), 1],
    [Size.mebibytes(0.5), 512 * 1024],
    [Size.gibibytes(1.5), 1610612736],
    [Size.tebibytes(1), 2 ** 40],
  ])('gives whole bytes: %#', (size, bytes) => {
    expect(requireBytes('memory', size)).toBe(bytes);
  });

  it.each([
    [Size.gibibytes(0), '0Gi'],
    [Size.kibibytes(0.1), '0.1Ki'],
    [Size.gibibytes(NaN), 'NaNGi'],
    [Size.gibibytes(Infinity), 'InfinityGi'],
  ])('fails on others: %#', (size, text) => {
    expect(() => requireBytes('memory', size)).toThrow(
      `[OutOfRange] 'memory' must be a size of at least one byte, got "${text}"`,
    );
  });
});

describe('requireText', () => {
  it.each(['a', ' a ', 'ü', '0'])('takes %j', (text) => {
    expect(() => requireText('t', text)).not.toThrow();
  });

  it.each(['', ' ', '\n\t', undefined, null, 0, {}])('fails on %j', (text) => {
    expect(() => requireText('t', text as unknown as string)).toThrow(
      "[InvalidText] 't' must be text that is not empty",
    );
  });

  it('fails above its length and does not repeat all of it', () => {
    expect(() => requireText('t', 'x'.repeat(63), 63)).not.toThrow();
    expect(() => requireText('t', 'x'.repeat(10_000), 63)).toThrow(
      `[InvalidText] 't' must be text of at most 63 characters, got "${'x'.repeat(40)}..."`,
    );
  });
});

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
describe('names of objects', () => {
  const long = (n: number) => 'a'.repeat(n);

  it.each(['a', 'rag', 'rag-embedder', 'a1', long(63)])('requireDnsLabel takes %j', (name) => {
    expect(() => requireDnsLabel('name', name)).not.toThrow();
  });

  it.each(['', '1a', '-a', 'a-', 'A', 'a_b', 'a.b', 'a b', 'ä', 'a\n', long(64), undefined, 5])(
    'fails on %j as the name of a Service',
    (name) => {
      expect(() => requireDnsLabel('name', name as string)).toThrow("[InvalidName] 'name' must be a DNS label");
    },
  );

  it.each(['a', '1', 'a.b', 'a-1.b-2.c', '1.2.3', long(63), `${long(63)}.${long(63)}.${long(63)}.${long(61)}`])(
    'requireDnsName takes %j',
    (name) => {
      expect(() => requireDnsName('name', name)).not.toThrow();
    },
  );

  it.each(['', '.', 'a.', '.a', 'a..b', '-a', 'a-', 'a-.b', 'A', 'a_b', 'a/b', 'a\n', long(254), undefined])(
    'fails on %j as the name of an object',
    (name) => {
      expect(() => requireDnsName('name', name as string)).toThrow("[InvalidName] 'name' must be a DNS name");
    },
  );

  it.each(['ml', '1', '0-a', long(63)])('requireNamespace takes %j', (name) => {
    expect(() => requireNamespace('namespace', name)).not.toThrow();
  });

  it.each(['', '-', 'a.b', 'Ml', 'ml-', 'ml\n', long(64), null])('fails on %j as a namespace', (name) => {
    expect(() => requireNamespace('namespace', name as string)).toThrow(
      "[InvalidName] 'namespace' must be a DNS label",
    );
  });

  it('fails on every other text, and on no name of Kubernetes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '.', '_', ' ', 'é'), maxLength: 70 }),
        (name) => {
          const parts = name.split('.');
          const label = (text: string) => [...text].every((c) => 'a0-'.includes(c)) && !/^-|-$|^$/.test(text);
          expect(passes(() => requireDnsName('name', name))).toBe(parts.every(label));
          expect(passes(() => requireNamespace('name', name))).toBe(label(name) && name.length <= 63);
          expect(passes(() => requireDnsLabel('name', name))).toBe(
            label(name) && name.length <= 63 && name.startsWith('a'),
          );
        },
      ),
    );
  });
});

// IsEnvVarName and IsConfigMapKey of k8s.io/apimachinery/pkg/util/validation.
describe('names of variables and keys', () => {
  it.each(['A', '_', 'a.b', 'A-B_c.1', '-', '.a'])('requireEnvName takes %j', (name) => {
    expect(() => requireEnvName('name', name)).not.toThrow();
  });

  it.each(['', '1A', 'A B', 'A=B', 'Ä', '.', '..', '..a', 'A\n', undefined])('fails on the variable %j', (name) => {
    expect(() => requireEnvName('name', name as string)).toThrow("[InvalidName] 'name' must be letters");
  });

  it.each(['token', 'tls.crt', 'A_B', '1', '-', '.a', 'a'.repeat(253)])('requireDataKey takes %j', (key) => {
    expect(() => requireDataKey('key', key)).not.toThrow();
  });

  it.each(['', 'a/b', 'a b', 'ä', '.', '..', '..a', 'a'.repeat(254)])('fails on the key %j', (key) => {
    expect(() => requireDataKey('key', key)).toThrow("[InvalidText] 'key' must be");
  });
});

describe('requireAbsolutePath', () => {
  it.each(['/', '/a', '/a/b.c/', '/a b', '/..a/...'])('takes %j', (path) => {
    expect(() => requireAbsolutePath('p', path)).not.toThrow();
  });

  it.each(['', 'a', './a', '/a/../b', '/..', '/a/./b', '/a:b', '//a', '/a//b', `/${'a'.repeat(4096)}`])(
    'fails on %j',
    (path) => {
      expect(() => requireAbsolutePath('p', path)).toThrow("[InvalidText] 'p' must be");
    },
  );
});

// What the tokens of Terraform look like: https://github.com/hashicorp/terraform-cdk, packages/cdktf/lib/tokens.
describe('requireResolved', () => {
  it.each([
    '${TfToken[TOKEN.0]}',
    'arn:${TfToken[TOKEN.12]}:x',
    -1.8881545897087503e289,
    { resolve: () => 'x' },
    Lazy.any({ produce: () => 'x' }),
  ])('fails on a token: %#', (token) => {
    expect(() => requireResolved('p', token)).toThrow("[UnresolvedToken] 'p' must be known at synth time, got a token");
  });

  it.each(['${HOME}', 'TfToken', -1e200, -Infinity, NaN, null, undefined, {}, []])('takes %j', (value) => {
    expect(() => requireResolved('p', value)).not.toThrow();
  });
});

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(BentoError);
    return false;
  }
}
