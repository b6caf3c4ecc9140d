import type { DeploymentSpec, DeploymentStrategy } from 'kubernetes-types/apps/v1';
import type { ComponentModel } from '../component/component-model';
import { digest } from '../internal/digest';
import type { ReplicaShareModel } from '../release/replica-share';
import type { RolloutStrategy } from '../release/rolling';
import { planComponent } from './choose-engines';
import { podSpec } from './pod';
import { scrapeAnnotationsOf } from './pod-monitor';
import { proxyConfig } from './proxy';
import { unlessEmpty } from './unless-empty';

/** The `spec` of an `apps/v1` Deployment. */
export function deploymentSpec(model: ComponentModel): DeploymentSpec {
  const { rolling } = model;
  return {
    minReadySeconds: rolling.minReadySeconds > 0 ? rolling.minReadySeconds : undefined,
    progressDeadlineSeconds: model.progressDeadlineSeconds,
    replicas: ownReplicas(model),
    revisionHistoryLimit: rolling.revisionHistory,
    selector: { matchLabels: { ...model.identity.selector } },
    strategy: strategy(rolling.strategy),
    template: {
      metadata: {
        annotations: unlessEmpty(podAnnotations(model)),
        labels: { ...model.identity.podLabels },
      },
      spec: podSpec(model),
    },
  };
}

function strategy(rollout: RolloutStrategy): DeploymentStrategy {
  if (rollout.kind === 'recreate') return { type: 'Recreate' };
  const { maxSurge, maxUnavailable } = rollout;
  return {
    type: 'RollingUpdate',
    rollingUpdate: { maxSurge: intOrPercent(maxSurge), maxUnavailable: intOrPercent(maxUnavailable) },
  };
}

function intOrPercent(share: ReplicaShareModel): number | string {
  return share.kind === 'replicas' ? share.replicas : `${share.percent}%`;
}

/** Absent where an autoscaler owns them: each apply would throw it back. */
export function ownReplicas(model: ComponentModel): number | undefined {
  const { scaling, terminated } = model;
  // KEDA holds the zero itself, and knows better than a field that goes away what comes after it.
  if (terminated && planComponent(model).scaler !== 'keda') return 0;
  return scaling.kind === 'fixed' ? scaling.replicas : undefined;
}

/** Of the pods. A change of a file changes no pod: the checksum does. */
export function podAnnotations(model: ComponentModel): { [key: string]: string } {
  const { pod } = model;
  const proxy = proxyConfig(model);
  return {
    ...scrapeAnnotationsOf(model),
    ...pod.annotations,
    ...(pod.files.length > 0 && { 'cdk8s-bento/files-checksum': digest(JSON.stringify(pod.files), 16) }),
    ...(proxy !== undefined && { 'cdk8s-bento/proxy-checksum': digest(JSON.stringify(proxy.content), 16) }),
  };
}
