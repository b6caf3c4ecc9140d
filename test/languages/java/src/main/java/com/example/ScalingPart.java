package com.example;

import io.github.cdk8sbento.AutoScalingOptions;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoCloudBehaviorOptions;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromFileOptions;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.BusinessHoursOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.CronScheduleOptions;
import io.github.cdk8sbento.DcgmExporterOptions;
import io.github.cdk8sbento.EnvVar;
import io.github.cdk8sbento.EnvVarFromSecretOptions;
import io.github.cdk8sbento.ExternalMetricOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.KedaOptions;
import io.github.cdk8sbento.KedaTriggerOptions;
import io.github.cdk8sbento.LatencyMetricOptions;
import io.github.cdk8sbento.MetricType;
import io.github.cdk8sbento.ObjectMetricOptions;
import io.github.cdk8sbento.OneAtATimeOptions;
import io.github.cdk8sbento.PodsMetricOptions;
import io.github.cdk8sbento.PolicySelect;
import io.github.cdk8sbento.PrometheusMetricOptions;
import io.github.cdk8sbento.PrometheusOptions;
import io.github.cdk8sbento.QueueLengthMetricOptions;
import io.github.cdk8sbento.RateMetricOptions;
import io.github.cdk8sbento.Requirement;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.ScalingBehavior;
import io.github.cdk8sbento.ScalingBehaviorOptions;
import io.github.cdk8sbento.ScalingMetric;
import io.github.cdk8sbento.ScalingPolicy;
import io.github.cdk8sbento.ScalingRules;
import io.github.cdk8sbento.ScalingSpeed;
import io.github.cdk8sbento.Schedule;
import io.github.cdk8sbento.SecretRef;
import io.github.cdk8sbento.TriggerAuthenticationRef;
import io.github.cdk8sbento.Weekday;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;

final class ScalingPart {
  private ScalingPart() {}

  static void run(App app, Report report) {
    var chart = new Chart(app, "scaling", ChartProps.builder().namespace("scaling").build());
    ClusterProfile.set(
      chart,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("scaling")
            .kubernetesVersion("1.36")
            .keda(KedaOptions.builder().version("2.20").build())
            .dcgmExporter(DcgmExporterOptions.builder()
                .namespaceLabel("exported_namespace")
                .podLabel("exported_pod")
                .build())
            .prometheus(PrometheusOptions.builder()
                .address("http://prometheus-operated.monitoring:9090")
                .operatorLabels(Map.of("release", "kube-prometheus-stack"))
                .build())
            .build()
      )
    );

