import { requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireCookieName, requireOwnHeaderName } from '../traffic/http-names';
import type { RequestMatchModel } from './split-model';

/** What no client writes in any other way, in a URL or outside, and no proxy takes for its own language. */
const PLAIN = /^[-._~A-Za-z0-9]+$/;
const PLAIN_TEXT = 'letters, digits and -._~';

/** Values that annotations of ingress-nginx take. */
const HEADER_VALUE = /^[-._~:/A-Za-z0-9]+$/;

const MAX_LENGTH = 256;

/**
 * What tells a request from others: a header, a parameter of the query, or a cookie with one value, to the letter. Names of
 * headers alone are the same in any case.
 *
 * @example
 * RequestMatch.header('x-version', '2');
 */
export class RequestMatch {
  /**
   * Requests with a header of this value.
   *
   * @param name as `x-version`: letters, digits, `-` and `_`, and none that HTTP needs itself; at most 256
   * @param value letters, digits and `-._~:/`, at most 256: what every door takes
   * @throws InvalidName, InvalidText
   */
  public static header(name: string, value: string): RequestMatch {
    requireOwnHeaderName('name', name);
    requireValue(value, HEADER_VALUE, `${PLAIN_TEXT}:/`);
    return new RequestMatch({ kind: 'header', name, value });
  }

  /**
   * Requests with a parameter of the query of this value.
   *
   * @param name as `version`: letters, digits and `-._~`, at most 256
   * @param value letters, digits and `-._~`, at most 256: what is never written in another way
   * @throws InvalidName, InvalidText
   */
  public static query(name: string, value: string): RequestMatch {
    requireQueryName('name', name);
    requireValue(value, PLAIN, PLAIN_TEXT);
    return new RequestMatch({ kind: 'query', name, value });
  }

  /**
   * Requests with a cookie of this value.
   *
   * @param name as `beta`: any name of a cookie, at most 256 characters
   * @param value letters, digits and `-._~`, at most 256
   * @throws InvalidName, InvalidText
   */
  public static cookie(name: string, value: string): RequestMatch {
    requireCookieName('name', name);
    requireValue(value, PLAIN, PLAIN_TEXT);
    return new RequestMatch({ kind: 'cookie', name, value });
  }

  private constructor(
    /** @internal */
    public readonly _model: RequestMatchModel,
  ) {}
}

/** Throws unless `value` may be the name of a parameter of a query: the same text, however it is written. */
export function requireQueryName(property: string, value: string): void {
  requireText(property, value, MAX_LENGTH);
  if (PLAIN.test(value)) return;
  throw errors.invalidName(
    property,
    `a name of a parameter of ${PLAIN_TEXT}`,
    value,
    'others are written in several ways',
  );
}

function requireValue(value: string, allowed: RegExp, text: string): void {
  requireText('value', value, MAX_LENGTH);
  if (allowed.test(value)) return;
  throw errors.invalidText('value', text, value, 'some doors take no others');
}
