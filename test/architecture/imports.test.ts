import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const lib = join(__dirname, '../../lib');

/** The house, from the ground up: a folder imports from those above it in this list, never from below. */
const HOUSE = [
  'internal',
  'refs',
  'sizing',
  'bento',
  'placement',
  'scaling',
  'traffic',
  'storage',
  'cluster',
  'exposure',
  'release',
  'component',
  'engines',
  'checks',
  'deployment',
  'function',
  'fleet',
  'aws',
  'synth',
];

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** A file, or the roof of a submodule. */
function sourceOf(path: string): string {
  return files.includes(`${path}/index.ts`) ? `${path}/index.ts` : `${path}.ts`;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(lib, file), 'utf8');
  const statements = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
  return [...text.matchAll(statements)].map(([, type, target]) => ({
    from: file,
    to: target!.startsWith('.') ? sourceOf(relative(lib, resolve(join(lib, dirname(file)), target!))) : target!,
    typeOnly: type !== undefined,
  }));
}

const all = files.flatMap(importsOf);
const folderOf = (file: string) => file.split('/')[0]!;
const inside = all.filter(({ from, to }) => files.includes(to) && from !== 'index.ts');

describe('the house', () => {
  it('has no folder without a place in it', () => {
    expect([...new Set(files.filter((file) => file.includes('/')).map(folderOf))].sort()).toEqual([...HOUSE].sort());
  });

  it('imports what is there', () => {
    expect(all.filter(({ to }) => to.endsWith('.ts') && !files.includes(to))).toEqual([]);
    expect(inside.length).toBeGreaterThan(files.length);
  });

  it('is built from the ground up', () => {
    const upwards = inside.filter(({ from, to }) => HOUSE.indexOf(folderOf(to)) > HOUSE.indexOf(folderOf(from)));
    expect(upwards).toEqual([]);
  });

  it('has no circles between files, of types neither', () => {
    const targets = new Map<string, string[]>();
    for (const { from, to } of inside) targets.set(from, [...(targets.get(from) ?? []), to]);
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (done.has(file) || path.includes(file)) return;
      for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps values and engines out of the construct tree', () => {
    const pure = all.filter(({ from }) =>
      ['scaling', 'sizing', 'traffic', 'component', 'engines', 'checks'].includes(folderOf(from)),
    );
    const tree = pure.filter(
      ({ to, typeOnly }) => !typeOnly && (to === 'constructs' || to === 'cdk8s' || to.startsWith('deployment/')),
    );
    // Sizes are measured by a value of cdk8s; the construct tree is what engines must not know.
    expect(tree.filter(({ from }) => from !== 'sizing/instance-size.ts')).toEqual([]);
  });

  it('knows cdk8s-plus-27 by its types alone', () => {
    expect(all.filter(({ to, typeOnly }) => to.startsWith('cdk8s-plus') && !typeOnly)).toEqual([]);
  });

  it('knows cdktf and its providers by their types alone, and in one folder', () => {
    const known = all.filter(({ to }) => /^(cdktf|cdktn|@cdktf\/)/.test(to));
    expect(known.length).toBeGreaterThan(0);
    expect(known.filter(({ from, typeOnly }) => folderOf(from) !== 'aws' || !typeOnly)).toEqual([]);
  });

  it('loads cdktf and its providers in one file', () => {
    const loads = files.filter((file) =>
      /'(cdktf|@cdktf\/provider-aws)'[,}]/.test(readFileSync(join(lib, file), 'utf8')),
    );
    expect(loads).toEqual(['aws/terraform.ts']);
  });

  it('exports from its roof, and nothing else is there', () => {
    const roof = readFileSync(join(lib, 'index.ts'), 'utf8').replace(/\/\/.*/g, '');
    expect(roof.replace(/export ((type )?\{[^}]*\}|\* as \w+) from '[^']+';/g, '').trim()).toBe('');
  });

  it('has no file of more than 400 lines', () => {
    expect(files.filter((file) => readFileSync(join(lib, file), 'utf8').split('\n').length > 401)).toEqual([]);
  });
});
