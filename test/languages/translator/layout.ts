import type { Lead } from './program';

const WIDTH = 110;

/** Code that is written on one line where it fits, or with one item per line. */
export type Code = string | Group;

interface Group {
  readonly open: string;
  readonly items: readonly Code[];
  readonly close: string;
  /** Calls one after the other, without anything between them. */
  readonly isChain: boolean;
}

export interface Style {
  readonly indent: string;
  /** After the last of items that are on lines of their own. */
  readonly trailing: '' | ',';
}

export const group = (open: string, items: readonly Code[], close: string): Code => ({
  open,
  items,
  close,
  isChain: false,
});

export const chain = (open: string, calls: readonly Code[]): Code => ({ open, items: calls, close: '', isChain: true });

/** `before` and `after` around code that may be a group. */
export function around(before: string, code: Code, after = ''): Code {
  if (typeof code === 'string') return before + code + after;
  return { ...code, open: before + code.open, close: code.close + after };
}

export function flat(code: Code): string {
  if (typeof code === 'string') return code;
  return code.open + code.items.map(flat).join(code.isChain ? '' : ', ') + code.close;
}

export function lay(code: Code, style: Style, depth: number): string {
  const line = flat(code);
  if (typeof code === 'string' || code.items.length === 0 || style.indent.length * depth + line.length <= WIDTH)
    return line;
  const inner = depth + (code.isChain ? 2 : 1);
  const separator = code.isChain ? '' : ',';
  const items = code.items.map((item, index) => {
    const isLast = index === code.items.length - 1;
    const after = isLast ? (code.isChain ? '' : style.trailing) : separator;
    return `${style.indent.repeat(inner)}${lay(item, style, inner)}${after}`;
  });
  const end = code.isChain ? code.close : `\n${style.indent.repeat(depth)}${code.close}`;
  return `${code.open}\n${items.join('\n')}${end}`;
}

/** The comments before a statement, and the empty line before these. */
export function leadLines({ isApart, comments }: Lead, mark: string, indent: string): string[] {
  return [...(isApart ? [''] : []), ...comments.map((comment) => `${indent}${mark} ${comment}`)];
}
