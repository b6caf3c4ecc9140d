import type { Bento } from '../bento/bento';
import { dependenciesOf } from '../bento/bento-graph';
import { errors } from '../internal/errors';
import type { ScaledComponentOptions } from './options';
import { Runner } from './runner';
import { isOwnPool } from './version-input';
import type { VersionOptions } from './version-options';

/** What a version does not state of its components is as the deployment has it, as far as its Bento has them. */
export function withDefaults(stated: VersionOptions, own: VersionOptions): VersionOptions {
  const { bento, apiServer, runners = {} } = stated;
  return {
    bento,
    apiServer: { ...withoutAdopt(own.apiServer ?? {}), ...apiServer },
    runners: { ...inheritedRunners(bento, { ...own.runners, ...runners }), ...runners },
  };
}

function inheritedRunners(
  { _model: bento, entryService }: Bento,
  runners: { readonly [bentoService: string]: Runner },
): VersionOptions['runners'] {
  const known = new Map(
    Object.entries(runners).filter(([name]) => name !== entryService && Object.hasOwn(bento.services, name)),
  );
  const ends = (name: string): boolean => !isOwnPool(known.get(name)?._model);
  const reached = new Set(dependenciesOf(bento, entryService, ends));
  return Object.fromEntries(
    [...known].flatMap(([name, runner]) => {
      if (!reached.has(name)) return [];
      const { _model } = runner;
      return [[name, _model.kind === 'pool' ? Runner.pool(withoutAdopt(_model.options)) : runner]];
    }),
  );
}

/** Objects that are taken over are of one version. */
function withoutAdopt<T extends ScaledComponentOptions>({ adopt, ...others }: T): Omit<T, 'adopt'> {
  return others;
}

/** Whose objects are taken over must be told where both versions have such: the other one would be made anew. */
export function requireOwnObjects(
  own: VersionOptions,
  previous: VersionOptions,
  roots: readonly (ScaledComponentOptions | undefined)[],
): void {
  const [root] = previous.apiServer === undefined ? roots : [];
  const stated = previous.runners ?? {};
  const pools = Object.entries(own.runners ?? {}).filter(([name]) => !Object.hasOwn(stated, name));
  const taken = [
    ...(root?.adopt === undefined ? [] : ['apiServer']),
    ...pools.flatMap(([name, { _model }]) =>
      _model.kind === 'pool' && _model.options.adopt !== undefined ? [`runners.${name}`] : [],
    ),
  ];
  if (taken.length === 0) return;
  throw errors.conflictingOptions(
    `${taken[0]}.adopt`,
    'release.previous',
    `it is of one version: state \`${taken[0]!.split('.')[0]}\` of the other in Version.of(), with or without \`adopt\``,
  );
}

/** The Service that leads to one version or the other is of neither. */
export function requireSwitched(property: string, { apiServer }: VersionOptions): void {
  if (apiServer?.adopt?.serviceName === undefined) return;
  throw errors.conflictingOptions(
    `${property}.adopt.serviceName`,
    'Release.manualBlueGreen()',
    'the Service that is switched is called after the deployment: state `name`',
  );
}
