import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import {
  Bento,
  type BentoDeploymentProps,
  BentoService,
  CanaryStep,
  type ClusterProfileProps,
  Color,
  ErrorKind,
  Exposure,
  Gate,
  Gateway,
  InstanceSize,
  NoData,
  Promotion,
  Release,
  RequestMatch,
  ResponseCache,
  RollingPreset,
  RunState,
  Scaling,
  ScalingMetric,
  SplitRouter,
  StickyKey,
  Version,
} from '../lib';
import {
  type Context,
  type Definition,
  deployment,
  reached,
  richProfile,
  scaleToZero,
  synthesizeDefinition,
} from './arbitraries';

const optional = { requiredKeys: [] as [] };
const seconds = (min: number, max: number) => fc.integer({ min, max }).map((value) => Duration.seconds(value));
const SMALL = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1) });
const GATEWAYS = [
  Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
  Gateway.standard({ name: 'public', namespace: 'gateways' }),
];

/** The same services under another tag: what a next version looks like. */
function retagged(bento: Bento, tag: string): Bento {
  const services = Object.entries(bento._model.services).map(([name, { dependencies, pathPrefix }]) =>
    BentoService.named(name, { dependsOn: [...dependencies], size: SMALL, pathPrefix }),
  );
  return Bento.fromImage(`registry.example.com/rag:${tag}`, { services });
}

const exposure = fc.constantFrom<() => Exposure>(
  () => Exposure.inCluster(),
  () => Exposure.gateway({ hosts: ['rag.example.com'], gateway: GATEWAYS[0] }),
  () => Exposure.gateway({ hosts: ['rag.example.com'], gateway: GATEWAYS[1] }),
  () => Exposure.ingressNginx({ hosts: ['rag.example.com'] }),
  () => Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], subnetCidrs: ['10.0.0.0/20'] }),
  () => Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], targetGroupName: 'rag' }),
  () => Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/20'] }),
  () => Exposure.loadBalancer({ sourceCidrs: ['10.0.0.0/8'] }),
  () =>
    Exposure.several({
      public: Exposure.gateway({ hosts: ['rag.example.com'], gateway: GATEWAYS[0] }),
      internal: Exposure.gateway({ hosts: ['rag.internal.example.com'], gateway: GATEWAYS[1] }),
    }),
  () =>
    Exposure.several({
      public: Exposure.ingressNginx({ hosts: ['rag.example.com'] }),
      internal: Exposure.inCluster(),
    }),
);

/** Doors that share requests out for Argo Rollouts. */
const routed = fc.constantFrom<() => Exposure>(
  () => Exposure.gateway({ hosts: ['rag.example.com'], gateway: GATEWAYS[0] }),
  () => Exposure.ingressNginx({ hosts: ['rag.example.com'] }),
  () => Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], subnetCidrs: ['10.0.0.0/20'] }),
  () =>
    Exposure.several({
      public: Exposure.gateway({ hosts: ['rag.example.com'], gateway: GATEWAYS[0] }),
      internal: Exposure.gateway({ hosts: ['rag.internal.example.com'], gateway: GATEWAYS[1] }),
    }),
);

const step = fc.oneof(
  { weight: 3, arbitrary: fc.constant('weight' as const) },
  { weight: 1, arbitrary: fc.constantFrom('pause' as const, 'human' as const, 'header' as const) },
);
/** Mostly with rising weights: others are an error. */
const steps = fc
  .tuple(
    fc.array(step, { minLength: 1, maxLength: 5 }),
    fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 5, maxLength: 5 }),
    fc.array(
      fc.record(
        { pause: seconds(1, 3600), untilPromoted: fc.constant(false), replicas: fc.integer({ min: 1, max: 3 }) },
        optional,
      ),
      { minLength: 5, maxLength: 5 },
    ),
    fc.boolean(),
  )
  .map(([kinds, weights, options, scaled]) => {
    const rising = [...weights].sort((a, b) => a - b);
    return kinds.map((kind, index) => {
      const { replicas, ...rest } = options[index]!;
      const stated = { ...rest, ...(scaled && replicas !== undefined && { replicas }) };
      if (kind === 'weight') return CanaryStep.weight(rising[index]!, stated);
      if (kind === 'header') return CanaryStep.headerRoute('X-Canary', 'yes', stated);
      return kind === 'pause' ? CanaryStep.pause(Duration.minutes(1)) : CanaryStep.untilPromoted();
    });
  });

