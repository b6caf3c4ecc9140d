import { requireNumber, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import type { TracingModel } from './container-contract';

/** How spans travel to an OpenTelemetry collector. */
export enum OtlpProtocol {
  /** OTLP over gRPC, port 4317 by convention. */
  GRPC = 'grpc',
  /** OTLP over HTTP, port 4318 by convention. */
  HTTP = 'http',
}

/** Options of `Tracing.otlp`. */
export interface OtlpTracingOptions {
  /** The collector: `http://otel-collector.monitoring:4317`, for HTTP with the path: `http://...:4318/v1/traces`. */
  readonly endpoint: string;

  /**
   * How spans travel.
   *
   * @default OtlpProtocol.GRPC
   */
  readonly protocol?: OtlpProtocol;

  /**
   * The share of requests that are traced: above 0, up to 1.
   *
   * @default 0.1
   */
  readonly sampleRatio?: number;

  /**
   * Paths that are not traced.
   *
   * @default - BentoML's: metrics and probes
   */
  readonly excludedPaths?: string[];
}

/** Options of `Tracing.zipkin`. */
export interface ZipkinTracingOptions {
  /** The collector: `http://zipkin.monitoring:9411/api/v2/spans`. */
  readonly endpoint: string;

  /**
   * The share of requests that are traced: above 0, up to 1.
   *
   * @default 0.1
   */
  readonly sampleRatio?: number;

  /**
   * Paths that are not traced.
   *
   * @default - BentoML's: metrics and probes
   */
  readonly excludedPaths?: string[];
}

const DEFAULT_SAMPLE_RATIO = 0.1;

/**
 * Where BentoML sends the spans of requests. The exporter must be in the image: a Bento without
 * `bentoml[tracing-otlp]` or `bentoml[tracing-zipkin]` among its requirements never gets ready, so that is a warning.
 * BentoML logs its configuration at the start: credentials of a collector belong into the variable
 * `OTEL_EXPORTER_OTLP_HEADERS`, by `EnvVar.fromSecret()`. Jaeger takes OTLP.
 *
 * @see https://docs.bentoml.com/en/latest/build-with-bentoml/observability/tracing.html
 */
export class Tracing {
  /**
   * Spans for an OpenTelemetry collector.
   *
   * @throws InvalidUrl, OutOfRange, InvalidText
   */
  public static otlp(options: OtlpTracingOptions): Tracing {
    return new Tracing('otlp', options, options.protocol ?? OtlpProtocol.GRPC);
  }

  /**
   * Spans for a Zipkin collector.
   *
   * @throws InvalidUrl, OutOfRange, InvalidText
   */
  public static zipkin(options: ZipkinTracingOptions): Tracing {
    return new Tracing('zipkin', options);
  }

  /** @internal */
  public readonly _model: TracingModel;

  private constructor(exporter: TracingModel['exporter'], options: ZipkinTracingOptions, protocol?: OtlpProtocol) {
    const { endpoint, sampleRatio = DEFAULT_SAMPLE_RATIO, excludedPaths } = options;
    requireText('endpoint', endpoint);
    if (!/^https?:\/\/[^\s/@]+(\/\S*)?$/.test(endpoint))
      throw errors.invalidUrl('endpoint', 'an http address without credentials', endpoint);
    if (protocol === OtlpProtocol.HTTP && !/\/\/[^/]+\/./.test(endpoint)) {
      throw errors.invalidUrl('endpoint', 'the whole address with its path, as http://host:4318/v1/traces', endpoint);
    }
    if (endpoint.includes('$(')) {
      throw errors.invalidUrl('endpoint', 'an address without $(NAME): it reaches BentoML as it is', endpoint);
    }
    requireNumber('sampleRatio', sampleRatio, { above: 0, max: 1 });
    for (const path of excludedPaths ?? []) requireText('excludedPaths', path);
    this._model = {
      exporter,
      endpoint,
      sampleRatio,
      ...(protocol !== undefined && { protocol }),
      ...(excludedPaths !== undefined && { excludedPaths: [...excludedPaths] }),
    };
  }
}

/** The Python package that holds the exporter. */
export const EXPORTER_PACKAGES: { [exporter in TracingModel['exporter']]: string } = {
  otlp: 'opentelemetry-exporter-otlp',
  zipkin: 'opentelemetry-exporter-zipkin',
};
