import { join } from 'node:path';
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

interface ScaledObjectRef {
  readonly namespace: string;
  readonly scalerMetadata: { readonly [key: string]: string };
}

/** What a route counts, and what each replica is to have of it. */
export interface Requests {
  readonly inFlight: number;
  readonly perReplica: number;
}

/**
 * The scaler of KEDA's HTTP add-on as KEDA sees it: by the name of an InterceptorRoute it tells how many requests are in
 * flight, those that wait included. KEDA asks it, and is told at once when the first one comes.
 */
export class ExternalScaler {
  static async up(): Promise<ExternalScaler> {
    const scaler = new ExternalScaler();
    await scaler.listen();
    return scaler;
  }

  /** By `namespace/name` of the InterceptorRoute. */
  readonly routes = new Map<string, Requests>();
  private readonly server = new Server();
  private readonly watchers = new Set<() => void>();
  private port = 0;

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Says how many requests of a route there are now. */
  set(route: string, requests: Requests): void {
    this.routes.set(route, requests);
    for (const tell of this.watchers) tell();
  }

  close(): void {
    this.server.forceShutdown();
  }

  private async listen(): Promise<void> {
    const definition = loadSync(join(__dirname, 'external-scaler.proto'), { longs: Number, defaults: true });
    const { externalscaler } = loadPackageDefinition(definition);
    const { ExternalScaler: Service } = externalscaler as unknown as { ExternalScaler: ServiceClientConstructor };
    const metricName = 'concurrency';
    this.server.addService(Service.service, {
      IsActive: ({ request }: { request: ScaledObjectRef }, answer: (error: null, body: object) => void) =>
        answer(null, { result: this.isActive(request) }),
      StreamIsActive: (call: ServerWritableStream<ScaledObjectRef, object>) => {
        const tell = () => call.write({ result: this.isActive(call.request) });
        this.watchers.add(tell);
        call.on('cancelled', () => this.watchers.delete(tell));
        tell();
      },
      GetMetricSpec: ({ request }: { request: ScaledObjectRef }, answer: (error: null, body: object) => void) =>
        answer(null, { metricSpecs: [{ metricName, targetSizeFloat: this.of(request).perReplica }] }),
      GetMetrics: (
        { request }: { request: { scaledObjectRef: ScaledObjectRef } },
        answer: (error: null, body: object) => void,
      ) =>
        answer(null, { metricValues: [{ metricName, metricValueFloat: this.of(request.scaledObjectRef).inFlight }] }),
      // As an add-on that has none: KEDA then asks for the specification itself.
      StreamMetricSpec: (call: ServerDuplexStream<ScaledObjectRef, object>) =>
        call.emit('error', { code: 12, details: 'unimplemented' }),
    });
    this.port = await new Promise<number>((done, fail) => {
      this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
        error === null ? done(port) : fail(error),
      );
    });
  }

  private of({ namespace, scalerMetadata }: ScaledObjectRef): Requests {
    return this.routes.get(`${namespace}/${scalerMetadata.interceptorRoute}`) ?? { inFlight: 0, perReplica: 1 };
  }

  private isActive(request: ScaledObjectRef): boolean {
    return this.of(request).inFlight > 0;
  }
}
