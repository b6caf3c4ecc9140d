import { readFileSync } from 'node:fs';
import https from 'node:https';
import { createInterface } from 'node:readline';
import type { Body, Client, Endpoint } from './client';

/** What happens to what is watched. */
export interface WatchHandler {
  /** All that there is: at first, and whenever changes may have been missed. */
  all(objects: Body[]): void;
  /** A change, in the order in which it was stored. */
  change(type: string, object: Body): void;
}

/** Sees every change of a collection; lists it anew where the server gives up a watch, as it does when nobody reads. */
export class Watch {
  static async open(client: Client, path: string, handler: WatchHandler): Promise<Watch> {
    const agent = new https.Agent({ ca: readFileSync(client.endpoint.ca) });
    const watch = new Watch(client, path, handler, agent);
    await watch.resume();
    return watch;
  }

  private closed = false;

  private constructor(
    private readonly client: Client,
    private readonly path: string,
    private readonly handler: WatchHandler,
    private readonly agent: https.Agent,
  ) {}

  close(): void {
    this.closed = true;
    this.agent.destroy();
  }

  private async resume(): Promise<void> {
    const { items, metadata } = await this.client.get(this.path);
    this.handler.all(items);
    await stream(this.client.endpoint, this.agent, `${this.path}?watch=1&resourceVersion=${metadata.resourceVersion}`, {
      line: (line) => {
        const { type, object } = JSON.parse(line);
        if (type !== 'ERROR') this.handler.change(type, object);
      },
      end: () => {
        if (!this.closed) void this.resume().catch(() => {});
      },
    });
  }
}

function stream(
  endpoint: Endpoint,
  agent: https.Agent,
  path: string,
  { line, end }: { line: (text: string) => void; end: () => void },
): Promise<void> {
  const headers = { authorization: `Bearer ${endpoint.token}`, accept: 'application/json' };
  return new Promise((done, fail) => {
    const request = https.get(endpoint.url + path, { agent, headers }, (response) => {
      if (response.statusCode !== 200) return fail(new Error(`watch of ${path}: ${response.statusCode}`));
      response.on('error', () => {});
      createInterface({ input: response })
        .on('line', line)
        .on('error', () => {})
        .on('close', end);
      done();
    });
    request.on('error', fail);
  });
}
