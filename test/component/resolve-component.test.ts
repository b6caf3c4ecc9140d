import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { afterAll, describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  type ComponentOptions,
  EnvFrom,
  EnvVar,
  Gpu,
  InstanceSize,
  Runner,
  Scaling,
  SecretRef,
  Toleration,
  Tracing,
  Warnings,
} from '../../lib';
import { chain, IMAGE, pair, SMALL, single } from '../bentos';
import { type Objects, synthesize } from '../tree';

const deploy = (props: Partial<BentoDeploymentProps> = {}, kubernetesVersion?: string): Objects =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  });
const api = (apiServer: ComponentOptions, kubernetesVersion?: string) => deploy({ apiServer }, kubernetesVersion);
const warnings = (props: Partial<BentoDeploymentProps> = {}) => {
  let found: string[] = [];
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
    found = Warnings.of(chart);
  });
  return found;
};

describe('the serving container', () => {
  it('runs the image as it is: no command, and arguments that are flags', () => {
    const server = deploy().server('rag');
    expect(server).not.toHaveProperty('command');
    expect(server).toMatchObject({ name: 'bento', image: IMAGE, imagePullPolicy: 'IfNotPresent' });
    expect(server.args).toEqual(['--timeout-keep-alive', '75', '--timeout-graceful-shutdown', '60']);
  });

  it('of a pool keeps connections longer than the client of BentoML, 15 s', () => {
    const [flag, seconds] = deploy({ bento: pair() }).server('rag-embedder').args;
    expect(flag).toBe('--timeout-keep-alive');
    expect(Number(seconds)).toBeGreaterThan(15);
  });

  it('writes to /tmp alone: BentoML itself, and the caches of libraries', () => {
    const objects = deploy();
    expect(objects.env('rag')).toMatchObject({
      BENTOML_HOME: '/tmp/bentoml',
      HF_HOME: '/tmp/cache/huggingface',
      XDG_CACHE_HOME: '/tmp/cache',
      TRITON_CACHE_DIR: '/tmp/cache/triton',
      TORCHINDUCTOR_CACHE_DIR: '/tmp/cache/torchinductor',
      BENTOML_DO_NOT_TRACK: 'True',
    });
    expect(objects.server('rag').volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
    expect(objects.pod('rag').volumes).toEqual([{ name: 'tmp', emptyDir: {} }]);
    expect(objects.config('rag', 'Gateway').monitoring).toEqual({ options: { log_path: '/tmp/monitoring' } });
  });

  it('gets neither links of Services nor a token', () => {
    expect(deploy().pod('rag')).toMatchObject({ enableServiceLinks: false, automountServiceAccountToken: false });
  });

  it.each([
    ['registry.example.com/rag', 'Always', 1],
    ['registry.example.com/rag:latest', 'Always', 1],
    ['registry.example.com/rag:v1', 'IfNotPresent', 0],
    [`registry.example.com/rag:latest@sha256:${'a'.repeat(64)}`, 'IfNotPresent', 0],
  ])('of the image %s is pulled %s', (image, policy, count) => {
    const bento = Bento.fromImage(image, { services: [BentoService.named('Gateway', { size: SMALL })] });
    expect(deploy({ bento }).server('rag')).toMatchObject({ image, imagePullPolicy: policy });
    const found = warnings({ bento });
    expect(found).toHaveLength(count);
    for (const text of found) expect(text).toContain('[MutableImageTag] ');
  });
});

describe('probes', () => {
  it('ask /readyz at start and for traffic, /livez for life: 10 s, 6 failures', () => {
    const { startupProbe, readinessProbe, livenessProbe } = deploy().server('rag');
    expect(startupProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'http' });
    expect(livenessProbe).toMatchObject({
      httpGet: { path: '/livez', port: 'http' },
      timeoutSeconds: 10,
      failureThreshold: 6,
    });
  });

  it('move with the prefix of the Bento', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [BentoService.named('Gateway', { size: SMALL, pathPrefix: '/v1' })],
    });
    const { startupProbe, readinessProbe, livenessProbe } = deploy({ bento }).server('rag');
    expect(startupProbe.httpGet.path).toBe('/v1/readyz');
    expect(readinessProbe.httpGet.path).toBe('/v1/readyz');
    expect(livenessProbe.httpGet.path).toBe('/v1/livez');
  });

  it.each([
    [undefined, 600],
    [Duration.seconds(10), 10],
    [Duration.seconds(12), 12],
    [Duration.hours(6), 21_600],
  ])('allow a start of %s, and the rollout more', (timeout, seconds) => {
    const objects = api({ startup: { timeout } });
    const { failureThreshold, periodSeconds } = objects.server('rag').startupProbe;
    expect(failureThreshold * periodSeconds).toBeGreaterThanOrEqual(seconds);
    expect((failureThreshold - 1) * periodSeconds).toBeLessThan(seconds);
    // A node and the pull of an image come on top: Kubernetes' own 600 s would fail every rollout of a large model.
    expect(objects.get('Deployment', 'rag').spec.progressDeadlineSeconds).toBeGreaterThanOrEqual(seconds + 600);
  });

  it.each([Duration.seconds(9), Duration.seconds(21_601), Duration.millis(10_500)])(
    'fails on a start of %s',
    (timeout) => {
      expect(() => api({ startup: { timeout } })).toThrow("[OutOfRange] 'apiServer.startup.timeout'");
    },
  );
});

