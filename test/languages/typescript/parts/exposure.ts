import { type App, Chart, Duration } from 'cdk8s';
import {
  Authentication,
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  EnvVar,
  Exposure,
  Gateway,
  GatewayImplementation,
  GlobalService,
  InstanceSize,
  LoadBalancing,
  NetworkPeer,
  RouteNamespaces,
  Scaling,
  SecretRef,
  ServingGateway,
  Tls,
  Warnings,
} from '../../../../lib';
import type { Report } from '../report';

export function exposure(app: App, report: Report): void {
  const chart = new Chart(app, 'exposure', { namespace: 'exposure' });
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      name: 'exposure',
      kubernetesVersion: '1.36',
      loadBalancerCidrs: ['10.0.0.0/20', '10.0.16.0/20'],
    }),
  );
  const bento = Bento.fromImage('registry.example.com/summarizer:2.3.0', { bentoService: 'Summarizer' });
  const size = InstanceSize.named('cpu.2');

  const edge = new ServingGateway(chart, 'Edge', {
    gatewayClassName: 'envoy-gateway',
    name: 'edge',
    hosts: ['partners.example.com', 'keys.example.com'],
    tls: Tls.secret(SecretRef.named('partners-tls')),
    routeNamespaces: RouteNamespaces.same(),
    implementation: GatewayImplementation.envoyGateway({
      proxies: 2,
      version: '1.9',
      dataPlaneNamespace: 'envoy-gateway-system',
      clientIdleTimeout: Duration.minutes(2),
      drainTimeout: Duration.minutes(3),
      maxClientConnections: 5000,
      requestReceivedTimeout: Duration.seconds(20),
      streamIdleTimeout: Duration.minutes(4),
    }),
  });
  report.text('edge', edge.gateway.name);
  report.text('edge namespace', edge.gateway.namespace);
  report.text('edge object', edge.gatewayObject.name);
  report.text('edge policy', edge.clientTrafficPolicy!.kind);
  report.text('edge proxy', edge.envoyProxy!.kind);
  const mesh = new ServingGateway(chart, 'Mesh', {
    gatewayClassName: 'istio',
    hosts: ['mesh.example.com'],
    routeNamespaces: RouteNamespaces.named(['exposure', 'search']),
    implementation: GatewayImplementation.standard({
      dataPlaneNamespace: 'istio-ingress',
      dataPlaneLabels: { app: 'istio', role: 'gateway' },
    }),
  });
  new ServingGateway(chart, 'Open', {
    gatewayClassName: 'envoy-gateway',
    hosts: ['open.example.com'],
    routeNamespaces: RouteNamespaces.all(),
    implementation: GatewayImplementation.envoyGateway({ proxies: 2 }),
  });

  new BentoDeployment(chart, 'Partners', {
    bento,
    apiServer: { size },
    exposure: Exposure.gateway({
      gateway: edge.gateway,
      hosts: ['partners.example.com'],
      redirectHttp: true,
      authentication: Authentication.jwt({
        issuer: 'https://id.example.com/',
        jwksUrl: 'https://id.example.com/.well-known/jwks.json',
        audiences: ['summarizer', 'translator'],
        clientIdHeader: 'x-subject',
      }),
    }),
  });
  new BentoDeployment(chart, 'Keys', {
    bento,
    apiServer: { size },
    exposure: Exposure.gateway({
      gateway: edge.gateway,
      hosts: ['keys.example.com'],
      authentication: Authentication.apiKeys(SecretRef.named('keys'), {
        header: 'x-api-key',
        clientIdHeader: 'x-client-id',
      }),
    }),
  });
  new BentoDeployment(chart, 'Standard', {
    bento,
    apiServer: { size },
    exposure: Exposure.gateway({ gateway: mesh.gateway, hosts: ['mesh.example.com'] }),
  });
  new BentoDeployment(chart, 'Grpc', {
    bento: Bento.fromImage('registry.example.com/grpc:1.0.0', {
      services: [BentoService.named('Grpc', { extraPorts: [50051] })],
    }),
    apiServer: { size },
    exposure: Exposure.gateway({
      gateway: Gateway.standard({ name: 'grpc', namespace: 'gateways' }),
      hosts: ['grpc.example.com'],
      tls: Tls.listener('https', { httpListener: 'http' }),
      grpcPort: 50051,
    }),
  });
  new BentoDeployment(chart, 'Connections', {
    bento,
    apiServer: { size },
    exposure: Exposure.networkLoadBalancer({
      internetFacing: true,
      crossZone: true,
      port: 443,
      sourceCidrs: ['203.0.113.0/24'],
      subnetCidrs: ['10.0.0.0/20'],
      tls: Tls.acm([
        'arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11',
        'arn:aws:acm:us-east-1:111122223333:certificate/0c3d8f7c-2f9e-4a51-9a6d-1f0b5a3d7c11',
      ]),
    }),
  });
  new BentoDeployment(chart, 'Requests', {
    bento,
    apiServer: { size, traffic: { loadBalancing: LoadBalancing.leastRequest() } },
    exposure: Exposure.applicationLoadBalancer({
      hosts: ['requests.example.com'],
      className: 'alb',
      groupName: 'serving',
      internetFacing: true,
      tls: Tls.acm(['arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11']),
    }),
  });
  new BentoDeployment(chart, 'Bound', {
    bento,
    apiServer: { size },
    exposure: Exposure.networkLoadBalancer({ targetGroupName: 'summarizer-us-east-1' }),
  });
  const legacy = new BentoDeployment(chart, 'Legacy', {
    bento,
    apiServer: { size, traffic: { loadBalancing: LoadBalancing.latencyAware() } },
    exposure: Exposure.ingressNginx({
      hosts: ['legacy.example.com'],
      tls: Tls.secret(SecretRef.named('legacy-tls')),
      className: 'nginx-internal',
      controllerNamespace: 'ingress',
      controllerLabels: { app: 'nginx', role: 'controller' },
      controllers: 2,
    }),
  });
  Warnings.acknowledge(legacy, 'IngressNginxRetired');
  new BentoDeployment(chart, 'Cloud', {
    bento,
    apiServer: { size },
    exposure: Exposure.loadBalancer({
      sourceCidrs: ['203.0.113.0/24'],
      port: 80,
      loadBalancerClass: 'example.com/l4',
      annotations: { 'example.com/size': 'small', 'example.com/kind': 'l4' },
    }),
  });
  new BentoDeployment(chart, 'Several', {
    bento,
    apiServer: { size },
    exposure: Exposure.several({
      partners: Exposure.inCluster({ allowFrom: [NetworkPeer.namespace('search')] }),
      internal: Exposure.networkLoadBalancer(),
    }),
  });

  const east = new BentoDeployment(chart, 'East', {
    bento,
    env: [EnvVar.value('REGION', 'us-east-1')],
    apiServer: { size, scaling: Scaling.replicas(3), traffic: { timeout: Duration.seconds(30) } },
  });
  const west = new BentoDeployment(chart, 'West', {
    bento,
    env: [EnvVar.value('REGION', 'us-west-2')],
    apiServer: { size, scaling: Scaling.replicas(3), traffic: { timeout: Duration.seconds(30) } },
  });
  const api = new GlobalService(chart, 'Api', {
    name: 'api',
    members: [east, west],
    servicePort: 80,
    exposure: Exposure.networkLoadBalancer({ internetFacing: true }),
  });
  report.text('global', api.name);
  report.text('global url', api.url);
  report.text('global service', api.service.name);
  for (const object of api.doorObjects) report.text('global door', object.kind);
  for (const requirement of api.requirements) report.text('global requirement', requirement.name);
  const north = new BentoDeployment(chart, 'North', { bento, apiServer: { size, scaling: Scaling.replicas(3) } });
  const south = new BentoDeployment(chart, 'South', { bento, apiServer: { size, scaling: Scaling.replicas(3) } });
  new GlobalService(chart, 'Weighted', {
    members: [north, south],
    weights: { south: 30, north: 70 },
    exposure: Exposure.gateway({
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
      hosts: ['weighted.example.com'],
    }),
    traffic: { loadBalancing: LoadBalancing.roundRobin() },
  });
}
