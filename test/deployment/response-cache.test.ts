import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  BreakerStatuses,
  CacheSharing,
  CircuitBreaker,
  ClusterProfile,
  type ClusterProfileProps,
  EnvVar,
  Exposure,
  Gateway,
  GatewayImplementation,
  GlobalService,
  HealthCheck,
  InstanceSize,
  LoadBalancing,
  NetworkPeer,
  RateLimit,
  RateUnit,
  ResponseCache,
  type ResponseCacheOptions,
  Retries,
  Runner,
  RunnerProxy,
  RunState,
  SecretRef,
  ServiceAccountRef,
  ServingGateway,
  Tls,
  type TrafficPolicy,
  Warnings,
} from '../../lib';
import { documentsOf } from '../../lib/checks/manifest/model/manifest-object';
import { checkManifests, MANIFEST_RULES } from '../../lib/checks/manifest/rules';
import { pair, single } from '../bentos';
import { type Objects, standardErrorOf, synthesize } from '../tree';

const kept = (options: Partial<ResponseCacheOptions> = {}) => ResponseCache.of({ paths: ['/predict'], ...options });
const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 });

const deploy = (props: Partial<BentoDeploymentProps> = {}, profile: ClusterProfileProps = {}) =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(profile));
    new BentoDeployment(chart, 'Rag', { bento: single(), cache: kept(), ...props });
  });
const configOf = (objects: Objects): string => objects.get('ConfigMap', 'rag-cache-nginx').data['nginx.conf'];
const lines = (objects: Objects, pattern: RegExp): string[] => configOf(objects).match(pattern) ?? [];
const keyOf = (objects: Objects) => /proxy_cache_key "(.*)";/.exec(configOf(objects))![1]!.split('\\n');

const pods = (component: string) => ({
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/instance': 'rag',
  'cdk8s-bento/track': 'main',
});
const CACHE = pods('cache-api-server');
const API_SERVER = pods('api-server');
const monitoring = { prometheus: { address: 'http://prometheus.monitoring:9090' } };

