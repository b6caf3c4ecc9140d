import { requireMadeBy, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { SecretRef } from '../refs/secret-ref';
import { requireOwnHeaderName } from '../traffic/http-names';

/** Options of `Authentication.bearerTokens`. */
export interface ClientIdOptions {
  /**
   * The header in which the API server gets the id of the client: the key of its token in the Secret, or the claim `sub`
   * of a JSON Web Token. One that a client sends itself is replaced.
   *
   * @default - it gets none
   */
  readonly clientIdHeader?: string;
}

/** Options of `Authentication.apiKeys`. */
export interface ApiKeysOptions extends ClientIdOptions {
  /**
   * The header that carries the key.
   *
   * @default 'x-api-key'
   */
  readonly header?: string;
}

/** Options of `Authentication.jwt`. */
export interface JwtOptions extends ClientIdOptions {
  /** Who issues the tokens, as the claim `iss` says: `https://auth.example.com`. */
  readonly issuer: string;

  /** Where the keys of the issuer are: an https address, with Envoy Gateway of at most 253 characters. */
  readonly jwksUrl: string;

  /**
   * For whom the tokens must be, as the claim `aud` says: one of these, with Envoy Gateway at most 8.
   *
   * @default - for anyone
   */
  readonly audiences?: string[];
}

/**
 * Who may send requests through a door. The door answers 401 to everybody else; what a door cannot do is an error that
 * names one that can. Secrets are given by reference: no value ever stands in a manifest.
 *
 * @example
 * Authentication.bearerTokens(SecretRef.named('rag-tokens'), { clientIdHeader: 'x-client-id' });
 */
export class Authentication {
  /**
   * `Authorization: Bearer TOKEN`. The Secret holds a token per client, under the client's id as key, without `Bearer `.
   *
   * @throws InvalidName, OutOfRange
   */
  public static bearerTokens(tokens: SecretRef, options: ClientIdOptions = {}): Authentication {
    requireMadeBy('tokens', tokens, SecretRef);
    return new Authentication({ kind: 'bearer-tokens', secret: tokens.name, ...clientId(options, AUTHORIZATION) });
  }

  /**
   * A key in a header of its own. The Secret holds a key per client, under the client's id as key.
   *
   * @throws InvalidName, OutOfRange
   */
  public static apiKeys(keys: SecretRef, options: ApiKeysOptions = {}): Authentication {
    const { header = 'x-api-key' } = options;
    requireMadeBy('keys', keys, SecretRef);
    requireOwnHeaderName('header', header);
    if (header.toLowerCase() === AUTHORIZATION.toLowerCase()) {
      throw errors.invalidName(
        'header',
        'another header than Authorization',
        header,
        'use Authentication.bearerTokens()',
      );
    }
    return new Authentication({ kind: 'api-keys', secret: keys.name, header, ...clientId(options, header) });
  }

  /**
   * A JSON Web Token in `Authorization: Bearer`, signed by one of the issuer's keys. Whom it names, `clientIdHeader` tells
   * the API server, which does not get the token through Envoy Gateway.
   *
   * @throws InvalidText, EmptyList, InvalidName
   * @see https://datatracker.ietf.org/doc/html/rfc7519
   */
  public static jwt(options: JwtOptions): Authentication {
    const { issuer, jwksUrl, audiences } = options;
    requireText('issuer', issuer, 253);
    requireText('jwksUrl', jwksUrl, 2048);
    if (!/^https:\/\/[^\s/?#]+(\/[^\s?#]*)?$/.test(jwksUrl)) {
      throw errors.invalidText(
        'jwksUrl',
        'an https address without a query, as https://auth.example.com/keys',
        jwksUrl,
      );
    }
    if (audiences?.length === 0) throw errors.emptyList('audiences', 'leave it out for tokens for anyone');
    for (const audience of audiences ?? []) requireText('audiences', audience, 253);
    return new Authentication({
      kind: 'jwt',
      issuer,
      jwksUrl,
      ...(audiences !== undefined && { audiences: [...audiences] }),
      ...clientId(options, AUTHORIZATION),
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: AuthenticationModel,
  ) {}
}

const AUTHORIZATION = 'Authorization';

function clientId({ clientIdHeader }: ClientIdOptions, credential: string): { clientIdHeader?: string } {
  if (clientIdHeader === undefined) return {};
  requireOwnHeaderName('clientIdHeader', clientIdHeader);
  if (clientIdHeader.toLowerCase() === credential.toLowerCase()) {
    throw errors.invalidName(
      'clientIdHeader',
      `another header than ${credential}, which the door takes`,
      clientIdHeader,
    );
  }
  return { clientIdHeader };
}

/** What the engines read. */
export type AuthenticationModel =
  | { readonly kind: 'bearer-tokens'; readonly secret: string; readonly clientIdHeader?: string }
  | { readonly kind: 'api-keys'; readonly secret: string; readonly header: string; readonly clientIdHeader?: string }
  | {
      readonly kind: 'jwt';
      readonly issuer: string;
      readonly jwksUrl: string;
      readonly audiences?: readonly string[];
      readonly clientIdHeader?: string;
    };
