package com.example;

import io.github.cdk8sbento.Authentication;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.BreakerStatuses;
import io.github.cdk8sbento.CacheSharing;
import io.github.cdk8sbento.CircuitBreaker;
import io.github.cdk8sbento.ClientIdOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.ConnectionLimits;
import io.github.cdk8sbento.ConsecutiveErrorsOptions;
import io.github.cdk8sbento.CookieHashOptions;
import io.github.cdk8sbento.EnvoyGatewayOptions;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.Gateway;
import io.github.cdk8sbento.GatewayExposureOptions;
import io.github.cdk8sbento.HealthCheck;
import io.github.cdk8sbento.HttpHealthCheckOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.LoadBalancing;
import io.github.cdk8sbento.LoadBalancingOptions;
import io.github.cdk8sbento.QueueOptions;
import io.github.cdk8sbento.RateLimit;
import io.github.cdk8sbento.RateUnit;
import io.github.cdk8sbento.RequestHop;
import io.github.cdk8sbento.RequestPath;
import io.github.cdk8sbento.ResponseCache;
import io.github.cdk8sbento.ResponseCacheOptions;
import io.github.cdk8sbento.Retries;
import io.github.cdk8sbento.RetriesOptions;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.RunnerProxy;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.SecretRef;
import io.github.cdk8sbento.ServingVersion;
import io.github.cdk8sbento.SidecarProxyOptions;
import io.github.cdk8sbento.StreamingOptions;
import io.github.cdk8sbento.TierProxyOptions;
import io.github.cdk8sbento.Tls;
import io.github.cdk8sbento.TrafficPolicy;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.Size;

final class TrafficPart {
  private TrafficPart() {}

