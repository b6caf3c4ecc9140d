import type { RequestMatchModel } from './split-model';

const KINDS = ['header', 'cookie', 'query'] as const;

/**
 * The order in which matches are looked at: by header, by cookie, by query, and of one kind as they stand. Gateway API and
 * ingress-nginx put headers first, so everything else does, too.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
 */
export function byPrecedence<Matched extends { readonly match: RequestMatchModel }>(
  matched: readonly Matched[],
): Matched[] {
  return KINDS.flatMap((kind) => matched.filter(({ match }) => match.kind === kind));
}