const judging = fc.record(
  {
    interval: seconds(10, 600),
    failureLimit: fc.integer({ min: 0, max: 5 }),
    noData: fc.constantFrom(NoData.ABORT, NoData.PAUSE),
    patience: fc.integer({ min: 0, max: 5 }),
  },
  optional,
);
const gate = judging.chain((options) =>
  fc.constantFrom(
    Gate.latencyRelativeToStable({ ...options, maxRatio: 1.1 }),
    Gate.errorRateRelativeToStable({ ...options, errorKind: ErrorKind.TIMEOUTS }),
    Gate.latency({ ...options, max: Duration.seconds(2) }),
    Gate.errorRate({ ...options, maxRate: 0.05 }),
    Gate.prometheusQuery({
      ...options,
      name: 'errors',
      query: 'sum(rate(x{hash="{{args.canary-hash}}"}[2m]))',
      max: 1,
    }),
    Gate.webhook({
      ...options,
      name: 'smoke',
      url: 'http://smoke.example.com',
      jsonPath: '{$.ok}',
      successValue: 'true',
    }),
    Gate.job({ name: 'load', image: 'registry.example.com/load:v1' }),
    Gate.template('theirs', { args: { host: 'a' } }),
  ),
);
const gates = fc.array(gate, { minLength: 1, maxLength: 3 });

const share = fc.oneof(
  fc.integer({ min: 0, max: 60 }).map((percent) => ({ kind: 'weighted' as const, percent })),
  fc
    .constantFrom(
      RequestMatch.header('X-Version', 'next'),
      RequestMatch.query('version', 'next'),
      RequestMatch.cookie('version', 'always'),
    )
    .map((match) => ({ kind: 'matched' as const, match })),
  fc.integer({ min: 1, max: 100 }).map((percent) => ({ kind: 'mirrored' as const, percent })),
);

/** Keys of versions; `main` is what the version is called that another one has taken the place of. */
const key = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,4}[a-z0-9])?$/) },
  { weight: 1, arbitrary: fc.constantFrom('main', 'canary', 'preview', 'constructor', 'gates', 'split') },
);

interface Subject {
  readonly bento: Bento;
  readonly context: Context;
  readonly pools: readonly string[];
}

const previous = ({ bento }: Subject): fc.Arbitrary<Version> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(Version.of({ bento: retagged(bento, 'v0') })) },
    { weight: 1, arbitrary: fc.constant(Version.of({ bento: retagged(bento, 'v0'), versionKey: 'main' })) },
    { weight: 2, arbitrary: fc.constant(Version.absent()) },
  );

const argo = (subject: Subject) => ({
  previous: previous(subject),
  ...(subject.pools.length > 0 && {
    runnerReplicas: fc.dictionary(fc.constantFrom(...subject.pools), fc.integer({ min: 1, max: 3 }), {
      noNullPrototype: true,
    }),
  }),
  minReady: seconds(0, 60),
  progressDeadline: seconds(3600, 86_400),
  scaleDownDelay: seconds(30, 3600),
  revisionHistory: fc.integer({ min: 1, max: 100 }),
  besideDeployment: fc.boolean(),
});

