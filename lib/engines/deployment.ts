import type { DeploymentSpec } from 'kubernetes-types/apps/v1';
import type { ComponentModel } from '../component/component-model';
import { digest } from '../internal/digest';
import { planComponent } from './choose-engines';
import { podSpec } from './pod';
import { scrapeAnnotationsOf } from './pod-monitor';
import { proxyConfig } from './proxy';
import { unlessEmpty } from './unless-empty';

const REVISIONS = 5;

/** The `spec` of an `apps/v1` Deployment. */
export function deploymentSpec(model: ComponentModel): DeploymentSpec {
  return {
    progressDeadlineSeconds: model.progressDeadlineSeconds,
    replicas: replicas(model),
    revisionHistoryLimit: REVISIONS,
    selector: { matchLabels: { ...model.identity.selector } },
    strategy: model.exclusive
      ? { type: 'Recreate' }
      : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: {
        annotations: unlessEmpty(podAnnotations(model)),
        labels: { ...model.identity.podLabels },
      },
      spec: podSpec(model),
    },
  };
}

/** Absent where an autoscaler owns them: each apply would throw it back. */
function replicas(model: ComponentModel): number | undefined {
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
