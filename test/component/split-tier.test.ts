import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  BentoDeployment,
  type BentoDeploymentProps,
  CircuitBreaker,
  ClusterProfile,
  Exposure,
  Gateway,
  HealthCheck,
  InstanceSize,
  LoadBalancing,
  NetworkPeer,
  type PodOptions,
  RequestMatch,
  ResponseCache,
  Retries,
  SecretRef,
  SplitRouter,
  StickyKey,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import type { ComponentModel, SplitProgram } from '../../lib/component/component-model';
import { resolveDoors } from '../../lib/component/doors';
import { entrance } from '../../lib/component/entrance';
import { splitHop } from '../../lib/component/request-path';
import { requireSplitDoors, splitTier } from '../../lib/component/split-tier';
import { ProxyTier } from '../../lib/deployment/proxy-tier';
import { proxyConfig } from '../../lib/engines/proxy';
import type { SplitModel } from '../../lib/release/split-model';
import type { NginxRouterModel } from '../../lib/release/split-router';
import { single } from '../bentos';
import { mirror, split, weight } from '../nginx/split-models';
import { standardErrorOf } from '../tree';

const profile = new ClusterProfile({ kubernetesVersion: '1.36', loadBalancerCidrs: ['10.0.0.0/16'] });
const inside = Exposure.inCluster();

const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 });
const envoy = (options = {}) =>
  Exposure.gateway({
    hosts: ['rag.example.com'],
    gateway,
    tls: Tls.secret(SecretRef.named('tls')),
    ...options,
  });

interface Case {
  readonly model?: SplitModel;
  readonly v2?: Partial<BentoDeploymentProps>;
  readonly traffic?: TrafficPolicy;
  readonly router?: SplitRouter;
  readonly exposure?: Exposure;
  readonly all?: PodOptions;
  readonly namespace?: string;
}

/** Versions as the parts of two deployments, and what shares requests out among them. */
function tierOf({ model = split({ v2: weight(10) }), v2 = {}, traffic, ...rest }: Case = {}) {
  const { router = SplitRouter.nginx(), exposure = inside, all = {}, namespace = 'ml' } = rest;
  const chart = new Chart(new App(), 'test', namespace === '' ? {} : { namespace });
  ClusterProfile.set(chart, profile);
  const deployed = (id: string, props: Partial<BentoDeploymentProps>): ComponentModel => {
    let made!: BentoDeployment;
    standardErrorOf(() => {
      made = new BentoDeployment(chart, id, { bento: single(), ...props });
    });
    return (made.cache ?? made.apiServer)._component;
  };
  const behind = deployed('Rag', { apiServer: { servicePort: 80 } });
  const other = deployed('RagV2', {
    ...(traffic !== undefined && { exposure: envoy(), apiServer: { traffic } }),
    ...v2,
  });
  const keys = model.others.map(({ key }) => key);
  const resolved = splitTier({
    behind,
    versions: [
      { key: 'main', model: behind },
      ...keys.map((key) => ({ key, model: other, prefix: `release.versions.${key}.` })),
    ],
    split: model,
    router: router._model as NginxRouterModel,
    doors: resolveDoors(exposure._model, profile),
    serviceName: 'front',
    all,
    profile,
  });
  return { chart, behind, other, resolved, tier: resolved.model };
}

const upstreams = ({ program }: ComponentModel) => (program as SplitProgram).upstreams();