describe('a deployment with a cache', () => {
  it('is reached through it under the same name and port', () => {
    let url = '';
    const objects = synthesize((chart) => {
      const rag = new BentoDeployment(chart, 'Rag', {
        bento: single(),
        cache: kept(),
        apiServer: { servicePort: 80 },
      });
      url = rag.url;
      expect(rag.cache).toMatchObject({ name: 'rag-cache', url: 'http://rag.ml:80', podSelector: CACHE });
      expect(rag.apiServer.podSelector).toEqual(API_SERVER);
    });
    expect(url).toBe('http://rag.ml:80');
    expect(objects.get('Service', 'rag').spec).toMatchObject({
      selector: CACHE,
      ports: [{ name: 'http', port: 80, targetPort: 3000 }],
    });
    expect(objects.get('Service', 'rag-pods').spec.selector).toEqual(API_SERVER);
    expect(objects.get('Service', 'rag-pods-headless').spec).toMatchObject({ clusterIP: 'None', selector: API_SERVER });
  });

  it('has no cache, and no Service more, where none is asked for', () => {
    const objects = deploy({ cache: undefined });
    expect(objects.of('Service').map(({ metadata }) => metadata.name)).toEqual(['rag']);
    expect(objects.of('Deployment').map(({ metadata }) => metadata.name)).toEqual(['rag']);
    expect(objects.get('Service', 'rag').spec.selector).toEqual(API_SERVER);
  });

  it('finds the pods of the API server by their whole name', () => {
    expect(lines(deploy(), /server \S+ resolve/g)).toEqual([
      'server rag-pods-headless.ml.svc.cluster.local:3000 resolve',
    ]);
    const other = deploy({}, { clusterDomain: 'example.internal' });
    expect(configOf(other)).toContain('server rag-pods-headless.ml.svc.example.internal:3000 resolve');
  });

  it('makes a component of the cache as of any other', () => {
    const objects = deploy({ cache: kept({ replicas: 3 }) });
    const { spec } = objects.get('Deployment', 'rag-cache');
    expect(spec).toMatchObject({ replicas: 3, selector: { matchLabels: CACHE } });
    expect(spec.template.metadata.annotations['cdk8s-bento/proxy-checksum']).toMatch(/^[0-9a-f]{16}$/);
    const pod = objects.pod('rag-cache');
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 101, runAsGroup: 101, fsGroup: 101 });
    expect(pod.containers).toHaveLength(1);
    expect(pod.containers[0]).toMatchObject({
      name: 'nginx',
      image: 'docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim',
      resources: { requests: { cpu: '250m', memory: '225Mi', 'ephemeral-storage': '1344Mi' } },
    });
    expect(pod.volumes).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '1344Mi' } },
      { name: 'files', configMap: { name: 'rag-cache-nginx' } },
    ]);
    expect(objects.get('PodDisruptionBudget', 'rag-cache').spec.selector.matchLabels).toEqual(CACHE);
    expect(objects.find('HorizontalPodAutoscaler', 'rag-cache')).toBeUndefined();
    expect(objects.get('HorizontalPodAutoscaler', 'rag').spec.scaleTargetRef.name).toBe('rag');
  });

  it('gives the cache nothing that is of the Bento', () => {
    const objects = deploy({
      env: [EnvVar.value('TOKEN', 'x')],
      files: { '/etc/app.yaml': 'a: 1' },
      nodeSelector: { gpu: 'l4' },
      apiServer: { size: InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(4) }) },
    });
    const pod = objects.pod('rag-cache');
    expect(JSON.stringify(pod)).not.toMatch(/TOKEN|app\.yaml|l4|BENTOML/);
    expect(objects.pod('rag').nodeSelector).toEqual({ gpu: 'l4' });
  });

  it('runs it by an account that is there, whatever that of the API server is', () => {
    const objects = deploy({ apiServer: { serviceAccount: ServiceAccountRef.created({ name: 'weights' }) } });
    const accounts = objects.of('ServiceAccount').map(({ metadata }) => metadata.name);
    expect(objects.pod('rag').serviceAccountName).toBe('weights');
    expect(accounts).toContain(objects.pod('rag-cache').serviceAccountName);
  });

  it('has that account for the proxies before a pool, too', () => {
    const account = (name: string) => ServiceAccountRef.created({ name });
    const objects = deploy({
      bento: pair(),
      cache: undefined,
      apiServer: { serviceAccount: account('a') },
      runners: { Embedder: Runner.pool({ proxy: RunnerProxy.tier(), serviceAccount: account('b') }) },
    });
    const accounts = objects.of('ServiceAccount').map(({ metadata }) => metadata.name);
    expect(accounts).toContain(objects.pod('rag-embedder-proxy').serviceAccountName);
  });

  it('leaves the cache out of what Prometheus scrapes', () => {
    const objects = deploy(
      {},
      { prometheus: { address: 'http://prometheus.monitoring:9090', operatorLabels: { a: 'b' } } },
    );
    expect(objects.of('PodMonitor')).toHaveLength(1);
    expect(JSON.stringify(objects.get('PodMonitor', 'rag'))).not.toContain('cache');
    expect(objects.get('Deployment', 'rag-cache').spec.template.metadata.annotations).not.toHaveProperty([
      'prometheus.io/scrape',
    ]);
  });

  it('asks for the health of the cache, never for that of what is behind it', () => {
    const { readinessProbe, livenessProbe, startupProbe } = deploy().pod('rag-cache').containers[0];
    expect(livenessProbe.httpGet).toEqual({ path: '/', port: 'status' });
    for (const probe of [readinessProbe, startupProbe]) {
      expect(probe.httpGet).toEqual({ path: '/.well-known/cache-health', port: 'http' });
    }
    const exposure = Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/16'] });
    const objects = deploy({ exposure });
    expect(JSON.stringify(objects.all)).toContain('/.well-known/cache-health');
    expect(configOf(objects)).toContain('location = /.well-known/cache-health {');
  });

  it('is sound to the rules that judge folders of manifests', () => {
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'], gateway });
    const { all } = deploy({ bento: pair(), exposure }, monitoring);
    const findings = checkManifests(documentsOf('test.k8s.yaml', all), MANIFEST_RULES);
    expect(findings.map(({ rule, location, text }) => `${rule} ${location}: ${text}`)).toEqual([]);
  });

  it('ends all pods where it is terminated', () => {
    const objects = deploy({ state: RunState.TERMINATED });
    expect(objects.of('Deployment').map(({ spec }) => spec.replicas)).toEqual([0, 0]);
  });

  it('takes over a Service, which leads to the cache from then on', () => {
    const objects = deploy({ apiServer: { adopt: { serviceName: 'legacy', workloadName: 'old' } } });
    expect(objects.get('Service', 'legacy').spec.selector).toEqual(CACHE);
    expect(objects.get('Service', 'rag-pods').spec.selector).toEqual(API_SERVER);
    expect(objects.find('Deployment', 'old')).toBeDefined();
  });

  it('says what the cluster must have', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const { requirements } = new BentoDeployment(chart, 'Rag', { bento: single(), cache: kept() });
    expect(requirements.map(String)).toContain(
      'Kubernetes >= 1.30: a pause before pods stop (lifecycle.preStop.sleep)',
    );
  });
});

