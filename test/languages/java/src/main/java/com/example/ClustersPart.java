package com.example;

import io.github.cdk8sbento.ArgoRolloutsOptions;
import io.github.cdk8sbento.AutoScalingOptions;
import io.github.cdk8sbento.AwsAuthenticationOptions;
import io.github.cdk8sbento.BasicAuthenticationOptions;
import io.github.cdk8sbento.BearerTokenOptions;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.EnvoyGatewayOptions;
import io.github.cdk8sbento.Gateway;
import io.github.cdk8sbento.GatewayApiPluginOptions;
import io.github.cdk8sbento.Gpu;
import io.github.cdk8sbento.GpuOptions;
import io.github.cdk8sbento.HeaderAuthenticationOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.InstanceSizeOptions;
import io.github.cdk8sbento.KedaOptions;
import io.github.cdk8sbento.PrometheusAuthentication;
import io.github.cdk8sbento.PrometheusOptions;
import io.github.cdk8sbento.Region;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.ScalingMetric;
import io.github.cdk8sbento.SecretRef;
import io.github.cdk8sbento.StandardGatewayOptions;
import io.github.cdk8sbento.TriggerAuthenticationRef;
import io.github.cdk8sbento.Warnings;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.Size;

// One cluster each, with what a profile can say.
final class ClustersPart {
  private ClustersPart() {}

