import { afterEach, describe, expect, it } from 'vitest';
import type { SplitModel, StickyKeyModel } from '../../lib/release/split-model';
import { requireTool } from '../tools/require-tool';
import { NGINX_TOOLS } from './build';
import { Nginx } from './lab';
import { get, pipeline } from './pipeline';
import { SplitLab } from './split-lab';
import { split, splitFiles, splitModel, weight } from './split-models';

const tools = NGINX_TOOLS.every((tool) => requireTool(tool, 'nginx'));

const KEYS = Array.from({ length: 100_000 }, (_, index) => `user-${index}`);
const HEADER: StickyKeyModel = { kind: 'header', name: 'X-User' };

/** Of those that have a version before and after: who moved from where to where. */
function moves(before: readonly string[], after: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [index, from] of before.entries()) {
    const to = after[index]!;
    if (from !== to) found[`${from} to ${to}`] = (found[`${from} to ${to}`] ?? 0) + 1;
  }
  return found;
}

const percentOf = (versions: readonly string[], key: string) =>
  (versions.filter((version) => version === key).length / versions.length) * 100;

let nginx: Nginx | undefined;
let lab: SplitLab | undefined;

afterEach(async () => {
  await nginx?.stop();
  await lab?.stop();
  nginx = undefined;
  lab = undefined;
});

/** A location that tells what the maps of the very same file say of a request. */
const TELLS = 'location = /.version { access_log off; return 200 $split_version; }';

async function versions(model: SplitModel, asked: readonly string[]): Promise<string[]> {
  const files = splitFiles(splitModel(model), 3000, TELLS);
  if (nginx === undefined) nginx = await Nginx.start(files, 9);
  else await nginx.restart(files);
  return (await pipeline(nginx.port, asked)).map(({ body }) => body);
}

const byHeader = KEYS.map((key) => get('/.version', { 'X-User': key }));

describe.skipIf(!tools)('100,000 keys', () => {
  it.each<[string, StickyKeyModel, (key: string) => string]>([
    ['header', HEADER, (key) => get('/.version', { 'x-user': key })],
    ['query', { kind: 'query', name: 'user' }, (key) => get(`/.version?users=x&user=${key}&user=y`)],
    ['query', { kind: 'query', name: 'the-user.id' }, (key) => get(`/.version?a=1&the-user.id=${key}`)],
    [
      'cookie',
      { kind: 'cookie', name: 'session' },
      (key) => get('/.version', { cookie: `xsession=1; session=${key}` }),
    ],
    [
      'cookie',
      { kind: 'cookie', name: 'connect.sid' },
      (key) => get('/.version', { cookie: `connect.sid=${key}; a=b` }),
    ],
  ])('by a %s %j keep to a version each, in shares of their weights', async (_, stickyBy, ask) => {
    const model = split({ v2: weight(10), v3: weight(25) }, stickyBy);
    const asked = KEYS.map(ask);
    const first = await versions(model, asked);
    expect(Math.abs(percentOf(first, 'v2') - 10)).toBeLessThan(0.5);
    expect(Math.abs(percentOf(first, 'v3') - 25)).toBeLessThan(0.5);
    expect(Math.abs(percentOf(first, 'main') - 65)).toBeLessThan(0.5);
    // In another process, as in another replica, and in another order.
    const again = await versions(model, [...asked].reverse());
    expect(moves(first, again.reverse())).toEqual({});
  });

  it('move from the own version alone where one canary grows', async () => {
    const at = (percent: number) => versions(split({ v2: weight(percent) }, HEADER), byHeader);
    const [none, ten, twenty] = [await at(0), await at(10), await at(20)];
    expect(moves(none, ten)).toEqual({ 'main to v2': ten.filter((key) => key === 'v2').length });
    expect(moves(ten, twenty)).toEqual({ 'main to v2': expect.any(Number) });
    expect(moves(ten, twenty)['main to v2']! / 1000).toBeCloseTo(10, 0);
    expect(moves(twenty, ten)).toEqual({ 'v2 to main': expect.any(Number) });
    expect(moves(twenty, await at(100))).toEqual({
      'main to v2': KEYS.length - twenty.filter((key) => key === 'v2').length,
    });
  });

  it.each<[string, [number, number], [number, number], string]>([
    ['the first grows', [10, 10], [20, 10], 'main to v2'],
    ['the second grows', [10, 10], [10, 20], 'main to v3'],
    ['the first ends', [10, 20], [0, 20], 'v2 to main'],
    ['the second ends', [30, 20], [30, 0], 'v3 to main'],
    ['the first comes', [0, 20], [10, 20], 'main to v2'],
    ['nothing is left for the own', [50, 40], [60, 40], 'main to v2'],
  ])('move where they must alone with two canaries: %s', async (_, from, to, way) => {
    const at = ([v2, v3]: [number, number]) => versions(split({ v2: weight(v2), v3: weight(v3) }, HEADER), byHeader);
    const [before, after] = [await at(from), await at(to)];
    expect(Object.keys(moves(before, after))).toEqual([way]);
    const points = Math.abs(from[0] - to[0]) + Math.abs(from[1] - to[1]);
    expect(Math.abs(moves(before, after)[way]! / 1000 - points)).toBeLessThan(0.5);
  });

  it('keep to their versions when a third comes without a weight', async () => {
    const two = await versions(split({ v2: weight(10), v3: weight(25) }, HEADER), byHeader);
    const three = await versions(split({ v2: weight(10), v3: weight(25), v4: weight(0) }, HEADER), byHeader);
    expect(moves(two, three)).toEqual({});
  });
});

describe.skipIf(!tools)('5,000 keys through the whole path', () => {
  it('come to pods of the version that the maps say', async () => {
    const keys = KEYS.slice(0, 5000);
    const model = split({ v2: weight(20), v3: weight(30) }, HEADER);
    const said = await versions(
      model,
      keys.map((key) => get('/.version', { 'x-user': key })),
    );
    lab = await SplitLab.start(splitModel(model), {
      main: ['127.0.0.2', '127.0.0.3'],
      v2: ['127.0.0.4', '127.0.0.5'],
      v3: ['127.0.0.6'],
    });
    const asked = keys.map((key) => get('/predict', { 'x-user': key }));
    for (const times of [1, 2]) {
      const answers = await pipeline(lab.nginx.port, asked);
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(
        answers.map(({ body }) => body),
        `time ${times}`,
      ).toEqual(said);
    }
  });
});
