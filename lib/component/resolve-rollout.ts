import type { Duration } from 'cdk8s';
import { PROXY_NAMES } from '../exposure/proxy-support';
import { requireInteger, requireMadeBy, requireSeconds } from '../internal/checks';
import { errors } from '../internal/errors';
import { CanaryStep, type CanaryStepModel } from '../release/canary-step';
import type { Gate } from '../release/gate';
import { type GateModel, isRelative } from '../release/gate-model';
import { Promotion } from '../release/promotion';
import { waitSeconds } from './awaited-pools';
import { WEIGHTED_ACTION } from './door';
import { doorProperty, type ResolvedDoor } from './doors';
import type { BlueGreenReleaseOptions, CanaryReleaseOptions } from './release';
import { maxReplicas } from './replica-counts';
import { resolveGates } from './resolve-gates';
import { type DeploymentIntent, previewName, switchWarnings } from './resolve-release';
import type { BlueGreenRollout, CanaryRollout, RolloutTerms, TrafficRouterModel } from './rollout-model';
import { requireCanaryWeights } from './split-rules';
import { optionsOf, type ResolvedComponent, trafficOf, type VersionInput } from './version-input';
import type { Warning } from './warning';

/** A release by Argo Rollouts, but for what its analyses are called. */
export type RolloutPlan = CanaryPlan | BlueGreenPlan;

interface CanaryPlan extends Omit<CanaryRollout, 'gates' | 'background'> {
  readonly gates: readonly GateModel[];
  readonly background: readonly GateModel[];
}

interface BlueGreenPlan extends Omit<BlueGreenRollout, 'beforePromotion' | 'afterPromotion'> {
  readonly beforePromotion: readonly GateModel[];
  readonly afterPromotion: readonly GateModel[];
}

type ArgoRelease =
  | { readonly kind: 'canary'; readonly options: CanaryReleaseOptions }
  | { readonly kind: 'blue-green'; readonly options: BlueGreenReleaseOptions };

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3600;
const DEFAULT_REVISIONS = 5;
const SCALE_DOWN_SECONDS = { canary: 30, 'blue-green': 300 } as const;
const ABORT_SECONDS = 30;

/** How Argo Rollouts replaces an API server; undefined where no release asks for it. */
export function planRollout(
  intent: DeploymentIntent,
  input: VersionInput,
  root: ResolvedComponent,
): { readonly plan: RolloutPlan; readonly warnings: readonly Warning[] } | undefined {
  const { release } = intent;
  if (release.kind !== 'canary' && release.kind !== 'blue-green') return undefined;
  requireCarried(intent, input, root, release);
  const warnings: Warning[] = [];
  const terms = resolveTerms(release, root);
  const plan =
    release.kind === 'canary'
      ? canaryPlan(intent, input, root, release.options, terms, warnings)
      : blueGreenPlan(intent, input, root, release.options, terms, warnings);
  return { plan, warnings };
}

/** Throws where Argo Rollouts cannot replace an API server. */
function requireCarried(
  { profile, cache, doors }: DeploymentIntent,
  input: VersionInput,
  { model }: ResolvedComponent,
  release: ArgoRelease,
): void {
  const engine = ENGINES[release.kind];
  if (profile._model.argoRollouts === undefined) {
    throw errors.clusterLacks(
      'release',
      'argoRollouts',
      'state it where the cluster has Argo Rollouts, or use Release.manualBlueGreen() or Release.split()',
    );
  }
  if (model.exclusive) {
    throw errors.notByEngine(
      'release',
      engine,
      'it has tasks, and two pods must not serve side by side',
      'use Release.recreate()',
    );
  }
  if (cache !== undefined) {
    throw errors.notByEngine(
      'cache',
      engine,
      'one cache would give answers of both versions to the clients of either',
      'leave it out, or use Release.split() or Release.manualBlueGreen(), where each version has a cache of its own',
    );
  }
  if (optionsOf(input, input.root).rolling !== undefined) {
    throw errors.conflictingOptions(
      'apiServer.rolling',
      `release (${engine})`,
      'the release replaces its pods: leave the former out',
    );
  }
  // A Service of another kind selects pods, and knows nothing of versions.
  const selecting = doors.find(({ kind }) => kind === 'network-load-balancer' || kind === 'load-balancer');
  if (selecting === undefined || (release.kind === 'canary' && release.options.weightsByReplicas === true)) return;
  throw errors.notByEngine(
    doorProperty(selecting),
    engine,
    `${PROXY_NAMES[selecting.kind]} leads to the pods of both versions`,
    release.kind === 'canary'
      ? 'use Exposure.gateway() or applicationLoadBalancer(), or state `weightsByReplicas`'
      : 'use Exposure.gateway() or applicationLoadBalancer(), or Release.manualBlueGreen()',
  );
}