describe('doors', () => {
  it('lead to the cache, whose pods they know', () => {
    const exposure = Exposure.several({
      public: Exposure.gateway({ hosts: ['rag.example.com'], gateway }),
      internal: Exposure.networkLoadBalancer({ subnetCidrs: ['10.0.0.0/16'] }),
    });
    const objects = deploy({ exposure });
    const [rule] = objects.get('HTTPRoute', 'rag-public').spec.rules;
    expect(rule.backendRefs).toMatchObject([{ name: 'rag', port: 3000 }]);
    expect(objects.get('Service', 'rag-internal-nlb').spec.selector).toEqual(CACHE);
  });

  it('are called after the deployment, not after the cache', () => {
    const objects = deploy({ exposure: Exposure.gateway({ hosts: ['rag.example.com'], gateway }) });
    expect(objects.find('HTTPRoute', 'rag')).toBeDefined();
    expect(objects.find('BackendTrafficPolicy', 'rag')).toBeDefined();
  });

  it('keep rate limits and tokens, and leave the pods of the API server to the cache', () => {
    const traffic: TrafficPolicy = {
      rateLimit: RateLimit.total(100, RateUnit.SECOND),
      loadBalancing: LoadBalancing.hashByHeader('x-session-id'),
      circuitBreaker: CircuitBreaker.consecutiveErrors({ failures: 7, openFor: Duration.seconds(30) }),
      retries: Retries.connectionFailures({ attempts: 1 }),
    };
    const exposure = Exposure.gateway({
      hosts: ['rag.example.com'],
      gateway,
      tls: Tls.listener('https'),
      authentication: Authentication.bearerTokens(SecretRef.named('tokens'), { clientIdHeader: 'x-client-id' }),
    });
    const objects = deploy({ exposure, apiServer: { traffic } });
    expect(objects.of('SecurityPolicy')).toHaveLength(1);
    const policy = objects.get('BackendTrafficPolicy', 'rag').spec;
    expect(JSON.stringify(policy.rateLimit)).toContain('50');
    expect(policy.loadBalancer.type).toBe('LeastRequest');
    expect(policy.healthCheck).toBeUndefined();
    const config = configOf(objects);
    expect(config).toContain('hash $http_x_session_id consistent;');
    expect(config).toContain('service=http resolve max_fails=7 fail_timeout=30s;');
    expect(config).toContain('proxy_next_upstream_tries 2;');
  });
});

