import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesizedExamples } from '../tools/examples';
import { requireTool } from '../tools/require-tool';
import { EXCLUSIONS, excludes } from './exclusions';
import { type Finding, JUDGES } from './tools';

const { examples, remove } = synthesizedExamples();
afterAll(remove);

describe.each(JUDGES)('$tool', ({ tool, toolchain, judge }) => {
  const exclusions = EXCLUSIONS.filter((exclusion) => exclusion.tool === tool);

  describe.skipIf(!requireTool(toolchain, `policy suite of ${tool}`))('of the examples', () => {
    const found = new Map<string, Finding[]>();
    beforeAll(async () => {
      for (const { name, files } of examples) found.set(name, await judge(files));
    });

    test.each(examples)('finds nothing in $name', ({ name }) => {
      const findings = found.get(name)!.filter((finding) => !exclusions.some((e) => excludes(e, name, finding)));
      expect(findings.map(({ rule, object, says }) => `${rule} in ${object}: ${says}`)).toEqual([]);
    });

    test('still finds what each exclusion is for', () => {
      const all = [...found].flatMap(([name, findings]) => findings.map((finding) => ({ name, finding })));
      const stale = exclusions.filter((e) => !all.some(({ name, finding }) => excludes(e, name, finding)));
      expect(stale.map(({ rule }) => rule)).toEqual([]);
    });
  });
});

test('every exclusion and its reason stand in docs/decisions', () => {
  const dir = join(__dirname, '../../docs/decisions');
  const oneLine = (text: string) => text.replace(/\s+/g, ' ');
  const files = EXCLUSIONS.length === 0 ? [] : readdirSync(dir);
  const decisions = files.map((file) => oneLine(readFileSync(join(dir, file), 'utf8')));
  const missing = EXCLUSIONS.filter(
    ({ rule, reason }) => !decisions.some((text) => text.includes(rule) && text.includes(oneLine(reason))),
  );
  expect(missing.map(({ rule }) => rule)).toEqual([]);
});
