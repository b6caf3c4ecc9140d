import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestMatch } from '../../lib';
import { nginxSplitConfig } from '../../lib/engines/nginx-split';
import type { SplitModel } from '../../lib/release/split-model';
import { mirror, split, splitModel, weight } from '../nginx/split-models';

const config = (model: SplitModel) => nginxSplitConfig(splitModel(model));

/** The lines of a block, with what stands in it; undefined where there is none. */
function block(text: string, head: string): string[] | undefined {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.trim() === `${head} {`);
  if (from < 0) return undefined;
  const indent = lines[from]!.search(/\S/);
  const to = lines.findIndex((line, index) => index > from && line === `${' '.repeat(indent)}}`);
  return lines.slice(from + 1, to).map((line) => line.trim());
}

const HEADER = { kind: 'header', name: 'X-User' } as const;

// https://nginx.org/en/docs/http/ngx_http_split_clients_module.html
describe('weights', () => {
  it.each<[string, number[], string[]]>([
    ['one', [10], ['10% a;', '* main;']],
    ['two, from both ends', [10, 25], ['10% a;', '65% main;', '* b;']],
    ['two, and nothing for the own', [60, 40], ['60% a;', '* b;']],
    ['one of all', [100], ['* a;']],
    ['without a weight, which keep their places', [0, 25], ['75% main;', '* b;']],
    ['three', [10, 20, 30], ['10% a;', '30% c;', '40% main;', '* b;']],
    ['four', [10, 20, 30, 5], ['10% a;', '30% c;', '35% main;', '5% d;', '* b;']],
  ])('are ranges in a row: %s', (_, percents, lines) => {
    const shares = Object.fromEntries(percents.map((percent, index) => ['abcd'[index]!, weight(percent)]));
    expect(block(config(split(shares)), 'split_clients "$request_id" $split_weighted')).toEqual(lines);
    expect(block(config(split(shares, HEADER)), 'split_clients "$http_x_user" $split_share')).toEqual(lines);
  });

  it('are those of a key only where there is one', () => {
    const text = config(split({ a: weight(10) }, HEADER));
    expect(block(text, 'map $http_x_user $split_weighted')).toEqual(['default $split_share;', "'' main;"]);
    expect(block(text, 'map $host $split_version')).toEqual(['default $split_weighted;']);
  });

  it.each([
    ['query', 'the-user.id', '$args', '"~(?:^|&)the-user\\.id=([^&]*)" $1;'],
    ['cookie', 'connect.sid', '$http_cookie', '"~(?:^|;) *connect\\.sid=([^;]*)" $1;'],
    ['cookie', 'a$b|c', '$http_cookie', '"~(?:^|;) *a\\$b\\|c=([^;]*)" $1;'],
  ] as const)('are of a %s by the very name %s', (kind, name, source, line) => {
    const text = config(split({ a: weight(10) }, { kind, name }));
    expect(block(text, `map ${source} $split_key`)).toEqual(["default '';", line]);
    expect(block(text, 'split_clients "$split_key" $split_share')).toEqual(['10% a;', '* main;']);
  });

  it('of nothing give all to the own version', () => {
    const text = config(split({ a: weight(0) }, HEADER));
    expect(text).not.toContain('split_clients');
    expect(block(text, 'map $host $split_version')).toEqual(['default main;']);
  });
});

describe('matches', () => {
  it('are asked one after the other before weights, to the letter', () => {
    const match = (model: RequestMatch) => ({ kind: 'match' as const, match: model._model });
    const text = config(
      split({
        a: match(RequestMatch.header('X-V', '2.0')),
        b: match(RequestMatch.query('v', '2')),
        c: match(RequestMatch.cookie('beta', 'yes')),
        d: weight(10),
      }),
    );
    expect(block(text, 'map $http_x_v $split_version')).toEqual(['default $split_match_1;', '"~^2\\.0$" a;']);
    // Cookies before parameters, whatever the keys are.
    expect(block(text, 'map $http_cookie $split_match_1')).toEqual([
      'default $split_match_2;',
      '"~(?:^|;) *beta=yes *(?:;|$)" c;',
    ]);
    expect(block(text, 'map $args $split_match_2')).toEqual(['default $split_weighted;', '"~(?:^|&)v=2(?:&|$)" b;']);
  });
});

