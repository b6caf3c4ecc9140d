import { Size } from 'cdk8s';
import type { Container, PodSpec } from 'kubernetes-types/core/v1';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  InstanceSize,
  PodContainer,
  Runner,
  RunnerProxy,
  Scaling,
  ScalingMetric,
} from '../../lib';
import { pair } from '../bentos';
import { type Objects, synthesize } from '../tree';

const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 8, metrics: [ScalingMetric.cpu(70)] });

const deploy = (proxy?: RunnerProxy, props: Partial<BentoDeploymentProps> = {}): Objects =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36' }));
    new BentoDeployment(chart, 'Rag', {
      bento: pair(),
      runners: { Embedder: Runner.pool({ scaling, proxy }) },
      ...props,
    });
  });

const IMAGE = 'docker.io/envoyproxy/envoy:distroless-v1.39.3';

describe('the proxy beside a caller', () => {
  const sidecar = (objects: Objects): Container => (objects.pod('rag') as PodSpec).initContainers![0]!;

  // https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
  it('is a native sidecar: there before the server, and until after it', () => {
    const container = sidecar(deploy());
    expect(container).toMatchObject({ name: 'envoy', image: IMAGE, restartPolicy: 'Always' });
    // Its pod ends it once all other containers have ended.
    expect(container.lifecycle).toBeUndefined();
    expect(container.command).toEqual(['/usr/local/bin/envoy']);
    expect(container.args).toEqual([
      ...['--config-path', '/etc/envoy/envoy.yaml', '--concurrency', '1'],
      ...['--disable-hot-restart', '--log-level', 'warn'],
    ]);
  });

  it('keeps the server waiting until it is ready, and is asked all along', () => {
    const get = (path: string) => ({ httpGet: { path, port: 'proxy-status' } });
    expect(sidecar(deploy())).toMatchObject({
      ports: [{ name: 'proxy-status', containerPort: 13_000, protocol: 'TCP' }],
      startupProbe: { ...get('/ready'), periodSeconds: 1, failureThreshold: 60 },
      readinessProbe: get('/ready'),
      livenessProbe: get('/live'),
    });
  });

  it('may do nothing but serve', () => {
    const { securityContext, volumeMounts, resources } = sidecar(deploy());
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
    expect(volumeMounts).toEqual([{ name: 'envoy', mountPath: '/etc/envoy', readOnly: true }]);
    expect(resources).toEqual({ requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } });
  });

  it('reads a ConfigMap, and changes with it', () => {
    const objects = deploy();
    expect(objects.pod('rag').volumes).toContainEqual({ name: 'envoy', configMap: { name: 'rag-envoy' } });
    const checksum = (one: Objects) =>
      one.get('Deployment', 'rag').spec.template.metadata.annotations['cdk8s-bento/proxy-checksum'];
    expect(checksum(objects)).toMatch(/^[0-9a-f]{16}$/);
    const other = deploy(undefined, { apiServer: { traffic: {} }, bento: pair() });
    expect(checksum(other)).toBe(checksum(objects));
    const larger = deploy(RunnerProxy.sidecar({ size: InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1) }) }));
    expect(checksum(larger)).not.toBe(checksum(objects));
    expect(sidecar(larger).resources).toMatchObject({ limits: { memory: '1Gi' }, requests: { cpu: '1' } });
  });

  it('is written without anchors, as people read it', () => {
    const text: string = deploy().get('ConfigMap', 'rag-envoy').data['envoy.yaml'];
    expect(text).not.toMatch(/[&*]a\d/);
  });

  it('is there before other containers that may call', () => {
    const helper = (name: string) => PodContainer.of(name, 'r.example.com/a:1');
    const objects = deploy(undefined, { sidecars: [helper('helper')], initContainers: [helper('first')] });
    expect((objects.pod('rag') as PodSpec).initContainers!.map(({ name }) => name)).toEqual([
      'envoy',
      'helper',
      'first',
    ]);
  });

  it('shares the ports of its pod with no other container', () => {
    const helper = PodContainer.of('helper', 'r.example.com/a:1', { ports: [13_001] });
    expect(() => deploy(undefined, { apiServer: { sidecars: [helper] } })).toThrow(
      '[DuplicateKey] \'apiServer.sidecars\' must state "13001" once',
    );
    expect(() => deploy(RunnerProxy.tier(), { apiServer: { sidecars: [helper] } })).not.toThrow();
  });

  it('is where the server calls, on an address that no other pod reaches', () => {
    const objects = deploy();
    expect(objects.env('rag').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://127.0.0.1:13001');
    expect(objects.behindProxy('rag', 13_001)).toBe('rag-embedder-headless.ml.svc.cluster.local:3000');
  });

  it('finds pods by a Service without an address, those that are ready alone', () => {
    const { spec } = deploy().get('Service', 'rag-embedder-headless');
    expect(spec).toMatchObject({ clusterIP: 'None', ports: [{ port: 3000, targetPort: 3000 }] });
    expect(spec).not.toHaveProperty('publishNotReadyAddresses');
  });
});

describe('a tier of proxies', () => {
  const tier = (objects: Objects): PodSpec => objects.pod('rag-embedder-proxy') as PodSpec;

  it('stands for itself: replicas, a Service, a budget and a policy of its own', () => {
    const objects = deploy(RunnerProxy.tier({ replicas: 3 }));
    expect(objects.get('Deployment', 'rag-embedder-proxy').spec.replicas).toBe(3);
    expect(objects.get('Service', 'rag-embedder-proxy').spec).toMatchObject({
      type: 'ClusterIP',
      ports: [{ port: 3000, targetPort: 3000 }],
    });
    objects.get('PodDisruptionBudget', 'rag-embedder-proxy');
    objects.get('NetworkPolicy', 'rag-embedder-proxy');
    expect(objects.env('rag').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://rag-embedder-proxy:3000');
    expect(objects.pod('rag').initContainers).toBeUndefined();
  });

  it('is let in by the pool, and its callers no longer are', () => {
    const objects = deploy(RunnerProxy.tier());
    const components = (name: string) =>
      objects.peers(name).map(({ podSelector }) => podSelector.matchLabels['app.kubernetes.io/component']);
    expect(components('rag-embedder')).toEqual(['proxy-runner-embedder']);
    expect(components('rag-embedder-proxy')).toEqual(['api-server']);
  });

  it('goes on until nothing can be in flight, for Envoy does not wait itself', () => {
    const { containers, terminationGracePeriodSeconds } = tier(deploy(RunnerProxy.tier()));
    const [{ name, lifecycle, ports }] = containers as [Container];
    expect([name, ports!.map((port) => port.name)]).toEqual(['envoy', ['http', 'proxy-status']]);
    // 10 for endpoints, 25 for connections, and requests of 60 seconds with what they may take beyond.
    const { seconds } = (lifecycle!.preStop as { sleep: { seconds: number } }).sleep;
    expect(seconds).toBe(97);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(seconds);
  });

  it('runs as the user of its image, and mounts nothing but its configuration', () => {
    const { securityContext, volumes, containers } = tier(deploy(RunnerProxy.tier()));
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532, runAsGroup: 65_532 });
    expect(volumes!.map(({ name }) => name)).toEqual(['envoy']);
    expect(containers[0]!.resources).toEqual({
      requests: { cpu: '250m', memory: '256Mi' },
      limits: { memory: '256Mi' },
    });
  });
});
