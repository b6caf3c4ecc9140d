import { Chart, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  InstanceSize,
  Runner,
  RunnerPool,
  type RunnerPoolOptions,
  RunnerProxy,
  RunState,
  Scaling,
  ServiceAccountRef,
} from '../../lib';
import { chain, pair } from '../bentos';
import type { Body } from '../cluster/client';
import { type Objects, synthesize, synthesizeApp } from '../tree';

const SELECTOR = {
  'app.kubernetes.io/component': 'runner-embedder',
  'app.kubernetes.io/instance': 'rag',
  'cdk8s-bento/track': 'main',
};
const CALLER = { ...SELECTOR, 'app.kubernetes.io/component': 'api-server' };
const PROXY = { ...SELECTOR, 'app.kubernetes.io/component': 'proxy-runner-embedder' };

const deploy = (props: Partial<BentoDeploymentProps> = {}, kubernetesVersion = '1.36') =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', { bento: pair(), ...props });
  });
const through = (proxy: RunnerProxy, options: RunnerPoolOptions = {}, version?: string) =>
  deploy({ runners: { Embedder: Runner.pool({ proxy, ...options }) } }, version);

const pods = (labels: { [key: string]: string }) => ({ podSelector: { matchLabels: labels } });
const proxyBeside = (objects: Objects, name: string): Body =>
  objects.pod(name).initContainers?.find((container: Body) => container.name === 'envoy');
const clusterOf = (objects: Objects, name: string, pool: string): Body =>
  objects.envoy(name).static_resources.clusters.find((cluster: Body) => cluster.name === pool);
/** Whoever may connect to the pods that a policy selects. */
const peersOf = (objects: Objects, name: string) => objects.peers(name);
const checksum = (objects: Objects, name: string) =>
  objects.get('Deployment', name).spec.template.metadata.annotations?.['cdk8s-bento/proxy-checksum'];

