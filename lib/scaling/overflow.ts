import { requireDnsLabel, requireInteger, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';

/** Options of `Overflow.placeholder`. */
export interface PlaceholderOptions {
  /**
   * The HTTP status: 100 to 599.
   *
   * @default 503
   */
  readonly statusCode?: number;

  /**
   * The body: at most 32 KiB.
   *
   * @default - empty
   */
  readonly body?: string;

  /**
   * Headers, as `Retry-After`.
   *
   * @default - none
   */
  readonly headers?: { [name: string]: string };
}

/** Options of `Overflow.fallback`. */
export interface FallbackOptions {
  /** A Service of the function's namespace that answers instead. */
  readonly service: string;

  /**
   * Its port: 1 to 65535.
   *
   * @default 80
   */
  readonly port?: number;
}

/**
 * What requests get that a function cannot hold while it starts.
 *
 * @example
 * Overflow.placeholder({ statusCode: 503, headers: { 'Retry-After': '120' } });
 */
export class Overflow {
  /** 503, without a word more. */
  public static reject(): Overflow {
    return new Overflow({ kind: 'reject' });
  }

  /**
   * A response that never changes.
   *
   * @throws OutOfRange, InvalidText
   */
  public static placeholder(options: PlaceholderOptions = {}): Overflow {
    const { statusCode = 503, body, headers = {} } = options;
    requireInteger('statusCode', statusCode, 100, 599);
    if (body !== undefined) requireText('body', body, 32_768);
    for (const [name, value] of Object.entries(headers)) {
      requireText(`headers.${name}`, value);
      if (!/^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/.test(name)) throw errors.invalidText('headers', 'names of headers', name);
      if (/[\r\n]/.test(value)) throw errors.invalidText(`headers.${name}`, 'text without line breaks', value);
    }
    return new Overflow({ kind: 'placeholder', statusCode, body, headers: sortedEntries(headers) });
  }

  /**
   * Another Service answers those that have waited for as long as the cold start may take: a smaller model, or a cache.
   *
   * @throws InvalidName, OutOfRange
   */
  public static fallback(options: FallbackOptions): Overflow {
    const { service, port = 80 } = options;
    requireDnsLabel('service', service);
    requireInteger('port', port, 1, 65_535);
    return new Overflow({ kind: 'fallback', service, port });
  }

  private constructor(
    /** @internal */
    public readonly _model: OverflowModel,
  ) {}
}

/** What the engines read. */
export type OverflowModel =
  | { readonly kind: 'reject' }
  | {
      readonly kind: 'placeholder';
      readonly statusCode: number;
      readonly body?: string;
      readonly headers: readonly (readonly [string, string])[];
    }
  | { readonly kind: 'fallback'; readonly service: string; readonly port: number };
