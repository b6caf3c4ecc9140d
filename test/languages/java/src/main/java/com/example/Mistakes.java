package com.example;

import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.ExposureBinding;
import io.github.cdk8sbento.ExposureTarget;
import io.github.cdk8sbento.IExposure;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.NetworkPeer;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.TrafficPolicy;
import java.util.List;
import java.util.Map;
import org.cdk8s.App;
import org.cdk8s.AppProps;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import software.constructs.Construct;

/** Mistakes OUTDIR: mistakes that users make, and how they hear of them. */
final class Mistakes {
  private final String outdir;
  private final Bento bento =
      Bento.fromImage(
          "registry.example.com/rag:1.0.0",
          BentoFromImageOptions.builder()
              .services(
                  List.of(
                      BentoService.named("Rag", BentoServiceOptions.builder().dependsOn(List.of("Embedder")).build()),
                      BentoService.named("Embedder")))
              .build());

  private Mistakes(String outdir) {
    this.outdir = outdir;
  }

  public static void main(String[] args) {
    var mistakes = new Mistakes(args[0]);
    report("bad value", mistakes::badValue);
    report("contradiction", mistakes::contradiction);
    report("bad answer", mistakes::badAnswer);
  }

  private static void report(String name, Runnable mistake) {
    try {
      mistake.run();
    } catch (RuntimeException error) {
      System.out.println("=== " + name + "\n" + error.getClass().getSimpleName() + "\n" + error.getMessage());
    }
  }

  /** Its size has a GPU, and how many replicas there are is not stated. */
  private void badValue() {
    var runners =
        Map.of("Embedder", Runner.pool(RunnerPoolOptions.builder().size(InstanceSize.named("gpu.l4.1")).build()));
    new BentoDeployment(chart(app()), "Rag", BentoDeploymentProps.builder().bento(bento).runners(runners).build());
  }

  /** Found when all is there: the caller gives up before the one it calls. */
  private void contradiction() {
    var app = app();
    new BentoDeployment(
        chart(app),
        "Rag",
        BentoDeploymentProps.builder()
            .bento(bento)
            .apiServer(ScaledComponentOptions.builder().traffic(timeout(30)).build())
            .runners(Map.of("Embedder", Runner.pool(RunnerPoolOptions.builder().traffic(timeout(60)).build())))
            .build());
    app.synth();
  }

  static final class Impatient implements IExposure {
    @Override
    public ExposureBinding bind(Construct scope, ExposureTarget target) {
      return ExposureBinding.builder()
          .peers(List.of(NetworkPeer.namespace("edge")))
          .requestTimeout(Duration.seconds(5))
          .connectionIdleTimeout(Duration.seconds(60))
          .build();
    }
  }

  /** In what the library is told by code of the user's. */
  private void badAnswer() {
    var app = app();
    var exposure = Exposure.custom(new Impatient());
    new BentoDeployment(
        chart(app), "Rag", BentoDeploymentProps.builder().bento(bento).exposure(exposure).build());
    app.synth();
  }

  private static TrafficPolicy timeout(int seconds) {
    return TrafficPolicy.builder().timeout(Duration.seconds(seconds)).build();
  }

  private App app() {
    return new App(AppProps.builder().outdir(outdir).build());
  }

  private static Chart chart(App app) {
    return new Chart(app, "prod", ChartProps.builder().namespace("ml").build());
  }
}
