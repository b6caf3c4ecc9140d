package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// One cluster each, with what a profile can say.
func clusters(app cdk8s.App, report *Report) {
	bento := cdk8sbento.Bento_FromImage(
		jsii.String("registry.example.com/summarizer:1.0.0"),
		&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Summarizer")},
	)

	basic := cdk8s.NewChart(app, jsii.String("basic"), &cdk8s.ChartProps{Namespace: jsii.String("basic")})
	cdk8sbento.ClusterProfile_Set(
		basic,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("basic"),
				Region:            cdk8sbento.Region_Aws(jsii.String("eu-west-1"), nil),
				KubernetesVersion: jsii.String("1.36"),
				ClusterDomain:     jsii.String("cluster.example"),
				Namespace:         jsii.String("basic"),
				DnsTtl:            cdk8s.Duration_Seconds(jsii.Number(10)),
				EnvoyImage:        jsii.String("registry.example.com/envoy:v1.39.3"),
				LoadBalancerCidrs: &[]*string{jsii.String("10.0.0.0/20"), jsii.String("10.0.16.0/20")},
				Keda:              &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				ArgoRollouts: &cdk8sbento.ArgoRolloutsOptions{
					Version:          jsii.String("1.9"),
					GatewayApiPlugin: &cdk8sbento.GatewayApiPluginOptions{Version: jsii.String("0.15")},
				},
				Gateway: cdk8sbento.Gateway_Standard(
					&cdk8sbento.StandardGatewayOptions{
						Name:               jsii.String("public"),
						Namespace:          jsii.String("gateways"),
						ClientIdleTimeout:  cdk8s.Duration_Minutes(jsii.Number(5)),
						HttpListener:       jsii.String("http"),
						HttpsListener:      jsii.String("https"),
						DataPlaneNamespace: jsii.String("gateways"),
						DataPlaneLabels:    &map[string]*string{"app": jsii.String("gateway"), "role": jsii.String("proxy")},
					},
				),
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:   jsii.String("https://prometheus.example.com"),
					Namespace: jsii.String("monitoring"),
					PodLabels: &map[string]*string{"app": jsii.String("prometheus"), "shard": jsii.String("0")},
					OperatorLabels: &map[string]*string{
						"release": jsii.String("prometheus"),
						"team":    jsii.String("platform"),
					},
					QueryLabels:    &map[string]*string{"cluster": jsii.String("basic"), "region": jsii.String("eu-west-1")},
					Headers:        &map[string]*string{"X-Scope-OrgID": jsii.String("ml"), "X-Team": jsii.String("search")},
					ScrapeInterval: cdk8s.Duration_Seconds(jsii.Number(15)),
					Authentication: cdk8sbento.PrometheusAuthentication_Basic(
						&cdk8sbento.BasicAuthenticationOptions{
							Secret:      cdk8sbento.SecretRef_Named(jsii.String("prometheus")),
							UsernameKey: jsii.String("user"),
							PasswordKey: jsii.String("password"),
						},
					),
				},
			},
		),
	)
	cdk8sbento.NewBentoDeployment(
		basic,
		jsii.String("Summarizer"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(4),
						Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(8))},
					},
				),
			},
		},
	)
	profile := cdk8sbento.ClusterProfile_Of(basic)
	report.Text(jsii.String("cluster"), profile.Name())
	report.Text(jsii.String("kubernetes"), profile.KubernetesVersion())
	report.Text(jsii.String("domain"), profile.ClusterDomain())
	report.Text(jsii.String("namespace"), profile.Namespace())
	report.Text(jsii.String("region"), profile.Region().Name())
	report.Text(jsii.String("gateway"), profile.Gateway().Name())
	report.Text(jsii.String("gateway namespace"), profile.Gateway().Namespace())

	bearer := cdk8s.NewChart(app, jsii.String("bearer"), &cdk8s.ChartProps{Namespace: jsii.String("bearer")})
	cdk8sbento.ClusterProfile_Set(
		bearer,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:   jsii.String("bearer"),
				Region: cdk8sbento.Region_Named(jsii.String("berlin-1"), nil),
				Keda:   &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				Gateway: cdk8sbento.Gateway_EnvoyGateway(
					&cdk8sbento.EnvoyGatewayOptions{
						Name:               jsii.String("public"),
						Namespace:          jsii.String("gateways"),
						DataPlaneNamespace: jsii.String("envoy-gateway-system"),
						Proxies:            jsii.Number(3),
						Version:            jsii.String("1.9"),
					},
				),
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:        jsii.String("https://prometheus.example.com"),
					OperatorLabels: &map[string]*string{"release": jsii.String("prometheus")},
					Authentication: cdk8sbento.PrometheusAuthentication_BearerToken(
						&cdk8sbento.BearerTokenOptions{
							Secret: cdk8sbento.SecretRef_Named(jsii.String("token")),
							Key:    jsii.String("jwt"),
						},
					),
				},
			},
		),
	)
	cdk8sbento.NewBentoDeployment(
		bearer,
		jsii.String("Summarizer"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(4),
						Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(8))},
					},
				),
			},
		},
	)

	header := cdk8s.NewChart(app, jsii.String("header"), &cdk8s.ChartProps{Namespace: jsii.String("header")})
	cdk8sbento.ClusterProfile_Set(
		header,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name: jsii.String("header"),
				Keda: &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:        jsii.String("https://prometheus.example.com"),
					OperatorLabels: &map[string]*string{"release": jsii.String("prometheus")},
					Authentication: cdk8sbento.PrometheusAuthentication_Header(
						&cdk8sbento.HeaderAuthenticationOptions{
							Secret:   cdk8sbento.SecretRef_Named(jsii.String("header")),
							NameKey:  jsii.String("name"),
							ValueKey: jsii.String("value"),
						},
					),
				},
			},
		),
	)
	cdk8sbento.NewBentoDeployment(
		header,
		jsii.String("Summarizer"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(4),
						Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(8))},
					},
				),
			},
		},
	)

	managed := cdk8s.NewChart(app, jsii.String("managed"), &cdk8s.ChartProps{Namespace: jsii.String("managed")})
	cdk8sbento.ClusterProfile_Set(
		managed,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name: jsii.String("managed"),
				Keda: &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:        jsii.String("https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1"),
					OperatorLabels: &map[string]*string{"release": jsii.String("prometheus")},
					Authentication: cdk8sbento.PrometheusAuthentication_Aws(
						&cdk8sbento.AwsAuthenticationOptions{Region: jsii.String("eu-west-1")},
					),
				},
			},
		),
	)
	cdk8sbento.NewBentoDeployment(
		managed,
		jsii.String("Summarizer"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(4),
						Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(8))},
					},
				),
			},
		},
	)

	trigger := cdk8s.NewChart(app, jsii.String("trigger"), &cdk8s.ChartProps{Namespace: jsii.String("trigger")})
	cdk8sbento.ClusterProfile_Set(
		trigger,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name: jsii.String("trigger"),
				Keda: &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:        jsii.String("https://prometheus.example.com"),
					OperatorLabels: &map[string]*string{"release": jsii.String("prometheus")},
					Authentication: cdk8sbento.PrometheusAuthentication_TriggerAuthentication(
						cdk8sbento.TriggerAuthenticationRef_Named(jsii.String("prometheus")),
					),
				},
			},
		),
	)
	report.Text(
		jsii.String("authentication"),
		cdk8sbento.TriggerAuthenticationRef_Named(jsii.String("prometheus")).Name(),
	)
	cdk8sbento.NewBentoDeployment(
		trigger,
		jsii.String("Summarizer"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(4),
						Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(8))},
					},
				),
			},
		},
	)

	// Constants, and a GPU of one's own.
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_AMD_MI300X().ResourceName())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_AMD_MI325X().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_AMD_MI355X().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_AWS_INFERENTIA2().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_AWS_TRAINIUM().ResourceName())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_AWS_TRAINIUM2().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_A100().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_A100_80GB().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_A10G().ResourceName())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_B200().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_H100().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_H200().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_L4().ResourceName())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_L40S().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_RTX_PRO_6000().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_T4().Name())
	report.Text(jsii.String("GPU"), cdk8sbento.Gpu_NVIDIA_V100().ResourceName())
	report.Number(jsii.String("H100 per node"), cdk8sbento.Gpu_NVIDIA_H100().MaxPerNode())
	gpus := cdk8s.NewChart(app, jsii.String("gpus"), &cdk8s.ChartProps{Namespace: jsii.String("gpus")})
	cdk8sbento.ClusterProfile_Set(
		gpus,
		cdk8sbento.NewClusterProfile(&cdk8sbento.ClusterProfileProps{Name: jsii.String("gpus")}),
	)
	own := cdk8sbento.NewBentoDeployment(
		gpus,
		jsii.String("Own"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Of(
					&cdk8sbento.InstanceSizeOptions{
						CpuCores: jsii.Number(2),
						Memory:   cdk8s.Size_Gibibytes(jsii.Number(8)),
						Gpu: cdk8sbento.Gpu_Of(
							&cdk8sbento.GpuOptions{
								Name:         jsii.String("shared-l4"),
								ResourceName: jsii.String("nvidia.com/gpu.shared"),
								MaxPerNode:   jsii.Number(4),
							},
						),
					},
				),
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(1)),
			},
		},
	)
	report.Texts(jsii.String("warnings"), cdk8sbento.Warnings_Of(own))
	cdk8sbento.Warnings_Acknowledge(own, jsii.String("SingleReplica"))
}
