/** Letters that mean something in a regular expression. */
const SPECIAL = /[\\^$.|?*+()[\]{}]/g;

/**
 * A regular expression, in the syntax of RE2, for the header `Cookie` of requests that have this cookie with this value,
 * among any others.
 *
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function cookiePattern(name: string, value: string): string {
  const [key, text] = [name, value].map((part) => part.replace(SPECIAL, '\\$&'));
  return `^(.*;[ \\t]*)?${key}=${text}([ \\t]*;.*)?$`;
}
