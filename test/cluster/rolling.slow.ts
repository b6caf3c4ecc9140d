import { Chart, Size, Testing } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  InstanceSize,
  ReplicaShare,
  type RollingOptions,
  RollingPreset,
  Scaling,
} from '../../lib';
import { type Fenceposts, fenceposts } from '../release/fenceposts';
import { requireTool } from '../tools/require-tool';
import { standardErrorOf } from '../tree';
import type { Body, KubernetesObject } from './client';
import { Cluster } from './cluster';
import { Watch } from './watch';

/** A Deployment, how many replicas it has when it rolls, and what is promised of it. */
interface Case {
  readonly name: string;
  readonly replicas: number;
  readonly rolling: RollingOptions;
  /** Whether an autoscaler owns the replicas. */
  readonly scaled: boolean;
  readonly promise: Fenceposts;
}

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
/** The seed: in thirds, at least one at a time, and never without anybody. */
const thirds = (n: number): Fenceposts =>
  n < 3 ? { surge: 1, unavailable: 0 } : { surge: 0, unavailable: Math.floor(n / 3) };
const quarters = (n: number): Fenceposts => ({ surge: Math.ceil(n / 4), unavailable: Math.floor(n / 4) });
const fifths = (n: number): Fenceposts => ({ surge: 0, unavailable: Math.max(1, Math.floor(n / 5)) });

const preset = (kind: RollingPreset, n: number, promise: Fenceposts, scaled = false): Case => ({
  name: `${kind.toLowerCase()}-${scaled ? 'auto' : 'fixed'}-${n}`,
  replicas: n,
  rolling: { preset: kind },
  scaled,
  promise,
});

const COUNTS = [1, 2, 3, 4, 5, 6, 10];
/** Each rest of a third, small and large; arithmetic is proved for all. */
const AUTOSCALED = [1, 2, 3, 4, 5, 6, 7, 8, 15, 22, 29];
const CASES: Case[] = [
  ...from(1, 30).map((n) => preset(RollingPreset.THIRDS, n, thirds(n))),
  ...AUTOSCALED.map((n) => preset(RollingPreset.THIRDS, n, thirds(n), true)),
  ...COUNTS.map((n) => preset(RollingPreset.ROLLING_UPDATE, n, quarters(n))),
  ...COUNTS.map((n) => preset(RollingPreset.RAMPED_SLOW_ROLLOUT, n, { surge: 1, unavailable: 0 })),
  ...COUNTS.map((n) => preset(RollingPreset.RECREATE, n, { surge: 0, unavailable: n })),
  // One replica in place is an outage: the library refuses it.
  ...COUNTS.filter((n) => n > 1).map((n) => preset(RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT, n, fifths(n))),
  {
    name: 'half-more-fixed-5',
    replicas: 5,
    rolling: { maxSurge: ReplicaShare.percent(50), maxUnavailable: ReplicaShare.percent(0) },
    scaled: false,
    promise: { surge: 3, unavailable: 0 },
  },
];

const TINY = InstanceSize.of({ cpuCores: 0.01, memory: Size.mebibytes(16), ephemeralStorage: Size.mebibytes(16) });

/** The Deployments of all cases with this image, each in a namespace of its own. */
function deployments(tag: string): KubernetesObject[] {
  const app = Testing.app();
  return CASES.map(({ name, replicas, rolling, scaled }) => {
    const chart = new Chart(app, name, { namespace: name });
    let objects: KubernetesObject[] = [];
    standardErrorOf(() => {
      new BentoDeployment(chart, 'Rag', {
        bento: Bento.fromImage(`registry.example.com/rag:${tag}`, {
          services: [BentoService.named('Rag', { size: TINY })],
        }),
        apiServer: {
          rolling,
          scaling: scaled
            ? Scaling.auto({ minReplicas: Math.min(replicas, 3), maxReplicas: 30 })
            : Scaling.replicas(replicas),
        },
        // The first ones need not be waited for.
        annotations: tag === 'v1' ? {} : { 'sim/ready-after': '2s' },
      });
      objects = Testing.synth(chart);
    });
    const deployment = objects.find(({ kind }) => kind === 'Deployment')!;
    // A thousand pods on a small machine: what nothing simulates is left out, and all that decides over a roll-out stays.
    const { template } = deployment.spec;
    const [{ name: container, image }] = template.spec.containers;
    template.spec = { containers: [{ name: container, image }], terminationGracePeriodSeconds: 1 };
    return deployment;
  });
}

/** What was seen of a Deployment while it rolled. */
interface Seen {
  leastReady: number;
  /**
   * Of all its ReplicaSets together: what its controller asked for. They follow each by itself, so that for a moment there
   * are pods of the new one while those of the old one are yet to be told.
   */
  mostWanted: number;
}

