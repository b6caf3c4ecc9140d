package com.example;

import io.github.cdk8sbento.ArgoCdIgnoreDifference;
import io.github.cdk8sbento.ArgoRolloutsOptions;
import io.github.cdk8sbento.AutoScalingOptions;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.BlueGreenReleaseOptions;
import io.github.cdk8sbento.CanaryReleaseOptions;
import io.github.cdk8sbento.CanaryStep;
import io.github.cdk8sbento.CanaryStepOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.Color;
import io.github.cdk8sbento.ComponentPeak;
import io.github.cdk8sbento.EnvVar;
import io.github.cdk8sbento.EnvoyGatewayOptions;
import io.github.cdk8sbento.ErrorKind;
import io.github.cdk8sbento.ErrorRateGateOptions;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.Gate;
import io.github.cdk8sbento.Gateway;
import io.github.cdk8sbento.GatewayApiPluginOptions;
import io.github.cdk8sbento.GatewayExposureOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.JobGateOptions;
import io.github.cdk8sbento.KedaOptions;
import io.github.cdk8sbento.LatencyGateOptions;
import io.github.cdk8sbento.ManualBlueGreenOptions;
import io.github.cdk8sbento.NginxRouterOptions;
import io.github.cdk8sbento.NoData;
import io.github.cdk8sbento.PreviousVersionOptions;
import io.github.cdk8sbento.PrometheusGateOptions;
import io.github.cdk8sbento.PrometheusOptions;
import io.github.cdk8sbento.Promotion;
import io.github.cdk8sbento.RelativeErrorRateGateOptions;
import io.github.cdk8sbento.RelativeLatencyGateOptions;
import io.github.cdk8sbento.Release;
import io.github.cdk8sbento.ReleaseCapacity;
import io.github.cdk8sbento.ReleaseStage;
import io.github.cdk8sbento.ReplicaShare;
import io.github.cdk8sbento.RequestMatch;
import io.github.cdk8sbento.RollingOptions;
import io.github.cdk8sbento.RollingPreset;
import io.github.cdk8sbento.RollingReleaseOptions;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPool;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.SaturationGateOptions;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.ScalingMetric;
import io.github.cdk8sbento.SecretRef;
import io.github.cdk8sbento.ServiceAccountRef;
import io.github.cdk8sbento.ServingVersion;
import io.github.cdk8sbento.SharedVersionOptions;
import io.github.cdk8sbento.SplitReleaseOptions;
import io.github.cdk8sbento.SplitRouter;
import io.github.cdk8sbento.StickyKey;
import io.github.cdk8sbento.TemplateGateOptions;
import io.github.cdk8sbento.Tls;
import io.github.cdk8sbento.TrafficPolicy;
import io.github.cdk8sbento.Version;
import io.github.cdk8sbento.VersionShare;
import io.github.cdk8sbento.Warnings;
import io.github.cdk8sbento.WebhookGateOptions;
import io.github.cdk8sbento.WebhookHeader;
import io.github.cdk8sbento.WebhookHeaderFromSecretOptions;
import io.github.cdk8sbento.WebhookMethod;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;

final class ReleasesPart {
  private ReleasesPart() {}

  static void run(App app, Report report) {
    var chart = new Chart(app, "releases", ChartProps.builder().namespace("releases").build());
    ClusterProfile.set(
      chart,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("releases")
            .kubernetesVersion("1.36")
            .argoRollouts(ArgoRolloutsOptions.builder()
                .gatewayApiPlugin(GatewayApiPluginOptions.builder().build())
                .build())
            .gateway(Gateway.envoyGateway(
              EnvoyGatewayOptions.builder().name("public").namespace("gateways").proxies(2).build()
            ))
            .keda(KedaOptions.builder().version("2.20").build())
            .prometheus(PrometheusOptions.builder()
                .address("http://prometheus-operated.monitoring:9090")
                .operatorLabels(Map.of("release", "kube-prometheus-stack"))
                .build())
            .build()
      )
    );
    var size = InstanceSize.named("cpu.2");

