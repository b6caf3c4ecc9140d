import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { requireTool } from '../tools/require-tool';
import { DEFINITIONS } from './definitions';
import { EXCLUSIONS, excludes } from './exclusions';
import { checkovFindings, type Finding, planProblems, structureProblems } from './judges';

describe.skipIf(!requireTool('terraform', 'structure and references of Terraform'))('terraform', () => {
  it.each(DEFINITIONS)('takes the structure of $name', async ({ make }) => {
    expect(await structureProblems(make().json)).toEqual([]);
  });

  it.each(DEFINITIONS)('plans $name with the provider that it has built in', async ({ make }) => {
    expect(await planProblems(make().json)).toEqual([]);
  });
});

describe.skipIf(!requireTool('python3', 'policy suite of checkov for Terraform'))('checkov', () => {
  const found = new Map<string, Finding[]>();
  beforeAll(async () => {
    for (const { name, make } of DEFINITIONS) found.set(name, await checkovFindings(make().json));
  });

  it.each(DEFINITIONS)('finds nothing in $name', ({ name }) => {
    const findings = found.get(name)!.filter((finding) => !EXCLUSIONS.some((e) => excludes(e, name, finding)));
    expect(findings.map(({ rule, resource, says }) => `${rule} in ${resource}: ${says}`)).toEqual([]);
  });

  it('still finds what each exclusion is for', () => {
    const all = [...found].flatMap(([name, findings]) => findings.map((finding) => ({ name, finding })));
    const stale = EXCLUSIONS.filter((e) => !all.some(({ name, finding }) => excludes(e, name, finding)));
    expect(stale.map(({ rule }) => rule)).toEqual([]);
  });
});

test('every exclusion and its reason stand in docs/decisions', () => {
  const folder = join(__dirname, '../../docs/decisions');
  const oneLine = (text: string) => text.replace(/\s+/g, ' ');
  const decisions = readdirSync(folder).map((file) => oneLine(readFileSync(join(folder, file), 'utf8')));
  const missing = EXCLUSIONS.filter(
    ({ rule, reason }) => !decisions.some((text) => text.includes(rule) && text.includes(oneLine(reason))),
  );
  expect(missing.map(({ rule }) => rule)).toEqual([]);
});
