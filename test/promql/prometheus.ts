import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prometheusPrograms } from './tools';

const START_MS = 60_000;

/** An answer without labels, or undefined where there is none. */
export type Answer = number | undefined;

interface Sample {
  readonly metric: Record<string, string>;
  readonly value: [number, string];
}

/** A real Prometheus on loopback, for as long as a suite lasts. */
export class Prometheus {
  public static async start(scrapeConfigs: readonly object[]): Promise<Prometheus> {
    const dir = mkdtempSync(join(tmpdir(), 'bento-prometheus-'));
    writeFileSync(join(dir, 'prometheus.yml'), JSON.stringify({ scrape_configs: scrapeConfigs }));
    const port = await freePort();
    const program = join(await prometheusPrograms(), 'prometheus');
    const child = spawn(program, [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ]);
    const prometheus = new Prometheus(child, dir, `http://127.0.0.1:${port}`);
    await prometheus.ready();
    return prometheus;
  }

  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly dir: string,
    private readonly url: string,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      this.said += text;
    });
  }

  public async samples(query: string): Promise<Sample[]> {
    const response = await fetch(`${this.url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data, error } = (await response.json()) as { data?: { result: Sample[] }; error?: string };
    if (data === undefined) throw new Error(`${query}: ${error}`);
    return data.result;
  }

  /** As KEDA reads it: several samples are an error to it. */
  public async answer(query: string): Promise<Answer> {
    const [sample, ...others] = await this.samples(query);
    if (others.length > 0) throw new Error(`${query}: ${others.length + 1} samples`);
    return sample && Number(sample.value[1]);
  }

  public async stop(): Promise<void> {
    const closed = new Promise((done) => this.child.once('close', done));
    if (this.child.exitCode === null && this.child.kill('SIGKILL')) await closed;
    rmSync(this.dir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    for (const until = Date.now() + START_MS; Date.now() < until && this.child.exitCode === null; ) {
      const response = await fetch(`${this.url}/-/ready`).catch(() => undefined);
      if (response?.ok) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    await this.stop();
    throw new Error(`Prometheus does not start: ${this.said}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
