import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { run } from '../tools/run';
import type { Body, KubernetesObject } from './client';
import type { Answer } from './prometheus';
import { type DefinitionOptions, definition } from './release-definitions';
import { RolloutsLab } from './rollouts-lab';
import { kubectlArgoRolloutsBinary } from './rollouts-tools';

/** What gates are told where a test says nothing: just within each limit. */
export const GOOD: { readonly [gate: string]: Answer } = {
  'latency-relative-to-stable': 1.09,
  'error-rate-relative-to-stable': 1.49,
  'error-rate': 0.04,
};
/** What the load takes. */
export const FULL = 3;

const HASH = /(rollouts_pod_template_hash=")[^"]*/g;

/** What a query is with the hashes of two versions in the place of its arguments. */
const filled = (query: string, latest: string, stable: string) =>
  query.replaceAll('{{args.canary-hash}}', latest).replaceAll('{{args.stable-hash}}', stable);

const queriesOf = (objects: KubernetesObject[]): [gate: string, query: string][] =>
  objects
    .filter(({ kind }) => kind === 'AnalysisTemplate')
    .flatMap(({ spec }) => spec.metrics)
    .flatMap(({ name, provider }) => (provider.prometheus ? [[name, provider.prometheus.query]] : []));

/** What the command line of Argo Rollouts has against objects in one file. */
export async function linted(objects: KubernetesObject[]): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'bento-releases-'));
  try {
    const file = join(dir, 'objects.yaml');
    writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    const { code, stdout, stderr } = await run(await kubectlArgoRolloutsBinary(), ['lint', '-f', file], {
      expect: [0, 1],
    });
    return `${code} ${stdout}${stderr}`.trim();
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Edits of deployments, each in a namespace of its own, and what is seen of them. */
export class Stage {
  static async up(keda = false): Promise<Stage> {
    const loads = new Map<string, number>();
    const load = (metric: string, namespace: string) => loads.get(`${namespace}/${metric}`) ?? FULL * 10 - 5;
    const lab = await RolloutsLab.up({ keda, ...(!keda && { external: load }) });
    const stage = new Stage(lab, loads);
    lab.prometheus.answer = (query) => {
      const scaling = /^\(?load\{namespace="(.*?)"/.exec(query)?.[1];
      return scaling === undefined ? stage.verdict(query) : load('load', scaling);
    };
    return stage;
  }

  /** All definitions that were applied. */
  readonly applied: { readonly namespace: string; readonly objects: KubernetesObject[] }[] = [];
  private readonly gates = new Map<string, string>();
  private readonly verdicts = new Map<string, Answer>();

  private constructor(
    readonly lab: RolloutsLab,
    private readonly loads: Map<string, number>,
  ) {}

  load(namespace: string, load: number, metric = 'load'): void {
    this.loads.set(`${namespace}/${metric}`, load);
  }

  /** What a gate is told from now on. */
  say(namespace: string, gate: string, answer: Answer): void {
    this.verdicts.set(`${namespace}/${gate}`, answer);
  }

  async edit(namespace: string, tag: string, options: DefinitionOptions): Promise<string[]> {
    const objects = definition(namespace, tag, this.lab.prometheus.url, options);
    for (const [gate, query] of queriesOf(objects)) this.gates.set(query.replace(HASH, '$1'), `${namespace}/${gate}`);
    this.applied.push({ namespace, objects });
    return this.lab.edit(namespace, objects);
  }

  /** The objects of the newest edit. */
  last(namespace: string): KubernetesObject[] {
    return this.applied.filter((edit) => edit.namespace === namespace).at(-1)!.objects;
  }

  /** A first version that has what the load takes. */
  async first(namespace: string, tag: string, options: DefinitionOptions): Promise<void> {
    await this.edit(namespace, tag, options);
    await this.leads(namespace, 'rag', FULL, tag);
  }

  /** Waits until just so many pods of a version are behind a Service. */
  async leads(namespace: string, service: string, replicas: number, tag: string): Promise<void> {
    await this.lab.cluster.wait(`${namespace}: ${replicas} of ${tag} behind ${service}`, async () => {
      const { behind, tags } = await this.lab.capacity(namespace, 0);
      return behind[service] === replicas && String(tags[service]) === tag;
    });
  }

  private verdict(query: string): Answer {
    const about = this.gates.get(query.replace(HASH, '$1'));
    // Nobody has emitted such a query: a test that awaits a promotion fails.
    if (about === undefined) return 'error';
    return this.verdicts.get(about) ?? GOOD[about.split('/')[1]!]!;
  }

  /** Fails where gates were asked anything but what was emitted, about the new version and the one before. */
  async askedAsEmitted(namespace: string, latest: string, stable: string): Promise<number> {
    const { items } = await this.lab.cluster.client.get(`/apis/apps/v1/namespaces/${namespace}/replicasets`);
    const hashOf = (tag: string) =>
      items.find(({ metadata, spec }: Body) => {
        const isRollout = metadata.ownerReferences?.[0]?.kind === 'Rollout';
        return isRollout && spec.template.spec.containers[0].image.endsWith(`:${tag}`);
      }).metadata.labels['rollouts-pod-template-hash'];
    const emitted = queriesOf(this.last(namespace)).map(([, query]) => filled(query, hashOf(latest), hashOf(stable)));
    const asked = this.lab.prometheus.asked.map(({ query }) => query);
    const about = asked.filter(
      (query) => query.includes(`namespace="${namespace}"`) && query.includes('rollouts_pod_template_hash'),
    );
    for (const query of about) expect(emitted).toContain(query);
    for (const query of emitted) expect(about).toContain(query);
    return about.length;
  }
}
