"""The quickstart in Python: pip install cdk8s-bento, python examples/python/quickstart.py, and dist/ has the manifests."""

from cdk8s import App, Chart
from cdk8s_bento import Bento, BentoDeployment, EnvVar, SecretRef

app = App()
chart = Chart(app, "text-search", namespace="ml")

BentoDeployment(
    chart,
    "TextSearch",
    bento=Bento.from_file("examples/bentos/text-search", image="registry.example.com/text-search:3auspqat6smdonry"),
    env=[EnvVar.from_secret("API_KEY", secret=SecretRef.named("text-search"), key="api-key")],
)

app.synth()
