import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * What kube-proxy makes of a Service: each new connection goes to one of the endpoints in turn, and stays there, also
 * when that endpoint is taken out.
 */
export class ClusterIp {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private turn = 0;

  constructor(
    readonly address: string,
    readonly port: number,
    private readonly endpoints: () => Endpoint[],
  ) {
    this.server = createServer({ allowHalfOpen: true }, (client) => this.forward(client));
  }

  async open(): Promise<void> {
    this.server.listen(this.port, this.address);
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private forward(client: Socket): void {
    const endpoints = this.endpoints();
    const endpoint = endpoints[this.turn++ % endpoints.length];
    if (endpoint === undefined) {
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host: endpoint.address, port: endpoint.port, allowHalfOpen: true });
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.pipe(to);
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => this.sockets.delete(from));
    }
  }
}
