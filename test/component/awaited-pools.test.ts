import { Chart, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  Release,
  Runner,
  Scaling,
  ScalingMetric,
  Version,
} from '../../lib';
import { chain, pair } from '../bentos';
import { synthesize } from '../tree';
import { hasPython, waited } from '../waiting';

const auto = (minReplicas: number, maxReplicas: number) =>
  Scaling.auto({ minReplicas, maxReplicas, metrics: [ScalingMetric.cpu(70)] });
const pools = (scaling: Scaling) => ({ Embedder: Runner.pool({ scaling }) });

function deploy(props: Partial<BentoDeploymentProps>) {
  return synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ argoRollouts: {} }));
    new BentoDeployment(chart, 'Rag', { bento: pair(), versionKey: 'v2', ...props });
  });
}

const previous = () => Version.of({ bento: pair(), versionKey: 'v1' });
const waiterOf = (kind: string, props: Partial<BentoDeploymentProps>, name = 'rag'): string[][] =>
  (deploy(props).get(kind, name).spec.template.spec.initContainers ?? [])
    .filter((container: { name: string }) => container.name.startsWith('wait-for-'))
    .map(({ command }: { command: string[] }) => command);
const jobOf = (props: Partial<BentoDeploymentProps>) => {
  const { metrics } = deploy(props).get('AnalysisTemplate', 'rag-before-promotion').spec;
  return metrics.find(({ name }: { name: string }) => name === 'pools').provider.job.spec;
};

describe('pods of a new API server', () => {
  it.each([
    ['the minimum of an autoscaler', auto(3, 9), '3'],
    ['all that are fixed', Scaling.replicas(4), '4'],
    ['one of what somebody else scales', Scaling.unmanaged(), '1'],
  ])('wait for %s', (_, scaling, replicas) => {
    const [command, ...others] = waiterOf('Deployment', {
      runners: pools(scaling),
      release: Release.rolling({ previous: previous() }),
    });
    expect(others).toEqual([]);
    expect(command!.slice(3)).toEqual(['rag-embedder-v2-headless.ml.svc.cluster.local', replicas, expect.any(String)]);
  });

  it('wait for no more during a release than after it: they stay', () => {
    const during = waiterOf('Rollout', {
      runners: pools(auto(2, 8)),
      release: Release.blueGreen({ previous: previous() }),
    });
    const after = waiterOf('Rollout', {
      runners: pools(auto(2, 8)),
      release: Release.blueGreen({ previous: Version.absent() }),
    });
    expect(during).toEqual(after);
    expect(during[0]![4]).toBe('2');
  });

  it('wait for nothing where pools are replaced in place', () => {
    expect(waiterOf('Deployment', {}, 'rag-v2')).toEqual([]);
  });

  it('wait for each pool that they call, and pools for theirs', () => {
    const props = { bento: chain(), release: Release.rolling({ previous: Version.absent() }) };
    const hosts = (name: string) => waiterOf('Deployment', props, name).map(([, , , host]) => host!.split('.')[0]);
    expect(hosts('rag').sort()).toEqual(['rag-encoder-v2-headless', 'rag-reranker-v2-headless']);
    expect(hosts('rag-reranker-v2')).toEqual(['rag-encoder-v2-headless']);
    expect(hosts('rag-encoder-v2')).toEqual([]);
  });
});

describe('a blue-green release', () => {
  it('waits for the maximum of its pools before the promotion, or for what is stated', () => {
    const replicas = (runnerReplicas?: { [service: string]: number }) =>
      jobOf({
        runners: pools(auto(2, 8)),
        release: Release.blueGreen({ previous: previous(), runnerReplicas }),
      }).template.spec.containers[0].args;
    expect(replicas()).toEqual(['rag-embedder-v2-headless.ml.svc.cluster.local', '8']);
    expect(replicas({ Embedder: 5 })).toEqual(['rag-embedder-v2-headless.ml.svc.cluster.local', '5']);
    expect(replicas({ Embedder: 1 })).toEqual(['rag-embedder-v2-headless.ml.svc.cluster.local', '2']);
  });

  it('has no such gate without pools', () => {
    const runners = { Embedder: Runner.url('http://embedder.models:3000') };
    const objects = deploy({ runners, release: Release.blueGreen({ previous: Version.absent() }) });
    expect(objects.of('AnalysisTemplate')).toEqual([]);
    expect(objects.of('Rollout')[0]!.spec.strategy.blueGreen).not.toHaveProperty('prePromotionAnalysis');
  });
});