describe('a proxy beside the callers of a pool', () => {
  const objects = deploy();

  it('is a native sidecar, which starts before the server and ends after it', () => {
    const proxy = proxyBeside(objects, 'rag');
    expect(proxy).toMatchObject({
      image: 'docker.io/envoyproxy/envoy:distroless-v1.39.3',
      imagePullPolicy: 'IfNotPresent',
      restartPolicy: 'Always',
      resources: {
        limits: { memory: '128Mi' },
        requests: { cpu: '100m', memory: '128Mi' },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        privileged: false,
        readOnlyRootFilesystem: true,
      },
    });
    expect(objects.pod('rag').containers.map((container: Body) => container.name)).toEqual(['bento']);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) expect(proxy[probe]).toBeDefined();
  });

  it('has its configuration from a ConfigMap, read-only', () => {
    const [mount] = proxyBeside(objects, 'rag').volumeMounts;
    expect(mount).toMatchObject({ mountPath: '/etc/envoy', readOnly: true });
    expect(objects.pod('rag').volumes).toContainEqual({ name: mount.name, configMap: { name: 'rag-envoy' } });
    expect(Object.keys(objects.get('ConfigMap', 'rag-envoy').data)).toEqual(['envoy.yaml']);
  });

  it('listens for its own pod alone, but for probes', () => {
    const { listeners } = objects.envoy('rag').static_resources;
    const addresses = listeners.map(({ name, address }: Body) => [name, address.socket_address.address]);
    expect(Object.fromEntries(addresses)).toEqual({ 'rag-embedder': '127.0.0.1', status: '0.0.0.0' });
  });

  it('finds pods by a headless Service, which names those that are ready', () => {
    expect(objects.get('Service', 'rag-embedder-headless')).toMatchObject({
      metadata: { namespace: 'ml' },
      spec: {
        clusterIP: 'None',
        ports: [{ name: 'http', port: 3000, protocol: 'TCP', targetPort: 3000 }],
        selector: SELECTOR,
      },
    });
    expect(objects.get('Service', 'rag-embedder-headless').spec).not.toHaveProperty('publishNotReadyAddresses');
    expect(objects.find('Service', 'rag-headless')).toBeUndefined();
    const { address } = clusterOf(objects, 'rag', 'rag-embedder').load_assignment.endpoints[0].lb_endpoints[0].endpoint;
    expect(address.socket_address).toEqual({
      address: 'rag-embedder-headless.ml.svc.cluster.local.',
      port_value: 3000,
    });
  });

  it('restarts its pod when its configuration changes, and only then', () => {
    const changed = deploy({
      runners: {
        Embedder: Runner.pool({ traffic: { maxConcurrency: 8, queue: { maxPending: 80 } }, proxy: RunnerProxy.tier() }),
      },
    });
    expect(checksum(objects, 'rag')).toMatch(/^[0-9a-f]{16}$/);
    expect(checksum(objects, 'rag')).toBe(checksum(deploy(), 'rag'));
    expect(checksum(objects, 'rag-embedder')).toBeUndefined();
    const queued = deploy({
      runners: { Embedder: Runner.pool({ traffic: { maxConcurrency: 10, queue: { maxPending: 80 } } }) },
    });
    expect(checksum(queued, 'rag')).not.toBe(checksum(objects, 'rag'));
    expect(checksum(changed, 'rag')).toBeUndefined();
  });

  it('lets the pods of callers in, and nobody else', () => {
    expect(peersOf(objects, 'rag-embedder')).toEqual([pods(CALLER)]);
  });

  it('waits longer than the pool, and less than its caller', () => {
    const { timeout: own } = objects.config('rag-embedder', 'Embedder').traffic;
    const { timeout: caller } = objects.config('rag', 'Embedder').traffic;
    const listener = objects.envoy('rag').static_resources.listeners.find(({ name }: Body) => name === 'rag-embedder');
    const manager = listener.filter_chains[0].filters[0].typed_config;
    const route = manager.route_config.virtual_hosts[0].routes.at(-1).route;
    const seconds = Number.parseFloat(route.timeout);
    expect(seconds).toBeGreaterThan(own);
    expect(seconds).toBeLessThan(caller * 1.01);
  });

  it('keeps connections for less time than the pods of the pool', () => {
    const { args } = objects.server('rag-embedder');
    const keepAlive = Number(args[args.indexOf('--timeout-keep-alive') + 1]);
    const options = clusterOf(objects, 'rag', 'rag-embedder').typed_extension_protocol_options[
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'
    ].common_http_protocol_options;
    expect(Number.parseFloat(options.idle_timeout)).toBeLessThan(keepAlive);
  });

  it('leads to each pool that its component calls, and is there once', () => {
    const objects = deploy({ bento: chain() });
    const names = (name: string) =>
      objects
        .envoy(name)
        .static_resources.listeners.map((listener: Body) => listener.name)
        .sort();
    expect(names('rag')).toEqual(['rag-encoder', 'rag-reranker', 'status']);
    expect(names('rag-reranker')).toEqual(['rag-encoder', 'status']);
    expect(proxyBeside(objects, 'rag-encoder')).toBeUndefined();
    expect(objects.of('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['rag-envoy', 'rag-reranker-envoy']);
  });

  it('has the size that is stated', () => {
    const size = InstanceSize.of({ cpuCores: 0.5, memory: Size.mebibytes(256) });
    expect(proxyBeside(through(RunnerProxy.sidecar({ size })), 'rag').resources.requests).toEqual({
      cpu: '500m',
      memory: '256Mi',
    });
  });
});

describe('a pool without a proxy', () => {
  it.each([
    ['of Kubernetes 1.28, which has no sidecars', () => deploy({}, '1.28')],
    ['whose replicas stay', () => deploy({ runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(2) }) } })],
    ['that is stated so', () => through(RunnerProxy.direct())],
  ])('%s has its Service, and no trace of an Envoy', (_, make) => {
    const objects = make();
    expect(objects.env('rag').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://rag-embedder:3000');
    expect(objects.of('Service').map(({ metadata }) => metadata.name)).toEqual(['rag', 'rag-embedder']);
    expect(objects.of('ConfigMap')).toEqual([]);
    expect(proxyBeside(objects, 'rag')).toBeUndefined();
    expect(checksum(objects, 'rag')).toBeUndefined();
    expect(peersOf(objects, 'rag-embedder')).toEqual([pods(CALLER)]);
  });
});

