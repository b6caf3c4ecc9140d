package com.example;

import io.github.cdk8sbento.AppSynthesizer;
import io.github.cdk8sbento.Bento;
import io.github.cdk8sbento.BentoDeployment;
import io.github.cdk8sbento.BentoDeploymentProps;
import io.github.cdk8sbento.BentoFromImageOptions;
import io.github.cdk8sbento.BentoService;
import io.github.cdk8sbento.BentoServiceOptions;
import io.github.cdk8sbento.Capacity;
import io.github.cdk8sbento.CapacityOptions;
import io.github.cdk8sbento.ClusterProfile;
import io.github.cdk8sbento.ClusterProfileProps;
import io.github.cdk8sbento.ComponentOptions;
import io.github.cdk8sbento.Consolidation;
import io.github.cdk8sbento.ConsolidationOptions;
import io.github.cdk8sbento.DisruptionReason;
import io.github.cdk8sbento.EbsDiskOptions;
import io.github.cdk8sbento.ExistingNodePool;
import io.github.cdk8sbento.ExistingNodePoolOptions;
import io.github.cdk8sbento.Exposure;
import io.github.cdk8sbento.Fleet;
import io.github.cdk8sbento.FleetProps;
import io.github.cdk8sbento.GlobalService;
import io.github.cdk8sbento.GlobalServiceProps;
import io.github.cdk8sbento.Gpu;
import io.github.cdk8sbento.GpuNodePool;
import io.github.cdk8sbento.GpuNodePoolProps;
import io.github.cdk8sbento.GpuOptions;
import io.github.cdk8sbento.InstanceSize;
import io.github.cdk8sbento.InstanceSizeOptions;
import io.github.cdk8sbento.KarpenterOptions;
import io.github.cdk8sbento.KedaHttpAddOnOptions;
import io.github.cdk8sbento.KedaOptions;
import io.github.cdk8sbento.NearestRegionOptions;
import io.github.cdk8sbento.NetworkLoadBalancerOptions;
import io.github.cdk8sbento.NodeDisk;
import io.github.cdk8sbento.NodeDisruptionBudget;
import io.github.cdk8sbento.NodeDisruptionBudgetOptions;
import io.github.cdk8sbento.NodeImage;
import io.github.cdk8sbento.NodeImageOptions;
import io.github.cdk8sbento.NodePool;
import io.github.cdk8sbento.NodePoolProps;
import io.github.cdk8sbento.Region;
import io.github.cdk8sbento.RegionOptions;
import io.github.cdk8sbento.RegionTraffic;
import io.github.cdk8sbento.ReservedCapacityOptions;
import io.github.cdk8sbento.Runner;
import io.github.cdk8sbento.RunnerPool;
import io.github.cdk8sbento.RunnerPoolOptions;
import io.github.cdk8sbento.RunnerPoolProps;
import io.github.cdk8sbento.ScaleToZeroFunction;
import io.github.cdk8sbento.ScaleToZeroFunctionProps;
import io.github.cdk8sbento.ScaledComponentOptions;
import io.github.cdk8sbento.Scaling;
import io.github.cdk8sbento.ServingApp;
import io.github.cdk8sbento.ServingAppProps;
import io.github.cdk8sbento.ServingEndpoint;
import io.github.cdk8sbento.Taint;
import io.github.cdk8sbento.Toleration;
import io.github.cdk8sbento.Wave;
import java.util.List;
import java.util.Map;
import org.cdk8s.ApiObject;
import org.cdk8s.App;
import org.cdk8s.Chart;
import org.cdk8s.ChartProps;
import org.cdk8s.Duration;
import org.cdk8s.Size;

// Nodes, regions, and what is known of both before anything runs.
final class PlacementPart {
  private PlacementPart() {}

