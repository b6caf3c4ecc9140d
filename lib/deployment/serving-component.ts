import type { ApiObject } from 'cdk8s';
import type { INetworkPolicyPeer, IPodSelector, NetworkPolicyPeerConfig, PodSelectorConfig } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { TreeCaller } from '../checks/tree-component';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { ComponentModel } from '../component/component-model';
import { type Path, peersOf } from '../component/hops';
import type { Claim, EnginePlan } from '../component/plan';
import { headlessName } from '../component/pool-hop';
import { callPaths } from '../component/request-path';
import type { ResolvedComponent } from '../component/version-input';
import { planComponent, replicaClaims, routingClaims, SCALER_KINDS, scaleTarget } from '../engines/choose-engines';
import { KNATIVE_SERVICE_PORT, knativeUrl, QUEUE_PROXY_PORTS } from '../engines/knative';
import { networkPolicySpec } from '../engines/network-policy';
import { disruptionBudgetSpec } from '../engines/pod-disruption-budget';
import { headlessServiceSpec } from '../engines/service';
import { emitObject } from '../internal/emit';
import { warn } from '../internal/warnings';
import type { PeerModel } from '../traffic/network-peer';
import { emitConfigMaps } from './config-maps';
import { registerComponent } from './tree-checks';
import { type Emission, scalerObject, type WorkloadObjects, workloadObjects } from './workload-objects';

/** The object whose replicas an autoscaler owns. */
export interface ScaleTarget {
  /** Its API version: `apps/v1`. */
  readonly apiVersion: string;
  /** Its kind: `Deployment`. */
  readonly kind: string;
  /** Its name. */
  readonly name: string;
}

/** Who connects to a component, and where it may connect to; asked at synth. */
export interface ComponentNetwork {
  readonly incoming: () => readonly Path[];
  /** Undefined: anywhere. */
  readonly to: () => readonly PeerModel[] | undefined;
  /** Components of other deployments that call it. */
  readonly callers: () => readonly TreeCaller[];
  /** Hosts that lead to it, and to nothing else. */
  readonly hosts?: readonly Claim[];
}

interface ComponentObjects extends WorkloadObjects {
  readonly headlessService?: ApiObject;
  readonly scaler?: ApiObject;
  readonly disruptionBudget: ApiObject;
  readonly networkPolicy: ApiObject;
}

/**
 * One part of a deployment that scales by itself: a Deployment, its Service, autoscaler, disruption budget and network
 * policy. Each is a cdk8s `ApiObject`, so that everything can be patched; in a `NetworkPolicy` of cdk8s-plus-27 the
 * component is a peer.
 */
export abstract class ServingComponent extends Construct implements IPodSelector, INetworkPolicyPeer {
  /** @internal */
  public _component!: ComponentModel;

  private objects!: ComponentObjects;
  private plan!: EnginePlan;

  /** The name of the component. */
  public get name(): string {
    return this._component.identity.name;
  }

  /** Its namespace; undefined where neither chart nor profile states one. */
  public get namespace(): string | undefined {
    return this._component.identity.namespace;
  }

  /**
   * Where it is reached inside the cluster: `http://rag.ml:3000`. Of a function by the KEDA HTTP add-on these are its pods,
   * if there are any: the function's own `url` wakes it.
   */
  public get url(): string {
    const { serviceName, workloadName, namespace } = this._component.identity;
    if (this.plan.workload === 'knative') {
      return knativeUrl(workloadName, namespace!, this._component.cluster.clusterDomain);
    }
    return `http://${namespace === undefined ? serviceName : `${serviceName}.${namespace}`}:${this.port}`;
  }

  /** The port of its Service. */
  public get port(): number {
    return this.plan.workload === 'knative' ? KNATIVE_SERVICE_PORT : this._component.servicePort;
  }

  /** The port of its pods: what network policies name, whatever the port of the Service is. */
  public get containerPort(): number {
    return this._component.contract.ports[0]!.port;
  }

  /** The labels by which its pods are selected; a copy. */
  public get podSelector(): { [key: string]: string } {
    return { ...this._component.identity.selector };
  }

  /** The object whose replicas an autoscaler owns. */
  public get scaleTarget(): ScaleTarget {
    return scaleTarget(this.plan, this._component.identity);
  }

  /**
   * The `apps/v1` Deployment; with a canary or blue-green release the `argoproj.io/v1alpha1` Rollout, and of a function by
   * Knative the `serving.knative.dev/v1` Service.
   */
  public get workload(): ApiObject {
    return this.objects.workload;
  }

  /** The `v1` Service of its pods; of a function by Knative the `serving.knative.dev/v1` Service. */
  public get service(): ApiObject {
    return this.objects.service;
  }