// Doors know nothing of what the cache and the hop behind it go by, and take headers off or refuse them all the same.
describe('headers that a door takes off or refuses', () => {
  const hashed = (name: string): Partial<BentoDeploymentProps> => ({
    apiServer: { traffic: { loadBalancing: LoadBalancing.hashByHeader(name) } },
  });
  const identity = (name: string): Partial<BentoDeploymentProps> => ({ cache: kept({ identityHeaders: [name] }) });
  const open = Exposure.gateway({ hosts: ['rag.example.com'], gateway });
  const standard = Exposure.gateway({
    hosts: ['rag.example.com'],
    gateway: Gateway.standard({ name: 'public', namespace: 'gateways' }),
  });
  const nginx = Exposure.ingressNginx({ hosts: ['rag.example.com'] });
  const tokens = Exposure.gateway({
    hosts: ['rag.example.com'],
    gateway,
    tls: Tls.listener('https'),
    authentication: Authentication.bearerTokens(SecretRef.named('tokens'), { clientIdHeader: 'x-client-id' }),
  });

  it.each([
    [open, hashed('x_a'), "[InvalidName] 'apiServer.traffic.loadBalancing' must be a header without _: Envoy Gateway"],
    [nginx, hashed('x_a'), "[InvalidName] 'apiServer.traffic.loadBalancing' must be a header without _: ingress-nginx"],
    [
      open,
      identity('x_a'),
      "[InvalidName] 'cache.identityHeaders' must be a header without _: Envoy Gateway answers 400",
    ],
    [nginx, identity('x_a'), "[InvalidName] 'cache.identityHeaders' must be a header without _: ingress-nginx drops"],
    [
      tokens,
      hashed('authorization'),
      "[ConflictingOptions] 'apiServer.traffic.loadBalancing' must not be given together with 'exposure.authentication'; the header is gone when a replica",
    ],
    [
      tokens,
      identity('Authorization'),
      "[ConflictingOptions] 'cache.identityHeaders' must not be given together with 'exposure.authentication'; the header is gone when the cache",
    ],
    [
      Exposure.several({ public: tokens }),
      hashed('authorization'),
      "must not be given together with 'exposure.public.authentication'",
    ],
  ])('fail: %#', (exposure, props, message) => {
    expect(() => deploy({ exposure, ...props })).toThrow(message);
  });

  it.each([
    [standard, hashed('x_a')],
    [open, hashed('x-a')],
    [open, identity('authorization')],
    [tokens, hashed('x-client-id')],
    [undefined, hashed('x_a')],
  ])('pass other doors: %#', (exposure, props) => {
    expect(() => deploy({ exposure, ...props })).not.toThrow();
  });

  it('fail through a GlobalService', () => {
    const through = (name: string) =>
      synthesize((chart) => {
        ClusterProfile.set(chart, new ClusterProfile({ gateway }));
        const member = new BentoDeployment(chart, 'Rag', { bento: single(), cache: kept(), ...hashed(name) });
        new GlobalService(chart, 'All', { members: [member], exposure: open });
      });
    expect(() => through('x_a')).toThrow("[InvalidName] 'apiServer.traffic.loadBalancing' must be a header without _");
    expect(() => through('x-a')).not.toThrow();
  });
});

describe('who may connect', () => {
  const peer = (labels: object) => ({ podSelector: { matchLabels: labels } });
  const inside = { podSelector: {} };
  const prometheus = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
  };

  it('is the cache alone, and Prometheus, to the API server', () => {
    const objects = deploy({ exposure: Exposure.gateway({ hosts: ['rag.example.com'], gateway }) }, monitoring);
    const [cache, ...others] = objects.peers('rag');
    expect(cache).toMatchObject(peer(CACHE));
    expect(others).toEqual([prometheus]);
  });

  it('is what comes through doors, inside callers and those who are named, to the cache', () => {
    const allowFrom = [NetworkPeer.cidr('192.0.2.0/24')];
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'], gateway });
    const objects = deploy({ exposure, apiServer: { allowFrom } }, monitoring);
    expect(objects.peers('rag-cache')).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'envoy-gateway-system' } },
        podSelector: {
          matchLabels: {
            'gateway.envoyproxy.io/owning-gateway-name': 'public',
            'gateway.envoyproxy.io/owning-gateway-namespace': 'gateways',
          },
        },
      },
      inside,
      { ipBlock: { cidr: '192.0.2.0/24' } },
    ]);
    expect(JSON.stringify(objects.peers('rag'))).not.toContain('192.0.2.0');
    const ports = objects
      .get('NetworkPolicy', 'rag-cache')
      .spec.ingress.flatMap((rule: { ports: object[] }) => rule.ports);
    expect(ports).toEqual([{ port: 3000, protocol: 'TCP' }]);
  });

  it('is nobody, to the cache, where a door inside the cluster says so', () => {
    const objects = deploy({ exposure: Exposure.inCluster({ allowFrom: [] }) });
    expect(objects.get('NetworkPolicy', 'rag-cache').spec.ingress).toBeUndefined();
    expect(objects.peers('rag')).toHaveLength(1);
  });

  it('is the API server and DNS alone, from the cache', () => {
    const { egress } = deploy().get('NetworkPolicy', 'rag-cache').spec;
    expect(egress).toHaveLength(2);
    expect(egress[1]).toEqual({ to: [peer(API_SERVER)] });
  });

  it('is the pools, from the API server, as without a cache', () => {
    const objects = deploy({ bento: pair() });
    expect(objects.peers('rag-embedder')).toEqual([peer(API_SERVER)]);
  });
});

