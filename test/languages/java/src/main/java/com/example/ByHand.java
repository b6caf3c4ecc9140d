package com.example;

import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.ExposureBinding;
import io.github.cdk8sbento.ExposureTarget;
import io.github.cdk8sbento.IExposure;
import io.github.cdk8sbento.INodePool;
import io.github.cdk8sbento.IRunnerPool;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.LoadBalancerKind;
import io.github.cdk8sbento.NetworkLoadBalancerOptions;
import io.github.cdk8sbento.NetworkPeer;
import io.github.cdk8sbento.NodePoolBinding;
import io.github.cdk8sbento.PodsPeerOptions;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerCaller;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.StageEnd;
import io.github.cdk8sbento.Taint;
import io.github.cdk8sbento.TaintEffect;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import software.constructs.Construct;

/**
 * What each language does in its own way, so that this part is written by hand: interfaces that users implement, enums
 * that are compared.
 */
final class ByHand {
  private ByHand() {}

  static final class Tunnel implements IExposure {
    private final String host;
    private final Report report;

    Tunnel(String host, Report report) {
      this.host = host;
      this.report = report;
    }

    @Override
    public ExposureBinding bind(Construct scope, ExposureTarget target) {
      report.text("name", target.getName());
      report.text("namespace", target.getNamespace());
      report.text("service", target.getServiceName());
      report.number("port", target.getPort());
      report.number("container port", target.getContainerPort());
      report.map("selector", target.getPodSelector());
      report.text("health", target.getHealthPath());
      report.duration("timeout", target.getRequestTimeout());
      report.duration("keep-alive", target.getKeepAlive());
      report.duration("removal", target.getEndpointRemoval());
      var labels = Map.of("app", "tunnel-" + target.getName());
      return ExposureBinding.builder()
          .hosts(List.of(host))
          .peers(List.of(NetworkPeer.pods(PodsPeerOptions.builder().namespace("tunnel").labels(labels).build())))
          .requestTimeout(Duration.seconds(target.getRequestTimeout().toSeconds().intValue() + 5))
          .connectionIdleTimeout(Duration.seconds(60))
          .build();
    }
  }

  static final class PoolElsewhere implements IRunnerPool {
    private final Report report;

    PoolElsewhere(Report report) {
      this.report = report;
    }

    @Override
    public String getBentoService() {
      return "Model";
    }

    @Override
    public String getUrl() {
      return "http://model.elsewhere.svc:3000";
    }

    @Override
    public Duration getTimeout() {
      return Duration.seconds(20);
    }

    @Override
    public void registerCaller(RunnerCaller caller) {
      report.text("caller", caller.getName());
      report.text("namespace", caller.getNamespace());
      report.map("labels", caller.getPodLabels());
    }
  }

  static final class Rack implements INodePool {
    private final String row;

    Rack(String row) {
      this.row = row;
    }

    @Override
    public NodePoolBinding bindPods() {
      return NodePoolBinding.builder().name("rack").nodeLabels(Map.of("rack", "a", "row", row)).build();
    }
  }

  static void run(App app, Report report) {
    var chart = new Chart(app, "custom", ChartProps.builder().namespace("custom").build());
    ClusterProfile.set(
        chart,
        new ClusterProfile(
            ClusterProfileProps.builder()
                .name("custom")
                .loadBalancerCidrs(List.of("10.0.0.0/20"))
                .build()));
    var pool = new PoolElsewhere(report);
    var services =
        List.of(
            BentoService.named("Api", BentoServiceOptions.builder().dependsOn(List.of("Model")).build()),
            BentoService.named("Model"));
    var chat =
        new BentoDeployment(
            chart,
            "Chat",
            BentoDeploymentProps.builder()
                .bento(
                    Bento.fromImage(
                        "registry.example.com/chat:1.0.0",
                        BentoFromImageOptions.builder().services(services).build()))
                .apiServer(
                    ScaledComponentOptions.builder()
                        .size(InstanceSize.named("cpu.1"))
                        .nodePool(new Rack("7"))
                        .build())
                .runners(Map.of("Model", Runner.shared(pool)))
                .exposure(
                    Exposure.several(
                        Map.of(
                            "tunnel", Exposure.custom(new Tunnel("chat.example.com", report)),
                            "inside", Exposure.inCluster())))
                .build());
    report.text("url", chat.getUrl());
    for (var stage : chat.getReleasePlan().getStages()) {
      report.flag("by time", stage.getEndsBy() == StageEnd.TIME);
      report.flag("by pods", stage.getEndsBy() == StageEnd.PODS);
      report.flag("by gates", stage.getEndsBy() == StageEnd.GATES);
      report.flag("by a human", stage.getEndsBy() == StageEnd.HUMAN);
      report.flag("by an edit", stage.getEndsBy() == StageEnd.EDIT);
    }
    var web =
        new BentoDeployment(
            chart,
            "Web",
            BentoDeploymentProps.builder()
                .bento(
                    Bento.fromImage(
                        "registry.example.com/web:1.0.0",
                        BentoFromImageOptions.builder().bentoService("Web").build()))
                .apiServer(ScaledComponentOptions.builder().size(InstanceSize.named("cpu.1")).build())
                .exposure(
                    Exposure.networkLoadBalancer(
                        NetworkLoadBalancerOptions.builder().targetGroupName("web").build()))
                .build());
    var kind = web.getEndpoint().getLoadBalancer();
    report.flag("network", kind == LoadBalancerKind.NETWORK);
    report.flag("application", kind == LoadBalancerKind.APPLICATION);
    report.flag("taint", Taint.noSchedule("rack", "a").getEffect() == TaintEffect.NO_SCHEDULE);
  }
}