describe('runnerReplicas', () => {
  const state = (scaling: Scaling, runnerReplicas: { [service: string]: number }) => () => {
    const chart = new Chart(Testing.app(), 'test', { namespace: 'ml' });
    ClusterProfile.set(chart, new ClusterProfile({ argoRollouts: {} }));
    new BentoDeployment(chart, 'Rag', {
      bento: pair(),
      versionKey: 'v2',
      runners: pools(scaling),
      release: Release.blueGreen({ previous: previous(), runnerReplicas }),
    });
  };

  it.each([
    [0, '0'],
    [-1, '-1'],
    [1.5, '1.5'],
    [9, '9'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
  ])('fails on %s', (replicas, text) => {
    expect(state(auto(2, 8), { Embedder: replicas })).toThrow(
      `[OutOfRange] 'release.runnerReplicas.Embedder' must be a whole number from 1 to 8, got ${text} (at test/Rag)`,
    );
  });

  it.each([1, 2, 8])('takes %s', (replicas) => expect(state(auto(2, 8), { Embedder: replicas })).not.toThrow());

  it('fails above a number that is fixed, and takes less', () => {
    expect(state(Scaling.replicas(3), { Embedder: 3 })).not.toThrow();
    expect(state(Scaling.replicas(3), { Embedder: 4 })).toThrow(
      "'release.runnerReplicas.Embedder' must be a whole number from 1 to 3, got 4",
    );
  });

  it.each(['Gateway', 'embedder', 'constructor', '__proto__'])('fails on %s, which is no pool', (service) => {
    const replicas = Object.fromEntries([[service, 2]]);
    expect(state(auto(2, 8), replicas)).toThrow(
      `[UnknownService] 'release.runnerReplicas.${service}' must name a dependency of the Bento, got "${service}"; known are Embedder`,
    );
  });

  it('fails where somebody else scales the pool', () => {
    expect(state(Scaling.unmanaged(), { Embedder: 2 })).toThrow(
      "[ConflictingOptions] 'release.runnerReplicas.Embedder' must not be given together with 'runners.Embedder.scaling'; a scaler of someone else decides over its replicas",
    );
  });
});

// The scripts themselves, by the interpreter that pods have, with a clock and a resolver of the test.
describe.skipIf(!hasPython)('the waiter of a pod', () => {
  const waiter = (replicas: number) => {
    const props = { runners: pools(Scaling.replicas(replicas)), release: Release.rolling({ previous: previous() }) };
    const [command] = waiterOf('Deployment', props);
    return [...command!.slice(0, 5), '10'];
  };
  const host = 'rag-embedder-v2-headless.ml.svc.cluster.local';

  it.each<[string, number, readonly (readonly [number, readonly string[]])[], string]>([
    ['enough from the start', 2, [[0, ['10.0.0.1', '10.0.0.2']]], '0'],
    ['more than enough', 2, [[0, ['10.0.0.1', '10.0.0.2', '10.0.0.3']]], '0'],
    [
      'pods that come one by one',
      3,
      [
        [2, ['10.0.0.1']],
        [4, ['10.0.0.1', '10.0.0.2']],
        [7, ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
      ],
      '7',
    ],
    ['an address that is told more than once', 2, [[0, ['10.0.0.1', '10.0.0.1']]], '11'],
    ['fewer for longer than its patience', 2, [[0, ['10.0.0.1']]], '11'],
    ['a first one after its patience', 2, [[50, ['10.0.0.1']]], '50'],
    [
      'one that goes again',
      2,
      [
        [0, ['10.0.0.1']],
        [5, []],
        [20, ['10.0.0.1']],
      ],
      '20',
    ],
    ['nobody', 1, [], 'still waiting'],
  ])('knows %s', (_, replicas, known, seconds) => {
    expect(waited(waiter(replicas), { [host]: known })).toBe(seconds);
  });
});

describe.skipIf(!hasPython)('the gate of pools', () => {
  const props = { bento: chain(), release: Release.blueGreen({ previous: Version.absent() }) };
  const [encoder, reranker] = ['encoder', 'reranker'].map((pool) => `rag-${pool}-v2-headless.ml.svc.cluster.local`) as [
    string,
    string,
  ];
  const gate = () => {
    const [{ command, args }] = jobOf({
      ...props,
      runners: {
        Encoder: Runner.pool({ scaling: Scaling.replicas(2) }),
        Reranker: Runner.pool({ scaling: Scaling.replicas(1) }),
      },
    }).template.spec.containers;
    return [...command, ...args];
  };

  it.each<[string, number, number, string]>([
    ['both at once', 0, 0, '0'],
    ['one after the other', 5, 9, '9'],
    ['one alone', 3, 1000, 'still waiting'],
  ])('knows %s', (_, first, second, seconds) => {
    const answers = {
      [encoder]: [[first, ['10.0.0.1', '10.0.0.2']]] as const,
      [reranker]: [[second, ['10.0.0.3']]] as const,
    };
    expect(waited(gate(), answers)).toBe(seconds);
  });

  it('has no patience: too few are never enough', () => {
    expect(waited(gate(), { [encoder]: [[0, ['10.0.0.1']]], [reranker]: [[0, ['10.0.0.3']]] })).toBe('still waiting');
  });
});
