import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  ClusterProfile,
  ModelVolume,
  Scaling,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import type { BlueGreenRollout, CanaryRollout, RolloutModel } from '../../lib/component/rollout-model';
import {
  headerRouteNames,
  leadsToVersion,
  requireRollout,
  rolloutSpec,
  versionServiceSpec,
} from '../../lib/engines/argo-rollouts';
import { single } from '../bentos';
import type { Body } from '../cluster/client';
import { blueGreen, canary, gated } from '../cluster/release-objects';
import { synthesize } from '../tree';

const componentOf = (props: Partial<BentoDeploymentProps> = {}, version = '1.10'): ComponentModel => {
  let model!: ComponentModel;
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36', argoRollouts: { version } }));
    model = new BentoDeployment(chart, 'Rag', { bento: single(), ...props }).apiServer._component;
  });
  return model;
};
const fixed = componentOf({ apiServer: { scaling: Scaling.replicas(3) } });
const spec = (rollout: RolloutModel, model = fixed): Body => {
  requireRollout(model, rollout);
  return JSON.parse(JSON.stringify(rolloutSpec(model, rollout)));
};
const models = (...steps: CanaryStep[]) => steps.map(({ _model }) => _model);
const stepsOf = (steps: CanaryStep[], options: Partial<CanaryRollout> = {}): Body =>
  spec(canary({ gates: undefined, steps: models(...steps), ...options })).strategy.canary.steps;
const routing = (router: CanaryRollout['router'], ...steps: CanaryStep[]): Body =>
  spec(canary({ router, steps: models(...steps, CanaryStep.weight(10)) })).strategy.canary.trafficRouting;
const seconds = Duration.seconds;

// https://argo-rollouts.readthedocs.io/en/stable/features/specification/
describe('a Rollout', () => {
  it('has the pod of the Deployment, spread by the hash of a Rollout', () => {
    const { template, selector, ...rest } = spec(canary());
    const { spec: pod, metadata } = template;
    expect(selector.matchLabels).toEqual(fixed.identity.selector);
    expect(metadata.labels).toMatchObject(fixed.identity.selector);
    expect(pod.containers[0].name).toBe('bento');
    expect(pod.topologySpreadConstraints.map((c: Body) => c.matchLabelKeys)).toEqual([
      ['rollouts-pod-template-hash'],
      ['rollouts-pod-template-hash'],
    ]);
    expect(Object.keys(rest).sort()).toEqual([
      'progressDeadlineAbort',
      'progressDeadlineSeconds',
      'replicas',
      'revisionHistoryLimit',
      'strategy',
    ]);
    expect(rest).toMatchObject({ progressDeadlineAbort: true, progressDeadlineSeconds: 60, revisionHistoryLimit: 5 });
  });

  it('states replicas only where nobody else owns them', () => {
    expect(spec(canary()).replicas).toBe(3);
    expect(spec(canary(), componentOf())).not.toHaveProperty('replicas');
    expect(spec(canary(), { ...componentOf(), terminated: true }).replicas).toBe(0);
  });

  it('waits for pods that are ready for a while', () => {
    expect(spec(canary({ minReadySeconds: 10 })).minReadySeconds).toBe(10);
  });

  it('has nothing of the release while a Deployment is beside it', () => {
    for (const release of [canary({ besideDeployment: true }), blueGreen({ besideDeployment: true })]) {
      expect(spec(release).strategy).toEqual({ canary: { maxSurge: 1, maxUnavailable: 0 } });
      expect(leadsToVersion({ ...fixed, rollout: release })).toBe(false);
    }
  });

  it('fails on a volume of an image before Argo Rollouts 1.9, which would drop it', () => {
    const volume = ModelVolume.image('weights', { image: 'registry.example.com/weights:1', mountPath: '/models' });
    const at = (version: string) => spec(canary(), componentOf({ apiServer: { models: [volume] } }, version));
    expect(() => at('1.8.4')).toThrow(
      "[NeedsArgoRollouts] 'models' must not be used below Argo Rollouts 1.9; the cluster profile states 1.8.4; use ModelVolume.download()",
    );
    expect(() => at('1.9')).not.toThrow();
  });
});

describe('the Services of a release', () => {
  it('state no selector, which the controller owns', () => {
    expect(leadsToVersion({ ...fixed, rollout: canary() })).toBe(true);
    expect(leadsToVersion({ ...fixed, rollout: blueGreen() })).toBe(true);
    expect(leadsToVersion({ ...fixed, rollout: canary({ services: undefined, router: undefined }) })).toBe(false);
    expect(leadsToVersion(fixed)).toBe(false);
    const { ports, ...rest } = versionServiceSpec(fixed);
    expect(ports!.map(({ port }) => port)).toEqual([3000]);
    expect(rest).toEqual({ type: 'ClusterIP' });
  });
});

