import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly seconds: number;
}

/** A POST over a connection of its own; status 0 is one that got no answer. */
export function post(url: string, body: unknown, timeoutSeconds = 60): Promise<Answer> {
  const begin = Date.now();
  return new Promise((done) => {
    const answer = (status: number, text: string) => done({ status, body: text, seconds: (Date.now() - begin) / 1000 });
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const headers = { 'content-type': 'application/json' };
    const sent = request(url, { method: 'POST', agent: false, headers, signal }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('error', (error) => answer(0, error.message));
      response.on('end', () => answer(response.statusCode ?? 0, text));
    });
    sent.on('error', (error) => answer(0, error.message));
    sent.end(JSON.stringify(body));
  });
}

/** How many answers there were of each status. */
export function statuses(answers: Answer[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** `total` requests, `concurrency` at a time. */
export async function load(total: number, concurrency: number, send: () => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  let begun = 0;
  const client = async () => {
    while (begun < total) {
      begun += 1;
      answers.push(await send());
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return answers;
}

/** Requests without a pause from `concurrency` clients until `end` settles. */
export async function loadUntil(end: Promise<unknown>, concurrency: number, send: () => Promise<Answer>) {
  const answers: Answer[] = [];
  let over = false;
  const client = async () => {
    while (!over) answers.push(await send());
  };
  const clients = Promise.all(Array.from({ length: concurrency }, client));
  await end;
  over = true;
  await clients;
  return answers;
}
