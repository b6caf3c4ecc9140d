import { describe, expect, it } from 'vitest';
import { aws, Region } from '../../lib';
import { terraform } from '../terraform/synth';
import { cluster, EAST } from './clusters';

describe('a bucket', () => {
  let bucket!: aws.ModelBucket;
  const stack = terraform((scope) => {
    bucket = new aws.ModelBucket(scope, 'Weights', { name: 'weights', region: EAST });
    bucket.grantRead(cluster(scope), 'ml', 'embedder');
  });

  it('is private, versioned, encrypted, and refuses plain http', () => {
    expect(stack.get('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(stack.get('aws_s3_bucket_versioning').versioning_configuration).toEqual({ status: 'Enabled' });
    const [rule] = stack.get('aws_s3_bucket_server_side_encryption_configuration').rule;
    expect(rule.apply_server_side_encryption_by_default.sse_algorithm).toBe('aws:kms');
    expect(JSON.parse(stack.get('aws_s3_bucket_policy').policy).Statement).toMatchObject([
      { Effect: 'Deny', Principal: '*', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });

  it('is read by pods of the service account that it is granted to, and written by none', () => {
    const association = stack.get('aws_eks_pod_identity_association', 'service_account', 'embedder');
    expect(association.namespace).toBe('ml');
    const { name } = stack.follow(association.role_arn);
    const { policy } = stack.get('aws_iam_policy', 'name', `${name}-Read`);
    const actions = JSON.parse(policy).Statement.map(({ Action }: { Action: string }) => Action);
    expect(actions).toEqual(['s3:ListBucket', 's3:GetObject', 'kms:Decrypt']);
    expect(JSON.parse(policy).Statement[0].Resource).toBe('arn:aws:s3:::weights');
  });

  it('says where a folder lies', () => {
    expect(bucket.url('embedder/v3')).toBe('s3://weights/embedder/v3');
    expect(() => bucket.url('/a')).toThrow(/\[InvalidText\] 'prefix'/);
  });

  it.each([
    ['a name with dots', { name: 'a.b.c' }, /\[InvalidName\] 'name'/],
    ['a short name', { name: 'ab' }, /\[InvalidName\] 'name'/],
    ['a tag that is reserved', { tags: { 'aws:x': 'x' } }, /\[InvalidText\] 'tags'/],
    ['versions of no day', { keepOldVersionsDays: 0 }, /\[OutOfRange\] 'keepOldVersionsDays'/],
  ])('fails with %s', (_, props, message) => {
    const make = () =>
      terraform((scope) => {
        new aws.ModelBucket(scope, 'W', { name: 'weights', region: EAST, ...props });
      });
    expect(make).toThrow(message);
  });
});

describe('a repository', () => {
  it.each([
    ['us-east-1', '111122223333.dkr.ecr.us-east-1.amazonaws.com/bentos/rag'],
    ['cn-north-1', '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/bentos/rag'],
  ])('of %s is called as images are', (region, uri) => {
    let repository!: aws.ImageRepository;
    const stack = terraform((scope) => {
      const props = { region: Region.aws(region), accountId: '111122223333', name: 'bentos/rag' };
      repository = new aws.ImageRepository(scope, 'Rag', props);
    });
    expect(repository.image('v1')).toBe(`${uri}:v1`);
    expect(stack.get('aws_ecr_repository')).toMatchObject({
      name: 'bentos/rag',
      image_tag_mutability: 'IMMUTABLE',
      image_scanning_configuration: { scan_on_push: true },
    });
    const [rule] = JSON.parse(stack.get('aws_ecr_lifecycle_policy').policy).rules;
    expect(rule.selection.countNumber).toBe(100);
  });

  it.each([
    ['a name in capitals', { name: 'Rag' }, /\[InvalidName\] 'name'/],
    ['an account that is none', { accountId: '42' }, /\[InvalidText\] 'accountId'/],
    ['a tag that is reserved', { tags: { 'aws:x': 'x' } }, /\[InvalidText\] 'tags'/],
    ['no image', { keepImages: 0 }, /\[OutOfRange\] 'keepImages'/],
  ])('fails with %s', (_, props, message) => {
    const make = () =>
      terraform((scope) => {
        new aws.ImageRepository(scope, 'Rag', { region: EAST, accountId: '111122223333', ...props });
      });
    expect(make).toThrow(message);
  });
});
