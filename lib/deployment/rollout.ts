import type { Construct } from 'constructs';
import { poolsGate, requireRunnerReplicas, waitSeconds } from '../component/awaited-pools';
import { type ComponentModel, MAIN_VERSION } from '../component/component-model';
import type { DoorBackend } from '../component/door';
import type { DeploymentIntent } from '../component/resolve-release';
import { planRollout, type RolloutPlan } from '../component/resolve-rollout';
import type { RolloutModel } from '../component/rollout-model';
import type { ResolvedComponent } from '../component/version-input';
import { analysisOf, analysisTemplateSpec } from '../engines/analysis-template';
import { argoCdIgnoreRules, type IgnoreRule } from '../engines/argo-cd';
import { headerRouteNames, requireRollout } from '../engines/argo-rollouts';
import { requireUnique } from '../internal/checks';
import { emitObject } from '../internal/emit';
import { errors } from '../internal/errors';
import { type GateModel, gateName } from '../release/gate-model';
import { mountsOfVersion } from './config-maps';
import { frontLabels } from './front';
import type { ServedVersion } from './version-parts';

/** What gates of a release measure, as an object of its own. */
interface Analysis {
  readonly name: string;
  readonly when: GateTime;
  readonly gates: readonly GateModel[];
}

/** When gates are asked. */
export type GateTime = 'gates' | 'background' | 'before-promotion' | 'after-promotion';

/** A release by Argo Rollouts, ready to be emitted. */
export interface PlannedRollout {
  /** The deployment's own version, whose API server is a Rollout. */
  readonly own: ServedVersion;
  readonly analyses: readonly Analysis[];
  /** The two Services between which doors share requests out. */
  readonly backends?: readonly DoorBackend[];
}

/** Lets Argo Rollouts replace the API server, where the release says so. */
export function rolloutOf(
  intent: DeploymentIntent,
  own: ServedVersion,
  earlier?: ServedVersion,
): PlannedRollout | undefined {
  const [root, ...pools] = own.components;
  const planned = planRollout(intent, own.input, root!);
  if (planned === undefined) return undefined;
  requirePrevious(intent, root!.model);
  requireRunnerReplicas(intent.release, pools);
  const { plan, warnings } = planned;
  const ready = plan.kind === 'blue-green' ? poolsGate(root!.model, pools) : undefined;
  const { model, analyses } = withAnalyses(intent.owner, plan, ready === undefined ? [] : [ready]);
  const resolved: ResolvedComponent = {
    ...root!,
    model: {
      ...root!.model,
      rollout: model,
      ...(plan.besideDeployment && { replaced: replacedBy(own, earlier) }),
    },
    warnings: [...root!.warnings, ...warnings],
  };
  requireRollout(resolved.model, model);
  const { servicePort: port } = root!.model;
  return {
    own: { ...own, components: [resolved, ...pools] },
    analyses: plan.besideDeployment ? [] : analyses,
    // Of an Ingress of ingress-nginx the controller makes the canary's itself.
    ...(plan.kind === 'canary' &&
      !plan.besideDeployment &&
      plan.router?.kind !== 'nginx' &&
      plan.services !== undefined && {
        backends: [
          { key: 'stable', service: plan.services.stable, port, weight: 100 },
          { key: 'canary', service: plan.services.canary, port, weight: 0 },
        ],
      }),
  };
}

/** Pods of the Deployment stay as they are; those of its first version knew nothing of waiting. */
function replacedBy({ components: [root], input }: ServedVersion, earlier: ServedVersion | undefined): ComponentModel {
  if (earlier !== undefined) return earlier.components[0]!.model;
  const { model } = root!;
  if (input.version.key !== MAIN_VERSION.key) return model;
  return { ...model, waitFor: [], progressDeadlineSeconds: model.progressDeadlineSeconds - waitSeconds(model) };
}

/** Pods of the old version that start anew mount what theirs have always mounted. */
function requirePrevious({ release }: DeploymentIntent, root: ComponentModel): void {
  if (release.kind !== 'canary' && release.kind !== 'blue-green') return;
  if (release.options.previous !== undefined) return;
  const mounted = mountsOfVersion(root);
  if (mounted.length > 0) throw errors.previousMounts('release.previous', mounted);
}

function withAnalyses(
  owner: string,
  plan: RolloutPlan,
  ready: readonly GateModel[],
): { model: RolloutModel; analyses: readonly Analysis[] } {
  const analyses: Analysis[] = [];
  const named = (when: GateTime, gates: readonly GateModel[]): string | undefined => {
    if (gates.length === 0) return undefined;
    const name = `${owner}-${when}`;
    analyses.push({ name, when, gates });
    return name;
  };
  if (plan.kind === 'canary') {
    const { gates, background, ...rest } = plan;
    const step = named('gates', gates);
    const beside = named('background', background);
    const model: RolloutModel = {
      ...rest,
      ...(step !== undefined && { gates: (seconds: number) => ({ ...analysisOf(step, gates, { seconds }) }) }),
      ...(beside !== undefined && { background: { ...analysisOf(beside, background) } }),
    };
    return { model, analyses };
  }
  const { beforePromotion, afterPromotion, ...rest } = plan;
  const all = [...ready, ...beforePromotion];
  requireUnique('release.beforePromotion', all.map(gateName), 'the gate of runner pools has that name: choose another');
  const before = named('before-promotion', all);
  const after = named('after-promotion', afterPromotion);
  const once = { seconds: 0 };
  const model: RolloutModel = {
    ...rest,
    ...(before !== undefined && { beforePromotion: { ...analysisOf(before, all, once) } }),
    ...(after !== undefined && { afterPromotion: { ...analysisOf(after, afterPromotion, once) } }),
  };
  return { model, analyses };
}

/** What gates of a release measure. */
export function emitAnalyses(scope: Construct, { own, analyses }: PlannedRollout): void {
  const { model } = own.components[0]!;
  const { identity, series, cluster } = model;
  for (const { name, when, gates } of analyses) {
    const spec = analysisTemplateSpec(gates, { series, cluster }, when === 'background' ? 'background' : 'step');
    if (spec === undefined) continue;
    emitObject(scope, `AnalysisTemplate:${name}`, {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AnalysisTemplate',
      name,
      namespace: identity.namespace,
      labels: frontLabels(model),
      content: { spec: () => spec },
    });
  }
}

/** What Argo Rollouts writes into objects of the definition while a release goes on. */
export function ignoreRulesOf({ own }: PlannedRollout): IgnoreRule[] {
  const { identity, rollout } = own.components[0]!.model;
  // Of a blue-green release it writes selectors, which no manifest has.
  if (rollout?.kind !== 'canary' || rollout.besideDeployment) return [];
  const { steps, router } = rollout;
  return argoCdIgnoreRules({
    ...(identity.namespace !== undefined && { namespace: identity.namespace }),
    headerRoutes: headerRouteNames(steps),
    ...(router?.kind === 'alb' && { albIngresses: router.ingresses.map((name) => ({ name, action: router.action })) }),
    ...(router?.kind === 'gateway-api-plugin' && { routes: router.routes }),
  });
}
