/** What tells a request from others. */
export interface RequestMatchModel {
  readonly kind: 'header' | 'query' | 'cookie';
  readonly name: string;
  readonly value: string;
}

/** What keeps the requests of one user with one version. */
export interface StickyKeyModel {
  readonly kind: 'header' | 'query' | 'cookie';
  readonly name: string;
}

/** The part of the requests that a version gets. */
export type ShareModel =
  | { readonly kind: 'weight'; readonly percent: number }
  | { readonly kind: 'match'; readonly match: RequestMatchModel }
  /** A copy of so many percent, whose answers nobody gets. */
  | { readonly kind: 'mirror'; readonly percent: number };

/** A version beside the deployment's own, with what it gets. */
export interface SharedVersion {
  readonly key: string;
  readonly share: ShareModel;
}

/** How requests are shared out among versions; what none of these gets goes to the deployment's own. */
export interface SplitModel {
  /** The key of the deployment's own version. */
  readonly own: string;
  /** In the order of their keys. */
  readonly others: readonly SharedVersion[];
  /** Undefined: each request is shared out by itself. */
  readonly stickyBy?: StickyKeyModel;
}
