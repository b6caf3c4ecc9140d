/** A block, with what stands in it. */
export function block(head: string, lines: readonly string[]): string[] {
  return [`${head} {`, ...indent(lines), '}'];
}

/** A `map`; an entry without a value is a parameter of the map itself. */
export function map(
  source: string,
  target: string,
  entries: { readonly [value: string]: string | undefined },
): string[] {
  const lines = Object.entries(entries)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([value, to]) => (to === undefined ? value : `${value} ${to};`));
  return block(`map ${source} ${target}`, lines);
}

/** The variable with a header of the request. */
export function header(name: string): string {
  return `$http_${name.toLowerCase().replaceAll('-', '_')}`;
}

/** nginx takes whole units alone. */
export function seconds(value: number): string {
  return Number.isInteger(value) ? `${value}s` : `${Math.ceil(value * 1000)}ms`;
}

/** A regular expression of the whole numbers up to a bound, for nginx compares none; a leading zero is as good as too many. */
export function atMost(bound: number): string {
  const digits = String(bound);
  const below = [...digits].flatMap((digit, index) =>
    digit === '0' ? [] : [`${digits.slice(0, index)}[0-${Number(digit) - 1}][0-9]{${digits.length - index - 1}}`],
  );
  return [`[0-9]{1,${digits.length - 1}}`, ...below, digits].join('|');
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `    ${line}`));
}
