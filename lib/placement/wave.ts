import { requireMadeBy, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { Region } from './region';

/** Regions that are released at the same time. */
export class Wave {
  /**
   * These regions together, once the waves before have been released.
   *
   * @param regions at least one, each once
   * @throws EmptyList, DuplicateKey
   */
  public static of(regions: Region[]): Wave {
    if (regions.length === 0) throw errors.emptyList('regions', 'name the regions of the wave, or leave it out');
    for (const region of regions) requireMadeBy('regions', region, Region);
    requireUnique(
      'regions',
      regions.map(({ name }) => name),
    );
    return new Wave([...regions]);
  }

  private constructor(private readonly list: readonly Region[]) {}

  /** Its regions; a copy. */
  public get regions(): Region[] {
    return [...this.list];
  }
}
