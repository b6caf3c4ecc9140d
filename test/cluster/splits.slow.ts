import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doorObjects } from '../../lib/engines/choose-door';
import { SHARING_DOORS, splitContexts } from '../engines/split-arbitraries';
import { requireTool } from '../tools/require-tool';
import type { KubernetesObject } from './client';
import { Cluster } from './cluster';
import { installCrds } from './crds';
import { vet } from './vet';

/** What doors make of random splits, those that they can do. */
function splits(): KubernetesObject[] {
  return Object.entries(SHARING_DOORS).flatMap(([name, door]) =>
    fc.sample(splitContexts, { numRuns: 60, seed: 11 }).flatMap((context, index) => {
      try {
        return doorObjects(door, { ...context, name: `${name}-${index}` }).map(
          ({ apiVersion, kind, name: of, annotations, content }) => ({
            apiVersion,
            kind,
            metadata: { name: of, namespace: 'ml', ...(annotations !== undefined && { annotations }) },
            ...content,
          }),
        );
      } catch (error) {
        if ((error as Error).message.startsWith('[NotByEngine]')) return [];
        throw error;
      }
    }),
  );
}

describe.skipIf(!requireTool('go', 'splits on the control plane'))('splits at doors', () => {
  let folder: string;
  let cluster: Cluster;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bento-splits-'));
    cluster = await Cluster.up({ nodes: 0 });
    await installCrds(cluster.client, ['gateway-api-1.7.0', 'envoy-gateway-1.9.1']);
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } });
  });
  afterAll(async () => {
    await cluster?.down();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are some of each kind', () => {
    const counts: { [kind: string]: number } = {};
    for (const { kind } of splits()) counts[kind] = (counts[kind] ?? 0) + 1;
    console.log(`objects of splits: ${JSON.stringify(counts)}`);
    for (const kind of ['HTTPRoute', 'GRPCRoute', 'Ingress', 'BackendTrafficPolicy']) {
      expect(counts[kind]).toBeGreaterThan(10);
    }
  });

  it('are accepted by the create path of the API server, without a warning', async () => {
    const ingresses = splits().filter(({ kind }) => kind === 'Ingress');
    writeFileSync(join(folder, 'splits.yaml'), ingresses.map((object) => JSON.stringify(object)).join('\n---\n'));
    expect(await vet([folder])).toEqual({ accepted: ingresses.length, rejected: 0, foreign: 0, findings: [] });
  });

  it('are created strictly, and are in the cluster what they are in Git', async () => {
    for (const object of splits().filter(({ kind }) => kind !== 'Ingress')) {
      const { name } = object.metadata;
      const { warnings, body: stored } = await cluster.client.createStrictly(object, JSON.stringify(object));
      expect({ name, warnings }).toEqual({ name, warnings: [] });
      // What the server adds by itself would be drift to who compares.
      if (/Route$/.test(object.kind)) expect(stored.spec).toEqual(object.spec);
    }
  });
});
