import type { ServiceSpec } from 'kubernetes-types/core/v1';
import type { ComponentModel, HoldModel, OnDemandModel } from '../component/component-model';
import { unlessEmpty } from './unless-empty';

/** An InterceptorRoute of KEDA's HTTP add-on, as far as it is used. */
export interface InterceptorRouteSpec {
  readonly coldStart?: object;
  readonly rules: readonly RoutingRule[];
  readonly scalingMetric: object;
  readonly target: { readonly port: number; readonly service: string };
  readonly timeouts: { readonly readiness: string; readonly request: string; readonly responseHeader: string };
}

/** Which requests are those of a function. */
export interface RoutingRule {
  readonly hosts: readonly string[];
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
}

/** By what the interceptor tells the versions of a function apart: a door sets it, whatever the client sends. */
export const VERSION_HEADER = 'x-bento-version';

/**
 * Which requests are those of one version of several. Of rules for the same host the interceptor takes the one with the
 * most headers: a version has those that a door sends to it, and one of them all that a door says nothing of.
 *
 * @see https://github.com/kedacore/http-add-on/blob/v0.15.0/pkg/routing/tablememory.go
 */
export function versionRules(key: string, own: readonly string[], routed: readonly string[]): RoutingRule[] {
  return [{ hosts: [...own] }, { headers: [{ name: VERSION_HEADER, value: key }], hosts: [...routed] }];
}

/** What the interceptor allows beyond the timeout of requests, so that BentoML's own 504 arrives. */
export const INTERCEPTOR_MARGIN_SECONDS = 5;

/** The time over which requests are counted. */
const RATE_WINDOW = '1m';

/** The `spec` of an `http.keda.sh/v1beta1` InterceptorRoute. */
export function interceptorRouteSpec(model: ComponentModel, rules: readonly RoutingRule[]): InterceptorRouteSpec {
  const { identity, servicePort } = model;
  const hold = model.hold!;
  const { concurrency, requestRate } = (model.scaling as OnDemandModel).target;
  const header = Math.ceil(model.timeoutSeconds) + INTERCEPTOR_MARGIN_SECONDS;
  return {
    coldStart: unlessEmpty(coldStartSpec(model, hold)),
    rules,
    scalingMetric: {
      ...(concurrency !== undefined && { concurrency: { targetValue: concurrency } }),
      ...(requestRate !== undefined && {
        requestRate: { granularity: '1s', targetValue: requestRate, window: RATE_WINDOW },
      }),
    },
    target: { port: servicePort, service: identity.serviceName },
    timeouts: {
      readiness: seconds(hold.timeoutSeconds),
      // The add-on counts the wait into it: without it the wait would eat the request's own time.
      request: seconds(functionRequestSeconds(model)),
      responseHeader: seconds(header),
    },
  };
}

/** How long a request to a function may take in all: the wait, and the longest answer that a pod is given time for. */
export function functionRequestSeconds(model: ComponentModel): number {
  return model.hold!.timeoutSeconds + Math.ceil(model.answer.total) + INTERCEPTOR_MARGIN_SECONDS;
}

/** The `spec` of a `v1` Service that leads to the interceptor, under a name of the function's own. */
export function interceptorDoorSpec({ cluster }: ComponentModel): ServiceSpec {
  const { interceptor, namespace } = cluster.kedaHttpAddOn!;
  return {
    externalName: `${interceptor.service}.${namespace}.svc.${cluster.clusterDomain}`,
    type: 'ExternalName',
  };
}

/** Names by which callers of the cluster reach a function; without its namespace it could be a namesake elsewhere. */
export function doorHosts(name: string, namespace: string, clusterDomain: string): string[] {
  return [`${name}.${namespace}`, `${name}.${namespace}.svc`, `${name}.${namespace}.svc.${clusterDomain}`];
}

function coldStartSpec({ terminated }: ComponentModel, { maxPending, overflow }: HoldModel): object {
  // Without a bound the placeholder answers at once, and nobody waits for what will not start.
  if (terminated) return { placeholder: { response: { statusCode: 503 } } };
  const bound = maxPending !== undefined && { maxPendingRequests: maxPending };
  switch (overflow.kind) {
    case 'reject':
      return bound ? { ...bound, overflow: 'Reject' } : {};
    case 'placeholder':
      return {
        ...(bound && { ...bound, overflow: 'Placeholder' }),
        placeholder: {
          response: {
            ...(overflow.body !== undefined && { body: overflow.body }),
            headers: unlessEmpty(Object.fromEntries(overflow.headers)),
            statusCode: overflow.statusCode,
          },
        },
      };
    case 'fallback':
      return {
        fallback: { service: { name: overflow.service, port: overflow.port } },
        ...(bound && { ...bound, overflow: 'Reject' }),
      };
  }
}

function seconds(value: number): string {
  return `${value}s`;
}
