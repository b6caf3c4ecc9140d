import { Yaml } from 'cdk8s';

/** What the library of cdk8s alone can write. */
export class Unknown extends Error {}

const SAFE = 'A-Za-z0-9_./@=+~()%$-';
/**
 * Texts without a meaning of their own, whatever stands around them: words, paths, URLs, images, quantities with a unit.
 * What else needs no quotes is found by asking.
 */
const PLAIN = new RegExp(
  `^(?:[A-Za-z_/](?:[${SAFE}]|:(?=[${SAFE}])|[ ,](?=[${SAFE}]))*|[0-9]+(?:\\.[0-9]+)?(?:[kmMGT]|[KMGT]i|%))$`,
);
/** The words of YAML 1.1 for booleans and null, and numbers that are all exponent. */
const RESERVED =
  /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF|[Nn]ull|NULL|[eE][-+]?[0-9]+)$/;
/** Characters that quotes must hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const ESCAPED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u;
/** Several lines that are a literal block without an indicator of indentation: there is no space at their ends. */
const BLOCK = /^\S.*\S\n?$/s;
/** Longer keys are written in two lines. */
const LONGEST_KEY = 1_000;
const LONGEST_KEPT = 256;
const MOST_KEPT = 50_000;

const values = new Map<string, string>();
const keys = new Map<string, string>();

/** A text in one line, as the value of a map or in a list. */
export function scalarText(text: string): string {
  return remembered(values, text, () => {
    if (isPlain(text)) return text;
    const written = Yaml.stringify({ k: text });
    return oneLine(written.slice('k: '.length, -1));
  });
}

/** A key with its colon. */
export function keyText(key: string): string {
  return remembered(keys, key, () => {
    if (key.length > LONGEST_KEY) throw new Unknown();
    if (isPlain(key)) return `${key}:`;
    // At the top these are quoted, further down they are not.
    if (/^(?:%|---|\.\.\.)/m.test(key)) throw new Unknown();
    const written = Yaml.stringify({ [key]: 1 });
    if (written.length > LONGEST_KEY || !written.endsWith(': 1\n')) throw new Unknown();
    return oneLine(written.slice(0, -' 1\n'.length));
  });
}

/** A text of several lines. */
export function blockText(text: string, indent: string): string {
  if (!BLOCK.test(text) || ESCAPED.test(text)) throw new Unknown();
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return `${text.endsWith('\n') ? '|' : '|-'}\n${indent}${body.replace(/\n+/g, `$&${indent}`)}`;
}

function isPlain(text: string): boolean {
  return PLAIN.test(text) && !RESERVED.test(text);
}

function oneLine(written: string): string {
  if (written.includes('\n')) throw new Unknown();
  return written;
}

/** Texts come again and again: names, labels, keys. */
function remembered(known: Map<string, string>, text: string, write: () => string): string {
  const found = known.get(text);
  if (found !== undefined) return found;
  const written = write();
  if (known.size >= MOST_KEPT) known.clear();
  if (text.length <= LONGEST_KEPT) known.set(text, written);
  return written;
}
