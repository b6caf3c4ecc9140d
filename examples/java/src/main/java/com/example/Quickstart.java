package com.example;

import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoFromFileOptions;
import io.github.cdk8sbento.EnvVar;
import io.github.cdk8sbento.EnvVarFromSecretOptions;
import io.github.cdk8sbento.SecretRef;
import java.util.List;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;

/** The quickstart in Java: mvn -f examples/java compile exec:java, and dist/ has the manifests. */
public final class Quickstart {
  private Quickstart() {}

  public static void main(String[] args) {
    var app = new App();
    var chart = new Chart(app, "text-search", ChartProps.builder().namespace("ml").build());

    var image = BentoFromFileOptions.builder().image("registry.example.com/text-search:3auspqat6smdonry").build();
    var key = EnvVarFromSecretOptions.builder().secret(SecretRef.named("text-search")).key("api-key").build();
    BentoDeployment.Builder.create(chart, "TextSearch")
        .bento(Bento.fromFile("examples/bentos/text-search", image))
        .env(List.of(EnvVar.fromSecret("API_KEY", key)))
        .build();

    app.synth();
  }
}
