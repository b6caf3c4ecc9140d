import { requireResolved, requireText } from '../internal/checks';
import { errors } from '../internal/errors';

// What a container that `bentoml containerize` built reads and does; every value is held against the real BentoML.

/** The port of HTTP, probes and metrics. */
export const PORT = 3000;
export const PORT_NAME = 'http';
/** User and group of the image. */
export const BENTO_USER = 1034;
/** The one folder that is writable: BentoML's own state and the caches of libraries lie beneath. */
export const WRITABLE_PATH = '/tmp';
/** Where the image holds the Bento; a volume over it would hide the code. */
export const BENTO_PATH = '/home/bentoml';
/** BentoML's own namespace of metrics. */
export const DEFAULT_METRICS_NAMESPACE = 'bentoml_service';
/** BentoML's own `traffic.timeout`, and ours. */
export const DEFAULT_TIMEOUT_SECONDS = 60;
/** A caller waits for its dependency's `traffic.timeout` times this. */
export const CLIENT_TIMEOUT_FACTOR = 1.01;

/** Caches of libraries, moved off the read-only root; a variable that the user sets wins. */
export const CACHE_ENV: readonly (readonly [string, string])[] = [
  ['HF_HOME', `${WRITABLE_PATH}/cache/huggingface`],
  ['TORCHINDUCTOR_CACHE_DIR', `${WRITABLE_PATH}/cache/torchinductor`],
  ['TRITON_CACHE_DIR', `${WRITABLE_PATH}/cache/triton`],
  ['XDG_CACHE_HOME', `${WRITABLE_PATH}/cache`],
];

/** What users may not set, and what to use instead. */
const RESERVED_ENV: readonly (readonly [RegExp, string])[] = [
  [/^BENTOML_SERVE_/, 'state `runners`, which wires the services'],
  [/^BENTOML_CONFIG(_|$)/, 'state `traffic`, `workers`, `logging` or `tracing`, or patch the workload'],
  [/^(BENTOML_)?PORT$/, 'the port of the container is fixed; state `servicePort` for that of the Service'],
  [/^BENTOML_HOME$/, 'the root file system is read-only; BentoML writes beneath /tmp'],
];

/** Keys of BentoML's service configuration: a service of such a name would be read as one of them. */
const CONFIG_KEYS = new Set([
  'backlog',
  'endpoints',
  'extra_ports',
  'grpc',
  'http',
  'logging',
  'max_runner_connections',
  'metrics',
  'monitoring',
  'name',
  'replicate_process',
  'resources',
  'runner_connection',
  'runner_probe',
  'ssl',
  'threads',
  'tracing',
  'traffic',
  'workers',
]);

/** Throws unless BentoML can serve and configure a service of this name from outside. */
export function requireServiceName(property: string, name: string): void {
  requireText(property, name, 100);
  if (!/^_*[A-Za-z][-A-Za-z0-9_.]*$/.test(name)) {
    throw errors.invalidName(
      property,
      "letters, digits, '-', '_' and '.', a letter first: BentoML's wiring splits names at blanks and '='",
      name,
      'state @bentoml.service(name=...)',
    );
  }
  if (CONFIG_KEYS.has(name)) throw errors.reservedName(property, name);
}

/** Throws for a variable that the library owns. */
export function requireFreeEnvName(name: string): void {
  const reserved = RESERVED_ENV.find(([pattern]) => pattern.test(name));
  if (reserved !== undefined) throw errors.reservedEnv(name, reserved[1]);
}