const ENGINES = { canary: 'Release.canary()', 'blue-green': 'Release.blueGreen()' } as const;

function resolveTerms({ kind, options }: ArgoRelease, { model }: ResolvedComponent): RolloutTerms {
  const seconds = (name: string, stated: Duration | undefined, min: number, max: number, otherwise: number): number =>
    stated === undefined ? otherwise : requireSeconds(`release.${name}`, stated, min, max);
  const { revisionHistory = DEFAULT_REVISIONS } = options;
  requireInteger('release.revisionHistory', revisionHistory, 1, 100);
  const minReadySeconds = seconds('minReady', options.minReady, 0, HOUR_SECONDS, 0);
  const progressDeadlineSeconds = seconds(
    'progressDeadline',
    options.progressDeadline,
    1,
    DAY_SECONDS,
    model.progressDeadlineSeconds + minReadySeconds,
  );
  const least = waitSeconds(model) + model.startupSeconds + minReadySeconds;
  if (progressDeadlineSeconds <= least) {
    const pools = model.waitFor.length > 0 ? 'the pools that it calls and ' : '';
    throw errors.outOfRange(
      'release.progressDeadline',
      `above ${least} s, what ${pools}a replica may take to start and \`minReady\``,
      progressDeadlineSeconds,
      'a good release would be aborted: raise it, or leave it out',
    );
  }
  const abort = kind === 'canary' ? options.abortScaleDownDelay : undefined;
  return {
    minReadySeconds,
    progressDeadlineSeconds,
    revisionHistory,
    scaleDownDelaySeconds: seconds('scaleDownDelay', options.scaleDownDelay, 30, DAY_SECONDS, SCALE_DOWN_SECONDS[kind]),
    abortScaleDownDelaySeconds: seconds('abortScaleDownDelay', abort, 10, HOUR_SECONDS, ABORT_SECONDS),
    besideDeployment: options.besideDeployment ?? false,
  };
}

function canaryPlan(
  intent: DeploymentIntent,
  input: VersionInput,
  root: ResolvedComponent,
  options: CanaryReleaseOptions,
  terms: RolloutTerms,
  warnings: Warning[],
): CanaryPlan {
  const steps = stepsOf(options.steps, warnings);
  const { identity, scaling } = root.model;
  const most = maxReplicas(scaling);
  if (most === undefined && steps.some((step) => step.kind === 'weight' && step.replicas === undefined)) {
    throw errors.missingOption(
      'release.steps (replicas)',
      'with Scaling.unmanaged()',
      'state `replicas` of each step with a weight: nobody knows what a weight is a part of',
    );
  }
  steps.forEach((step, index) => {
    if (step.kind === 'pause' || step.replicas === undefined || most === undefined) return;
    requireInteger(`release.steps[${index}].replicas`, step.replicas, 1, most);
  });
  const router = routerOf(intent, options, steps, root);
  warnOfResources(root, warnings);
  return {
    kind: 'canary',
    ...terms,
    steps,
    maxReplicas: most ?? 1,
    ...(router !== undefined && {
      router,
      services: { stable: identity.serviceName, canary: canaryName(intent.owner) },
    }),
    gates: gatesOf('gates', options.gates, { input, root, background: false, warnings }),
    background: gatesOf('backgroundGates', options.backgroundGates, { input, root, background: true, warnings }),
  };
}

/** Under what Service the new version of a canary is reached alone. */
export function canaryName(owner: string): string {
  return `${owner}-canary`;
}

