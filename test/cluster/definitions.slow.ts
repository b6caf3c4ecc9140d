import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitions, KNATIVE_FEATURES, synthesizeDefinition } from '../arbitraries';
import { releasedDefinitions } from '../arbitrary-releases';
import { requireTool } from '../tools/require-tool';
import type { KubernetesObject } from './client';
import { Cluster } from './cluster';
import { installCrds, isCustom, NEWEST_SCHEMAS } from './crds';
import { engineFindings } from './engine-findings';
import { vet } from './vet';

// Anything a user can say, judged by the server's own code; the seed of a failure runs it again.
const SEED = Number(process.env.DEFINITIONS_SEED ?? Date.now() % 2 ** 31);
const VETTED = 2000;
const RELEASED = 300;
const CREATED = 300;
const IN_FLIGHT = 8;

describe.skipIf(!requireTool('go', 'random definitions on the control plane'))(`definitions of seed ${SEED}`, () => {
  let folder: string;
  let cluster: Cluster;
  let clusters: KubernetesObject[][];
  beforeAll(async () => {
    clusters = [
      ...fc.sample(definitions, { seed: SEED, numRuns: VETTED }),
      ...fc.sample(releasedDefinitions, { seed: SEED, numRuns: RELEASED }),
    ].map((definition) => synthesizeDefinition(definition).all);
    folder = mkdtempSync(join(tmpdir(), 'bento-definitions-'));
    cluster = await Cluster.up({ nodes: 0 });
    await installCrds(cluster.client, NEWEST_SCHEMAS);
    const labels = ['enforce', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']);
    for (const name of ['default', 'keda', 'ml', 'serving']) {
      await cluster.client.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: Object.fromEntries(labels) },
      });
    }
  });
  afterAll(async () => {
    await cluster?.down();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What the running server says to objects, none of which it keeps. */
  async function created(objects: KubernetesObject[]): Promise<string[]> {
    const findings: string[] = [];
    const create = async (object: KubernetesObject): Promise<void> => {
      const path = `${await cluster.client.path(object, 'collection')}?fieldValidation=Strict&dryRun=All`;
      const found = await cluster.client.request('POST', path, object).then(
        ({ warnings }) => warnings,
        (error: Error) => [error.message],
      );
      findings.push(...found.map((text) => `${text}\n${JSON.stringify(object)}`));
    };
    const queue = [...objects];
    const worker = async (): Promise<void> => {
      for (let object = queue.shift(); object !== undefined; object = queue.shift()) await create(object);
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    return findings;
  }

  it(`${VETTED}, and ${RELEASED} with a release, are accepted by the create path of the API server, without a warning`, async () => {
    clusters.forEach((documents, index) => {
      const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
      writeFileSync(join(folder, `${String(index).padStart(5, '0')}.yaml`), text);
    });
    const objects = clusters.flat();
    const custom = objects.filter(isCustom);
    const { findings, ...verdict } = await vet([folder]);
    expect(findings.slice(0, 10)).toEqual([]);
    expect(verdict).toEqual({ accepted: objects.length - custom.length, rejected: 0, foreign: custom.length });
    expect((await created(custom)).slice(0, 5)).toEqual([]);
  });

  it(`${VETTED}, and ${RELEASED} with a release, are accepted by scaling engines, without a warning`, async () => {
    expect((await engineFindings(clusters, { features: KNATIVE_FEATURES })).slice(0, 10)).toEqual([]);
  });

  it(`${CREATED} are created strictly by a server that enforces \`restricted\`, without a warning`, async () => {
    const objects = fc
      .sample(definitions, { seed: SEED + 1, numRuns: CREATED })
      .flatMap((definition) => synthesizeDefinition(definition).all);
    expect((await created(objects)).slice(0, 5)).toEqual([]);
    expect(objects.length).toBeGreaterThan(CREATED);
  });
});
