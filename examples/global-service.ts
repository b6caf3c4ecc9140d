// The global service of "Production Scaling": a deployment for each region of a cluster that spans them, one Service
// and one load balancer over both, and an ingress with TLS for those who are used to one.
import { App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  ClusterProfile,
  Exposure,
  GlobalService,
  InstanceSize,
  Region,
  Scaling,
  ScalingMetric,
  SecretRef,
  Tls,
  Warnings,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'global-service', { namespace: 'bentoml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({ kubernetesVersion: '1.36', loadBalancerCidrs: ['10.0.0.0/20', '10.0.16.0/20'] }),
);

const bento = Bento.fromImage('registry.example.com/bentoml-service:1.4.0', {
  bentoService: 'BentomlService',
});
const members = ['us-east-1', 'eu-west-1'].map(
  (region) =>
    new BentoDeployment(chart, `Service-${region}`, {
      region: Region.aws(region),
      bento,
      apiServer: {
        size: InstanceSize.named('cpu.2'),
        scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 12, metrics: [ScalingMetric.cpu(70)] }),
        traffic: { timeout: Duration.seconds(30) },
      },
    }),
);

const api = new GlobalService(chart, 'Api', {
  members,
  servicePort: 80,
  exposure: Exposure.several({
    // Connections of every zone go to pods of every zone.
    balancer: Exposure.networkLoadBalancer({
      internetFacing: true,
      tls: Tls.acm(['arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11']),
    }),
    ingress: Exposure.ingressNginx({ hosts: ['api.example.com'], tls: Tls.secret(SecretRef.named('tls-secret')) }),
  }),
});
// It is what the cluster still has; Exposure.gateway() is what comes after it.
Warnings.acknowledge(api, 'IngressNginxRetired');

app.synth();
