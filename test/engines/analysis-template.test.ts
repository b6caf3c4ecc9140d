import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EnvVar,
  Gate,
  InstanceSize,
  NoData,
  PrometheusAuthentication,
  SecretRef,
  ServiceAccountRef,
  WebhookHeader,
} from '../../lib';
import { type AnalysisUse, analysisOf, analysisTemplateSpec } from '../../lib/engines/analysis-template';
import { gateQuery } from '../../lib/engines/gate-queries';
import { gateName } from '../../lib/release/gate-model';
import { ADDRESS, cluster, measuredGate, resolved, SERIES, type Surroundings } from '../gates';

const seconds = (count: number) => Duration.seconds(count);
const spec = (gates: Gate[], use: AnalysisUse = 'step', surroundings: Surroundings = {}) =>
  analysisTemplateSpec(
    resolved(gates, { ...surroundings, background: use === 'background' }),
    { series: SERIES, cluster: cluster(surroundings.prometheus) },
    use,
  )!;
// biome-ignore lint/suspicious/noExplicitAny: providers are read by their own paths
type Metric = { readonly [field: string]: any };
const metric = (gate: Gate, use?: AnalysisUse, surroundings?: Surroundings): Metric =>
  spec([gate], use, surroundings).metrics[0]!;
const webhook = (options: object = {}) =>
  Gate.webhook({ name: 'approval', url: 'http://a/', jsonPath: '{$.b}', successValue: 'ok', ...options });
const mine = (options: object) => Gate.prometheusQuery({ name: 'mine', query: 'up', noData: NoData.PAUSE, ...options });