function stepsOf(stated: readonly CanaryStep[], warnings: Warning[]): CanaryStepModel[] {
  for (const step of stated) requireMadeBy('release.steps', step, CanaryStep);
  const steps = stated.map(({ _model }) => _model);
  const weights = steps.flatMap((step) => (step.kind === 'weight' ? [step.percent] : []));
  if (weights.length === 0) throw errors.emptyList('release.steps', 'state CanaryStep.weight() at least once');
  weights.forEach((percent, index) => {
    const before = weights[index - 1];
    if (before === undefined || percent > before) return;
    throw errors.outOfRange('release.steps', 'of rising weights', `${before}, then ${percent}`, 'put them in order');
  });
  const waits = steps.some((step) => step.pause?.kind === 'until-promoted');
  if (waits) warnings.push(pauseWarning('release.steps'));
  return steps;
}

function pauseWarning(property: string): Warning {
  return {
    id: 'WaitsForHuman',
    text: `'${property}' waits until a human promotes the release (kubectl argo rollouts promote): both versions run until then, and cost what both cost`,
  };
}

/** Pods of both versions are asked as one: those that get few requests make the others seem idle. */
function warnOfResources({ model: { scaling, identity } }: ResolvedComponent, warnings: Warning[]): void {
  const metrics = scaling.kind === 'auto' ? scaling.metrics : [];
  const resource = metrics.find(({ kind }) => kind === 'resource' || kind === 'pods');
  if (resource === undefined) return;
  warnings.push({
    id: 'PodMetricUnderCanary',
    text: `'apiServer.scaling' of ${identity.name} looks at a mean over the pods of both versions of a canary: those of the new one have few requests at first, and hide the load of the others; use ScalingMetric.concurrency() or requestRate()`,
  });
}

/** What shares requests out between the two versions; undefined where replicas do. */
function routerOf(
  { doors, owner, profile }: DeploymentIntent,
  { weightsByReplicas = false, ...delays }: CanaryReleaseOptions,
  steps: readonly CanaryStepModel[],
  { model }: ResolvedComponent,
): TrafficRouterModel | undefined {
  const proper = doors.filter(({ kind }) => kind !== 'in-cluster');
  const headers = steps.some(({ kind }) => kind === 'header-route');
  if (weightsByReplicas) {
    const delay = (['scaleDownDelay', 'abortScaleDownDelay'] as const).find((name) => delays[name] !== undefined);
    if (delay !== undefined) {
      throw errors.conflictingOptions(
        `release.${delay}`,
        'release.weightsByReplicas',
        'pods of one version take the place of those of the other, and none stays: leave the former out',
      );
    }
    if (headers) {
      throw errors.conflictingOptions(
        'release.weightsByReplicas',
        'CanaryStep.headerRoute()',
        'replicas know no headers',
      );
    }
    const scaled = steps.findIndex((step) => step.kind !== 'pause' && step.replicas !== undefined);
    if (scaled >= 0) {
      throw errors.conflictingOptions(
        `release.steps[${scaled}].replicas`,
        'release.weightsByReplicas',
        'there replicas make the weight: leave the former out',
      );
    }
    return undefined;
  }
  const [first, ...others] = proper;
  const other = others.find(({ door }) => door.kind !== first!.door.kind);
  if (other !== undefined) {
    throw errors.notByEngine(
      doorProperty(other),
      ENGINES.canary,
      `its weights are those of ${doorProperty(first!)}, and one kind of door at a time is set`,
      'use one kind of exposure, or Release.split()',
    );
  }
  for (const door of proper) requireCanaryWeights(door, model.traffic);
  const names = proper.map(({ key }) => (key === undefined ? owner : `${owner}-${key}`));
  switch (first?.door.kind) {
    case 'gateway': {
      if (profile._model.argoRollouts!.gatewayApiPlugin === undefined) {
        throw errors.clusterLacks(
          'release',
          'argoRollouts.gatewayApiPlugin',
          'state it where Argo Rollouts has its plugin for Gateway API, or state `weightsByReplicas`',
        );
      }
      const standard = proper.find(({ kind }) => kind === 'gateway-api');
      if (headers && standard !== undefined) {
        throw errors.notByEngine(
          'release.steps (headerRoute)',
          PROXY_NAMES['gateway-api'],
          'the plugin copies no timeouts to the routes that it makes, and each implementation has its own then',
          'leave it out, or use Gateway.envoyGateway(), whose policy has them',
        );
      }
      return {
        kind: 'gateway-api-plugin',
        routes: proper.map(({ door }, index) => ({
          kind: door.kind === 'gateway' && door.grpcPort !== undefined ? 'GRPCRoute' : 'HTTPRoute',
          name: names[index]!,
        })),
      };
    }
    case 'application-load-balancer': {
      const bound = proper.find(({ door }) => 'targetGroupName' in door && door.targetGroupName !== undefined);
      if (bound !== undefined) {
        throw errors.notByEngine(
          `${doorProperty(bound)}.targetGroupName`,
          ENGINES.canary,
          'a target group that is there has no Ingress, which has the weights',
          'leave it out, or state `weightsByReplicas`',
        );
      }
      return { kind: 'alb', ingresses: names, action: WEIGHTED_ACTION, servicePort: model.servicePort };
    }
    case 'ingress-nginx':
      if (headers) {
        throw errors.notByEngine(
          'release.steps (headerRoute)',
          PROXY_NAMES['ingress-nginx'],
          'Argo Rollouts sets no headers there',
          'leave it out, or use Exposure.gateway()',
        );
      }
      return { kind: 'nginx', ingresses: names };
    default:
      throw noWeights(first);
  }
}

