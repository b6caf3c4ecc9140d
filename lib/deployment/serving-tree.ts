import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ClusterProfile } from '../cluster/cluster-profile';
import type { MountedModelVolume } from '../component/component-model';
import type { Path } from '../component/hops';
import type { ScaledComponentOptions } from '../component/options';
import { optionsOf, type ResolvedComponent, type VersionInput } from '../component/version-input';
import { asksPrometheus, prometheusAuthenticationName, triggerAuthenticationSpec } from '../engines/keda';
import {
  bucketClaimSpec,
  bucketVolumeSpec,
  downloadClaimSpec,
  downloadJobSpec,
  isShared,
} from '../engines/model-volumes';
import { networkPolicySpec } from '../engines/network-policy';
import { podMonitorSpec, scrapesOf } from '../engines/pod-monitor';
import { emitObject } from '../internal/emit';
import { errors } from '../internal/errors';
import { LABELS, MANAGED_BY } from '../internal/labels';
import { sortedEntries } from '../internal/names';
import type { ServiceAccountModel, ServiceAccountRef } from '../refs/service-account-ref';

/** What tells the pods of a download from those that serve. */
const DOWNLOAD = { [LABELS.component]: 'model-download' };

/** The namespace of what a construct emits: the chart's, else the cluster's default. */
export function namespaceOf(scope: Construct, profile: ClusterProfile): string | undefined {
  if (!scope.node.scopes.some((ancestor) => Chart.isChart(ancestor))) throw errors.noChart();
  return Chart.of(scope).namespace ?? profile.namespace;
}

/** A version with its components. */
export interface VersionComponents {
  readonly input: VersionInput;
  readonly components: readonly ResolvedComponent[];
}

/** What the components of one owner share, whichever version they are of: service accounts and weights. */
export function emitShared(scope: Construct, versions: readonly VersionComponents[]): void {
  const { input } = versions[0]!;
  const components = versions.flatMap((version) => version.components);
  const accounts = new Map<string, ServiceAccountModel>();
  for (const account of versions.flatMap(accountsOf)) {
    if (!account.create) continue;
    const first = accounts.get(account.name!);
    if (first !== undefined && annotationsOf(first) !== annotationsOf(account)) {
      throw errors.duplicateKey(
        'serviceAccount',
        account.name!,
        'state a name for each in ServiceAccountRef.created()',
      );
    }
    accounts.set(account.name!, account);
  }
  for (const [name, account] of accounts) emitServiceAccount(scope, input, name, account);
  const volumes = new Map<string, { mounted: MountedModelVolume; component: ResolvedComponent }>();
  for (const component of components) {
    for (const mounted of component.model.pod.volumes) {
      if (!isShared(mounted.volume)) continue;
      const first = volumes.get(mounted.claimName);
      if (first !== undefined && first.mounted.volume !== mounted.volume) {
        throw errors.duplicateKey('models', mounted.volume.name, 'share one ModelVolume, or give each a name');
      }
      if (first === undefined) volumes.set(mounted.claimName, { mounted, component });
    }
  }
  for (const { mounted, component } of volumes.values()) emitVolume(scope, input, mounted, component);
  if ([...volumes.values()].some(({ mounted }) => mounted.volume.kind === 'download')) emitDownloadPolicy(scope, input);
  emitTriggerAuthentication(scope, input, components);
  emitPodMonitor(scope, input, components);
}

/** What Prometheus Operator scrapes of all of them: autoscalers ask Prometheus about it. */
function emitPodMonitor(scope: Construct, input: VersionInput, components: readonly ResolvedComponent[]): void {
  const { prometheus } = input.profile._model;
  const models = components.map(({ model }) => model);
  const endpoints = scrapesOf(models);
  if (prometheus?.operatorLabels === undefined || endpoints.length === 0) return;
  emitObject(scope, `PodMonitor:${input.owner}`, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    name: input.owner,
    namespace: input.namespace,
    labels: { ...ownerLabels(input), ...prometheus.operatorLabels },
    content: {
      spec: () =>
        podMonitorSpec({
          instances: models.map(({ identity }) => identity.podLabels[LABELS.instance]!),
          endpoints,
          intervalSeconds: prometheus.scrapeSeconds,
        }),
    },
  });
}

/** How KEDA signs in at Prometheus for all of them. */
function emitTriggerAuthentication(
  scope: Construct,
  input: VersionInput,
  components: readonly ResolvedComponent[],
): void {
  const cluster = input.profile._model;
  if (cluster.prometheus?.authentication === undefined) return;
  const spec = triggerAuthenticationSpec(cluster);
  if (spec === undefined || !components.some(({ model }) => asksPrometheus(model))) return;
  const name = prometheusAuthenticationName(input.owner);
  emitObject(scope, `TriggerAuthentication:${name}`, {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    name,
    namespace: input.namespace,
    labels: ownerLabels(input),
    content: { spec: () => spec },
  });
}

