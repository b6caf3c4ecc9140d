import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { ComponentModel } from '../component/component-model';
import type {
  AnalysisReference,
  BlueGreenRollout,
  CanaryRollout,
  InlineGates,
  RolloutModel,
} from '../component/rollout-model';
import { errors } from '../internal/errors';
import type { CanaryStepModel, PauseModel } from '../release/canary-step';
import { trafficRouting } from './argo-traffic';
import { ownReplicas, podAnnotations } from './deployment';
import { podSpec } from './pod';
import { serviceSpec } from './service';
import { unlessEmpty } from './unless-empty';

/** The label by which Argo Rollouts tells the pods of versions apart. */
export const ROLLOUT_HASH = 'rollouts-pod-template-hash';

/** A Rollout of Argo Rollouts, as far as it is used. */
export interface RolloutSpec {
  readonly minReadySeconds?: number;
  readonly progressDeadlineAbort: true;
  readonly progressDeadlineSeconds: number;
  readonly replicas?: number;
  readonly revisionHistoryLimit: number;
  readonly selector: { readonly matchLabels: { readonly [key: string]: string } };
  readonly strategy: { readonly canary: object } | { readonly blueGreen: object };
  readonly template: object;
}

/** Throws where the controller would refuse a Rollout, or pass over a part of it in silence. */
export function requireRollout(model: ComponentModel, release: RolloutModel): void {
  if (release.kind === 'canary') requireSteps(release);
  requireImageVolumes(model);
}

/** The `spec` of an `argoproj.io/v1alpha1` Rollout. */
export function rolloutSpec(model: ComponentModel, release: RolloutModel): RolloutSpec {
  const { minReadySeconds } = release;
  const replicas = ownReplicas(model);
  return {
    ...(minReadySeconds > 0 && { minReadySeconds }),
    // Else a version that never gets ready waits for a human, at the weight of the step before.
    progressDeadlineAbort: true,
    progressDeadlineSeconds: release.progressDeadlineSeconds,
    // Absent where an autoscaler owns them. Stated once and left out later, the controller would go down to one.
    ...(replicas !== undefined && { replicas }),
    revisionHistoryLimit: release.revisionHistory,
    selector: { matchLabels: { ...model.identity.selector } },
    strategy: strategy(release),
    template: template(model),
  };
}

/**
 * The `spec` of a `v1` Service that the controller leads to one version, by a selector of its own.
 *
 * It states none: applied by the server a selector is replaced whole. The Service would lead to all versions then, and
 * blue-green would take the next version for the first one, which passes no gate.
 */
export function versionServiceSpec(model: ComponentModel): ServiceSpec {
  const { selector: _, ...spec } = serviceSpec(model);
  return spec;
}

/** Whether the controller says where the Service of a component leads. */
export function leadsToVersion({ rollout }: ComponentModel): boolean {
  if (rollout === undefined || rollout.besideDeployment) return false;
  return rollout.kind === 'blue-green' || rollout.services !== undefined;
}

function strategy(release: RolloutModel): RolloutSpec['strategy'] {
  // A Service that is told versions apart would lead to one pod as soon as that is ready, and to no Deployment's.
  if (release.besideDeployment) return { canary: { ...IN_PLACE } };
  return release.kind === 'canary' ? { canary: canary(release) } : { blueGreen: blueGreen(release) };
}

/** One more at a time, none missing. With a router it bounds old pods alone. */
const IN_PLACE = { maxSurge: 1, maxUnavailable: 0 };

function template(model: ComponentModel): object {
  const spec = podSpec(model);
  return {
    metadata: { annotations: unlessEmpty(podAnnotations(model)), labels: { ...model.identity.podLabels } },
    spec: {
      ...spec,
      // Pods of a Rollout have a hash of another name.
      topologySpreadConstraints: spec.topologySpreadConstraints?.map((constraint) => ({
        ...constraint,
        matchLabelKeys: [ROLLOUT_HASH],
      })),
    },
  };
}

/** The oldest controller that knows volumes of images: one before it makes pods without their weights. */
const IMAGE_VOLUMES = '1.9';

function requireImageVolumes({ cluster, pod }: ComponentModel): void {
  const version = cluster.argoRollouts?.version;
  if (version === undefined || version.isAtLeast(IMAGE_VOLUMES)) return;
  if (pod.volumes.some(({ volume }) => volume.kind === 'image')) {
    throw errors.needsArgoRollouts('models', IMAGE_VOLUMES, version.text, 'use ModelVolume.download()');
  }
}

function canary(release: CanaryRollout): object {
  const { services, router, background } = release;
  const steps = release.steps.flatMap((step, index) => stepsOf(step, index, release));
  const managedRoutes = headerRouteNames(release.steps);
  return {
    ...(router !== undefined && { abortScaleDownDelaySeconds: release.abortScaleDownDelaySeconds }),
    ...(background !== undefined && { analysis: { ...background, startingStep: firstWeight(steps) } }),
    ...(services !== undefined && { canaryService: services.canary }),
    // `dynamicStableScale` is left out: the controller drops what is false, and Argo CD would see a difference.
    ...IN_PLACE,
    ...(router !== undefined && scaleDown(release)),
    ...(services !== undefined && { stableService: services.stable }),
    steps,
    ...(router !== undefined && { trafficRouting: trafficRouting(router, managedRoutes) }),
  };
}

