import { connect } from 'node:net';

export interface Piped {
  readonly status: number;
  readonly body: string;
}

/** How many requests a connection has under way. */
const WINDOW = 500;

/** Asks for many things over few connections, one request after the other on each; the answers in their order. */
export async function pipeline(port: number, requests: readonly string[], connections = 8): Promise<Piped[]> {
  const each = Math.ceil(requests.length / connections);
  const parts = Array.from({ length: connections }, (_, index) => requests.slice(index * each, (index + 1) * each));
  return (await Promise.all(parts.map((part) => over(port, part)))).flat();
}

/** The text of a request without a body. */
export function get(path: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ host: 'rag', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

function over(port: number, requests: readonly string[]): Promise<Piped[]> {
  if (requests.length === 0) return Promise.resolve([]);
  return new Promise((done, fail) => {
    const answers: Piped[] = [];
    const socket = connect(port, '127.0.0.1');
    let sent = 0;
    let rest = '';
    const send = (): void => {
      if (sent > answers.length || sent === requests.length) return;
      socket.write(requests.slice(sent, sent + WINDOW).join(''));
      sent += WINDOW;
    };
    socket.on('data', (piece) => {
      rest += piece.toString('latin1');
      for (let next = first(rest); next !== undefined; next = first(rest)) {
        answers.push(next.answer);
        rest = rest.slice(next.length);
      }
      if (answers.length < requests.length) send();
      else socket.end();
    });
    socket.on('error', fail);
    socket.on('close', () =>
      answers.length === requests.length ? done(answers) : fail(new Error(`${answers.length} of ${requests.length}`)),
    );
    send();
  });
}

function first(text: string): { answer: Piped; length: number } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
  if (text.length < end + 4 + length) return undefined;
  const answer = { status: Number(head.slice(9, 12)), body: text.slice(end + 4, end + 4 + length) };
  return { answer, length: end + 4 + length };
}
