import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Construct } from 'constructs';
import { requireInteger, requireNamespace, requireText } from '../internal/checks';
import { digest } from '../internal/digest';
import { errors, located } from '../internal/errors';
import { requireTags } from '../internal/tags';
import type { Region } from '../placement/region';
import { makeKmsKey } from './kms';
import { partitionOf } from './partition';
import { denyPlainHttp, policy } from './policy-document';
import { podRole } from './roles';
import type { ServingCluster } from './serving-cluster';
import { requireStack, tagsOf } from './stack';
import { tf } from './terraform';

/** A bucket for weights of models. */
export interface ModelBucketProps {
  /** Its name, which no other bucket of AWS has: 3 to 63 lower-case letters, digits and dashes. */
  readonly name: string;

  /** Where it lies: in the region of those who read it, or they pay for the way. */
  readonly region: Region;

  /**
   * How many days a version of an object is kept after a newer one has come: at least 1.
   *
   * @default 30
   */
  readonly keepOldVersionsDays?: number;

  /**
   * The name of a bucket of the same region that gets a line for each request, under the name of this one.
   *
   * @default - none
   */
  readonly accessLogBucket?: string;

  /**
   * Tags of everything.
   *
   * @default - `ManagedBy` and `Name`
   */
  readonly tags?: { [key: string]: string };
}

const KEEP_OLD_VERSIONS_DAYS = 30;
/** Of an upload that somebody gave up. */
const KEEP_PARTS_DAYS = 7;

/**
 * A bucket for weights of models: private, encrypted with a key of its own, versioned, over TLS alone. Pods read it by the
 * identity of their service account.
 *
 * @example
 * const weights = new aws.ModelBucket(stack, 'Weights', { name: 'example-weights', region: Region.aws('us-east-1') });
 * weights.grantRead(cluster, 'ml', 'embedder');
 * ModelSource.s3(weights.url('embedder/v3'));
 */
export class ModelBucket extends Construct {
  /** Its name, known when the program runs. */
  public readonly name: string;

  /** Where it lies. */
  public readonly region: Region;

  /** Its ARN, known when the program runs. */
  public readonly arn: string;

  readonly #keyArn: string;
  readonly #tags: { [key: string]: string };

  /** @throws MissingPackage, NoStack, InvalidName, InvalidText, OutOfRange */
  public constructor(scope: Construct, id: string, props: ModelBucketProps) {
    super(scope, id);
    this.name = props.name;
    this.region = props.region;
    this.arn = `arn:${partitionOf(props.region).name}:s3:::${props.name}`;
    this.#tags = { ...props.tags };
    this.#keyArn = located(this.node.path, () => {
      requireProps(props);
      requireStack(this);
      return makeBucket(this, props);
    });
  }

  /**
   * Where a folder of it lies, as `ModelSource.s3()` takes it.
   *
   * @param prefix the folder, as `embedder/v3`
   * @throws InvalidText
   */
  public url(prefix: string): string {
    requireText('prefix', prefix, 1024);
    if (prefix.startsWith('/')) throw errors.invalidText('prefix', 'a folder, without a slash before it', prefix);
    return `s3://${this.name}/${prefix}`;
  }

  /**
   * Lets pods of a service account read it. A service account has one role: for a second bucket, or where it has a role
   * already, add to that role.
   *
   * @param cluster where they run
   * @param namespace theirs
   * @param serviceAccountName theirs
   * @throws InvalidName
   */
  public grantRead(cluster: ServingCluster, namespace: string, serviceAccountName: string): void {
    located(this.node.path, () => {
      requireNamespace('namespace', namespace);
      requireNamespace('serviceAccountName', serviceAccountName);
      const name = `${serviceAccountName.slice(0, 40)}-${digest([cluster.name, namespace, serviceAccountName].join('/'), 8)}`;
      podRole(
        this,
        `${cluster.name}-${namespace}-${serviceAccountName}`,
        { clusterName: cluster._nodeGroups.clusterName, namespace, serviceAccount: serviceAccountName },
        {
          name: `ModelReader-${name}`,
          description: `Reads ${this.name}: ${namespace}/${serviceAccountName} of the cluster ${cluster.name}`,
          region: cluster.region,
          tags: this.#tags,
          documents: {
            Read: policy(
              { Effect: 'Allow', Action: 's3:ListBucket', Resource: this.arn },
              { Effect: 'Allow', Action: 's3:GetObject', Resource: `${this.arn}/*` },
              { Effect: 'Allow', Action: 'kms:Decrypt', Resource: this.#keyArn },
            ),
          },
        },
      );
    });
  }
}

function requireProps({ name, keepOldVersionsDays, accessLogBucket, tags }: ModelBucketProps): void {
  requireText('name', name);
  // No dots: certificates of S3 end at the first.
  if (!/^[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/.test(name)) {
    throw errors.invalidName('name', '3 to 63 lower-case letters, digits and dashes', name);
  }
  if (keepOldVersionsDays !== undefined) requireInteger('keepOldVersionsDays', keepOldVersionsDays, 1, 36_500);
  if (accessLogBucket !== undefined) requireText('accessLogBucket', accessLogBucket);
  requireTags('tags', tags);
}

/** The bucket and what keeps it; gives the ARN of its key. */
function makeBucket(scope: Construct, props: ModelBucketProps): string {
  const { name, region, tags } = props;
  const bucket = new tf.S3Bucket(scope, 'bucket', { region: region.name, bucket: name, tags: tagsOf(tags, name) });
  const key = makeKmsKey(scope, { region, name, description: `Objects of ${name}`, tags });
  new tf.S3BucketServerSideEncryptionConfiguration(scope, 'encryption', {
    region: region.name,
    bucket: bucket.id,
    rule: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.arn },
        // One call of KMS for many objects.
        bucketKeyEnabled: true,
      },
    ],
  });
  keepPrivate(scope, bucket, props);
  keepVersions(scope, bucket, props);
  return key.arn;
}

function keepPrivate(scope: Construct, bucket: S3Bucket, { region, name, accessLogBucket }: ModelBucketProps): void {
  const block = new tf.S3BucketPublicAccessBlock(scope, 'public-access', {
    region: region.name,
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new tf.S3BucketPolicy(scope, 'policy', {
    region: region.name,
    bucket: bucket.id,
    policy: JSON.stringify(policy(denyPlainHttp('s3:*', [bucket.arn, `${bucket.arn}/*`]))),
    // S3 refuses to change both at once.
    dependsOn: [block],
  });
  if (accessLogBucket === undefined) return;
  new tf.S3BucketLogging(scope, 'logging', {
    region: region.name,
    bucket: bucket.id,
    targetBucket: accessLogBucket,
    targetPrefix: `${name}/`,
  });
}

function keepVersions(scope: Construct, bucket: S3Bucket, { region, keepOldVersionsDays }: ModelBucketProps): void {
  const versioning = new tf.S3BucketVersioning(scope, 'versioning', {
    region: region.name,
    bucket: bucket.id,
    versioningConfiguration: { status: 'Enabled' },
  });
  new tf.S3BucketLifecycleConfiguration(scope, 'lifecycle', {
    region: region.name,
    bucket: bucket.id,
    rule: [
      {
        id: 'old-versions',
        status: 'Enabled',
        filter: [{ prefix: '' }],
        noncurrentVersionExpiration: [{ noncurrentDays: keepOldVersionsDays ?? KEEP_OLD_VERSIONS_DAYS }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: KEEP_PARTS_DAYS }],
      },
    ],
    dependsOn: [versioning],
  });
}