describe('what shares requests out', () => {
  it('has the Service that is known, and names, labels and a selector of no version', () => {
    const { identity, servicePort } = tierOf({ all: { labels: { team: 'search' } } }).tier;
    expect(identity).toMatchObject({ role: 'split', namespace: 'ml', name: 'rag-split', serviceName: 'front' });
    expect(identity.selector).toEqual({
      'app.kubernetes.io/component': 'split-versions',
      'app.kubernetes.io/instance': 'rag',
      'cdk8s-bento/track': 'main',
    });
    expect(Object.keys(identity.podLabels)).not.toContain('app.kubernetes.io/version');
    expect(servicePort).toBe(80);
  });

  it('has the same selector whichever version is the own one, with a cache and without', () => {
    const { behind, tier } = tierOf();
    const { other } = tierOf({ v2: { name: 'rag', cache: ResponseCache.of({ paths: ['/predict'] }) } });
    const promoted = splitTier({
      behind: { ...other, owner: 'rag', identity: { ...other.identity, version: { key: 'v2', role: 'stable' } } },
      versions: [
        { key: 'main', model: behind },
        { key: 'v2', model: other },
      ],
      split: { own: 'v2', others: [{ key: 'main', share: weight(0) }] },
      router: SplitRouter.nginx()._model as NginxRouterModel,
      doors: [],
      serviceName: 'front',
      all: {},
      profile,
    });
    expect(promoted.model.identity.selector).toEqual(tier.identity.selector);
    expect(promoted.model.identity.workloadName).toBe(tier.identity.workloadName);
  });

  it('finds the pods of each version by their names, in the order of keys', () => {
    const { tier } = tierOf({ model: split({ a: weight(10), v2: weight(5) }) });
    expect(upstreams(tier).map(({ key, cached, upstream: { host, port } }) => [key, cached, host, port])).toEqual([
      ['a', false, 'rag-v2-headless.ml.svc.cluster.local', 3000],
      ['main', false, 'rag-headless.ml.svc.cluster.local', 3000],
      ['v2', false, 'rag-v2-headless.ml.svc.cluster.local', 3000],
    ]);
  });

  it('leads to the cache of a version where it has one', () => {
    const { tier } = tierOf({ v2: { cache: ResponseCache.of({ paths: ['/predict'] }) } });
    const [, v2] = upstreams(tier);
    expect(v2).toMatchObject({ cached: true, upstream: { host: 'rag-v2-headless.ml.svc.cluster.local' } });
  });

  // A request may take 5 s more than the slowest version gives its answer.
  it('waits for the slowest, and closes connections before pods do', () => {
    const { tier, behind, other } = tierOf({ traffic: { timeout: Duration.seconds(300) } });
    expect([behind.answer.total, other.answer.total, tier.answer.total]).toEqual([60, 300, 305]);
    for (const [index, model] of [behind, other].entries()) {
      const { timeouts } = upstreams(tier)[index]!.upstream;
      expect(timeouts.request).toBe(model.answer.total + 5);
      expect(timeouts.connectionIdle).toBe(model.keepAliveSeconds - 15);
      expect(timeouts.connect * 3).toBeLessThanOrEqual(5);
    }
    expect(splitHop(tier)).toMatchObject({
      kind: 'split',
      attemptSeconds: 305,
      timeoutSeconds: 305,
      removalSeconds: 37,
    });
    expect(tier.drain).toStrictEqual({ preStopSeconds: 10, gracefulShutdownSeconds: 305, gracePeriodSeconds: 320 });
  });

  it('is what pods behind it keep connections for', () => {
    const answer = { firstByte: 60, total: 60, silence: 60, streams: false };
    const doors = resolveDoors(Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'] })._model, profile);
    const input = { doors, profile, behindSplit: { name: 'rag-main', inPath: true } } as unknown as Parameters<
      typeof entrance
    >[0];
    // The door is silent for 75 s, the tier keeps its connections for 90 s and closes its own after 105 s.
    expect(entrance(input, answer)).toStrictEqual({ keepAliveSeconds: 120, removalSeconds: 37 });
  });

  it('carries what each version asks of its hop', () => {
    const traffic = {
      loadBalancing: LoadBalancing.hashByHeader('x-session'),
      retries: Retries.connectionFailures({ attempts: 1 }),
    };
    const [main, v2] = upstreams(tierOf({ traffic }).tier);
    expect(v2!.upstream).toMatchObject({
      loadBalancing: { kind: 'hash', by: { kind: 'header', name: 'x-session' } },
      retries: { attempts: 1, statuses: [] },
    });
    expect(main!.upstream).toMatchObject({ loadBalancing: { kind: 'least-request' }, retries: { attempts: 2 } });
  });

  it('is as many and as large as stated', () => {
    const size = InstanceSize.of({ cpuCores: 3, memory: Size.gibibytes(1) });
    const { tier } = tierOf({ router: SplitRouter.nginx({ replicas: 4, size, image: 'r.example.com/nginx:1' }) });
    expect(tier.scaling).toStrictEqual({ kind: 'fixed', replicas: 4 });
    expect(tier.size).toEqual(size._model);
    expect(tier.contract.image.reference).toBe('r.example.com/nginx:1');
    expect((proxyConfig(tier)!.content as Record<string, string>)['nginx.conf']).toContain('worker_processes 3;');
  });

  it('has disk for bodies that are copied', () => {
    expect(tierOf().tier.size.ephemeralStorageBytes).toBeUndefined();
    expect(tierOf({ model: split({ v2: mirror(5) }) }).tier.size.ephemeralStorageBytes).toBe(2624 * 2 ** 20);
  });

  it('emits all that a component has', () => {
    const { chart, resolved } = tierOf({ model: split({ v2: mirror(5) }) });
    const network = {
      incoming: () => [
        [
          { kind: 'client' as const, name: 'client', peers: [NetworkPeer.pods({ labels: { app: 'web' } })._model] },
          splitHop(resolved.model),
        ],
      ],
      to: () => undefined,
      callers: () => [],
    };
    ProxyTier._create(chart, 'split', resolved, network, profile);
    const objects = Testing.synth(chart).filter(({ metadata: { name } }) => /^(rag-split|front)/.test(name));
    expect(objects.map(({ kind, metadata: { name } }) => `${kind}/${name}`).sort()).toEqual([
      'ConfigMap/rag-split-nginx',
      'Deployment/rag-split',
      'NetworkPolicy/rag-split',
      'PodDisruptionBudget/rag-split',
      'Service/front',
    ]);
    const find = (kind: string) => objects.find((object) => object.kind === kind);
    const { template, strategy } = find('Deployment').spec;
    expect(template.metadata.annotations['cdk8s-bento/proxy-checksum']).toMatch(/^[0-9a-f]{16}$/);
    expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
    expect(template.spec.volumes[0]).toEqual({ name: 'tmp', emptyDir: { sizeLimit: '2624Mi' } });
    expect(find('NetworkPolicy').spec.ingress[0].from).toEqual([{ podSelector: { matchLabels: { app: 'web' } } }]);
    expect(find('Service').spec.selector).toEqual(resolved.model.identity.selector);
  });
});

describe('warnings', () => {
  it.each([
    [{ a: weight(1), b: weight(2) }, StickyKey.header('x-user'), 0],
    [{ a: weight(1), b: weight(2), c: weight(0) }, StickyKey.header('x-user'), 1],
    [{ a: weight(1), b: weight(2), c: weight(3) }, undefined, 0],
    [{ a: weight(1), b: weight(2), c: mirror(3) }, StickyKey.header('x-user'), 0],
  ])('are of keys that move for others: %#', (shares, stickyBy, count) => {
    const { warnings } = tierOf({ model: split(shares, stickyBy?._model) }).resolved;
    expect(warnings.map(({ id }) => id)).toEqual(Array(count).fill('SplitMovesKeys'));
    if (count > 0) expect(warnings[0]!.text).toContain('among a, b, c');
  });

  it('are of a breaker that is to count statuses', () => {
    const circuitBreaker = CircuitBreaker.consecutiveErrors({ failures: 5, openFor: Duration.seconds(60) });
    const { warnings } = tierOf({ traffic: { circuitBreaker } }).resolved;
    expect(warnings.map(({ text }) => text)).toEqual([
      expect.stringContaining("'release.versions.v2.apiServer.traffic.circuitBreaker' counts connections"),
    ]);
  });
});

describe('fails', () => {
  it('on what nginx cannot carry to the pods of a version', () => {
    expect(() =>
      tierOf({ v2: { exposure: envoy(), apiServer: { traffic: { healthCheck: HealthCheck.http() } } } }),
    ).toThrow(
      /\[NotByEngine\] 'release\.versions\.v2\.apiServer\.traffic\.healthCheck' .*; leave it out, or share requests out by doors: SplitRouter\.doors\(\)/,
    );
  });

  it('on a cookie that nginx cannot balance by', () => {
    const loadBalancing = LoadBalancing.hashByCookie('a-b', { setByApplication: true });
    expect(() => tierOf({ v2: { exposure: envoy(), apiServer: { traffic: { loadBalancing } } } })).toThrow(
      "[InvalidName] 'release.versions.v2.apiServer.traffic.loadBalancing'",
    );
  });

  it('without a namespace', () => {
    expect(() => tierOf({ namespace: '' })).toThrow('[NamespaceNeeded]');
  });

  it.each([
    [split({ v2: weight(10) }, StickyKey.header('x_user')._model), 'release.stickyBy'],
    [split({ v2: { kind: 'match', match: RequestMatch.header('x_v', '2')._model } }), 'release.versions.v2'],
  ])('on a header that a door does not pass on: %#', (model, property) => {
    expect(() => tierOf({ model, exposure: envoy() })).toThrow(
      `[InvalidName] '${property}' must be a header without _`,
    );
  });

  it('on the header with credentials that a door takes off', () => {
    const authentication = Authentication.apiKeys(SecretRef.named('keys'), { header: 'x-api-key' });
    const model = split({ v2: weight(10) }, StickyKey.header('X-API-Key')._model);
    expect(() => tierOf({ model, exposure: envoy({ authentication }) })).toThrow(
      "[ConflictingOptions] 'release.stickyBy' must not be given together with 'exposure.authentication'",
    );
    const doors = resolveDoors(envoy({ authentication })._model, profile);
    const { tier, behind } = tierOf({ model });
    expect(() => requireSplitDoors(tier, doors)).toThrow("[ConflictingOptions] 'release.stickyBy'");
    expect(() => requireSplitDoors(tier, [])).not.toThrow();
    expect(() => requireSplitDoors(behind, doors)).not.toThrow();
  });

  it('on a disk too small for copies', () => {
    const size = InstanceSize.of({ cpuCores: 1, memory: Size.gibibytes(1), ephemeralStorage: Size.gibibytes(1) });
    expect(() => tierOf({ model: split({ v2: mirror(5) }), router: SplitRouter.nginx({ size }) })).toThrow(
      "[OutOfRange] 'release.router.size.ephemeralStorage' must be at least 2624 MiB",
    );
    expect(() => tierOf({ router: SplitRouter.nginx({ size }) })).not.toThrow();
  });
});
