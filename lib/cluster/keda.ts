import { requireDnsLabel, requireInteger, requireNamespace } from '../internal/checks';
import { errors } from '../internal/errors';
import { requireLabels } from '../internal/labels';
import type { PeerModel } from '../traffic/network-peer';
import { ComponentVersion } from './component-version';

/** The oldest KEDA that falls back on metrics of type Value. */
const OLDEST_KEDA = '2.18';

/** The oldest add-on with InterceptorRoute, and placeholder responses. */
const OLDEST_ADD_ON = '0.15';

/** KEDA in a cluster. */
export interface KedaOptions {
  /**
   * Its version: at least 2.18, which is the first that falls back on every kind of metric.
   *
   * @default '2.18'
   */
  readonly version?: string;
}

/** KEDA's HTTP add-on in a cluster, beside KEDA. */
export interface KedaHttpAddOnOptions {
  /**
   * Its version: at least 0.15; a bound on waiting requests needs 0.16.
   *
   * @default '0.15'
   */
  readonly version?: string;

  /**
   * The namespace in which it runs.
   *
   * @default 'keda'
   */
  readonly namespace?: string;

  /**
   * The Service of its interceptor, through which requests go.
   *
   * @default 'keda-add-ons-http-interceptor-proxy'
   */
  readonly interceptorService?: string;

  /**
   * The port of that Service: 1 to 65535.
   *
   * @default 8080
   */
  readonly interceptorPort?: number;

  /**
   * Labels of the interceptor's pods, which functions let in.
   *
   * @default { 'app.kubernetes.io/component': 'interceptor' }
   */
  readonly interceptorLabels?: { [key: string]: string };

  /**
   * The Service of its external scaler, which KEDA asks.
   *
   * @default 'keda-add-ons-http-external-scaler'
   */
  readonly scalerService?: string;

  /**
   * The port of that Service: 1 to 65535.
   *
   * @default 9090
   */
  readonly scalerPort?: number;
}

/** What the engines read. */
export interface KedaModel {
  readonly version: ComponentVersion;
}

/** What the engines read. */
export interface KedaHttpAddOnModel {
  readonly version: ComponentVersion;
  readonly namespace: string;
  readonly interceptor: { readonly service: string; readonly port: number; readonly peer: PeerModel };
  readonly scaler: { readonly service: string; readonly port: number };
}

/** Every default filled in. */
export function kedaModel({ version = OLDEST_KEDA }: KedaOptions): KedaModel {
  return { version: new ComponentVersion('keda.version', version, OLDEST_KEDA) };
}

/** Every default filled in. */
export function kedaHttpAddOnModel(options: KedaHttpAddOnOptions): KedaHttpAddOnModel {
  const { version = OLDEST_ADD_ON, namespace = 'keda' } = options;
  const { interceptorService = 'keda-add-ons-http-interceptor-proxy', interceptorPort = 8080 } = options;
  const { scalerService = 'keda-add-ons-http-external-scaler', scalerPort = 9090 } = options;
  const { interceptorLabels = { 'app.kubernetes.io/component': 'interceptor' } } = options;
  requireNamespace('kedaHttpAddOn.namespace', namespace);
  requireDnsLabel('kedaHttpAddOn.interceptorService', interceptorService);
  requireDnsLabel('kedaHttpAddOn.scalerService', scalerService);
  requireInteger('kedaHttpAddOn.interceptorPort', interceptorPort, 1, 65_535);
  requireInteger('kedaHttpAddOn.scalerPort', scalerPort, 1, 65_535);
  requireLabels('kedaHttpAddOn.interceptorLabels', interceptorLabels);
  if (Object.keys(interceptorLabels).length === 0) {
    throw errors.emptyList(
      'kedaHttpAddOn.interceptorLabels',
      'an empty selector would let in every pod of the namespace',
    );
  }
  return {
    version: new ComponentVersion('kedaHttpAddOn.version', version, OLDEST_ADD_ON),
    namespace,
    interceptor: {
      service: interceptorService,
      port: interceptorPort,
      peer: { namespace, podLabels: { ...interceptorLabels } },
    },
    scaler: { service: scalerService, port: scalerPort },
  };
}