  /**
   * The `v1` Service of the new version alone, while Argo Rollouts replaces the component: it leads to the same pods as
   * `service` until there is a new one; undefined where nothing tells the two apart.
   */
  public get previewService(): ApiObject | undefined {
    return this.objects.previewService;
  }

  /**
   * The `v1` Service whose name resolves to the pods themselves, by which a proxy before them balances requests; undefined
   * where there is no proxy.
   */
  public get headlessService(): ApiObject | undefined {
    return this.objects.headlessService;
  }

  /**
   * The `autoscaling/v2` HorizontalPodAutoscaler, or the `keda.sh/v1alpha1` ScaledObject where a metric is none of
   * Kubernetes' own; undefined where replicas are fixed, someone else's, or Knative's.
   */
  public get scaler(): ApiObject | undefined {
    return this.objects.scaler;
  }

  /** The `policy/v1` PodDisruptionBudget. */
  public get disruptionBudget(): ApiObject {
    return this.objects.disruptionBudget;
  }

  /** The `networking.k8s.io/v1` NetworkPolicy. */
  public get networkPolicy(): ApiObject {
    return this.objects.networkPolicy;
  }

  /** The component as a selector of cdk8s-plus-27. */
  public toPodSelectorConfig(): PodSelectorConfig {
    // Whoever asks has loaded it already; others should not pay for it.
    const { LabelSelector } = require('cdk8s-plus-27') as typeof import('cdk8s-plus-27');
    return {
      labelSelector: LabelSelector.of({ labels: this.podSelector }),
      namespaces: this.namespace === undefined ? undefined : { names: [this.namespace] },
    };
  }

  /** The component as a peer in a `NetworkPolicy` of cdk8s-plus-27. */
  public toNetworkPolicyPeerConfig(): NetworkPolicyPeerConfig {
    return { podSelector: this.toPodSelectorConfig() };
  }

  /** The component as a selector of cdk8s-plus-27. */
  public toPodSelector(): IPodSelector | undefined {
    return this;
  }

  /** @internal */
  public _emit({ model, warnings }: ResolvedComponent, network: ComponentNetwork, profile: ClusterProfile): void {
    this._component = model;
    const { identity } = model;
    this.plan = planComponent(model);
    const emit = (id: string, spec: Emission): ApiObject =>
      emitObject(this, id, { ...spec, namespace: identity.namespace, labels: identity.labels });
    emitConfigMaps(model, emit);
    const { scaler } = this.plan;
    this.objects = {
      ...workloadObjects(model, this.plan, emit),
      ...(isProxied(model) && {
        headlessService: emit('headless-service', {
          apiVersion: 'v1',
          kind: 'Service',
          name: headlessName(identity),
          content: { spec: () => headlessServiceSpec(model) },
        }),
      }),
      ...(scaler !== 'none' && {
        scaler: emit('scaler', {
          ...SCALER_KINDS[scaler],
          name: identity.scalerName,
          ...scalerObject(this.scaleTarget, model, scaler),
        }),
      }),
      disruptionBudget: emit('disruption-budget', {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        name: identity.disruptionBudgetName,
        content: { spec: () => disruptionBudgetSpec(identity.selector) },
      }),
      networkPolicy: emit('network-policy', {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        name: identity.networkPolicyName,
        content: {
          spec: () =>
            networkPolicySpec({
              selector: identity.selector,
              ports: containerPorts(model, this.plan),
              from: peersOf(network.incoming()),
              to: network.to(),
            }),
        },
      }),
    };
    // Knative knows no zero that stays: without its object nothing runs, and nothing is left to be selected.
    if (model.terminated && this.plan.workload === 'knative') {
      for (const id of ['workload', 'disruption-budget', 'network-policy']) this.node.tryRemoveChild(id);
    }
    for (const { id, text } of warnings) warn(this, id, text);
    registerComponent(this, {
      path: this.node.path,
      cluster: profile.name,
      model,
      claims: [
        ...replicaClaims(model, this.plan, profile.name),
        ...routingClaims(model, profile.name),
        ...(network.hosts ?? []),
      ],
      outgoing: () => outgoing(model),
      callers: network.callers,
    });
  }
}

/** Whether something must find its pods, each by itself. */
function isProxied({ hop, proxied, counted }: ComponentModel): boolean {
  return proxied === true || counted === true || (hop !== undefined && hop.kind !== 'direct');
}

/** Requests to a function by Knative arrive at the queue beside the container. */
function containerPorts({ contract }: ComponentModel, { workload }: EnginePlan): number[] {
  const ports = contract.ports.map(({ port }) => port);
  if (workload !== 'knative') return ports;
  return [...ports, ...QUEUE_PROXY_PORTS];
}

/** Without proxies between, whose times are those of the pool. */
function outgoing(model: ComponentModel): Path[] {
  return callPaths(model, []).map((path) => path.filter(({ kind }) => kind !== 'proxy'));
}
