from cdk8s import App, Chart, Duration, Size
from cdk8s_bento import (
    ArgoRolloutsOptions,
    Bento,
    BentoDeployment,
    ClusterProfile,
    Gateway,
    GatewayApiPluginOptions,
    Gpu,
    InstanceSize,
    KedaOptions,
    PrometheusAuthentication,
    PrometheusOptions,
    Region,
    ScaledComponentOptions,
    Scaling,
    ScalingMetric,
    SecretRef,
    TriggerAuthenticationRef,
    Warnings,
)
from report import Report


# One cluster each, with what a profile can say.
def clusters(app: App, report: Report) -> None:
    bento = Bento.from_image("registry.example.com/summarizer:1.0.0", bento_service="Summarizer")

    basic = Chart(app, "basic", namespace="basic")
    ClusterProfile.set(
        basic,
        ClusterProfile(
            name="basic",
            region=Region.aws("eu-west-1"),
            kubernetes_version="1.36",
            cluster_domain="cluster.example",
            namespace="basic",
            dns_ttl=Duration.seconds(10),
            envoy_image="registry.example.com/envoy:v1.39.3",
            load_balancer_cidrs=["10.0.0.0/20", "10.0.16.0/20"],
            keda=KedaOptions(version="2.20"),
            argo_rollouts=ArgoRolloutsOptions(
                version="1.9",
                gateway_api_plugin=GatewayApiPluginOptions(version="0.15"),
            ),
            gateway=Gateway.standard(
                name="public",
                namespace="gateways",
                client_idle_timeout=Duration.minutes(5),
                http_listener="http",
                https_listener="https",
                data_plane_namespace="gateways",
                data_plane_labels={"app": "gateway", "role": "proxy"},
            ),
            prometheus=PrometheusOptions(
                address="https://prometheus.example.com",
                namespace="monitoring",
                pod_labels={"app": "prometheus", "shard": "0"},
                operator_labels={"release": "prometheus", "team": "platform"},
                query_labels={"cluster": "basic", "region": "eu-west-1"},
                headers={"X-Scope-OrgID": "ml", "X-Team": "search"},
                scrape_interval=Duration.seconds(15),
                authentication=PrometheusAuthentication.basic(
                    secret=SecretRef.named("prometheus"),
                    username_key="user",
                    password_key="password",
                ),
            ),
        ),
    )
    BentoDeployment(
        basic,
        "Summarizer",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.auto(max_replicas=4, metrics=[ScalingMetric.concurrency(8)]),
        ),
    )
    profile = ClusterProfile.of(basic)
    report.text("cluster", profile.name)
    report.text("kubernetes", profile.kubernetes_version)
    report.text("domain", profile.cluster_domain)
    report.text("namespace", profile.namespace)
    report.text("region", profile.region.name)
    report.text("gateway", profile.gateway.name)
    report.text("gateway namespace", profile.gateway.namespace)

    bearer = Chart(app, "bearer", namespace="bearer")
    ClusterProfile.set(
        bearer,
        ClusterProfile(
            name="bearer",
            region=Region.named("berlin-1"),
            keda=KedaOptions(version="2.20"),
            gateway=Gateway.envoy_gateway(
                name="public",
                namespace="gateways",
                data_plane_namespace="envoy-gateway-system",
                proxies=3,
                version="1.9",
            ),
            prometheus=PrometheusOptions(
                address="https://prometheus.example.com",
                operator_labels={"release": "prometheus"},
                authentication=PrometheusAuthentication.bearer_token(
                    secret=SecretRef.named("token"),
                    key="jwt",
                ),
            ),
        ),
    )
    BentoDeployment(
        bearer,
        "Summarizer",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.auto(max_replicas=4, metrics=[ScalingMetric.concurrency(8)]),
        ),
    )

    header = Chart(app, "header", namespace="header")
    ClusterProfile.set(
        header,
        ClusterProfile(
            name="header",
            keda=KedaOptions(version="2.20"),
            prometheus=PrometheusOptions(
                address="https://prometheus.example.com",
                operator_labels={"release": "prometheus"},
                authentication=PrometheusAuthentication.header(
                    secret=SecretRef.named("header"),
                    name_key="name",
                    value_key="value",
                ),
            ),
        ),
    )
    BentoDeployment(
        header,
        "Summarizer",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.auto(max_replicas=4, metrics=[ScalingMetric.concurrency(8)]),
        ),
    )

    managed = Chart(app, "managed", namespace="managed")
    ClusterProfile.set(
        managed,
        ClusterProfile(
            name="managed",
            keda=KedaOptions(version="2.20"),
            prometheus=PrometheusOptions(
                address="https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1",
                operator_labels={"release": "prometheus"},
                authentication=PrometheusAuthentication.aws(region="eu-west-1"),
            ),
        ),
    )
    BentoDeployment(
        managed,
        "Summarizer",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.auto(max_replicas=4, metrics=[ScalingMetric.concurrency(8)]),
        ),
    )

    trigger = Chart(app, "trigger", namespace="trigger")
    ClusterProfile.set(
        trigger,
        ClusterProfile(
            name="trigger",
            keda=KedaOptions(version="2.20"),
            prometheus=PrometheusOptions(
                address="https://prometheus.example.com",
                operator_labels={"release": "prometheus"},
                authentication=PrometheusAuthentication.trigger_authentication(
                    TriggerAuthenticationRef.named("prometheus"),
                ),
            ),
        ),
    )
    report.text("authentication", TriggerAuthenticationRef.named("prometheus").name)
    BentoDeployment(
        trigger,
        "Summarizer",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.auto(max_replicas=4, metrics=[ScalingMetric.concurrency(8)]),
        ),
    )

    # Constants, and a GPU of one's own.
    report.text("GPU", Gpu.AMD_MI300_X.resource_name)
    report.text("GPU", Gpu.AMD_MI325_X.name)
    report.text("GPU", Gpu.AMD_MI355_X.name)
    report.text("GPU", Gpu.AWS_INFERENTIA2.name)
    report.text("GPU", Gpu.AWS_TRAINIUM.resource_name)
    report.text("GPU", Gpu.AWS_TRAINIUM2.name)
    report.text("GPU", Gpu.NVIDIA_A100.name)
    report.text("GPU", Gpu.NVIDIA_A100_80_GB.name)
    report.text("GPU", Gpu.NVIDIA_A10_G.resource_name)
    report.text("GPU", Gpu.NVIDIA_B200.name)
    report.text("GPU", Gpu.NVIDIA_H100.name)
    report.text("GPU", Gpu.NVIDIA_H200.name)
    report.text("GPU", Gpu.NVIDIA_L4.resource_name)
    report.text("GPU", Gpu.NVIDIA_L40_S.name)
    report.text("GPU", Gpu.NVIDIA_RTX_PRO_6000.name)
    report.text("GPU", Gpu.NVIDIA_T4.name)
    report.text("GPU", Gpu.NVIDIA_V100.resource_name)
    report.number("H100 per node", Gpu.NVIDIA_H100.max_per_node)
    gpus = Chart(app, "gpus", namespace="gpus")
    ClusterProfile.set(gpus, ClusterProfile(name="gpus"))
    own = BentoDeployment(
        gpus,
        "Own",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=InstanceSize.of(
                cpu_cores=2,
                memory=Size.gibibytes(8),
                gpu=Gpu.of(name="shared-l4", resource_name="nvidia.com/gpu.shared", max_per_node=4),
            ),
            scaling=Scaling.replicas(1),
        ),
    )
    report.texts("warnings", Warnings.of(own))
    Warnings.acknowledge(own, "SingleReplica")
