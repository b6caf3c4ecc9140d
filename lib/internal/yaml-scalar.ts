import { Yaml } from 'cdk8s';

/** What the library of cdk8s alone can write. */
export class Unknown extends Error {}

/** One line of ASCII, with nothing to escape. */
const PRINTABLE = /^[ -~]+$/;
/** Beginnings that no number, date or directive has, and that mean nothing by themselves. */
const HARMLESS = /^(?:[A-Za-z_/$(]|--[^-])/;
/** Beginnings that need quotes, whatever follows. */
const INDICATOR = /^[ ,[\]{}#&*!|>'"%@`]/;
/** What ends a key or begins a comment. */
const BREAKING = /: | #|[ :]$/;
/** The words of YAML 1.1 for booleans and null, and numbers that are all exponent. */
const RESERVED =
  /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF|[Nn]ull|NULL|[eE][-+]?[0-9]+)$/;
const NUMBER = /^[0-9]+(?:\.[0-9]*)?$/;
const QUANTITY = /^[0-9]+(?:\.[0-9]+)?(?:[kmMGT]|[KMGT]i|%)$/;
/** Characters that quotes must hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const ESCAPED = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u{D800}-\u{DFFF}]/u;
/** Several lines that are a literal block without an indicator of indentation: there is no space at their ends. */
const BLOCK = /^\S.*\S\n?$/s;
/** Longer keys are written in two lines. */
const LONGEST_KEY = 1_000;
const LONGEST_KEPT = 64;
const MOST_KEPT = 20_000;

const values = new Map<string, string>();
const keys = new Map<string, string>();

/** A text in one line, as the value of a map or in a list. */
export function scalarText(text: string): string {
  return remembered(values, text, () => known(text) ?? oneLine(Yaml.stringify({ k: text }).slice('k: '.length, -1)));
}

/** A key with its colon. */
export function keyText(key: string): string {
  return remembered(keys, key, () => {
    if (key.length > LONGEST_KEY) throw new Unknown();
    const written = known(key);
    return written === undefined ? askedKey(key) : `${written}:`;
  });
}

/** A text of several lines. */
export function blockText(text: string, indent: string): string {
  if (!BLOCK.test(text) || ESCAPED.test(text)) throw new Unknown();
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  return `${text.endsWith('\n') ? '|' : '|-'}\n${indent}${body.replace(/\n+/g, `$&${indent}`)}`;
}

/** Texts whose writing depends on nothing but themselves; the library is asked for all others. */
function known(text: string): string | undefined {
  if (!PRINTABLE.test(text)) return undefined;
  if (HARMLESS.test(text)) return BREAKING.test(text) || RESERVED.test(text) ? quoted(text) : text;
  if (QUANTITY.test(text)) return text;
  return INDICATOR.test(text) || NUMBER.test(text) ? quoted(text) : undefined;
}

function quoted(text: string): string {
  return text.includes('"') && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
}

function askedKey(key: string): string {
  // At the top these are quoted, further down they are not.
  if (/^(?:%|---|\.\.\.)/m.test(key)) throw new Unknown();
  const written = Yaml.stringify({ [key]: 1 });
  if (written.length > LONGEST_KEY || !written.endsWith(': 1\n')) throw new Unknown();
  return oneLine(written.slice(0, -' 1\n'.length));
}

function oneLine(written: string): string {
  if (written.includes('\n')) throw new Unknown();
  return written;
}

/** Texts come again and again: names, labels, keys. */
function remembered(seen: Map<string, string>, text: string, write: () => string): string {
  const found = seen.get(text);
  if (found !== undefined) return found;
  const written = write();
  if (seen.size >= MOST_KEPT) seen.clear();
  if (text.length <= LONGEST_KEPT) seen.set(text, written);
  return written;
}
