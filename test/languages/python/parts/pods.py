from cdk8s import ApiObjectMetadata, App, Chart, Duration, JsonPatch, Size
from cdk8s_bento import (
    AdoptOptions,
    Affinity,
    Bento,
    BentoDeployment,
    BentoService,
    ClaimRef,
    ClusterProfile,
    ConfigMapRef,
    DrainOptions,
    EnvFrom,
    EnvVar,
    FilledBy,
    Gpu,
    GpuQuota,
    HostAlias,
    InstanceSize,
    LogLevel,
    LogOptions,
    ManifestValidation,
    ModelSource,
    ModelVolume,
    NetworkPeer,
    NodeRequirement,
    OtlpProtocol,
    PodContainer,
    ReadinessOptions,
    ReplicaShare,
    RollingOptions,
    RunState,
    Runner,
    RunnerPool,
    ScaledComponentOptions,
    Scaling,
    SecretRef,
    SecurityOptions,
    ServiceAccountRef,
    ServingNamespace,
    StartupOptions,
    TaintEffect,
    Toleration,
    Tracing,
)
from cdk8s_plus_27 import (
    ConfigMap,
    EnvValue,
    NetworkPolicy,
    NetworkPolicyPort,
    NetworkPolicyRule,
    NetworkPolicyTraffic,
    PersistentVolumeClaim,
    Pods,
    Secret,
    ServiceAccount,
)
from report import Report


