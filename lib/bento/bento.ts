import { requireEnvName, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { readBentoFile } from './bento-file';
import { requireSoundGraph } from './bento-graph';
import type { BentoModel } from './bento-model';
import { BentoService } from './bento-service';
import { imageModel } from './image';

/** Options of `Bento.fromFile`. */
export interface BentoFromFileOptions {
  /**
   * The image that `bentoml containerize` made of this Bento, as nodes pull it. A digest is best: it is the one
   * reference that never changes its meaning; no tag, or `latest`, is a warning.
   */
  readonly image: string;
}

/** Options of `Bento.fromImage`. */
export interface BentoFromImageOptions {
  /**
   * The one service of the Bento by its exact name: the short case.
   *
   * @default - `services` are given
   */
  readonly bentoService?: string;

  /**
   * All services of the Bento, the one that takes requests from outside first.
   *
   * @default - `bentoService` is given
   */
  readonly services?: BentoService[];

  /**
   * The name of the Bento, for labels.
   *
   * @default - the last part of the image's name
   */
  readonly name?: string;

  /**
   * The version of the Bento, for labels.
   *
   * @default - the tag of the image
   */
  readonly version?: string;

  /**
   * Environment variables without which the Bento does not start, as `envs` without a value in its code.
   *
   * @default - none
   */
  readonly requiredEnv?: string[];
}

/**
 * What to run: an image, and what the Bento in it says of its services.
 *
 * @example
 * Bento.fromFile('bentos/summarizer', { image: 'registry.example.com/summarizer:3auspqat6smdonry' });
 */
export class Bento {
  /**
   * A Bento as `bentoml build` wrote it (BentoML >= 1.2). The file's resources, timeouts, workers and probe paths are
   * the defaults of the components; what the definition states wins.
   *
   * @param path a bento.yaml, or the folder that holds it; relative to the working directory
   * @throws FileNotFound, FileTooLarge, NotYaml, NotABento, LegacyBento, NoServices, UnknownDependency,
   * CloudDependency, DependencyCycle, DnsLabelClash, FractionalGpu, MultiNode, InvalidName, ReservedName, InvalidText
   * @see https://docs.bentoml.com/en/latest/reference/bentoml/bento-build-options.html
   */
  public static fromFile(path: string, options: BentoFromFileOptions): Bento {
    requireText('path', path);
    return new Bento(readBentoFile(path, imageModel('image', options.image)));
  }

  /**
   * A Bento stated by hand, where no bento.yaml is at hand.
   *
   * @param image as nodes pull it
   * @throws MissingOption, ConflictingOptions, EmptyList, UnknownDependency, DependencyCycle, DnsLabelClash,
   * InvalidName, ReservedName, InvalidText
   */
  public static fromImage(image: string, options: BentoFromImageOptions): Bento {
    const { bentoService, services } = options;
    if (bentoService === undefined && services === undefined) {
      throw errors.missingOption(
        'bentoService',
        'for an image',
        "state the service's exact name, or `services` for several",
      );
    }
    if (bentoService !== undefined && services !== undefined) {
      throw errors.conflictingOptions('bentoService', 'services', 'state one of them');
    }
    const models = (services ?? [BentoService.named(bentoService!)]).map((service) => service._model);
    if (models.length === 0) throw errors.emptyList('services', 'state at least the entry service');
    requireSoundGraph(models[0]!.name, models);
    for (const name of options.requiredEnv ?? []) requireEnvName('requiredEnv', name);
    const byName = new Map(models.map((model) => [model.name, model]));
    return new Bento({
      image: imageModel('image', image),
      name: options.name ?? repositoryName(image),
      version: options.version ?? tag(image),
      entryService: models[0]!.name,
      services: Object.fromEntries(byName),
      requiredEnv: [...(options.requiredEnv ?? [])],
      source: image,
    });
  }

  /** The name of the Bento. */
  public readonly name: string;
  /** The version of the Bento; undefined where neither file nor image tells. */
  public readonly version?: string;
  /** The image that nodes pull. */
  public readonly image: string;
  /** The service that takes requests from outside. */
  public readonly entryService: string;
  /** Names of all services, the entry service first. */
  public readonly serviceNames: string[];

  /** @internal */
  public readonly _model: BentoModel;

  private constructor(model: BentoModel) {
    requireText('name', model.name);
    this._model = model;
    this.name = model.name;
    this.version = model.version;
    this.image = model.image.reference;
    this.entryService = model.entryService;
    this.serviceNames = [...new Set([model.entryService, ...Object.keys(model.services)])];
  }
}

function repositoryName(image: string): string {
  return image.split('@')[0]!.split('/').at(-1)!.split(':')[0]!;
}

function tag(image: string): string | undefined {
  return image.split('@')[0]!.split('/').at(-1)!.split(':')[1];
}