describe('times', () => {
  const seconds = (objects: Objects, directive: string) =>
    Number(new RegExp(`\\b${directive} (\\d+)s;`).exec(configOf(objects))![1]);

  it('are those of the component, and grow outward', () => {
    const objects = deploy({
      exposure: Exposure.gateway({ hosts: ['rag.example.com'], gateway }),
      apiServer: { traffic: { timeout: Duration.seconds(40) } },
    });
    expect(seconds(objects, 'proxy_read_timeout')).toBe(45);
    expect(seconds(objects, 'proxy_cache_lock_timeout')).toBe(40);
    // 40 s for another's answer, 45 s for one's own.
    const { timeouts } = objects.get('HTTPRoute', 'rag').spec.rules[0];
    expect(timeouts).toEqual({ request: '95s' });
  });

  it('bound the wait for the answer of another to a minute', () => {
    const objects = deploy({ apiServer: { traffic: { timeout: Duration.minutes(10) } } });
    expect(seconds(objects, 'proxy_cache_lock_timeout')).toBe(60);
    expect(seconds(objects, 'proxy_read_timeout')).toBe(605);
  });

  it('let pods end: the cache once doors know, the API server once names are forgotten', () => {
    const objects = deploy({}, { dnsTtl: Duration.seconds(5) });
    const [nginx] = objects.pod('rag-cache').containers;
    expect(nginx.lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } });
    expect(seconds(objects, 'worker_shutdown_timeout')).toBe(125);
    expect(objects.pod('rag-cache').terminationGracePeriodSeconds).toBe(140);
    expect(objects.server('rag').lifecycle).toEqual({ preStop: { sleep: { seconds: 12 } } });
  });

  it('of idle connections shrink outward: API server, cache, door', () => {
    const objects = deploy({ exposure: Exposure.gateway({ hosts: ['rag.example.com'], gateway }) });
    const client = Number(
      /server_tokens off;\s+default_type \S+;\s+keepalive_timeout (\d+)s;/.exec(configOf(objects))![1],
    );
    const upstream = Number(/keepalive_time 24h;\s+keepalive_timeout (\d+)s;\s+}/.exec(configOf(objects))![1]);
    const args: string[] = objects.server('rag').args;
    const server = Number(args[args.indexOf('--timeout-keep-alive') + 1]);
    expect([60, client, upstream, server]).toEqual([60, 75, 90, 105]);
  });

  it('are in the plan, the cache between door and API server', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'], gateway });
    const { timeoutPlan } = new BentoDeployment(chart, 'Rag', { bento: single(), cache: kept(), exposure });
    expect(timeoutPlan.paths[0]!.hops.map(({ kind }) => kind)).toEqual(['client', 'gateway', 'cache', 'api-server']);
  });

  it('never let an outer hop give up before an inner one, nor an inner one close before an outer one', () => {
    const timeout = fc.integer({ min: 1, max: 100_000 }).map((tenths) => Duration.millis(tenths * 100));
    const attempts = fc.integer({ min: 0, max: 10 });
    const exposure = fc.constantFrom(
      Exposure.inCluster(),
      Exposure.gateway({ hosts: ['rag.example.com'], gateway }),
      Exposure.gateway({
        hosts: ['rag.example.com'],
        gateway: Gateway.standard({ name: 'g', namespace: 'g' }),
      }),
    );
    fc.assert(
      fc.property(timeout, attempts, exposure, (timeout, attempts, exposure) => {
        const retries = attempts === 0 ? Retries.never() : Retries.connectionFailures({ attempts });
        const chart = new Chart(new App(), 'test', { namespace: 'ml' });
        const { timeoutPlan } = new BentoDeployment(chart, 'Rag', {
          bento: single(),
          cache: kept(),
          exposure,
          apiServer: { traffic: { timeout, retries } },
        });
        for (const { hops } of timeoutPlan.paths) {
          hops.slice(1).forEach((inner, index) => {
            const outer = hops[index]!;
            const ms = (time: Duration | undefined, otherwise: number) => time?.toMilliseconds() ?? otherwise;
            const waits = outer.attemptTimeout ?? outer.requestTimeout;
            expect(ms(waits, Number.POSITIVE_INFINITY)).toBeGreaterThan(ms(inner.requestTimeout, 0));
            expect(ms(outer.idleTimeout, 0)).toBeLessThan(ms(inner.keepAlive, 1));
            expect(ms(outer.endpointRemoval, 0)).toBeLessThanOrEqual(ms(inner.preStop, 0));
          });
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('answers', () => {
  it('of one version are never given for another', () => {
    const first = keyOf(deploy())[0];
    const generation = (props: Partial<BentoDeploymentProps>) => keyOf(deploy(props))[0];
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(generation({})).toBe(first);
    const bento = Bento.fromImage('registry.example.com/rag:v2', { services: [BentoService.named('Gateway')] });
    expect(generation({ bento })).not.toBe(first);
    expect(generation({ env: [EnvVar.value('MODEL', 'b')] })).not.toBe(first);
    expect(generation({ files: { '/etc/prompt': 'x' } })).not.toBe(first);
    expect(generation({ apiServer: { size: InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(2) }) } })).toBe(
      first,
    );
  });

  it('of pools that changed are others, too', () => {
    const withEnv = (value: string) => {
      const env = [EnvVar.value('WEIGHTS', value)];
      return keyOf(deploy({ bento: pair(), env }))[0];
    };
    expect(withEnv('a')).not.toBe(withEnv('b'));
  });

  it('start from nothing with the configuration', () => {
    const checksum = (props: Partial<BentoDeploymentProps>) =>
      deploy(props).get('Deployment', 'rag-cache').spec.template.metadata.annotations['cdk8s-bento/proxy-checksum'];
    expect(checksum({})).toBe(checksum({}));
    expect(checksum({ cache: kept({ ttl: Duration.minutes(1) }) })).not.toBe(checksum({}));
  });

  it('are told apart by whatever a door tells clients apart by', () => {
    const exposure = Exposure.gateway({
      hosts: ['rag.example.com'],
      gateway,
      tls: Tls.listener('https'),
      authentication: Authentication.apiKeys(SecretRef.named('keys'), { header: 'X-Key', clientIdHeader: 'x_client' }),
    });
    const parts = (sharing: CacheSharing) =>
      keyOf(deploy({ exposure, cache: kept({ sharing, identityHeaders: ['x-tenant'] }) })).slice(2, -1);
    const always = ['$http_content_type', '$http_content_encoding', '$http_accept'];
    expect(parts(CacheSharing.PER_CLIENT)).toEqual([
      ...always,
      '$http_authorization',
      '$http_cookie',
      '$http_x_key',
      '$http_x_tenant',
      '$http_x_client',
    ]);
    expect(parts(CacheSharing.ALL_CLIENTS)).toEqual([...always, '$http_x_tenant']);
  });
});

describe('deployments with caches behind one door', () => {
  const join = (exposure: Exposure, west: Partial<BentoDeploymentProps> = { cache: kept() }) => {
    let east!: BentoDeployment;
    const objects = synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] }));
      east = new BentoDeployment(chart, 'East', { bento: single(), cache: kept() });
      const members = [east, new BentoDeployment(chart, 'West', { bento: single(), ...west })];
      new GlobalService(chart, 'Api', { members, exposure });
    });
    return { objects, east };
  };
  const label = { 'cdk8s-bento/global-service': 'api' };

  it('are reached through them', () => {
    const { objects, east } = join(Exposure.networkLoadBalancer());
    expect(objects.get('Service', 'api').spec.selector).toEqual(label);
    const labels = (name: string) => objects.get('Deployment', name).spec.template.metadata.labels;
    expect(labels('east-cache')).toMatchObject(label);
    expect(labels('east')).not.toMatchObject(label);
    expect(objects.peers('east-cache')).toContainEqual({ ipBlock: { cidr: '10.0.0.0/16' } });
    expect(JSON.stringify(objects.peers('east'))).not.toContain('10.0.0.0');
    expect(objects.pod('east-cache').containers[0].lifecycle.preStop.sleep.seconds).toBe(130);
    const kinds = east.timeoutPlan.paths.map(({ hops }) => hops.map(({ kind }) => kind).join(' '));
    expect(kinds).toContain('client load-balancer cache api-server');
    const cache = east.timeoutPlan.paths[0]!.hops.find(({ kind }) => kind === 'cache')!;
    expect(cache.preStop!.toSeconds()).toBe(130);
  });

  it('tell clients apart as that door does', () => {
    const { objects } = join(
      Exposure.gateway({
        hosts: ['api.example.com'],
        gateway,
        tls: Tls.listener('https'),
        authentication: Authentication.apiKeys(SecretRef.named('keys'), { clientIdHeader: 'x-client-id' }),
      }),
    );
    const config = objects.get('ConfigMap', 'west-cache-nginx').data['nginx.conf'];
    expect(config).toContain('$http_x_api_key\\n$http_x_client_id\\n$request_body');
  });

  it('fail with gRPC', () => {
    const exposure = Exposure.gateway({ hosts: ['api.example.com'], gateway, grpcPort: 3001 });
    expect(() => join(exposure)).toThrow("[NotByEngine] 'exposure.grpcPort'");
  });

  it('fail beside one without', () => {
    expect(() => join(Exposure.inCluster(), {})).toThrow('[MembersDiffer]');
  });
});

