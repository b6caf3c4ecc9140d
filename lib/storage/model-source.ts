import { requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { EnvVar } from '../refs/env-var';
import type { SecretRef } from '../refs/secret-ref';

/** Options of `ModelSource.s3`. */
export interface S3SourceOptions {
  /**
   * The region of the bucket.
   *
   * @default - as the AWS client finds it
   */
  readonly region?: string;

  /**
   * The address of an S3-compatible store.
   *
   * @default - AWS
   */
  readonly endpoint?: string;

  /**
   * A Secret with the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`.
   *
   * @default - the identity of the service account
   */
  readonly credentials?: SecretRef;
}

/** Options of `ModelSource.huggingFace`. */
export interface HuggingFaceSourceOptions {
  /**
   * Branch, tag or commit; a commit is best, for it never changes.
   *
   * @default - the main branch
   */
  readonly revision?: string;

  /**
   * A Secret with the key `HF_TOKEN`, for models that ask for one.
   *
   * @default - none: public models only
   */
  readonly token?: SecretRef;
}

/**
 * Where weights come from.
 *
 * @see https://kserve.github.io/website/docs/model-serving/storage/overview
 */
export class ModelSource {
  /**
   * A folder of a bucket.
   *
   * @param uri as s3://bucket/folder
   * @throws InvalidText, InvalidUrl
   */
  public static s3(uri: string, options: S3SourceOptions = {}): ModelSource {
    if (!/^s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](\/\S*)?$/.test(uri)) {
      throw errors.invalidText('uri', 'a folder of a bucket, as s3://bucket/folder', uri);
    }
    const { region, endpoint, credentials } = options;
    if (region !== undefined) requireText('region', region);
    if (endpoint !== undefined && !/^https?:\/\/\S+$/.test(endpoint)) {
      throw errors.invalidUrl('endpoint', 'an http address', endpoint);
    }
    return new ModelSource({
      uri,
      env: [
        ...(region === undefined ? [] : [EnvVar.value('AWS_DEFAULT_REGION', region)]),
        ...(endpoint === undefined ? [] : [EnvVar.value('AWS_ENDPOINT_URL', endpoint)]),
        ...(credentials === undefined ? [] : fromSecret(credentials, 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY')),
      ],
    });
  }

  /**
   * A model of the Hugging Face hub.
   *
   * @param model as meta-llama/Llama-3.1-8B-Instruct
   * @throws InvalidText
   */
  public static huggingFace(model: string, options: HuggingFaceSourceOptions = {}): ModelSource {
    if (!/^[\w.-]+\/[\w.-]+$/.test(model))
      throw errors.invalidText('model', 'a model of the hub, as organisation/model', model);
    const { revision, token } = options;
    if (revision !== undefined && !/^[\w.-]+(\/[\w.-]+)*$/.test(revision)) {
      throw errors.invalidText('revision', 'a branch, tag or commit', revision);
    }
    return new ModelSource({
      uri: `hf://${model}${revision === undefined ? '' : `:${revision}`}`,
      env: token === undefined ? [] : fromSecret(token, 'HF_TOKEN'),
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: SourceModel,
  ) {}
}

/** What the engines read. */
export interface SourceModel {
  readonly uri: string;
  readonly env: readonly EnvVar[];
}

function fromSecret(secret: SecretRef, ...keys: string[]): EnvVar[] {
  return keys.map((key) => EnvVar.fromSecret(key, { secret, key }));
}
