import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { ManifestValidation } from '../../lib';
import { documentsOf } from '../../lib/checks/manifest/model/manifest-object';
import { checkManifests } from '../../lib/checks/manifest/rules';
// Its package exports nothing: the file itself is the contract.
import { ValidationContext } from '../../node_modules/cdk8s-cli/lib/plugins/validation';
import { budget, deployment, hpa, type Json, policy, scaledObject, service } from './manifest/manifests';

const folders: string[] = [];

function folder(files: { [path: string]: string | Json[] }): string {
  const root = mkdtempSync(join(tmpdir(), 'manifests-'));
  folders.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    const text = typeof content === 'string' ? content : content.map((document) => stringify(document)).join('---\n');
    writeFileSync(join(root, path), text);
  }
  return root;
}

afterEach(() => {
  for (const root of folders.splice(0)) rmSync(root, { recursive: true });
});

const good = [deployment('a'), service('a'), hpa('a', { metrics: [{ type: 'Pods' }] }), budget('a'), policy('a', {})];
const bad = deployment('bad', { selector: { matchLabels: { app: 'other' } } });

describe('checkFolder', () => {
  const check = (files: { [path: string]: string | Json[] }) => ManifestValidation.checkFolder(folder(files));

  it('finds nothing in good manifests', () => expect(check({ 'all.yaml': good })).toEqual([]));

  it('says file, object, rule, what, where and remedy in one line', () => {
    expect(check({ 'all.yaml': [...good, bad] })).toEqual([
      "all.yaml: Deployment/ml/bad: [SelectorMismatch] 'spec.selector' must match the labels of its own pods (app=bad), got app=other (at spec.selector); give selector and template the same labels",
    ]);
  });

  it('looks into folders, .yml and .json, and takes them together', () => {
    const lines = check({
      'a/deployment.yml': [deployment('a', { replicas: 3 })],
      'b/c/hpa.json': JSON.stringify(hpa('a', { metrics: [{ type: 'Pods' }] })),
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^a\/deployment\.yml: Deployment\/ml\/a: \[ReplicasWithScaler\]/);
  });

  it.each([
    'notes.txt',
    '.git/x.yaml',
    'node_modules/x/y.yaml',
    'construct-metadata.json',
    'a/construct-metadata.json',
  ])('does not read %s', (path) => expect(check({ 'a.yaml': good, [path]: '{ not: manifest' })).toEqual([]));

  it('reads documents that are empty or commented out', () => {
    expect(check({ 'a.yaml': `---\n# nothing\n---\n${stringify(good[0])}---\n` })).toEqual([]);
  });

  it('writes one line whatever names say', () => {
    const lines = check({ 'a.yaml': [{ ...bad, metadata: { name: 'x\ny\u2028z' } }] });
    expect(lines.every((line) => !/[\n\u2028]/.test(line))).toBe(true);
    expect(lines[0]).toContain('x\\u000ay\\u2028z');
  });

  it('leaves out what is excluded', () => {
    const path = folder({ 'a.yaml': [bad] });
    expect(ManifestValidation.checkFolder(path, { exclude: ['SelectorMismatch'] })).toEqual([]);
    expect(ManifestValidation.checkFolder(path, { exclude: ['TwoScalers'] })).toHaveLength(1);
    expect(ManifestValidation.checkFolder(path, { exclude: [] })).toHaveLength(1);
  });

  it('fails on a folder that does not exist', () => {
    expect(() => ManifestValidation.checkFolder('/nowhere')).toThrow(
      '[FolderNotFound] \'path\' must be a folder, got "/nowhere"; run `cdk8s synth` first',
    );
  });

  it('fails on a file in the place of a folder', () => {
    const path = join(folder({ 'a.yaml': good }), 'a.yaml');
    expect(() => ManifestValidation.checkFolder(path)).toThrow('[FolderNotFound]');
  });

  it.each<{ [path: string]: string }>([{}, { 'a.txt': 'x' }, { 'a.yaml': '' }, { 'a.yaml': '# nothing\n---\n' }])(
    'fails on a folder without manifests',
    (files) => {
      expect(() => check(files)).toThrow("[NoManifests] 'path' must hold manifests");
    },
  );

  it.each([
    ['a template', '{{- if .Values.x }}\nkind: Pod', '"chart/a.yaml" must be YAML or JSON: '],
    ['a key twice', 'a: 1\na: 2', 'Map keys must be unique'],
    ['an alias without anchor', 'a: *b', '"chart/a.yaml"'],
    ['an alias in itself', 'a: &a { b: *a }', 'an alias contains itself'],
    ['aliases that explode', bomb(), '"chart/a.yaml"'],
    ['text that is cut', '{"a": [', '"chart/a.yaml"'],
  ])('fails on %s', (_, text, message) => {
    expect(() => check({ 'chart/a.yaml': text })).toThrow('[ManifestNotYaml]');
    expect(() => check({ 'chart/a.yaml': text })).toThrow(message);
  });
});

function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`);
  return ['l0: &l0 [x]', ...levels].join('\n');
}

describe('props', () => {
  it('knows its rules by stable names, in alphabetical order', () => {
    const names = ManifestValidation.ruleNames;
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.every((name) => /^[A-Z][A-Za-z]+$/.test(name))).toBe(true);
    expect(names).toContain('SecretInClear');
  });

  it('fails on a rule that does not exist', () => {
    expect(() => new ManifestValidation({ exclude: ['twoScalers'] })).toThrow(
      '[UnknownRule] \'exclude\' must hold names of rules, got "twoScalers"; known are BackendMissing, ',
    );
  });

  // cdk8s-cli hands over what cdk8s.yaml says.
  it.each(['TwoScalers', { TwoScalers: true }, 3])('fails on %j in the place of a list', (exclude) => {
    expect(() => new ManifestValidation({ exclude } as Json)).toThrow(
      "[OutOfRange] 'exclude' must be a list of names of rules",
    );
  });

  it('takes what cdk8s-cli passes without properties', () => expect(() => new ManifestValidation({})).not.toThrow());
});

describe('validate', () => {
  async function report(manifests: Json[][], props = {}) {
    const root = folder(Object.fromEntries(manifests.map((documents, n) => [`${n}.yaml`, documents])));
    const paths = manifests.map((_, n) => join(root, `${n}.yaml`));
    const context = new ValidationContext(paths, 'cdk8s-bento', '0.0.0', { bad: { path: 'chart/Bad' } }, false);
    await new ManifestValidation(props).validate(context);
    return { report: context.report, paths };
  }

  it('reports success', async () => {
    const { report: result } = await report([good]);
    expect(result.success).toBe(true);
    expect(result.toJson().violations).toEqual([]);
  });

  it('reports what it finds at constructs', async () => {
    const { report: result, paths } = await report([good, [bad]]);
    expect(result.success).toBe(false);
    expect(result.toJson().violations).toEqual([
      {
        ruleName: 'SelectorMismatch',
        recommendation:
          "Deployment/ml/bad: 'spec.selector' must match the labels of its own pods (app=bad), got app=other",
        fix: 'give selector and template the same labels',
        violatingConstructs: [
          { resourceName: 'bad', locations: ['spec.selector'], manifestPath: paths[1], constructPath: 'chart/Bad' },
        ],
      },
    ]);
    expect(result.toString()).toContain('SelectorMismatch (1 occurrences)');
  });

  it('leaves out what is excluded', async () => {
    expect((await report([[bad]], { exclude: ['SelectorMismatch'] })).report.success).toBe(true);
  });

  it('reports a document that is no object', async () => {
    const { report: result } = await report([['text', { kind: 'Pod' }]]);
    expect(result.toJson().violations.map(({ ruleName }) => ruleName)).toEqual(['MalformedObject', 'MalformedObject']);
    expect(result.toString()).toContain('document/#1');
  });
});

describe('cdk8s synth', () => {
  const repository = join(__dirname, '../..');

  // Through the real command: the validation of a project that loads the library's sources.
  function synth(objects: Json[]): { code: number; output: string } {
    const root = folder({
      'app.js': `require('fs').writeFileSync(process.env.CDK8S_OUTDIR + '/a.yaml', require('fs').readFileSync('in.txt'))`,
      'in.txt': objects,
      'cdk8s.yaml': stringify({
        language: 'typescript',
        app: 'mkdir -p out && node app.js',
        output: 'out',
        validations: [{ package: join(repository, 'lib'), version: '0.0.0', class: 'ManifestValidation' }],
      }),
    });
    const cli = join(repository, 'node_modules/cdk8s-cli/bin/cdk8s');
    const tsx = join(repository, 'node_modules/tsx/dist/loader.mjs');
    try {
      const output = execFileSync(process.execPath, ['--import', tsx, cli, 'synth', '--check-upgrade=false'], {
        cwd: root,
        encoding: 'utf8',
        stdio: 'pipe',
      });
      return { code: 0, output };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, output: stdout };
    }
  }

  it('passes on good manifests', () => expect(synth(good)).toMatchObject({ code: 0 }), 30_000);

  it('fails with code 2 on bad ones', () => {
    const { code, output } = synth([bad]);
    expect(output).toContain('SelectorMismatch');
    expect(code).toBe(2);
  }, 30_000);
});

describe('any folder', () => {
  const run = (values: readonly unknown[]) => checkManifests(documentsOf('a.yaml', values));

  it('bears any JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        run(values);
      }),
    );
  });

  // Objects that are right in one place and anything elsewhere reach further into the rules than noise does.
  it('bears known kinds with anything inside', () => {
    const seeds = [...good, scaledObject('a'), deployment('b', { kind: 'StatefulSet' })];
    const broken = fc
      .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.jsonValue()), { minLength: 1, maxLength: 3 }))
      .map(([seed, changes]) =>
        changes.reduce((object, [n, value]) => replaceNth(object, n, value), structuredClone(seed)),
      );
    fc.assert(
      fc.property(fc.array(broken, { maxLength: 6 }), (values) => {
        run(values);
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same in any order of keys', () => {
    const reversed = (value: Json): Json =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, item]) => [key, reversed(item)]),
          );
    const text = (values: Json[]) => run(values).map(({ rule, location }) => `${rule} ${location}`);
    const values = [bad, deployment('a', { replicas: 2 }), hpa('a'), hpa('b', { minReplicas: 11 })];
    expect(text(values.map(reversed))).toEqual(text(values));
  });

  it('bears keys that JavaScript knows', () => {
    const labels = JSON.parse('{"__proto__": "x", "constructor": "y", "toString": "z"}');
    const pods = deployment('a', { labels });
    expect(run([pods, service('s', { selector: labels }), { ...pods, kind: 'constructor' }])).toEqual([]);
  });

  it('takes thousands of objects, right or wrong', () => {
    const names = Array.from({ length: 1000 }, (_, n) => `c${n}`);
    const right = names.flatMap((name) => [
      deployment(name, { labels: { app: name, team: 'ml' } }),
      service(name),
      hpa(name, { metrics: [{ type: 'Pods' }] }),
      budget(name),
      policy(name, { matchLabels: { app: name } }),
    ]);
    expect(run(right)).toEqual([]);
    // All selectors match all pods: one finding each, not one a pair.
    const wrong = names.flatMap((name) => [
      deployment(name, { labels: { team: 'ml' } }),
      service(name, { selector: { team: 'ml' } }),
      budget(name, { selector: {} }),
      policy(name, {}),
      deployment(`${name}-more`, { labels: { team: 'ml' } }),
    ]);
    expect(run(wrong)).toHaveLength(2 * 1000 + 999);
  }, 30_000);
});

/** The object with its n-th place, counted through the tree, replaced. */
function replaceNth(object: Json, n: number, replacement: Json): Json {
  const places: [Json, string][] = [];
  const walk = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value, key]);
      walk(value[key]);
    }
  };
  walk(object);
  if (places.length === 0) return replacement;
  const [holder, key] = places[n % places.length]!;
  holder[key] = replacement;
  return object;
}