describe('a Gateway that goes', () => {
  const through = (cache?: ResponseCache) => () =>
    synthesize((chart) => {
      const edge = new ServingGateway(chart, 'Edge', {
        gatewayClassName: 'envoy-gateway',
        hosts: ['rag.example.com'],
        implementation: GatewayImplementation.envoyGateway({ proxies: 2, drainTimeout: Duration.seconds(100) }),
      });
      const exposure = Exposure.gateway({ hosts: ['rag.example.com'], gateway: edge.gateway });
      new BentoDeployment(chart, 'Rag', { bento: single(), exposure, cache });
    });

  it('must have time for answers through the cache, which take longer', () => {
    expect(through()).not.toThrow();
    expect(through(kept())).toThrow("[TimeoutBelow] 'drainTimeout' of 'edge' must be at least");
  });
});

describe('what nginx cannot do', () => {
  it.each<[string, TrafficPolicy, string]>([
    ['queue', { maxConcurrency: 4, queue: { maxPending: 8 } }, 'nginx has no queue'],
    ['loadBalancing', { loadBalancing: LoadBalancing.latencyAware() }, 'commercial version alone'],
    [
      'loadBalancing.slowStart',
      { loadBalancing: LoadBalancing.roundRobin({ slowStart: Duration.seconds(30) }) },
      'commercial version alone',
    ],
    [
      'loadBalancing.ttl',
      { loadBalancing: LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1) }) },
      'no such directive',
    ],
    ['healthCheck', { healthCheck: HealthCheck.http() }, 'commercial version alone'],
    ['retries.statuses', { retries: Retries.connectionFailures({ statuses: [503] }) }, 'no POST again'],
    [
      'circuitBreaker.statuses',
      { circuitBreaker: CircuitBreaker.consecutiveErrors({ statuses: BreakerStatuses.SERVER_ERRORS }) },
      'no statuses',
    ],
    [
      'circuitBreaker.maxEjectedPercent',
      { circuitBreaker: CircuitBreaker.consecutiveErrors({ maxEjectedPercent: 50 }) },
      'no such directive',
    ],
    ['circuitBreaker.maxConnections', { circuitBreaker: CircuitBreaker.limits({ maxConnections: 9 }) }, 'directive'],
    ['circuitBreaker.maxRequests', { circuitBreaker: CircuitBreaker.limits({ maxRequests: 9 }) }, 'directive'],
  ])('fails with %s', (property, traffic, why) => {
    const failure = () => deploy({ apiServer: { traffic } });
    expect(failure).toThrow(`[NotByEngine] 'apiServer.traffic.${property}'`);
    expect(failure).toThrow(why);
    expect(failure).toThrow('the response cache');
    expect(failure).toThrow('leave it out, or leave out `cache`');
  });

  it('fails on a cookie that it cannot read', () => {
    const traffic = { loadBalancing: LoadBalancing.hashByCookie('session-id', { setByApplication: true }) };
    expect(() => deploy({ apiServer: { traffic } })).toThrow("[InvalidName] 'apiServer.traffic.loadBalancing'");
  });

  // The Authorization header never reaches nginx, so that the key would be the same for all.
  it.each([
    ['bearer tokens', Authentication.bearerTokens(SecretRef.named('tokens'))],
    ['API keys', Authentication.apiKeys(SecretRef.named('keys'))],
    ['JSON Web Tokens', Authentication.jwt({ issuer: 'https://id.example.com', jwksUrl: 'https://id.example.com/k' })],
  ])('fails where a door takes off %s, and does not say who the client is', (_, authentication) => {
    const exposure = Exposure.gateway({
      hosts: ['rag.example.com'],
      gateway,
      tls: Tls.listener('https'),
      authentication,
    });
    expect(() => deploy({ exposure })).toThrow(
      "[MissingOption] 'exposure.authentication.clientIdHeader' must be given with `cache`",
    );
    const cache = ResponseCache.of({ paths: ['/predict'], sharing: CacheSharing.ALL_CLIENTS });
    expect(() => deploy({ exposure, cache })).not.toThrow();
  });

  it('fails with gRPC', () => {
    const exposure = Exposure.gateway({ hosts: ['rag.example.com'], gateway, grpcPort: 3001 });
    expect(() => deploy({ exposure })).toThrow("[NotByEngine] 'exposure.grpcPort'");
  });

  it('fails without a namespace, for nginx searches no domains', () => {
    expect(() =>
      synthesize((chart) => new BentoDeployment(chart, 'Rag', { bento: single(), cache: kept() }), {}),
    ).toThrow("[NamespaceNeeded] 'cache'");
  });

  it('fails on limits of rates where no door can count', () => {
    const traffic = { rateLimit: RateLimit.total(100, RateUnit.SECOND) };
    expect(() => deploy({ apiServer: { traffic } })).toThrow("[NotByEngine] 'apiServer.traffic.rateLimit'");
  });

  it('fails on a name that leaves no room for those of the cache and of the pods behind it', () => {
    expect(() => deploy({ name: 'r'.repeat(50) })).toThrow("[InvalidName] 'name'");
    expect(() => deploy({ name: 'r'.repeat(49) })).not.toThrow();
  });

  it('is a warning where a breaker would count statuses', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const rag = new BentoDeployment(chart, 'Rag', {
      bento: single(),
      cache: kept(),
      apiServer: { traffic: { circuitBreaker: CircuitBreaker.consecutiveErrors() } },
    });
    standardErrorOf(() => Testing.synth(chart));
    expect(Warnings.of(rag)).toEqual([expect.stringContaining('[BreakerCountsNoStatus]')]);
  });
});