describe('a tier of proxies before a pool', () => {
  const objects = through(RunnerProxy.tier({ replicas: 3 }), { servicePort: 8080 });

  it('is a Deployment of its own', () => {
    const { spec } = objects.get('Deployment', 'rag-embedder-proxy');
    expect(spec).toMatchObject({
      replicas: 3,
      selector: { matchLabels: PROXY },
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    const [envoy, ...others] = spec.template.spec.containers;
    expect(others).toEqual([]);
    expect(envoy).toMatchObject({
      name: 'envoy',
      resources: { requests: { cpu: '250m', memory: '256Mi' } },
      securityContext: { readOnlyRootFilesystem: true },
    });
    expect(spec.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532 },
    });
    expect(spec.template.spec).not.toHaveProperty('initContainers');
  });

  it('goes on until nobody can be waiting any more, within its grace period', () => {
    const { containers, terminationGracePeriodSeconds } = objects.pod('rag-embedder-proxy');
    const { seconds } = containers[0].lifecycle.preStop.sleep;
    const { timeout } = objects.config('rag-embedder', 'Embedder').traffic;
    expect(seconds).toBeGreaterThan(10 + timeout);
    expect(terminationGracePeriodSeconds).toBeGreaterThan(seconds);
  });

  it('is what callers call, by its Service', () => {
    expect(objects.env('rag').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://rag-embedder-proxy:3000');
    const { spec } = objects.get('Service', 'rag-embedder-proxy');
    expect(spec).toMatchObject({ selector: PROXY, type: 'ClusterIP' });
    expect(spec.ports).toEqual([expect.objectContaining({ port: 3000, targetPort: 3000 })]);
    expect(proxyBeside(objects, 'rag')).toBeUndefined();
    expect(objects.find('ConfigMap', 'rag-envoy')).toBeUndefined();
  });

  it('calls the pods of the pool at their own port, whatever that of its Service is', () => {
    expect(objects.behindProxy('rag-embedder-proxy', 3000)).toBe('rag-embedder-headless.ml.svc.cluster.local:3000');
    const { listeners } = objects.envoy('rag-embedder-proxy').static_resources;
    expect(listeners[0].address.socket_address.address).toBe('0.0.0.0');
  });

  it('has a budget of its own', () => {
    expect(objects.get('PodDisruptionBudget', 'rag-embedder-proxy').spec).toMatchObject({
      maxUnavailable: '25%',
      selector: { matchLabels: PROXY },
    });
  });

  it('is let in by the pool alone of all, and lets in callers alone', () => {
    expect(peersOf(objects, 'rag-embedder')).toEqual([pods(PROXY)]);
    expect(peersOf(objects, 'rag-embedder-proxy')).toEqual([pods(CALLER)]);
  });

  it('connects to the pool and to DNS, and nowhere else', () => {
    const { egress, policyTypes, podSelector } = objects.get('NetworkPolicy', 'rag-embedder-proxy').spec;
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(podSelector).toEqual({ matchLabels: PROXY });
    expect(egress.flatMap(({ to }: Body) => to ?? [])).toEqual([pods(SELECTOR)]);
    expect(egress.filter(({ to }: Body) => to === undefined)).toEqual([
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
    ]);
  });

  it('is where callers may go whose egress is restricted', () => {
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier() }) };
    const { egress } = deploy({ runners, apiServer: { allowTo: [] } }).get('NetworkPolicy', 'rag').spec;
    expect(egress.flatMap(({ to }: Body) => to ?? [])).toEqual([pods(PROXY)]);
  });

  it('is scaled to nothing with its deployment', () => {
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier() }) };
    const stopped = deploy({ runners, state: RunState.TERMINATED });
    expect(stopped.get('Deployment', 'rag-embedder-proxy').spec.replicas).toBe(0);
  });

  it('runs as the account of its deployment, which is there for it alone if need be', () => {
    const account = (name: string) => ({ serviceAccount: ServiceAccountRef.created({ name }) });
    const runners = { Embedder: Runner.pool({ proxy: RunnerProxy.tier(), ...account('gpu') }) };
    const names = (props: Partial<BentoDeploymentProps>) => {
      const made = deploy({ runners, ...props });
      expect(made.of('ServiceAccount').map(({ metadata }) => metadata.name)).toContain(
        made.pod('rag-embedder-proxy').serviceAccountName,
      );
      return made
        .of('ServiceAccount')
        .map(({ metadata }) => metadata.name)
        .sort();
    };
    expect(names({ apiServer: account('front') })).toEqual(['front', 'gpu', 'rag']);
    expect(names({ apiServer: account('front'), ...account('shared') })).toEqual(['front', 'gpu', 'shared']);
    const none = deploy({ apiServer: account('front'), runners: { Embedder: Runner.pool(account('gpu')) } });
    expect(
      none
        .of('ServiceAccount')
        .map(({ metadata }) => metadata.name)
        .sort(),
    ).toEqual(['front', 'gpu']);
  });

  it('needs a kubelet that can wait', () => {
    expect(() => through(RunnerProxy.tier(), {}, '1.29')).toThrow(
      "[NeedsKubernetes] 'runners.Embedder.proxy' must not be used below Kubernetes 1.30",
    );
  });
});

