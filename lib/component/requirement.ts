import { PORT } from '../bento/container-contract';
import type { ClusterProfile } from '../cluster/cluster-profile';
import { type Feature, versionOf } from '../cluster/kubernetes-version';
import { FilledBy } from '../storage/model-volume';
import type { ComponentModel } from './component-model';

/** Something that a cluster must have for a definition to work. */
export class Requirement {
  /** @internal */
  public static _of(name: string, reason: string, version?: string): Requirement {
    return new Requirement(name, reason, version);
  }

  private constructor(
    /** What it is: `Kubernetes`, `metrics-server`, `Secret rag-keys`. */
    public readonly name: string,
    /** What needs it. */
    public readonly reason: string,
    /** The lowest version that will do; undefined where any will. */
    public readonly version?: string,
  ) {}

  /** As a line of text: `Kubernetes >= 1.30: a pause before pods stop`. */
  public toString(): string {
    return `${this.name}${this.version === undefined ? '' : ` >= ${this.version}`}: ${this.reason}`;
  }
}

const FEATURE_REASONS: { [feature in Feature]: string } = {
  preStopSleep: 'a pause before pods stop (lifecycle.preStop.sleep)',
  hostIPs: 'all addresses of the node in a variable (status.hostIPs)',
  nativeSidecars: 'sidecars that outlive the server (restartPolicy of init containers)',
  hpaTolerance: "an autoscaler's tolerance",
  imageVolume: 'weights from an OCI image (image volumes)',
};

/** What the cluster must have for these components, most basic first, each once. */
export function requirementsOf(components: readonly ComponentModel[], profile: ClusterProfile): Requirement[] {
  const found = new Map<string, Requirement>();
  const add = (name: string, reason: string, version?: string): void => {
    if (!found.has(name)) found.set(name, Requirement._of(name, reason, version));
  };
  const [feature] = usedFeatures(components, profile).sort((a, b) =>
    versionOf(b).localeCompare(versionOf(a), 'en', { numeric: true }),
  );
  if (feature === undefined) add('Kubernetes', 'container metrics in autoscalers, eviction of unready pods', '1.27');
  else add('Kubernetes', FEATURE_REASONS[feature], versionOf(feature));
  add(
    'a network plug-in that enforces NetworkPolicy',
    `runner pools unpickle what anyone who can connect to port ${PORT} sends them`,
  );
  for (const component of components) addComponent(component, add);
  return [...found.values()];
}

function usedFeatures(components: readonly ComponentModel[], { _version: version }: ClusterProfile): Feature[] {
  const used = new Set<Feature>();
  for (const { scaling, pod, contract } of components) {
    if (version.has('preStopSleep')) used.add('preStopSleep');
    if (contract.env.some(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath === 'status.hostIPs')) used.add('hostIPs');
    if (pod.sidecars.length > 0 && version.has('nativeSidecars')) used.add('nativeSidecars');
    if (pod.volumes.some(({ volume }) => volume.kind === 'image')) used.add('imageVolume');
    const behavior = scaling.kind === 'auto' ? scaling.behavior : undefined;
    if ((behavior?.scaleUp?.tolerance ?? behavior?.scaleDown?.tolerance) !== undefined) used.add('hpaTolerance');
  }
  return [...used];
}

function addComponent(component: ComponentModel, add: (name: string, reason: string) => void): void {
  const { identity, scaling, size, pod, contract } = component;
  for (const metric of scaling.kind === 'auto' ? scaling.metrics : []) {
    if (metric.kind === 'resource')
      add('metrics-server', `the autoscaler of ${identity.name} reads ${metric.resource} (metrics.k8s.io)`);
    else if (metric.kind === 'external')
      add('an adapter for external.metrics.k8s.io', `the autoscaler of ${identity.name} reads ${metric.metric.name}`);
    else add('an adapter for custom.metrics.k8s.io', `the autoscaler of ${identity.name} reads ${metric.metric.name}`);
  }
  if (scaling.kind === 'unmanaged')
    add(`a scaler of Deployment ${identity.workloadName}`, 'its replicas are left to someone else');
  if (size.gpu !== undefined)
    add(
      `nodes with ${size.gpu.resourceName} (${size.gpu.name}) and its device plugin`,
      `${identity.name} asks for ${size.gpu.count} a replica`,
    );
  for (const { volume, claimName } of pod.volumes) {
    if (volume.kind === 'claim') add(`PersistentVolumeClaim ${claimName}`, `weights of ${identity.name}`);
    if (volume.kind === 's3') add('the CSI driver s3.csi.aws.com', `weights of ${identity.name}`);
    if (volume.kind === 'csi') add(`the CSI driver ${volume.driver}`, `weights of ${identity.name}`);
    if (volume.kind === 'download') {
      const mode = volume.filledBy === FilledBy.JOB ? 'ReadWriteMany' : 'ReadWriteOnce';
      add(`StorageClass ${volume.storageClassName} with ${mode}`, `weights of ${identity.name}`);
      for (const { _model } of volume.source.env) addSource(_model.valueFrom, `the download of ${volume.name}`, add);
    }
  }
  for (const name of pod.imagePullSecrets) add(`Secret ${name}`, 'credentials of the image registry');
  if (pod.priorityClassName !== undefined) add(`PriorityClass ${pod.priorityClassName}`, `pods of ${identity.name}`);
  if (pod.runtimeClassName !== undefined) add(`RuntimeClass ${pod.runtimeClassName}`, `pods of ${identity.name}`);
  const { tracing } = component.wiring.config[component.wiring.bentoService]!;
  if (tracing !== undefined) add(`a collector of traces at ${tracing.endpoint}`, `spans of ${identity.name}`);
  if (pod.serviceAccountExists) add(`ServiceAccount ${pod.serviceAccountName}`, `pods of ${identity.name}`);
  for (const container of [contract, ...pod.sidecars, ...pod.initContainers]) {
    addEnvironment(container, `the environment of ${identity.name}`, add);
  }
}

function addEnvironment(
  { env, envFrom }: Pick<ComponentModel['contract'], 'env' | 'envFrom'>,
  reason: string,
  add: (name: string, reason: string) => void,
): void {
  for (const { valueFrom } of env) addSource(valueFrom, reason, add);
  for (const { secretRef, configMapRef } of envFrom) {
    if (secretRef !== undefined && secretRef.optional !== true) add(`Secret ${secretRef.name}`, reason);
    if (configMapRef !== undefined && configMapRef.optional !== true) add(`ConfigMap ${configMapRef.name}`, reason);
  }
}

function addSource(
  source: ComponentModel['contract']['env'][number]['valueFrom'],
  reason: string,
  add: (name: string, reason: string) => void,
): void {
  const { secretKeyRef: secret, configMapKeyRef: configMap } = source ?? {};
  if (secret !== undefined && secret.optional !== true) add(`Secret ${secret.name} with the key ${secret.key}`, reason);
  if (configMap !== undefined && configMap.optional !== true)
    add(`ConfigMap ${configMap.name} with the key ${configMap.key}`, reason);
}
