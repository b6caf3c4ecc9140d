from cdk8s import App, Chart, Duration
from cdk8s_bento import (
    ArgoRolloutsOptions,
    Bento,
    BentoDeployment,
    BentoService,
    CanaryStep,
    ClusterProfile,
    Color,
    EnvVar,
    ErrorKind,
    Exposure,
    Gate,
    Gateway,
    GatewayApiPluginOptions,
    InstanceSize,
    KedaOptions,
    NoData,
    PrometheusOptions,
    Promotion,
    Release,
    ReleaseCapacity,
    ReplicaShare,
    RequestMatch,
    RollingOptions,
    RollingPreset,
    Runner,
    ScaledComponentOptions,
    Scaling,
    ScalingMetric,
    SecretRef,
    ServiceAccountRef,
    SplitRouter,
    StickyKey,
    Tls,
    TrafficPolicy,
    Version,
    Warnings,
    WebhookHeader,
    WebhookMethod,
)
from report import Report


def releases(app: App, report: Report) -> None:
    chart = Chart(app, "releases", namespace="releases")
    ClusterProfile.set(
        chart,
        ClusterProfile(
            name="releases",
            kubernetes_version="1.36",
            argo_rollouts=ArgoRolloutsOptions(gateway_api_plugin=GatewayApiPluginOptions()),
            gateway=Gateway.envoy_gateway(name="public", namespace="gateways", proxies=2),
            keda=KedaOptions(version="2.20"),
            prometheus=PrometheusOptions(
                address="http://prometheus-operated.monitoring:9090",
                operator_labels={"release": "kube-prometheus-stack"},
            ),
        ),
    )
    size = InstanceSize.named("cpu.2")

    # A canary, and every gate.
    rag = BentoDeployment(
        chart,
        "Rag",
        bento=Bento.from_image("registry.example.com/rag:3-2-0", bento_service="Rag"),
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.auto(min_replicas=3, max_replicas=20, metrics=[ScalingMetric.request_rate(50)]),
            traffic=TrafficPolicy(timeout=Duration.seconds(30), max_concurrency=64),
        ),
        exposure=Exposure.gateway(hosts=["rag.example.com"], tls=Tls.secret(SecretRef.named("rag-tls"))),
        release=Release.canary(
            previous=Version.of(
                bento=Bento.from_image("registry.example.com/rag:3-1-4", bento_service="Rag"),
                version_key="v3-1-4",
            ),
            min_ready=Duration.seconds(10),
            progress_deadline=Duration.minutes(40),
            revision_history=5,
            scale_down_delay=Duration.minutes(2),
            abort_scale_down_delay=Duration.minutes(3),
            steps=[
                CanaryStep.header_route("x-version", "next", until_promoted=True, replicas=2),
                CanaryStep.weight(10, pause=Duration.minutes(5)),
                CanaryStep.pause(Duration.minutes(1)),
                CanaryStep.weight(50, pause=Duration.minutes(10)),
                CanaryStep.until_promoted(),
            ],
            gates=[
                Gate.latency_relative_to_stable(
                    max_ratio=1.1,
                    percentile=95,
                    window=Duration.minutes(2),
                    min_requests=20,
                    interval=Duration.seconds(30),
                    failure_limit=2,
                    patience=4,
                    no_data=NoData.PAUSE,
                ),
                Gate.error_rate_relative_to_stable(
                    max_ratio=1.5,
                    min_error_rate=0.001,
                    error_kind=ErrorKind.ERRORS,
                ),
                Gate.prometheus_query(
                    name="answers",
                    query="avg(rag_answer_quality)",
                    min=0.8,
                    max=1,
                    initial_delay=Duration.minutes(1),
                ),
                Gate.webhook(
                    name="judge",
                    url="https://judge.example.com/rag",
                    json_path="{$.verdict}",
                    success_value="good",
                    failure_value="bad",
                    method=WebhookMethod.POST,
                    body="{\"version\":\"next\"}",
                    timeout=Duration.seconds(10),
                    headers=[
                        WebhookHeader.value("x-team", "search"),
                        WebhookHeader.from_secret(
                            "authorization",
                            secret=SecretRef.named("judge"),
                            key="token",
                        ),
                    ],
                ),
                Gate.template("house-rules", cluster_scope=True, args={"severity": "page", "app": "rag"}),
            ],
            background_gates=[Gate.saturation(max_ratio=0.9, no_data=NoData.ABORT)],
        ),
        release_capacity=ReleaseCapacity(max_pods=60),
    )
    report.text("plan", rag.release_plan.to_markdown())
    report.text("gantt", rag.release_plan.to_mermaid())
    for stage in rag.release_plan.stages:
        report.text("stage", stage.name)
        report.text("component", stage.component)
        report.text("action", stage.action)
        report.text("end", stage.end)
        report.duration("duration", stage.duration)
        report.text("on failure", stage.on_failure)
        report.texts("gates", stage.gates)
        report.flag("current", stage.current)
        for share in stage.versions:
            report.text("version", share.version)
            report.text("besides", share.besides)
            report.number("percent", share.percent)
            report.number("at least", share.fewest_replicas)
            report.number("at most", share.most_replicas)
    report.text("peak", rag.release_peak.to_string())
    report.number("pods", rag.release_peak.pods)
    report.numbers("GPUs", rag.release_peak.gpus)
    report.texts("unknown", rag.release_peak.unknown)
    for difference in rag.argo_cd_ignore_differences:
        report.text("difference", difference.to_string())
        report.text("group", difference.group)
        report.text("kind", difference.kind)
        report.text("name", difference.name)
        report.text("namespace", difference.namespace)
        report.texts("pointers", difference.json_pointers)
        report.texts("paths", difference.jq_path_expressions)
    report.text("preview", rag.api_server.scale_target.kind)

    # With pools of GPUs that must suffice for both versions.
    vision = BentoDeployment(
        chart,
        "Vision",
        bento=Bento.from_image(
            "registry.example.com/vision:2-1-0",
            services=[
                BentoService.named("Api", depends_on=["Detector", "Reader"], size=size),
                BentoService.named("Detector", size=InstanceSize.named("gpu.l4.1")),
                BentoService.named("Reader", size=InstanceSize.named("gpu.t4.1")),
            ],
        ),
        api_server=ScaledComponentOptions(scaling=Scaling.replicas(3)),
        runners={
            "Detector": Runner.pool(
                scaling=Scaling.auto(min_replicas=2, max_replicas=4, metrics=[ScalingMetric.concurrency(8)]),
            ),
            "Reader": Runner.pool(
                scaling=Scaling.auto(min_replicas=2, max_replicas=3, metrics=[ScalingMetric.concurrency(4)]),
            ),
        },
        exposure=Exposure.gateway(hosts=["vision.example.com"]),
        release=Release.blue_green(
            runner_replicas={"Reader": 2, "Detector": 3},
            previous=Version.of(
                bento=Bento.from_image(
                    "registry.example.com/vision:2-0-0",
                    services=[
                        BentoService.named("Api", depends_on=["Detector", "Reader"], size=size),
                        BentoService.named("Detector", size=InstanceSize.named("gpu.l4.1")),
                        BentoService.named("Reader", size=InstanceSize.named("gpu.t4.1")),
                    ],
                ),
            ),
        ),
        release_capacity=ReleaseCapacity(max_gpus={"t4": 20, "l4": 10}),
    )
    for peak in vision.release_peak.components:
        report.text("peak", peak.to_string())
        report.text("peak of", peak.name)
        report.text("for", peak.reason)
        report.text("GPU", peak.gpu_name)
        report.number("GPUs", peak.gpus)
        report.number("GPUs per pod", peak.gpus_per_pod)
        report.number("pods", peak.pods)
        report.number("replicas", peak.replicas)
    report.numbers("GPUs of vision", vision.release_peak.gpus)
    for version in vision.versions:
        for pool in version.runner_pools:
            report.text("pool", pool.name)
        report.text("detector", version.runner_pool("Detector").name)

    # By replicas, where nothing shares requests out.
    BentoDeployment(
        chart,
        "Counted",
        bento=Bento.from_image("registry.example.com/counted:2.0.0", bento_service="Counted"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(10)),
        release=Release.canary(
            weights_by_replicas=True,
            steps=[CanaryStep.weight(20, pause=Duration.minutes(5))],
        ),
    )

    # Blue and green by Argo Rollouts.
    search = BentoDeployment(
        chart,
        "Search",
        bento=Bento.from_image("registry.example.com/search:2.0.0", bento_service="Search"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
        exposure=Exposure.gateway(hosts=["search.example.com"]),
        release=Release.blue_green(
            before_promotion=[
                Gate.job(
                    name="smoke-test",
                    image="registry.example.com/search-smoke-test:1.3.0",
                    command=["/smoke"],
                    args=["--url", "http://search-preview.releases:3000"],
                    env=[EnvVar.value("LEVEL", "3")],
                    image_pull_secrets=[SecretRef.named("registry")],
                    service_account=ServiceAccountRef.named("smoke"),
                    automount_service_account_token=False,
                    read_only_root_filesystem=True,
                    run_as_user=1000,
                    retries=1,
                    timeout=Duration.minutes(4),
                    size=InstanceSize.named("cpu.1"),
                ),
            ],
            promotion=Promotion.automatic_after(Duration.minutes(5)),
            after_promotion=[
                Gate.error_rate(max_rate=0.01, error_kind=ErrorKind.TIMEOUTS),
                Gate.error_rate(max_rate=0.02, error_kind=ErrorKind.REJECTIONS),
                Gate.latency(max=Duration.seconds(2), percentile=95),
            ],
            scale_down_delay=Duration.minutes(15),
            beside_deployment=False,
        ),
    )
    report.text("preview service", search.api_server.preview_service.name)
    BentoDeployment(
        chart,
        "Ranked",
        bento=Bento.from_image("registry.example.com/ranked:2.0.0", bento_service="Ranked"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
        release=Release.blue_green(promotion=Promotion.manual()),
    )
    BentoDeployment(
        chart,
        "Sorted",
        bento=Bento.from_image("registry.example.com/sorted:2.0.0", bento_service="Sorted"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
        release=Release.blue_green(
            promotion=Promotion.automatic(),
            before_promotion=[
                Gate.webhook(
                    name="get",
                    url="https://judge.example.com/a",
                    json_path="{$.score}",
                    min=0.5,
                    max=1,
                ),
                Gate.webhook(
                    name="put",
                    url="https://judge.example.com/b",
                    json_path="{$.ok}",
                    success_value="yes",
                    method=WebhookMethod.PUT,
                ),
                Gate.webhook(
                    name="stated",
                    url="https://judge.example.com/c",
                    json_path="{$.ok}",
                    success_value="yes",
                    method=WebhookMethod.GET,
                ),
            ],
        ),
    )

    # By edits, with plain Kubernetes.
    blue = BentoDeployment(
        chart,
        "Blue",
        bento=Bento.from_image("registry.example.com/blue:8.1.0", bento_service="Blue"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
        exposure=Exposure.gateway(hosts=["blue.example.com"]),
        release=Release.manual_blue_green(
            color=Color.GREEN,
            previous=Version.of(
                bento=Bento.from_image("registry.example.com/blue:8.0.5", bento_service="Blue"),
            ),
            full_size=True,
            promoted=False,
        ),
    )
    for version in blue.versions:
        report.text("colour", version.key)
        report.text("api server", version.api_server.name)
    BentoDeployment(
        chart,
        "First",
        bento=Bento.from_image("registry.example.com/first:8.1.0", bento_service="First"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
        release=Release.manual_blue_green(color=Color.BLUE, previous=Version.absent()),
    )

    # In place.
    BentoDeployment(
        chart,
        "Thirds",
        bento=Bento.from_image("registry.example.com/thirds:1.9.2", bento_service="Thirds"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(6)),
        release=Release.rolling(preset=RollingPreset.THIRDS, min_ready=Duration.seconds(30)),
    )
    BentoDeployment(
        chart,
        "Stated",
        bento=Bento.from_image("registry.example.com/stated:1-9-2", bento_service="Stated"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(6)),
        release=Release.rolling(
            max_surge=ReplicaShare.replicas(1),
            max_unavailable=ReplicaShare.percent(25),
            progress_deadline=Duration.minutes(40),
            revision_history=3,
            previous=Version.absent(),
        ),
    )
    BentoDeployment(
        chart,
        "Slow",
        bento=Bento.from_image("registry.example.com/slow:1.9.2", bento_service="Slow"),
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.replicas(6),
            rolling=RollingOptions(preset=RollingPreset.RAMPED_SLOW_ROLLOUT),
        ),
    )
    BentoDeployment(
        chart,
        "Effort",
        bento=Bento.from_image("registry.example.com/effort:1.9.2", bento_service="Effort"),
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.replicas(6),
            rolling=RollingOptions(preset=RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT),
        ),
    )
    BentoDeployment(
        chart,
        "Usual",
        bento=Bento.from_image("registry.example.com/usual:1.9.2", bento_service="Usual"),
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.replicas(6),
            rolling=RollingOptions(preset=RollingPreset.ROLLING_UPDATE),
        ),
    )
    anew = BentoDeployment(
        chart,
        "Anew",
        bento=Bento.from_image("registry.example.com/anew:1.9.2", bento_service="Anew"),
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.replicas(6),
            rolling=RollingOptions(preset=RollingPreset.RECREATE),
        ),
    )
    report.texts("warnings of anew", Warnings.of(anew))
    BentoDeployment(
        chart,
        "Recreated",
        bento=Bento.from_image("registry.example.com/recreated:1.9.2", bento_service="Recreated"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(6)),
        release=Release.recreate(),
    )

    # Side by side.
    translate = BentoDeployment(
        chart,
        "Translate",
        bento=Bento.from_image("registry.example.com/translator:4.0.2", bento_service="Translator"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(4)),
        exposure=Exposure.gateway(hosts=["translate.example.com"]),
        release=Release.split(
            versions={
                "testers": Version.matched(
                    RequestMatch.header("x-version", "testers"),
                    bento=Bento.from_image(
                        "registry.example.com/translator:5.0.0-rc1",
                        bento_service="Translator",
                    ),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                    serving=True,
                ),
                "next": Version.weighted(
                    10,
                    bento=Bento.from_image(
                        "registry.example.com/translator:4.1.0",
                        bento_service="Translator",
                    ),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                    serving=True,
                ),
                "asked": Version.matched(
                    RequestMatch.query("version", "asked"),
                    bento=Bento.from_image(
                        "registry.example.com/translator:5.0.0-rc2",
                        bento_service="Translator",
                    ),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                    serving=True,
                ),
                "shadow": Version.mirrored(
                    5,
                    bento=Bento.from_image(
                        "registry.example.com/translator:4.2.0-dev",
                        bento_service="Translator",
                    ),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(1)),
                    serving=False,
                ),
            },
            router=SplitRouter.doors(),
        ),
    )
    report.text("shadow", translate.version("shadow").key)
    recommend = BentoDeployment(
        chart,
        "Recommend",
        bento=Bento.from_image("registry.example.com/recommend:1.4.0", bento_service="Recommend"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(4)),
        exposure=Exposure.gateway(hosts=["recommend.example.com"]),
        release=Release.split(
            sticky_by=StickyKey.header("x-user"),
            router=SplitRouter.nginx(
                image="registry.example.com/nginx:1.29.3",
                replicas=3,
                size=InstanceSize.named("cpu.1"),
            ),
            versions={
                "v2": Version.weighted(
                    20,
                    bento=Bento.from_image("registry.example.com/recommend:2.0.0", bento_service="Recommend"),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                ),
                "beta": Version.matched(
                    RequestMatch.cookie("stage", "beta"),
                    bento=Bento.from_image("registry.example.com/recommend:3.0.0", bento_service="Recommend"),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                ),
            },
        ),
    )
    report.text("splitter", recommend.splitter.name)
    BentoDeployment(
        chart,
        "ByCookie",
        bento=Bento.from_image("registry.example.com/by-cookie:1.4.0", bento_service="ByCookie"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(4)),
        release=Release.split(
            sticky_by=StickyKey.cookie("session"),
            versions={
                "v2": Version.weighted(
                    20,
                    bento=Bento.from_image("registry.example.com/by-cookie:2.0.0", bento_service="ByCookie"),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                ),
            },
        ),
    )
    BentoDeployment(
        chart,
        "ByQuery",
        bento=Bento.from_image("registry.example.com/by-query:1.4.0", bento_service="ByQuery"),
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(4)),
        release=Release.split(
            sticky_by=StickyKey.query("user"),
            versions={
                "v2": Version.weighted(
                    20,
                    bento=Bento.from_image("registry.example.com/by-query:2.0.0", bento_service="ByQuery"),
                    api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(2)),
                ),
            },
        ),
    )
