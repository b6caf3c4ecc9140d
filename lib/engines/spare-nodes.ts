import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import type { Container, PodTemplateSpec } from 'kubernetes-types/core/v1';
import type { KarpenterPoolModel } from '../component/karpenter-pool';
import type { SizeModel } from '../sizing/instance-size';
import { image, resources, restrictedContainer, restrictedPod } from './container';

/** Does nothing, in 300 kB. */
const PAUSE_IMAGE = { reference: 'registry.k8s.io/pause:3.10.1', mutable: false };
/** That of the image. */
export const PAUSE_USER = 65_535;

/** Below every pod that states nothing, which then takes its place at once. */
export const SPARE_PRIORITY = -10;

/** Pods that hold a node each, for the next replica. */
export interface SpareModel {
  readonly pool: KarpenterPoolModel;
  readonly name: string;
  readonly selector: { readonly [key: string]: string };
  readonly labels: { readonly [key: string]: string };
  /** What the largest replica of the pool takes. */
  readonly size: SizeModel;
}

/** A Deployment whose pods real ones push away. */
export function spareDeploymentSpec(model: SpareModel): DeploymentSpec {
  return {
    replicas: model.pool.warmNodes,
    selector: { matchLabels: { ...model.selector } },
    template: sparePod(model, model.name),
  };
}

/** A pod of a spare node; without a priority class where nothing of it ever runs. */
export function sparePod(
  { pool, selector, labels, size }: Omit<SpareModel, 'name'>,
  priorityClassName?: string,
): PodTemplateSpec {
  return {
    metadata: { labels: { ...labels } },
    spec: {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels: { ...selector } }, topologyKey: 'kubernetes.io/hostname' },
          ],
        },
      },
      automountServiceAccountToken: false,
      containers: [pauseContainer(size)],
      enableServiceLinks: false,
      nodeSelector: { ...pool.pool.nodeLabels },
      priorityClassName,
      securityContext: restrictedPod({ user: PAUSE_USER, group: PAUSE_USER }),
      terminationGracePeriodSeconds: 0,
      tolerations: [...pool.pool.tolerations],
    },
  };
}

/** Holds what it asks for. */
export function pauseContainer(size: SizeModel): Container {
  return {
    name: 'pause',
    ...image(PAUSE_IMAGE),
    resources: resources(size),
    securityContext: restrictedContainer(true),
  };
}
