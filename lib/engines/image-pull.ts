import type { DaemonSetSpec } from 'kubernetes-types/apps/v1';
import type { ImageModel } from '../bento/image';
import type { KarpenterPoolModel } from '../component/karpenter-pool';
import { image, pullSecrets, resources, restrictedContainer, restrictedPod, WAITER_SIZE } from './container';
import { PAUSE_USER, pauseContainer } from './spare-nodes';

/** Images that nodes of a pool have before a replica needs them. */
export interface ImagePullModel {
  readonly pool: KarpenterPoolModel;
  readonly selector: { readonly [key: string]: string };
  readonly labels: { readonly [key: string]: string };
  /** All different. */
  readonly images: readonly ImageModel[];
  readonly imagePullSecrets: readonly string[];
}

/** A pod on each node that starts each image once, and then does nothing. */
export function imagePullSpec({ pool, selector, labels, images, imagePullSecrets }: ImagePullModel): DaemonSetSpec {
  return {
    selector: { matchLabels: { ...selector } },
    template: {
      metadata: { labels: { ...labels } },
      spec: {
        automountServiceAccountToken: false,
        containers: [pauseContainer(WAITER_SIZE)],
        enableServiceLinks: false,
        imagePullSecrets: pullSecrets({ imagePullSecrets }),
        initContainers: images.map((each, index) => ({
          name: `pull-${index}`,
          ...image(each),
          // Every Bento has Python.
          command: ['python', '-c', ''],
          resources: resources(WAITER_SIZE),
          securityContext: restrictedContainer(true),
        })),
        nodeSelector: { ...pool.pool.nodeLabels },
        securityContext: restrictedPod({ user: PAUSE_USER, group: PAUSE_USER }),
        terminationGracePeriodSeconds: 0,
        tolerations: [...pool.pool.tolerations],
      },
    },
    // A node that pulls delays no other.
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
  };
}