    // A canary, and every gate.
    var rag = new BentoDeployment(
      chart,
      "Rag",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/rag:3-2-0",
            BentoFromImageOptions.builder().bentoService("Rag").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .minReplicas(3)
                    .maxReplicas(20)
                    .metrics(List.of(ScalingMetric.requestRate(50)))
                    .build()
              ))
              .traffic(TrafficPolicy.builder().timeout(Duration.seconds(30)).maxConcurrency(64).build())
              .build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder()
                .hosts(List.of("rag.example.com"))
                .tls(Tls.secret(SecretRef.named("rag-tls")))
                .build()
          ))
          .release(Release.canary(
            CanaryReleaseOptions.builder()
                .previous(Version.of(
                  PreviousVersionOptions.builder()
                      .bento(Bento.fromImage(
                        "registry.example.com/rag:3-1-4",
                        BentoFromImageOptions.builder().bentoService("Rag").build()
                      ))
                      .versionKey("v3-1-4")
                      .build()
                ))
                .minReady(Duration.seconds(10))
                .progressDeadline(Duration.minutes(40))
                .revisionHistory(5)
                .scaleDownDelay(Duration.minutes(2))
                .abortScaleDownDelay(Duration.minutes(3))
                .steps(List.of(
                  CanaryStep.headerRoute(
                    "x-version",
                    "next",
                    CanaryStepOptions.builder().untilPromoted(true).replicas(2).build()
                  ),
                  CanaryStep.weight(10, CanaryStepOptions.builder().pause(Duration.minutes(5)).build()),
                  CanaryStep.pause(Duration.minutes(1)),
                  CanaryStep.weight(50, CanaryStepOptions.builder().pause(Duration.minutes(10)).build()),
                  CanaryStep.untilPromoted()
                ))
                .gates(List.of(
                  Gate.latencyRelativeToStable(
                    RelativeLatencyGateOptions.builder()
                        .maxRatio(1.1)
                        .percentile(95)
                        .window(Duration.minutes(2))
                        .minRequests(20)
                        .interval(Duration.seconds(30))
                        .failureLimit(2)
                        .patience(4)
                        .noData(NoData.PAUSE)
                        .build()
                  ),
                  Gate.errorRateRelativeToStable(
                    RelativeErrorRateGateOptions.builder()
                        .maxRatio(1.5)
                        .minErrorRate(0.001)
                        .errorKind(ErrorKind.ERRORS)
                        .build()
                  ),
                  Gate.prometheusQuery(
                    PrometheusGateOptions.builder()
                        .name("answers")
                        .query("avg(rag_answer_quality)")
                        .min(0.8)
                        .max(1)
                        .initialDelay(Duration.minutes(1))
                        .build()
                  ),
                  Gate.webhook(
                    WebhookGateOptions.builder()
                        .name("judge")
                        .url("https://judge.example.com/rag")
                        .jsonPath("{$.verdict}")
                        .successValue("good")
                        .failureValue("bad")
                        .method(WebhookMethod.POST)
                        .body("{\"version\":\"next\"}")
                        .timeout(Duration.seconds(10))
                        .headers(List.of(
                          WebhookHeader.value("x-team", "search"),
                          WebhookHeader.fromSecret(
                            "authorization",
                            WebhookHeaderFromSecretOptions.builder()
                                .secret(SecretRef.named("judge"))
                                .key("token")
                                .build()
                          )
                        ))
                        .build()
                  ),
                  Gate.template(
                    "house-rules",
                    TemplateGateOptions.builder()
                        .clusterScope(true)
                        .args(Map.of("severity", "page", "app", "rag"))
                        .build()
                  )
                ))
                .backgroundGates(List.of(
                  Gate.saturation(SaturationGateOptions.builder().maxRatio(0.9).noData(NoData.ABORT).build())
                ))
                .build()
          ))
          .releaseCapacity(ReleaseCapacity.builder().maxPods(60).build())
          .build()
    );
    report.text("plan", rag.getReleasePlan().toMarkdown());
    report.text("gantt", rag.getReleasePlan().toMermaid());
    for (ReleaseStage stage : rag.getReleasePlan().getStages()) {
      report.text("stage", stage.getName());
      report.text("component", stage.getComponent());
      report.text("action", stage.getAction());
      report.text("end", stage.getEnd());
      report.duration("duration", stage.getDuration());
      report.text("on failure", stage.getOnFailure());
      report.texts("gates", stage.getGates());
      report.flag("current", stage.getCurrent());
      for (VersionShare share : stage.getVersions()) {
        report.text("version", share.getVersion());
        report.text("besides", share.getBesides());
        report.number("percent", share.getPercent());
        report.number("at least", share.getFewestReplicas());
        report.number("at most", share.getMostReplicas());
      }
    }
    report.text("peak", rag.getReleasePeak().toString());
    report.number("pods", rag.getReleasePeak().getPods());
    report.numbers("GPUs", rag.getReleasePeak().getGpus());
    report.texts("unknown", rag.getReleasePeak().getUnknown());
    for (ArgoCdIgnoreDifference difference : rag.getArgoCdIgnoreDifferences()) {
      report.text("difference", difference.toString());
      report.text("group", difference.getGroup());
      report.text("kind", difference.getKind());
      report.text("name", difference.getName());
      report.text("namespace", difference.getNamespace());
      report.texts("pointers", difference.getJsonPointers());
      report.texts("paths", difference.getJqPathExpressions());
    }
    report.text("preview", rag.getApiServer().getScaleTarget().getKind());

    // With pools of GPUs that must suffice for both versions.
    var vision = new BentoDeployment(
      chart,
      "Vision",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/vision:2-1-0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named(
                    "Api",
                    BentoServiceOptions.builder().dependsOn(List.of("Detector", "Reader")).size(size).build()
                  ),
                  BentoService.named(
                    "Detector",
                    BentoServiceOptions.builder().size(InstanceSize.named("gpu.l4.1")).build()
                  ),
                  BentoService.named(
                    "Reader",
                    BentoServiceOptions.builder().size(InstanceSize.named("gpu.t4.1")).build()
                  )
                ))
                .build()
          ))
          .apiServer(ScaledComponentOptions.builder().scaling(Scaling.replicas(3)).build())
          .runners(Map.of(
            "Detector", Runner.pool(
              RunnerPoolOptions.builder()
                  .scaling(Scaling.auto(
                    AutoScalingOptions.builder()
                        .minReplicas(2)
                        .maxReplicas(4)
                        .metrics(List.of(ScalingMetric.concurrency(8)))
                        .build()
                  ))
                  .build()
            ),
            "Reader", Runner.pool(
              RunnerPoolOptions.builder()
                  .scaling(Scaling.auto(
                    AutoScalingOptions.builder()
                        .minReplicas(2)
                        .maxReplicas(3)
                        .metrics(List.of(ScalingMetric.concurrency(4)))
                        .build()
                  ))
                  .build()
            )
          ))
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("vision.example.com")).build()
          ))
          .release(Release.blueGreen(
            BlueGreenReleaseOptions.builder()
                .runnerReplicas(Map.of("Reader", 2, "Detector", 3))
                .previous(Version.of(
                  PreviousVersionOptions.builder()
                      .bento(Bento.fromImage(
                        "registry.example.com/vision:2-0-0",
                        BentoFromImageOptions.builder()
                            .services(List.of(
                              BentoService.named(
                                "Api",
                                BentoServiceOptions.builder()
                                    .dependsOn(List.of("Detector", "Reader"))
                                    .size(size)
                                    .build()
                              ),
                              BentoService.named(
                                "Detector",
                                BentoServiceOptions.builder().size(InstanceSize.named("gpu.l4.1")).build()
                              ),
                              BentoService.named(
                                "Reader",
                                BentoServiceOptions.builder().size(InstanceSize.named("gpu.t4.1")).build()
                              )
                            ))
                            .build()
                      ))
                      .build()
                ))
                .build()
          ))
          .releaseCapacity(ReleaseCapacity.builder().maxGpus(Map.of("t4", 20, "l4", 10)).build())
          .build()
    );
    for (ComponentPeak peak : vision.getReleasePeak().getComponents()) {
      report.text("peak", peak.toString());
      report.text("peak of", peak.getName());
      report.text("for", peak.getReason());
      report.text("GPU", peak.getGpuName());
      report.number("GPUs", peak.getGpus());
      report.number("GPUs per pod", peak.getGpusPerPod());
      report.number("pods", peak.getPods());
      report.number("replicas", peak.getReplicas());
    }
    report.numbers("GPUs of vision", vision.getReleasePeak().getGpus());
    for (ServingVersion version : vision.getVersions()) {
      for (RunnerPool pool : version.getRunnerPools()) {
        report.text("pool", pool.getName());
      }
      report.text("detector", version.runnerPool("Detector").getName());
    }

    // By replicas, where nothing shares requests out.
    new BentoDeployment(
      chart,
      "Counted",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/counted:2.0.0",
            BentoFromImageOptions.builder().bentoService("Counted").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(10)).build())
          .release(Release.canary(
            CanaryReleaseOptions.builder()
                .weightsByReplicas(true)
                .steps(List.of(
                  CanaryStep.weight(20, CanaryStepOptions.builder().pause(Duration.minutes(5)).build())
                ))
                .build()
          ))
          .build()
    );

    // Blue and green by Argo Rollouts.
    var search = new BentoDeployment(
      chart,
      "Search",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/search:2.0.0",
            BentoFromImageOptions.builder().bentoService("Search").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("search.example.com")).build()
          ))
          .release(Release.blueGreen(
            BlueGreenReleaseOptions.builder()
                .beforePromotion(List.of(
                  Gate.job(
                    JobGateOptions.builder()
                        .name("smoke-test")
                        .image("registry.example.com/search-smoke-test:1.3.0")
                        .command(List.of("/smoke"))
                        .args(List.of("--url", "http://search-preview.releases:3000"))
                        .env(List.of(EnvVar.value("LEVEL", "3")))
                        .imagePullSecrets(List.of(SecretRef.named("registry")))
                        .serviceAccount(ServiceAccountRef.named("smoke"))
                        .automountServiceAccountToken(false)
                        .readOnlyRootFilesystem(true)
                        .runAsUser(1000)
                        .retries(1)
                        .timeout(Duration.minutes(4))
                        .size(InstanceSize.named("cpu.1"))
                        .build()
                  )
                ))
                .promotion(Promotion.automaticAfter(Duration.minutes(5)))
                .afterPromotion(List.of(
                  Gate.errorRate(
                    ErrorRateGateOptions.builder().maxRate(0.01).errorKind(ErrorKind.TIMEOUTS).build()
                  ),
                  Gate.errorRate(
                    ErrorRateGateOptions.builder().maxRate(0.02).errorKind(ErrorKind.REJECTIONS).build()
                  ),
                  Gate.latency(LatencyGateOptions.builder().max(Duration.seconds(2)).percentile(95).build())
                ))
                .scaleDownDelay(Duration.minutes(15))
                .besideDeployment(false)
                .build()
          ))
          .build()
    );
    report.text("preview service", search.getApiServer().getPreviewService().getName());
    new BentoDeployment(
      chart,
      "Ranked",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/ranked:2.0.0",
            BentoFromImageOptions.builder().bentoService("Ranked").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .release(Release.blueGreen(BlueGreenReleaseOptions.builder().promotion(Promotion.manual()).build()))
          .build()
    );
    new BentoDeployment(
      chart,
      "Sorted",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/sorted:2.0.0",
            BentoFromImageOptions.builder().bentoService("Sorted").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .release(Release.blueGreen(
            BlueGreenReleaseOptions.builder()
                .promotion(Promotion.automatic())
                .beforePromotion(List.of(
                  Gate.webhook(
                    WebhookGateOptions.builder()
                        .name("get")
                        .url("https://judge.example.com/a")
                        .jsonPath("{$.score}")
                        .min(0.5)
                        .max(1)
                        .build()
                  ),
                  Gate.webhook(
                    WebhookGateOptions.builder()
                        .name("put")
                        .url("https://judge.example.com/b")
                        .jsonPath("{$.ok}")
                        .successValue("yes")
                        .method(WebhookMethod.PUT)
                        .build()
                  ),
                  Gate.webhook(
                    WebhookGateOptions.builder()
                        .name("stated")
                        .url("https://judge.example.com/c")
                        .jsonPath("{$.ok}")
                        .successValue("yes")
                        .method(WebhookMethod.GET)
                        .build()
                  )
                ))
                .build()
          ))
          .build()
    );

    // By edits, with plain Kubernetes.
    var blue = new BentoDeployment(
      chart,
      "Blue",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/blue:8.1.0",
            BentoFromImageOptions.builder().bentoService("Blue").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("blue.example.com")).build()
          ))
          .release(Release.manualBlueGreen(
            ManualBlueGreenOptions.builder()
                .color(Color.GREEN)
                .previous(Version.of(
                  PreviousVersionOptions.builder()
                      .bento(Bento.fromImage(
                        "registry.example.com/blue:8.0.5",
                        BentoFromImageOptions.builder().bentoService("Blue").build()
                      ))
                      .build()
                ))
                .fullSize(true)
                .promoted(false)
                .build()
          ))
          .build()
    );
    for (ServingVersion version : blue.getVersions()) {
      report.text("colour", version.getKey());
      report.text("api server", version.getApiServer().getName());
    }
    new BentoDeployment(
      chart,
      "First",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/first:8.1.0",
            BentoFromImageOptions.builder().bentoService("First").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(3)).build())
          .release(Release.manualBlueGreen(
            ManualBlueGreenOptions.builder().color(Color.BLUE).previous(Version.absent()).build()
          ))
          .build()
    );

    // In place.
    new BentoDeployment(
      chart,
      "Thirds",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/thirds:1.9.2",
            BentoFromImageOptions.builder().bentoService("Thirds").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(6)).build())
          .release(Release.rolling(
            RollingReleaseOptions.builder()
                .preset(RollingPreset.THIRDS)
                .minReady(Duration.seconds(30))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Stated",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/stated:1-9-2",
            BentoFromImageOptions.builder().bentoService("Stated").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(6)).build())
          .release(Release.rolling(
            RollingReleaseOptions.builder()
                .maxSurge(ReplicaShare.replicas(1))
                .maxUnavailable(ReplicaShare.percent(25))
                .progressDeadline(Duration.minutes(40))
                .revisionHistory(3)
                .previous(Version.absent())
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Slow",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/slow:1.9.2",
            BentoFromImageOptions.builder().bentoService("Slow").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.replicas(6))
              .rolling(RollingOptions.builder().preset(RollingPreset.RAMPED_SLOW_ROLLOUT).build())
              .build())
          .build()
    );
    new BentoDeployment(
      chart,
      "Effort",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/effort:1.9.2",
            BentoFromImageOptions.builder().bentoService("Effort").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.replicas(6))
              .rolling(RollingOptions.builder().preset(RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT).build())
              .build())
          .build()
    );
    new BentoDeployment(
      chart,
      "Usual",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/usual:1.9.2",
            BentoFromImageOptions.builder().bentoService("Usual").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.replicas(6))
              .rolling(RollingOptions.builder().preset(RollingPreset.ROLLING_UPDATE).build())
              .build())
          .build()
    );
    var anew = new BentoDeployment(
      chart,
      "Anew",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/anew:1.9.2",
            BentoFromImageOptions.builder().bentoService("Anew").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(size)
              .scaling(Scaling.replicas(6))
              .rolling(RollingOptions.builder().preset(RollingPreset.RECREATE).build())
              .build())
          .build()
    );
    report.texts("warnings of anew", Warnings.of(anew));
    new BentoDeployment(
      chart,
      "Recreated",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/recreated:1.9.2",
            BentoFromImageOptions.builder().bentoService("Recreated").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(6)).build())
          .release(Release.recreate())
          .build()
    );

    // Side by side.
    var translate = new BentoDeployment(
      chart,
      "Translate",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/translator:4.0.2",
            BentoFromImageOptions.builder().bentoService("Translator").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(4)).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("translate.example.com")).build()
          ))
          .release(Release.split(
            SplitReleaseOptions.builder()
                .versions(Map.of(
                  "testers", Version.matched(
                    RequestMatch.header("x-version", "testers"),
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/translator:5.0.0-rc1",
                          BentoFromImageOptions.builder().bentoService("Translator").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .serving(true)
                        .build()
                  ),
                  "next", Version.weighted(
                    10,
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/translator:4.1.0",
                          BentoFromImageOptions.builder().bentoService("Translator").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .serving(true)
                        .build()
                  ),
                  "asked", Version.matched(
                    RequestMatch.query("version", "asked"),
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/translator:5.0.0-rc2",
                          BentoFromImageOptions.builder().bentoService("Translator").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .serving(true)
                        .build()
                  ),
                  "shadow", Version.mirrored(
                    5,
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/translator:4.2.0-dev",
                          BentoFromImageOptions.builder().bentoService("Translator").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(1))
                            .build())
                        .serving(false)
                        .build()
                  )
                ))
                .router(SplitRouter.doors())
                .build()
          ))
          .build()
    );
    report.text("shadow", translate.version("shadow").getKey());
    var recommend = new BentoDeployment(
      chart,
      "Recommend",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/recommend:1.4.0",
            BentoFromImageOptions.builder().bentoService("Recommend").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(4)).build())
          .exposure(Exposure.gateway(
            GatewayExposureOptions.builder().hosts(List.of("recommend.example.com")).build()
          ))
          .release(Release.split(
            SplitReleaseOptions.builder()
                .stickyBy(StickyKey.header("x-user"))
                .router(SplitRouter.nginx(
                  NginxRouterOptions.builder()
                      .image("registry.example.com/nginx:1.29.3")
                      .replicas(3)
                      .size(InstanceSize.named("cpu.1"))
                      .build()
                ))
                .versions(Map.of(
                  "v2", Version.weighted(
                    20,
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/recommend:2.0.0",
                          BentoFromImageOptions.builder().bentoService("Recommend").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .build()
                  ),
                  "beta", Version.matched(
                    RequestMatch.cookie("stage", "beta"),
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/recommend:3.0.0",
                          BentoFromImageOptions.builder().bentoService("Recommend").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .build()
                  )
                ))
                .build()
          ))
          .build()
    );
    report.text("splitter", recommend.getSplitter().getName());
    new BentoDeployment(
      chart,
      "ByCookie",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/by-cookie:1.4.0",
            BentoFromImageOptions.builder().bentoService("ByCookie").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(4)).build())
          .release(Release.split(
            SplitReleaseOptions.builder()
                .stickyBy(StickyKey.cookie("session"))
                .versions(Map.of(
                  "v2", Version.weighted(
                    20,
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/by-cookie:2.0.0",
                          BentoFromImageOptions.builder().bentoService("ByCookie").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .build()
                  )
                ))
                .build()
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "ByQuery",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/by-query:1.4.0",
            BentoFromImageOptions.builder().bentoService("ByQuery").build()
          ))
          .apiServer(ScaledComponentOptions.builder().size(size).scaling(Scaling.replicas(4)).build())
          .release(Release.split(
            SplitReleaseOptions.builder()
                .stickyBy(StickyKey.query("user"))
                .versions(Map.of(
                  "v2", Version.weighted(
                    20,
                    SharedVersionOptions.builder()
                        .bento(Bento.fromImage(
                          "registry.example.com/by-query:2.0.0",
                          BentoFromImageOptions.builder().bentoService("ByQuery").build()
                        ))
                        .apiServer(ScaledComponentOptions.builder()
                            .size(size)
                            .scaling(Scaling.replicas(2))
                            .build())
                        .build()
                  )
                ))
                .build()
          ))
          .build()
    );
  }
}
