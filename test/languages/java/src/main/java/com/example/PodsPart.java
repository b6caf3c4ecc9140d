package com.example;

import io.github.cdk8sbento.AdoptOptions;
import io.github.cdk8sbento.Affinity;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.ClaimRef;
import io.github.cdk8sbento.ClaimVolumeOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.ConfigMapRef;
import io.github.cdk8sbento.CreatedServiceAccountOptions;
import io.github.cdk8sbento.CsiVolumeOptions;
import io.github.cdk8sbento.DownloadVolumeOptions;
import io.github.cdk8sbento.DrainOptions;
import io.github.cdk8sbento.EnvFrom;
import io.github.cdk8sbento.EnvFromOptions;
import io.github.cdk8sbento.EnvVar;
import io.github.cdk8sbento.EnvVarFromConfigMapOptions;
import io.github.cdk8sbento.EnvVarFromSecretOptions;
import io.github.cdk8sbento.FilledBy;
import io.github.cdk8sbento.Gpu;
import io.github.cdk8sbento.GpuQuota;
import io.github.cdk8sbento.HostAlias;
import io.github.cdk8sbento.HuggingFaceSourceOptions;
import io.github.cdk8sbento.ImageVolumeOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.InstanceSizeOptions;
import io.github.cdk8sbento.LogLevel;
import io.github.cdk8sbento.LogOptions;
import io.github.cdk8sbento.ManifestValidation;
import io.github.cdk8sbento.ManifestValidationProps;
import io.github.cdk8sbento.ModelSource;
import io.github.cdk8sbento.ModelVolume;
import io.github.cdk8sbento.NetworkPeer;
import io.github.cdk8sbento.NodeRequirement;
import io.github.cdk8sbento.OtlpProtocol;
import io.github.cdk8sbento.OtlpTracingOptions;
import io.github.cdk8sbento.PodAffinityOptions;
import io.github.cdk8sbento.PodContainer;
import io.github.cdk8sbento.PodContainerOptions;
import io.github.cdk8sbento.PodsPeerOptions;
import io.github.cdk8sbento.ReadinessOptions;
import io.github.cdk8sbento.ReplicaShare;
import io.github.cdk8sbento.Requirement;
import io.github.cdk8sbento.RollingOptions;
import io.github.cdk8sbento.RunState;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPool;
import io.github.cdk8sbento.RunnerPoolAttributes;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.RunnerPoolProps;
import io.github.cdk8sbento.RunnerUrlOptions;
import io.github.cdk8sbento.S3BucketVolumeOptions;
import io.github.cdk8sbento.S3SourceOptions;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.SecretRef;
import io.github.cdk8sbento.SecurityOptions;
import io.github.cdk8sbento.ServiceAccountRef;
import io.github.cdk8sbento.ServingNamespace;
import io.github.cdk8sbento.ServingNamespaceProps;
import io.github.cdk8sbento.StartupOptions;
import io.github.cdk8sbento.TaintEffect;
import io.github.cdk8sbento.Toleration;
import io.github.cdk8sbento.TolerationOptions;
import io.github.cdk8sbento.Tracing;
import io.github.cdk8sbento.ZipkinTracingOptions;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObjectMetadata;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.JsonPatch;
import org.cdk8s.Size;
import org.cdk8s.plus27.ConfigMap;
import org.cdk8s.plus27.ConfigMapProps;
import org.cdk8s.plus27.EnvValue;
import org.cdk8s.plus27.NetworkPolicy;
import org.cdk8s.plus27.NetworkPolicyPort;
import org.cdk8s.plus27.NetworkPolicyProps;
import org.cdk8s.plus27.NetworkPolicyRule;
import org.cdk8s.plus27.NetworkPolicyTraffic;
import org.cdk8s.plus27.PersistentVolumeClaim;
import org.cdk8s.plus27.Pods;
import org.cdk8s.plus27.PodsSelectOptions;
import org.cdk8s.plus27.Secret;
import org.cdk8s.plus27.ServiceAccount;

final class PodsPart {
  private PodsPart() {}

