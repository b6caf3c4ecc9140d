from cdk8s import App, Chart, Duration
from cdk8s_bento import (
    Bento,
    BentoDeployment,
    BentoService,
    ClusterProfile,
    DcgmExporterOptions,
    EnvVar,
    InstanceSize,
    KedaOptions,
    MetricType,
    PolicySelect,
    PrometheusOptions,
    Runner,
    ScaledComponentOptions,
    Scaling,
    ScalingBehavior,
    ScalingMetric,
    ScalingPolicy,
    ScalingRules,
    ScalingSpeed,
    Schedule,
    SecretRef,
    TriggerAuthenticationRef,
    Weekday,
)
from report import Report


def scaling(app: App, report: Report) -> None:
    chart = Chart(app, "scaling", namespace="scaling")
    ClusterProfile.set(
        chart,
        ClusterProfile(
            name="scaling",
            kubernetes_version="1.36",
            keda=KedaOptions(version="2.20"),
            dcgm_exporter=DcgmExporterOptions(namespace_label="exported_namespace", pod_label="exported_pod"),
            prometheus=PrometheusOptions(
                address="http://prometheus-operated.monitoring:9090",
                operator_labels={"release": "kube-prometheus-stack"},
            ),
        ),
    )

    # The autoscaler of Kubernetes, and every rule of its behavior.
    BentoDeployment(
        chart,
        "Rules",
        bento=Bento.from_image("registry.example.com/rules:1.4.0", bento_service="Rules"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.auto(
                min_replicas=3,
                max_replicas=20,
                metrics=[
                    ScalingMetric.cpu(70),
                    ScalingMetric.memory(80),
                    ScalingMetric.pods(
                        metric="packets-per-second",
                        average_value=1000,
                        labels={"zone": "a", "kind": "tcp"},
                    ),
                    ScalingMetric.external(
                        metric="queue_length",
                        average_value=10,
                        labels={"queue": "rules", "app": "x"},
                    ),
                    ScalingMetric.external(metric="backlog", value=100),
                    ScalingMetric.of_object(
                        api_version="networking.k8s.io/v1",
                        kind="Ingress",
                        name="main",
                        metric="requests-per-second",
                        value=2000,
                        labels={"verb": "GET"},
                    ),
                    ScalingMetric.of_object(
                        api_version="v1",
                        kind="Service",
                        name="main",
                        metric="hits",
                        average_value=0.5,
                    ),
                ],
                behavior=ScalingBehavior.of(
                    scale_down=ScalingRules(
                        stabilization_window=Duration.seconds(300),
                        select_policy=PolicySelect.MIN,
                        policies=[
                            ScalingPolicy.percent(50, Duration.seconds(60)),
                            ScalingPolicy.pods(2, Duration.minutes(1)),
                        ],
                    ),
                    scale_up=ScalingRules(
                        stabilization_window=Duration.seconds(60),
                        select_policy=PolicySelect.MAX,
                        tolerance=0.05,
                        policies=[ScalingPolicy.percent(100, Duration.seconds(60))],
                    ),
                ),
            ),
        ),
    )

    # What KEDA asks Prometheus.
    BentoDeployment(
        chart,
        "Adaptive",
        bento=Bento.from_image("registry.example.com/adaptive:1.4.0", bento_service="Adaptive"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("gpu.t4.1"),
            scaling=Scaling.auto(
                min_replicas=2,
                max_replicas=10,
                fallback_replicas=4,
                metrics=[
                    ScalingMetric.latency(Duration.seconds(2), percentile=95, window=Duration.minutes(2)),
                    ScalingMetric.request_rate(50, window=Duration.minutes(3)),
                    ScalingMetric.total_request_rate(400, window=Duration.minutes(3)),
                    ScalingMetric.concurrency(16),
                    ScalingMetric.gpu_utilization(80),
                    ScalingMetric.prometheus(
                        query="max(backlog_age_seconds) or 0 * sum(up{job=\"backlog\"} == 1)",
                        threshold=120,
                        activation_threshold=5,
                        metric_type=MetricType.VALUE,
                    ),
                    ScalingMetric.keda_trigger(
                        kind="aws-sqs-queue",
                        metadata={
                            "queueURL": "https://sqs.eu-west-1.amazonaws.com/123456789012/adaptive",
                            "queueLength": "20",
                            "awsRegion": "eu-west-1",
                        },
                        metric_type=MetricType.AVERAGE_VALUE,
                        authentication=TriggerAuthenticationRef.of_cluster("aws"),
                    ),
                    ScalingMetric.schedule(
                        6,
                        Schedule.business_hours(
                            time_zone="Europe/Berlin",
                            days=[
                                Weekday.MONDAY,
                                Weekday.TUESDAY,
                                Weekday.WEDNESDAY,
                                Weekday.THURSDAY,
                                Weekday.FRIDAY,
                            ],
                            start_hour=7,
                            end_hour=19,
                        ),
                    ),
                    ScalingMetric.schedule(
                        3,
                        Schedule.business_hours(
                            time_zone="Europe/Berlin",
                            days=[Weekday.SATURDAY, Weekday.SUNDAY],
                        ),
                    ),
                    ScalingMetric.schedule(
                        5,
                        Schedule.cron(time_zone="UTC", start="0 6 * * 1", end="0 8 * * 1"),
                    ),
                ],
                behavior=ScalingBehavior.one_at_a_time(
                    scale_up_every=Duration.seconds(60),
                    scale_down_every=Duration.seconds(120),
                    scale_down_below_ratio=0.5,
                ),
            ),
        ),
    )

    # A pool follows its queue and the API server before it.
    search = BentoDeployment(
        chart,
        "TextSearch",
        bento=Bento.from_file(
            "examples/bentos/text-search",
            image="registry.example.com/text-search:3auspqat6smdonry",
        ),
        env=[EnvVar.from_secret("API_KEY", secret=SecretRef.named("text-search"), key="api-key")],
        api_server=ScaledComponentOptions(
            scaling=Scaling.auto(
                max_replicas=20,
                behavior=ScalingBehavior.bento_cloud(
                    scale_up=ScalingSpeed.FAST,
                    scale_down=ScalingSpeed.STABLE,
                ),
            ),
        ),
        runners={
            "Embedder": Runner.pool(
                scaling=Scaling.auto(
                    min_replicas=2,
                    max_replicas=12,
                    metrics=[
                        ScalingMetric.queue_length(2, in_service=4),
                        ScalingMetric.of_api_server(ScalingMetric.request_rate(30)),
                        ScalingMetric.api_server_replicas(3),
                    ],
                    behavior=ScalingBehavior.never_scale_down(),
                ),
            ),
        },
    )
    for requirement in search.requirements:
        report.text("requirement", requirement.to_string())

    BentoDeployment(
        chart,
        "Fixed",
        bento=Bento.from_image(
            "registry.example.com/fixed:1.0.0",
            services=[
                BentoService.named("Api", depends_on=["Model"], size=InstanceSize.named("cpu.1")),
                BentoService.named("Model", size=InstanceSize.named("gpu.l4.1")),
            ],
        ),
        api_server=ScaledComponentOptions(scaling=Scaling.unmanaged()),
        runners={"Model": Runner.pool(scaling=Scaling.replicas(2))},
    )
    BentoDeployment(
        chart,
        "Still",
        bento=Bento.from_image("registry.example.com/still:1.0.0", bento_service="Still"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.1"),
            scaling=Scaling.auto(
                max_replicas=4,
                behavior=ScalingBehavior.bento_cloud(
                    scale_up=ScalingSpeed.STABLE,
                    scale_down=ScalingSpeed.DISABLED,
                ),
            ),
        ),
    )