/** Throws where the controller would refuse the steps, or pass over one in silence. */
function requireSteps({ steps, router }: CanaryRollout): void {
  if (steps.length === 0) throw errors.emptyList('release.steps', 'state CanaryStep.weight() at least once');
  if (steps.every(({ kind }) => kind === 'pause')) {
    throw errors.missingOption(
      'release.steps',
      'with a weight or a route by header, for the new version has no replicas before',
      'add CanaryStep.weight()',
    );
  }
  steps.forEach((step, index) => {
    const property = `release.steps[${index}]`;
    if (step.kind === 'header-route' && (router === undefined || router.kind === 'nginx')) {
      throw errors.notByEngine(
        property,
        router === undefined ? 'a canary without a door that shares requests out' : 'Exposure.ingressNginx()',
        'Argo Rollouts routes no headers by it',
        'use Exposure.gateway() with the plugin for Gateway API, or Exposure.applicationLoadBalancer()',
      );
    }
    if (step.kind !== 'pause' && step.replicas !== undefined && router === undefined) {
      throw errors.notByEngine(
        `${property}.replicas`,
        'a canary without a door that shares requests out',
        'there replicas make the weight',
        'leave it out',
      );
    }
  });
}

/** A step as Argo Rollouts has it. */
interface ArgoStep {
  readonly setCanaryScale?: { readonly replicas: number };
  readonly setHeaderRoute?: object;
  readonly setWeight?: number;
  readonly analysis?: AnalysisReference;
  readonly pause?: { readonly duration?: string };
}

function stepsOf(step: CanaryStepModel, index: number, release: CanaryRollout): ArgoStep[] {
  const { router, gates, maxReplicas } = release;
  switch (step.kind) {
    case 'weight': {
      const scale = step.replicas ?? Math.ceil((step.percent * maxReplicas) / 100);
      return [
        // Replicas come first: requests are never for pods that are not there. Without a router they make the weight.
        ...(router === undefined ? [] : [{ setCanaryScale: { replicas: scale } }]),
        { setWeight: step.percent },
        ...lasting(step.pause, gates),
      ];
    }
    case 'header-route':
      return [
        ...scaleBefore(step.replicas, index, release),
        { setHeaderRoute: headerRoute(step.header, step.value, index) },
        ...lasting(step.pause, undefined),
      ];
    case 'pause':
      return [pauseStep(step.pause)];
  }
}

/** Before the first weight there are no replicas at all. */
function scaleBefore(stated: number | undefined, index: number, { steps }: CanaryRollout): ArgoStep[] {
  const first = !steps.slice(0, index).some(({ kind }) => kind !== 'pause');
  const replicas = stated ?? (first ? 1 : undefined);
  return replicas === undefined ? [] : [{ setCanaryScale: { replicas } }];
}

/** The names of the routes that steps make by headers, in the order of the steps. */
export function headerRouteNames(steps: readonly CanaryStepModel[]): string[] {
  return steps.flatMap((step, index) => (step.kind === 'header-route' ? [routeName(index)] : []));
}

/** Told from the rules of a route by its name alone. */
function routeName(index: number): string {
  return `canary-step-${index + 1}`;
}

function headerRoute(headerName: string, exact: string, index: number): object {
  return { match: [{ headerName, headerValue: { exact } }], name: routeName(index) };
}

/** Gates last as long as the pause does; before a human is asked they pass once. */
function lasting(pause: PauseModel | undefined, gates: InlineGates | undefined): ArgoStep[] {
  if (gates === undefined) return pause === undefined ? [] : [pauseStep(pause)];
  const seconds = pause?.kind === 'time' ? pause.seconds : 0;
  return [{ analysis: gates(seconds) }, ...(pause?.kind === 'until-promoted' ? [pauseStep(pause)] : [])];
}

function pauseStep(pause: PauseModel): ArgoStep {
  return { pause: pause.kind === 'time' ? { duration: `${pause.seconds}s` } : {} };
}

/** Before the first weight the new version has no requests that could be judged. */
function firstWeight(steps: readonly ArgoStep[]): number {
  return Math.max(
    0,
    steps.findIndex(({ setWeight }) => setWeight !== undefined),
  );
}

function blueGreen(release: BlueGreenRollout): object {
  const { services, promotion, beforePromotion, afterPromotion } = release;
  return {
    abortScaleDownDelaySeconds: release.abortScaleDownDelaySeconds,
    activeService: services.active,
    autoPromotionEnabled: promotion.kind === 'automatic',
    ...(promotion.kind === 'automatic' &&
      promotion.afterSeconds > 0 && { autoPromotionSeconds: promotion.afterSeconds }),
    ...(afterPromotion !== undefined && { postPromotionAnalysis: afterPromotion }),
    ...(beforePromotion !== undefined && { prePromotionAnalysis: beforePromotion }),
    previewService: services.preview,
    ...scaleDown(release),
  };
}

/** Releases in a hurry: of the versions before the last one none stays, or each would hold its GPUs. */
function scaleDown({ scaleDownDelaySeconds }: RolloutModel): object {
  return { scaleDownDelayRevisionLimit: 1, scaleDownDelaySeconds };
}
