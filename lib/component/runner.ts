import type { Duration } from 'cdk8s';
import { requireServiceUrl } from '../bento/container-contract';
import { requireTimeout } from '../internal/checks';
import { requireNodePool } from '../placement/node-pool-model';
import type { ComponentModel, PoolHop } from './component-model';
import type { RunnerPoolOptions } from './options';

/** Who calls a runner pool. */
export interface RunnerCaller {
  /** The name of the calling component, for messages. */
  readonly name: string;

  /** Labels of its pods. */
  readonly podLabels: { [key: string]: string };

  /**
   * The namespace of its pods.
   *
   * @default - that of the pool
   */
  readonly namespace?: string;
}

/** A pool of replicas that serves one dependency. */
export interface IRunnerPool {
  /** The exact name of the BentoML service that it serves. */
  readonly bentoService: string;

  /** Where its callers find it. */
  readonly url: string;

  /** The timeout of its requests, which its callers take over. */
  readonly timeout: Duration;

  /**
   * Tells the pool that a component calls it, so that it lets it in.
   *
   * @param caller who calls
   */
  registerCaller(caller: RunnerCaller): void;
}

/** What pools of a tree tell their callers beyond the interface. */
export interface ProxiedPool extends IRunnerPool {
  /** How they are reached. */
  readonly _hop: PoolHop;
  readonly _component: ComponentModel;
}

/** Options of `Runner.url`. */
export interface RunnerUrlOptions {
  /**
   * The timeout of its requests: above 0.
   *
   * @default - as the Bento's code says, else 60 seconds
   */
  readonly timeout?: Duration;
}

/**
 * What serves a dependency of a Bento.
 *
 * @example
 * Runner.pool({ size: InstanceSize.named('gpu.l4.1'), scaling: Scaling.replicas(2) });
 */
export class Runner {
  /**
   * A pool of the deployment's own, which comes and goes with it.
   *
   * @throws OutOfRange
   */
  public static pool(options: RunnerPoolOptions = {}): Runner {
    if (options.nodePool !== undefined) requireNodePool('nodePool', options.nodePool);
    return new Runner({ kind: 'pool', options });
  }

  /** A pool that others may call too. It owns its timeouts; this deployment's network is let in. */
  public static shared(pool: IRunnerPool): Runner {
    return new Runner({ kind: 'shared', pool });
  }

  /**
   * Any address that serves the dependency.
   *
   * @param url as http://host:port, without `=` and blanks
   * @throws InvalidUrl, OutOfRange
   */
  public static url(url: string, options: RunnerUrlOptions = {}): Runner {
    requireServiceUrl('url', url);
    const timeoutSeconds = options.timeout && requireTimeout('timeout', options.timeout);
    return new Runner({ kind: 'url', url, timeoutSeconds });
  }

  private constructor(
    /** @internal */
    public readonly _model: RunnerModel,
  ) {}
}

/** Runners by the service that they serve, as a version resolves them. */
export function runnerModels(runners: { readonly [bentoService: string]: Runner } | undefined): {
  [bentoService: string]: RunnerModel;
} {
  return Object.fromEntries(Object.entries(runners ?? {}).map(([bentoService, { _model }]) => [bentoService, _model]));
}

/** What a version resolves. */
export type RunnerModel =
  | { readonly kind: 'pool'; readonly options: RunnerPoolOptions }
  | { readonly kind: 'shared'; readonly pool: IRunnerPool }
  | { readonly kind: 'url'; readonly url: string; readonly timeoutSeconds?: number };