const other = (subject: Subject, tag: string) =>
  fc
    .record({
      share,
      serving: fc.boolean(),
      apiServer: fc.option(
        fc.integer({ min: 1, max: 5 }).map((replicas) => ({ size: SMALL, scaling: Scaling.replicas(replicas) })),
        { nil: undefined },
      ),
    })
    .map(({ share: part, ...rest }) => {
      const options = { ...rest, bento: retagged(subject.bento, tag) };
      if (part.kind === 'weighted') return Version.weighted(part.percent, options);
      return part.kind === 'matched' ? Version.matched(part.match, options) : Version.mirrored(part.percent, options);
    });

/** Any release, whether the rest of the definition can have it or not. */
const release = (subject: Subject): fc.Arbitrary<Release> =>
  fc.oneof(
    fc
      .record({ preset: fc.constantFrom(...Object.values(RollingPreset)), previous: previous(subject) }, optional)
      .map((options) => Release.rolling(options)),
    fc
      .record({ steps, ...argo(subject) }, { requiredKeys: ['steps', 'previous'] })
      .chain((options) =>
        fc
          .record(
            { gates, backgroundGates: gates, weightsByReplicas: fc.boolean(), abortScaleDownDelay: seconds(10, 600) },
            optional,
          )
          .map((more) => Release.canary({ ...options, ...more })),
      ),
    fc
      .record(
        {
          ...argo(subject),
          beforePromotion: gates,
          afterPromotion: gates,
          promotion: fc.constantFrom(
            Promotion.automatic(),
            Promotion.manual(),
            Promotion.automaticAfter(Duration.minutes(5)),
          ),
        },
        { requiredKeys: ['previous'] },
      )
      .map((options) => Release.blueGreen(options)),
    fc
      .record(
        {
          color: fc.constantFrom(Color.BLUE, Color.GREEN),
          previous: fc.constantFrom(Version.absent(), Version.of({ bento: retagged(subject.bento, 'v0') })),
          promoted: fc.constantFrom(true, true, false),
          fullSize: fc.boolean(),
        },
        { requiredKeys: ['color', 'previous'] },
      )
      .map((options) => Release.manualBlueGreen(options)),
    fc
      .tuple(
        fc.dictionary(key, other(subject, 'v2'), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
        fc.record(
          {
            stickyBy: fc.constantFrom(StickyKey.header('X-User'), StickyKey.query('user'), StickyKey.cookie('session')),
            router: fc.constantFrom(SplitRouter.doors(), SplitRouter.nginx()),
          },
          optional,
        ),
      )
      .map(([versions, options]) => Release.split({ versions, ...options })),
  );

const cluster = (version: string): fc.Arbitrary<ClusterProfileProps> =>
  fc
    .tuple(
      richProfile(version),
      fc.noBias(fc.nat(9)),
      fc.constantFrom<ClusterProfileProps>(
        { argoRollouts: { version: '1.10', gatewayApiPlugin: {} } },
        { argoRollouts: { version: '1.10', gatewayApiPlugin: {} } },
        { argoRollouts: { version: '1.10', gatewayApiPlugin: {} } },
        { argoRollouts: {} },
        {},
      ),
    )
    .map(([{ prometheus, ...rich }, signed, rollouts]) => ({
      ...rich,
      ...rollouts,
      loadBalancerCidrs: ['10.0.0.0/16'],
      prometheus: { ...prometheus, ...(signed < 8 && { authentication: undefined }) },
    }));

/** Scaling that gates and canaries go well with, beside all that there is. */
const scaling = fc.constantFrom(
  Scaling.replicas(4),
  Scaling.auto({ minReplicas: 2, maxReplicas: 9, metrics: [ScalingMetric.concurrency(4)] }),
  Scaling.auto({ minReplicas: 2, maxReplicas: 9 }),
);

/** One deployment with any release: either it is sound, or it is refused by an error with a name. */
export const releases: fc.Arbitrary<Definition> = fc
  .constantFrom('1.29', '1.33', '1.36')
  .map((version): Context => ({ version, rich: true, counted: true }))
  .chain((context) =>
    fc.tuple(
      cluster(context.version),
      deployment(context, 'Rag', 'a').chain(({ props }) => {
        const pools = reached(props.bento);
        const subject = { bento: props.bento, context, pools };
        return fc.tuple(
          fc.constant(props),
          release(subject),
          exposure,
          routed,
          scaling,
          fc.record(
            {
              versionKey: key,
              cache: fc.constant(ResponseCache.of({ paths: ['/embed'] })),
              state: fc.constant(RunState.TERMINATED),
            },
            optional,
          ),
          fc.noBias(fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9), fc.nat(9))),
        );
      }),
    ),
  )
  .map(([profile, [props, stated, door, router, simple, rest, [plain, keyed, cached, stopped, pooled]]]) => {
    const { kind } = stated._model;
    const argo = kind === 'canary' || kind === 'blue-green';
    const { rolling, traffic, ...apiServer } = props.apiServer!;
    // What most releases do not go with is there at times alone.
    const deploymentProps: BentoDeploymentProps = {
      ...props,
      state: stopped > 8 ? rest.state : undefined,
      exposure: argo && plain > 0 ? router() : door(),
      release: stated,
      ...(plain > 1 && { apiServer: { ...apiServer, ...(argo ? { scaling: simple, size: SMALL } : { traffic }) } }),
      ...(pooled > 6 && { runners: {} }),
      ...(keyed > (kind === 'split' ? 5 : 8) && rest.versionKey !== undefined && { versionKey: rest.versionKey }),
      ...(cached > (argo ? 8 : 6) && rest.cache !== undefined && { cache: rest.cache }),
    };
    return { profile, namespace: 'ml', deployments: [{ id: 'Rag', props: deploymentProps }], functions: [] };
  });

