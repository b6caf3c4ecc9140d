from cdk8s import App, Chart, Duration, Size
from cdk8s_bento import (
    Bento,
    BentoService,
    ClusterProfile,
    ColdStartOptions,
    ComponentOptions,
    Exposure,
    FunctionEngine,
    Gateway,
    InstanceSize,
    KedaHttpAddOnOptions,
    KedaOptions,
    KnativeOptions,
    Overflow,
    Release,
    RunState,
    Runner,
    ScaleToZeroFunction,
    Scaling,
    ScalingBehavior,
    ScalingMetric,
    Schedule,
    StartupOptions,
    Version,
    Warnings,
)
from report import Report


# The same function by each engine, one in each cluster.
def functions(app: App, report: Report) -> None:
    bento = Bento.from_image(
        "registry.example.com/upscaler:4.0.1",
        services=[
            BentoService.named(
                "Api",
                depends_on=["Upscaler"],
                size=InstanceSize.named("cpu.1"),
                routes=["/upscale"],
            ),
            BentoService.named("Upscaler", size=InstanceSize.named("gpu.l4.1"), timeout=Duration.seconds(45)),
        ],
    )

    on_demand = Chart(app, "on-demand", namespace="functions")
    ClusterProfile.set(
        on_demand,
        ClusterProfile(
            name="on-demand",
            kubernetes_version="1.36",
            keda=KedaOptions(version="2.20"),
            keda_http_add_on=KedaHttpAddOnOptions(
                version="0.16",
                namespace="keda",
                interceptor_service="interceptor-proxy",
                interceptor_port=8080,
                interceptor_labels={"app": "interceptor", "part": "proxy"},
                scaler_service="external-scaler",
                scaler_port=9090,
            ),
            gateway=Gateway.envoy_gateway(name="public", namespace="gateways"),
        ),
    )
    upscaler = ScaleToZeroFunction(
        on_demand,
        "Upscaler",
        bento=bento,
        name="upscaler",
        version_key="main",
        state=RunState.RUNNING,
        engine=FunctionEngine.keda_http(),
        min_replicas=0,
        max_replicas=4,
        target_concurrency=4,
        idle_timeout=Duration.minutes(15),
        behavior=ScalingBehavior.never_scale_down(),
        metrics=[ScalingMetric.schedule(1, Schedule.business_hours(time_zone="Europe/Berlin"))],
        cold_start=ColdStartOptions(
            max_pending=200,
            timeout=Duration.minutes(9),
            overflow=Overflow.placeholder(
                status_code=503,
                body="starting",
                headers={"Retry-After": "300", "Cache-Control": "no-store"},
            ),
        ),
        exposure=Exposure.gateway(hosts=["upscaler.example.com"]),
        runners={
            "Upscaler": Runner.pool(
                startup=StartupOptions(
                    image_size=Size.gibibytes(9),
                    model_size=Size.gibibytes(6),
                    node_start=Duration.minutes(3),
                ),
                scaling=Scaling.with_function(max_replicas=4, behavior=ScalingBehavior.never_scale_down()),
            ),
        },
    )
    report.text("name", upscaler.name)
    report.text("url", upscaler.url)
    report.text("cold start", upscaler.cold_start_report.to_string())
    report.text("cold start in all", upscaler.cold_start_report.total.to_human_string())
    for term in upscaler.cold_start_report.terms:
        report.text("term", term.name)
        report.text("of", term.component)
        report.text("takes", term.duration.to_human_string())
        report.flag("assumed", term.assumed)
    for requirement in upscaler.requirements:
        report.text("requirement", requirement.to_string())
    for object in upscaler.door_objects:
        report.text("door", object.kind)
    for pool in upscaler.runner_pools:
        report.text("pool", pool.name)
    report.text("pool of", upscaler.runner_pool("Upscaler").name)
    report.text("interceptor", upscaler.interceptor_route.kind)
    report.text("route", upscaler.route.kind)
    report.text("door service", upscaler.door_service.name)
    report.text("api server", upscaler.api_server.name)
    report.text("plan", upscaler.timeout_plan.to_markdown())
    ScaleToZeroFunction(
        on_demand,
        "Fallback",
        bento=Bento.from_image("registry.example.com/fallback:1.0.0", bento_service="Fallback"),
        api_server=ComponentOptions(size=InstanceSize.named("cpu.1")),
        max_replicas=2,
        target_request_rate=10,
        cold_start=ColdStartOptions(overflow=Overflow.fallback(service="always-there", port=8080)),
        exposure=Exposure.gateway(hosts=["fallback.example.com"]),
    )
    ScaleToZeroFunction(
        on_demand,
        "Reject",
        bento=Bento.from_image("registry.example.com/reject:1.0.0", bento_service="Reject"),
        api_server=ComponentOptions(size=InstanceSize.named("cpu.1")),
        max_replicas=2,
        target_concurrency=4,
        cold_start=ColdStartOptions(overflow=Overflow.reject()),
        exposure=Exposure.gateway(hosts=["reject.example.com"]),
    )

    knative = Chart(app, "knative", namespace="functions")
    ClusterProfile.set(
        knative,
        ClusterProfile(
            name="knative",
            kubernetes_version="1.36",
            knative=KnativeOptions(
                version="1.20",
                namespace="knative-serving",
                ingress_namespaces=["kourier-system"],
                enabled_features=["kubernetes.podspec-init-containers", "kubernetes.podspec-nodeselector"],
                max_revision_timeout_seconds=900,
            ),
        ),
    )
    served = ScaleToZeroFunction(
        knative,
        "Upscaler",
        bento=bento,
        engine=FunctionEngine.knative(),
        version_key="v4-0",
        max_replicas=4,
        target_concurrency=4,
        idle_timeout=Duration.minutes(15),
        api_server=ComponentOptions(startup=StartupOptions(image_size=Size.gibibytes(9))),
        release=Release.split(
            versions={
                "v4-1": Version.weighted(
                    10,
                    bento=Bento.from_image(
                        "registry.example.com/upscaler:4.1.0",
                        services=[
                            BentoService.named(
                                "Api",
                                depends_on=["Upscaler"],
                                size=InstanceSize.named("cpu.1"),
                            ),
                            BentoService.named("Upscaler", size=InstanceSize.named("gpu.l4.1")),
                        ],
                    ),
                    runners={"Upscaler": Runner.url("http://upscaler-next:3000")},
                    serving=True,
                ),
            },
        ),
        runners={"Upscaler": Runner.pool(scaling=Scaling.replicas(2))},
    )
    for version in served.versions:
        report.text("version", version.key)
    report.text("next", served.version("v4-1").key)

    hpa = Chart(app, "hpa", namespace="functions")
    ClusterProfile.set(hpa, ClusterProfile(name="hpa", kubernetes_version="1.37"))
    queue = ScaleToZeroFunction(
        hpa,
        "Upscaler",
        bento=bento,
        engine=FunctionEngine.hpa(),
        max_replicas=4,
        idle_timeout=Duration.minutes(15),
        metrics=[
            ScalingMetric.external(metric="sqs_messages_visible", average_value=10, labels={"queue": "up"}),
        ],
        runners={"Upscaler": Runner.pool(scaling=Scaling.replicas(2))},
    )
    Warnings.acknowledge(queue, "NoQueue")
