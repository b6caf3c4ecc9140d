import { byPrecedence } from '../release/precedence';
import type { RequestMatchModel, SplitModel, StickyKeyModel } from '../release/split-model';
import { block, header } from './nginx-text';

/** Maps that give each request its version: `$split_version`. */
export function sharingMaps({ own, others, stickyBy }: SplitModel): string[] {
  const matches = byPrecedence(
    others.flatMap(({ key, share }) => (share.kind === 'match' ? [{ key, match: share.match }] : [])),
  );
  const weights = others.flatMap(({ key, share }) =>
    share.kind === 'weight' ? [{ key, percent: share.percent }] : [],
  );
  const weighted = weights.some(({ percent }) => percent > 0);
  const rest = weighted ? '$split_weighted' : own;
  const names = [...matches.map((_, index) => (index === 0 ? '$split_version' : `$split_match_${index}`)), rest];
  return [
    ...(weighted ? weightMaps(own, weights, stickyBy) : []),
    // The first that says yes; the last to be asked stands first.
    ...matches
      .flatMap(({ key, match }, index) => [
        lookup(source(match), names[index]!, names[index + 1]!, pattern(match), key),
      ])
      .reverse()
      .flat(),
    ...(matches.length === 0 ? block('map $host $split_version', [`default ${rest};`]) : []),
  ];
}

interface Weight {
  readonly key: string;
  readonly percent: number;
}

function weightMaps(own: string, weights: readonly Weight[], stickyBy: StickyKeyModel | undefined): string[] {
  if (stickyBy === undefined) return splitClients('$request_id', '$split_weighted', ranges(own, weights));
  const { kind, name } = stickyBy;
  const key = kind === 'header' ? header(name) : '$split_key';
  return [
    ...(kind === 'header' ? [] : lookup(source(stickyBy), key, "''", captured(kind, name), '$1')),
    ...splitClients(key, '$split_share', ranges(own, weights)),
    // Who sends no key would be in one range with all others who send none.
    ...block(`map ${key} $split_weighted`, ['default $split_share;', `'' ${own};`]),
  ];
}

/** What a hash is shared out by; of ranges in a row the last one takes what is left. */
export function splitClients(key: string, target: string, parts: readonly Weight[]): string[] {
  const lines = parts.map(({ key: value, percent }, index) =>
    index === parts.length - 1 ? `* ${value};` : `${percent}% ${value};`,
  );
  return block(`split_clients "${key}" ${target}`, lines);
}

/**
 * Ranges are cumulative: one that grows pushes all that follow it. So versions are laid from both ends in turn, with the
 * deployment's own between them: of two neither moves the other. Those without a weight keep their places.
 */
function ranges(own: string, weights: readonly Weight[]): Weight[] {
  const left = weights.filter((_, index) => index % 2 === 0);
  const right = weights.filter((_, index) => index % 2 === 1).reverse();
  const taken = weights.reduce((sum, { percent }) => sum + percent, 0);
  return [...left, { key: own, percent: 100 - taken }, ...right].filter(({ percent }) => percent > 0);
}

/** A map of one regular expression; strings would match in any case. */
function lookup(from: string, target: string, otherwise: string, expression: string, value: string): string[] {
  return block(`map ${from} ${target}`, [`default ${otherwise};`, `"~${expression}" ${value};`]);
}

/** What says it. Variables of single cookies and parameters know fewer names, and those in any case. */
function source({ kind, name }: StickyKeyModel): string {
  switch (kind) {
    case 'header':
      return header(name);
    case 'query':
      return '$args';
    case 'cookie':
      return '$http_cookie';
  }
}

function pattern({ kind, name, value }: RequestMatchModel): string {
  switch (kind) {
    case 'header':
      return `^${escaped(value)}$`;
    case 'query':
      return `${before(kind, name)}${escaped(value)}(?:&|$)`;
    case 'cookie':
      return `${before(kind, name)}${escaped(value)} *(?:;|$)`;
  }
}

function captured(kind: 'query' | 'cookie', name: string): string {
  return `${before(kind, name)}${kind === 'query' ? '([^&]*)' : '([^;]*)'}`;
}

function before(kind: 'query' | 'cookie', name: string): string {
  return `${kind === 'query' ? '(?:^|&)' : '(?:^|;) *'}${escaped(name)}=`;
}

/** Names and values have no quote and no backslash: nothing else must be escaped for nginx. */
function escaped(text: string): string {
  return text.replace(/[.*+?^$|(){}[\]]/g, '\\$&');
}
