import { Lazy } from 'cdk8s';

/**
 * A value as cdk8s' own three resolvers leave it, asked in the same order. What has nothing to resolve is returned itself;
 * cdk8s copies it.
 */
export function resolve(value: unknown): unknown {
  if (typeof value !== 'object' && typeof value !== 'function') return value;
  if (value === null) return value;
  if (value instanceof Lazy) return resolve(value.produce());
  const token = value as { readonly resolve?: unknown; readonly value?: unknown };
  if (typeof token.resolve === 'function') return resolve(token.resolve());
  if (value.constructor === Object) return resolveMap(value as { readonly [key: string]: unknown });
  if (typeof token.value === 'string' || typeof token.value === 'number') return { value: token.value };
  return Array.isArray(value) ? resolveList(value) : value;
}

function resolveMap(map: { readonly [key: string]: unknown }): unknown {
  let copy: { [key: string]: unknown } | undefined;
  for (const key of Object.keys(map)) {
    const value = map[key];
    const resolved = resolve(value);
    if (resolved === value) continue;
    copy ??= { ...map };
    copy[key] = resolved;
  }
  return copy ?? map;
}

function resolveList(list: readonly unknown[]): unknown {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const value = list[index];
    const resolved = resolve(value);
    if (resolved === value) continue;
    copy ??= [...list];
    copy[index] = resolved;
  }
  return copy ?? list;
}
