import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

const TYPE_A = 1;
const NXDOMAIN = 3;

/** The DNS of a cluster, as far as headless Services need it: names with the IPv4 addresses of their ready pods. */
export class ClusterDns {
  /** By name; a name that is not here does not exist. */
  readonly records: Record<string, string[]> = {};
  queries = 0;
  /** All names that were ever asked for. */
  readonly asked = new Set<string>();
  /** Whether it answers at all. */
  silent = false;
  private readonly socket: Socket = createSocket('udp4');

  constructor(
    readonly address: string,
    private readonly ttlSeconds = 30,
  ) {
    this.socket.on('message', (message, from) => {
      this.queries += 1;
      this.asked.add(question(message).name);
      if (this.silent) return;
      this.socket.send(this.answer(message), from.port, from.address);
    });
  }

  get port(): number {
    return this.socket.address().port;
  }

  async open(): Promise<void> {
    this.socket.bind(0, this.address);
    await once(this.socket, 'listening');
  }

  async close(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  /** RFC 1035, section 4: the header, the question as it was asked, and an A record for each address. */
  private answer(query: Buffer): Buffer {
    const { name, end } = question(query);
    const known = this.records[name];
    const addresses = query.readUInt16BE(end - 4) === TYPE_A ? (known ?? []) : [];
    const header = Buffer.alloc(12);
    header.writeUInt16BE(query.readUInt16BE(0), 0);
    header.writeUInt16BE(0x8580 | (known === undefined ? NXDOMAIN : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    return Buffer.concat([header, query.subarray(12, end), ...addresses.map((address) => this.record(address))]);
  }

  private record(address: string): Buffer {
    const record = Buffer.alloc(16);
    // A pointer to the question's name, which begins behind the header.
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(TYPE_A, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt32BE(this.ttlSeconds, 6);
    record.writeUInt16BE(4, 10);
    Buffer.from(address.split('.').map(Number)).copy(record, 12);
    return record;
  }
}

function question(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  while (query[at] !== 0) {
    const length = query[at]!;
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 5 };
}
