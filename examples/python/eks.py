"""The same as ../eks.ts: Terraform from nothing to a cluster that manifests fit, and a chart that runs in it.

pip install cdk8s-bento cdktf==0.21.0 cdktf-cdktf-provider-aws==21.22.1
"""

import os
import sys

import cdktf
from cdk8s import App, Chart
from cdk8s_bento import (
    Bento,
    BentoDeployment,
    BentoService,
    ClusterProfile,
    EnvVar,
    Exposure,
    Gpu,
    InstanceSize,
    Region,
    Runner,
    Scaling,
    ServiceAccountRef,
    aws,
)
from cdktf_cdktf_provider_aws.provider import AwsProvider

region = Region.aws("us-east-1")
account_id = "111122223333"
out = os.environ.get("CDK8S_OUTDIR", "out/eks")
os.makedirs(out, exist_ok=True)

# Terraform: one stack for what lives as long as the cluster.
terraform = cdktf.App(outdir=os.path.join(out, "terraform"))
stack = cdktf.TerraformStack(terraform, "prod")
aws.StateBackend.s3(stack, bucket="example-terraform-state", key="prod.tfstate", region=region)
AwsProvider(stack, "aws", region=region.name, allowed_account_ids=[account_id])

cluster = aws.ServingCluster(
    stack,
    "Prod",
    region=region,
    kubernetes_version="1.34",
    network=aws.ClusterNetwork.create(zones=["us-east-1a", "us-east-1b", "us-east-1c"]),
    access=[aws.ClusterAccess.administrator(f"arn:aws:iam::{account_id}:role/deploy")],
    profile={"prometheus": {"operator_labels": {"release": "kube-prometheus-stack"}}},
)

l4 = aws.GpuNodeGroup(
    stack,
    "L4",
    cluster=cluster,
    gpu=Gpu.NVIDIA_L4,
    instance_types=["g6.2xlarge"],
    capacity=aws.NodeCapacity.reservation("cr-0123456789abcdef0"),
    min_nodes=2,
    max_nodes=4,
)

images = aws.ImageRepository(stack, "Images", region=region, account_id=account_id, name="bentos/rag")
weights = aws.ModelBucket(
    stack,
    "Weights",
    name="example-rag-weights",
    region=region,
    access_log_bucket="example-access-logs",
)
weights.grant_read(cluster, "ml", "rag")

# Kubernetes: what runs in it, applied when the cluster is there.
app = App()
chart = Chart(app, cluster.name, namespace="ml")
ClusterProfile.set(chart, cluster.profile)

services = [
    BentoService.named("Gateway", depends_on=["Embedder"], size=InstanceSize.named("cpu.2")),
    BentoService.named("Embedder", size=InstanceSize.named("gpu.l4.1")),
]
rag = BentoDeployment(
    chart,
    "Rag",
    bento=Bento.from_image(images.image("3auspqat6smdonry"), services=services),
    env=[EnvVar.value("WEIGHTS", weights.url("embedder/v3"))],
    service_account=ServiceAccountRef.created(name="rag"),
    runners={"Embedder": Runner.pool(node_pool=l4, scaling=Scaling.replicas(2))},
    exposure=Exposure.application_load_balancer(hosts=["rag.internal.example.com"]),
)

terraform.synth()
app.synth()

print("Before the manifests are applied:", file=sys.stderr)
for requirement in [*cluster.requirements, *rag.requirements]:
    print(f"- {requirement.to_string()}", file=sys.stderr)
