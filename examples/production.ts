// A service that runs already, brought under this library: the manifests of "Production Scaling", chapter 8 of the
// BentoML tutorial, as definitions. Names, port and selector stay; the guide on deployment says what to look at before
// the first apply.
import { App, Chart, Duration, Size } from 'cdk8s';
import {
  type AutoScalingOptions,
  Bento,
  BentoDeployment,
  ClaimRef,
  ClusterProfile,
  InstanceSize,
  ModelVolume,
  Scaling,
  ScalingBehavior,
  ScalingMetric,
  ScalingPolicy,
} from '../lib';

const app = new App();
const bento = Bento.fromImage('registry.example.com/my-bentoml-app:1.4.0', { bentoService: 'BentomlService' });

/** deployment.yaml, service.yaml and an autoscaler. */
function service(namespace: string, scalerName: string, scaling: AutoScalingOptions): void {
  const chart = new Chart(app, namespace, { namespace });
  ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36' }));
  new BentoDeployment(chart, 'BentomlService', {
    bento,
    models: [ModelVolume.claim('storage', { claim: ClaimRef.named('model-pvc'), mountPath: '/app/model' })],
    apiServer: {
      size: InstanceSize.of({ cpuCores: 0.5, cpuLimitCores: 1, memory: Size.gibibytes(2) }),
      scaling: Scaling.auto(scaling),
      servicePort: 80,
      adopt: { scalerName, selector: { app: 'bentoml-service' } },
    },
  });
}

// hpa.yaml
service('production', 'bentoml-hpa', {
  minReplicas: 3,
  maxReplicas: 10,
  metrics: [ScalingMetric.cpu(70), ScalingMetric.memory(80)],
});

// advanced-hpa.yaml
service('production-advanced', 'bentoml-advanced-hpa', {
  minReplicas: 3,
  maxReplicas: 20,
  metrics: [
    ScalingMetric.cpu(70),
    ScalingMetric.memory(80),
    ScalingMetric.pods({ metric: 'packets-per-second', averageValue: 1000 }),
  ],
  behavior: ScalingBehavior.of({
    scaleDown: {
      stabilizationWindow: Duration.seconds(300),
      policies: [ScalingPolicy.percent(50, Duration.seconds(60))],
    },
    scaleUp: {
      stabilizationWindow: Duration.seconds(60),
      policies: [ScalingPolicy.percent(100, Duration.seconds(60)), ScalingPolicy.pods(2, Duration.seconds(60))],
    },
  }),
});

// The class AutoScaler: over 70 % CPU or 80 % memory one more, a minute apart; below half of both one less, two apart.
service('production-one-at-a-time', 'bentoml-autoscaler', {
  minReplicas: 1,
  maxReplicas: 10,
  metrics: [ScalingMetric.cpu(70), ScalingMetric.memory(80)],
  behavior: ScalingBehavior.oneAtATime({
    scaleUpEvery: Duration.seconds(60),
    scaleDownEvery: Duration.seconds(120),
    scaleDownBelowRatio: 0.5,
  }),
});

app.synth();