  static void run(App app, Report report) {
    var bento = Bento.fromImage(
      "registry.example.com/rag:1.0.0",
      BentoFromImageOptions.builder()
          .services(List.of(
            BentoService.named("Rag", BentoServiceOptions.builder().dependsOn(List.of("Embedder")).build()),
            BentoService.named("Embedder")
          ))
          .build()
    );
    var seoul = Region.aws("ap-northeast-2", RegionOptions.builder().shortName("seoul").build());
    var ireland = Region.aws("eu-west-1");
    report.text("region", seoul.getShortName());
    report.text("region", ireland.getShortName());

    var fleet = new Fleet(
      app,
      "Fleet",
      FleetProps.builder()
          .regions(List.of(seoul, ireland))
          .traffic(RegionTraffic.nearest(
            NearestRegionOptions.builder().dials(Map.of("ap-northeast-2", 50, "eu-west-1", 100)).build()
          ))
          .drained(List.of(seoul))
          .waves(List.of(Wave.of(List.of(seoul)), Wave.of(List.of(ireland))))
          .deployments(List.of("far"))
          .build()
    );
    for (Region region : fleet.getRegions()) {
      report.number("wave", fleet.waveOf(region));
      report.text("chart", fleet.chartId(region));
    }
    for (Region region : fleet.getServingRegions()) {
      report.text("serving", region.getName());
    }
    for (Wave wave : fleet.getWaves()) {
      for (Region region : wave.getRegions()) {
        report.text("wave", region.getName());
      }
    }
    new Fleet(
      app,
      "Weighted",
      FleetProps.builder()
          .regions(List.of(ireland))
          .traffic(RegionTraffic.weighted(Map.of("eu-west-1", 100)))
          .deployments(List.of("far"))
          .build()
    );
    new Fleet(
      app,
      "Again",
      FleetProps.builder()
          .regions(List.of(seoul, ireland))
          .traffic(fleet.getTraffic())
          .drained(List.of(seoul))
          .deployments(List.of("far"))
          .build()
    );
    new Fleet(
      app,
      "Ordered",
      FleetProps.builder()
          .regions(List.of(ireland))
          .traffic(RegionTraffic.failover(List.of(ireland)))
          .deployments(List.of("far"))
          .build()
    );

    var far = new Chart(app, "far", ChartProps.builder().namespace("far").build());
    ClusterProfile.set(
      far,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("far")
            .region(ireland)
            .loadBalancerCidrs(List.of("10.0.0.0/20"))
            .karpenter(KarpenterOptions.builder()
                .version("1.9")
                .nodeRoleName("nodes")
                .discoveryTags(Map.of("cluster", "far", "team", "ml"))
                .capacityBuffers(true)
                .daemonCpuCores(0.5)
                .daemonMemory(Size.mebibytes(600))
                .build())
            .build()
      )
    );
    var team = Taint.noSchedule("team", "ml");
    report.text("taint", team.getKey());
    report.text("taint", team.getValue());
    var l4 = new GpuNodePool(
      far,
      "L4",
      GpuNodePoolProps.builder()
          .name("l4")
          .gpu(Gpu.NVIDIA_L4)
          .runtimeClassName("nvidia")
          .image(NodeImage.bottlerocket(NodeImageOptions.builder().version("v1.57.0").build()))
          .disk(NodeDisk.ebs(
            EbsDiskOptions.builder()
                .size(Size.gibibytes(300))
                .throughputMibps(750)
                .iops(4000)
                .kmsKeyId("alias/nodes")
                .build()
          ))
          .instanceFamilies(List.of("g6", "gr6"))
          .zones(List.of("eu-west-1a", "eu-west-1b"))
          .labels(Map.of("team", "ml", "stage", "production"))
          .taints(List.of(
            team,
            Taint.noExecute("maintenance", "soon"),
            Taint.preferNoSchedule("spare", "yes")
          ))
          .tags(Map.of("team", "ml", "cost", "serving"))
          .capacity(List.of(
            Capacity.reserved(
              ReservedCapacityOptions.builder()
                  .id("cr-0123456789abcdef0")
                  .maxGpus(4)
                  .zones(List.of("eu-west-1a"))
                  .build()
            ),
            Capacity.reserved(
              ReservedCapacityOptions.builder()
                  .tags(Map.of("team", "ml", "use", "rag"))
                  .maxGpus(4)
                  .name("block")
                  .build()
            ),
            Capacity.onDemand(
              CapacityOptions.builder()
                  .maxGpus(8)
                  .instanceTypes(List.of("g6.2xlarge"))
                  .maxCpuCores(64)
                  .build()
            ),
            Capacity.spot(
              CapacityOptions.builder()
                  .maxGpus(8)
                  .gpu(Gpu.NVIDIA_L40_S)
                  .instanceFamilies(List.of("g6e"))
                  .build()
            )
          ))
          .maxGpus(16)
          .resourceQuota(true)
          .consolidation(Consolidation.whenEmpty(
            ConsolidationOptions.builder().after(Duration.minutes(20)).build()
          ))
          .disruptionBudgets(List.of(
            NodeDisruptionBudget.nodes(
              1,
              NodeDisruptionBudgetOptions.builder()
                  .reasons(List.of(DisruptionReason.DRIFTED, DisruptionReason.UNDERUTILIZED))
                  .build()
            ),
            NodeDisruptionBudget.percent(
              50,
              NodeDisruptionBudgetOptions.builder().reasons(List.of(DisruptionReason.EMPTY)).build()
            ),
            NodeDisruptionBudget.nodes(
              0,
              NodeDisruptionBudgetOptions.builder()
                  .schedule("0 8 * * mon-fri")
                  .duration(Duration.hours(10))
                  .build()
            )
          ))
          .expireAfter(Duration.days(14))
          .terminationGracePeriod(Duration.hours(2))
          .warmNodes(1)
          .pullImages(true)
          .build()
    );
    var small = new NodePool(
      far,
      "Small",
      NodePoolProps.builder()
          .image(NodeImage.al2023(NodeImageOptions.builder().version("v20260903").build()))
          .disk(NodeDisk.instanceStore())
          .minCpuCoresPerNode(2)
          .maxCpuCoresPerNode(8)
          .instanceTypes(List.of("m6id.large", "m6id.xlarge"))
          .capacity(List.of(Capacity.spot(CapacityOptions.builder().maxCpuCores(64).build())))
          .consolidation(Consolidation.whenEmptyOrUnderutilized(
            ConsolidationOptions.builder().after(Duration.minutes(15)).build()
          ))
          .build()
    );
    new NodePool(
      far,
      "Idle",
      NodePoolProps.builder()
          .capacity(List.of(Capacity.onDemand(CapacityOptions.builder().maxCpuCores(8).build())))
          .consolidation(Consolidation.never())
          .build()
    );
    report.text("pool", l4.getName());
    report.text("quota", l4.getResourceQuota().getName());
    report.text("spare", l4.getSpare().getKind());
    report.text("image pull", l4.getImagePull().getKind());
    for (ApiObject nodePool : l4.getNodePools()) {
      report.text("node pool", nodePool.getName());
    }
    for (ApiObject nodeClass : small.getNodeClasses()) {
      report.text("node class", nodeClass.getName());
    }
    report.map("node labels", l4.bindPods().getNodeLabels());

