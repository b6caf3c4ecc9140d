import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a pod answers; without one, with 200 after what the header `x-wait-ms` says. */
export type Behavior = (request: IncomingMessage, response: ServerResponse) => void;

/** An HTTP server at an address of its own, that stands for a pod. */
export class FakePod {
  /** Requests that reached it. */
  received = 0;
  /** Requests in flight, and the most there ever were. */
  active = 0;
  busiest = 0;
  behavior?: Behavior;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(
    readonly address: string,
    readonly port: number,
  ) {
    this.server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => void this.serve(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  get connections(): number {
    return this.sockets.size;
  }

  async open(): Promise<this> {
    this.server.listen(this.port, this.address);
    await once(this.server, 'listening');
    return this;
  }

  /** As its server ends: no new connections, and the kept ones closed once nothing is in flight on them. */
  async end(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    this.server.closeIdleConnections();
    await once(this.server, 'close');
  }

  /** As its node ends. */
  async crash(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.received += 1;
    this.active += 1;
    this.busiest = Math.max(this.busiest, this.active);
    response.on('close', () => {
      this.active -= 1;
    });
    response.setHeader('x-pod', this.address);
    if (this.behavior !== undefined) return this.behavior(request, response);
    request.resume();
    // A request that is cut has no end.
    const complete = once(request, 'end').catch(() => response.destroy());
    await Promise.all([complete, sleep(Number(request.headers['x-wait-ms'] ?? 0))]);
    response.end('ok');
  }
}
