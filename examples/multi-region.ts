// The multi-region deployment of "Production Scaling": in one cluster that spans regions a deployment for each, bound to its
// nodes, and before all of them one Service, one load balancer, and an ingress with TLS.
import { App, Chart } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  ClusterProfile,
  Exposure,
  GlobalService,
  InstanceSize,
  Region,
  Scaling,
  SecretRef,
  Tls,
  Warnings,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'multi-region', { namespace: 'bentoml' });
// Without a region: its nodes are in several.
ClusterProfile.set(
  chart,
  new ClusterProfile({
    name: 'production',
    kubernetesVersion: '1.36',
    loadBalancerCidrs: ['10.0.0.0/20', '10.0.16.0/20'],
  }),
);

const bento = Bento.fromImage('registry.example.com/my-bentoml-app:1.4.0', { bentoService: 'MyBentomlApp' });
const members = [Region.aws('us-east-1'), Region.aws('eu-west-1'), Region.aws('ap-northeast-2')].map(
  (region) =>
    // `bentoml-service-us-east` and so on.
    new BentoDeployment(chart, `BentomlService-${region.name}`, {
      region,
      bento,
      apiServer: { size: InstanceSize.named('cpu.2'), scaling: Scaling.replicas(3) },
    }),
);

const api = new GlobalService(chart, 'BentomlGlobalService', {
  members,
  servicePort: 80,
  exposure: Exposure.several({
    balancer: Exposure.networkLoadBalancer({ internetFacing: true, port: 80 }),
    ingress: Exposure.ingressNginx({ hosts: ['api.example.com'], tls: Tls.secret(SecretRef.named('tls-secret')) }),
  }),
});
// The seed's door: Exposure.gateway() is what comes after it.
Warnings.acknowledge(api, 'IngressNginxRetired');

app.synth();