    var sliced = ExistingNodePool.of(
      ExistingNodePoolOptions.builder()
          .name("sliced")
          .nodeLabels(Map.of("nvidia.com/mig.config", "all-1g.10gb", "pool", "sliced"))
          .tolerations(List.of(Toleration.exists("sliced")))
          .gpus(List.of(
            Gpu.of(
              GpuOptions.builder()
                  .name("a100-1g")
                  .resourceName("nvidia.com/mig-1g.10gb")
                  .maxPerNode(56)
                  .build()
            )
          ))
          .gpusPerNode(56)
          .cpuCoresPerNode(90)
          .memoryPerNode(Size.gibibytes(1000))
          .maxGpus(112)
          .runtimeClassName("nvidia")
          .spreadOver(List.of("kubernetes.io/hostname"))
          .build()
    );
    report.text("existing", sliced.bindPods().getName());
    var rag = new BentoDeployment(
      far,
      "Far",
      BentoDeploymentProps.builder()
          .bento(bento)
          .apiServer(ScaledComponentOptions.builder()
              .size(InstanceSize.named("cpu.2"))
              .nodePool(small)
              .build())
          .runners(Map.of(
            "Embedder", Runner.pool(
              RunnerPoolOptions.builder()
                  .size(InstanceSize.of(
                    InstanceSizeOptions.builder()
                        .cpuCores(2)
                        .memory(Size.gibibytes(8))
                        .gpu(Gpu.NVIDIA_L4)
                        .build()
                  ))
                  .scaling(Scaling.replicas(2))
                  .nodePool(l4)
                  .build()
            )
          ))
          .exposure(Exposure.networkLoadBalancer(
            NetworkLoadBalancerOptions.builder().targetGroupName("far").build()
          ))
          .build()
    );
    var endpoint = rag.getEndpoint();
    report.text("endpoint", endpoint.getName());
    report.text("endpoint", endpoint.getClusterName());
    report.text("endpoint", endpoint.getRegion());
    report.text("endpoint", endpoint.getTargetGroupName());
    report.text("endpoint", endpoint.getHealthPath());
    report.number("endpoint", endpoint.getContainerPort());
    report.duration("endpoint", endpoint.getDeregistrationDelay());
    report.duration("endpoint", endpoint.getIdleTimeout());
    for (ServingEndpoint each : rag.getEndpoints()) {
      report.text("endpoint", each.getName());
    }

