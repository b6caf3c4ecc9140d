import { requireMadeBy, requireSectionName, requireText, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { SecretRef } from '../refs/secret-ref';

/** Options of `Tls.listener`. */
export interface ListenerTlsOptions {
  /**
   * The name of the Gateway's listener for plain http, from which requests are redirected.
   *
   * @default - nothing is redirected
   */
  readonly httpListener?: string;
}

/**
 * Where the certificate of a door comes from. What a door cannot use is an error that names what it can.
 *
 * @example
 * Tls.secret(SecretRef.named('rag-tls'));
 */
export class Tls {
  /**
   * A Secret of type `kubernetes.io/tls`, in the namespace of the deployment, as cert-manager makes them.
   *
   * @throws OutOfRange
   * @see https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
   */
  public static secret(secret: SecretRef): Tls {
    requireMadeBy('secret', secret, SecretRef);
    return new Tls({ kind: 'secret', secret: secret.name });
  }

  /**
   * Certificates of AWS Certificate Manager, for load balancers of AWS.
   *
   * @param arns as arn:aws:acm:eu-west-1:111122223333:certificate/..., at least one; the first is the default
   * @throws EmptyList, InvalidText, DuplicateKey
   */
  public static acm(arns: string[]): Tls {
    if (arns.length === 0) throw errors.emptyList('arns', 'leave `tls` out for plain http');
    for (const arn of arns) {
      requireText('arns', arn, 2048);
      if (!/^arn:aws[-a-z]*:acm:[-a-z0-9]+:\d{12}:certificate\/[-a-zA-Z0-9]+$/.test(arn)) {
        throw errors.invalidText('arns', 'an ARN of a certificate, as arn:aws:acm:REGION:ACCOUNT:certificate/ID', arn);
      }
    }
    requireUnique('arns', arns, 'state each once');
    return new Tls({ kind: 'acm', arns: [...arns] });
  }

  /**
   * A listener that the Gateway has already, with a certificate of its own.
   *
   * @param name the name of the listener
   * @throws InvalidName, InvalidText, DuplicateKey
   */
  public static listener(name: string, options: ListenerTlsOptions = {}): Tls {
    requireSectionName('name', name);
    if (options.httpListener !== undefined) requireSectionName('httpListener', options.httpListener);
    if (options.httpListener === name) {
      throw errors.duplicateKey(
        'httpListener',
        name,
        'requests would be redirected to where they are: name that for plain http',
      );
    }
    return new Tls({
      kind: 'listener',
      name,
      ...(options.httpListener !== undefined && { httpListener: options.httpListener }),
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: TlsModel,
  ) {}
}

/** What the engines read. */
export type TlsModel =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'acm'; readonly arns: readonly string[] }
  | { readonly kind: 'listener'; readonly name: string; readonly httpListener?: string };
