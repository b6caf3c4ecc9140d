import { App, Chart, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Affinity,
  ClusterProfile,
  EnvVar,
  HostAlias,
  InstanceSize,
  LogLevel,
  PodContainer,
  type PodOptions,
  RunnerPool,
  type RunnerPoolProps,
  RunnerProxy,
  RunState,
  SecretRef,
  Toleration,
} from '../../lib';
import { proxyTier, tierIdentity } from '../../lib/component/tier';
import { pair } from '../bentos';
import { standardErrorOf } from '../tree';

const profile = new ClusterProfile({ kubernetesVersion: '1.36' });

/** A pool that stands alone, and the proxies before it. */
function tierOf(props: Partial<RunnerPoolProps> = {}, all: PodOptions = {}) {
  const chart = new Chart(new App(), 'test', { namespace: 'ml' });
  ClusterProfile.set(chart, profile);
  let pool!: RunnerPool;
  standardErrorOf(() => {
    pool = new RunnerPool(chart, 'Embedder', {
      bento: pair(),
      bentoService: 'Embedder',
      proxy: RunnerProxy.tier(),
      ...props,
    });
  });
  return { pool: pool._component, tier: proxyTier(pool._component, all, profile) };
}

describe('the proxies before a pool', () => {
  it('have names of their own', () => {
    const { identity } = tierOf().tier.model;
    const { name, workloadName, serviceName, scalerName, disruptionBudgetName, networkPolicyName } = identity;
    expect([name, workloadName, serviceName, scalerName, disruptionBudgetName, networkPolicyName]).toEqual(
      Array(6).fill('embedder-proxy'),
    );
    expect(identity).toMatchObject({ role: 'proxy', namespace: 'ml' });
  });

  it('have labels of the deployment, and a component of their own', () => {
    const { pool, tier } = tierOf({ labels: { team: 'search' } });
    const { labels, podLabels, selector } = tier.model.identity;
    expect(selector).toEqual({
      'app.kubernetes.io/component': 'proxy-runner',
      'app.kubernetes.io/instance': 'embedder',
      'cdk8s-bento/track': 'main',
    });
    expect(podLabels).toMatchObject({ ...selector, team: 'search' });
    expect(labels).toEqual(podLabels);
    expect(selector).not.toEqual(pool.identity.selector);
    expect(tierIdentity(pool.identity)).toStrictEqual(tier.model.identity);
  });

  it('have a component of their own, however long that of the pool is', () => {
    const { pool } = tierOf();
    const component = `runner-${'a'.repeat(56)}`;
    const podLabels = { ...pool.identity.podLabels, 'app.kubernetes.io/component': component };
    const { selector } = tierIdentity({ ...pool.identity, podLabels });
    expect(selector['app.kubernetes.io/component']).toMatch(/^proxy-[0-9a-f]{16}$/);
  });

  it('are not selected with a pool that is taken over by labels of its own', () => {
    const adopt = { selector: { app: 'embedder', release: 'old' } };
    const { pool, tier } = tierOf({ adopt });
    expect(pool.identity.selector).toEqual(adopt.selector);
    expect(tier.model.identity.podLabels).not.toMatchObject(adopt.selector);
  });

  it.each([
    [RunnerProxy.tier(), 2],
    [RunnerProxy.tier({ replicas: 5 }), 5],
  ])('are as many as stated: %#', (proxy, replicas) => {
    expect(tierOf({ proxy }).tier.model.scaling).toStrictEqual({ kind: 'fixed', replicas });
  });

  it('are as large as stated, else small', () => {
    expect(tierOf().tier.model.size).toStrictEqual({ cpuCores: 0.25, memoryBytes: 256 * 2 ** 20 });
    const size = InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(1) });
    expect(tierOf({ proxy: RunnerProxy.tier({ size }) }).tier.model.size).toEqual(size._model);
  });

  it('are gone with a pool that is terminated', () => {
    expect(tierOf().tier.model.terminated).toBe(false);
    expect(tierOf({ state: RunState.TERMINATED }).tier.model.terminated).toBe(true);
  });

  // 10 s until endpoints have gone, 10 s in which connections are kept, 15 s in which callers may use one that was idle
  // then, and the longest request with what it may take beyond.
  it.each([
    [60, 97],
    [0.5, 37],
    [300.2, 338],
  ])('go on until the last request of %d s has had its time: %d s', (seconds, preStopSeconds) => {
    const { pool } = tierOf();
    const answer = { firstByte: seconds, total: seconds, silence: seconds, streams: false };
    const { drain } = proxyTier({ ...pool, answer }, {}, profile).model;
    expect(drain).toStrictEqual({
      preStopSeconds,
      gracefulShutdownSeconds: 0,
      gracePeriodSeconds: preStopSeconds + 5,
    });
  });

  it('go on until the last stream has ended', () => {
    const { pool } = tierOf();
    const answer = { firstByte: 60, total: 900, silence: 60, streams: true };
    expect(proxyTier({ ...pool, answer }, {}, profile).model.drain.preStopSeconds).toBe(941);
  });

  it('listen where a pool does, and keep idle connections longer than callers', () => {
    const { servicePort, contract, keepAliveSeconds } = tierOf({ servicePort: 8080 }).tier.model;
    expect(servicePort).toBe(3000);
    expect(contract.ports).toEqual([{ name: 'http', port: 3000 }]);
    expect(keepAliveSeconds).toBe(30);
  });

  it('run the Envoy of the cluster', () => {
    expect(tierOf().tier.model.contract.image).toEqual(profile._model.envoyImage);
  });

  it('take over what is of all pods, and nothing of the Bento or its machines', () => {
    const kept: PodOptions = {
      labels: { team: 'search' },
      annotations: { 'example.com/cost': 'ml' },
      tolerations: [Toleration.exists('dedicated')],
      priorityClassName: 'high',
      imagePullSecrets: [SecretRef.named('registry')],
    };
    const dropped: PodOptions = {
      env: [EnvVar.value('A', 'b')],
      files: { '/etc/app/a': 'b' },
      initContainers: [PodContainer.of('setup', 'registry.example.com/tool:v1')],
      sidecars: [PodContainer.of('log', 'registry.example.com/tool:v1')],
      security: { runAsUser: 1, runAsGroup: 1, readOnlyRootFilesystem: false },
      logging: { level: LogLevel.DEBUG },
      affinity: [Affinity.avoidPods({ labels: { a: 'b' } })],
      runtimeClassName: 'nvidia',
      nodeSelector: { gpu: 'true' },
      hostAliases: [HostAlias.of('10.0.0.1', ['a'])],
      automountServiceAccountToken: true,
    };
    const { pod, contract, wiring, traffic } = tierOf({}, { ...kept, ...dropped }).tier.model;
    expect(pod).toMatchObject({
      annotations: kept.annotations,
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      priorityClassName: 'high',
      imagePullSecrets: ['registry'],
      user: 65_532,
      group: 65_532,
      readOnlyRoot: true,
      automountServiceAccountToken: false,
      nodeSelector: {},
      affinity: [],
      hostAliases: [],
      initContainers: [],
      sidecars: [],
      volumes: [],
      files: [],
    });
    expect(pod.runtimeClassName).toBeUndefined();
    expect(contract).toMatchObject({ env: [], envFrom: [], args: [] });
    expect([wiring, traffic]).toEqual([undefined, {}]);
  });

  it('call nobody by a name', () => {
    expect(tierOf().tier).toMatchObject({ bentoService: 'embedder-proxy', calls: [], sharedPools: [], warnings: [] });
  });
});