  static void run(App app, Report report) {
    var bento = Bento.fromImage(
      "registry.example.com/summarizer:1.0.0",
      BentoFromImageOptions.builder().bentoService("Summarizer").build()
    );

    var basic = new Chart(app, "basic", ChartProps.builder().namespace("basic").build());
    ClusterProfile.set(
      basic,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("basic")
            .region(Region.aws("eu-west-1"))
            .kubernetesVersion("1.36")
            .clusterDomain("cluster.example")
            .namespace("basic")
            .dnsTtl(Duration.seconds(10))
            .envoyImage("registry.example.com/envoy:v1.39.3")
            .loadBalancerCidrs(List.of("10.0.0.0/20", "10.0.16.0/20"))
            .keda(KedaOptions.builder().version("2.20").build())
            .argoRollouts(ArgoRolloutsOptions.builder()
                .version("1.9")
                .gatewayApiPlugin(GatewayApiPluginOptions.builder().version("0.15").build())
                .build())
            .gateway(Gateway.standard(
              StandardGatewayOptions.builder()
                  .name("public")
                  .namespace("gateways")
                  .clientIdleTimeout(Duration.minutes(5))
                  .httpListener("http")
                  .httpsListener("https")
                  .dataPlaneNamespace("gateways")
                  .dataPlaneLabels(Map.of("app", "gateway", "role", "proxy"))
                  .build()
            ))
            .prometheus(PrometheusOptions.builder()
                .address("https://prometheus.example.com")
                .namespace("monitoring")
                .podLabels(Map.of("app", "prometheus", "shard", "0"))
                .operatorLabels(Map.of("release", "prometheus", "team", "platform"))
                .queryLabels(Map.of("cluster", "basic", "region", "eu-west-1"))
                .headers(Map.of("X-Scope-OrgID", "ml", "X-Team", "search"))
                .scrapeInterval(Duration.seconds(15))
                .authentication(PrometheusAuthentication.basic(
                  BasicAuthenticationOptions.builder()
                      .secret(SecretRef.named("prometheus"))
                      .usernameKey("user")
                      .passwordKey("password")
                      .build()
                ))
                .build())
            .build()
      )
    );
    new BentoDeployment(
      basic,
      "Summarizer",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(4)
                    .metrics(List.of(ScalingMetric.concurrency(8)))
                    .build()
              ))
              .build())
          .build()
    );
    var profile = ClusterProfile.of(basic);
    report.text("cluster", profile.getName());
    report.text("kubernetes", profile.getKubernetesVersion());
    report.text("domain", profile.getClusterDomain());
    report.text("namespace", profile.getNamespace());
    report.text("region", profile.getRegion().getName());
    report.text("gateway", profile.getGateway().getName());
    report.text("gateway namespace", profile.getGateway().getNamespace());

    var bearer = new Chart(app, "bearer", ChartProps.builder().namespace("bearer").build());
    ClusterProfile.set(
      bearer,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("bearer")
            .region(Region.named("berlin-1"))
            .keda(KedaOptions.builder().version("2.20").build())
            .gateway(Gateway.envoyGateway(
              EnvoyGatewayOptions.builder()
                  .name("public")
                  .namespace("gateways")
                  .dataPlaneNamespace("envoy-gateway-system")
                  .proxies(3)
                  .version("1.9")
                  .build()
            ))
            .prometheus(PrometheusOptions.builder()
                .address("https://prometheus.example.com")
                .operatorLabels(Map.of("release", "prometheus"))
                .authentication(PrometheusAuthentication.bearerToken(
                  BearerTokenOptions.builder().secret(SecretRef.named("token")).key("jwt").build()
                ))
                .build())
            .build()
      )
    );
    new BentoDeployment(
      bearer,
      "Summarizer",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(4)
                    .metrics(List.of(ScalingMetric.concurrency(8)))
                    .build()
              ))
              .build())
          .build()
    );

    var header = new Chart(app, "header", ChartProps.builder().namespace("header").build());
    ClusterProfile.set(
      header,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("header")
            .keda(KedaOptions.builder().version("2.20").build())
            .prometheus(PrometheusOptions.builder()
                .address("https://prometheus.example.com")
                .operatorLabels(Map.of("release", "prometheus"))
                .authentication(PrometheusAuthentication.header(
                  HeaderAuthenticationOptions.builder()
                      .secret(SecretRef.named("header"))
                      .nameKey("name")
                      .valueKey("value")
                      .build()
                ))
                .build())
            .build()
      )
    );
    new BentoDeployment(
      header,
      "Summarizer",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(4)
                    .metrics(List.of(ScalingMetric.concurrency(8)))
                    .build()
              ))
              .build())
          .build()
    );

    var managed = new Chart(app, "managed", ChartProps.builder().namespace("managed").build());
    ClusterProfile.set(
      managed,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("managed")
            .keda(KedaOptions.builder().version("2.20").build())
            .prometheus(PrometheusOptions.builder()
                .address("https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1")
                .operatorLabels(Map.of("release", "prometheus"))
                .authentication(PrometheusAuthentication.aws(
                  AwsAuthenticationOptions.builder().region("eu-west-1").build()
                ))
                .build())
            .build()
      )
    );
    new BentoDeployment(
      managed,
      "Summarizer",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(4)
                    .metrics(List.of(ScalingMetric.concurrency(8)))
                    .build()
              ))
              .build())
          .build()
    );

    var trigger = new Chart(app, "trigger", ChartProps.builder().namespace("trigger").build());
    ClusterProfile.set(
      trigger,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("trigger")
            .keda(KedaOptions.builder().version("2.20").build())
            .prometheus(PrometheusOptions.builder()
                .address("https://prometheus.example.com")
                .operatorLabels(Map.of("release", "prometheus"))
                .authentication(PrometheusAuthentication.triggerAuthentication(
                  TriggerAuthenticationRef.named("prometheus")
                ))
                .build())
            .build()
      )
    );
    report.text("authentication", TriggerAuthenticationRef.named("prometheus").getName());
    new BentoDeployment(
      trigger,
      "Summarizer",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .scaling(Scaling.auto(
                AutoScalingOptions.builder()
                    .maxReplicas(4)
                    .metrics(List.of(ScalingMetric.concurrency(8)))
                    .build()
              ))
              .build())
          .build()
    );

    // Constants, and a GPU of one's own.
    report.text("GPU", Gpu.AMD_MI300_X.getResourceName());
    report.text("GPU", Gpu.AMD_MI325_X.getName());
    report.text("GPU", Gpu.AMD_MI355_X.getName());
    report.text("GPU", Gpu.AWS_INFERENTIA2.getName());
    report.text("GPU", Gpu.AWS_TRAINIUM.getResourceName());
    report.text("GPU", Gpu.AWS_TRAINIUM2.getName());
    report.text("GPU", Gpu.NVIDIA_A100.getName());
    report.text("GPU", Gpu.NVIDIA_A100_80_GB.getName());
    report.text("GPU", Gpu.NVIDIA_A10_G.getResourceName());
    report.text("GPU", Gpu.NVIDIA_B200.getName());
    report.text("GPU", Gpu.NVIDIA_H100.getName());
    report.text("GPU", Gpu.NVIDIA_H200.getName());
    report.text("GPU", Gpu.NVIDIA_L4.getResourceName());
    report.text("GPU", Gpu.NVIDIA_L40_S.getName());
    report.text("GPU", Gpu.NVIDIA_RTX_PRO_6000.getName());
    report.text("GPU", Gpu.NVIDIA_T4.getName());
    report.text("GPU", Gpu.NVIDIA_V100.getResourceName());
    report.number("H100 per node", Gpu.NVIDIA_H100.getMaxPerNode());
    var gpus = new Chart(app, "gpus", ChartProps.builder().namespace("gpus").build());
    ClusterProfile.set(gpus, new ClusterProfile(ClusterProfileProps.builder().name("gpus").build()));
    var own = new BentoDeployment(
      gpus,
      "Own",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.of(
                InstanceSizeOptions.builder()
                    .cpuCores(2)
                    .memory(Size.gibibytes(8))
                    .gpu(Gpu.of(
                      GpuOptions.builder()
                          .name("shared-l4")
                          .resourceName("nvidia.com/gpu.shared")
                          .maxPerNode(4)
                          .build()
                    ))
                    .build()
              ))
              .scaling(Scaling.replicas(1))
              .build())
          .build()
    );
    report.texts("warnings", Warnings.of(own));
    Warnings.acknowledge(own, "SingleReplica");
  }
}
