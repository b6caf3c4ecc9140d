import { Duration, Size } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  CanaryStep,
  ClusterProfile,
  Exposure,
  InstanceSize,
  Scaling,
  ScalingMetric,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import type { BlueGreenRollout, CanaryRollout, RolloutModel } from '../../lib/component/rollout-model';
import { rolloutSpec, versionServiceSpec } from '../../lib/engines/argo-rollouts';
import { scaleTarget } from '../../lib/engines/choose-engines';
import { synthesize } from '../tree';
import type { KubernetesObject } from './client';

/** A version of a deployment called `rag`. */
export interface Definition {
  readonly namespace: string;
  readonly version: number;
  readonly rollout: RolloutModel;
  /** How long its pods take until they are ready. @default '300ms' */
  readonly readyAfter?: string;
}

export const MAX_REPLICAS = 10;

/** What the API server is, and all of its objects but the analysis. */
export function release({ namespace, version, rollout, readyAfter = '300ms' }: Definition): {
  readonly model: ComponentModel;
  readonly objects: KubernetesObject[];
} {
  let model!: ComponentModel;
  const { all } = synthesize(
    (chart) => {
      ClusterProfile.set(
        chart,
        new ClusterProfile({
          kubernetesVersion: '1.36',
          argoRollouts: { version: '1.10' },
        }),
      );
      const size = InstanceSize.of({ cpuCores: 0.05, memory: Size.mebibytes(64) });
      const app = new BentoDeployment(chart, 'Rag', {
        bento: Bento.fromImage(`registry.example.com/rag:v${version}`, {
          services: [BentoService.named('Gateway', { size })],
        }),
        annotations: { 'sim/ready-after': readyAfter },
        apiServer: {
          scaling: Scaling.auto({
            minReplicas: 4,
            maxReplicas: MAX_REPLICAS,
            metrics: [ScalingMetric.external({ metric: 'load', averageValue: 10 })],
          }),
        },
        exposure: Exposure.ingressNginx({ hosts: ['rag.example.com'] }),
      });
      model = { ...app.apiServer._component, rollout };
    },
    { namespace },
  );
  const deployment = all.find(({ kind }) => kind === 'Deployment')!;
  const rest = all.filter((object) => object !== deployment).map((object) => scaled(object, model));
  const others = rest.filter(({ kind }) => kind !== 'Service');
  return {
    model,
    objects: [...services(rest, model, rollout), ...others, rolloutObject(deployment, model, rollout)],
  };
}

function rolloutObject({ metadata }: KubernetesObject, model: ComponentModel, rollout: RolloutModel): KubernetesObject {
  const { apiVersion, kind } = scaleTarget({ workload: 'rollout', scaler: 'hpa' }, model.identity);
  return { apiVersion, kind, metadata, spec: JSON.parse(JSON.stringify(rolloutSpec(model, rollout))) };
}

function scaled(object: KubernetesObject, { identity }: ComponentModel): KubernetesObject {
  if (!['HorizontalPodAutoscaler', 'ScaledObject'].includes(object.kind)) return object;
  const scaleTargetRef = scaleTarget({ workload: 'rollout', scaler: 'hpa' }, identity);
  return { ...object, spec: { ...object.spec, scaleTargetRef } };
}

/** The Service of the deployment, and the one beside it. */
function services(objects: KubernetesObject[], model: ComponentModel, rollout: RolloutModel): KubernetesObject[] {
  const service = objects.find(({ kind }) => kind === 'Service')!;
  const other = rollout.kind === 'canary' ? rollout.services!.canary : rollout.services.preview;
  const named = (name: string) => ({
    ...service,
    metadata: { ...service.metadata, name },
    spec: JSON.parse(JSON.stringify(versionServiceSpec(model))),
  });
  return [named(service.metadata.name), named(other)];
}

const TERMS = {
  minReadySeconds: 0,
  progressDeadlineSeconds: 60,
  revisionHistory: 5,
  scaleDownDelaySeconds: 30,
  abortScaleDownDelaySeconds: 2,
  besideDeployment: false,
};

/** An analysis by the template of {@link gate}. */
export const gated = (successes: number) => ({
  args: [
    { name: 'successes', value: String(successes) },
    { name: 'measurements', value: String(successes + 100) },
  ],
  templates: [{ templateName: 'gate' }],
});

export const canary = (options: Partial<CanaryRollout> = {}): CanaryRollout => ({
  ...TERMS,
  kind: 'canary',
  steps: [
    CanaryStep.weight(20, { pause: Duration.seconds(2) }),
    CanaryStep.weight(50, { pause: Duration.seconds(3) }),
  ].map(({ _model }) => _model),
  maxReplicas: MAX_REPLICAS,
  services: { stable: 'rag', canary: 'rag-canary' },
  router: { kind: 'nginx', ingresses: ['rag'] },
  // Asked each second.
  gates: gated,
  ...options,
});

export const blueGreen = (options: Partial<BlueGreenRollout> = {}): BlueGreenRollout => ({
  ...TERMS,
  kind: 'blue-green',
  services: { active: 'rag', preview: 'rag-preview' },
  promotion: { kind: 'automatic', afterSeconds: 0 },
  beforePromotion: gated(2),
  ...options,
});

/** A gate that asks for the ratio of its namespace, which must be at most 1.1; no answer is none of both. */
export const gate = (namespace: string, inconclusiveLimit = 100): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'gate', namespace },
  spec: {
    // The controller refuses an inline analysis whose count is not known from the template alone.
    args: [
      { name: 'successes', value: '1' },
      { name: 'measurements', value: '1' },
    ],
    metrics: [
      {
        name: 'ratio',
        interval: '1s',
        count: '{{args.measurements}}',
        consecutiveSuccessLimit: '{{args.successes}}',
        failureLimit: 0,
        inconclusiveLimit,
        successCondition: 'len(result) > 0 && result[0] <= 1.1',
        failureCondition: 'len(result) > 0 && result[0] > 1.1',
        provider: {
          prometheus: { address: 'http://prometheus.monitoring:9090', query: `ratio{namespace="${namespace}"}` },
        },
      },
    ],
  },
});
