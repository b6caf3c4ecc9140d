from cdk8s import App, Chart, Duration
from cdk8s_bento import (
    Authentication,
    Bento,
    BentoDeployment,
    BentoService,
    ClusterProfile,
    EnvVar,
    Exposure,
    Gateway,
    GatewayImplementation,
    GlobalService,
    InstanceSize,
    LoadBalancing,
    NetworkPeer,
    RouteNamespaces,
    ScaledComponentOptions,
    Scaling,
    SecretRef,
    ServingGateway,
    Tls,
    TrafficPolicy,
    UpstreamPolicy,
    Warnings,
)
from report import Report


def exposure(app: App, report: Report) -> None:
    chart = Chart(app, "exposure", namespace="exposure")
    ClusterProfile.set(
        chart,
        ClusterProfile(
            name="exposure",
            kubernetes_version="1.36",
            load_balancer_cidrs=["10.0.0.0/20", "10.0.16.0/20"],
        ),
    )
    bento = Bento.from_image("registry.example.com/summarizer:2.3.0", bento_service="Summarizer")
    size = InstanceSize.named("cpu.2")

    edge = ServingGateway(
        chart,
        "Edge",
        gateway_class_name="envoy-gateway",
        name="edge",
        hosts=["partners.example.com", "keys.example.com"],
        tls=Tls.secret(SecretRef.named("partners-tls")),
        route_namespaces=RouteNamespaces.same(),
        implementation=GatewayImplementation.envoy_gateway(
            proxies=2,
            version="1.9",
            data_plane_namespace="envoy-gateway-system",
            client_idle_timeout=Duration.minutes(2),
            drain_timeout=Duration.minutes(3),
            max_client_connections=5000,
            request_received_timeout=Duration.seconds(20),
            stream_idle_timeout=Duration.minutes(4),
        ),
    )
    report.text("edge", edge.gateway.name)
    report.text("edge namespace", edge.gateway.namespace)
    report.text("edge object", edge.gateway_object.name)
    report.text("edge policy", edge.client_traffic_policy.kind)
    report.text("edge proxy", edge.envoy_proxy.kind)
    mesh = ServingGateway(
        chart,
        "Mesh",
        gateway_class_name="istio",
        hosts=["mesh.example.com"],
        route_namespaces=RouteNamespaces.named(["exposure", "search"]),
        implementation=GatewayImplementation.standard(
            data_plane_namespace="istio-ingress",
            data_plane_labels={"app": "istio", "role": "gateway"},
        ),
    )
    ServingGateway(
        chart,
        "Open",
        gateway_class_name="envoy-gateway",
        hosts=["open.example.com"],
        route_namespaces=RouteNamespaces.all(),
        implementation=GatewayImplementation.envoy_gateway(proxies=2),
    )

    BentoDeployment(
        chart,
        "Partners",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.gateway(
            gateway=edge.gateway,
            hosts=["partners.example.com"],
            redirect_http=True,
            authentication=Authentication.jwt(
                issuer="https://id.example.com/",
                jwks_url="https://id.example.com/.well-known/jwks.json",
                audiences=["summarizer", "translator"],
                client_id_header="x-subject",
            ),
        ),
    )
    BentoDeployment(
        chart,
        "Keys",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.gateway(
            gateway=edge.gateway,
            hosts=["keys.example.com"],
            authentication=Authentication.api_keys(
                SecretRef.named("keys"),
                header="x-api-key",
                client_id_header="x-client-id",
            ),
        ),
    )
    BentoDeployment(
        chart,
        "Standard",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.gateway(gateway=mesh.gateway, hosts=["mesh.example.com"]),
    )
    BentoDeployment(
        chart,
        "Grpc",
        bento=Bento.from_image(
            "registry.example.com/grpc:1.0.0",
            services=[BentoService.named("Grpc", extra_ports=[50051])],
        ),
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.gateway(
            gateway=Gateway.standard(name="grpc", namespace="gateways"),
            hosts=["grpc.example.com"],
            tls=Tls.listener("https", http_listener="http"),
            grpc_port=50051,
        ),
    )
    BentoDeployment(
        chart,
        "Connections",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.network_load_balancer(
            internet_facing=True,
            cross_zone=True,
            port=443,
            source_cidrs=["203.0.113.0/24"],
            subnet_cidrs=["10.0.0.0/20"],
            tls=Tls.acm(
                [
                    "arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11",
                    "arn:aws:acm:us-east-1:111122223333:certificate/0c3d8f7c-2f9e-4a51-9a6d-1f0b5a3d7c11",
                ],
            ),
        ),
    )
    BentoDeployment(
        chart,
        "Requests",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=size,
            traffic=TrafficPolicy(load_balancing=LoadBalancing.least_request()),
        ),
        exposure=Exposure.application_load_balancer(
            hosts=["requests.example.com"],
            class_name="alb",
            group_name="serving",
            internet_facing=True,
            tls=Tls.acm(
                ["arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11"],
            ),
        ),
    )
    BentoDeployment(
        chart,
        "Bound",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.network_load_balancer(target_group_name="summarizer-us-east-1"),
    )
    legacy = BentoDeployment(
        chart,
        "Legacy",
        bento=bento,
        api_server=ScaledComponentOptions(
            size=size,
            traffic=TrafficPolicy(load_balancing=LoadBalancing.latency_aware()),
        ),
        exposure=Exposure.ingress_nginx(
            hosts=["legacy.example.com"],
            tls=Tls.secret(SecretRef.named("legacy-tls")),
            class_name="nginx-internal",
            controller_namespace="ingress",
            controller_labels={"app": "nginx", "role": "controller"},
            controllers=2,
        ),
    )
    Warnings.acknowledge(legacy, "IngressNginxRetired")
    BentoDeployment(
        chart,
        "Cloud",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.load_balancer(
            source_cidrs=["203.0.113.0/24"],
            port=80,
            load_balancer_class="example.com/l4",
            annotations={"example.com/size": "small", "example.com/kind": "l4"},
        ),
    )
    BentoDeployment(
        chart,
        "Several",
        bento=bento,
        api_server=ScaledComponentOptions(size=size),
        exposure=Exposure.several(
            {
                "partners": Exposure.in_cluster(allow_from=[NetworkPeer.namespace("search")]),
                "internal": Exposure.network_load_balancer(),
            },
        ),
    )

    east = BentoDeployment(
        chart,
        "East",
        bento=bento,
        env=[EnvVar.value("REGION", "us-east-1")],
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.replicas(3),
            traffic=TrafficPolicy(timeout=Duration.seconds(30)),
        ),
    )
    west = BentoDeployment(
        chart,
        "West",
        bento=bento,
        env=[EnvVar.value("REGION", "us-west-2")],
        api_server=ScaledComponentOptions(
            size=size,
            scaling=Scaling.replicas(3),
            traffic=TrafficPolicy(timeout=Duration.seconds(30)),
        ),
    )
    api = GlobalService(
        chart,
        "Api",
        name="api",
        members=[east, west],
        service_port=80,
        exposure=Exposure.network_load_balancer(internet_facing=True),
    )
    report.text("global", api.name)
    report.text("global url", api.url)
    report.text("global service", api.service.name)
    for object in api.door_objects:
        report.text("global door", object.kind)
    for requirement in api.requirements:
        report.text("global requirement", requirement.name)
    north = BentoDeployment(
        chart,
        "North",
        bento=bento,
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
    )
    south = BentoDeployment(
        chart,
        "South",
        bento=bento,
        api_server=ScaledComponentOptions(size=size, scaling=Scaling.replicas(3)),
    )
    GlobalService(
        chart,
        "Weighted",
        members=[north, south],
        weights={"south": 30, "north": 70},
        exposure=Exposure.gateway(
            gateway=Gateway.envoy_gateway(name="public", namespace="gateways", proxies=2),
            hosts=["weighted.example.com"],
        ),
        traffic=UpstreamPolicy(load_balancing=LoadBalancing.round_robin()),
    )
