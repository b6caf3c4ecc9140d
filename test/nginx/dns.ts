import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';

const NOERROR = 0;
const SERVFAIL = 2;
const NXDOMAIN = 3;
const TYPE_A = 1;
const TYPE_SRV = 33;
/** As CoreDNS gives for names of Services. */
const TTL_SECONDS = 30;

/**
 * A name server on loopback with one name, whose addresses change: as CoreDNS answers for a headless Service, with A records of
 * all pods, and SRV records with a name for each.
 */
export class NameServer {
  public static async start(addresses: readonly string[], servicePort: number): Promise<NameServer> {
    const socket = createSocket('udp4');
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    return new NameServer(socket, addresses, servicePort);
  }

  /** Whether it answers that it has failed. */
  public failing = false;
  public asked = 0;
  /** Names with addresses of their own, by their first labels. */
  public readonly named: Record<string, readonly string[]> = {};

  private constructor(
    private readonly socket: Socket,
    /** None: there is no such name, as with a headless Service without ready pods. */
    public addresses: readonly string[],
    private readonly servicePort: number,
  ) {
    socket.on('message', (query, { port, address }) => socket.send(this.answer(query), port, address));
  }

  public get port(): number {
    return (this.socket.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    await new Promise<void>((done) => this.socket.close(done));
  }

  private answer(query: Buffer): Buffer {
    this.asked += 1;
    const end = query.indexOf(0, 12) + 5;
    const question = query.subarray(12, end);
    const addresses = this.addressesOf(labels(question));
    const code = this.failing ? SERVFAIL : addresses.length === 0 ? NXDOMAIN : NOERROR;
    const type = question.readUInt16BE(question.length - 4);
    const records = code === NOERROR ? this.records(question, type, addresses) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, question, ...records]);
  }

  /** Of a name, or of the pod that a record of a service has named. */
  private addressesOf([first = '']: readonly string[]): readonly string[] {
    const all = [...this.addresses, ...Object.values(this.named).flat()];
    const own = all.filter((address) => dashed(address) === first);
    return own.length > 0 ? own.slice(0, 1) : (this.named[first] ?? this.addresses);
  }

  private records(question: Buffer, type: number, addresses: readonly string[]): Buffer[] {
    const [, ...rest] = labels(question);
    if (type === TYPE_SRV) {
      return addresses.map((address) => this.service([dashed(address), ...rest.slice(1)], addresses.length));
    }
    if (type !== TYPE_A) return [];
    return addresses.map((address) => record(TYPE_A, Buffer.from(address.split('.').map(Number))));
  }

  private service(target: readonly string[], count: number): Buffer {
    const head = Buffer.alloc(6);
    // As CoreDNS has it: equal shares of a hundred.
    head.writeUInt16BE(Math.floor(100 / count), 2);
    head.writeUInt16BE(this.servicePort, 4);
    const name = target.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]);
    return record(TYPE_SRV, Buffer.concat([head, ...name, Buffer.from([0])]));
  }
}

/** As CoreDNS calls a pod without a name: 10-0-0-1. */
const dashed = (address: string) => address.replaceAll('.', '-');

function labels(question: Buffer): string[] {
  const found: string[] = [];
  for (let at = 0; question[at]! > 0; at += question[at]! + 1) {
    found.push(question.toString('latin1', at + 1, at + 1 + question[at]!));
  }
  return found;
}

function record(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(TTL_SECONDS, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
