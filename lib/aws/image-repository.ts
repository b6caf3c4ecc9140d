import { Construct } from 'constructs';
import { requireInteger, requireText } from '../internal/checks';
import { errors, located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import { requireTags } from '../internal/tags';
import type { Region } from '../placement/region';
import { makeKmsKey } from './kms';
import { partitionOf } from './partition';
import { requireStack, tagsOf } from './stack';
import { tf } from './terraform';

/** A repository for images of Bentos. */
export interface ImageRepositoryProps {
  /** Where it lies: nodes pull from their own region without paying for the way. */
  readonly region: Region;

  /** The account that it is of, as `111122223333`: images are called after it. */
  readonly accountId: string;

  /**
   * Its name, as `bentos/rag`.
   *
   * @default - the construct id as a DNS label
   */
  readonly name?: string;

  /**
   * How many images it keeps, the latest ones: 1 to 10,000. Older ones go, also those that a rollback would need.
   *
   * @default 100
   */
  readonly keepImages?: number;

  /**
   * Tags of everything.
   *
   * @default - `ManagedBy` and `Name`
   */
  readonly tags?: { [key: string]: string };
}

const KEEP_IMAGES = 100;

/**
 * A repository for images of Bentos: a tag never moves, images are encrypted with a key of their own and scanned when they are
 * pushed. Nodes of the account may pull from it.
 *
 * @example
 * const images = new aws.ImageRepository(stack, 'Rag', { region: Region.aws('us-east-1'), accountId: '111122223333' });
 * Bento.fromImage(images.image('3auspqat6smdonry'), { bentoService: 'Rag' });
 */
export class ImageRepository extends Construct {
  /** Its name. */
  public readonly name: string;

  /** Where images of it are pulled from, known when the program runs. */
  public readonly uri: string;

  /** @throws MissingPackage, NoStack, InvalidName, InvalidText, OutOfRange */
  public constructor(scope: Construct, id: string, props: ImageRepositoryProps) {
    super(scope, id);
    const { region, accountId } = props;
    this.name = props.name ?? dnsLabel(id);
    this.uri = `${accountId}.dkr.ecr.${region.name}.${partitionOf(region).dnsSuffix}/${this.name}`;
    located(this.node.path, () => {
      requireProps(this.name, props);
      requireStack(this);
      makeRepository(this, this.name, props);
    });
  }

  /**
   * The image of a tag.
   *
   * @param tag as `bentoml build` makes it
   * @throws InvalidText
   */
  public image(tag: string): string {
    requireText('tag', tag);
    if (!/^[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}$/.test(tag)) throw errors.invalidText('tag', 'a tag of an image', tag);
    return `${this.uri}:${tag}`;
  }
}

function requireProps(name: string, { accountId, keepImages, tags }: ImageRepositoryProps): void {
  if (
    !/^[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/.test(name) ||
    name.length < 2 ||
    name.length > 256
  ) {
    throw errors.invalidName('name', '2 to 256 lower-case letters, digits, dashes, dots and slashes', name);
  }
  requireText('accountId', accountId);
  if (!/^[0-9]{12}$/.test(accountId)) throw errors.invalidText('accountId', 'the 12 digits of an account', accountId);
  if (keepImages !== undefined) requireInteger('keepImages', keepImages, 1, 10_000);
  requireTags('tags', tags);
}

function makeRepository(scope: Construct, name: string, { region, keepImages, tags }: ImageRepositoryProps): void {
  const key = makeKmsKey(scope, { region, name, description: `Images of ${name}`, tags });
  const repository = new tf.EcrRepository(scope, 'repository', {
    region: region.name,
    name,
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfiguration: [{ encryptionType: 'KMS', kmsKey: key.arn }],
    tags: tagsOf(tags, name),
  });
  const rule = {
    rulePriority: 1,
    description: 'The latest images',
    selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: keepImages ?? KEEP_IMAGES },
    action: { type: 'expire' },
  };
  new tf.EcrLifecyclePolicy(scope, 'lifecycle', {
    region: region.name,
    repository: repository.name,
    policy: JSON.stringify({ rules: [rule] }),
  });
}
