from cdk8s import App, Chart, Duration, Size
from cdk8s_bento import (
    Authentication,
    Bento,
    BentoDeployment,
    BentoService,
    BreakerStatuses,
    CacheSharing,
    CircuitBreaker,
    ClusterProfile,
    Exposure,
    Gateway,
    HealthCheck,
    InstanceSize,
    LoadBalancing,
    QueueOptions,
    RateLimit,
    RateUnit,
    ResponseCache,
    Retries,
    Runner,
    RunnerProxy,
    ScaledComponentOptions,
    Scaling,
    SecretRef,
    StreamingOptions,
    Tls,
    TrafficPolicy,
)
from report import Report


def traffic(app: App, report: Report) -> None:
    chart = Chart(app, "traffic", namespace="traffic")
    ClusterProfile.set(
        chart,
        ClusterProfile(
            name="traffic",
            kubernetes_version="1.36",
            gateway=Gateway.envoy_gateway(name="public", namespace="gateways", proxies=2),
            load_balancer_cidrs=["10.0.0.0/20"],
        ),
    )
    rag = BentoDeployment(
        chart,
        "Rag",
        bento=Bento.from_image(
            "registry.example.com/rag:3.2.0",
            services=[
                BentoService.named(
                    "Api",
                    depends_on=["Embedder", "Llm", "Reranker", "Judge"],
                    size=InstanceSize.named("cpu.2"),
                ),
                BentoService.named("Embedder", size=InstanceSize.named("gpu.l4.1")),
                BentoService.named("Llm", size=InstanceSize.named("gpu.a100.1")),
                BentoService.named("Reranker", size=InstanceSize.named("cpu.4")),
                BentoService.named("Judge", size=InstanceSize.named("cpu.4"), timeout=Duration.seconds(10)),
            ],
        ),
        api_server=ScaledComponentOptions(
            scaling=Scaling.replicas(4),
            traffic=TrafficPolicy(
                timeout=Duration.seconds(45),
                streaming=StreamingOptions(
                    max_duration=Duration.minutes(12),
                    idle_timeout=Duration.seconds(50),
                ),
                max_concurrency=64,
                circuit_breaker=CircuitBreaker.consecutive_errors(
                    failures=5,
                    open_for=Duration.seconds(60),
                    max_ejected_percent=40,
                    statuses=BreakerStatuses.GATEWAY_ERRORS,
                    max_connections=500,
                    max_requests=400,
                ),
                rate_limit=RateLimit.total(3000, RateUnit.MINUTE),
                load_balancing=LoadBalancing.hash_by_cookie(
                    "session",
                    ttl=Duration.hours(1),
                    set_by_application=False,
                ),
            ),
        ),
        runners={
            "Embedder": Runner.pool(
                scaling=Scaling.replicas(4),
                proxy=RunnerProxy.tier(replicas=2, size=InstanceSize.named("cpu.1")),
                traffic=TrafficPolicy(
                    timeout=Duration.seconds(20),
                    max_concurrency=4,
                    queue=QueueOptions(max_pending=40),
                    retries=Retries.connection_failures(attempts=3, statuses=[503]),
                    circuit_breaker=CircuitBreaker.consecutive_errors(statuses=BreakerStatuses.SERVER_ERRORS),
                ),
            ),
            "Llm": Runner.pool(
                scaling=Scaling.replicas(2),
                proxy=RunnerProxy.sidecar(size=InstanceSize.named("cpu.1")),
                traffic=TrafficPolicy(
                    timeout=Duration.seconds(30),
                    streaming=StreamingOptions(max_duration=Duration.minutes(10)),
                    load_balancing=LoadBalancing.least_request(slow_start=Duration.seconds(60)),
                    circuit_breaker=CircuitBreaker.limits(max_connections=64, max_requests=128),
                    retries=Retries.never(),
                ),
            ),
            "Reranker": Runner.pool(
                scaling=Scaling.replicas(2),
                traffic=TrafficPolicy(
                    timeout=Duration.seconds(10),
                    load_balancing=LoadBalancing.round_robin(slow_start=Duration.seconds(30)),
                ),
            ),
            "Judge": Runner.pool(scaling=Scaling.replicas(2), proxy=RunnerProxy.direct()),
        },
        exposure=Exposure.gateway(hosts=["rag.example.com"], tls=Tls.secret(SecretRef.named("rag-tls"))),
    )
    report.text("plan", rag.timeout_plan.to_markdown())
    report.text("picture", rag.timeout_plan.to_mermaid())
    for path in rag.timeout_plan.paths:
        for hop in path.hops:
            report.text("hop", hop.name)
            report.text("kind", hop.kind)
            report.duration("requestTimeout", hop.request_timeout)
            report.duration("firstByteTimeout", hop.first_byte_timeout)
            report.duration("attemptTimeout", hop.attempt_timeout)
            report.duration("silenceTimeout", hop.silence_timeout)
            report.duration("keepAlive", hop.keep_alive)
            report.duration("idleTimeout", hop.idle_timeout)
            report.duration("endpointRemoval", hop.endpoint_removal)
            report.duration("deregistrationDelay", hop.deregistration_delay)
            report.duration("preStop", hop.pre_stop)
            report.duration("gracePeriod", hop.grace_period)
    for object in rag.door_objects:
        report.text("door", object.kind)
    report.text("route", rag.route.name)
    report.text("proxy of the embedder", rag.runner_pool("Embedder").proxy.name)

    classifier = BentoDeployment(
        chart,
        "Classifier",
        bento=Bento.from_image("registry.example.com/classifier:1.9.2", bento_service="Classifier"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.replicas(2),
            traffic=TrafficPolicy(
                timeout=Duration.seconds(10),
                rate_limit=RateLimit.per_client(600, RateUnit.HOUR),
            ),
        ),
        cache=ResponseCache.of(
            paths=["/predict", "/classify"],
            ttl=Duration.hours(1),
            max_size=Size.gibibytes(1),
            max_body_size=Size.kibibytes(16),
            max_request_size=Size.mebibytes(8),
            identity_headers=["x-tenant", "x-client-id"],
            sharing=CacheSharing.PER_CLIENT,
            replicas=2,
            size=InstanceSize.named("cpu.1"),
            image="registry.example.com/nginx:1.29.3",
        ),
        exposure=Exposure.gateway(
            hosts=["classifier.example.com"],
            tls=Tls.secret(SecretRef.named("classifier-tls")),
            authentication=Authentication.bearer_tokens(
                SecretRef.named("classifier-tokens"),
                client_id_header="x-client-id",
            ),
        ),
    )
    report.text("cache", classifier.cache.name)
    for version in classifier.versions:
        report.text("cache of a version", version.cache.name)
    report.text("headless", classifier.api_server.headless_service.name)

    shared = BentoDeployment(
        chart,
        "Shared",
        bento=Bento.from_image("registry.example.com/shared:1.9.2", bento_service="Shared"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.replicas(2),
            traffic=TrafficPolicy(
                rate_limit=RateLimit.total(100, RateUnit.SECOND),
                load_balancing=LoadBalancing.hash_by_header("x-user"),
                health_check=HealthCheck.http(
                    path="/readyz",
                    interval=Duration.seconds(10),
                    timeout=Duration.seconds(3),
                    healthy_threshold=2,
                    unhealthy_threshold=3,
                ),
            ),
        ),
        exposure=Exposure.gateway(hosts=["shared.example.com"]),
    )
    report.text("url", shared.url)
    BentoDeployment(
        chart,
        "Quick",
        bento=Bento.from_image("registry.example.com/quick:1.9.2", bento_service="Quick"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.replicas(2),
            traffic=TrafficPolicy(timeout=Duration.seconds(10)),
        ),
        cache=ResponseCache.of(paths=["/predict"], sharing=CacheSharing.ALL_CLIENTS),
        exposure=Exposure.gateway(hosts=["quick.example.com"]),
    )
    BentoDeployment(
        chart,
        "Sticky",
        bento=Bento.from_image("registry.example.com/sticky:1.9.2", bento_service="Sticky"),
        api_server=ScaledComponentOptions(
            size=InstanceSize.named("cpu.2"),
            scaling=Scaling.replicas(2),
            traffic=TrafficPolicy(load_balancing=LoadBalancing.hash_by_source()),
        ),
        exposure=Exposure.gateway(hosts=["sticky.example.com"]),
    )
