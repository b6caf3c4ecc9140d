package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// Nodes, regions, and what is known of both before anything runs.
func placement(app cdk8s.App, report *Report) {
	bento := cdk8sbento.Bento_FromImage(
		jsii.String("registry.example.com/rag:1.0.0"),
		&cdk8sbento.BentoFromImageOptions{
			Services: &[]cdk8sbento.BentoService{
				cdk8sbento.BentoService_Named(
					jsii.String("Rag"),
					&cdk8sbento.BentoServiceOptions{DependsOn: &[]*string{jsii.String("Embedder")}},
				),
				cdk8sbento.BentoService_Named(jsii.String("Embedder"), nil),
			},
		},
	)
	seoul := cdk8sbento.Region_Aws(
		jsii.String("ap-northeast-2"),
		&cdk8sbento.RegionOptions{ShortName: jsii.String("seoul")},
	)
	ireland := cdk8sbento.Region_Aws(jsii.String("eu-west-1"), nil)
	report.Text(jsii.String("region"), seoul.ShortName())
	report.Text(jsii.String("region"), ireland.ShortName())

	fleet := cdk8sbento.NewFleet(
		app,
		jsii.String("Fleet"),
		&cdk8sbento.FleetProps{
			Regions: &[]cdk8sbento.Region{seoul, ireland},
			Traffic: cdk8sbento.RegionTraffic_Nearest(
				&cdk8sbento.NearestRegionOptions{
					Dials: &map[string]*float64{"ap-northeast-2": jsii.Number(50), "eu-west-1": jsii.Number(100)},
				},
			),
			Drained: &[]cdk8sbento.Region{seoul},
			Waves: &[]cdk8sbento.Wave{
				cdk8sbento.Wave_Of(&[]cdk8sbento.Region{seoul}),
				cdk8sbento.Wave_Of(&[]cdk8sbento.Region{ireland}),
			},
			Deployments: &[]*string{jsii.String("far")},
		},
	)
	for _, region := range *fleet.Regions() {
		report.Number(jsii.String("wave"), fleet.WaveOf(region))
		report.Text(jsii.String("chart"), fleet.ChartId(region))
	}
	for _, region := range *fleet.ServingRegions() {
		report.Text(jsii.String("serving"), region.Name())
	}
	for _, wave := range *fleet.Waves() {
		for _, region := range *wave.Regions() {
			report.Text(jsii.String("wave"), region.Name())
		}
	}
	cdk8sbento.NewFleet(
		app,
		jsii.String("Weighted"),
		&cdk8sbento.FleetProps{
			Regions:     &[]cdk8sbento.Region{ireland},
			Traffic:     cdk8sbento.RegionTraffic_Weighted(&map[string]*float64{"eu-west-1": jsii.Number(100)}),
			Deployments: &[]*string{jsii.String("far")},
		},
	)
	cdk8sbento.NewFleet(
		app,
		jsii.String("Again"),
		&cdk8sbento.FleetProps{
			Regions:     &[]cdk8sbento.Region{seoul, ireland},
			Traffic:     fleet.Traffic(),
			Drained:     &[]cdk8sbento.Region{seoul},
			Deployments: &[]*string{jsii.String("far")},
		},
	)
	cdk8sbento.NewFleet(
		app,
		jsii.String("Ordered"),
		&cdk8sbento.FleetProps{
			Regions:     &[]cdk8sbento.Region{ireland},
			Traffic:     cdk8sbento.RegionTraffic_Failover(&[]cdk8sbento.Region{ireland}),
			Deployments: &[]*string{jsii.String("far")},
		},
	)

	far := cdk8s.NewChart(app, jsii.String("far"), &cdk8s.ChartProps{Namespace: jsii.String("far")})
	cdk8sbento.ClusterProfile_Set(
		far,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("far"),
				Region:            ireland,
				LoadBalancerCidrs: &[]*string{jsii.String("10.0.0.0/20")},
				Karpenter: &cdk8sbento.KarpenterOptions{
					Version:         jsii.String("1.9"),
					NodeRoleName:    jsii.String("nodes"),
					DiscoveryTags:   &map[string]*string{"cluster": jsii.String("far"), "team": jsii.String("ml")},
					CapacityBuffers: jsii.Bool(true),
					DaemonCpuCores:  jsii.Number(0.5),
					DaemonMemory:    cdk8s.Size_Mebibytes(jsii.Number(600)),
				},
			},
		),
	)
	team := cdk8sbento.Taint_NoSchedule(jsii.String("team"), jsii.String("ml"))
	report.Text(jsii.String("taint"), team.Key())
	report.Text(jsii.String("taint"), team.Value())
	l4 := cdk8sbento.NewGpuNodePool(
		far,
		jsii.String("L4"),
		&cdk8sbento.GpuNodePoolProps{
			Name:             jsii.String("l4"),
			Gpu:              cdk8sbento.Gpu_NVIDIA_L4(),
			RuntimeClassName: jsii.String("nvidia"),
			Image:            cdk8sbento.NodeImage_Bottlerocket(&cdk8sbento.NodeImageOptions{Version: jsii.String("v1.57.0")}),
			Disk: cdk8sbento.NodeDisk_Ebs(
				&cdk8sbento.EbsDiskOptions{
					Size:            cdk8s.Size_Gibibytes(jsii.Number(300)),
					ThroughputMibps: jsii.Number(750),
					Iops:            jsii.Number(4000),
					KmsKeyId:        jsii.String("alias/nodes"),
				},
			),
			InstanceFamilies: &[]*string{jsii.String("g6"), jsii.String("gr6")},
			Zones:            &[]*string{jsii.String("eu-west-1a"), jsii.String("eu-west-1b")},
			Labels:           &map[string]*string{"team": jsii.String("ml"), "stage": jsii.String("production")},
			Taints: &[]cdk8sbento.Taint{
				team,
				cdk8sbento.Taint_NoExecute(jsii.String("maintenance"), jsii.String("soon")),
				cdk8sbento.Taint_PreferNoSchedule(jsii.String("spare"), jsii.String("yes")),
			},
			Tags: &map[string]*string{"team": jsii.String("ml"), "cost": jsii.String("serving")},
			Capacity: &[]cdk8sbento.Capacity{
				cdk8sbento.Capacity_Reserved(
					&cdk8sbento.ReservedCapacityOptions{
						Id:      jsii.String("cr-0123456789abcdef0"),
						MaxGpus: jsii.Number(4),
						Zones:   &[]*string{jsii.String("eu-west-1a")},
					},
				),
				cdk8sbento.Capacity_Reserved(
					&cdk8sbento.ReservedCapacityOptions{
						Tags:    &map[string]*string{"team": jsii.String("ml"), "use": jsii.String("rag")},
						MaxGpus: jsii.Number(4),
						Name:    jsii.String("block"),
					},
				),
				cdk8sbento.Capacity_OnDemand(
					&cdk8sbento.CapacityOptions{
						MaxGpus:       jsii.Number(8),
						InstanceTypes: &[]*string{jsii.String("g6.2xlarge")},
						MaxCpuCores:   jsii.Number(64),
					},
				),
				cdk8sbento.Capacity_Spot(
					&cdk8sbento.CapacityOptions{
						MaxGpus:          jsii.Number(8),
						Gpu:              cdk8sbento.Gpu_NVIDIA_L40S(),
						InstanceFamilies: &[]*string{jsii.String("g6e")},
					},
				),
			},
			MaxGpus:       jsii.Number(16),
			ResourceQuota: jsii.Bool(true),
			Consolidation: cdk8sbento.Consolidation_WhenEmpty(
				&cdk8sbento.ConsolidationOptions{After: cdk8s.Duration_Minutes(jsii.Number(20))},
			),
			DisruptionBudgets: &[]cdk8sbento.NodeDisruptionBudget{
				cdk8sbento.NodeDisruptionBudget_Nodes(
					jsii.Number(1),
					&cdk8sbento.NodeDisruptionBudgetOptions{
						Reasons: &[]cdk8sbento.DisruptionReason{
							cdk8sbento.DisruptionReason_DRIFTED,
							cdk8sbento.DisruptionReason_UNDERUTILIZED,
						},
					},
				),
				cdk8sbento.NodeDisruptionBudget_Percent(
					jsii.Number(50),
					&cdk8sbento.NodeDisruptionBudgetOptions{
						Reasons: &[]cdk8sbento.DisruptionReason{cdk8sbento.DisruptionReason_EMPTY},
					},
				),
				cdk8sbento.NodeDisruptionBudget_Nodes(
					jsii.Number(0),
					&cdk8sbento.NodeDisruptionBudgetOptions{
						Schedule: jsii.String("0 8 * * mon-fri"),
						Duration: cdk8s.Duration_Hours(jsii.Number(10)),
					},
				),
			},
			ExpireAfter:            cdk8s.Duration_Days(jsii.Number(14)),
			TerminationGracePeriod: cdk8s.Duration_Hours(jsii.Number(2)),
			WarmNodes:              jsii.Number(1),
			PullImages:             jsii.Bool(true),
		},
	)
	small := cdk8sbento.NewNodePool(
		far,
		jsii.String("Small"),
		&cdk8sbento.NodePoolProps{
			Image:              cdk8sbento.NodeImage_Al2023(&cdk8sbento.NodeImageOptions{Version: jsii.String("v20260903")}),
			Disk:               cdk8sbento.NodeDisk_InstanceStore(),
			MinCpuCoresPerNode: jsii.Number(2),
			MaxCpuCoresPerNode: jsii.Number(8),
			InstanceTypes:      &[]*string{jsii.String("m6id.large"), jsii.String("m6id.xlarge")},
			Capacity: &[]cdk8sbento.Capacity{
				cdk8sbento.Capacity_Spot(&cdk8sbento.CapacityOptions{MaxCpuCores: jsii.Number(64)}),
			},
			Consolidation: cdk8sbento.Consolidation_WhenEmptyOrUnderutilized(
				&cdk8sbento.ConsolidationOptions{After: cdk8s.Duration_Minutes(jsii.Number(15))},
			),
		},
	)
	cdk8sbento.NewNodePool(
		far,
		jsii.String("Idle"),
		&cdk8sbento.NodePoolProps{
			Capacity: &[]cdk8sbento.Capacity{
				cdk8sbento.Capacity_OnDemand(&cdk8sbento.CapacityOptions{MaxCpuCores: jsii.Number(8)}),
			},
			Consolidation: cdk8sbento.Consolidation_Never(),
		},
	)
	report.Text(jsii.String("pool"), l4.Name())
	report.Text(jsii.String("quota"), l4.ResourceQuota().Name())
	report.Text(jsii.String("spare"), l4.Spare().Kind())
	report.Text(jsii.String("image pull"), l4.ImagePull().Kind())
	for _, nodePool := range *l4.NodePools() {
		report.Text(jsii.String("node pool"), nodePool.Name())
	}
	for _, nodeClass := range *small.NodeClasses() {
		report.Text(jsii.String("node class"), nodeClass.Name())
	}
	report.Map(jsii.String("node labels"), l4.BindPods().NodeLabels)

	sliced := cdk8sbento.ExistingNodePool_Of(
		&cdk8sbento.ExistingNodePoolOptions{
			Name: jsii.String("sliced"),
			NodeLabels: &map[string]*string{
				"nvidia.com/mig.config": jsii.String("all-1g.10gb"),
				"pool":                  jsii.String("sliced"),
			},
			Tolerations: &[]cdk8sbento.Toleration{cdk8sbento.Toleration_Exists(jsii.String("sliced"), nil)},
			Gpus: &[]cdk8sbento.Gpu{
				cdk8sbento.Gpu_Of(
					&cdk8sbento.GpuOptions{
						Name:         jsii.String("a100-1g"),
						ResourceName: jsii.String("nvidia.com/mig-1g.10gb"),
						MaxPerNode:   jsii.Number(56),
					},
				),
			},
			GpusPerNode:      jsii.Number(56),
			CpuCoresPerNode:  jsii.Number(90),
			MemoryPerNode:    cdk8s.Size_Gibibytes(jsii.Number(1000)),
			MaxGpus:          jsii.Number(112),
			RuntimeClassName: jsii.String("nvidia"),
			SpreadOver:       &[]*string{jsii.String("kubernetes.io/hostname")},
		},
	)
	report.Text(jsii.String("existing"), sliced.BindPods().Name)
	rag := cdk8sbento.NewBentoDeployment(
		far,
		jsii.String("Far"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:     cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				NodePool: small,
			},
			Runners: &map[string]cdk8sbento.Runner{
				"Embedder": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Size: cdk8sbento.InstanceSize_Of(
							&cdk8sbento.InstanceSizeOptions{
								CpuCores: jsii.Number(2),
								Memory:   cdk8s.Size_Gibibytes(jsii.Number(8)),
								Gpu:      cdk8sbento.Gpu_NVIDIA_L4(),
							},
						),
						Scaling:  cdk8sbento.Scaling_Replicas(jsii.Number(2)),
						NodePool: l4,
					},
				),
			},
			Exposure: cdk8sbento.Exposure_NetworkLoadBalancer(
				&cdk8sbento.NetworkLoadBalancerOptions{TargetGroupName: jsii.String("far")},
			),
		},
	)
	endpoint := rag.Endpoint()
	report.Text(jsii.String("endpoint"), endpoint.Name())
	report.Text(jsii.String("endpoint"), endpoint.ClusterName())
	report.Text(jsii.String("endpoint"), endpoint.Region())
	report.Text(jsii.String("endpoint"), endpoint.TargetGroupName())
	report.Text(jsii.String("endpoint"), endpoint.HealthPath())
	report.Number(jsii.String("endpoint"), endpoint.ContainerPort())
	report.Duration(jsii.String("endpoint"), endpoint.DeregistrationDelay())
	report.Duration(jsii.String("endpoint"), endpoint.IdleTimeout())
	for _, each := range *rag.Endpoints() {
		report.Text(jsii.String("endpoint"), each.Name())
	}

	wide := cdk8s.NewChart(app, jsii.String("wide"), &cdk8s.ChartProps{Namespace: jsii.String("wide")})
	cdk8sbento.ClusterProfile_Set(
		wide,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("wide"),
				LoadBalancerCidrs: &[]*string{jsii.String("10.0.0.0/20")},
				Keda:              &cdk8sbento.KedaOptions{},
				KedaHttpAddOn:     &cdk8sbento.KedaHttpAddOnOptions{},
			},
		),
	)
	pool := cdk8sbento.NewRunnerPool(
		wide,
		jsii.String("Embedder"),
		&cdk8sbento.RunnerPoolProps{
			Bento:        bento,
			BentoService: jsii.String("Embedder"),
			Region:       seoul,
			Size:         cdk8sbento.InstanceSize_Named(jsii.String("cpu.4")),
		},
	)
	near := cdk8sbento.NewBentoDeployment(
		wide,
		jsii.String("Near"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			Region:    seoul,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2"))},
			Runners:   &map[string]cdk8sbento.Runner{"Embedder": cdk8sbento.Runner_Shared(pool)},
		},
	)
	all := cdk8sbento.NewGlobalService(
		wide,
		jsii.String("All"),
		&cdk8sbento.GlobalServiceProps{
			Members: &[]cdk8sbento.BentoDeployment{near},
			Exposure: cdk8sbento.Exposure_NetworkLoadBalancer(
				&cdk8sbento.NetworkLoadBalancerOptions{TargetGroupName: jsii.String("wide")},
			),
		},
	)
	report.Text(jsii.String("global"), all.Endpoint().TargetGroupName())
	for _, each := range *all.Endpoints() {
		report.Text(jsii.String("global"), each.Name())
	}
	cdk8sbento.NewScaleToZeroFunction(
		wide,
		jsii.String("Night"),
		&cdk8sbento.ScaleToZeroFunctionProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/night:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Night")},
			),
			Region:            seoul,
			ApiServer:         &cdk8sbento.ComponentOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2"))},
			MaxReplicas:       jsii.Number(2),
			TargetConcurrency: jsii.Number(4),
		},
	)

	serving := cdk8sbento.NewServingApp(&cdk8sbento.ServingAppProps{RecordConstructMetadata: jsii.Bool(false)})
	cdk8s.NewChart(serving, jsii.String("empty"), nil)
	for _, chart := range *serving.Charts() {
		report.Text(jsii.String("chart"), chart.Node().Id())
	}
	report.Text(jsii.String("yaml"), serving.SynthYaml())
	report.Text(jsii.String("yaml"), cdk8sbento.AppSynthesizer_SynthYaml(serving))
}
