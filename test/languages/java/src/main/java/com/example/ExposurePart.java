package com.example;

import io.github.cdk8sbento.ApiKeysOptions;
import io.github.cdk8sbento.ApplicationLoadBalancerOptions;
import io.github.cdk8sbento.Authentication;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.EnvVar;
import io.github.cdk8sbento.EnvoyGatewayImplementationOptions;
import io.github.cdk8sbento.EnvoyGatewayOptions;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.Gateway;
import io.github.cdk8sbento.GatewayExposureOptions;
import io.github.cdk8sbento.GatewayImplementation;
import io.github.cdk8sbento.GlobalService;
import io.github.cdk8sbento.GlobalServiceProps;
import io.github.cdk8sbento.InClusterExposureOptions;
import io.github.cdk8sbento.IngressNginxOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.JwtOptions;
import io.github.cdk8sbento.ListenerTlsOptions;
import io.github.cdk8sbento.LoadBalancerOptions;
import io.github.cdk8sbento.LoadBalancing;
import io.github.cdk8sbento.NetworkLoadBalancerOptions;
import io.github.cdk8sbento.NetworkPeer;
import io.github.cdk8sbento.Requirement;
import io.github.cdk8sbento.RouteNamespaces;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.SecretRef;
import io.github.cdk8sbento.ServingGateway;
import io.github.cdk8sbento.ServingGatewayProps;
import io.github.cdk8sbento.StandardGatewayImplementationOptions;
import io.github.cdk8sbento.StandardGatewayOptions;
import io.github.cdk8sbento.Tls;
import io.github.cdk8sbento.TrafficPolicy;
import io.github.cdk8sbento.UpstreamPolicy;
import io.github.cdk8sbento.Warnings;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;

final class ExposurePart {
  private ExposurePart() {}

  static void run(App app, Report report) {
    var chart = new Chart(app, "exposure", ChartProps.builder().namespace("exposure").build());
    ClusterProfile.set(
      chart,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("exposure")
            .kubernetesVersion("1.36")
            .loadBalancerCidrs(List.of("10.0.0.0/20", "10.0.16.0/20"))
            .build()
      )
    );
    var bento = Bento.fromImage(
      "registry.example.com/summarizer:2.3.0",
      BentoFromImageOptions.builder().bentoService("Summarizer").build()
    );
    var size = InstanceSize.named("cpu.2");

    var edge = new ServingGateway(
      chart,
      "Edge",
      ServingGatewayProps.builder()
          .gatewayClassName("envoy-gateway")
          .name("edge")
          .hosts(List.of("partners.example.com", "keys.example.com"))
          .tls(Tls.secret(SecretRef.named("partners-tls")))
          .routeNamespaces(RouteNamespaces.same())
          .implementation(GatewayImplementation.envoyGateway(
            EnvoyGatewayImplementationOptions.builder()
                .proxies(2)
                .version("1.9")
                .dataPlaneNamespace("envoy-gateway-system")
                .clientIdleTimeout(Duration.minutes(2))
                .drainTimeout(Duration.minutes(3))
                .maxClientConnections(5000)
                .requestReceivedTimeout(Duration.seconds(20))
                .streamIdleTimeout(Duration.minutes(4))
                .build()
          ))
          .build()
    );
    report.text("edge", edge.getGateway().getName());
    report.text("edge namespace", edge.getGateway().getNamespace());
    report.text("edge object", edge.getGatewayObject().getName());
    report.text("edge policy", edge.getClientTrafficPolicy().getKind());
    report.text("edge proxy", edge.getEnvoyProxy().getKind());
    var mesh = new ServingGateway(
      chart,
      "Mesh",
      ServingGatewayProps.builder()
          .gatewayClassName("istio")
          .hosts(List.of("mesh.example.com"))
          .routeNamespaces(RouteNamespaces.named(List.of("exposure", "search")))
          .implementation(GatewayImplementation.standard(
            StandardGatewayImplementationOptions.builder()
                .dataPlaneNamespace("istio-ingress")
                .dataPlaneLabels(Map.of("app", "istio", "role", "gateway"))
                .build()
          ))
          .build()
    );
    new ServingGateway(
      chart,
      "Open",
      ServingGatewayProps.builder()
          .gatewayClassName("envoy-gateway")
          .hosts(List.of("open.example.com"))
          .routeNamespaces(RouteNamespaces.all())
          .implementation(GatewayImplementation.envoyGateway(
            EnvoyGatewayImplementationOptions.builder().proxies(2).build()
          ))
          .build()
    );

