import { App, Chart, Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  CanaryStep,
  ClusterProfile,
  Color,
  Exposure,
  Gate,
  Gateway,
  Promotion,
  Release,
  ReplicaShare,
  RequestMatch,
  Runner,
  RunState,
  Scaling,
  StageEnd,
  Version,
} from '../../lib';
import { SMALL } from '../bentos';
import { standardErrorOf } from '../tree';

const bento = (tag: string): Bento =>
  Bento.fromImage(`registry.example.com/rag:${tag}`, {
    services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
  });
const previous = Version.of({ bento: bento('1') });

function define(
  release: Release,
  props: Partial<BentoDeploymentProps> = {},
  scaling = Scaling.replicas(4),
): BentoDeployment {
  const chart = new Chart(new App(), 'test', { namespace: 'ml' });
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      kubernetesVersion: '1.36',
      argoRollouts: { gatewayApiPlugin: {} },
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
      prometheus: { address: 'http://prometheus.monitoring:9090' },
    }),
  );
  let deployment: BentoDeployment;
  standardErrorOf(() => {
    deployment = new BentoDeployment(chart, 'Rag', {
      bento: bento('2'),
      apiServer: { size: SMALL, scaling },
      runners: { Embedder: Runner.pool({ size: SMALL, scaling: Scaling.replicas(2) }) },
      exposure: Exposure.gateway({ hosts: ['rag.example.com'] }),
      release,
      ...props,
    });
  });
  return deployment!;
}

/** Name, requests of the versions in order, and what ends the stage. */
const outline = (deployment: BentoDeployment) =>
  deployment.releasePlan.stages.map(({ name, versions, endsBy }) => [
    name,
    versions.map(({ percent }) => percent),
    endsBy,
  ]);

