// Doors: the same Bento behind each. In one cluster each has hosts of its own.
import { App, Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Authentication,
  Bento,
  BentoDeployment,
  ClusterProfile,
  Exposure,
  type ExposureBinding,
  type ExposureTarget,
  Gateway,
  GatewayImplementation,
  HealthCheck,
  type IExposure,
  InstanceSize,
  LoadBalancing,
  NetworkPeer,
  RateLimit,
  RateUnit,
  SecretRef,
  ServingGateway,
  Tls,
  type TrafficPolicy,
  Warnings,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'exposure', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    kubernetesVersion: '1.36',
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
    loadBalancerCidrs: ['10.0.0.0/20', '10.0.16.0/20'],
  }),
);

const bento = Bento.fromImage('registry.example.com/summarizer:2.3.0', {
  bentoService: 'Summarizer',
});
const deploy = (id: string, exposure: Exposure, traffic?: TrafficPolicy) =>
  new BentoDeployment(chart, id, { bento, exposure, apiServer: { size: InstanceSize.named('cpu.2'), traffic } });

// The recommended one: a route of the cluster's Gateway, with a certificate of its own, tokens as the seed has them, and
// the proxies of Envoy Gateway for all that is to be done with requests.
deploy(
  'Public',
  Exposure.gateway({
    hosts: ['summarizer.example.com'],
    tls: Tls.secret(SecretRef.named('summarizer-tls')),
    authentication: Authentication.bearerTokens(SecretRef.named('summarizer-tokens'), {
      clientIdHeader: 'x-client-id',
    }),
  }),
  {
    timeout: Duration.seconds(30),
    loadBalancing: LoadBalancing.leastRequest({ slowStart: Duration.seconds(60) }),
    rateLimit: RateLimit.perClient(600, RateUnit.MINUTE),
  },
);

// A Gateway of one's own, whose listeners have the certificate; tokens of an identity provider.
const edge = new ServingGateway(chart, 'Edge', {
  gatewayClassName: 'envoy-gateway',
  hosts: ['partners.example.com'],
  tls: Tls.secret(SecretRef.named('partners-tls')),
  implementation: GatewayImplementation.envoyGateway({ proxies: 2 }),
});
deploy(
  'Partners',
  Exposure.gateway({
    gateway: edge.gateway,
    hosts: ['partners.example.com'],
    authentication: Authentication.jwt({
      issuer: 'https://id.example.com/',
      jwksUrl: 'https://id.example.com/.well-known/jwks.json',
      audiences: ['summarizer'],
    }),
  }),
);

// Any other implementation of Gateway API: what every one of them knows, and an error for the rest.
deploy(
  'Mesh',
  Exposure.gateway({
    gateway: Gateway.standard({ name: 'mesh', namespace: 'istio-ingress' }),
    hosts: ['mesh.example.com'],
    tls: Tls.listener('https'),
  }),
);

// Load balancers of AWS: for connections, for requests, and one that Terraform made.
deploy('Connections', Exposure.networkLoadBalancer({ internetFacing: true }), {
  healthCheck: HealthCheck.http({ interval: Duration.seconds(10) }),
});
deploy(
  'Requests',
  Exposure.applicationLoadBalancer({
    hosts: ['requests.example.com'],
    internetFacing: true,
    tls: Tls.acm(['arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11']),
  }),
  { loadBalancing: LoadBalancing.leastRequest() },
);
deploy('Bound', Exposure.networkLoadBalancer({ targetGroupName: 'summarizer-us-east-1' }));

// For those who still run it: requests go to the replica that answers fastest.
const legacy = deploy(
  'Legacy',
  Exposure.ingressNginx({ hosts: ['legacy.example.com'], tls: Tls.secret(SecretRef.named('legacy-tls')) }),
  { loadBalancing: LoadBalancing.latencyAware() },
);
Warnings.acknowledge(legacy, 'IngressNginxRetired');

// The load balancer of whatever cloud.
deploy('Cloud', Exposure.loadBalancer({ sourceCidrs: ['203.0.113.0/24'] }));

// Nobody but one team, from inside the cluster.
deploy('Inside', Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('search')] }));

// A door of one's own says what it is told, and the library holds it to that.
class Tunnel implements IExposure {
  public bind(_scope: Construct, target: ExposureTarget): ExposureBinding {
    return {
      peers: [NetworkPeer.pods({ namespace: 'tunnel', labels: { app: 'tunnel' } })],
      hosts: ['tunnel.example.com'],
      requestTimeout: Duration.seconds(target.requestTimeout.toSeconds() + 5),
      connectionIdleTimeout: Duration.seconds(60),
    };
  }
}

// Several at once; the keys are in the names of their objects.
deploy(
  'Several',
  Exposure.several({
    internal: Exposure.networkLoadBalancer(),
    public: Exposure.gateway({ hosts: ['several.example.com'], tls: Tls.listener('https', { httpListener: 'http' }) }),
    tunnel: Exposure.custom(new Tunnel()),
  }),
);

app.synth();