    new BentoDeployment(
      chart,
      "Partners",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .gateway(edge.getGateway())
                .hosts(List.of("partners.example.com"))
                .redirectHttp(true)
                .authentication(Authentication.jwt(
                  JwtOptions.builder()
                      .issuer("https://id.example.com/")
                      .jwksUrl("https://id.example.com/.well-known/jwks.json")
                      .audiences(List.of("summarizer", "translator"))
                      .clientIdHeader("x-subject")
                      .build()
                ))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Keys",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .gateway(edge.getGateway())
                .hosts(List.of("keys.example.com"))
                .authentication(Authentication.apiKeys(
                  SecretRef.named("keys"),
                  ApiKeysOptions.builder().header("x-api-key").clientIdHeader("x-client-id").build()
                ))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Standard",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .gateway(mesh.getGateway())
                .hosts(List.of("mesh.example.com"))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Grpc",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/grpc:1.0.0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named("Grpc", BentoServiceOptions.builder().extraPorts(List.of(50051)).build())
                ))
                .build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .gateway(Gateway.standard(
                  StandardGatewayOptions.builder().name("grpc").namespace("gateways").build()
                ))
                .hosts(List.of("grpc.example.com"))
                .tls(Tls.listener("https", ListenerTlsOptions.builder().httpListener("http").build()))
                .grpcPort(50051)
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Connections",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.networkLoadBalancer(
            NetworkLoadBalancerOptions.builder()
                .internetFacing(true)
                .crossZone(true)
                .port(443)
                .sourceCidrs(List.of("203.0.113.0/24"))
                .subnetCidrs(List.of("10.0.0.0/20"))
                .tls(Tls.acm(
                  List.of(
                    "arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11",
                    "arn:aws:acm:us-east-1:111122223333:certificate/0c3d8f7c-2f9e-4a51-9a6d-1f0b5a3d7c11"
                  )
                ))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Requests",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .traffic(TrafficPolicy.builder().loadBalancing(LoadBalancing.leastRequest()).build())
              .build())
          .exposure(Exposure.applicationLoadBalancer(
            ApplicationLoadBalancerOptions.builder()
                .hosts(List.of("requests.example.com"))
                .className("alb")
                .groupName("serving")
                .internetFacing(true)
                .tls(Tls.acm(
                  List.of(
                    "arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11"
                  )
                ))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Bound",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.networkLoadBalancer(
            NetworkLoadBalancerOptions.builder().targetGroupName("summarizer-us-east-1").build()
          ))
          .build()
    );
    var legacy = new BentoDeployment(
      chart,
      "Legacy",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .traffic(TrafficPolicy.builder().loadBalancing(LoadBalancing.latencyAware()).build())
              .build())
          .exposure(Exposure.ingressNginx(
            IngressNginxOptions.builder()
                .hosts(List.of("legacy.example.com"))
                .tls(Tls.secret(SecretRef.named("legacy-tls")))
                .className("nginx-internal")
                .controllerNamespace("ingress")
                .controllerLabels(Map.of("app", "nginx", "role", "controller"))
                .controllers(2)
                .build()
          ))
          .build()
    );
    Warnings.acknowledge(legacy, "IngressNginxRetired");
    new BentoDeployment(
      chart,
      "Cloud",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.loadBalancer(
            LoadBalancerOptions.builder()
                .sourceCidrs(List.of("203.0.113.0/24"))
                .port(80)
                .loadBalancerClass("example.com/l4")
                .annotations(Map.of("example.com/size", "small", "example.com/kind", "l4"))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Several",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).build())
          .exposure(Exposure.several(
            Map.of(
              "partners", Exposure.inCluster(
                InClusterExposureOptions.builder().allowFrom(List.of(NetworkPeer.namespace("search"))).build()
              ),
              "internal", Exposure.networkLoadBalancer()
            )
          ))
          .build()
    );

    var east = new BentoDeployment(
      chart,
      "East",
      BentoDeploymentProps.builder()
          .bento(bento)
          .env(List.of(EnvVar.value("REGION", "us-east-1")))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.replicas(3))
              .traffic(TrafficPolicy.builder().timeout(Duration.seconds(30)).build())
              .build())
          .build()
    );
    var west = new BentoDeployment(
      chart,
      "West",
      BentoDeploymentProps.builder()
          .bento(bento)
          .env(List.of(EnvVar.value("REGION", "us-west-2")))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.replicas(3))
              .traffic(TrafficPolicy.builder().timeout(Duration.seconds(30)).build())
              .build())
          .build()
    );
    var api = new GlobalService(
      chart,
      "Api",
      GlobalServiceProps.builder()
          .name("api")
          .members(List.of(east, west))
          .servicePort(80)
          .exposure(Exposure.networkLoadBalancer(
            NetworkLoadBalancerOptions.builder().internetFacing(true).build()
          ))
          .build()
    );
    report.text("global", api.getName());
    report.text("global url", api.getUrl());
    report.text("global service", api.getService().getName());
    for (ApiObject object : api.getDoorObjects()) {
      report.text("global door", object.getKind());
    }
    for (Requirement requirement : api.getRequirements()) {
      report.text("global requirement", requirement.getName());
    }
    var north = new BentoDeployment(
      chart,
      "North",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .build()
    );
    var south = new BentoDeployment(
      chart,
      "South",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .build()
    );
    new GlobalService(
      chart,
      "Weighted",
      GlobalServiceProps.builder()
          .members(List.of(north, south))
          .weights(Map.of("south", 30, "north", 70))
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .gateway(Gateway.envoyGateway(
                  EnvoyGatewayOptions.builder().name("public").namespace("gateways").proxies(2).build()
                ))
                .hosts(List.of("weighted.example.com"))
                .build()
          ))
          .traffic(UpstreamPolicy.builder().loadBalancing(LoadBalancing.roundRobin()).build())
          .build()
    );
  }
}
