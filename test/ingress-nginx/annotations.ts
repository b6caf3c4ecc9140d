import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Body, KubernetesObject } from '../cluster/client';
import { goBuild } from '../tools/go';
import { run } from '../tools/run';

/** ingress-nginx' own parsers of annotations over a file. */
export const annotationsBinary = () => goBuild('ingress-nginx-annotations', join(__dirname, 'annotations'), '-s -w');

/** What ingress-nginx reads from Ingresses, by its names; `error` where it would refuse one. */
export async function readBy(ingresses: readonly KubernetesObject[]): Promise<Body[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bento-ingress-nginx-'));
  try {
    const file = join(folder, 'ingresses.json');
    writeFileSync(file, JSON.stringify(ingresses));
    return JSON.parse((await run(await annotationsBinary(), [file])).stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