describe('versions', () => {
  it('have their own pods, times and tries', () => {
    const model = splitModel(split({ a: weight(10) }));
    const [a, main] = model.versions;
    const timeouts = { connect: 1, request: 30, streamIdle: 30, connectionIdle: 60 };
    const upstream = { ...a!.upstream, timeouts, retries: { attempts: 0, statuses: [] } };
    const text = nginxSplitConfig({ ...model, versions: [{ ...a!, upstream }, main!] });
    expect(block(text, 'location @a')).toEqual(
      expect.arrayContaining(['proxy_read_timeout 30s;', 'proxy_next_upstream off;', 'proxy_pass http://rag-a;']),
    );
    expect(block(text, 'location @main')).toEqual(
      expect.arrayContaining([
        'proxy_read_timeout 66s;',
        'proxy_next_upstream_tries 3;',
        'proxy_pass http://rag-main;',
      ]),
    );
    expect(block(text, 'upstream rag-a')).toContain(
      'server rag-a-headless.ml.svc.cluster.local:3000 resolve max_fails=0;',
    );
    expect(text).toContain('client_header_timeout 66s;');
  });

  it('hand on pieces both ways, and leave the bound of bodies and the cache status to what is behind', () => {
    const text = config(split({ a: weight(10) }));
    for (const key of ['a', 'main']) {
      expect(block(text, `location @${key}`)).toEqual(
        expect.arrayContaining(['proxy_request_buffering off;', 'proxy_buffering off;']),
      );
    }
    expect(text).toContain('client_max_body_size 0;');
    expect(text).not.toContain('X-Cache-Status');
  });

  it('that only get copies are never asked', () => {
    const text = config(split({ a: mirror(10) }));
    expect(block(text, 'location @a')).toBeUndefined();
    expect(block(text, 'location @main')).not.toContain('mirror /.well-known/split-copies/a;');
    expect(block(text, 'location @main+copied')).toContain('mirror /.well-known/split-copies/a;');
    expect(block(text, 'split_clients "$request_id a" $split_copy_0')).toEqual(['10% 1;', "* '';"]);
  });
});

describe('copies', () => {
  it('are made of requests that have none of what forbids it, by number', () => {
    const [source, expression] = /map "([^"]*)" \$split_copied \{\s+default '';\s+"~(.*)" \+copied;/
      .exec(config(split({ a: mirror(100), b: mirror(10) })))!
      .slice(1) as [string, string];
    expect(source).toBe(
      '$split_copy_0$split_copy_1|$http_upgrade|$http_transfer_encoding|$connections_writing|$content_length',
    );
    const copied = new RegExp(expression);
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.nat(10_000_000),
        (flying, length) => copied.test(`1|||${flying}|${length}`) === (flying <= 512 && length <= 4 * 2 ** 20),
      ),
    );
    for (const yes of ['1|||1|', '11|||512|4194304', '1|||7|0']) expect(copied.test(yes), yes).toBe(true);
    for (const no of [
      '|||1|',
      '1|websocket||1|',
      '1||chunked|1|',
      '1|||513|',
      '1|||1|4194305',
      '1||||1|',
      '1|a|||1|1',
    ]) {
      expect(copied.test(no), no).toBe(false);
    }
  });

  it('are taken on loopback alone, a port for each version', () => {
    const text = config(split({ a: mirror(100), b: mirror(10) }));
    expect(text.match(/listen .*;/g)).toEqual([
      'listen 3000;',
      'listen 127.0.0.1:8082;',
      'listen 127.0.0.1:8083;',
      'listen 8081;',
    ]);
  });
});

describe('the configuration', () => {
  it('is the same each time, and writes beneath one folder alone', () => {
    const model = split({ a: weight(10), b: mirror(10) }, HEADER);
    expect(config(model)).toBe(config(structuredClone(model)));
    const paths = [...config(model).matchAll(/(?:_path|pid|include|error_log|access_log) (\S+?);?[\s]/g)];
    expect(paths.map(([, path]) => path!).filter((path) => !/^(\/tmp\/|\/dev\/stdout|stderr|off)/.test(path))).toEqual(
      [],
    );
  });
});