    // The autoscaler of Kubernetes, and every rule of its behavior.
    new BentoDeployment(
      chart,
      "Rules",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/rules:1.4.0",
            BentoFromImageOptions.builder().bentoService("Rules").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .minReplicas(3)
                    .maxReplicas(20)
                    .metrics(List.of(
                      ScalingMetric.cpu(70),
                      ScalingMetric.memory(80),
                      ScalingMetric.pods(
                        PodsMetricOptions.builder()
                            .metric("packets-per-second")
                            .averageValue(1000)
                            .labels(Map.of("zone", "a", "kind", "tcp"))
                            .build()
                      ),
                      ScalingMetric.external(
                        ExternalMetricOptions.builder()
                            .metric("queue_length")
                            .averageValue(10)
                            .labels(Map.of("queue", "rules", "app", "x"))
                            .build()
                      ),
                      ScalingMetric.external(
                        ExternalMetricOptions.builder().metric("backlog").value(100).build()
                      ),
                      ScalingMetric.ofObject(
                        ObjectMetricOptions.builder()
                            .apiVersion("networking.k8s.io/v1")
                            .kind("Ingress")
                            .name("main")
                            .metric("requests-per-second")
                            .value(2000)
                            .labels(Map.of("verb", "GET"))
                            .build()
                      ),
                      ScalingMetric.ofObject(
                        ObjectMetricOptions.builder()
                            .apiVersion("v1")
                            .kind("Service")
                            .name("main")
                            .metric("hits")
                            .averageValue(0.5)
                            .build()
                      )
                    ))
                    .behavior(ScalingBehavior.of(
                      ScalingBehaviorOptions.builder()
                          .scaleDown(ScalingRules.builder()
                              .stabilizationWindow(Duration.seconds(300))
                              .selectPolicy(PolicySelect.MIN)
                              .policies(List.of(
                                ScalingPolicy.percent(50, Duration.seconds(60)),
                                ScalingPolicy.pods(2, Duration.minutes(1))
                              ))
                              .build())
                          .scaleUp(ScalingRules.builder()
                              .stabilizationWindow(Duration.seconds(60))
                              .selectPolicy(PolicySelect.MAX)
                              .tolerance(0.05)
                              .policies(List.of(ScalingPolicy.percent(100, Duration.seconds(60))))
                              .build())
                          .build()
                    ))
                    .build()
              ))
              .build())
          .build()
    );

    // What KEDA asks Prometheus.
    new BentoDeployment(
      chart,
      "Adaptive",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/adaptive:1.4.0",
            BentoFromImageOptions.builder().bentoService("Adaptive").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("gpu.t4.1"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .minReplicas(2)
                    .maxReplicas(10)
                    .fallbackReplicas(4)
                    .metrics(List.of(
                      ScalingMetric.latency(
                        Duration.seconds(2),
                        LatencyMetricOptions.builder().percentile(95).window(Duration.minutes(2)).build()
                      ),
                      ScalingMetric.requestRate(
                        50,
                        RateMetricOptions.builder().window(Duration.minutes(3)).build()
                      ),
                      ScalingMetric.totalRequestRate(
                        400,
                        RateMetricOptions.builder().window(Duration.minutes(3)).build()
                      ),
                      ScalingMetric.concurrency(16),
                      ScalingMetric.gpuUtilization(80),
                      ScalingMetric.prometheus(
                        PrometheusMetricOptions.builder()
                            .query("max(backlog_age_seconds) or 0 * sum(up{job=\"backlog\"} == 1)")
                            .threshold(120)
                            .activationThreshold(5)
                            .metricType(MetricType.VALUE)
                            .build()
                      ),
                      ScalingMetric.kedaTrigger(
                        KedaTriggerOptions.builder()
                            .kind("aws-sqs-queue")
                            .metadata(Map.of(
                              "queueURL", "https://sqs.eu-west-1.amazonaws.com/123456789012/adaptive",
                              "queueLength", "20",
                              "awsRegion", "eu-west-1"
                            ))
                            .metricType(MetricType.AVERAGE_VALUE)
                            .authentication(TriggerAuthenticationRef.ofCluster("aws"))
                            .build()
                      ),
                      ScalingMetric.schedule(
                        6,
                        Schedule.businessHours(
                          BusinessHoursOptions.builder()
                              .timeZone("Europe/Berlin")
                              .days(List.of(
                                Weekday.MONDAY,
                                Weekday.TUESDAY,
                                Weekday.WEDNESDAY,
                                Weekday.THURSDAY,
                                Weekday.FRIDAY
                              ))
                              .startHour(7)
                              .endHour(19)
                              .build()
                        )
                      ),
                      ScalingMetric.schedule(
                        3,
                        Schedule.businessHours(
                          BusinessHoursOptions.builder()
                              .timeZone("Europe/Berlin")
                              .days(List.of(Weekday.SATURDAY, Weekday.SUNDAY))
                              .build()
                        )
                      ),
                      ScalingMetric.schedule(
                        5,
                        Schedule.cron(
                          CronScheduleOptions.builder()
                              .timeZone("UTC")
                              .start("0 6 * * 1")
                              .end("0 8 * * 1")
                              .build()
                        )
                      )
                    ))
                    .behavior(ScalingBehavior.oneAtATime(
                      OneAtATimeOptions.builder()
                          .scaleUpEvery(Duration.seconds(60))
                          .scaleDownEvery(Duration.seconds(120))
                          .scaleDownBelowRatio(0.5)
                          .build()
                    ))
                    .build()
              ))
              .build())
          .build()
    );

    // A pool follows its queue and the API server before it.
    var search = new BentoDeployment(
      chart,
      "TextSearch",
      BentoDeploymentProps.builder()
          .bento(Bento.fromFile(
            "examples/bentos/text-search",
            BentoFromFileOptions.builder().image("registry.example.com/text-search:3auspqat6smdonry").build()
          ))
          .env(List.of(
            EnvVar.fromSecret(
              "API_KEY",
              EnvVarFromSecretOptions.builder().secret(SecretRef.named("text-search")).key("api-key").build()
            )
          ))
          .apiServer(ScaledComponentOptions.builder()
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(20)
                    .behavior(ScalingBehavior.bentoCloud(
                      BentoCloudBehaviorOptions.builder()
                          .scaleUp(ScalingSpeed.FAST)
                          .scaleDown(ScalingSpeed.STABLE)
                          .build()
                    ))
                    .build()
              ))
              .build())
          .runners(Map.of(
            "Embedder", Runner.pool(
              RunnerPoolOptions.builder()
                  .scaling(Scaling.auto(
                    AutoScalingOptions.builder()
                        .minReplicas(2)
                        .maxReplicas(12)
                        .metrics(List.of(
                          ScalingMetric.queueLength(
                            2,
                            QueueLengthMetricOptions.builder().inService(4).build()
                          ),
                          ScalingMetric.ofApiServer(ScalingMetric.requestRate(30)),
                          ScalingMetric.apiServerReplicas(3)
                        ))
                        .behavior(ScalingBehavior.neverScaleDown())
                        .build()
                  ))
                  .build()
            )
          ))
          .build()
    );
    for (Requirement requirement : search.getRequirements()) {
      report.text("requirement", requirement.toString());
    }

    new BentoDeployment(
      chart,
      "Fixed",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/fixed:1.0.0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named(
                    "Api",
                    BentoServiceOptions.builder()
                        .dependsOn(List.of("Model"))
                        .size(InstanceSize.named("cpu.1"))
                        .build()
                  ),
                  BentoService.named(
                    "Model",
                    BentoServiceOptions.builder().size(InstanceSize.named("gpu.l4.1")).build()
                  )
                ))
                .build()
          ))
          .apiServer(ScaledComponentOptions.builder().scaling(Scaling.unmanaged()).build())
          .runners(Map.of(
            "Model", Runner.pool(RunnerPoolOptions.builder().scaling(Scaling.replicas(2)).build())
          ))
          .build()
    );
    new BentoDeployment(
      chart,
      "Still",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/still:1.0.0",
            BentoFromImageOptions.builder().bentoService("Still").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.1"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(4)
                    .behavior(ScalingBehavior.bentoCloud(
                      BentoCloudBehaviorOptions.builder()
                          .scaleUp(ScalingSpeed.STABLE)
                          .scaleDown(ScalingSpeed.DISABLED)
                          .build()
                    ))
                    .build()
              ))
              .build())
          .build()
    );
  }
}
