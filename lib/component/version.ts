import { requireInteger, requireMadeBy } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import type { RequestMatch } from '../release/request-match';
import type { ShareModel } from '../release/split-model';
import type { VersionOptions } from './version-options';

/** A version beside the deployment's own. */
export interface SharedVersionOptions extends VersionOptions {
  /**
   * Whether it gets its requests. A version enters without any: its pods start and get ready first, for a door answers 503
   * in the name of a version that has none. State it in the edit after that; stated at once, requests fail until a pod is
   * ready.
   *
   * @default false
   */
  readonly serving?: boolean;
}

/** The version that a release replaces. */
export interface PreviousVersionOptions extends VersionOptions {
  /**
   * Its key, as it was when it was the deployment's own version: `versionKey` of its definition, and `main` where that had
   * none and no `previous`.
   *
   * @default - the version of its Bento; with `Release.manualBlueGreen` the other colour
   */
  readonly versionKey?: string;
}

/**
 * A version of a deployment: what it runs, and its part in a release.
 *
 * What a version does not state of its API server, option by option, and of its runners, service by service, is as the
 * deployment has it, but for `adopt`; environment, labels, files and all else that holds for all pods is the deployment's: an
 * edit of it replaces the pods of all versions.
 *
 * @example
 * Version.weighted(10, { bento: nextBento, serving: true });
 */
export class Version {
  /** The version that a release replaces: its runner pools stay until an edit says `Version.absent`. */
  public static of(options: PreviousVersionOptions): Version {
    return new Version({ kind: 'previous', options });
  }

  /** No version before this one: at the first release, and once a release is over, so that the pools of the old go. */
  public static absent(): Version {
    return new Version({ kind: 'absent' });
  }

  /**
   * A version that gets a part of the requests.
   *
   * @param percent whole percent, 0 to 100
   * @throws OutOfRange
   */
  public static weighted(percent: number, options: SharedVersionOptions): Version {
    requireInteger('percent', percent, 0, 100);
    return shared({ kind: 'weight', percent }, options);
  }

  /** A version that gets the requests that say so of themselves; weights share out all others. */
  public static matched(match: RequestMatch, options: SharedVersionOptions): Version {
    return shared({ kind: 'match', match: match._model }, options);
  }

  /**
   * A version that gets copies of requests, and whose answers nobody gets. What a request does, as writing to a database,
   * is done twice.
   *
   * @param percent how many of a hundred requests are copied: whole percent, 1 to 100
   * @throws OutOfRange
   */
  public static mirrored(percent: number, options: SharedVersionOptions): Version {
    requireInteger('percent', percent, 1, 100);
    return shared({ kind: 'mirror', percent }, options);
  }

  private constructor(
    /** @internal */
    public readonly _model: VersionIntent,
  ) {}

  /** @internal */
  public static _shared(share: ShareModel, options: SharedVersionOptions): Version {
    return new Version({ kind: 'shared', share, options });
  }
}

function shared(share: ShareModel, options: SharedVersionOptions): Version {
  return Version._shared(share, options);
}

/** A version as the user said it. */
export type VersionIntent = { readonly kind: 'absent' } | PreviousIntent | SharedIntent;

/** The version before. */
export interface PreviousIntent {
  readonly kind: 'previous';
  readonly options: PreviousVersionOptions;
}

/** A version that shares the requests. */
export interface SharedIntent {
  readonly kind: 'shared';
  readonly share: ShareModel;
  readonly options: SharedVersionOptions;
}

/** A version that shares the requests, and where that is said. */
export interface SharedVersion extends Pick<SharedIntent, 'share' | 'options'> {
  readonly key: string;
  readonly property: string;
}

/** What was before, where a release says so; throws where a version of another kind stands there. */
export function previousOf(property: string, version: Version): PreviousIntent | undefined {
  requireMadeBy(property, version, Version);
  const model = version._model;
  if (model.kind === 'shared') {
    throw errors.wrongVersion(
      property,
      'Version.of() or Version.absent()',
      'the version before gets no share of its own',
    );
  }
  return model.kind === 'absent' ? undefined : model;
}

/** Versions that share the requests, by their keys; throws where one of another kind stands there. */
export function sharedVersions(versions: { readonly [key: string]: Version }): SharedVersion[] {
  return sortedEntries(versions).map(([key, version]) => {
    const property = `release.versions.${key}`;
    const { share, options } = sharedOf(property, version);
    return { key, property, share, options };
  });
}

function sharedOf(property: string, version: Version): SharedIntent {
  requireMadeBy(property, version, Version);
  const model = version._model;
  if (model.kind === 'shared') return model;
  throw errors.wrongVersion(
    property,
    'Version.weighted(), Version.matched() or Version.mirrored()',
    'say what part of the requests it gets',
  );
}
