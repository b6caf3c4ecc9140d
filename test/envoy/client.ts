import { Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Reply {
  /** 0: no answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly seconds: number;
}

export interface SendOptions {
  readonly agent?: Agent;
  /** As it is, where a URL would be tidied up. */
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
  /** Where it comes from. */
  readonly from?: string;
}

/** A request over a connection of its own, or of `agent`. */
export function send(url: string, options: SendOptions = {}): Promise<Reply> {
  const { agent = false, method = 'POST', headers = {}, body = '{}', path, from } = options;
  const begin = Date.now();
  return new Promise((done) => {
    const reply = (status: number, text: string, received: IncomingHttpHeaders = {}) =>
      done({ status, headers: received, body: text, seconds: (Date.now() - begin) / 1000 });
    const sent = request(
      url,
      { agent, method, headers, ...(path !== undefined && { path }), localAddress: from },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', (error) => reply(0, `${text}${error.message}`));
        response.on('end', () => reply(response.statusCode ?? 0, text, response.headers));
      },
    );
    sent.on('error', (error) => reply(0, error.message));
    sent.end(method === 'GET' ? undefined : body);
  });
}

/** Connections that are kept, as BentoML's client keeps them. */
export const keptConnections = () => new Agent({ keepAlive: true, keepAliveMsecs: 1000, timeout: 60_000 });

export function countStatuses(replies: Reply[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of replies) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** `total` requests, `concurrency` at a time. */
export async function sendMany(total: number, concurrency: number, one: () => Promise<Reply>): Promise<Reply[]> {
  const replies: Reply[] = [];
  let begun = 0;
  const client = async () => {
    while (begun < total) {
      begun += 1;
      replies.push(await one());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return replies;
}