/** In any order: other languages hand maps over as they like. */
function annotationsOf({ annotations }: ServiceAccountModel): string {
  return JSON.stringify(sortedEntries(annotations));
}

/** Who may connect beside those that the library knows: Prometheus, and whom the user names. */
export function commonPaths(
  component: ResolvedComponent,
  profile: ClusterProfile,
  own: ScaledComponentOptions,
): Path[] {
  const { contract, identity } = component.model;
  const self = { kind: identity.role, name: identity.name, peers: [] };
  const scraper = profile._model.prometheus;
  return [
    ...(scraper !== undefined && contract.metricsEnabled
      ? [[{ kind: 'prometheus' as const, name: 'Prometheus', peers: [scraper.peer] }, self]]
      : []),
    ...(own.allowFrom ?? []).map((peer) => [
      { kind: 'client' as const, name: 'allowFrom', peers: [peer._model] },
      self,
    ]),
  ];
}

/** Of all components, and of the proxies before them, which have no options of their own. */
function accountsOf({ input, components }: VersionComponents): ServiceAccountModel[] {
  return [
    ...components.map(({ bentoService }) => account(input, optionsOf(input, bentoService).serviceAccount)),
    ...(components.some(({ model: { hop, proxied } }) => hop?.kind === 'tier' || proxied === true)
      ? [account(input, undefined)]
      : []),
  ];
}

function account(input: VersionInput, own: ServiceAccountRef | undefined): ServiceAccountModel {
  const stated = (own ?? input.all.serviceAccount)?._model;
  return { create: stated?.create ?? true, name: stated?.name ?? input.owner, annotations: stated?.annotations };
}

function ownerLabels(input: VersionInput): { [key: string]: string } {
  return { ...input.all.labels, [LABELS.instance]: input.owner, [LABELS.managedBy]: MANAGED_BY };
}

function emitServiceAccount(scope: Construct, input: VersionInput, name: string, account: ServiceAccountModel): void {
  emitObject(scope, `ServiceAccount:${name}`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    name,
    namespace: input.namespace,
    labels: ownerLabels(input),
    annotations: account.annotations,
    content: { automountServiceAccountToken: () => false },
  });
}

/** Nobody has to connect to a download. */
function emitDownloadPolicy(scope: Construct, input: VersionInput): void {
  // With a dot, which no pool's name has.
  const name = `${input.owner}.model-download`;
  emitObject(scope, `NetworkPolicy:${name}`, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    name,
    namespace: input.namespace,
    labels: ownerLabels(input),
    content: {
      spec: () => networkPolicySpec({ selector: { [LABELS.instance]: input.owner, ...DOWNLOAD }, ports: [], from: [] }),
    },
  });
}

function emitVolume(
  scope: Construct,
  input: VersionInput,
  mounted: MountedModelVolume,
  component: ResolvedComponent,
): void {
  const { volume, claimName } = mounted;
  const { pod } = component.model;
  const labels = ownerLabels(input);
  const claim = (spec: () => unknown): void => {
    emitObject(scope, `PersistentVolumeClaim:${claimName}`, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      name: claimName,
      namespace: input.namespace,
      labels,
      content: { spec },
    });
  };
  if (volume.kind === 'download') {
    claim(() => downloadClaimSpec(volume));
    emitObject(scope, `Job:${claimName}`, {
      apiVersion: 'batch/v1',
      kind: 'Job',
      name: claimName,
      namespace: input.namespace,
      labels,
      // Without the user's labels: they may change, and the template of a Job may not.
      content: {
        spec: () =>
          downloadJobSpec(mounted, pod, {
            labels: { [LABELS.instance]: input.owner, [LABELS.managedBy]: MANAGED_BY, ...DOWNLOAD },
            ...(input.region !== undefined && { region: input.region }),
          }),
      },
    });
  }
  if (volume.kind === 's3') {
    // Cluster-scoped: the namespace keeps it apart from others of the same name.
    const volumeName = input.namespace === undefined ? claimName : `${input.namespace}-${claimName}`;
    emitObject(scope, `PersistentVolume:${claimName}`, {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      name: volumeName,
      labels,
      content: { spec: () => bucketVolumeSpec(mounted, pod, volumeName, input.namespace) },
    });
    claim(() => bucketClaimSpec(volumeName));
  }
}
