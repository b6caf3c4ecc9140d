import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  InstanceSize,
  MetricType,
  PrometheusAuthentication,
  type PrometheusOptions,
  Runner,
  RunState,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  Schedule,
  SecretRef,
  TriggerAuthenticationRef,
} from '../../lib';
import { pair, single } from '../bentos';
import { CLUSTER, makeFunction } from '../functions';
import { type Objects, synthesize } from '../tree';

const second = Duration.seconds(1);
const hours = Schedule.businessHours({ timeZone: 'Europe/Berlin' });

const deploy = (props: Partial<BentoDeploymentProps>, cluster: ClusterProfileProps = {}): Objects =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ ...CLUSTER, ...cluster }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
type Options = Partial<Parameters<typeof Scaling.auto>[0]>;
const scaled = (metrics: ScalingMetric[], options: Options = {}, props: Partial<BentoDeploymentProps> = {}) =>
  deploy({ apiServer: { scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 5, metrics, ...options }) }, ...props });
const spec = (metrics: ScalingMetric[], options: Options = {}) =>
  scaled(metrics, options).get('ScaledObject', 'rag').spec;
const trigger = (metric: ScalingMetric) => spec([metric]).triggers[0];
const askedWith = (prometheus: Partial<PrometheusOptions>) =>
  deploy(
    { apiServer: { scaling: Scaling.auto({ maxReplicas: 5, metrics: [ScalingMetric.concurrency(4)] }) } },
    { prometheus: { address: 'http://p:9090', ...prometheus } },
  );

