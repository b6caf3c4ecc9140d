package com.example;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import org.cdk8s.App;
import org.cdk8s.AppProps;

/** Main OUTDIR: the broad app, and what it reads from its objects. */
final class Main {
  private Main() {}

  public static void main(String[] args) throws IOException {
    var app = new App(AppProps.builder().outdir(args[0]).build());
    var report = new Report();
    List<BiConsumer<App, Report>> parts =
        List.of(
            ByHand::run,
            ClustersPart::run,
            ExposurePart::run,
            FunctionsPart::run,
            PlacementPart::run,
            PodsPart::run,
            ReleasesPart::run,
            ScalingPart::run,
            TrafficPart::run);
    for (var part : parts) {
      part.accept(app, report);
    }
    app.synth();
    report.write(Path.of(args[0], "report.txt"));
  }
}
