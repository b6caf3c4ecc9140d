import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
// Loaded before the clock of the first program starts.
import '../../lib';

// Each program makes one mistake, and is named after the code of the error that it must end with.
const programs = readdirSync(__dirname).flatMap((file) => {
  const [, code] = /^[-a-z0-9]+\.([A-Z][A-Za-z]+)\.ts$/.exec(file) ?? [];
  return code === undefined ? [] : [{ file, code }];
});

/** The codes as the catalogue has them: each function passes its own to `fail`. */
const internal = join(__dirname, '../../lib/internal');
const catalogue = readdirSync(internal)
  .filter((file) => /(^|-)errors\.ts$/.test(file))
  .map((file) => readFileSync(join(internal, file), 'utf8'))
  .join('\n');
const codes = [...catalogue.matchAll(/\bfail\(\s*'([A-Z][A-Za-z]+)'/g)].map(([, code]) => code!);

describe('negatives', () => {
  it.each(programs)('fails: $file', async ({ file, code }) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      const error = await import(`./${file}`).then(
        () => new Error('nothing was thrown'),
        (thrown: Error) => thrown,
      );
      expect(error.message).toContain(`[${code}] `);
    } finally {
      write.mockRestore();
    }
  });

  it('know the catalogue', () => {
    expect(codes).toContain('OutOfRange');
    expect(codes.length).toBe(catalogue.match(/\bfail\(/g)!.length);
  });

  it.each(codes)('have a program for %s', (code) => {
    expect(programs.map((program) => program.code)).toContain(code);
  });

  it.each(programs)('expect a code of the catalogue: $file', ({ code }) => {
    expect(codes).toContain(code);
  });
});
