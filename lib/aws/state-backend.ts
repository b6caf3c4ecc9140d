import { isAbsolute } from 'node:path';
import type { S3BackendConfig } from 'cdktf';
import type { Construct } from 'constructs';
import { requireText } from '../internal/checks';
import { errors, located } from '../internal/errors';
import type { Region } from '../placement/region';
import { cdktf } from './terraform';

/** Options of `StateBackend.s3`. */
export interface S3StateOptions {
  /** The bucket: it must be there before, versioned and private, for states hold what was sent to AWS. */
  readonly bucket: string;

  /** The key of the state in it, as `prod/us-east-1.tfstate`: one for each stack. */
  readonly key: string;

  /** Where the bucket lies. */
  readonly region: Region;

  /**
   * The key of KMS by which the state is encrypted, as an ARN.
   *
   * @default - that of the bucket
   */
  readonly kmsKeyArn?: string;
}

/** Options of `StateBackend.local`. */
export interface LocalStateOptions {
  /** The file, relative to the folder of the stack: an absolute one would be of one machine alone. */
  readonly path: string;
}

/**
 * Where Terraform keeps what it made. Stacks with constructs of this module must have one: without it cdktf writes a file
 * of the machine that synthesizes. Any backend of cdktf will do; these two need no import of it.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend
 */
export class StateBackend {
  /**
   * In a bucket of S3, encrypted. Whoever applies locks it by a file beside it, which needs Terraform 1.10.
   *
   * @param stack the TerraformStack
   * @throws InvalidText, MissingPackage
   */
  public static s3(stack: Construct, options: S3StateOptions): void {
    const { S3Backend } = cdktf();
    located(stack.node.path, () => {
      requireText('bucket', options.bucket);
      requireText('key', options.key);
      // cdktf was archived before it listed Terraform's own lock, and writes what it is given.
      const config: S3BackendConfig & { useLockfile: boolean } = {
        bucket: options.bucket,
        key: options.key,
        region: options.region.name,
        encrypt: true,
        useLockfile: true,
        ...(options.kmsKeyArn !== undefined && { kmsKeyId: options.kmsKeyArn }),
      };
      new S3Backend(stack, config);
    });
  }

  /**
   * In a file: for trials, for nobody else sees it.
   *
   * @param stack the TerraformStack
   * @throws InvalidText, MissingPackage
   */
  public static local(stack: Construct, options: LocalStateOptions): void {
    const { LocalBackend } = cdktf();
    located(stack.node.path, () => {
      requireText('path', options.path);
      if (isAbsolute(options.path)) {
        throw errors.invalidText('path', 'a path relative to the folder of the stack', options.path);
      }
      new LocalBackend(stack, { path: options.path });
    });
  }

  private constructor() {}
}
