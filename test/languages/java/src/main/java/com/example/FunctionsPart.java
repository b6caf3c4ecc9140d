package com.example;

import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.BusinessHoursOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.ColdStartOptions;
import io.github.cdk8sbento.ColdStartTerm;
import io.github.cdk8sbento.ComponentOptions;
import io.github.cdk8sbento.EnvoyGatewayOptions;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.ExternalMetricOptions;
import io.github.cdk8sbento.FallbackOptions;
import io.github.cdk8sbento.FunctionEngine;
import io.github.cdk8sbento.Gateway;
import io.github.cdk8sbento.GatewayExposureOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.KedaHttpAddOnOptions;
import io.github.cdk8sbento.KedaOptions;
import io.github.cdk8sbento.KnativeOptions;
import io.github.cdk8sbento.Overflow;
import io.github.cdk8sbento.PlaceholderOptions;
import io.github.cdk8sbento.Release;
import io.github.cdk8sbento.Requirement;
import io.github.cdk8sbento.RunState;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPool;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.ScaleToZeroFunction;
import io.github.cdk8sbento.ScaleToZeroFunctionProps;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.ScalingBehavior;
import io.github.cdk8sbento.ScalingMetric;
import io.github.cdk8sbento.Schedule;
import io.github.cdk8sbento.ServingVersion;
import io.github.cdk8sbento.SharedVersionOptions;
import io.github.cdk8sbento.SplitReleaseOptions;
import io.github.cdk8sbento.StartupOptions;
import io.github.cdk8sbento.Version;
import io.github.cdk8sbento.Warnings;
import io.github.cdk8sbento.WithFunctionScalingOptions;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.Size;

// The same function by each engine, one in each cluster.
final class FunctionsPart {
  private FunctionsPart() {}

