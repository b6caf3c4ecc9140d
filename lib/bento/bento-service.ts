import type { Duration } from 'cdk8s';
import { requireInteger, requireTimeout, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import type { InstanceSize } from '../sizing/instance-size';
import type { BentoServiceModel } from './bento-model';
import { DEFAULT_METRICS_NAMESPACE, requireServiceName } from './container-contract';

/** Options of `BentoService.named`. */
export interface BentoServiceOptions {
  /**
   * Names of the services of the same Bento that it calls through `bentoml.depends()`, all of them: one that is missing
   * would run inside this service's pods.
   *
   * @default - none
   */
  readonly dependsOn?: string[];

  /**
   * What a replica needs, as `resources` in its code.
   *
   * @default - not stated
   */
  readonly size?: InstanceSize;

  /**
   * Time to the first byte of an answer, as `traffic.timeout` in its code.
   *
   * @default - not stated
   */
  readonly timeout?: Duration;

  /**
   * Requests in flight per replica above which it answers 429, as `traffic.max_concurrency` in its code.
   *
   * @default - not stated
   */
  readonly maxConcurrency?: number;

  /**
   * Requests that a replica is good at working on at the same time, as `traffic.concurrency` in its code: what
   * autoscalers aim at by default. At least 1.
   *
   * @default - not stated
   */
  readonly targetConcurrency?: number;

  /**
   * All paths that it answers, as `/predict`, without `pathPrefix`: metrics of others are then not kept, of which there
   * are as many as clients think of. Autoscalers see no load on a path that is missing here.
   *
   * @default - not known, for no bento.yaml lists those of mounted applications: metrics of answers with status 404 are
   * not kept
   */
  readonly routes?: string[];

  /**
   * Processes per replica, as `workers` in its code.
   *
   * @default - not stated
   */
  readonly workers?: number;

  /**
   * What stands before all its paths, as `path_prefix` in its code; it moves probes and metrics too.
   *
   * @default - nothing
   */
  readonly pathPrefix?: string;

  /**
   * Namespace of its metrics, as `metrics.namespace` in its code.
   *
   * @default 'bentoml_service'
   */
  readonly metricsNamespace?: string;

  /**
   * Further ports on which it listens, as `extra_ports` in its code: 1 to 65535, each once. They are in its Service, and
   * its callers may connect to them.
   *
   * @default - none
   */
  readonly extraPorts?: number[];

  /**
   * Whether it has a `@bentoml.task`, whose results only the pod that took it knows.
   *
   * @default false
   */
  readonly hasTasks?: boolean;
}

/** One service of a Bento that is stated by hand. */
export class BentoService {
  /**
   * A service by its exact name: that of its class, or `@bentoml.service(name=...)`.
   *
   * @throws InvalidName, ReservedName, OutOfRange, InvalidText
   */
  public static named(name: string, options: BentoServiceOptions = {}): BentoService {
    return new BentoService(name, options);
  }

  /** @internal */
  public readonly _model: BentoServiceModel;

  private constructor(name: string, options: BentoServiceOptions) {
    const { maxConcurrency, workers, pathPrefix = '', metricsNamespace = DEFAULT_METRICS_NAMESPACE } = options;
    requireServiceName('name', name);
    if (maxConcurrency !== undefined) requireInteger('maxConcurrency', maxConcurrency, 1);
    const { targetConcurrency, routes, extraPorts = [] } = options;
    if (targetConcurrency !== undefined) requireInteger('targetConcurrency', targetConcurrency, 1);
    if (workers !== undefined) requireInteger('workers', workers, 1);
    for (const port of extraPorts) requireInteger('extraPorts', port, 1, 65_535);
    requireUnique('extraPorts', extraPorts.map(String));
    const timeoutSeconds = options.timeout && requireTimeout('timeout', options.timeout);
    if (pathPrefix !== '' && !/^(\/[-A-Za-z0-9._~]+)+$/.test(pathPrefix)) {
      throw errors.invalidText('pathPrefix', 'a path as /v1', pathPrefix);
    }
    if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(metricsNamespace)) {
      throw errors.invalidName('metricsNamespace', 'letters, digits and underscores', metricsNamespace);
    }
    for (const route of routes ?? []) {
      if (!/^\/[-A-Za-z0-9._~{}/]*$/.test(route)) throw errors.invalidText('routes', 'paths as /predict', route);
    }
    this._model = {
      name,
      label: dnsLabel(name),
      dependencies: [...new Set(options.dependsOn ?? [])],
      urls: [],
      size: options.size?._model,
      timeoutSeconds,
      maxConcurrency,
      targetConcurrency,
      workers,
      pathPrefix,
      metricsEnabled: true,
      metricsNamespace,
      routes: routes?.map((route) => `${pathPrefix}${route}`),
      hasTasks: options.hasTasks ?? false,
      extraPorts: [...extraPorts],
      monitorsToFiles: true,
    };
  }
}
