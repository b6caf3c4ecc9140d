from cdk8s import App, Chart, Duration, Size
from cdk8s_bento import (
    AppSynthesizer,
    Bento,
    BentoDeployment,
    BentoService,
    Capacity,
    ClusterProfile,
    ComponentOptions,
    Consolidation,
    DisruptionReason,
    ExistingNodePool,
    Exposure,
    Fleet,
    GlobalService,
    Gpu,
    GpuNodePool,
    InstanceSize,
    KarpenterOptions,
    KedaHttpAddOnOptions,
    KedaOptions,
    NodeDisk,
    NodeDisruptionBudget,
    NodeImage,
    NodePool,
    Region,
    RegionTraffic,
    Runner,
    RunnerPool,
    ScaleToZeroFunction,
    ScaledComponentOptions,
    Scaling,
    ServingApp,
    Taint,
    Toleration,
    Wave,
)
from report import Report


# Nodes, regions, and what is known of both before anything runs.
def placement(app: App, report: Report) -> None:
    bento = Bento.from_image(
        "registry.example.com/rag:1.0.0",
        services=[BentoService.named("Rag", depends_on=["Embedder"]), BentoService.named("Embedder")],
    )
    seoul = Region.aws("ap-northeast-2", short_name="seoul")
    ireland = Region.aws("eu-west-1")
    report.text("region", seoul.short_name)
    report.text("region", ireland.short_name)

    fleet = Fleet(
        app,
        "Fleet",
        regions=[seoul, ireland],
        traffic=RegionTraffic.nearest(dials={"ap-northeast-2": 50, "eu-west-1": 100}),
        drained=[seoul],
        waves=[Wave.of([seoul]), Wave.of([ireland])],
        deployments=["far"],
    )
    for region in fleet.regions:
        report.number("wave", fleet.wave_of(region))
        report.text("chart", fleet.chart_id(region))
    for region in fleet.serving_regions:
        report.text("serving", region.name)
    for wave in fleet.waves:
        for region in wave.regions:
            report.text("wave", region.name)
    Fleet(
        app,
        "Weighted",
        regions=[ireland],
        traffic=RegionTraffic.weighted({"eu-west-1": 100}),
        deployments=["far"],
    )
    Fleet(app, "Again", regions=[seoul, ireland], traffic=fleet.traffic, drained=[seoul], deployments=["far"])
    Fleet(app, "Ordered", regions=[ireland], traffic=RegionTraffic.failover([ireland]), deployments=["far"])

    far = Chart(app, "far", namespace="far")
    ClusterProfile.set(
        far,
        ClusterProfile(
            name="far",
            region=ireland,
            load_balancer_cidrs=["10.0.0.0/20"],
            karpenter=KarpenterOptions(
                version="1.9",
                node_role_name="nodes",
                discovery_tags={"cluster": "far", "team": "ml"},
                capacity_buffers=True,
                daemon_cpu_cores=0.5,
                daemon_memory=Size.mebibytes(600),
            ),
        ),
    )
    team = Taint.no_schedule("team", "ml")
    report.text("taint", team.key)
    report.text("taint", team.value)
    l4 = GpuNodePool(
        far,
        "L4",
        name="l4",
        gpu=Gpu.NVIDIA_L4,
        runtime_class_name="nvidia",
        image=NodeImage.bottlerocket(version="v1.57.0"),
        disk=NodeDisk.ebs(size=Size.gibibytes(300), throughput_mibps=750, iops=4000, kms_key_id="alias/nodes"),
        instance_families=["g6", "gr6"],
        zones=["eu-west-1a", "eu-west-1b"],
        labels={"team": "ml", "stage": "production"},
        taints=[team, Taint.no_execute("maintenance", "soon"), Taint.prefer_no_schedule("spare", "yes")],
        tags={"team": "ml", "cost": "serving"},
        capacity=[
            Capacity.reserved(id="cr-0123456789abcdef0", max_gpus=4, zones=["eu-west-1a"]),
            Capacity.reserved(tags={"team": "ml", "use": "rag"}, max_gpus=4, name="block"),
            Capacity.on_demand(max_gpus=8, instance_types=["g6.2xlarge"], max_cpu_cores=64),
            Capacity.spot(max_gpus=8, gpu=Gpu.NVIDIA_L40_S, instance_families=["g6e"]),
        ],
        max_gpus=16,
        resource_quota=True,
        consolidation=Consolidation.when_empty(after=Duration.minutes(20)),
        disruption_budgets=[
            NodeDisruptionBudget.nodes(1, reasons=[DisruptionReason.DRIFTED, DisruptionReason.UNDERUTILIZED]),
            NodeDisruptionBudget.percent(50, reasons=[DisruptionReason.EMPTY]),
            NodeDisruptionBudget.nodes(0, schedule="0 8 * * mon-fri", duration=Duration.hours(10)),
        ],
        expire_after=Duration.days(14),
        termination_grace_period=Duration.hours(2),
        warm_nodes=1,
        pull_images=True,
    )
    small = NodePool(
        far,
        "Small",
        image=NodeImage.al2023(version="v20260903"),
        disk=NodeDisk.instance_store(),
        min_cpu_cores_per_node=2,
        max_cpu_cores_per_node=8,
        instance_types=["m6id.large", "m6id.xlarge"],
        capacity=[Capacity.spot(max_cpu_cores=64)],
        consolidation=Consolidation.when_empty_or_underutilized(after=Duration.minutes(15)),
    )
    NodePool(far, "Idle", capacity=[Capacity.on_demand(max_cpu_cores=8)], consolidation=Consolidation.never())
    report.text("pool", l4.name)
    report.text("quota", l4.resource_quota.name)
    report.text("spare", l4.spare.kind)
    report.text("image pull", l4.image_pull.kind)
    for node_pool in l4.node_pools:
        report.text("node pool", node_pool.name)
    for node_class in small.node_classes:
        report.text("node class", node_class.name)
    report.map("node labels", l4.bind_pods().node_labels)

    sliced = ExistingNodePool.of(
        name="sliced",
        node_labels={"nvidia.com/mig.config": "all-1g.10gb", "pool": "sliced"},
        tolerations=[Toleration.exists("sliced")],
        gpus=[Gpu.of(name="a100-1g", resource_name="nvidia.com/mig-1g.10gb", max_per_node=56)],
        gpus_per_node=56,
        cpu_cores_per_node=90,
        memory_per_node=Size.gibibytes(1000),
        max_gpus=112,
        runtime_class_name="nvidia",
        spread_over=["kubernetes.io/hostname"],
    )
    report.text("existing", sliced.bind_pods().name)
    rag = BentoDeployment(
        far,
        "Far",
        bento=bento,
        api_server=ScaledComponentOptions(size=InstanceSize.named("cpu.2"), node_pool=small),
        runners={
            "Embedder": Runner.pool(
                size=InstanceSize.of(cpu_cores=2, memory=Size.gibibytes(8), gpu=Gpu.NVIDIA_L4),
                scaling=Scaling.replicas(2),
                node_pool=l4,
            ),
        },
        exposure=Exposure.network_load_balancer(target_group_name="far"),
    )
    endpoint = rag.endpoint
    report.text("endpoint", endpoint.name)
    report.text("endpoint", endpoint.cluster_name)
    report.text("endpoint", endpoint.region)
    report.text("endpoint", endpoint.target_group_name)
    report.text("endpoint", endpoint.health_path)
    report.number("endpoint", endpoint.container_port)
    report.duration("endpoint", endpoint.deregistration_delay)
    report.duration("endpoint", endpoint.idle_timeout)
    for each in rag.endpoints:
        report.text("endpoint", each.name)

    wide = Chart(app, "wide", namespace="wide")
    ClusterProfile.set(
        wide,
        ClusterProfile(
            name="wide",
            load_balancer_cidrs=["10.0.0.0/20"],
            keda=KedaOptions(),
            keda_http_add_on=KedaHttpAddOnOptions(),
        ),
    )
    pool = RunnerPool(
        wide,
        "Embedder",
        bento=bento,
        bento_service="Embedder",
        region=seoul,
        size=InstanceSize.named("cpu.4"),
    )
    near = BentoDeployment(
        wide,
        "Near",
        bento=bento,
        region=seoul,
        api_server=ScaledComponentOptions(size=InstanceSize.named("cpu.2")),
        runners={"Embedder": Runner.shared(pool)},
    )
    all = GlobalService(
        wide,
        "All",
        members=[near],
        exposure=Exposure.network_load_balancer(target_group_name="wide"),
    )
    report.text("global", all.endpoint.target_group_name)
    for each in all.endpoints:
        report.text("global", each.name)
    ScaleToZeroFunction(
        wide,
        "Night",
        bento=Bento.from_image("registry.example.com/night:1.0.0", bento_service="Night"),
        region=seoul,
        api_server=ComponentOptions(size=InstanceSize.named("cpu.2")),
        max_replicas=2,
        target_concurrency=4,
    )

    serving = ServingApp(record_construct_metadata=False)
    Chart(serving, "empty")
    for chart in serving.charts:
        report.text("chart", chart.node.id)
    report.text("yaml", serving.synth_yaml())
    report.text("yaml", AppSynthesizer.synth_yaml(serving))
