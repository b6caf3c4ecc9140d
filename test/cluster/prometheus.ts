import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A sample's value, NaN included; a vector of none; HTTP 500; or nothing at all until whoever asked goes away. */
export type Answer = number | 'empty' | 'error' | 'hang';

export interface Asked {
  readonly query: string;
  /** What the address says besides, such as a `namespace`. */
  readonly parameters: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A Prometheus on loopback that answers with what the test says, and knows what it was asked. */
export class Prometheus {
  static async up(): Promise<Prometheus> {
    const prometheus = new Prometheus();
    const { server } = prometheus;
    await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
    return prometheus;
  }

  readonly asked: Asked[] = [];
  answer: (query: string) => Answer = () => 0;
  private readonly server = http.createServer(async (request, response) => {
    const { searchParams: parameters } = new URL(request.url!, 'http://prometheus');
    // A question may be in the address, or posted as a form.
    const form = await request.setEncoding('utf8').toArray();
    for (const [name, value] of new URLSearchParams(form.join(''))) parameters.append(name, value);
    const query = parameters.get('query') ?? '';
    this.asked.push({ query, parameters, headers: request.headers, at: Date.now() });
    const answer = this.answer(query);
    if (answer === 'hang') return;
    response.writeHead(answer === 'error' ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer === 'error' ? { status: 'error' } : vectorOf(answer)));
  });

  private constructor() {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

function vectorOf(answer: number | 'empty'): object {
  const sample = { metric: {}, value: [Date.now() / 1000, String(answer)] };
  return { status: 'success', data: { resultType: 'vector', result: answer === 'empty' ? [] : [sample] } };
}