// https://argo-rollouts.readthedocs.io/en/stable/features/canary/
describe('a canary', () => {
  it('has replicas before requests, and gates for as long as the pause', () => {
    const { steps, ...rest } = spec(canary({ background: gated(9) })).strategy.canary;
    expect(steps).toEqual([
      { setCanaryScale: { replicas: 2 } },
      { setWeight: 20 },
      { analysis: gated(2) },
      { setCanaryScale: { replicas: 5 } },
      { setWeight: 50 },
      { analysis: gated(3) },
    ]);
    expect(rest).toEqual({
      abortScaleDownDelaySeconds: 2,
      analysis: { ...gated(9), startingStep: 1 },
      canaryService: 'rag-canary',
      maxSurge: 1,
      maxUnavailable: 0,
      scaleDownDelayRevisionLimit: 1,
      scaleDownDelaySeconds: 30,
      stableService: 'rag',
      trafficRouting: { nginx: { stableIngresses: ['rag'] } },
    });
  });

  it.each([
    [1, 1],
    [10, 1],
    [11, 2],
    [99, 10],
    [100, 10],
  ])('of a weight of %d has %d of at most 10 replicas', (percent, replicas) => {
    expect(stepsOf([CanaryStep.weight(percent)])[0]).toEqual({ setCanaryScale: { replicas } });
  });

  it('pauses without gates, for a time or until a human ends it', () => {
    expect(
      stepsOf([
        CanaryStep.weight(10, { pause: Duration.minutes(5), replicas: 4 }),
        CanaryStep.weight(20, { untilPromoted: true }),
        CanaryStep.weight(30),
        CanaryStep.pause(seconds(7)),
        CanaryStep.untilPromoted(),
      ]),
    ).toEqual([
      { setCanaryScale: { replicas: 4 } },
      { setWeight: 10 },
      { pause: { duration: '300s' } },
      { setCanaryScale: { replicas: 2 } },
      { setWeight: 20 },
      { pause: {} },
      { setCanaryScale: { replicas: 3 } },
      { setWeight: 30 },
      { pause: { duration: '7s' } },
      { pause: {} },
    ]);
  });

  it.each<[string, CanaryStep, object[]]>([
    ['as long as the pause', CanaryStep.weight(10, { pause: seconds(61) }), [{ analysis: gated(61) }]],
    ['once without a pause', CanaryStep.weight(10), [{ analysis: gated(0) }]],
    ['once before a human', CanaryStep.weight(10, { untilPromoted: true }), [{ analysis: gated(0) }, { pause: {} }]],
  ])('has gates %s', (_, step, expected) => {
    expect(stepsOf([step], { gates: gated }).slice(2)).toEqual(expected);
  });

  it('leads a header to replicas that are there', () => {
    const router = { kind: 'gateway-api-plugin', routes: [{ kind: 'HTTPRoute', name: 'rag' }] } as const;
    const steps = [
      CanaryStep.untilPromoted(),
      CanaryStep.headerRoute('x-version', 'next', { pause: seconds(5) }),
      CanaryStep.weight(10),
      CanaryStep.headerRoute('x-team', 'a'),
    ];
    expect(stepsOf(steps, { router })).toEqual([
      { pause: {} },
      { setCanaryScale: { replicas: 1 } },
      {
        setHeaderRoute: { match: [{ headerName: 'x-version', headerValue: { exact: 'next' } }], name: 'canary-step-2' },
      },
      { pause: { duration: '5s' } },
      { setCanaryScale: { replicas: 1 } },
      { setWeight: 10 },
      { setHeaderRoute: { match: [{ headerName: 'x-team', headerValue: { exact: 'a' } }], name: 'canary-step-4' } },
    ]);
    expect(headerRouteNames(models(...steps))).toEqual(['canary-step-2', 'canary-step-4']);
  });

  it('takes the place of old pods where replicas make the weights', () => {
    const { steps, ...rest } = spec(canary({ router: undefined, services: undefined })).strategy.canary;
    expect(rest).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(steps).toEqual([{ setWeight: 20 }, { analysis: gated(2) }, { setWeight: 50 }, { analysis: gated(3) }]);
  });

  it.each<[string, CanaryStep[], CanaryRollout['router'], string]>([
    ['no step', [], undefined, "[EmptyList] 'release.steps'"],
    ['pauses alone', [CanaryStep.untilPromoted()], undefined, "[MissingOption] 'release.steps'"],
    [
      'a header behind ingress-nginx',
      [CanaryStep.headerRoute('x-version', 'next')],
      { kind: 'nginx', ingresses: ['rag'] },
      "[NotByEngine] 'release.steps[0]'",
    ],
    ['a header behind nothing', [CanaryStep.headerRoute('x-a', 'b')], undefined, "[NotByEngine] 'release.steps[0]'"],
    [
      'replicas behind nothing',
      [CanaryStep.weight(9, { replicas: 1 })],
      undefined,
      "[NotByEngine] 'release.steps[0].replicas'",
    ],
  ])('fails on %s', (_, steps, router, message) => {
    expect(() => stepsOf(steps, { router })).toThrow(message);
  });

  it('has replicas for every weight, whatever the steps', () => {
    const weight = fc.record({
      percent: fc.integer({ min: 1, max: 100 }),
      maxReplicas: fc.integer({ min: 1, max: 500 }),
    });
    fc.assert(
      fc.property(weight, ({ percent, maxReplicas }) => {
        const [scale, set] = stepsOf([CanaryStep.weight(percent)], { maxReplicas });
        expect(set.setWeight).toBe(percent);
        expect(scale.setCanaryScale.replicas * 100).toBeGreaterThanOrEqual(percent * maxReplicas);
        expect((scale.setCanaryScale.replicas - 1) * 100).toBeLessThan(percent * maxReplicas);
      }),
    );
  });
});

