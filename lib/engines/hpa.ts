import type { MetricTarget as KubeMetricTarget, MetricSpec } from 'kubernetes-types/autoscaling/v2';
import type { ComponentModel } from '../component/component-model';
import { SERVER_CONTAINER } from '../component/pod-container';
import type { HpaSpec, ScalingRulesWithTolerance } from '../internal/kube';
import { milliQuantity } from '../internal/quantity';
import type { MetricModel, MetricTarget, ScalingMetricModel } from '../scaling/metric-model';
import type { ScalingBehaviorModel, ScalingRulesModel } from '../scaling/scaling-behavior';

/** The object whose replicas a scaler owns. */
export interface ScaleTargetModel {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

const NEVER: ScalingRulesModel = { selectPolicy: 'Disabled', policies: [] };

/** The `spec` of an `autoscaling/v2` HorizontalPodAutoscaler. */
export function hpaSpec(
  target: ScaleTargetModel,
  scaling: Extract<ComponentModel['scaling'], { kind: 'auto' }>,
  terminated = false,
): HpaSpec {
  // A target at zero stops an autoscaler, but for one that may go there itself.
  const behavior = terminated && scaling.minReplicas === 0 ? { ...scaling.behavior, scaleUp: NEVER } : scaling.behavior;
  return {
    behavior: hpaBehavior(behavior),
    maxReplicas: scaling.maxReplicas,
    metrics: scaling.metrics.map(hpaMetric),
    minReplicas: scaling.minReplicas,
    scaleTargetRef: { apiVersion: target.apiVersion, kind: target.kind, name: target.name },
  };
}

/** The `behavior` of a HorizontalPodAutoscaler, which KEDA hands on to the one that it makes. */
export function hpaBehavior(behavior: ScalingBehaviorModel | undefined): HpaSpec['behavior'] {
  return (
    behavior && {
      scaleDown: behavior.scaleDown && hpaRules('scaleDown', behavior.scaleDown),
      scaleUp: behavior.scaleUp && hpaRules('scaleUp', behavior.scaleUp),
    }
  );
}

function hpaMetric(metric: ScalingMetricModel): MetricSpec {
  switch (metric.kind) {
    // ContainerResource, not Resource: a sidecar without a request makes the utilization of the whole pod undefined.
    case 'resource':
      return {
        type: 'ContainerResource',
        containerResource: {
          name: metric.resource,
          container: SERVER_CONTAINER,
          target: { type: 'Utilization', averageUtilization: metric.percent },
        },
      };
    case 'pods':
      return { type: 'Pods', pods: { metric: metricIdentifier(metric.metric), target: metricTarget(metric.target) } };
    case 'object':
      return {
        type: 'Object',
        object: {
          describedObject: { ...metric.object },
          metric: metricIdentifier(metric.metric),
          target: metricTarget(metric.target),
        },
      };
    case 'external':
      return {
        type: 'External',
        external: { metric: metricIdentifier(metric.metric), target: metricTarget(metric.target) },
      };
    default:
      throw new Error(`a HorizontalPodAutoscaler has no metric for ${metric.kind}`);
  }
}

function metricIdentifier({ name, labels }: MetricModel): {
  name: string;
  selector?: { matchLabels: { [key: string]: string } };
} {
  return { name, ...(labels.length > 0 && { selector: { matchLabels: Object.fromEntries(labels) } }) };
}

function metricTarget({ value, averageValue }: MetricTarget): KubeMetricTarget {
  return value !== undefined ? { type: 'Value', value } : { type: 'AverageValue', averageValue: averageValue! };
}

function hpaRules(direction: string, rules: ScalingRulesModel): ScalingRulesWithTolerance {
  return {
    // An empty list would mean "no policy": absent means the default of Kubernetes.
    policies:
      rules.policies.length === 0
        ? undefined
        : rules.policies.map(({ kind, value, periodSeconds }) => ({ type: kind, value, periodSeconds })),
    selectPolicy: rules.selectPolicy,
    stabilizationWindowSeconds: rules.stabilizationWindowSeconds,
    tolerance: rules.tolerance === undefined ? undefined : milliQuantity(`${direction}.tolerance`, rules.tolerance),
  };
}
