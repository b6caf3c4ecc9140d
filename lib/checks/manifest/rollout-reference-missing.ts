import { asList, asText, dig, pathTo } from '../../internal/json';
import type { ManifestProblem, ManifestRule } from './model/finding';
import type { ManifestFolder } from './model/manifest-folder';
import type { ManifestObject } from './model/manifest-object';
import { ROLLOUTS } from './model/workload';

const SERVICES = [
  ['canary', 'stableService'],
  ['canary', 'canaryService'],
  ['blueGreen', 'activeService'],
  ['blueGreen', 'previewService'],
] as const;

/**
 * A Rollout that refers to what is not there is invalid: its controller replaces no pod and scales none. Said only where
 * the folder holds objects of that kind at all.
 *
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/
 */
export const rolloutReferenceMissing: ManifestRule = {
  name: 'RolloutReferenceMissing',
  *check(folder) {
    for (const object of folder.ofKind('Rollout', ROLLOUTS)) {
      yield* missingServices(folder, object);
      yield* missingTemplates(folder, object);
    }
  },
};

function* missingServices(folder: ManifestFolder, object: ManifestObject): Generator<ManifestProblem> {
  const { namespace, file, value } = object;
  if (!folder.namespacesWithServices.has(namespace)) return;
  for (const [strategy, field] of SERVICES) {
    const name = asText(dig(value, 'spec', 'strategy', strategy, field));
    if (name === undefined || folder.findService(namespace, name, file) !== undefined) continue;
    const location = pathTo('spec.strategy', strategy, field);
    yield {
      object,
      location,
      text: `'${location}' must name a Service of the namespace, got ${name}`,
      remedy: 'check the name against the Services of the folder',
    };
  }
}

function* missingTemplates(folder: ManifestFolder, object: ManifestObject): Generator<ManifestProblem> {
  for (const { analysis, path } of analysesOf(object)) {
    for (const [index, template] of asList(dig(analysis, 'templates')).entries()) {
      const name = asText(dig(template, 'templateName'));
      const [kind, namespace] =
        dig(template, 'clusterScope') === true
          ? ['ClusterAnalysisTemplate', '']
          : ['AnalysisTemplate', object.namespace];
      const key = { group: ROLLOUTS, kind, namespace };
      // Under another name it may be somebody else's.
      if (name === undefined || !name.startsWith(`${object.name}-`) || !folder.hasKind(kind)) continue;
      if (folder.named({ ...key, name }).length > 0) continue;
      const location = pathTo(path, 'templates', index);
      yield {
        object,
        location,
        text: `'${location}' must name a template in the folder, got ${kind} ${name}`,
        remedy: 'check the name and the namespace against the templates of the folder',
      };
    }
  }
}

/** In steps, beside them, and before and after a promotion. */
function analysesOf({ value }: ManifestObject): { analysis: unknown; path: string }[] {
  const strategy = 'spec.strategy';
  const at = (...path: string[]) => ({
    analysis: dig(value, 'spec', 'strategy', ...path),
    path: pathTo(strategy, ...path),
  });
  return [
    at('canary', 'analysis'),
    ...asList(dig(value, 'spec', 'strategy', 'canary', 'steps')).map((step, index) => ({
      analysis: dig(step, 'analysis'),
      path: pathTo(strategy, 'canary', 'steps', index, 'analysis'),
    })),
    at('blueGreen', 'prePromotionAnalysis'),
    at('blueGreen', 'postPromotionAnalysis'),
  ].filter(({ analysis }) => analysis !== undefined);
}
