"""mistakes.py OUTDIR: mistakes that users make, and how they hear of them."""

import sys

import jsii
from cdk8s import App, Chart, Duration
from cdk8s_bento import (
    Bento,
    BentoDeployment,
    BentoService,
    Exposure,
    ExposureBinding,
    IExposure,
    InstanceSize,
    NetworkPeer,
    Runner,
    ScaledComponentOptions,
    TrafficPolicy,
)

outdir = sys.argv[1]
bento = Bento.from_image(
    "registry.example.com/rag:1.0.0",
    services=[BentoService.named("Rag", depends_on=["Embedder"]), BentoService.named("Embedder")],
)


def report(name, mistake) -> None:
    try:
        mistake()
    except Exception as error:
        print(f"=== {name}\n{type(error).__name__}\n{error}")


def bad_value() -> None:
    """Its size has a GPU, and how many replicas there are is not stated."""
    chart = Chart(App(outdir=outdir), "prod", namespace="ml")
    runners = {"Embedder": Runner.pool(size=InstanceSize.named("gpu.l4.1"))}
    BentoDeployment(chart, "Rag", bento=bento, runners=runners)


def contradiction() -> None:
    """Found when all is there: the caller gives up before the one it calls."""
    app = App(outdir=outdir)
    chart = Chart(app, "prod", namespace="ml")
    BentoDeployment(
        chart,
        "Rag",
        bento=bento,
        api_server=ScaledComponentOptions(traffic=TrafficPolicy(timeout=Duration.seconds(30))),
        runners={"Embedder": Runner.pool(traffic=TrafficPolicy(timeout=Duration.seconds(60)))},
    )
    app.synth()


@jsii.implements(IExposure)
class Impatient:
    def bind(self, scope, target) -> ExposureBinding:
        return ExposureBinding(
            peers=[NetworkPeer.namespace("edge")],
            request_timeout=Duration.seconds(5),
            connection_idle_timeout=Duration.seconds(60),
        )


def bad_answer() -> None:
    """In what the library is told by code of the user's."""
    app = App(outdir=outdir)
    chart = Chart(app, "prod", namespace="ml")
    BentoDeployment(chart, "Rag", bento=bento, exposure=Exposure.custom(Impatient()))
    app.synth()


report("bad value", bad_value)
report("contradiction", contradiction)
report("bad answer", bad_answer)