  static void run(App app, Report report) {
    var bento = Bento.fromImage(
      "registry.example.com/upscaler:4.0.1",
      BentoFromImageOptions.builder()
          .services(List.of(
            BentoService.named(
              "Api",
              BentoServiceOptions.builder()
                  .dependsOn(List.of("Upscaler"))
                  .size(InstanceSize.named("cpu.1"))
                  .routes(List.of("/upscale"))
                  .build()
            ),
            BentoService.named(
              "Upscaler",
              BentoServiceOptions.builder()
                  .size(InstanceSize.named("gpu.l4.1"))
                  .timeout(Duration.seconds(45))
                  .build()
            )
          ))
          .build()
    );

    var onDemand = new Chart(app, "on-demand", ChartProps.builder().namespace("functions").build());
    ClusterProfile.set(
      onDemand,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("on-demand")
            .kubernetesVersion("1.36")
            .keda(KedaOptions.builder().version("2.20").build())
            .kedaHttpAddOn(KedaHttpAddOnOptions.builder()
                .version("0.16")
                .namespace("keda")
                .interceptorService("interceptor-proxy")
                .interceptorPort(8080)
                .interceptorLabels(Map.of("app", "interceptor", "part", "proxy"))
                .scalerService("external-scaler")
                .scalerPort(9090)
                .build())
            .gateway(Gateway.envoyGateway(
              EnvoyGatewayOptions.builder().name("public").namespace("gateways").build()
            ))
            .build()
      )
    );
    var upscaler = new ScaleToZeroFunction(
      onDemand,
      "Upscaler",
      ScaleToZeroFunctionProps.builder()
          .bento(bento)
          .name("upscaler")
          .versionKey("main")
          .state(RunState.RUNNING)
          .engine(FunctionEngine.kedaHttp())
          .minReplicas(0)
          .maxReplicas(4)
          .targetConcurrency(4)
          .idleTimeout(Duration.minutes(15))
          .behavior(ScalingBehavior.neverScaleDown())
          .metrics(List.of(
            ScalingMetric.schedule(
              1,
              Schedule.businessHours(BusinessHoursOptions.builder().timeZone("Europe/Berlin").build())
            )
          ))
          .coldStart(ColdStartOptions.builder()
              .maxPending(200)
              .timeout(Duration.minutes(9))
              .overflow(Overflow.placeholder(
                PlaceholderOptions.builder()
                    .statusCode(503)
                    .body("starting")
                    .headers(Map.of("Retry-After", "300", "Cache-Control", "no-store"))
                    .build()
              ))
              .build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("upscaler.example.com")).build()
          ))
          .runners(Map.of(
            "Upscaler", Runner.pool(
              RunnerPoolOptions.builder()
                  .startup(StartupOptions.builder()
                      .imageSize(Size.gibibytes(9))
                      .modelSize(Size.gibibytes(6))
                      .nodeStart(Duration.minutes(3))
                      .build())
                  .scaling(Scaling.withFunction(
                    WithFunctionScalingOptions.builder()
                        .maxReplicas(4)
                        .behavior(ScalingBehavior.neverScaleDown())
                        .build()
                  ))
                  .build()
            )
          ))
          .build()
    );
    report.text("name", upscaler.getName());
    report.text("url", upscaler.getUrl());
    report.text("cold start", upscaler.getColdStartReport().toString());
    report.text("cold start in all", upscaler.getColdStartReport().getTotal().toHumanString());
    for (ColdStartTerm term : upscaler.getColdStartReport().getTerms()) {
      report.text("term", term.getName());
      report.text("of", term.getComponent());
      report.text("takes", term.getDuration().toHumanString());
      report.flag("assumed", term.getAssumed());
    }
    for (Requirement requirement : upscaler.getRequirements()) {
      report.text("requirement", requirement.toString());
    }
    for (ApiObject object : upscaler.getDoorObjects()) {
      report.text("door", object.getKind());
    }
    for (RunnerPool pool : upscaler.getRunnerPools()) {
      report.text("pool", pool.getName());
    }
    report.text("pool of", upscaler.runnerPool("Upscaler").getName());
    report.text("interceptor", upscaler.getInterceptorRoute().getKind());
    report.text("route", upscaler.getRoute().getKind());
    report.text("door service", upscaler.getDoorService().getName());
    report.text("api server", upscaler.getApiServer().getName());
    report.text("plan", upscaler.getTimeoutPlan().toMarkdown());
    new ScaleToZeroFunction(
      onDemand,
      "Fallback",
      ScaleToZeroFunctionProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/fallback:1.0.0",
            BentoFromImageOptions.builder().bentoService("Fallback").build()
          ))
          .apiServer(ComponentOptions.builder().size(InstanceSize.named("cpu.1")).build())
          .maxReplicas(2)
          .targetRequestRate(10)
          .coldStart(ColdStartOptions.builder()
              .overflow(Overflow.fallback(
                FallbackOptions.builder().service("always-there").port(8080).build()
              ))
              .build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("fallback.example.com")).build()
          ))
          .build()
    );
    new ScaleToZeroFunction(
      onDemand,
      "Reject",
      ScaleToZeroFunctionProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/reject:1.0.0",
            BentoFromImageOptions.builder().bentoService("Reject").build()
          ))
          .apiServer(ComponentOptions.builder().size(InstanceSize.named("cpu.1")).build())
          .maxReplicas(2)
          .targetConcurrency(4)
          .coldStart(ColdStartOptions.builder().overflow(Overflow.reject()).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("reject.example.com")).build()
          ))
          .build()
    );

    var knative = new Chart(app, "knative", ChartProps.builder().namespace("functions").build());
    ClusterProfile.set(
      knative,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("knative")
            .kubernetesVersion("1.36")
            .knative(KnativeOptions.builder()
                .version("1.20")
                .namespace("knative-serving")
                .ingressNamespaces(List.of("kourier-system"))
                .enabledFeatures(List.of(
                  "kubernetes.podspec-init-containers",
                  "kubernetes.podspec-nodeselector"
                ))
                .maxRevisionTimeoutSeconds(900)
                .build())
            .build()
      )
    );
    var served = new ScaleToZeroFunction(
      knative,
      "Upscaler",
      ScaleToZeroFunctionProps.builder()
          .bento(bento)
          .engine(FunctionEngine.knative())
          .versionKey("v4-0")
          .maxReplicas(4)
          .targetConcurrency(4)
          .idleTimeout(Duration.minutes(15))
          .apiServer(ComponentOptions.builder()
              .startup(StartupOptions.builder().imageSize(Size.gibibytes(9)).build())
              .build())
          .release(Release.split(
            SplitReleaseOptions.builder()
                .versions(Map.of(
                  "v4-1", Version.weighted(
                    10,
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/upscaler:4.1.0",
                          BentoFromImageOptions.builder()
                              .services(List.of(
                                BentoService.named(
                                  "Api",
                                  BentoServiceOptions.builder()
                                      .dependsOn(List.of("Upscaler"))
                                      .size(InstanceSize.named("cpu.1"))
                                      .build()
                                ),
                                BentoService.named(
                                  "Upscaler",
                                  BentoServiceOptions.builder().size(InstanceSize.named("gpu.l4.1")).build()
                                )
                              ))
                              .build()
                        ))
                        .runners(Map.of("Upscaler", Runner.url("http://upscaler-next:3000")))
                        .serving(true)
                        .build()
                  )
                ))
                .build()
          ))
          .runners(Map.of(
            "Upscaler", Runner.pool(RunnerPoolOptions.builder().scaling(Scaling.replicas(2)).build())
          ))
          .build()
    );
    for (ServingVersion version : served.getVersions()) {
      report.text("version", version.getKey());
    }
    report.text("next", served.version("v4-1").getKey());

    var hpa = new Chart(app, "hpa", ChartProps.builder().namespace("functions").build());
    ClusterProfile.set(
      hpa,
      new ClusterProfile(ClusterProfileProps.builder().name("hpa").kubernetesVersion("1.37").build())
    );
    var queue = new ScaleToZeroFunction(
      hpa,
      "Upscaler",
      ScaleToZeroFunctionProps.builder()
          .bento(bento)
          .engine(FunctionEngine.hpa())
          .maxReplicas(4)
          .idleTimeout(Duration.minutes(15))
          .metrics(List.of(
            ScalingMetric.external(
              ExternalMetricOptions.builder()
                  .metric("sqs_messages_visible")
                  .averageValue(10)
                  .labels(Map.of("queue", "up"))
                  .build()
            )
          ))
          .runners(Map.of(
            "Upscaler", Runner.pool(RunnerPoolOptions.builder().scaling(Scaling.replicas(2)).build())
          ))
          .build()
    );
    Warnings.acknowledge(queue, "NoQueue");
  }
}
