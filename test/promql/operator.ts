import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { goBuild } from '../tools/go';
import { run } from '../tools/run';

// What Prometheus Operator 0.85.0 made of a PodMonitor. Its generator takes minutes to compile, so that what it said is
// kept beside the PodMonitor that it was said of: RECORD=1 asks it again.
const RECORDING = join(__dirname, 'operator-0.85.0.json');

export interface ScrapeConfig {
  readonly job_name: string;
  readonly relabel_configs: { readonly action?: string }[];
}

interface Recording {
  readonly spec: object;
  readonly scrapeConfigs: ScrapeConfig[];
}

/** The scrape configuration of a PodMonitor, without the service discovery. */
export async function scrapeConfigs(
  metadata: { name: string; namespace: string },
  spec: object,
): Promise<ScrapeConfig[]> {
  if (process.env.RECORD) await record(metadata, spec);
  const recording = JSON.parse(readFileSync(RECORDING, 'utf8')) as Recording;
  if (isDeepStrictEqual(recording.spec, spec)) return recording.scrapeConfigs;
  throw new Error('the PodMonitor is not the one that the operator was asked about: run the suite with RECORD=1');
}

async function record(metadata: object, spec: object): Promise<void> {
  const program = await goBuild('prometheus-operator-config', join(__dirname, 'operator'), '-s -w');
  const dir = mkdtempSync(join(tmpdir(), 'bento-monitor-'));
  try {
    const manifest = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata, spec };
    writeFileSync(join(dir, 'monitor.json'), JSON.stringify(manifest));
    const { stdout } = await run(program, [join(dir, 'monitor.json')]);
    // What the operator's reloader fills in: the number of this Prometheus among its shards.
    const config = parse(stdout.replaceAll('$(SHARD)', '0')) as { scrape_configs: Record<string, unknown>[] };
    const configs = config.scrape_configs.map(({ kubernetes_sd_configs: _, ...rest }) => rest);
    writeFileSync(RECORDING, `${JSON.stringify({ spec, scrapeConfigs: configs }, undefined, 2)}\n`);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
