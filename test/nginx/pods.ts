import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What came to a pod. */
export interface Asked {
  readonly pod: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Answer = (asked: Asked, response: ServerResponse, socket: Socket) => void | Promise<void>;

/** Pods of a component: all on one port, each at an address of its own, as behind a headless Service. */
export class Pods {
  public static async start(addresses: readonly string[]): Promise<Pods> {
    const pods = new Pods();
    for (const address of addresses) await pods.add(address);
    return pods;
  }

  public readonly asked: Asked[] = [];
  /** Of bodies, as they have come. */
  public pieces = 0;
  /** Connections that were made, and those that are there. */
  public connections = { made: 0, open: 0 };
  public port = 0;
  /** Says who asks for what by default. */
  public answer: Answer = ({ pod, path }, response) => {
    response.end(`${pod} ${path}`);
  };

  private readonly servers = new Map<string, Server>();

  public async add(address: string): Promise<void> {
    const server = createServer({ maxHeaderSize: 65_536 }, (incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk) => {
        chunks.push(chunk);
        this.pieces += 1;
      });
      incoming.on('end', () => {
        const { method = '', url: path = '', headers } = incoming;
        const asked = { pod: address, method, path, headers, body: Buffer.concat(chunks) };
        this.asked.push(asked);
        void this.answer(asked, response, incoming.socket);
      });
    });
    // Longer than whoever connects: as the pods of a cluster keep them.
    server.keepAliveTimeout = 120_000;
    server.on('connection', (socket) => {
      this.connections.made += 1;
      this.connections.open += 1;
      socket.on('close', () => {
        this.connections.open -= 1;
      });
    });
    await new Promise<void>((done) => server.listen(this.port, address, done));
    this.port = (server.address() as AddressInfo).port;
    this.servers.set(address, server);
  }

  /** Ends one as a crash does. */
  public async kill(address: string): Promise<void> {
    const server = this.servers.get(address)!;
    this.servers.delete(address);
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  public async stop(): Promise<void> {
    for (const address of [...this.servers.keys()]) await this.kill(address);
  }

  /** How many requests each got. */
  public shares(): Record<string, number> {
    const shares: Record<string, number> = {};
    for (const { pod } of this.asked) shares[pod] = (shares[pod] ?? 0) + 1;
    return shares;
  }
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
  /** Sent in pieces, of a length that nobody was told. */
  readonly chunked?: boolean;
  /** Called with each piece as it comes. */
  readonly onPiece?: (piece: string) => void;
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** `X-Cache-Status`. */
  readonly cache: string | undefined;
}

/** Asks once, over a connection of its own. */
export function ask(port: number, path: string, options: Ask = {}, host = '127.0.0.1'): Promise<Answered> {
  const {
    method = options.body === undefined ? 'GET' : 'POST',
    headers = {},
    body,
    chunked = false,
    onPiece,
  } = options;
  const length = chunked
    ? { 'transfer-encoding': 'chunked' }
    : { 'content-length': String(Buffer.byteLength(body ?? '')) };
  const all = { ...headers, ...(body !== undefined && length) };
  return new Promise((done, fail) => {
    const outgoing = request({ host, port, path, method, headers: all, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onPiece?.(chunk.toString());
      });
      response.on('error', fail);
      response.on('end', () =>
        done({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks),
          cache: response.headers['x-cache-status'] as string | undefined,
        }),
      );
    });
    outgoing.setTimeout(60_000, () => outgoing.destroy(new Error(`no answer of ${path}`)));
    outgoing.on('error', fail);
    outgoing.end(body);
  });
}

/** A connection of a door, which is used again and again. */
export class Connection {
  public static async to(port: number): Promise<Connection> {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((done) => socket.once('connect', done));
    return new Connection(socket);
  }

  public closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('close', () => {
      this.closed = true;
    });
  }

  /** Asks, and waits for what comes first of the answer. */
  public async get(path: string): Promise<void> {
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: rag\r\n\r\n`);
    await new Promise((done) => this.socket.once('data', done));
  }
}
