/**
 * The DNS label of a construct id or of the name of a BentoML service: `TextSearch` and `text_search` give
 * `text-search`, `LLMGateway` gives `llm-gateway`.
 */
export function dnsLabel(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** Entries of a map in the order of their keys: Go and Java hand maps over in any order. */
export function sortedEntries<T>(map: { readonly [key: string]: T } | undefined): [string, T][] {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A map with its keys in order. */
export function sortedMap<T>(map: { readonly [key: string]: T } | undefined): { [key: string]: T } {
  return Object.fromEntries(sortedEntries(map));
}

/** The key of what is found by its name within a namespace of a cluster. */
export function placed(cluster: string, namespace: string | undefined, ...names: string[]): string {
  return [cluster, namespace ?? '', ...names].join('\n');
}
