import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goBuild } from '../tools/go';
import { run } from '../tools/run';
import type { KubernetesObject } from './client';
import { triggerFindings } from './keda-triggers';
import { type KnativeOptions, knativeFindings } from './knative';

/** KEDA's own admission webhook over files. */
export const webhookvetBinary = () => goBuild('webhookvet', join(__dirname, 'webhooks'), '-s -w');

/** Knative's own check of autoscaling annotations over files. */
export const knvetBinary = () => goBuild('knvet', join(__dirname, 'knvet'), '-s -w');

/** What scaling engines have against the objects of each cluster, beyond what the API server says: a line each. */
export async function engineFindings(clusters: KubernetesObject[][], options: KnativeOptions = {}): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bento-engines-'));
  try {
    clusters.forEach((objects, index) => {
      const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
      writeFileSync(join(folder, `${String(index).padStart(5, '0')}.yaml`), text);
    });
    const ours = (objects: KubernetesObject[]) => [...triggerFindings(objects), ...knativeFindings(objects, options)];
    return [
      ...(await judgedBy('webhookvet', await webhookvetBinary(), folder)),
      ...(await judgedBy('knvet', await knvetBinary(), folder)),
      ...clusters.flatMap((objects, index) => ours(objects).map((finding) => `${index}: ${finding}`)),
    ].map((line) => (clusters.length === 1 ? line.replace(/^0: /, '') : line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function judgedBy(name: string, binary: string, folder: string): Promise<string[]> {
  const { stdout } = await run(binary, [folder], { expect: [0, 1] });
  const lines = stdout.trimEnd().split('\n');
  if (!new RegExp(`^${name}: \\d+ judged, \\d+ rejected$`).test(lines.pop() ?? '')) {
    throw new Error(`${name} ended without a verdict:\n${stdout}`);
  }
  return lines.map((line) => line.replace(/^.*\/0*(\d+)\.yaml: /, '$1: '));
}
