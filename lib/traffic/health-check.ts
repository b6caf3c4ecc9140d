import type { Duration } from 'cdk8s';
import { requireInteger, requireSeconds, requireText } from '../internal/checks';
import { errors } from '../internal/errors';

/** Options of `HealthCheck.http`. */
export interface HttpHealthCheckOptions {
  /**
   * The path that is asked, of at most 1,024 characters; 200 is well.
   *
   * @default - that of the readiness probe
   */
  readonly path?: string;

  /**
   * How often: whole seconds, 1 second to 5 minutes.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * How long an answer may take: whole seconds, 1 second to `interval`.
   *
   * @default - 5 seconds, or a second below `interval` where that is shorter
   */
  readonly timeout?: Duration;

  /**
   * After how many answers in a row a replica is well again: 1 to 10.
   *
   * @default 2
   */
  readonly healthyThreshold?: number;

  /**
   * After how many failures in a row it gets nothing: 1 to 10.
   *
   * @default 3
   */
  readonly unhealthyThreshold?: number;
}

/** As Envoy Gateway and load balancers of AWS bound it. */
const MAX_PATH_LENGTH = 1024;

/** What a door asks of replicas itself, beside the kubelet's probes. */
export class HealthCheck {
  /**
   * Asks by HTTP.
   *
   * @throws OutOfRange, InvalidText
   */
  public static http(options: HttpHealthCheckOptions = {}): HealthCheck {
    const { path, interval, timeout, healthyThreshold = 2, unhealthyThreshold = 3 } = options;
    if (path !== undefined) requireText('path', path, MAX_PATH_LENGTH);
    if (path !== undefined && !/^\/[-._~!$&'()*+,;=:@%/A-Za-z0-9]*$/.test(path)) {
      throw errors.invalidText('path', 'a path, as /readyz', path);
    }
    requireInteger('healthyThreshold', healthyThreshold, 1, 10);
    requireInteger('unhealthyThreshold', unhealthyThreshold, 1, 10);
    const intervalSeconds = interval === undefined ? 10 : requireSeconds('interval', interval, 1, 300);
    const timeoutSeconds =
      timeout === undefined
        ? Math.max(1, Math.min(5, intervalSeconds - 1))
        : requireSeconds('timeout', timeout, 1, intervalSeconds);
    return new HealthCheck({
      ...(path !== undefined && { path }),
      intervalSeconds,
      timeoutSeconds,
      healthyThreshold,
      unhealthyThreshold,
    });
  }

  private constructor(
    /** @internal */
    public readonly _model: HealthCheckModel,
  ) {}
}

/** What the engines read. */
export interface HealthCheckModel {
  /** Undefined: that of the readiness probe. */
  readonly path?: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}