describe('the end of a pod', () => {
  it('grows from the timeout: wait, bound of requests, grace', () => {
    for (const seconds of [60, 600, 3600]) {
      const objects = api({ traffic: { timeout: Duration.seconds(seconds) } });
      const { lifecycle, args } = objects.server('rag');
      expect(lifecycle.preStop).toEqual({ sleep: { seconds: 10 } });
      expect(args[3]).toBe(String(seconds));
      expect(objects.pod('rag').terminationGracePeriodSeconds).toBeGreaterThan(10 + seconds);
    }
  });

  it.each([
    ['1.27', { exec: { command: ['sleep', '10'] } }],
    ['1.29', { exec: { command: ['sleep', '10'] } }],
    ['1.30', { sleep: { seconds: 10 } }],
    ['1.36', { sleep: { seconds: 10 } }],
  ])('waits in Kubernetes %s by %j', (version, preStop) => {
    expect(api({}, version).server('rag').lifecycle).toEqual({ preStop });
  });

  it('is as stated', () => {
    const drain = { endpointRemoval: Duration.seconds(20), gracefulShutdown: Duration.seconds(30) };
    const objects = api({ drain });
    expect(objects.server('rag').lifecycle.preStop).toEqual({ sleep: { seconds: 20 } });
    expect(objects.server('rag').args.slice(2)).toEqual(['--timeout-graceful-shutdown', '30']);
    expect(objects.pod('rag').terminationGracePeriodSeconds).toBeGreaterThan(50);
    expect(() => api({ drain: { endpointRemoval: Duration.seconds(0) } })).toThrow(
      "[OutOfRange] 'apiServer.drain.endpointRemoval'",
    );
  });
});