// https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/
describe('what shares requests out', () => {
  it('is an action of a load balancer', () => {
    const alb = { kind: 'alb', ingresses: ['rag'], action: 'weighted', servicePort: 3000 } as const;
    expect(routing(alb)).toEqual({ alb: { ingress: 'rag', rootService: 'weighted', servicePort: 3000 } });
    expect(routing({ ...alb, ingresses: ['a', 'b'] }, CanaryStep.headerRoute('x-a', 'b'))).toEqual({
      alb: {
        ingresses: ['a', 'b'],
        rootService: 'weighted',
        servicePort: 3000,
      },
      managedRoutes: [{ name: 'canary-step-1' }],
    });
  });

  it('is routes of Gateway API', () => {
    const routes = [
      { kind: 'HTTPRoute', name: 'rag' },
      { kind: 'GRPCRoute', name: 'rag-grpc' },
    ] as const;
    const router = { kind: 'gateway-api-plugin', routes, namespace: 'doors' } as const;
    const plugin = (useHeaderRoutes: boolean) => ({
      'argoproj-labs/gatewayAPI': {
        grpcRoutes: [{ name: 'rag-grpc', useHeaderRoutes }],
        httpRoutes: [{ name: 'rag', useHeaderRoutes }],
        namespace: 'doors',
      },
    });
    expect(routing(router)).toEqual({ plugins: plugin(false) });
    expect(routing(router, CanaryStep.headerRoute('x-a', 'b'))).toEqual({
      managedRoutes: [{ name: 'canary-step-1' }],
      plugins: plugin(true),
    });
  });
});

// https://argo-rollouts.readthedocs.io/en/stable/features/bluegreen/
describe('blue-green', () => {
  const strategy = (options: Partial<BlueGreenRollout> = {}): Body => spec(blueGreen(options)).strategy.blueGreen;

  it('has gates before and after', () => {
    expect(strategy({ afterPromotion: gated(5) })).toEqual({
      abortScaleDownDelaySeconds: 2,
      activeService: 'rag',
      autoPromotionEnabled: true,
      postPromotionAnalysis: gated(5),
      prePromotionAnalysis: gated(2),
      previewService: 'rag-preview',
      scaleDownDelayRevisionLimit: 1,
      scaleDownDelaySeconds: 30,
    });
  });

  it.each<[string, BlueGreenRollout['promotion'], object]>([
    ['at once', { kind: 'automatic', afterSeconds: 0 }, { autoPromotionEnabled: true }],
    [
      'after a while',
      { kind: 'automatic', afterSeconds: 60 },
      { autoPromotionEnabled: true, autoPromotionSeconds: 60 },
    ],
    ['by hand', { kind: 'manual' }, { autoPromotionEnabled: false }],
  ])('is promoted %s', (_, promotion, expected) => {
    const { autoPromotionEnabled, autoPromotionSeconds } = strategy({ promotion });
    expect(JSON.parse(JSON.stringify({ autoPromotionEnabled, autoPromotionSeconds }))).toEqual(expected);
  });
});