  static void run(App app, Report report) {
    var chart = new Chart(app, "pods", ChartProps.builder().namespace("pods").build());
    ClusterProfile.set(
      chart,
      new ClusterProfile(ClusterProfileProps.builder().name("pods").kubernetesVersion("1.36").build())
    );
    var namespace = new ServingNamespace(
      chart,
      "Namespace",
      ServingNamespaceProps.builder()
          .name("pods")
          .labels(Map.of("team", "search", "cost", "shared"))
          .annotations(Map.of("owner", "ml", "contact", "ml@example.com"))
          .gpuQuotas(List.of(GpuQuota.of(Gpu.NVIDIA_L4, 40), GpuQuota.of(Gpu.AMD_MI300_X, 8)))
          .loadBalancerReadinessGate(true)
          .build()
    );
    report.text("namespace", namespace.getName());
    report.text("namespace object", namespace.getNamespaceObject().getName());
    report.text("quota", namespace.getResourceQuota().getKind());
    report.number("quota of GPUs", GpuQuota.of(Gpu.NVIDIA_L4, 40).getMaxGpus());
    report.text("GPU", GpuQuota.of(Gpu.NVIDIA_L4, 40).getResourceName());

    // Every option of a pod; what its objects are called is taken over.
    var bento = Bento.fromImage(
      "registry.example.com/rag:7kq2mzqv6w",
      BentoFromImageOptions.builder()
          .name("rag")
          .version("2026.11.1")
          .requiredEnv(List.of("API_KEY", "REGION"))
          .services(List.of(
            BentoService.named(
              "Api",
              BentoServiceOptions.builder()
                  .dependsOn(List.of("Embedder", "Llm", "Judge"))
                  .extraPorts(List.of(9090))
                  .metricsNamespace("rag")
                  .pathPrefix("/v1")
                  .routes(List.of("/ask", "/answer"))
                  .size(InstanceSize.named("cpu.2"))
                  .timeout(Duration.seconds(90))
                  .workers(2)
                  .build()
            ),
            BentoService.named(
              "Embedder",
              BentoServiceOptions.builder()
                  .maxConcurrency(32)
                  .targetConcurrency(8)
                  .timeout(Duration.seconds(20))
                  .build()
            ),
            BentoService.named("Llm", BentoServiceOptions.builder().timeout(Duration.seconds(60)).build()),
            BentoService.named("Judge", BentoServiceOptions.builder().timeout(Duration.seconds(5)).build())
          ))
          .build()
    );
    report.text("bento", bento.getName());
    report.text("bento version", bento.getVersion());
    report.text("bento image", bento.getImage());
    report.text("bento entry", bento.getEntryService());
    report.texts("bento services", bento.getServiceNames());

    var settings = new ConfigMap(
      chart,
      "Settings",
      ConfigMapProps.builder()
          .metadata(ApiObjectMetadata.builder().name("rag-settings").build())
          .data(Map.of("STYLE", "brief"))
          .build()
    );
    var keys = Secret.fromSecretName(chart, "Keys", "rag-keys");
    var claim = PersistentVolumeClaim.fromClaimName(chart, "Claim", "rag-weights");
    var account = ServiceAccount.fromServiceAccountName(chart, "Account", "rag-account");
    report.text("variable", EnvVar.value("REGION", "eu-west-1").getName());
    report.text("secret", SecretRef.of(keys).getName());
    report.text("claim", ClaimRef.of(claim).getName());
    report.text("config map", ConfigMapRef.of(settings).getName());

    var rag = new BentoDeployment(
      chart,
      "Rag",
      BentoDeploymentProps.builder()
          .bento(bento)
          .name("rag")
          .versionKey("main")
          .state(RunState.RUNNING)
          .env(List.of(
            EnvVar.value("REGION", "eu-west-1"),
            EnvVar.of("MODE", EnvValue.fromValue("batch")),
            EnvVar.fromField("NODE", "spec.nodeName"),
            EnvVar.fromSecret(
              "API_KEY",
              EnvVarFromSecretOptions.builder()
                  .secret(SecretRef.of(keys))
                  .key("openai")
                  .optional(true)
                  .build()
            ),
            EnvVar.fromConfigMap(
              "STYLE",
              EnvVarFromConfigMapOptions.builder()
                  .configMap(ConfigMapRef.of(settings))
                  .key("STYLE")
                  .optional(false)
                  .build()
            )
          ))
          .envFrom(List.of(
            EnvFrom.configMap(
              ConfigMapRef.named("defaults"),
              EnvFromOptions.builder().prefix("DEFAULT_").optional(true).build()
            ),
            EnvFrom.secret(SecretRef.named("tokens"))
          ))
          .labels(Map.of("team", "search", "app", "rag", "stage", "production"))
          .annotations(Map.of("example.com/zone", "a", "example.com/owner", "ml"))
          .files(Map.of("/etc/rag/b.txt", "second", "/etc/rag/a.txt", "first"))
          .nodeSelector(Map.of("node.example.com/pool", "gpu", "kubernetes.io/arch", "amd64"))
          .imagePullSecrets(List.of(SecretRef.named("registry")))
          .serviceAccount(ServiceAccountRef.of(account))
          .automountServiceAccountToken(false)
          .priorityClassName("serving")
          .runtimeClassName("nvidia")
          .security(SecurityOptions.builder()
              .runAsUser(1000)
              .runAsGroup(1000)
              .readOnlyRootFilesystem(true)
              .build())
          .hostAliases(List.of(HostAlias.of("10.0.0.7", List.of("legacy.example.com", "old.example.com"))))
          .tolerations(List.of(
            Toleration.exists(
              "nvidia.com/gpu",
              TolerationOptions.builder().effect(TaintEffect.NO_SCHEDULE).build()
            ),
            Toleration.withValue(
              "pool",
              "gpu",
              TolerationOptions.builder()
                  .effect(TaintEffect.NO_EXECUTE)
                  .evictAfter(Duration.minutes(5))
                  .build()
            ),
            Toleration.exists(
              "spot",
              TolerationOptions.builder().effect(TaintEffect.PREFER_NO_SCHEDULE).build()
            )
          ))
          .affinity(List.of(
            Affinity.requireNodes(
              List.of(
                NodeRequirement.oneOf("topology.kubernetes.io/zone", List.of("a", "b")),
                NodeRequirement.noneOf("node.example.com/kind", List.of("old")),
                NodeRequirement.exists("node.example.com/pool"),
                NodeRequirement.doesNotExist("node.example.com/drained"),
                NodeRequirement.greaterThan("node.example.com/cores", 8),
                NodeRequirement.lessThan("node.example.com/age", 30)
              )
            ),
            Affinity.preferNodes(10, List.of(NodeRequirement.oneOf("node.example.com/disk", List.of("nvme")))),
            Affinity.requirePods(
              PodAffinityOptions.builder()
                  .labels(Map.of("app", "cache"))
                  .namespaces(List.of("cache"))
                  .topologyKey("topology.kubernetes.io/zone")
                  .build()
            ),
            Affinity.preferPods(
              20,
              PodAffinityOptions.builder().labels(Map.of("app", "vectors", "tier", "warm")).build()
            ),
            Affinity.avoidPods(PodAffinityOptions.builder().labels(Map.of("app", "noisy")).build()),
            Affinity.preferToAvoidPods(
              30,
              PodAffinityOptions.builder().labels(Map.of("app", "batch")).build()
            )
          ))
          .logging(LogOptions.builder()
              .level(LogLevel.INFO)
              .accessLog(true)
              .skipPaths(List.of("/ping"))
              .build())
          .tracing(Tracing.otlp(
            OtlpTracingOptions.builder()
                .endpoint("http://collector.tracing:4317")
                .protocol(OtlpProtocol.GRPC)
                .sampleRatio(0.1)
                .excludedPaths(List.of("/ping"))
                .build()
          ))
          .initContainers(List.of(
            PodContainer.of(
              "warm",
              "registry.example.com/warm:1.0.0",
              PodContainerOptions.builder()
                  .command(List.of("/warm"))
                  .args(List.of("--all"))
                  .env(List.of(EnvVar.value("LEVEL", "3")))
                  .envFrom(List.of(
                    EnvFrom.secret(SecretRef.named("tokens"), EnvFromOptions.builder().prefix("T_").build())
                  ))
                  .size(InstanceSize.named("cpu.1"))
                  .build()
            )
          ))
          .sidecars(List.of(
            PodContainer.of(
              "agent",
              "registry.example.com/agent:1.0.0",
              PodContainerOptions.builder().ports(List.of(8125)).size(InstanceSize.named("cpu.1")).build()
            )
          ))
          .apiServer(ScaledComponentOptions.builder()
              .workers(2)
              .servicePort(80)
              .startup(StartupOptions.builder()
                  .timeout(Duration.minutes(12))
                  .imageSize(Size.gibibytes(4))
                  .modelSize(Size.gibibytes(2))
                  .nodeStart(Duration.minutes(3))
                  .build())
              .readiness(ReadinessOptions.builder().includeDependencies(false).build())
              .drain(DrainOptions.builder()
                  .endpointRemoval(Duration.seconds(15))
                  .gracefulShutdown(Duration.seconds(95))
                  .build())
              .rolling(RollingOptions.builder()
                  .maxSurge(ReplicaShare.percent(50))
                  .maxUnavailable(ReplicaShare.replicas(0))
                  .minReady(Duration.seconds(10))
                  .progressDeadline(Duration.minutes(40))
                  .revisionHistory(5)
                  .build())
              .allowFrom(List.of(
                NetworkPeer.namespace("search"),
                NetworkPeer.sameNamespace(),
                NetworkPeer.pods(
                  PodsPeerOptions.builder()
                      .labels(Map.of("app", "web", "tier", "edge"))
                      .namespace("web")
                      .build()
                )
              ))
              .allowTo(List.of(NetworkPeer.cidr("10.0.0.0/8")))
              .adopt(AdoptOptions.builder()
                  .workloadName("rag-v1")
                  .serviceName("rag-svc")
                  .scalerName("rag-hpa")
                  .disruptionBudgetName("rag-pdb")
                  .networkPolicyName("rag-net")
                  .selector(Map.of("app", "rag", "role", "api"))
                  .build())
              .build())
          .runners(Map.of(
            "Llm", Runner.pool(
              RunnerPoolOptions.builder()
                  .size(InstanceSize.of(
                    InstanceSizeOptions.builder()
                        .cpuCores(8)
                        .cpuLimitCores(16)
                        .memory(Size.gibibytes(64))
                        .gpu(Gpu.NVIDIA_A100)
                        .gpuCount(2)
                        .ephemeralStorage(Size.gibibytes(200))
                        .sharedMemory(Size.gibibytes(8))
                        .build()
                  ))
                  .scaling(Scaling.replicas(2))
                  .models(List.of(
                    ModelVolume.download(
                      "llama",
                      DownloadVolumeOptions.builder()
                          .source(ModelSource.huggingFace(
                            "meta-llama/Llama-3.1-8B-Instruct",
                            HuggingFaceSourceOptions.builder()
                                .revision("0e9e39f249a16976918f6564b8830bc894c89659")
                                .token(SecretRef.named("hugging-face"))
                                .build()
                          ))
                          .mountPath("/models/llama")
                          .size(Size.gibibytes(40))
                          .storageClassName("efs")
                          .filledBy(FilledBy.JOB)
                          .downloadSize(InstanceSize.named("cpu.2"))
                          .env(List.of(EnvVar.value("HF_HUB_ENABLE_HF_TRANSFER", "1")))
                          .image("registry.example.com/downloader:1.0.0")
                          .nodeSelector(Map.of("kubernetes.io/arch", "amd64"))
                          .tolerations(List.of(Toleration.exists("batch")))
                          .build()
                    ),
                    ModelVolume.download(
                      "lora",
                      DownloadVolumeOptions.builder()
                          .source(ModelSource.s3(
                            "s3://models/lora",
                            S3SourceOptions.builder()
                                .credentials(SecretRef.named("s3"))
                                .endpoint("https://s3.example.com")
                                .region("eu-west-1")
                                .build()
                          ))
                          .mountPath("/models/lora")
                          .size(Size.gibibytes(2))
                          .storageClassName("efs")
                          .filledBy(FilledBy.INIT_CONTAINER)
                          .build()
                    ),
                    ModelVolume.claim(
                      "shared",
                      ClaimVolumeOptions.builder()
                          .claim(ClaimRef.named("weights"))
                          .mountPath("/models/shared")
                          .subPath("v1")
                          .build()
                    ),
                    ModelVolume.csi(
                      "cached",
                      CsiVolumeOptions.builder()
                          .driver("models.csi.example.com")
                          .mountPath("/models/cached")
                          .attributes(Map.of("model", "x", "cache", "node"))
                          .build()
                    ),
                    ModelVolume.image(
                      "tokens",
                      ImageVolumeOptions.builder()
                          .image("registry.example.com/tokenizer:1.0.0")
                          .mountPath("/models/tokens")
                          .build()
                    ),
                    ModelVolume.s3Bucket(
                      "bucket",
                      S3BucketVolumeOptions.builder()
                          .bucket("models")
                          .mountPath("/models/bucket")
                          .prefix("llama")
                          .region("eu-west-1")
                          .build()
                    )
                  ))
                  .build()
            ),
            "Embedder", Runner.pool(
              RunnerPoolOptions.builder()
                  .size(InstanceSize.named("gpu.l4.1"))
                  .scaling(Scaling.replicas(3))
                  .build()
            ),
            "Judge", Runner.url(
              "http://judge.elsewhere:3000",
              RunnerUrlOptions.builder().timeout(Duration.seconds(4)).build()
            )
          ))
          .build()
    );
    rag.getApiServer().getWorkload().addJsonPatch(JsonPatch.add("/spec/template/spec/hostUsers", false));
    report.text("name", rag.getName());
    report.text("entry", rag.getApiServer().getBentoService());
    report.text("url", rag.getApiServer().getUrl());
    report.number("port", rag.getApiServer().getPort());
    report.number("container port", rag.getApiServer().getContainerPort());
    report.map("selector", rag.getApiServer().getPodSelector());
    report.text("target", rag.getApiServer().getScaleTarget().getKind());
    report.text("target name", rag.getApiServer().getScaleTarget().getName());
    report.text("target version", rag.getApiServer().getScaleTarget().getApiVersion());
    report.text("service", rag.getApiServer().getService().getName());
    report.text("budget", rag.getApiServer().getDisruptionBudget().getName());
    report.text("policy", rag.getApiServer().getNetworkPolicy().getName());
    report.text("scaler", rag.getApiServer().getScaler().getName());
    report.text("component", rag.getApiServer().getName());
    report.text("component namespace", rag.getApiServer().getNamespace());
    for (RunnerPool pool : rag.getRunnerPools()) {
      report.text("pool", pool.getBentoService());
      report.text("pool url", pool.getUrl());
      report.text("pool timeout", pool.getTimeout().toHumanString());
    }
    report.text("pool of", rag.runnerPool("Llm").getName());

    // Components are peers of cdk8s-plus-27.
    new NetworkPolicy(
      chart,
      "Web",
      NetworkPolicyProps.builder()
          .metadata(ApiObjectMetadata.builder().name("web").build())
          .selector(Pods.select(
            chart,
            "WebPods",
            PodsSelectOptions.builder().labels(Map.of("app", "web")).build()
          ))
          .egress(NetworkPolicyTraffic.builder()
              .rules(List.of(
                NetworkPolicyRule.builder()
                    .peer(rag.getApiServer())
                    .ports(List.of(NetworkPolicyPort.tcp(rag.getApiServer().getContainerPort())))
                    .build()
              ))
              .build())
          .build()
    );

    // Two deployments, one pool; one that is stopped; one that is elsewhere.
    var shared = new RunnerPool(
      chart,
      "Embedder",
      RunnerPoolProps.builder()
          .bento(bento)
          .bentoService("Embedder")
          .name("shared-embedder")
          .state(RunState.RUNNING)
          .env(List.of(EnvVar.value("API_KEY", "none"), EnvVar.value("REGION", "eu-west-1")))
          .size(InstanceSize.of(InstanceSizeOptions.builder().cpuCores(2).memory(Size.gibibytes(4)).build()))
          .scaling(Scaling.replicas(2))
          .serviceAccount(ServiceAccountRef.created(
            CreatedServiceAccountOptions.builder()
                .name("embedder")
                .annotations(Map.of("example.com/role", "reader"))
                .build()
          ))
          .tracing(Tracing.zipkin(
            ZipkinTracingOptions.builder()
                .endpoint("http://zipkin.tracing:9411/api/v2/spans")
                .sampleRatio(1)
                .excludedPaths(List.of("/ping"))
                .build()
          ))
          .logging(LogOptions.builder().level(LogLevel.QUIET).build())
          .build()
    );
    for (Requirement requirement : shared.getRequirements()) {
      report.text("requirement of the pool", requirement.getName());
      report.text("reason", requirement.getReason());
      report.text("version", requirement.getVersion());
    }
    var llm = RunnerPool.fromAttributes(
      RunnerPoolAttributes.builder()
          .bentoService("Llm")
          .url("http://llm.models.svc.cluster.local:3000")
          .timeout(Duration.seconds(60))
          .build()
    );
    report.text("llm", llm.getUrl());
    new BentoDeployment(
      chart,
      "Sharing",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/sharing:1.0.0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named(
                    "Api",
                    BentoServiceOptions.builder()
                        .dependsOn(List.of("Embedder", "Llm"))
                        .size(InstanceSize.named("cpu.1"))
                        .build()
                  ),
                  BentoService.named("Embedder"),
                  BentoService.named("Llm")
                ))
                .build()
          ))
          .serviceAccount(ServiceAccountRef.named("sharing"))
          .logging(LogOptions.builder().level(LogLevel.DEBUG).build())
          .tracing(Tracing.otlp(
            OtlpTracingOptions.builder()
                .endpoint("http://collector.tracing:4318/v1/traces")
                .protocol(OtlpProtocol.HTTP)
                .build()
          ))
          .runners(Map.of("Embedder", Runner.shared(shared), "Llm", Runner.shared(llm)))
          .build()
    );
    new BentoDeployment(
      chart,
      "Stopped",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/stopped:1.0.0",
            BentoFromImageOptions.builder().bentoService("Stopped").build()
          ))
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.1"))
              .scaling(Scaling.replicas(2))
              .build())
          .state(RunState.TERMINATED)
          .build()
    );
    new RunnerPool(
      chart,
      "Chain",
      RunnerPoolProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/chain:1.0.0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named(
                    "Api",
                    BentoServiceOptions.builder().dependsOn(List.of("Reranker")).build()
                  ),
                  BentoService.named(
                    "Reranker",
                    BentoServiceOptions.builder()
                        .dependsOn(List.of("Encoder"))
                        .timeout(Duration.seconds(10))
                        .build()
                  ),
                  BentoService.named(
                    "Encoder",
                    BentoServiceOptions.builder().timeout(Duration.seconds(5)).build()
                  )
                ))
                .build()
          ))
          .bentoService("Reranker")
          .size(InstanceSize.named("cpu.1"))
          .scaling(Scaling.replicas(2))
          .runners(Map.of("Encoder", Runner.url("http://encoder:3000")))
          .build()
    );
    new BentoDeployment(
      chart,
      "Tasks",
      BentoDeploymentProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/tasks:1.0.0",
            BentoFromImageOptions.builder()
                .services(List.of(
                  BentoService.named(
                    "Tasks",
                    BentoServiceOptions.builder().hasTasks(true).size(InstanceSize.named("cpu.1")).build()
                  )
                ))
                .build()
          ))
          .apiServer(ScaledComponentOptions.builder().scaling(Scaling.replicas(1)).build())
          .build()
    );
    report.texts("rules", ManifestValidation.getRuleNames());
    report.texts(
      "violations",
      ManifestValidation.checkFolder(
        "test/golden/quickstart",
        ManifestValidationProps.builder().exclude(List.of("TwoScalers", "BudgetOverlap")).build()
      )
    );
  }
}
