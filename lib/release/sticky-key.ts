import { requireCookieName, requireOwnHeaderName } from '../traffic/http-names';
import { requireQueryName } from './request-match';
import type { StickyKeyModel } from './split-model';

/**
 * What keeps the requests of one user with one version: a hash of its value, the same in every replica of what shares requests
 * out, and whenever it starts. Names are matched to the letter, but for those of headers; values are taken as they are sent.
 *
 * @example
 * StickyKey.header('x-user');
 */
export class StickyKey {
  /**
   * The value of a header. Whoever sends it chooses the version: take one that the door sets, as that of `clientIdHeader`,
   * where that matters.
   *
   * @param name as `x-user`: letters, digits, `-` and `_`, and none that HTTP needs itself; at most 256
   * @throws InvalidName, InvalidText
   */
  public static header(name: string): StickyKey {
    requireOwnHeaderName('name', name);
    return new StickyKey({ kind: 'header', name });
  }

  /**
   * The value of a parameter of the query, the first one of that name.
   *
   * @param name as `user`: letters, digits and `-._~`, at most 256
   * @throws InvalidName, InvalidText
   */
  public static query(name: string): StickyKey {
    requireQueryName('name', name);
    return new StickyKey({ kind: 'query', name });
  }

  /**
   * The value of a cookie, which the application sets.
   *
   * @param name as `session`: any name of a cookie, at most 256 characters
   * @throws InvalidName, InvalidText
   */
  public static cookie(name: string): StickyKey {
    requireCookieName('name', name);
    return new StickyKey({ kind: 'cookie', name });
  }

  private constructor(
    /** @internal */
    public readonly _model: StickyKeyModel,
  ) {}
}