describe('sizes', () => {
  const resources = (size: InstanceSize, scaling = Scaling.replicas(2)) =>
    deploy({ apiServer: { size, scaling } }).server('rag').resources;

  it('limit memory and devices to what is requested, and CPU only where that is asked for', () => {
    expect(resources(InstanceSize.of({ cpuCores: 1.5, memory: Size.gibibytes(4) }))).toEqual({
      limits: { memory: '4Gi' },
      requests: { cpu: '1500m', memory: '4Gi' },
    });
    const limited = InstanceSize.of({
      cpuCores: 1,
      cpuLimitCores: 2,
      memory: Size.mebibytes(1536),
      ephemeralStorage: Size.gibibytes(20),
    });
    expect(resources(limited)).toEqual({
      limits: { cpu: '2', memory: '1536Mi', 'ephemeral-storage': '20Gi' },
      requests: { cpu: '1', memory: '1536Mi', 'ephemeral-storage': '20Gi' },
    });
  });

  it.each([
    [Gpu.NVIDIA_L4, 'nvidia.com/gpu', 'nvidia.com/gpu'],
    [Gpu.AMD_MI300X, 'amd.com/gpu', 'amd.com/gpu'],
    [Gpu.AWS_INFERENTIA2, 'aws.amazon.com/neuron', 'aws.amazon.com/neuron'],
    [
      Gpu.of({ name: 'core', resourceName: 'aws.amazon.com/neuroncore' }),
      'aws.amazon.com/neuroncore',
      'aws.amazon.com/neuron',
    ],
    [Gpu.of({ name: 'mig', resourceName: 'nvidia.com/mig-1g.10gb' }), 'nvidia.com/mig-1g.10gb', 'nvidia.com/gpu'],
    [Gpu.of({ name: 'shared', resourceName: 'nvidia.com/gpu.shared' }), 'nvidia.com/gpu.shared', 'nvidia.com/gpu'],
    [Gpu.of({ name: 'tpu', resourceName: 'google.com/tpu' }), 'google.com/tpu', 'google.com/tpu'],
  ])('with %o ask for the device, tolerate its taint and leave its choice to the plugin', (gpu, resource, taint) => {
    const size = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(8), gpu, gpuCount: 2 });
    const objects = deploy({ apiServer: { size, scaling: Scaling.replicas(2) } });
    const { limits, requests } = objects.server('rag').resources;
    expect([limits[resource], requests[resource]]).toEqual(['2', '2']);
    expect(objects.pod('rag').tolerations).toEqual([{ key: taint, operator: 'Exists', effect: 'NoSchedule' }]);
    expect(objects.env('rag').BENTOML_DISABLE_GPU_ALLOCATION).toBe('True');
  });

  it('keep a toleration of the same taint as it is stated', () => {
    const tolerations = [Toleration.withValue('nvidia.com/gpu', 'l4')];
    const apiServer = { size: InstanceSize.named('gpu.l4.1'), scaling: Scaling.replicas(2), tolerations };
    expect(deploy({ apiServer }).pod('rag').tolerations).toEqual([
      { key: 'nvidia.com/gpu', operator: 'Equal', value: 'l4' },
    ]);
  });

  it('give processes of GPU replicas half of the memory to share, and others what is stated', () => {
    const shm = (size: InstanceSize) => {
      const objects = deploy({ apiServer: { size, scaling: Scaling.replicas(2) } });
      const mount = objects.server('rag').volumeMounts.find((m: { name: string }) => m.name === 'shm');
      return [objects.pod('rag').volumes.find((v: { name: string }) => v.name === 'shm')?.emptyDir, mount?.mountPath];
    };
    expect(shm(InstanceSize.named('gpu.l4.1'))).toEqual([{ medium: 'Memory', sizeLimit: '8Gi' }, '/dev/shm']);
    const stated = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(8), sharedMemory: Size.gibibytes(1) });
    expect(shm(stated)).toEqual([{ medium: 'Memory', sizeLimit: '1Gi' }, '/dev/shm']);
    expect(shm(SMALL)).toEqual([undefined, undefined]);
  });

  it('come from the Bento, and from the code where it states one', () => {
    const bento = Bento.fromFile('test/fixtures/bento/text-search', { image: IMAGE });
    const define = (size?: InstanceSize) => deploy({ bento, env: [EnvVar.value('API_KEY', 'k')], apiServer: { size } });
    expect(define().server('rag').resources).toEqual({
      limits: { memory: '256Mi' },
      requests: { cpu: '200m', memory: '256Mi' },
    });
    expect(define().server('rag-embedder').resources.requests).toEqual({ cpu: '500m', memory: '512Mi' });
    expect(define(SMALL).server('rag').resources.requests).toEqual({ cpu: '1', memory: '1Gi' });
  });

  it('are 1 CPU and 2 GiB, with a warning, where nobody states any', () => {
    const bento = Bento.fromImage(IMAGE, { bentoService: 'Gateway' });
    expect(deploy({ bento }).server('rag').resources).toEqual({
      limits: { memory: '2Gi' },
      requests: { cpu: '1', memory: '2Gi' },
    });
    expect(warnings({ bento })).toEqual([expect.stringContaining('[DefaultSize] ')]);
  });

  it('are 1 CPU where the Bento states its memory alone, for else it could not scale', () => {
    const services = [BentoService.named('Gateway', { size: InstanceSize.of({ memory: Size.gibibytes(4) }) })];
    const bento = Bento.fromImage(IMAGE, { services });
    expect(deploy({ bento }).server('rag').resources.requests).toEqual({ cpu: '1', memory: '4Gi' });
    expect(warnings({ bento })).toEqual([expect.stringContaining('[DefaultSize] the Bento states no CPU for rag')]);
  });

  it.each([
    [InstanceSize.of({ cpuCores: 1 }), 'no memory'],
    [InstanceSize.of({ memory: Size.gibibytes(1) }), 'no CPU'],
    [InstanceSize.of({}), 'no CPU and no memory'],
  ])('that lack something are a warning: %#', (size, missing) => {
    const found = warnings({ apiServer: { size, scaling: Scaling.replicas(2) } });
    expect(found).toEqual([expect.stringContaining(`[IncompleteSize] rag requests ${missing}:`)]);
  });
});

