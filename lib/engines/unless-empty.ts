/** A list or map, or undefined where there is nothing in it: the field is then left out. */
export function unlessEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