def pods(app: App, report: Report) -> None:
    chart = Chart(app, "pods", namespace="pods")
    ClusterProfile.set(chart, ClusterProfile(name="pods", kubernetes_version="1.36"))
    namespace = ServingNamespace(
        chart,
        "Namespace",
        name="pods",
        labels={"team": "search", "cost": "shared"},
        annotations={"owner": "ml", "contact": "ml@example.com"},
        gpu_quotas=[GpuQuota.of(Gpu.NVIDIA_L4, 40), GpuQuota.of(Gpu.AMD_MI300_X, 8)],
        load_balancer_readiness_gate=True,
    )
    report.text("namespace", namespace.name)
    report.text("namespace object", namespace.namespace_object.name)
    report.text("quota", namespace.resource_quota.kind)
    report.number("quota of GPUs", GpuQuota.of(Gpu.NVIDIA_L4, 40).max_gpus)
    report.text("GPU", GpuQuota.of(Gpu.NVIDIA_L4, 40).resource_name)

    # Every option of a pod; what its objects are called is taken over.
    bento = Bento.from_image(
        "registry.example.com/rag:7kq2mzqv6w",
        name="rag",
        version="2026.11.1",
        required_env=["API_KEY", "REGION"],
        services=[
            BentoService.named(
                "Api",
                depends_on=["Embedder", "Llm", "Judge"],
                extra_ports=[9090],
                metrics_namespace="rag",
                path_prefix="/v1",
                routes=["/ask", "/answer"],
                size=InstanceSize.named("cpu.2"),
                timeout=Duration.seconds(90),
                workers=2,
            ),
            BentoService.named(
                "Embedder",
                max_concurrency=32,
                target_concurrency=8,
                timeout=Duration.seconds(20),
            ),
            BentoService.named("Llm", timeout=Duration.seconds(60)),
            BentoService.named("Judge", timeout=Duration.seconds(5)),
        ],
    )
    report.text("bento", bento.name)
    report.text("bento version", bento.version)
    report.text("bento image", bento.image)
    report.text("bento entry", bento.entry_service)
    report.texts("bento services", bento.service_names)

    settings = ConfigMap(
        chart,
        "Settings",
        metadata=ApiObjectMetadata(name="rag-settings"),
        data={"STYLE": "brief"},
    )
    keys = Secret.from_secret_name(chart, "Keys", "rag-keys")
    claim = PersistentVolumeClaim.from_claim_name(chart, "Claim", "rag-weights")
    account = ServiceAccount.from_service_account_name(chart, "Account", "rag-account")
    report.text("variable", EnvVar.value("REGION", "eu-west-1").name)
    report.text("secret", SecretRef.of(keys).name)
    report.text("claim", ClaimRef.of(claim).name)
    report.text("config map", ConfigMapRef.of(settings).name)

    rag = BentoDeployment(
        chart,
        "Rag",
        bento=bento,
        name="rag",
        version_key="main",
        state=RunState.RUNNING,
        env=[
            EnvVar.value("REGION", "eu-west-1"),
            EnvVar.of("MODE", EnvValue.from_value("batch")),
            EnvVar.from_field("NODE", "spec.nodeName"),
            EnvVar.from_secret("API_KEY", secret=SecretRef.of(keys), key="openai", optional=True),
            EnvVar.from_config_map("STYLE", config_map=ConfigMapRef.of(settings), key="STYLE", optional=False),
        ],
        env_from=[
            EnvFrom.config_map(ConfigMapRef.named("defaults"), prefix="DEFAULT_", optional=True),
            EnvFrom.secret(SecretRef.named("tokens")),
        ],
        labels={"team": "search", "app": "rag", "stage": "production"},
        annotations={"example.com/zone": "a", "example.com/owner": "ml"},
        files={"/etc/rag/b.txt": "second", "/etc/rag/a.txt": "first"},
        node_selector={"node.example.com/pool": "gpu", "kubernetes.io/arch": "amd64"},
        image_pull_secrets=[SecretRef.named("registry")],
        service_account=ServiceAccountRef.of(account),
        automount_service_account_token=False,
        priority_class_name="serving",
        runtime_class_name="nvidia",
        security=SecurityOptions(run_as_user=1000, run_as_group=1000, read_only_root_filesystem=True),
        host_aliases=[HostAlias.of("10.0.0.7", ["legacy.example.com", "old.example.com"])],
        tolerations=[
            Toleration.exists("nvidia.com/gpu", effect=TaintEffect.NO_SCHEDULE),
            Toleration.with_value(
                "pool",
                "gpu",
                effect=TaintEffect.NO_EXECUTE,
                evict_after=Duration.minutes(5),
            ),
            Toleration.exists("spot", effect=TaintEffect.PREFER_NO_SCHEDULE),
        ],
        affinity=[
            Affinity.require_nodes(
                [
                    NodeRequirement.one_of("topology.kubernetes.io/zone", ["a", "b"]),
                    NodeRequirement.none_of("node.example.com/kind", ["old"]),
                    NodeRequirement.exists("node.example.com/pool"),
                    NodeRequirement.does_not_exist("node.example.com/drained"),
                    NodeRequirement.greater_than("node.example.com/cores", 8),
                    NodeRequirement.less_than("node.example.com/age", 30),
                ],
            ),
            Affinity.prefer_nodes(10, [NodeRequirement.one_of("node.example.com/disk", ["nvme"])]),
            Affinity.require_pods(
                labels={"app": "cache"},
                namespaces=["cache"],
                topology_key="topology.kubernetes.io/zone",
            ),
            Affinity.prefer_pods(20, labels={"app": "vectors", "tier": "warm"}),
            Affinity.avoid_pods(labels={"app": "noisy"}),
            Affinity.prefer_to_avoid_pods(30, labels={"app": "batch"}),
        ],
        logging=LogOptions(level=LogLevel.INFO, access_log=True, skip_paths=["/ping"]),
        tracing=Tracing.otlp(
            endpoint="http://collector.tracing:4317",
            protocol=OtlpProtocol.GRPC,
            sample_ratio=0.1,
            excluded_paths=["/ping"],
        ),
        init_containers=[
            PodContainer.of(
                "warm",
                "registry.example.com/warm:1.0.0",
                command=["/warm"],
                args=["--all"],
                env=[EnvVar.value("LEVEL", "3")],
                env_from=[EnvFrom.secret(SecretRef.named("tokens"), prefix="T_")],
                size=InstanceSize.named("cpu.1"),
            ),
        ],
        sidecars=[
            PodContainer.of(
                "agent",
                "registry.example.com/agent:1.0.0",
                ports=[8125],
                size=InstanceSize.named("cpu.1"),
            ),
        ],
        api_server=ScaledComponentOptions(
            workers=2,
            service_port=80,
            startup=StartupOptions(
                timeout=Duration.minutes(12),
                image_size=Size.gibibytes(4),
                model_size=Size.gibibytes(2),
                node_start=Duration.minutes(3),
            ),
            readiness=ReadinessOptions(include_dependencies=False),
            drain=DrainOptions(endpoint_removal=Duration.seconds(15), graceful_shutdown=Duration.seconds(95)),
            rolling=RollingOptions(
                max_surge=ReplicaShare.percent(50),
                max_unavailable=ReplicaShare.replicas(0),
                min_ready=Duration.seconds(10),
                progress_deadline=Duration.minutes(40),
                revision_history=5,
            ),
            allow_from=[
                NetworkPeer.namespace("search"),
                NetworkPeer.same_namespace(),
                NetworkPeer.pods(labels={"app": "web", "tier": "edge"}, namespace="web"),
            ],
            allow_to=[NetworkPeer.cidr("10.0.0.0/8")],
            adopt=AdoptOptions(
                workload_name="rag-v1",
                service_name="rag-svc",
                scaler_name="rag-hpa",
                disruption_budget_name="rag-pdb",
                network_policy_name="rag-net",
                selector={"app": "rag", "role": "api"},
            ),
        ),
        runners={
            "Llm": Runner.pool(
                size=InstanceSize.of(
                    cpu_cores=8,
                    cpu_limit_cores=16,
                    memory=Size.gibibytes(64),
                    gpu=Gpu.NVIDIA_A100,
                    gpu_count=2,
                    ephemeral_storage=Size.gibibytes(200),
                    shared_memory=Size.gibibytes(8),
                ),
                scaling=Scaling.replicas(2),
                models=[
                    ModelVolume.download(
                        "llama",
                        source=ModelSource.hugging_face(
                            "meta-llama/Llama-3.1-8B-Instruct",
                            revision="0e9e39f249a16976918f6564b8830bc894c89659",
                            token=SecretRef.named("hugging-face"),
                        ),
                        mount_path="/models/llama",
                        size=Size.gibibytes(40),
                        storage_class_name="efs",
                        filled_by=FilledBy.JOB,
                        download_size=InstanceSize.named("cpu.2"),
                        env=[EnvVar.value("HF_HUB_ENABLE_HF_TRANSFER", "1")],
                        image="registry.example.com/downloader:1.0.0",
                        node_selector={"kubernetes.io/arch": "amd64"},
                        tolerations=[Toleration.exists("batch")],
                    ),
                    ModelVolume.download(
                        "lora",
                        source=ModelSource.s3(
                            "s3://models/lora",
                            credentials=SecretRef.named("s3"),
                            endpoint="https://s3.example.com",
                            region="eu-west-1",
                        ),
                        mount_path="/models/lora",
                        size=Size.gibibytes(2),
                        storage_class_name="efs",
                        filled_by=FilledBy.INIT_CONTAINER,
                    ),
                    ModelVolume.claim(
                        "shared",
                        claim=ClaimRef.named("weights"),
                        mount_path="/models/shared",
                        sub_path="v1",
                    ),
                    ModelVolume.csi(
                        "cached",
                        driver="models.csi.example.com",
                        mount_path="/models/cached",
                        attributes={"model": "x", "cache": "node"},
                    ),
                    ModelVolume.image(
                        "tokens",
                        image="registry.example.com/tokenizer:1.0.0",
                        mount_path="/models/tokens",
                    ),
                    ModelVolume.s3_bucket(
                        "bucket",
                        bucket="models",
                        mount_path="/models/bucket",
                        prefix="llama",
                        region="eu-west-1",
                    ),
                ],
            ),
            "Embedder": Runner.pool(size=InstanceSize.named("gpu.l4.1"), scaling=Scaling.replicas(3)),
            "Judge": Runner.url("http://judge.elsewhere:3000", timeout=Duration.seconds(4)),
        },
    )
    rag.api_server.workload.add_json_patch(JsonPatch.add("/spec/template/spec/hostUsers", False))
    report.text("name", rag.name)
    report.text("entry", rag.api_server.bento_service)
    report.text("url", rag.api_server.url)
    report.number("port", rag.api_server.port)
    report.number("container port", rag.api_server.container_port)
    report.map("selector", rag.api_server.pod_selector)
    report.text("target", rag.api_server.scale_target.kind)
    report.text("target name", rag.api_server.scale_target.name)
    report.text("target version", rag.api_server.scale_target.api_version)
    report.text("service", rag.api_server.service.name)
    report.text("budget", rag.api_server.disruption_budget.name)
    report.text("policy", rag.api_server.network_policy.name)
    report.text("scaler", rag.api_server.scaler.name)
    report.text("component", rag.api_server.name)
    report.text("component namespace", rag.api_server.namespace)
    for pool in rag.runner_pools:
        report.text("pool", pool.bento_service)
        report.text("pool url", pool.url)
        report.text("pool timeout", pool.timeout.to_human_string())
    report.text("pool of", rag.runner_pool("Llm").name)

    # Components are peers of cdk8s-plus-27.
    NetworkPolicy(
        chart,
        "Web",
        metadata=ApiObjectMetadata(name="web"),
        selector=Pods.select(chart, "WebPods", labels={"app": "web"}),
        egress=NetworkPolicyTraffic(
            rules=[
                NetworkPolicyRule(
                    peer=rag.api_server,
                    ports=[NetworkPolicyPort.tcp(rag.api_server.container_port)],
                ),
            ],
        ),
    )

    # Two deployments, one pool; one that is stopped; one that is elsewhere.
    shared = RunnerPool(
        chart,
        "Embedder",
        bento=bento,
        bento_service="Embedder",
        name="shared-embedder",
        state=RunState.RUNNING,
        env=[EnvVar.value("API_KEY", "none"), EnvVar.value("REGION", "eu-west-1")],
        size=InstanceSize.of(cpu_cores=2, memory=Size.gibibytes(4)),
        scaling=Scaling.replicas(2),
        service_account=ServiceAccountRef.created(name="embedder", annotations={"example.com/role": "reader"}),
        tracing=Tracing.zipkin(
            endpoint="http://zipkin.tracing:9411/api/v2/spans",
            sample_ratio=1,
            excluded_paths=["/ping"],
        ),
        logging=LogOptions(level=LogLevel.QUIET),
    )
    for requirement in shared.requirements:
        report.text("requirement of the pool", requirement.name)
        report.text("reason", requirement.reason)
        report.text("version", requirement.version)
    llm = RunnerPool.from_attributes(
        bento_service="Llm",
        url="http://llm.models.svc.cluster.local:3000",
        timeout=Duration.seconds(60),
    )
    report.text("llm", llm.url)
    BentoDeployment(
        chart,
        "Sharing",
        bento=Bento.from_image(
            "registry.example.com/sharing:1.0.0",
            services=[
                BentoService.named("Api", depends_on=["Embedder", "Llm"], size=InstanceSize.named("cpu.1")),
                BentoService.named("Embedder"),
                BentoService.named("Llm"),
            ],
        ),
        service_account=ServiceAccountRef.named("sharing"),
        logging=LogOptions(level=LogLevel.DEBUG),
        tracing=Tracing.otlp(endpoint="http://collector.tracing:4318/v1/traces", protocol=OtlpProtocol.HTTP),
        runners={"Embedder": Runner.shared(shared), "Llm": Runner.shared(llm)},
    )
    BentoDeployment(
        chart,
        "Stopped",
        bento=Bento.from_image("registry.example.com/stopped:1.0.0", bento_service="Stopped"),
        api_server=ScaledComponentOptions(size=InstanceSize.named("cpu.1"), scaling=Scaling.replicas(2)),
        state=RunState.TERMINATED,
    )
    RunnerPool(
        chart,
        "Chain",
        bento=Bento.from_image(
            "registry.example.com/chain:1.0.0",
            services=[
                BentoService.named("Api", depends_on=["Reranker"]),
                BentoService.named("Reranker", depends_on=["Encoder"], timeout=Duration.seconds(10)),
                BentoService.named("Encoder", timeout=Duration.seconds(5)),
            ],
        ),
        bento_service="Reranker",
        size=InstanceSize.named("cpu.1"),
        scaling=Scaling.replicas(2),
        runners={"Encoder": Runner.url("http://encoder:3000")},
    )
    BentoDeployment(
        chart,
        "Tasks",
        bento=Bento.from_image(
            "registry.example.com/tasks:1.0.0",
            services=[BentoService.named("Tasks", has_tasks=True, size=InstanceSize.named("cpu.1"))],
        ),
        api_server=ScaledComponentOptions(scaling=Scaling.replicas(1)),
    )
    report.texts("rules", ManifestValidation.rule_names)
    report.texts(
        "violations",
        ManifestValidation.check_folder("test/golden/quickstart", exclude=["TwoScalers", "BudgetOverlap"]),
    )
