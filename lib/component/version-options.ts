import type { Bento } from '../bento/bento';
import type { ScaledComponentOptions } from './options';
import type { Runner } from './runner';

/** What one version of a deployment runs. */
export interface VersionOptions {
  /** What to run. */
  readonly bento: Bento;

  /**
   * The Bento's entry service.
   *
   * @default - as the Bento's code says
   */
  readonly apiServer?: ScaledComponentOptions;

  /**
   * What serves the services that the entry service depends on, by their exact names.
   *
   * @default - a pool of its own for each
   */
  readonly runners?: { [bentoService: string]: Runner };
}