describe('the plan of a release', () => {
  it('of a canary has its steps between the pools of both versions', () => {
    const deployment = define(
      Release.canary({
        previous,
        steps: [
          CanaryStep.headerRoute('x-version', '2', { untilPromoted: true }),
          CanaryStep.weight(10, { pause: Duration.minutes(5) }),
          CanaryStep.pause(Duration.hours(1)),
          CanaryStep.weight(50, { untilPromoted: true }),
        ],
        gates: [Gate.errorRate({ maxRate: 0.01 })],
        backgroundGates: [Gate.latency({ max: Duration.seconds(1) })],
        scaleDownDelay: Duration.seconds(90),
      }),
      {},
      Scaling.auto({ minReplicas: 2, maxReplicas: 15 }),
    );
    expect(outline(deployment)).toEqual([
      ['new pools start', [100, 0], StageEnd.PODS],
      ['by header', [100, 0], StageEnd.HUMAN],
      ['10 %', [90, 10], StageEnd.GATES],
      ['pause', [90, 10], StageEnd.TIME],
      ['50 %', [50, 50], StageEnd.HUMAN],
      ['all requests', [0, 100], StageEnd.PODS],
      ['old pods stay', [0, 100], StageEnd.TIME],
      ['old pools stay', [0, 100], StageEnd.EDIT],
    ]);
    const { stages } = deployment.releasePlan;
    expect(stages.map(({ duration }) => duration?.toSeconds())).toEqual([
      undefined,
      undefined,
      300,
      3600,
      undefined,
      undefined,
      90,
      undefined,
    ]);
    expect(stages.map(({ gates }) => gates)).toEqual([
      [],
      [],
      ['error-rate', 'latency (background)'],
      ['latency (background)'],
      ['error-rate', 'latency (background)'],
      ['latency (background)'],
      [],
      [],
    ]);
    // Of 15 replicas at the most, rounded up.
    expect(stages.slice(1, 5).map(({ versions }) => versions[1]!.mostReplicas)).toEqual([1, 2, 2, 8]);
    expect(stages[1]!.versions[1]!.besides).toBe('x-version: 2');
  });

  it('of a blue-green release has gates on both sides of the promotion', () => {
    const gates = { beforePromotion: [Gate.template('smoke')], afterPromotion: [Gate.errorRate({ maxRate: 0.01 })] };
    expect(outline(define(Release.blueGreen({ previous, promotion: Promotion.manual(), ...gates })))).toEqual([
      ['new pools start', [100, 0], StageEnd.PODS],
      ['preview starts', [100, 0], StageEnd.PODS],
      ['gates before', [100, 0], StageEnd.GATES],
      ['waits', [100, 0], StageEnd.HUMAN],
      ['gates after', [0, 100], StageEnd.GATES],
      ['old pods stay', [0, 100], StageEnd.TIME],
      ['old pools stay', [0, 100], StageEnd.EDIT],
    ]);
  });

  it.each([
    ['starts', undefined, 'green starts'],
    ['is promoted', true, 'green is promoted'],
  ])('of two colours says where the definition stands: %s', (_, promoted, name) => {
    const { stages } = define(Release.manualBlueGreen({ color: Color.GREEN, previous, promoted })).releasePlan;
    expect(stages.map((stage) => [stage.name, stage.versions.map(({ percent }) => percent)])).toEqual([
      ['green starts', [100, 0]],
      ['green is promoted', [0, 100]],
      ['blue goes', [100]],
    ]);
    expect(stages.filter(({ current }) => current).map((stage) => stage.name)).toEqual([name]);
  });

  it('of a split shares out what versions state, and the rest', () => {
    const shared = (serving: boolean) =>
      Release.split({
        versions: {
          a: Version.weighted(10, { bento: bento('2'), serving: true }),
          b: Version.matched(RequestMatch.header('x-version', 'b'), { bento: bento('3'), serving }),
        },
      });
    const versions = (serving: boolean, at: number) =>
      define(shared(serving)).releasePlan.stages[at]!.versions.map(({ version, percent, besides }) => [
        version,
        percent,
        besides,
      ]);
    expect(versions(true, 1)).toEqual([
      ['main', 90, undefined],
      ['a', 10, undefined],
      ['b', undefined, 'header x-version: b'],
    ]);
    // One that waits changes nothing for one that serves.
    expect(versions(false, 0)).toEqual([
      ['main', 90, undefined],
      ['a', 10, undefined],
      ['b', 0, undefined],
    ]);
    expect(define(shared(false)).releasePlan.stages.map(({ current }) => current)).toEqual([true, false, false, false]);
  });

  it('of a terminated deployment has nothing to do', () => {
    expect(outline(define(Release.rolling(), { state: RunState.TERMINATED }))).toEqual([
      ['terminated', [], StageEnd.EDIT],
    ]);
  });

  it('of components in place counts batches as the Deployment controller makes them', () => {
    const count = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(count, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), (replicas, surge, missing) => {
        fc.pre(surge + missing > 0 && missing < replicas);
        const release = Release.rolling({
          maxSurge: ReplicaShare.replicas(surge),
          maxUnavailable: ReplicaShare.replicas(missing),
        });
        const { stages } = define(
          release,
          { runners: { Embedder: Runner.url('http://e:3000') } },
          Scaling.replicas(replicas),
        ).releasePlan;
        // In each round as many old ones go as are added or may be missing.
        let old = replicas;
        const rounds: number[] = [];
        while (old > 0) {
          old = Math.max(0, old - surge - missing);
          rounds.push(old);
        }
        expect(stages.map(({ versions }) => versions[0]!.mostReplicas)).toEqual(rounds);
      }),
      { numRuns: 40 },
    );
  });

  it('is a table of its stages, and a picture with a bar for each', () => {
    const { releasePlan } = define(
      Release.canary({ previous, steps: [CanaryStep.weight(10, { pause: Duration.days(2) })] }),
    );
    const count = releasePlan.stages.length;
    const rows = releasePlan.toMarkdown().split('\n');
    expect(rows).toHaveLength(count + 2);
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length))).toEqual(new Set([11]));
    const picture = releasePlan.toMermaid().split('\n');
    expect(picture[0]).toBe('gantt');
    expect(picture).toContain('  axisFormat day %-j, %H:%M');
    const bars = picture.filter((line) => / :/.test(line));
    expect(bars).toHaveLength(count);
    for (const bar of bars)
      expect(bar).toMatch(/^ {2}[^:;#]+ :((crit|active), )?s\d+, (after s\d+|[-0-9]+ 00:00:00), \d+s$/);
    expect(bars[1]).toContain('172800s');
  });
});

describe('what Argo CD is told to ignore', () => {
  it('is the weights of the route, and routes by header', () => {
    const steps = [CanaryStep.headerRoute('x-version', '2'), CanaryStep.weight(10)];
    const [rule, ...others] = define(Release.canary({ previous, steps })).argoCdIgnoreDifferences;
    expect(others).toEqual([]);
    expect(rule).toMatchObject({ kind: 'HTTPRoute', name: 'rag', namespace: 'ml', jsonPointers: [] });
    expect([JSON.parse(String(rule))]).toEqual([
      {
        group: 'gateway.networking.k8s.io',
        kind: 'HTTPRoute',
        name: 'rag',
        namespace: 'ml',
        jqPathExpressions: [
          '.spec.rules[].backendRefs[].weight',
          '.spec.rules[] | select((.name // "") | test("^canary-step-1(-[0-9]+)?$"))',
        ],
      },
    ]);
  });

  it.each([
    ['rolling', Release.rolling()],
    ['blue-green', Release.blueGreen({ previous })],
    ['a canary by replicas', Release.canary({ previous, steps: [CanaryStep.weight(25)], weightsByReplicas: true })],
    ['a Deployment beside', Release.canary({ previous, steps: [CanaryStep.weight(25)], besideDeployment: true })],
  ])('is nothing where nobody writes into manifests: %s', (_, release) => {
    expect(define(release).argoCdIgnoreDifferences).toEqual([]);
  });
});