const HASHES = [{ name: 'canary-hash' }, { name: 'stable-hash' }];
const GIVEN = [
  { name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
  { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
];

describe('a template of a step', () => {
  const gate = Gate.latencyRelativeToStable({ noData: NoData.PAUSE });

  // https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
  it('asks Prometheus until the gate has passed often enough in a row', () => {
    expect(spec([gate])).toEqual({
      args: [...HASHES, { name: 'successes-every-60s' }],
      metrics: [
        {
          name: 'latency-relative-to-stable',
          consecutiveErrorLimit: 30,
          consecutiveSuccessLimit: '{{args.successes-every-60s}}',
          count: 1_000_000,
          failureCondition: 'len(result) == 1 && result[0] > 1.1',
          failureLimit: 2,
          inconclusiveLimit: 5,
          initialDelay: '120s',
          interval: '60s',
          provider: { prometheus: { address: ADDRESS, query: gateQuery(measuredGate(gate), SERIES), timeout: 30 } },
          successCondition: 'len(result) == 1 && result[0] <= 1.1',
        },
      ],
    });
  });

  it('is of all gates, with an argument for each interval', () => {
    const { args, metrics } = spec([
      gate,
      Gate.errorRate({ maxRate: 0.1, interval: seconds(30) }),
      Gate.latency({ max: seconds(1) }),
      Gate.job({ name: 'smoke', image: 'smoke:1' }),
      Gate.template('theirs'),
    ]);
    expect(args.slice(2)).toEqual([{ name: 'successes-every-30s' }, { name: 'successes-every-60s' }]);
    expect(metrics.map(({ name }) => name)).toEqual(['latency-relative-to-stable', 'error-rate', 'latency', 'smoke']);
  });

  it('is none, where others have all of it', () => {
    expect(spec([Gate.template('theirs')])).toBeUndefined();
  });

  it('gives errors as much time as measurements without a verdict', () => {
    const limit = (patience: number, interval: number) =>
      metric(Gate.latencyRelativeToStable({ patience, interval: seconds(interval) })).consecutiveErrorLimit;
    // An error is tried again after 10 s, whatever the interval; the least is the default of Argo Rollouts.
    expect([limit(0, 60), limit(1, 60), limit(5, 61), limit(10, 3600)]).toEqual([4, 6, 31, 3600]);
  });
});

describe('a template beside the steps', () => {
  it('has no end, and needs no argument for one', () => {
    const { args, metrics } = spec([Gate.errorRateRelativeToStable()], 'background');
    expect(args).toEqual(HASHES);
    expect(metrics[0]).toMatchObject({ failureLimit: 2, inconclusiveLimit: 5, interval: '60s', initialDelay: '120s' });
    expect(metrics[0]).not.toHaveProperty('count');
    expect(metrics[0]).not.toHaveProperty('consecutiveSuccessLimit');
  });
});

describe('conditions', () => {
  it.each<[Gate, string, string]>([
    [Gate.latency({ max: Duration.millis(1500), noData: NoData.PAUSE }), '<= 1.5', '> 1.5'],
    [Gate.errorRate({ maxRate: 0, noData: NoData.PAUSE }), '<= 0', '> 0'],
    [Gate.saturation({ maxRatio: 0.8, noData: NoData.PAUSE }), '<= 0.8', '> 0.8'],
    [mine({ min: -1 }), '>= -1', '< -1'],
    [mine({ max: 1e-7 }), '<= 1e-7', '> 1e-7'],
  ])('%# say what passes, and what fails', (gate, success, failure) => {
    const one = 'len(result) == 1 && result[0]';
    expect(metric(gate).successCondition).toBe(`${one} ${success}`);
    expect(metric(gate).failureCondition).toBe(`${one} ${failure}`);
  });

  it('of two bounds fail beyond either', () => {
    const one = 'len(result) == 1 &&';
    expect(metric(mine({ min: 0, max: 1 }))).toMatchObject({
      successCondition: `${one} result[0] >= 0 && result[0] <= 1`,
      failureCondition: `${one} result[0] < 0 || ${one} result[0] > 1`,
    });
  });

  it('are an error without a verdict, where that shall end in an abort', () => {
    const number = 'result[len(result) == 1 ? 0 : len(result)]';
    expect(metric(mine({ max: 1, noData: NoData.ABORT }))).toMatchObject({
      successCondition: `${number} <= 1`,
      failureCondition: `${number} > 1`,
    });
  });

  it('of a webhook compare words, or numbers', () => {
    expect(metric(webhook())).toMatchObject({
      successCondition: 'string(result) == "ok"',
      failureCondition: 'string(result) != "ok"',
    });
    expect(metric(webhook({ successValue: 'a"b\\', failureValue: 'no' }))).toMatchObject({
      successCondition: 'string(result) == "a\\"b\\\\"',
      failureCondition: 'string(result) == "no"',
    });
    expect(metric(webhook({ successValue: undefined, min: 0.9, max: 1 }))).toMatchObject({
      successCondition: 'result >= 0.9 && result <= 1',
      failureCondition: 'result < 0.9 || result > 1',
    });
  });
});

describe('Prometheus', () => {
  const secret = SecretRef.named('prometheus');
  const asked = (prometheus: Surroundings['prometheus']) => {
    const { args, metrics } = spec([Gate.latencyRelativeToStable()], 'background', { prometheus });
    const { query, ...provider } = (metrics[0]!.provider as { prometheus: { query: string } }).prometheus;
    expect(query).toContain('rollouts_pod_template_hash');
    return { args: args.slice(2), provider };
  };
  const fromSecret = (name: string, key: string) => ({
    name,
    valueFrom: { secretKeyRef: { key, name: 'prometheus' } },
  });

  it('is asked at its address', () => {
    expect(asked({ address: 'http://prometheus/base//' })).toEqual({
      args: [],
      provider: { address: 'http://prometheus/base', timeout: 30 },
    });
  });

  it('gets headers', () => {
    expect(asked({ headers: { 'X-Scope-OrgID': 'ml', A: 'b' } }).provider).toMatchObject({
      headers: [
        { key: 'A', value: 'b' },
        { key: 'X-Scope-OrgID', value: 'ml' },
      ],
    });
  });

  it('gets a token out of a Secret', () => {
    const authentication = PrometheusAuthentication.bearerToken({ secret, key: 't' });
    expect(asked({ authentication })).toMatchObject({
      args: [fromSecret('secret-prometheus-bearerToken', 't')],
      provider: { headers: [{ key: 'Authorization', value: 'Bearer {{args.secret-prometheus-bearerToken}}' }] },
    });
  });

  it('gets a header out of a Secret, its name too', () => {
    const authentication = PrometheusAuthentication.header({ secret });
    expect(asked({ authentication })).toMatchObject({
      args: [
        fromSecret('secret-prometheus-customAuthHeader', 'header'),
        fromSecret('secret-prometheus-customAuthValue', 'value'),
      ],
      provider: {
        headers: [
          { key: '{{args.secret-prometheus-customAuthHeader}}', value: '{{args.secret-prometheus-customAuthValue}}' },
        ],
      },
    });
  });

  it('is signed in at by a role of AWS', () => {
    const address = 'https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1';
    expect(asked({ address, authentication: PrometheusAuthentication.aws({ region: 'us-east-1' }) })).toEqual({
      args: [],
      provider: { address, authentication: { sigv4: { region: 'us-east-1' } }, timeout: 30 },
    });
  });

  it('gives its Secrets to no template that does not ask it', () => {
    const authentication = PrometheusAuthentication.bearerToken({ secret });
    expect(spec([webhook()], 'background', { prometheus: { authentication } }).args).toEqual(HASHES);
  });
});

// https://argo-rollouts.readthedocs.io/en/stable/analysis/web/
describe('a webhook', () => {
  it('is a request', () => {
    expect(metric(webhook()).provider).toEqual({
      web: { headers: undefined, jsonPath: '{$.b}', method: 'GET', timeoutSeconds: 10, url: 'http://a/' },
    });
  });

  it('has a body, and says what it is', () => {
    const { web } = metric(webhook({ body: '{}' })).provider;
    expect(web).toMatchObject({
      body: '{}',
      headers: [{ key: 'Content-Type', value: 'application/json' }],
      method: 'POST',
    });
    const headers = [WebhookHeader.value('content-type', 'application/vnd.a+json')];
    expect(metric(webhook({ body: '{}', headers })).provider.web.headers).toEqual([
      { key: 'content-type', value: 'application/vnd.a+json' },
    ]);
  });

  it('has headers out of Secrets', () => {
    const headers = [
      WebhookHeader.value('X-A', 'b'),
      WebhookHeader.fromSecret('Authorization', { secret: SecretRef.named('approvals'), key: 'k' }),
    ];
    const { args, metrics } = spec([webhook({ headers })]);
    expect(args).toEqual([
      ...HASHES,
      { name: 'secret-approval-Authorization', valueFrom: { secretKeyRef: { key: 'k', name: 'approvals' } } },
      { name: 'successes-every-60s' },
    ]);
    expect(metrics[0]!.provider).toMatchObject({
      web: {
        headers: [
          { key: 'X-A', value: 'b' },
          { key: 'Authorization', value: '{{args.secret-approval-Authorization}}' },
        ],
      },
    });
  });

  it('is asked at once, where nothing is to be waited for', () => {
    expect(metric(webhook({ initialDelay: seconds(0) }))).not.toHaveProperty('initialDelay');
    expect(metric(webhook({ initialDelay: seconds(5) })).initialDelay).toBe('5s');
  });
});

// https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
describe('a job', () => {
  it('runs once, hardened, with an end', () => {
    const job = metric(Gate.job({ name: 'smoke', image: 'smoke:1' }));
    expect(job).toEqual({
      name: 'smoke',
      failureLimit: 0,
      provider: {
        job: {
          spec: {
            activeDeadlineSeconds: 600,
            backoffLimit: 0,
            podFailurePolicy: {
              rules: [{ action: 'Ignore', onPodConditions: [{ status: 'True', type: 'DisruptionTarget' }] }],
            },
            template: {
              spec: {
                automountServiceAccountToken: false,
                containers: [
                  {
                    name: 'check',
                    image: 'smoke:1',
                    imagePullPolicy: 'IfNotPresent',
                    resources: { limits: { memory: '128Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
                    securityContext: {
                      allowPrivilegeEscalation: false,
                      capabilities: { drop: ['ALL'] },
                      privileged: false,
                      readOnlyRootFilesystem: true,
                    },
                    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
                  },
                ],
                enableServiceLinks: false,
                restartPolicy: 'Never',
                securityContext: {
                  fsGroup: 1034,
                  fsGroupChangePolicy: 'OnRootMismatch',
                  runAsGroup: 1034,
                  runAsNonRoot: true,
                  runAsUser: 1034,
                  seccompProfile: { type: 'RuntimeDefault' },
                },
                volumes: [{ name: 'tmp', emptyDir: {} }],
              },
            },
          },
        },
      },
    });
  });

  it('is what the user says', () => {
    const { spec: job } = metric(
      Gate.job({
        name: 'smoke',
        image: 'smoke',
        command: ['sh'],
        args: ['-c', 'check {{args.canary-hash}}'],
        env: [EnvVar.fromSecret('TOKEN', { secret: SecretRef.named('a'), key: 'k' })],
        size: InstanceSize.named('cpu.1'),
        timeout: Duration.minutes(1),
        retries: 2,
        runAsUser: 5,
        readOnlyRootFilesystem: false,
        serviceAccount: ServiceAccountRef.named('checker'),
        automountServiceAccountToken: true,
        imagePullSecrets: [SecretRef.named('registry')],
      }),
    ).provider.job;
    expect(job).toMatchObject({
      activeDeadlineSeconds: 60,
      backoffLimit: 2,
      template: {
        spec: {
          automountServiceAccountToken: true,
          containers: [
            {
              args: ['-c', 'check {{args.canary-hash}}'],
              command: ['sh'],
              env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { key: 'k', name: 'a' } } }],
              imagePullPolicy: 'Always',
              securityContext: { readOnlyRootFilesystem: false },
            },
          ],
          imagePullSecrets: [{ name: 'registry' }],
          securityContext: { runAsGroup: 5, runAsUser: 5 },
          serviceAccountName: 'checker',
        },
      },
    });
  });
});

describe('a Rollout', () => {
  const gates = resolved([Gate.latencyRelativeToStable(), Gate.errorRate({ maxRate: 0.1, interval: seconds(30) })]);

  it('gives the hashes, and how often the gates of a step must pass', () => {
    expect(analysisOf('rag-gates', gates, { seconds: 300 })).toEqual({
      args: [
        ...GIVEN,
        // From 120 s on: at 120, 150, ... 300, and at 120, 180, 240, 300.
        { name: 'successes-every-30s', value: '7' },
        { name: 'successes-every-60s', value: '4' },
      ],
      templates: [{ templateName: 'rag-gates' }],
    });
  });

  it.each([
    [0, '1'],
    [119, '1'],
    [120, '1'],
    [121, '2'],
    [180, '2'],
    [181, '3'],
    [3600, '59'],
  ])('lets a step last %d s at least', (count, successes) => {
    const { args } = analysisOf('a', resolved([Gate.latencyRelativeToStable()]), { seconds: count });
    expect(args[2]).toEqual({ name: 'successes-every-60s', value: successes });
  });

  it('counts from the shortest delay, for no gate may end early', () => {
    const delayed = (delay: number, name: string) => mine({ name, max: 1, initialDelay: seconds(delay) });
    const { args } = analysisOf('a', resolved([delayed(240, 'a'), delayed(0, 'b')]), { seconds: 300 });
    expect(args[2]).toEqual({ name: 'successes-every-60s', value: '6' });
  });

  it('gives the hashes alone beside the steps', () => {
    expect(analysisOf('rag-background', gates)).toEqual({
      args: GIVEN,
      templates: [{ templateName: 'rag-background' }],
    });
  });

  it('refers to templates of others', () => {
    const theirs = [
      Gate.template('b', { clusterScope: true, args: { service: 'rag' } }),
      Gate.template('a', { args: { host: 'a' } }),
    ];
    expect(analysisOf('rag-gates', resolved(theirs), { seconds: 60 })).toEqual({
      args: [...GIVEN, { name: 'host', value: 'a' }, { name: 'service', value: 'rag' }],
      templates: [{ templateName: 'b', clusterScope: true }, { templateName: 'a' }],
    });
    const both = analysisOf('rag-gates', resolved([...theirs, Gate.latencyRelativeToStable()]), { seconds: 60 });
    expect(both.templates.map(({ templateName }) => templateName)).toEqual(['rag-gates', 'b', 'a']);
  });

  it('gives every argument that a template asks for', () => {
    const names = (args: readonly { name: string; valueFrom?: object }[]) => args.map(({ name }) => name);
    for (const use of ['step', 'background'] as const) {
      const list = [Gate.latencyRelativeToStable(), webhook(), Gate.errorRate({ maxRate: 0.1, interval: seconds(10) })];
      const { args } = analysisOf('a', resolved(list), use === 'step' ? { seconds: 60 } : {});
      expect(names(args)).toEqual(names(spec(list, use).args));
    }
  });
});

describe('any gates', () => {
  const judging = fc.record(
    {
      interval: fc.integer({ min: 10, max: 3600 }).map(seconds),
      failureLimit: fc.integer({ min: 0, max: 100 }),
      noData: fc.constantFrom(NoData.PAUSE, NoData.ABORT),
      patience: fc.integer({ min: 0, max: 1000 }),
    },
    { requiredKeys: [] },
  );
  const limit = fc.double({ min: 1e-9, max: 0.999, noNaN: true });
  const anyGate = (name: string): fc.Arbitrary<Gate> =>
    fc.oneof(
      fc
        .tuple(judging, fc.integer({ min: 30, max: 3600 }), limit)
        .map(([options, window, maxRatio]) =>
          Gate.latencyRelativeToStable({ ...options, maxRatio, window: seconds(window) }),
        ),
      fc.tuple(judging, limit).map(([options, maxRate]) => Gate.errorRate({ ...options, maxRate })),
      fc
        .tuple(judging, limit, fc.integer({ min: 0, max: 3600 }))
        .map(([options, max, delay]) => mine({ ...options, name, max, initialDelay: seconds(delay) })),
      judging.map((options) => webhook({ ...options, name })),
      fc.constant(Gate.job({ name, image: 'smoke:1' })),
    );
  const anyGates = fc
    .tuple(anyGate('a'), anyGate('b'), anyGate('c'))
    .map((gates) => [...new Map(gates.map((gate) => [gateName(gate._model), gate])).values()]);
  const numberOf = (text: string) => Number(/^\d+/.exec(text)![0]);

  it('give what templates ask for, state both conditions, and are written the same each time', () => {
    fc.assert(
      fc.property(anyGates, fc.integer({ min: 0, max: 86_400 }), (gates, length) => {
        const written = spec(gates);
        expect(spec(gates)).toEqual(written);
        const given = new Set(analysisOf('a', resolved(gates), { seconds: length }).args.map(({ name }) => name));
        const asked = [...JSON.stringify(written.metrics).matchAll(/\{\{args\.([^}]+)\}\}/g)].map(([, name]) => name!);
        expect(asked.filter((name) => !given.has(name))).toEqual([]);
        for (const one of written.metrics.filter(({ interval }) => interval !== undefined)) {
          expect([one.successCondition, one.failureCondition, one.count]).not.toContain(undefined);
        }
      }),
    );
  });

  it('last as long as the step, each of them', () => {
    fc.assert(
      fc.property(anyGates, fc.integer({ min: 0, max: 86_400 }), (gates, length) => {
        const { args } = analysisOf('a', resolved(gates), { seconds: length });
        for (const { initialDelay = '0s', interval, consecutiveSuccessLimit } of spec(gates).metrics) {
          if (interval === undefined) continue;
          const passes = Number(args.find(({ name }) => `{{args.${name}}}` === consecutiveSuccessLimit)!.value);
          expect(passes).toBeGreaterThanOrEqual(1);
          expect(numberOf(initialDelay) + (passes - 1) * numberOf(interval)).toBeGreaterThanOrEqual(length);
        }
      }),
    );
  });
});