describe('resources that no node has', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bento-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const bento = (resources: string) => {
    const services = `[{ name: A, config: { resources: ${resources} } }]`;
    writeFileSync(join(folder, 'bento.yaml'), `{ name: a, version: v1, service: a, services: ${services} }`);
    return Bento.fromFile(folder, { image: IMAGE });
  };

  it.each([
    ['{ gpu: 0.5 }', '[FractionalGpu]'],
    ['{ gpu: 9, gpu_type: nvidia-l4 }', '[MultiNode]'],
    ['{ tpu_type: v5e-1x1 }', '[UnknownGpu]'],
  ])('fails for %s, unless the definition states a size', (resources, code) => {
    const scaling = Scaling.replicas(2);
    expect(() => deploy({ bento: bento(resources), apiServer: { scaling } })).toThrow(code);
    const size = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1), gpu: Gpu.NVIDIA_L4 });
    const objects = deploy({ bento: bento(resources), apiServer: { scaling, size } });
    expect(objects.server('rag').resources.limits).toMatchObject({ 'nvidia.com/gpu': '1' });
  });
});

describe('a service with tasks', () => {
  it('is never two pods, not even in a rollout', () => {
    const bento = Bento.fromImage(IMAGE, { services: [BentoService.named('Work', { hasTasks: true, size: SMALL })] });
    expect(deploy({ bento }).get('Deployment', 'rag').spec.strategy).toEqual({ type: 'Recreate' });
  });
});

describe('a drain that is shorter than the requests', () => {
  it('is a warning', () => {
    const options = (seconds: number) => ({
      traffic: { timeout: Duration.seconds(60) },
      drain: { gracefulShutdown: Duration.seconds(seconds) },
    });
    expect(warnings({ apiServer: options(59) })).toEqual([expect.stringContaining('[DrainShorterThanTimeout]')]);
    expect(warnings({ apiServer: options(60) })).toEqual([]);
  });
});

describe('readiness that includes dependencies', () => {
  it('leaves the start-up alone: a dependency that is down restarts nobody', () => {
    const server = deploy({ bento: pair(), apiServer: { readiness: { includeDependencies: true } } }).server('rag');
    expect(server.startupProbe.httpGet.path).toBe('/livez');
    expect(server.readinessProbe.httpGet.path).toBe('/readyz');
  });
});

describe('a GPU without a stated memory', () => {
  it('has shared memory all the same', () => {
    const size = InstanceSize.of({ cpuCores: 4, gpu: Gpu.NVIDIA_L4 });
    const pod = deploy({ apiServer: { size, scaling: Scaling.replicas(2) } }).pod('rag');
    expect(pod.volumes).toContainEqual({ name: 'shm', emptyDir: { medium: 'Memory' } });
  });
});

describe('all addresses of the node', () => {
  const env = [EnvVar.fromField('HOST_IPS', 'status.hostIPs')];
  const on = (kubernetesVersion: string) =>
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
      new BentoDeployment(chart, 'Rag', { bento: single(), env });
    });

  it('need Kubernetes 1.29', () => {
    expect(on('1.29').server('rag').env).toContainEqual(expect.objectContaining({ name: 'HOST_IPS' }));
    expect(() => on('1.28')).toThrow(
      "[NeedsKubernetes] 'apiServer.env.HOST_IPS' must not be used below Kubernetes 1.29",
    );
  });
});

describe('workers and concurrency', () => {
  const config = (options: ComponentOptions, bento = single()) =>
    deploy({ bento, apiServer: options }).config('rag', 'Gateway');

  it('stay as the code of the Bento says', () => {
    expect(config({})).not.toHaveProperty('workers');
    expect(config({}).traffic).toEqual({ timeout: 60 });
  });

  it.each([1, 1024])('are %d workers where that is stated', (workers) => {
    expect(config({ workers }).workers).toBe(workers);
  });

  it.each([1, 1000])('are %d requests at once where that is stated', (maxConcurrency) => {
    expect(config({ traffic: { maxConcurrency } }).traffic).toEqual({ max_concurrency: maxConcurrency, timeout: 60 });
  });

  it.each([
    [{ workers: 0 }, "'apiServer.workers'"],
    [{ workers: 1025 }, "'apiServer.workers'"],
    [{ workers: 1.5 }, "'apiServer.workers'"],
    [{ traffic: { maxConcurrency: 0 } }, "'apiServer.traffic.maxConcurrency'"],
    [{ traffic: { maxConcurrency: 2.5 } }, "'apiServer.traffic.maxConcurrency'"],
  ])('fails on %j', (options, property) => {
    expect(() => config(options)).toThrow(`[OutOfRange] ${property}`);
  });

  // BentoML would count the cores of the node: nothing limits CPU.
  it.each([
    [InstanceSize.of({ cpuCores: 4, memory: Size.gibibytes(1) }), 4],
    [InstanceSize.of({ cpuCores: 4.9, memory: Size.gibibytes(1) }), 4],
    [InstanceSize.of({ cpuCores: 0.5, memory: Size.gibibytes(1) }), 1],
    [InstanceSize.of({ cpuCores: 2, cpuLimitCores: 8, memory: Size.gibibytes(1) }), 8],
  ])('count the CPU of the size where the Bento says cpu_count: %#', (size, workers) => {
    const search = Bento.fromFile('test/fixtures/bento/search', { image: IMAGE });
    const objects = deploy({
      bento: search,
      runners: { Encoder: Runner.pool({ size }), Reranker: Runner.url('http://rerank:80') },
    });
    expect(objects.config('rag-encoder', 'Encoder').workers).toBe(workers);
  });
});

