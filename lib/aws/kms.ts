import type { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { Construct } from 'constructs';
import type { Region } from '../placement/region';
import { partitionOf } from './partition';
import { type PolicyStatement, policy } from './policy-document';
import { accountId } from './roles';
import { tagsOf } from './stack';
import { tf } from './terraform';

export interface KeyOptions {
  readonly region: Region;
  readonly name: string;
  readonly description: string;
  readonly tags: { readonly [key: string]: string } | undefined;
  /** Who may use it beside those whom IAM lets. */
  readonly statements?: PolicyStatement[];
}

/** A key that is rotated, and of which IAM decides in the account. */
export function makeKmsKey(scope: Construct, options: KeyOptions): KmsKey {
  const { region, name, description, tags, statements = [] } = options;
  const account: PolicyStatement = {
    Sid: 'Account',
    Effect: 'Allow',
    Principal: { AWS: `arn:${partitionOf(region).name}:iam::${accountId(scope)}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  return new tf.KmsKey(scope, 'key', {
    region: region.name,
    description,
    enableKeyRotation: true,
    policy: JSON.stringify(policy(account, ...statements)),
    tags: tagsOf(tags, name),
  });
}
