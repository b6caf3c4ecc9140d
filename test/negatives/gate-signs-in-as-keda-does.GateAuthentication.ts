import { Chart, Duration, Testing } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  CanaryStep,
  ClusterProfile,
  Exposure,
  Gate,
  Gateway,
  PrometheusAuthentication,
  Release,
  TriggerAuthenticationRef,
} from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    keda: {},
    prometheus: {
      address: 'http://prometheus.monitoring:9090',
      authentication: PrometheusAuthentication.triggerAuthentication(TriggerAuthenticationRef.ofCluster('prometheus')),
    },
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
    argoRollouts: { gatewayApiPlugin: {} },
  }),
);
new BentoDeployment(chart, 'Rag', {
  bento: Bento.fromImage('registry.example.com/rag:v2', { bentoService: 'Rag' }),
  exposure: Exposure.gateway({ hosts: ['rag.example.com'] }),
  release: Release.canary({
    steps: [CanaryStep.weight(10, { pause: Duration.minutes(5) })],
    gates: [Gate.errorRate({ maxRate: 0.05 })],
  }),
});
