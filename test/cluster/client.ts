import { readFileSync } from 'node:fs';
import https from 'node:https';

export interface ObjectMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  generation?: number;
  [key: string]: unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server has; the tests read it by Kubernetes' own paths.
export type Body = any;

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [key: string]: Body;
}

export class ApiError extends Error {
  constructor(
    public readonly status: number,
    body: Body,
  ) {
    super(body?.message ?? String(body));
  }
}

export interface Reply {
  readonly body: Body;
  /** What the server says in `Warning` headers: deprecated fields, Pod Security. */
  readonly warnings: string[];
}

export interface Endpoint {
  readonly url: string;
  readonly token: string;
  /** File with the certificate to trust; its key lies beside it. */
  readonly ca: string;
}

export const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Waits for a value that is not falsy. */
export async function until<T>(what: string, probe: () => Promise<T>, timeoutMs = 60_000): Promise<NonNullable<T>> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what}: not so after ${timeoutMs} ms`);
    await sleep(100);
  }
}

/** Talks to one API server. */
export class Client {
  private readonly agent: https.Agent;
  private readonly discovered = new Map<string, Body>();

  constructor(public readonly endpoint: Endpoint) {
    this.agent = new https.Agent({ keepAlive: true, ca: readFileSync(endpoint.ca) });
  }

  close(): void {
    this.agent.destroy();
  }

  async request(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Reply> {
    return this.send(method, path, body, type).catch((error) => {
      // The server had just closed the connection that was kept: it has not seen the request.
      if (error.code === 'ECONNRESET' && error.reused === true) return this.send(method, path, body, type);
      throw error;
    });
  }

  private send(method: string, path: string, body: unknown, type: string): Promise<Reply> {
    const data = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.endpoint.token}`,
      accept: 'application/json',
      ...(data !== undefined && { 'content-type': type }),
    };
    return new Promise((done, fail) => {
      const request = https.request(this.endpoint.url + path, { method, agent: this.agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', fail).on('end', () => {
          const value = response.headers['content-type']?.includes('json') ? JSON.parse(text) : text;
          if (response.statusCode! >= 400) return fail(new ApiError(response.statusCode!, value));
          done({ body: value, warnings: warningsIn(response.headers.warning) });
        });
      });
      request.setTimeout(60_000, () => request.destroy(new Error(`${method} ${path}: no answer`)));
      request.on('error', (error) => fail(Object.assign(error, { reused: request.reusedSocket }))).end(data);
    });
  }

  async get(path: string): Promise<Body> {
    return (await this.request('GET', path)).body;
  }

  /** Like `get`, with `undefined` for what is not there. */
  async find(path: string): Promise<Body | undefined> {
    return this.get(path).catch((error) => {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    });
  }

  /** The path of an object, or of its collection, by discovery. */
  async path(object: KubernetesObject, which: 'object' | 'collection' = 'object'): Promise<string> {
    const root = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    if (!this.discovered.has(root)) {
      const list = await this.find(root);
      if (list === undefined) throw new Error(`the server knows no ${object.apiVersion}`);
      this.discovered.set(root, list);
    }
    const resource = this.discovered
      .get(root)
      .resources.find((r: Body) => r.kind === object.kind && !r.name.includes('/'));
    if (resource === undefined) throw new Error(`the server knows no ${object.apiVersion} ${object.kind}`);
    const namespace = resource.namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : '';
    return `${root}${namespace}/${resource.name}${which === 'object' ? `/${object.metadata.name}` : ''}`;
  }

  /** Creates what the YAML text says, exactly as it is: an unknown or a doubled field is an error. */
  async createStrictly(object: KubernetesObject, yaml: string): Promise<Reply> {
    const path = await this.path(object, 'collection');
    return this.request('POST', `${path}?fieldValidation=Strict`, yaml, 'application/yaml');
  }

  /** Creates what is not there yet. */
  async provide(object: KubernetesObject): Promise<void> {
    await this.request('POST', await this.path(object, 'collection'), object).catch((error) => {
      if (!(error instanceof ApiError && error.status === 409)) throw error;
    });
  }

  /** Server-side apply; without `force` it takes no field from another manager. */
  async apply(object: KubernetesObject, manager = 'test', force = false): Promise<Reply> {
    const query = new URLSearchParams({ fieldManager: manager, force: String(force), fieldValidation: 'Strict' });
    return this.request('PATCH', `${await this.path(object)}?${query}`, object, 'application/apply-patch+yaml');
  }

  async merge(path: string, patch: unknown): Promise<Body> {
    return (await this.request('PATCH', path, patch, 'application/merge-patch+json')).body;
  }

  /** A namespace, ready for pods. */
  async namespace(name: string, labels: Record<string, string>): Promise<void> {
    await this.provide({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
    await this.namespaceReady(name);
  }

  /** Pods are refused until a controller has made the default service account. */
  async namespaceReady(name: string): Promise<void> {
    await until(`service account of namespace ${name}`, () =>
      this.find(`/api/v1/namespaces/${name}/serviceaccounts/default`),
    );
  }
}

function warningsIn(header: string | undefined): string[] {
  if (header === undefined) return [];
  return header.split(/,\s*(?=299 )/).map((line) => line.replace(/^299 \S+ "(.*)"$/, '$1').replaceAll('\\"', '"'));
}
