import { requireDataKey, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import type { SecretRef } from '../refs/secret-ref';
import { requireHeaderName } from '../traffic/http-names';
import type { WebhookHeaderModel } from './gate-model';
import { requirePlaceholders } from './placeholders';

/** Options of `WebhookHeader.fromSecret`. */
export interface WebhookHeaderFromSecretOptions {
  /** The Secret, in the namespace of the deployment. */
  readonly secret: SecretRef;

  /** The key of the whole value in it: `Bearer ...`, not the token alone. */
  readonly key: string;
}

/**
 * A header of the requests that a `Gate.webhook` makes.
 *
 * @example
 * WebhookHeader.fromSecret('Authorization', { secret: SecretRef.named('approvals'), key: 'authorization' });
 */
export class WebhookHeader {
  /**
   * A header whose value everyone may read: it stands in the manifest. It may hold `{{args.stable-hash}}` and
   * `{{args.canary-hash}}`.
   *
   * @throws InvalidName, InvalidText
   */
  public static value(name: string, value: string): WebhookHeader {
    requireHeaderName('name', name);
    requireText('value', value, 4096);
    if (/[\r\n]/.test(value)) throw errors.invalidText('value', 'text without line breaks', value);
    requirePlaceholders('value', value);
    return new WebhookHeader({ name, value });
  }

  /**
   * A header whose value Argo Rollouts reads from a Secret, each time it asks.
   *
   * @throws InvalidName, InvalidText
   */
  public static fromSecret(name: string, options: WebhookHeaderFromSecretOptions): WebhookHeader {
    requireHeaderName('name', name);
    requireDataKey('key', options.key);
    return new WebhookHeader({ name, secret: options.secret.name, key: options.key });
  }

  private constructor(
    /** @internal */
    public readonly _model: WebhookHeaderModel,
  ) {}
}
