import type { CanaryStepModel } from '../release/canary-step';

/** How Argo Rollouts replaces the pods of a component. */
export type RolloutModel = CanaryRollout | BlueGreenRollout;

/** What both kinds have in common. */
export interface RolloutTerms {
  readonly minReadySeconds: number;
  /** How long a step forward may take; after it the release is aborted. */
  readonly progressDeadlineSeconds: number;
  readonly revisionHistory: number;
  /** How long the old pods stay after the new ones have all requests. */
  readonly scaleDownDelaySeconds: number;
  /** How long the new pods stay after an abort. */
  readonly abortScaleDownDelaySeconds: number;
  /**
   * Whether a Deployment still runs beside it, whose Service leads to the pods of both. Then nothing of the release is there
   * yet: an edit that takes the Deployment out brings it.
   */
  readonly besideDeployment: boolean;
}

/** More and more requests for the new version. */
export interface CanaryRollout extends RolloutTerms {
  readonly kind: 'canary';
  readonly steps: readonly CanaryStepModel[];
  /** The most replicas that there may be: what a weight is a part of. */
  readonly maxReplicas: number;
  /** Services that lead to one version each; undefined where replicas alone make the weights. */
  readonly services?: { readonly stable: string; readonly canary: string };
  /** What shares requests out; undefined: replicas do. */
  readonly router?: TrafficRouterModel;
  /** Of each step with a weight. */
  readonly gates?: InlineGates;
  /** What watches from the first step with a weight to the end. */
  readonly background?: AnalysisReference;
}

/** All requests at once for the new version. */
export interface BlueGreenRollout extends RolloutTerms {
  readonly kind: 'blue-green';
  readonly services: { readonly active: string; readonly preview: string };
  readonly promotion: { readonly kind: 'automatic'; readonly afterSeconds: number } | { readonly kind: 'manual' };
  readonly beforePromotion?: AnalysisReference;
  readonly afterPromotion?: AnalysisReference;
}

/** The analysis of a step that lasts so many seconds at least; with 0 it passes once. */
export type InlineGates = (seconds: number) => AnalysisReference;

/** A RolloutAnalysis of Argo Rollouts: templates and arguments. */
export type AnalysisReference = { readonly [field: string]: unknown };

/** What shares requests out between two Services, by the Rollout's word. */
export type TrafficRouterModel = NginxRouter | AlbRouter | GatewayApiRouter;

/** Ingresses of ingress-nginx: for each the controller makes another one, which is the canary's. */
export interface NginxRouter {
  readonly kind: 'nginx';
  /** Those that lead to the stable Service. */
  readonly ingresses: readonly string[];
}

/** Ingresses of the AWS Load Balancer Controller, whose weighted action the controller writes. */
export interface AlbRouter {
  readonly kind: 'alb';
  readonly ingresses: readonly string[];
  /** The action to which their rules lead, in the place of a Service: a backend with the port `use-annotation`. */
  readonly action: string;
  readonly servicePort: number;
}

/** Routes of Gateway API, whose weights the plugin writes. */
export interface GatewayApiRouter {
  readonly kind: 'gateway-api-plugin';
  readonly routes: readonly { readonly kind: 'HTTPRoute' | 'GRPCRoute'; readonly name: string }[];
  /** Undefined: that of the Rollout. */
  readonly namespace?: string;
}