describe('a pool that deployments share', () => {
  const shared = (proxy: RunnerProxy) =>
    synthesizeApp((app) => {
      const models = new Chart(app, 'models', { namespace: 'models' });
      const chart = new Chart(app, 'ml', { namespace: 'ml' });
      ClusterProfile.set(app, new ClusterProfile({ kubernetesVersion: '1.36' }));
      const pool = new RunnerPool(models, 'Embedder', {
        bento: pair(),
        bentoService: 'Embedder',
        proxy,
        traffic: proxy._model.kind === 'direct' ? {} : { maxConcurrency: 16, queue: { maxPending: 60 } },
      });
      for (const [id, replicas] of [
        ['First', 2],
        ['Second', 4],
      ] as const) {
        new BentoDeployment(chart, id, {
          bento: pair(),
          apiServer: { scaling: Scaling.replicas(replicas) },
          runners: { Embedder: Runner.shared(pool) },
        });
      }
    });
  const caller = (instance: string) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ml' } },
    podSelector: { matchLabels: { ...CALLER, 'app.kubernetes.io/instance': instance } },
  });
  const perPod = (objects: Objects, name: string) =>
    clusterOf(objects, name, 'embedder').circuit_breakers.per_host_thresholds[0].max_connections;

  it('has a proxy beside each caller, of which each has its share', () => {
    const objects = shared(RunnerProxy.sidecar());
    for (const name of ['first', 'second']) {
      expect(objects.calls(name)).toBe('Embedder=http://embedder-headless.models.svc.cluster.local:3000');
      // 16 of a pod among 6 proxies.
      expect(perPod(objects, name)).toBe(2);
    }
    expect(peersOf(objects, 'embedder')).toEqual([caller('first'), caller('second')]);
  });

  it('has one tier for all callers, which alone reaches it', () => {
    const objects = shared(RunnerProxy.tier({ replicas: 2 }));
    for (const name of ['first', 'second']) {
      expect(objects.env(name).BENTOML_SERVE_DEPENDS).toBe('Embedder=http://embedder-proxy.models:3000');
    }
    expect(perPod(objects, 'embedder-proxy')).toBe(8);
    expect(peersOf(objects, 'embedder-proxy')).toEqual([caller('first'), caller('second')]);
    expect(peersOf(objects, 'embedder')).toEqual([
      pods({ ...PROXY, 'app.kubernetes.io/component': 'proxy-runner', 'app.kubernetes.io/instance': 'embedder' }),
    ]);
  });

  it('is called by its Service where it is direct', () => {
    const objects = shared(RunnerProxy.direct());
    expect(objects.env('first').BENTOML_SERVE_DEPENDS).toBe('Embedder=http://embedder.models:3000');
    expect(peersOf(objects, 'embedder')).toEqual([caller('first'), caller('second')]);
  });
});