function noWeights(door: ResolvedDoor | undefined): Error {
  return errors.notByEngine(
    'release.steps (weight)',
    PROXY_NAMES[door?.kind ?? 'in-cluster'],
    'it shares out no requests',
    'use Exposure.gateway(), applicationLoadBalancer() or ingressNginx(), or state `weightsByReplicas`: then the share of its replicas is that of the new version',
  );
}

function blueGreenPlan(
  intent: DeploymentIntent,
  input: VersionInput,
  root: ResolvedComponent,
  options: BlueGreenReleaseOptions,
  terms: RolloutTerms,
  warnings: Warning[],
): BlueGreenPlan {
  const { promotion = Promotion.automatic() } = options;
  requireMadeBy('release.promotion', promotion, Promotion);
  if (promotion._model.kind === 'manual') warnings.push(pauseWarning('release.promotion'));
  warnings.push(...switchWarnings(intent.doors));
  const context = { input, root, background: false, warnings };
  const before = gatesOf('beforePromotion', options.beforePromotion, context);
  const after = gatesOf('afterPromotion', options.afterPromotion, context);
  if (before.some((gate) => gate.kind === 'measured')) {
    warnings.push({
      id: 'GateWithoutRequests',
      text: "'release.beforePromotion' measures requests of the new version, which has none before its promotion but those that somebody sends to its preview: without them it finds no verdict",
    });
  }
  const relative = after.find((gate) => gate.kind === 'measured' && isRelative(gate.measure));
  if (relative !== undefined) {
    throw errors.notByEngine(
      'release.afterPromotion',
      ENGINES['blue-green'],
      'after the promotion the old version has no requests to compare with',
      'use Gate.latency() or errorRate(), or Release.canary()',
    );
  }
  return {
    kind: 'blue-green',
    ...terms,
    services: { active: root.model.identity.serviceName, preview: previewName(intent.owner) },
    promotion: promotion._model,
    beforePromotion: before,
    afterPromotion: after,
  };
}

function gatesOf(
  name: string,
  gates: readonly Gate[] | undefined,
  {
    input,
    root,
    background,
    warnings,
  }: { input: VersionInput; root: ResolvedComponent; background: boolean; warnings: Warning[] },
): GateModel[] {
  if (gates === undefined) return [];
  const property = `release.${name}`;
  if (gates.length === 0) throw errors.emptyList(property, 'leave it out where there are none');
  return resolveGates(gates, {
    property,
    identity: root.model.identity,
    service: input.bento.services[input.root]!,
    maxConcurrency: trafficOf(input, input.root).maxConcurrency,
    cluster: input.profile._model,
    background,
    warnings,
  });
}