  static void run(App app, Report report) {
    var chart = new Chart(app, "traffic", ChartProps.builder().namespace("traffic").build());
    ClusterProfile.set(
      chart,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("traffic")
            .kubernetesVersion("1.36")
            .gateway(Gateway.envoyGateway(
              EnvoyGatewayOptions.builder().name("public").namespace("gateways").proxies(2).build()
            ))
            .loadBalancerCidrs(List.of("10.0.0.0/20"))
            .build()
      )
    );
    var rag = new BentoDeployment(
      chart,
      "Rag",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/rag:3.2.0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named(
                    "Api",
                    BentoServiceOptions.builder()
                        .dependsOn(List.of("Embedder", "Llm", "Reranker", "Judge"))
                        .size(InstanceSize.named("cpu.2"))
                        .build()
                  ),
                  BentoService.named(
                    "Embedder",
                    BentoServiceOptions.builder().size(InstanceSize.named("gpu.l4.1")).build()
                  ),
                  BentoService.named(
                    "Llm",
                    BentoServiceOptions.builder().size(InstanceSize.named("gpu.a100.1")).build()
                  ),
                  BentoService.named(
                    "Reranker",
                    BentoServiceOptions.builder().size(InstanceSize.named("cpu.4")).build()
                  ),
                  BentoService.named(
                    "Judge",
                    BentoServiceOptions.builder()
                        .size(InstanceSize.named("cpu.4"))
                        .timeout(Duration.seconds(10))
                        .build()
                  )
                ))
                .build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .scaling(Scaling.replicas(4))
              .traffic(TrafficPolicy.builder()
                  .timeout(Duration.seconds(45))
                  .streaming(StreamingOptions.builder()
                      .maxDuration(Duration.minutes(12))
                      .idleTimeout(Duration.seconds(50))
                      .build())
                  .maxConcurrency(64)
                  .circuitBreaker(CircuitBreaker.consecutiveErrors(
                    ConsecutiveErrorsOptions.builder()
                        .failures(5)
                        .openFor(Duration.seconds(60))
                        .maxEjectedPercent(40)
                        .statuses(BreakerStatuses.GATEWAY_ERRORS)
                        .maxConnections(500)
                        .maxRequests(400)
                        .build()
                  ))
                  .rateLimit(RateLimit.total(3000, RateUnit.MINUTE))
                  .loadBalancing(LoadBalancing.hashByCookie(
                    "session",
                    CookieHashOptions.builder().ttl(Duration.hours(1)).setByApplication(false).build()
                  ))
                  .build())
              .build())
          .runners(Map.of(
            "Embedder", Runner.pool(
              RunnerPoolOptions.builder()
                  .scaling(Scaling.replicas(4))
                  .proxy(RunnerProxy.tier(
                    TierProxyOptions.builder().replicas(2).size(InstanceSize.named("cpu.1")).build()
                  ))
                  .traffic(TrafficPolicy.builder()
                      .timeout(Duration.seconds(20))
                      .maxConcurrency(4)
                      .queue(QueueOptions.builder().maxPending(40).build())
                      .retries(Retries.connectionFailures(
                        RetriesOptions.builder().attempts(3).statuses(List.of(503)).build()
                      ))
                      .circuitBreaker(CircuitBreaker.consecutiveErrors(
                        ConsecutiveErrorsOptions.builder().statuses(BreakerStatuses.SERVER_ERRORS).build()
                      ))
                      .build())
                  .build()
            ),
            "Llm", Runner.pool(
              RunnerPoolOptions.builder()
                  .scaling(Scaling.replicas(2))
                  .proxy(RunnerProxy.sidecar(
                    SidecarProxyOptions.builder().size(InstanceSize.named("cpu.1")).build()
                  ))
                  .traffic(TrafficPolicy.builder()
                      .timeout(Duration.seconds(30))
                      .streaming(StreamingOptions.builder().maxDuration(Duration.minutes(10)).build())
                      .loadBalancing(LoadBalancing.leastRequest(
                        LoadBalancingOptions.builder().slowStart(Duration.seconds(60)).build()
                      ))
                      .circuitBreaker(CircuitBreaker.limits(
                        ConnectionLimits.builder().maxConnections(64).maxRequests(128).build()
                      ))
                      .retries(Retries.never())
                      .build())
                  .build()
            ),
            "Reranker", Runner.pool(
              RunnerPoolOptions.builder()
                  .scaling(Scaling.replicas(2))
                  .traffic(TrafficPolicy.builder()
                      .timeout(Duration.seconds(10))
                      .loadBalancing(LoadBalancing.roundRobin(
                        LoadBalancingOptions.builder().slowStart(Duration.seconds(30)).build()
                      ))
                      .build())
                  .build()
            ),
            "Judge", Runner.pool(
              RunnerPoolOptions.builder().scaling(Scaling.replicas(2)).proxy(RunnerProxy.direct()).build()
            )
          ))
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .hosts(List.of("rag.example.com"))
                .tls(Tls.secret(SecretRef.named("rag-tls")))
                .build()
          ))
          .build()
    );
    report.text("plan", rag.getTimeoutPlan().toMarkdown());
    report.text("picture", rag.getTimeoutPlan().toMermaid());
    for (RequestPath path : rag.getTimeoutPlan().getPaths()) {
      for (RequestHop hop : path.getHops()) {
        report.text("hop", hop.getName());
        report.text("kind", hop.getKind());
        report.duration("requestTimeout", hop.getRequestTimeout());
        report.duration("firstByteTimeout", hop.getFirstByteTimeout());
        report.duration("attemptTimeout", hop.getAttemptTimeout());
        report.duration("silenceTimeout", hop.getSilenceTimeout());
        report.duration("keepAlive", hop.getKeepAlive());
        report.duration("idleTimeout", hop.getIdleTimeout());
        report.duration("endpointRemoval", hop.getEndpointRemoval());
        report.duration("deregistrationDelay", hop.getDeregistrationDelay());
        report.duration("preStop", hop.getPreStop());
        report.duration("gracePeriod", hop.getGracePeriod());
      }
    }
    for (ApiObject object : rag.getDoorObjects()) {
      report.text("door", object.getKind());
    }
    report.text("route", rag.getRoute().getName());
    report.text("proxy of the embedder", rag.runnerPool("Embedder").getProxy().getName());

    var classifier = new BentoDeployment(
      chart,
      "Classifier",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/classifier:1.9.2",
            BentoFromImageOptions.builder().bentoService("Classifier").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.replicas(2))
              .traffic(TrafficPolicy.builder()
                  .timeout(Duration.seconds(10))
                  .rateLimit(RateLimit.perClient(600, RateUnit.HOUR))
                  .build())
              .build())
          .cache(ResponseCache.of(
            ResponseCacheOptions.builder()
                .paths(List.of("/predict", "/classify"))
                .ttl(Duration.hours(1))
                .maxSize(Size.gibibytes(1))
                .maxBodySize(Size.kibibytes(16))
                .maxRequestSize(Size.mebibytes(8))
                .identityHeaders(List.of("x-tenant", "x-client-id"))
                .sharing(CacheSharing.PER_CLIENT)
                .replicas(2)
                .size(InstanceSize.named("cpu.1"))
                .image("registry.example.com/nginx:1.29.3")
                .build()
          ))
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .hosts(List.of("classifier.example.com"))
                .tls(Tls.secret(SecretRef.named("classifier-tls")))
                .authentication(Authentication.bearerTokens(
                  SecretRef.named("classifier-tokens"),
                  ClientIdOptions.builder().clientIdHeader("x-client-id").build()
                ))
                .build()
          ))
          .build()
    );
    report.text("cache", classifier.getCache().getName());
    for (ServingVersion version : classifier.getVersions()) {
      report.text("cache of a version", version.getCache().getName());
    }
    report.text("headless", classifier.getApiServer().getHeadlessService().getName());

    var shared = new BentoDeployment(
      chart,
      "Shared",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/shared:1.9.2",
            BentoFromImageOptions.builder().bentoService("Shared").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.replicas(2))
              .traffic(TrafficPolicy.builder()
                  .rateLimit(RateLimit.total(100, RateUnit.SECOND))
                  .loadBalancing(LoadBalancing.hashByHeader("x-user"))
                  .healthCheck(HealthCheck.http(
                    HttpHealthCheckOptions.builder()
                        .path("/readyz")
                        .interval(Duration.seconds(10))
                        .timeout(Duration.seconds(3))
                        .healthyThreshold(2)
                        .unhealthyThreshold(3)
                        .build()
                  ))
                  .build())
              .build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("shared.example.com")).build()
          ))
          .build()
    );
    report.text("url", shared.getUrl());
    new BentoDeployment(
      chart,
      "Quick",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/quick:1.9.2",
            BentoFromImageOptions.builder().bentoService("Quick").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.replicas(2))
              .traffic(TrafficPolicy.builder().timeout(Duration.seconds(10)).build())
              .build())
          .cache(ResponseCache.of(
            ResponseCacheOptions.builder()
                .paths(List.of("/predict"))
                .sharing(CacheSharing.ALL_CLIENTS)
                .build()
          ))
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("quick.example.com")).build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Sticky",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/sticky:1.9.2",
            BentoFromImageOptions.builder().bentoService("Sticky").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.replicas(2))
              .traffic(TrafficPolicy.builder().loadBalancing(LoadBalancing.hashBySource()).build())
              .build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("sticky.example.com")).build()
          ))
          .build()
    );
  }
}