    var wide = new Chart(app, "wide", ChartProps.builder().namespace("wide").build());
    ClusterProfile.set(
      wide,
      new ClusterProfile(
        ClusterProfileProps.builder()
            .name("wide")
            .loadBalancerCidrs(List.of("10.0.0.0/20"))
            .keda(KedaOptions.builder().build())
            .kedaHttpAddOn(KedaHttpAddOnOptions.builder().build())
            .build()
      )
    );
    var pool = new RunnerPool(
      wide,
      "Embedder",
      RunnerPoolProps.builder()
          .bento(bento)
          .bentoService("Embedder")
          .region(seoul)
          .size(InstanceSize.named("cpu.4"))
          .build()
    );
    var near = new BentoDeployment(
      wide,
      "Near",
      BentoDeploymentProps.builder()
          .bento(bento)
          .region(seoul)
          .apiServer(ScaledComponentOptions.builder().size(InstanceSize.named("cpu.2")).build())
          .runners(Map.of("Embedder", Runner.shared(pool)))
          .build()
    );
    var all = new GlobalService(
      wide,
      "All",
      GlobalServiceProps.builder()
          .members(List.of(near))
          .exposure(Exposure.networkLoadBalancer(
            NetworkLoadBalancerOptions.builder().targetGroupName("wide").build()
          ))
          .build()
    );
    report.text("global", all.getEndpoint().getTargetGroupName());
    for (ServingEndpoint each : all.getEndpoints()) {
      report.text("global", each.getName());
    }
    new ScaleToZeroFunction(
      wide,
      "Night",
      ScaleToZeroFunctionProps.builder()
          .bento(Bento.fromImage(
            "registry.example.com/night:1.0.0",
            BentoFromImageOptions.builder().bentoService("Night").build()
          ))
          .region(seoul)
          .apiServer(ComponentOptions.builder().size(InstanceSize.named("cpu.2")).build())
          .maxReplicas(2)
          .targetConcurrency(4)
          .build()
    );

    var serving = new ServingApp(ServingAppProps.builder().recordConstructMetadata(false).build());
    new Chart(serving, "empty");
    for (Chart chart : serving.getCharts()) {
      report.text("chart", chart.getNode().getId());
    }
    report.text("yaml", serving.synthYaml());
    report.text("yaml", AppSynthesizer.synthYaml(serving));
  }
}