/** Throws unless BentoML's wiring can carry this address: it splits at blanks, then at `=`. */
export function requireServiceUrl(property: string, url: string): void {
  requireResolved(property, url);
  if (typeof url !== 'string' || !/^https?:\/\/[^\s=/?#]+(\/[^\s=?#]*)?$/.test(url)) {
    throw errors.invalidUrl(property, "an http address without blanks, '=' and '?'", url);
  }
}

/** The flags of the image's entrypoint. */
export function serverArgs(keepAliveSeconds: number, gracefulShutdownSeconds: number): string[] {
  return [
    '--timeout-keep-alive',
    String(keepAliveSeconds),
    '--timeout-graceful-shutdown',
    String(gracefulShutdownSeconds),
  ];
}

/** What one pod must know of the wiring of its Bento. */
export interface WiringModel {
  readonly bentoService: string;
  /** Addresses of all direct dependencies, by their exact names: one that is missing runs inside this pod. */
  readonly dependencies: readonly { readonly name: string; readonly url: string }[];
  /** Configuration by service: its own, and of the services it calls. */
  readonly config: { readonly [bentoService: string]: ServiceConfigModel };
  readonly gpu: boolean;
}

/** Environment of the serving container, in a fixed order. */
export function serverEnv(wiring: WiringModel): { name: string; value: string }[] {
  const env: (readonly [string, string])[] = [
    ['BENTOML_SERVE_COMPONENT', 'http_server'],
    ['BENTOML_SERVE_SERVICE_NAME', wiring.bentoService],
  ];
  if (wiring.dependencies.length > 0) {
    const dependencies = [...wiring.dependencies].sort((a, b) => (a.name < b.name ? -1 : 1));
    env.push(['BENTOML_SERVE_DEPENDS', dependencies.map(({ name, url }) => `${name}=${url}`).join(' ')]);
  }
  env.push(
    // A Bento's code may state another port, which the supervisor would take.
    ['BENTOML_PORT', String(PORT)],
    ['BENTOML_CONFIG_OVERRIDES', configOverrides(wiring.config)],
    ['BENTOML_HOME', `${WRITABLE_PATH}/bentoml`],
    ['BENTOML_DO_NOT_TRACK', 'True'],
  );
  // The device plugin has chosen the devices already.
  if (wiring.gpu) env.push(['BENTOML_DISABLE_GPU_ALLOCATION', 'True']);
  env.push(...CACHE_ENV);
  return env.map(([name, value]) => ({ name, value }));
}

/** Settings of one service, as far as we state them; absent ones stay as the Bento's code says. */
export interface ServiceConfigModel {
  readonly timeoutSeconds: number;
  /** Of a service that is called: until its first byte. */
  readonly firstByteSeconds?: number;
  /** Of a service that is called: how long its answers may be silent, where that is known. */
  readonly silenceSeconds?: number;
  readonly maxConcurrency?: number;
  readonly workers?: number;
  /**
   * What the client in this pod is told to wait for the service; undefined where it does not call it. Its connections must
   * not be cut while calls are in flight.
   */
  readonly clientSeconds?: number;
  /** Whether `/readyz` asks the dependencies too; undefined where there are none. */
  readonly probeDependencies?: boolean;
  readonly monitoringPath?: string;
  readonly accessLog?: AccessLogModel;
  readonly tracing?: TracingModel;
}

/** BentoML's `logging.access`. */
export interface AccessLogModel {
  readonly enabled?: boolean;
  readonly skipPaths?: readonly string[];
}

/** BentoML's `tracing`. */
export interface TracingModel {
  readonly exporter: 'otlp' | 'zipkin';
  readonly endpoint: string;
  readonly protocol?: 'grpc' | 'http';
  readonly sampleRatio: number;
  readonly excludedPaths?: readonly string[];
}

/**
 * In the pod of a caller the timeout of a dependency only sets how long its client waits, 1 % longer: too little for the
 * dependency's own 504 to arrive before the client gives up with a 500.
 */
const CLIENT_MARGIN_SECONDS = 2;

/** What the client in a caller's pod is told to wait for a dependency: longer than that takes, and shorter than its caller. */
export function clientSeconds(dependencySeconds: number, callerSeconds: number): number {
  const room = callerSeconds / CLIENT_TIMEOUT_FACTOR - dependencySeconds;
  if (room <= 0 || room / 2 >= CLIENT_MARGIN_SECONDS) return dependencySeconds + CLIENT_MARGIN_SECONDS;
  const thousandths = Math.floor((dependencySeconds + room / 2) * 1000) / 1000;
  return thousandths > dependencySeconds ? thousandths : dependencySeconds + room / 2;
}

/** Enough requests and seconds that BentoML never closes its session to a dependency, which cuts calls in flight. */
const NEVER = 1_000_000_000;

function configOverrides(config: WiringModel['config']): string {
  const services = Object.keys(config)
    .sort()
    .map((name) => [name, serviceConfig(config[name]!)]);
  return stringify({ services: Object.fromEntries(services) });
}

function serviceConfig(config: ServiceConfigModel): object {
  const { maxConcurrency, workers, probeDependencies, monitoringPath, accessLog, tracing } = config;
  return {
    ...(accessLog !== undefined && {
      logging: { access: { enabled: accessLog.enabled, skip_paths: accessLog.skipPaths } },
    }),
    ...(monitoringPath !== undefined && { monitoring: { options: { log_path: monitoringPath } } }),
    ...(config.clientSeconds !== undefined && {
      runner_connection: { max_age: new Float(NEVER), max_requests: NEVER },
    }),
    ...(probeDependencies !== undefined && { runner_probe: { enabled: probeDependencies } }),
    ...(tracing !== undefined && { tracing: tracingConfig(tracing) }),
    traffic: {
      ...(maxConcurrency !== undefined && { max_concurrency: maxConcurrency }),
      timeout: config.clientSeconds ?? config.timeoutSeconds,
    },
    ...(workers !== undefined && { workers }),
  };
}

function tracingConfig({ exporter, endpoint, protocol, sampleRatio, excludedPaths }: TracingModel): object {
  return {
    ...(excludedPaths !== undefined && { excluded_urls: excludedPaths }),
    exporter_type: exporter,
    [exporter]: { endpoint, ...(protocol !== undefined && { protocol }) },
    sample_rate: new Float(sampleRatio),
  };
}

/** No text of a user begins like this, for no environment variable can hold it. */
const FLOAT = '\0float:';

/** A number that BentoML wants as a float: it refuses `1` where it takes `1.0`. */
class Float {
  public constructor(private readonly value: number) {}

  public toJSON(): string {
    return `${FLOAT}${Number.isInteger(this.value) ? this.value.toFixed(1) : this.value}`;
  }
}

function stringify(value: object): string {
  return JSON.stringify(value).replace(/"\\u0000float:([-+.0-9e]+)"/g, '$1');
}