describe('the port of a Service', () => {
  it.each([1, 80, 65_535])('may be %d, that of the pods stays', (servicePort) => {
    const objects = api({ servicePort });
    expect(objects.get('Service', 'rag').spec.ports[0]).toMatchObject({ port: servicePort, targetPort: 3000 });
    expect(objects.server('rag').ports).toEqual([{ name: 'http', containerPort: 3000, protocol: 'TCP' }]);
    expect(objects.env('rag').BENTOML_PORT).toBe('3000');
  });

  it.each([0, 65_536, 1.5, Number.NaN])('fails on %d', (servicePort) => {
    expect(() => api({ servicePort })).toThrow("[OutOfRange] 'apiServer.servicePort'");
  });
});

describe('required variables', () => {
  const bento = Bento.fromImage(IMAGE, {
    services: [BentoService.named('A', { dependsOn: ['B'], size: SMALL }), BentoService.named('B', { size: SMALL })],
    requiredEnv: ['API_KEY', 'TOKEN'],
  });
  const both = ['API_KEY', 'TOKEN'].map((name) => EnvVar.value(name, ''));

  it('may be set for all, from a source that is not known, or by each', () => {
    expect(() => deploy({ bento, env: both })).not.toThrow();
    expect(() => deploy({ bento, envFrom: [EnvFrom.secret(SecretRef.named('a'))] })).not.toThrow();
    expect(() => deploy({ bento, apiServer: { env: both }, runners: { B: Runner.pool({ env: both }) } })).not.toThrow();
  });

  it('fails where one is missing in one component', () => {
    expect(() => deploy({ bento, apiServer: { env: both } })).toThrow(
      '[RequiredEnv] \'env\' must set "API_KEY", "TOKEN", which the Bento requires, in every pod; missing in rag-b',
    );
    expect(() => deploy({ bento, env: both.slice(1) })).toThrow('must set "API_KEY", which');
  });
});

describe('an exporter of spans that the Bento lacks', () => {
  it('is a warning where its requirements are known', () => {
    const bento = Bento.fromFile('test/fixtures/bento/text-search', { image: IMAGE });
    const props = {
      bento,
      env: [EnvVar.value('API_KEY', 'k')],
      tracing: Tracing.otlp({ endpoint: 'http://otel:4317' }),
    };
    expect(warnings(props).filter((text) => text.startsWith('[TracingExporterMissing]'))).toHaveLength(2);
  });

  it('is none where nobody knows', () => {
    expect(warnings({ tracing: Tracing.zipkin({ endpoint: 'http://zipkin:9411/api/v2/spans' }) })).toEqual([]);
  });
});

describe('rollout, spread and disruption', () => {
  it('starts one more before one goes', () => {
    expect(deploy().get('Deployment', 'rag').spec.strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it('spreads over zones and hosts, as far as there are any', () => {
    const constraints = deploy().pod('rag').topologySpreadConstraints;
    expect(constraints.map(({ topologyKey }: { topologyKey: string }) => topologyKey)).toEqual([
      'topology.kubernetes.io/zone',
      'kubernetes.io/hostname',
    ]);
    for (const constraint of constraints)
      expect(constraint).toMatchObject({ maxSkew: 1, whenUnsatisfiable: 'ScheduleAnyway' });
  });

  it('lets a quarter go at once, and pods that never got ready', () => {
    const objects = deploy({ bento: chain() });
    for (const { spec } of objects.of('PodDisruptionBudget')) {
      expect(spec).toMatchObject({ maxUnavailable: '25%', unhealthyPodEvictionPolicy: 'AlwaysAllow' });
    }
    expect(objects.of('PodDisruptionBudget')).toHaveLength(3);
  });
});