describe('the paths of a cache', () => {
  const warned = (options: { routes?: string[]; pathPrefix?: string }, paths: string[]) => {
    const app = new App();
    standardErrorOf(() => {
      const services = [BentoService.named('Gateway', { size: InstanceSize.named('cpu.1'), ...options })];
      const bento = single({ services });
      new BentoDeployment(new Chart(app, 'test', { namespace: 'ml' }), 'Rag', { bento, cache: kept({ paths }) });
    });
    return Warnings.of(app).filter((text) => JSON.stringify(text).includes('CachePathUnknown'));
  };

  it.each<[object, string[], number]>([
    [{}, ['/predict'], 0],
    [{ routes: ['/predict'] }, ['/predict'], 0],
    [{ routes: ['/predict'] }, ['/predict', '/predcit'], 1],
    [{ routes: ['/a.b'] }, ['/axb'], 1],
    [{ routes: ['/items/{id}'] }, ['/items/7'], 0],
    [{ routes: ['/predict'], pathPrefix: '/v1' }, ['/v1/predict'], 0],
    [{ routes: ['/predict'], pathPrefix: '/v1' }, ['/predict'], 1],
    [{ pathPrefix: '/v1' }, ['/v1/predict', '/v1'], 0],
    [{ pathPrefix: '/v1' }, ['/predict', '/v10/predict'], 2],
  ])('of %j and %j are warned of %d times', (options, paths, count) => {
    expect(warned(options, paths)).toHaveLength(count);
  });

  it.each(['/v1/readyz', '/v1/livez', '/v1/healthz', '/v1/metrics'])('fails on %s behind a prefix', (path) => {
    expect(() => warned({ pathPrefix: '/v1' }, [path])).toThrow(`[ReservedPath] 'paths' must not be "${path}": probes`);
    expect(() => warned({ pathPrefix: '/v2' }, [path])).not.toThrow();
  });
});
