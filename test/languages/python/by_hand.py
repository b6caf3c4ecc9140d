"""What each language does in its own way, so that this part is written by hand: interfaces that users implement,
enums that are compared."""

import jsii
from cdk8s import App, Chart, Duration
from cdk8s_bento import (
    Bento,
    BentoDeployment,
    BentoService,
    ClusterProfile,
    Exposure,
    ExposureBinding,
    IExposure,
    INodePool,
    InstanceSize,
    IRunnerPool,
    LoadBalancerKind,
    NetworkPeer,
    NodePoolBinding,
    Runner,
    StageEnd,
    Taint,
    TaintEffect,
)
from report import Report


@jsii.implements(IExposure)
class Tunnel:
    def __init__(self, host: str, report: Report) -> None:
        self._host = host
        self._report = report

    # Python gets the fields of a struct in the last place as keywords.
    def bind(
        self,
        scope,
        *,
        name,
        namespace=None,
        service_name,
        port,
        container_port,
        pod_selector,
        health_path,
        request_timeout,
        keep_alive,
        endpoint_removal,
    ) -> ExposureBinding:
        self._report.text("name", name)
        self._report.text("namespace", namespace)
        self._report.text("service", service_name)
        self._report.number("port", port)
        self._report.number("container port", container_port)
        self._report.map("selector", pod_selector)
        self._report.text("health", health_path)
        self._report.duration("timeout", request_timeout)
        self._report.duration("keep-alive", keep_alive)
        self._report.duration("removal", endpoint_removal)
        return ExposureBinding(
            hosts=[self._host],
            peers=[NetworkPeer.pods(namespace="tunnel", labels={"app": f"tunnel-{name}"})],
            request_timeout=Duration.seconds(request_timeout.to_seconds() + 5),
            connection_idle_timeout=Duration.seconds(60),
        )


@jsii.implements(IRunnerPool)
class PoolElsewhere:
    def __init__(self, report: Report) -> None:
        self._report = report

    @property
    def bento_service(self) -> str:
        return "Model"

    @property
    def url(self) -> str:
        return "http://model.elsewhere.svc:3000"

    @property
    def timeout(self) -> Duration:
        return Duration.seconds(20)

    def register_caller(self, *, name, namespace=None, pod_labels) -> None:
        self._report.text("caller", name)
        self._report.text("namespace", namespace)
        self._report.map("labels", pod_labels)


@jsii.implements(INodePool)
class Rack:
    def __init__(self, row: str) -> None:
        self._row = row

    def bind_pods(self) -> NodePoolBinding:
        return NodePoolBinding(name="rack", node_labels={"rack": "a", "row": self._row})


def by_hand(app: App, report: Report) -> None:
    chart = Chart(app, "custom", namespace="custom")
    ClusterProfile.set(chart, ClusterProfile(name="custom", load_balancer_cidrs=["10.0.0.0/20"]))
    pool = PoolElsewhere(report)
    chat = BentoDeployment(
        chart,
        "Chat",
        bento=Bento.from_image(
            "registry.example.com/chat:1.0.0",
            services=[BentoService.named("Api", depends_on=["Model"]), BentoService.named("Model")],
        ),
        api_server={"size": InstanceSize.named("cpu.1"), "node_pool": Rack("7")},
        runners={"Model": Runner.shared(pool)},
        exposure=Exposure.several(
            {"tunnel": Exposure.custom(Tunnel("chat.example.com", report)), "inside": Exposure.in_cluster()}
        ),
    )
    report.text("url", chat.url)
    for stage in chat.release_plan.stages:
        report.flag("by time", stage.ends_by == StageEnd.TIME)
        report.flag("by pods", stage.ends_by == StageEnd.PODS)
        report.flag("by gates", stage.ends_by == StageEnd.GATES)
        report.flag("by a human", stage.ends_by == StageEnd.HUMAN)
        report.flag("by an edit", stage.ends_by == StageEnd.EDIT)
    web = BentoDeployment(
        chart,
        "Web",
        bento=Bento.from_image("registry.example.com/web:1.0.0", bento_service="Web"),
        api_server={"size": InstanceSize.named("cpu.1")},
        exposure=Exposure.network_load_balancer(target_group_name="web"),
    )
    report.flag("network", web.endpoint.load_balancer == LoadBalancerKind.NETWORK)
    report.flag("application", web.endpoint.load_balancer == LoadBalancerKind.APPLICATION)
    report.flag("taint", Taint.no_schedule("rack", "a").effect == TaintEffect.NO_SCHEDULE)
