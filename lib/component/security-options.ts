/** Under which user, and how locked down, containers run. */
export interface SecurityOptions {
  /**
   * The user, at least 1: root is against Pod Security's `restricted`.
   *
   * @default 1034, the user of images that `bentoml containerize` builds
   */
  readonly runAsUser?: number;

  /**
   * The group, of processes and of volumes, at least 1.
   *
   * @default 1034
   */
  readonly runAsGroup?: number;

  /**
   * Whether containers may write to `/tmp` only.
   *
   * @default true
   */
  readonly readOnlyRootFilesystem?: boolean;
}