interface Pod {
  readonly ready: boolean;
  readonly image: string;
}

/** Counts pods of a Deployment, and those that are asked for, at every change that the server stored. */
class Observer {
  static async of({ client }: Cluster, namespace: string): Promise<Observer> {
    const observer = new Observer();
    observer.watches.push(
      await Watch.open(client, `/api/v1/namespaces/${namespace}/pods`, {
        all: (pods) =>
          observer.note(() => {
            observer.pods = new Map(pods.flatMap(alive));
          }),
        change: (type, pod) =>
          observer.note(() => {
            observer.pods.delete(pod.metadata.uid);
            if (type !== 'DELETED') for (const [uid, state] of alive(pod)) observer.pods.set(uid, state);
          }),
      }),
      await Watch.open(client, `/apis/apps/v1/namespaces/${namespace}/replicasets`, {
        all: (sets) =>
          observer.note(() => {
            observer.wanted = new Map(sets.map((set) => [set.metadata.uid, set.spec.replicas]));
          }),
        change: (type, { metadata, spec }) =>
          observer.note(() => observer.wanted.set(metadata.uid, type === 'DELETED' ? 0 : spec.replicas)),
      }),
    );
    return observer;
  }

  private seen?: Seen;
  private pods = new Map<string, Pod>();
  private wanted = new Map<string, number>();
  private readonly watches: Watch[] = [];

  /** From now on. */
  start(): void {
    this.seen = { leastReady: Number.POSITIVE_INFINITY, mostWanted: 0 };
    this.note(() => {});
  }

  get result(): Seen {
    return this.seen!;
  }

  /** Whether just these run, and all are ready. */
  settled(replicas: number, tag: string): boolean {
    const done = [...this.pods.values()].filter(({ ready, image }) => ready && image.endsWith(`:${tag}`));
    return done.length === replicas && this.pods.size === replicas;
  }

  close(): void {
    for (const watch of this.watches) watch.close();
  }

  private note(change: () => void): void {
    change();
    if (this.seen === undefined) return;
    const ready = [...this.pods.values()].filter((pod) => pod.ready).length;
    const wanted = [...this.wanted.values()].reduce((sum, count) => sum + count, 0);
    this.seen.leastReady = Math.min(this.seen.leastReady, ready);
    this.seen.mostWanted = Math.max(this.seen.mostWanted, wanted);
  }
}

/** What ends gets no new requests. */
function alive({ metadata, spec, status }: Body): [string, Pod][] {
  if (metadata.deletionTimestamp !== undefined) return [];
  const conditions: Body[] = status.conditions ?? [];
  const ready = conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return [[metadata.uid, { ready, image: spec.containers[0].image }]];
}

describe.skipIf(!requireTool('go', 'roll-outs on the control plane'))('roll-outs', () => {
  let cluster: Cluster;
  const observers = new Map<string, Observer>();
  beforeAll(async () => {
    const [before, after] = [deployments('v1'), deployments('v2')];
    cluster = await Cluster.up({ nodes: 8 });
    const { client } = cluster;
    await Promise.all(
      CASES.map(async ({ name }) => {
        await client.namespace(name, {});
        observers.set(name, await Observer.of(cluster, name));
      }),
    );
    await Promise.all(before.map((object) => client.apply(object)));
    // In the place of an autoscaler.
    await Promise.all(
      CASES.filter(({ scaled }) => scaled).map(({ name, replicas }) =>
        client.merge(path(name), { spec: { replicas } }),
      ),
    );
    await allSettled('v1');
    for (const observer of observers.values()) observer.start();
    await Promise.all(after.map((object) => client.apply(object)));
    await allSettled('v2');
  });
  afterAll(async () => {
    for (const observer of observers.values()) observer.close();
    await cluster?.down();
  });

  const path = (name: string) => `/apis/apps/v1/namespaces/${name}/deployments/rag`;

  const allSettled = (tag: string) =>
    cluster.wait(
      `all replicas of ${tag}`,
      async () => CASES.every(({ name, replicas }) => observers.get(name)!.settled(replicas, tag)),
      480_000,
    );

  test.each(CASES)('$name keeps what is promised', async ({ name, replicas, promise }) => {
    const { strategy } = (await cluster.client.get(path(name))).spec;
    expect(fenceposts(strategy, replicas)).toEqual(promise);
    const { leastReady, mostWanted } = observers.get(name)!.result;
    expect(leastReady).toBeGreaterThanOrEqual(replicas - promise.unavailable);
    expect(mostWanted).toBeLessThanOrEqual(replicas + promise.surge);
    // And so many at a time: a batch is not smaller than it may be.
    if (promise.surge === 0) expect(leastReady).toBe(replicas - promise.unavailable);
    else expect(mostWanted).toBe(replicas + promise.surge);
  });
});
