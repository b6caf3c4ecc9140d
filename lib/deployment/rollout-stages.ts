import type { ComponentModel } from '../component/component-model';
import type { BlueGreenRollout, CanaryRollout, RolloutTerms } from '../component/rollout-model';
import type { CanaryStepModel } from '../release/canary-step';
import { gateName } from '../release/gate-model';
import { StageEnd, type StageModel, spanned } from './release-stage';
import type { GateTime, PlannedRollout } from './rollout';
import { between, exactly, type Replicas, replicasOf } from './stage-shares';

/** What Argo Rollouts does to an API server. */
export function rolloutStages(model: ComponentModel, rollout: PlannedRollout | undefined): StageModel[] {
  const release = model.rollout!;
  const analyses = rollout?.analyses ?? [];
  const gatesOf = (time: GateTime): string[] =>
    analyses.filter(({ when }) => when === time).flatMap(({ gates }) => gates.map(gateName));
  if (release.besideDeployment) return [besideDeployment(model, release)];
  return release.kind === 'canary'
    ? canaryStages(model, release, gatesOf('gates'), gatesOf('background'))
    : blueGreenStages(model, release, gatesOf('before-promotion'), gatesOf('after-promotion'));
}

function besideDeployment(model: ComponentModel, { progressDeadlineSeconds }: RolloutTerms): StageModel {
  return {
    component: model.identity.workloadName,
    name: 'Rollout beside the Deployment',
    action: 'pods of the Rollout start, and share the requests with those of the Deployment by their number',
    shares: [
      { version: 'Deployment', ...replicasOf(model) },
      { version: 'Rollout', ...replicasOf(model) },
    ],
    gates: [],
    endsBy: StageEnd.EDIT,
    end: 'the Rollout is as large as the Deployment, and an edit leaves `besideDeployment` out',
    failure: `pods of the Rollout that do not get ready within ${spanned(progressDeadlineSeconds)} end; the Deployment serves`,
    current: true,
  };
}

function canaryStages(
  model: ComponentModel,
  release: CanaryRollout,
  gates: readonly string[],
  background: readonly string[],
): StageModel[] {
  const component = model.identity.workloadName;
  const { replicas } = replicasOf(model);
  const beside = background.map((name) => `${name} (background)`);
  let percent = 0;
  let header: string | undefined;
  let fresh: Replicas = exactly(0);
  const steps = release.steps.map((step): StageModel => {
    if (step.kind === 'weight') percent = step.percent;
    if (step.kind === 'header-route') header = `${step.header}: ${step.value}`;
    fresh = step.kind === 'pause' ? fresh : newReplicas(step, release, fresh);
    const asked = step.kind === 'weight' ? gates : [];
    const watching = percent > 0 ? beside : [];
    const shares = between(
      100 - percent,
      release.router === undefined ? shrunk(replicas, percent) : replicasOf(model),
      fresh,
    );
    return {
      component,
      name: stepName(step),
      action: stepAction(step, release),
      ...(step.pause?.kind === 'time' && { seconds: step.pause.seconds }),
      shares: header === undefined ? shares : [shares[0]!, { ...shares[1]!, besides: header }],
      gates: [...asked, ...watching],
      ...stepEnd(step, asked),
      failure: abortText(release, asked.length + watching.length > 0),
    };
  });
  return [
    ...steps,
    {
      component,
      name: 'all requests',
      action: 'the new version grows to its full size, then gets all requests',
      shares: between(0, replicasOf(model), replicasOf(model)),
      gates: beside,
      endsBy: StageEnd.PODS,
      end: 'all of its pods are ready',
      failure: abortText(release, beside.length > 0),
    },
    ...(release.router === undefined ? [] : [oldStays(model, release)]),
  ];
}

/** Replicas come before the weight; without a router they are the weight. */
function newReplicas(
  step: Exclude<CanaryStepModel, { kind: 'pause' }>,
  { maxReplicas, router }: CanaryRollout,
  before: Replicas,
): Replicas {
  if (step.replicas !== undefined) return exactly(step.replicas);
  if (step.kind === 'header-route') return before.replicas?.most === 0 ? exactly(1) : before;
  const share = Math.ceil((step.percent * maxReplicas) / 100);
  return router === undefined ? { replicas: { fewest: 1, most: share } } : exactly(share);
}

/** Without a router new pods take the place of old ones. */
function shrunk(replicas: Replicas['replicas'], percent: number): Replicas {
  if (replicas === undefined) return {};
  const left = (count: number): number => count - Math.ceil((count * percent) / 100);
  return { replicas: { fewest: left(replicas.fewest), most: left(replicas.most) } };
}