// https://keda.sh/docs/2.21/reference/scaledobject-spec/
describe('a ScaledObject', () => {
  it('has the replicas of the definition and the workload as its target', () => {
    const { triggers, ...rest } = spec([ScalingMetric.concurrency(4)]);
    expect(triggers).toHaveLength(1);
    expect(rest).toEqual({
      advanced: { horizontalPodAutoscalerConfig: { name: 'rag' } },
      fallback: { behavior: 'currentReplicasIfHigher', failureThreshold: 3, replicas: 2 },
      maxReplicaCount: 5,
      minReplicaCount: 2,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' },
    });
  });

  it('takes over the HorizontalPodAutoscaler of its name', () => {
    expect(scaled([ScalingMetric.concurrency(4)]).get('ScaledObject', 'rag').metadata.annotations).toEqual({
      'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
    });
  });

  it('hands the behavior on as a HorizontalPodAutoscaler has it', () => {
    const behavior = ScalingBehavior.oneAtATime({
      scaleUpEvery: Duration.seconds(60),
      scaleDownEvery: Duration.seconds(120),
    });
    expect(spec([ScalingMetric.concurrency(4)], { behavior }).advanced.horizontalPodAutoscalerConfig.behavior).toEqual({
      scaleUp: { selectPolicy: 'Max', policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] },
      scaleDown: {
        selectPolicy: 'Max',
        policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }],
        stabilizationWindowSeconds: 120,
      },
    });
  });

  it.each([1, 3, 5])('falls back to %d replicas, never to none', (fallbackReplicas) => {
    expect(spec([ScalingMetric.concurrency(4)], { fallbackReplicas }).fallback.replicas).toBe(fallbackReplicas);
  });

  // A cron needs nobody's answer, and the count of pods is KEDA's own.
  it('has no fallback where no metric can fail', () => {
    expect(spec([ScalingMetric.schedule(3, hours)])).not.toHaveProperty('fallback');
    expect(spec([ScalingMetric.schedule(3, hours), ScalingMetric.cpu(70)])).not.toHaveProperty('fallback');
    expect(spec([ScalingMetric.schedule(3, hours), ScalingMetric.concurrency(1)])).toHaveProperty('fallback');
  });

  // The annotations of https://keda.sh/docs/2.21/concepts/scaling-deployments/#pausing-autoscaling
  it('is paused at 0 while the deployment is terminated', () => {
    const objects = scaled([ScalingMetric.concurrency(4)], {}, { state: RunState.TERMINATED });
    const { metadata, spec: paused } = objects.get('ScaledObject', 'rag');
    expect(metadata.annotations).toEqual({
      'autoscaling.keda.sh/paused-replicas': '0',
      'scaledobject.keda.sh/transfer-hpa-ownership': 'true',
    });
    expect(paused).toMatchObject({ minReplicaCount: 2, maxReplicaCount: 5 });
  });

  // KEDA refuses a ScaledObject two of whose triggers have one name.
  it('has no two triggers of one name', () => {
    const own = [
      ScalingMetric.concurrency(4),
      ScalingMetric.requestRate(4),
      ScalingMetric.totalRequestRate(4),
      ScalingMetric.latency(second),
      ScalingMetric.latency(second, { percentile: 50 }),
      ScalingMetric.latency(second, { percentile: 99.9 }),
      ScalingMetric.queueLength(4, { inService: 1 }),
    ];
    const metrics = [
      ...own,
      ...own.map((metric) => ScalingMetric.ofApiServer(metric)),
      ScalingMetric.apiServerReplicas(1),
      ScalingMetric.prometheus({ query: 'a', threshold: 1 }),
      ScalingMetric.prometheus({ query: 'b', threshold: 1 }),
      ScalingMetric.schedule(1, hours),
    ];
    const objects = deploy({
      bento: pair(),
      runners: { Embedder: Runner.pool({ scaling: Scaling.auto({ maxReplicas: 9, metrics }) }) },
    });
    const { triggers } = objects.get('ScaledObject', 'rag-embedder').spec;
    const names = triggers.map(({ name }: { name?: string }) => name).filter((name?: string) => name !== undefined);
    expect(names).toHaveLength(2 * own.length + 1);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('triggers', () => {
  it('of a rate are divided by the replicas, of a total and of a mean they are not', () => {
    const types: [ScalingMetric, string, string][] = [
      [ScalingMetric.concurrency(4), 'AverageValue', '4'],
      [ScalingMetric.requestRate(2.5), 'AverageValue', '2.5'],
      [ScalingMetric.queueLength(1, { inService: 2 }), 'AverageValue', '1'],
      [ScalingMetric.totalRequestRate(50), 'Value', '50'],
      [ScalingMetric.latency(Duration.millis(250)), 'Value', '0.25'],
      [ScalingMetric.latency(second, { percentile: 95 }), 'Value', '1'],
    ];
    for (const [metric, metricType, threshold] of types) {
      expect(trigger(metric)).toMatchObject({ type: 'prometheus', metricType, metadata: { threshold } });
    }
  });

  // https://keda.sh/docs/2.21/scalers/prometheus/
  it('of Prometheus take no answer for an error', () => {
    expect(trigger(ScalingMetric.prometheus({ query: 'sum(up)', threshold: 3 }))).toEqual({
      type: 'prometheus',
      metricType: 'AverageValue',
      metadata: {
        ignoreNullValues: 'false',
        query: 'sum(up)',
        serverAddress: 'http://prometheus.monitoring:9090',
        threshold: '3',
      },
    });
  });

  it('of Prometheus may have an activation of 0, and be compared as they are', () => {
    const metric = ScalingMetric.prometheus({
      query: 'up',
      threshold: 0.5,
      activationThreshold: 0,
      metricType: MetricType.VALUE,
    });
    expect(trigger(metric)).toMatchObject({
      metricType: 'Value',
      metadata: { activationThreshold: '0', threshold: '0.5' },
    });
  });

  // https://keda.sh/docs/2.21/scalers/cpu/: metricType Utilization, containerName.
  it.each([
    ['cpu', ScalingMetric.cpu(70), '70'],
    ['memory', ScalingMetric.memory(80), '80'],
  ])('of %s are those of the serving container', (type, metric, value) => {
    expect(spec([metric, ScalingMetric.schedule(1, hours)]).triggers[0]).toEqual({
      type,
      metricType: 'Utilization',
      metadata: { containerName: 'bento', value },
    });
  });

  // https://keda.sh/docs/2.21/scalers/cron/
  it('of hours are crons', () => {
    expect(trigger(ScalingMetric.schedule(3, hours))).toEqual({
      type: 'cron',
      metadata: { desiredReplicas: '3', end: '0 18 * * 1-5', start: '0 8 * * 1-5', timezone: 'Europe/Berlin' },
    });
  });

  // https://keda.sh/docs/2.21/concepts/authentication/
  it.each([
    [TriggerAuthenticationRef.named('aws'), { name: 'aws' }],
    [TriggerAuthenticationRef.ofCluster('aws'), { kind: 'ClusterTriggerAuthentication', name: 'aws' }],
    [undefined, undefined],
  ])('of any scaler carry its settings and sign in: %#', (authentication, authenticationRef) => {
    const metadata = { queueURL: 'https://sqs.us-east-1.amazonaws.com/1/q', awsRegion: 'us-east-1', queueLength: '20' };
    const metric = ScalingMetric.kedaTrigger({ kind: 'aws-sqs-queue', metadata, authentication });
    expect(trigger(metric)).toEqual({
      type: 'aws-sqs-queue',
      metricType: 'AverageValue',
      metadata,
      ...(authenticationRef !== undefined && { authenticationRef }),
    });
  });

  // https://keda.sh/docs/2.21/scalers/kubernetes-workload/
  it('of a ratio count the pods of the API server', () => {
    const scaling = Scaling.auto({ maxReplicas: 9, metrics: [ScalingMetric.apiServerReplicas(0.5)] });
    const objects = deploy({ bento: pair(), runners: { Embedder: Runner.pool({ scaling }) } });
    expect(objects.get('ScaledObject', 'rag-embedder').spec.triggers).toEqual([
      {
        type: 'kubernetes-workload',
        name: 'api-server-replicas',
        metadata: {
          podSelector: 'app.kubernetes.io/component=api-server,app.kubernetes.io/instance=rag,cdk8s-bento/track=main',
          value: '0.5',
        },
      },
    ]);
  });

  it('of the API server ask about its pods, of the pool itself about its own', () => {
    const metrics = [ScalingMetric.concurrency(1), ScalingMetric.ofApiServer(ScalingMetric.concurrency(2))];
    const scaling = Scaling.auto({ maxReplicas: 9, metrics });
    const objects = deploy({ bento: pair(), runners: { Embedder: Runner.pool({ scaling }) } });
    const [own, leading] = objects.get('ScaledObject', 'rag-embedder').spec.triggers;
    expect(own.metadata.query).toContain('app_kubernetes_io_component="runner-embedder"');
    expect(own.metadata.query).not.toContain('"api-server"');
    expect(leading.metadata.query).toContain('app_kubernetes_io_component="api-server"');
    expect(leading.metadata.query).not.toContain('runner-embedder');
    expect([own.name, leading.name]).toEqual(['concurrency', 'api-server-concurrency']);
  });

  it('of a GPU ask the exporter of DCGM', () => {
    const size = InstanceSize.named('gpu.l4.1');
    const scaling = Scaling.auto({ maxReplicas: 4, metrics: [ScalingMetric.gpuUtilization(80)] });
    const [busy] = deploy({ apiServer: { size, scaling } }).get('ScaledObject', 'rag').spec.triggers;
    expect(busy).toMatchObject({ metricType: 'Value', metadata: { threshold: '80' } });
    expect(busy.metadata.query).toContain('DCGM_FI_DEV_GPU_UTIL{exported_namespace="ml"');
  });

  it('have no value but text', () => {
    const metrics = [
      ScalingMetric.concurrency(4),
      ScalingMetric.cpu(70),
      ScalingMetric.schedule(3, hours),
      ScalingMetric.prometheus({ query: 'up', threshold: 1, activationThreshold: 2 }),
    ];
    for (const { metadata } of spec(metrics).triggers) {
      for (const value of Object.values(metadata)) expect(value).toBeTypeOf('string');
    }
  });
});

describe('the requests of a function', () => {
  const made = (props: Parameters<typeof makeFunction>[1] = {}) =>
    makeFunction('keda-http', props).objects.get('ScaledObject', 'upscaler').spec;

  // https://keda.sh/http-add-on/: an external-push trigger on an InterceptorRoute.
  it('wake it by the scaler of the HTTP add-on', () => {
    expect(made().triggers).toEqual([
      {
        type: 'external-push',
        name: 'requests',
        metadata: { interceptorRoute: 'upscaler', scalerAddress: 'keda-add-ons-http-external-scaler.keda:9090' },
      },
    ]);
  });

  it('leave it awake for the idle timeout, and fall back to one replica', () => {
    expect(made()).toMatchObject({ cooldownPeriod: 300, minReplicaCount: 0, maxReplicaCount: 4 });
    expect(made({ idleTimeout: Duration.hours(24) }).cooldownPeriod).toBe(86_400);
    // What never sleeps follows the behavior of its autoscaler.
    expect(made({ minReplicas: 1 })).not.toHaveProperty('cooldownPeriod');
    // A source that hangs would count as idle without it.
    const fallback = { behavior: 'currentReplicasIfHigher', failureThreshold: 3 };
    expect(made().fallback).toEqual({ ...fallback, replicas: 1 });
    expect(made({ minReplicas: 2 }).fallback).toEqual({ ...fallback, replicas: 2 });
  });

  it('go before what else wakes it', () => {
    const metrics = [ScalingMetric.schedule(1, hours), ScalingMetric.cpu(70)];
    expect(made({ metrics }).triggers.map(({ type }: { type: string }) => type)).toEqual([
      'external-push',
      'cron',
      'cpu',
    ]);
  });
});

// https://keda.sh/docs/2.21/scalers/prometheus/#authentication-parameters
describe('signing in at Prometheus', () => {
  const secret = SecretRef.named('prometheus');
  const ask = (authentication: PrometheusAuthentication) => {
    const objects = askedWith({ authentication });
    const [first] = objects.get('ScaledObject', 'rag').spec.triggers;
    return { first, made: objects.of('TriggerAuthentication') };
  };

  it.each([
    [
      'bearer',
      PrometheusAuthentication.bearerToken({ secret }),
      [{ parameter: 'bearerToken', name: 'prometheus', key: 'token' }],
    ],
    [
      'basic',
      PrometheusAuthentication.basic({ secret }),
      [
        { parameter: 'password', name: 'prometheus', key: 'password' },
        { parameter: 'username', name: 'prometheus', key: 'username' },
      ],
    ],
    [
      'custom',
      PrometheusAuthentication.header({ secret }),
      [
        { parameter: 'customAuthHeader', name: 'prometheus', key: 'header' },
        { parameter: 'customAuthValue', name: 'prometheus', key: 'value' },
      ],
    ],
  ])('by a Secret makes a TriggerAuthentication: %s', (mode, authentication, secretTargetRef) => {
    const { first, made } = ask(authentication);
    expect(first.metadata.authModes).toBe(mode);
    expect(first.authenticationRef).toEqual({ name: 'rag-prometheus' });
    expect(made).toHaveLength(1);
    expect(made[0]!.metadata).toMatchObject({ name: 'rag-prometheus', namespace: 'ml' });
    expect(made[0]!.spec).toEqual({ secretTargetRef });
  });

  it('by a role of AWS names the region, too', () => {
    const { first, made } = ask(PrometheusAuthentication.aws({ region: 'us-east-1' }));
    expect(first.metadata.awsRegion).toBe('us-east-1');
    expect(first.metadata).not.toHaveProperty('authModes');
    expect(first.authenticationRef).toEqual({ name: 'rag-prometheus' });
    expect(made.map((object) => object.spec)).toEqual([{ podIdentity: { provider: 'aws' } }]);
  });

  it('by what exists makes nothing', () => {
    const { first, made } = ask(
      PrometheusAuthentication.triggerAuthentication(TriggerAuthenticationRef.ofCluster('p')),
    );
    expect(first.authenticationRef).toEqual({ kind: 'ClusterTriggerAuthentication', name: 'p' });
    expect(made).toEqual([]);
  });

  it('makes nothing where nobody asks', () => {
    const authentication = PrometheusAuthentication.bearerToken({ secret });
    const objects = deploy({}, { prometheus: { address: 'http://p:9090', authentication } });
    expect(objects.of('TriggerAuthentication')).toEqual([]);
  });

  it('is made once for all components', () => {
    const scaling = Scaling.auto({ maxReplicas: 5, metrics: [ScalingMetric.concurrency(4)] });
    const authentication = PrometheusAuthentication.bearerToken({ secret });
    const objects = deploy(
      { bento: pair(), apiServer: { scaling }, runners: { Embedder: Runner.pool({ scaling }) } },
      { prometheus: { address: 'http://p:9090', authentication } },
    );
    expect(objects.of('TriggerAuthentication')).toHaveLength(1);
    for (const object of objects.of('ScaledObject')) {
      expect(object.spec.triggers[0].authenticationRef).toEqual({ name: 'rag-prometheus' });
    }
  });

  it('carries headers that are no secrets, in order', () => {
    const [first] = askedWith({ headers: { 'X-Scope-OrgID': 'ml', Accept: 'a' } }).get('ScaledObject', 'rag').spec
      .triggers;
    expect(first.metadata.customHeaders).toBe('Accept=a,X-Scope-OrgID=ml');
  });

  it.each(['http://p:9090/', 'http://p:9090//'])('asks at %s without the last slash', (address) => {
    const [first] = askedWith({ address }).get('ScaledObject', 'rag').spec.triggers;
    expect(first.metadata.serverAddress).toBe('http://p:9090');
  });

  it('tells clusters apart by the labels that are stated', () => {
    const [first] = askedWith({ queryLabels: { cluster: 'prod' } }).get('ScaledObject', 'rag').spec.triggers;
    expect(first.metadata.query).toContain('cluster="prod"');
  });
});