/** One function with any release, of which engines of functions carry few. */
export const releasesOfFunctions: fc.Arbitrary<Definition> = fc
  .constantFrom('1.30', '1.36')
  .map((version): Context => ({ version, rich: true, counted: true }))
  .chain((context) =>
    fc.tuple(
      cluster(context.version),
      scaleToZero(context, 'f').chain(({ id, props }) => {
        const subject = { bento: props.bento, context, pools: reached(props.bento) };
        const next = retagged(props.bento, 'v2');
        const weighted = fc
          .tuple(fc.integer({ min: 0, max: 50 }), fc.boolean())
          .map(([percent, serving]) => Version.weighted(percent, { bento: next, serving }));
        const versions = fc.dictionary(key, weighted, { minKeys: 1, maxKeys: 2, noNullPrototype: true });
        return fc
          .oneof(
            { weight: 1, arbitrary: release(subject) },
            { weight: 3, arbitrary: versions.map((stated) => Release.split({ versions: stated })) },
          )
          .map((stated) => {
            const knative = props.engine?._kind === 'knative';
            // Revisions are called after the key, and the interceptor tells versions apart by what Envoy Gateway says.
            const told = knative
              ? { versionKey: 'own' }
              : { exposure: Exposure.gateway({ hosts: ['f.example.com'], gateway: GATEWAYS[0] }) };
            return { id, props: { ...props, ...told, state: undefined, release: stated } };
          });
      }),
    ),
  )
  .map(([profile, stated]) => ({ profile, namespace: 'ml', deployments: [], functions: [stated] }));

/** Why a definition is refused; undefined where it is not. */
export function refusalOf(definition: Definition): Error | undefined {
  try {
    synthesizeDefinition(definition);
    return undefined;
  } catch (thrown) {
    return thrown as Error;
  }
}

/** What a refusal says: a code, the user's property, and where it is. */
export const REFUSAL = /\[[A-Z][A-Za-z]+\] [\s\S]* \(at test\/(Rag|Upscaler)/;

/** Definitions with releases that are taken. What is refused in another way than by name is among them, and fails. */
export const releasedDefinitions: fc.Arbitrary<Definition> = releases.filter((definition) => {
  const refusal = refusalOf(definition);
  return refusal === undefined || !REFUSAL.test(refusal.message);
});