function stepName(step: CanaryStepModel): string {
  switch (step.kind) {
    case 'weight':
      return `${step.percent} %`;
    case 'header-route':
      return 'by header';
    case 'pause':
      return 'pause';
  }
}

function stepAction(step: CanaryStepModel, { router }: CanaryRollout): string {
  switch (step.kind) {
    case 'weight':
      return router === undefined
        ? `new pods take the place of old ones, up to ${step.percent} % of them`
        : `its replicas first, then ${step.percent} % of the requests for the new version`;
    case 'header-route':
      return `requests with \`${step.header}: ${step.value}\` for the new version, until the end of the release`;
    case 'pause':
      return 'nothing changes';
  }
}

function stepEnd({ pause }: CanaryStepModel, gates: readonly string[]): Pick<StageModel, 'end' | 'endsBy'> {
  const passed = pause?.kind === 'time' ? `gates have passed for ${spanned(pause.seconds)}` : 'gates have passed once';
  if (pause?.kind === 'until-promoted') {
    return {
      endsBy: StageEnd.HUMAN,
      end: `${gates.length > 0 ? `${passed}, and ` : ''}a human says \`kubectl argo rollouts promote\``,
    };
  }
  if (gates.length > 0) return { endsBy: StageEnd.GATES, end: passed };
  if (pause !== undefined) return { endsBy: StageEnd.TIME, end: `${spanned(pause.seconds)} are over` };
  return { endsBy: StageEnd.PODS, end: 'its pods are ready' };
}

function abortText(
  { abortScaleDownDelaySeconds, progressDeadlineSeconds, router }: CanaryRollout,
  gated: boolean,
): string {
  const after = `after ${spanned(progressDeadlineSeconds)} without a step forward`;
  const pods =
    router === undefined ? 'its pods come back one by one' : `new pods go after ${spanned(abortScaleDownDelaySeconds)}`;
  return `aborted ${gated ? `by a gate, or ${after}` : after}: all requests for the old version at once; ${pods}`;
}

function oldStays(model: ComponentModel, { scaleDownDelaySeconds }: RolloutTerms): StageModel {
  return {
    component: model.identity.workloadName,
    name: 'old pods stay',
    action: 'at full size, without requests',
    seconds: scaleDownDelaySeconds,
    shares: between(0, replicasOf(model), replicasOf(model)),
    gates: [],
    endsBy: StageEnd.TIME,
    end: `${spanned(scaleDownDelaySeconds)} are over`,
    failure: 'an edit that goes back is served by them at once',
  };
}

function blueGreenStages(
  model: ComponentModel,
  release: BlueGreenRollout,
  before: readonly string[],
  after: readonly string[],
): StageModel[] {
  const component = model.identity.workloadName;
  const full = replicasOf(model);
  const { promotion, services, progressDeadlineSeconds, abortScaleDownDelaySeconds } = release;
  const back = `the old version serves on, new pods go after ${spanned(abortScaleDownDelaySeconds)}`;
  const waiting = { component, shares: between(100, full, full), gates: [] };
  const goBack = '`kubectl argo rollouts abort` goes back';
  const stages: StageModel[] = [
    {
      ...waiting,
      name: 'preview starts',
      action: `${services.preview} leads to it`,
      endsBy: StageEnd.PODS,
      end: 'its pods are ready',
      failure: `aborted after ${spanned(progressDeadlineSeconds)} without a step forward: ${back}`,
    },
  ];
  if (before.length > 0) {
    stages.push({
      ...waiting,
      name: 'gates before',
      action: `asked of ${services.preview}`,
      gates: before,
      endsBy: StageEnd.GATES,
      end: 'gates have passed',
      failure: `aborted: ${back}`,
    });
  }
  if (promotion.kind === 'manual') {
    stages.push({
      ...waiting,
      name: 'waits',
      action: 'both versions run',
      endsBy: StageEnd.HUMAN,
      end: 'a human says `kubectl argo rollouts promote`',
      failure: goBack,
    });
  } else if (promotion.afterSeconds > 0) {
    stages.push({
      ...waiting,
      name: 'waits',
      action: 'both versions run; a human may promote earlier',
      seconds: promotion.afterSeconds,
      endsBy: StageEnd.TIME,
      end: `${spanned(promotion.afterSeconds)} are over`,
      failure: goBack,
    });
  }
  const leads = `${services.active} leads to the new version`;
  if (after.length > 0) {
    stages.push({
      component,
      name: 'gates after',
      action: leads,
      shares: between(0, full, full),
      gates: after,
      endsBy: StageEnd.GATES,
      end: 'gates have passed',
      failure: `${services.active} leads to the old version again, at once`,
    });
  }
  const stays = oldStays(model, release);
  stages.push(after.length > 0 ? stays : { ...stays, action: `${leads}; the old one stays at full size` });
  return stages;
}
