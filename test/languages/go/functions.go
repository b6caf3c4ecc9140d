package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// The same function by each engine, one in each cluster.
func functions(app cdk8s.App, report *Report) {
	bento := cdk8sbento.Bento_FromImage(
		jsii.String("registry.example.com/upscaler:4.0.1"),
		&cdk8sbento.BentoFromImageOptions{
			Services: &[]cdk8sbento.BentoService{
				cdk8sbento.BentoService_Named(
					jsii.String("Api"),
					&cdk8sbento.BentoServiceOptions{
						DependsOn: &[]*string{jsii.String("Upscaler")},
						Size:      cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
						Routes:    &[]*string{jsii.String("/upscale")},
					},
				),
				cdk8sbento.BentoService_Named(
					jsii.String("Upscaler"),
					&cdk8sbento.BentoServiceOptions{
						Size:    cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1")),
						Timeout: cdk8s.Duration_Seconds(jsii.Number(45)),
					},
				),
			},
		},
	)

	onDemand := cdk8s.NewChart(
		app,
		jsii.String("on-demand"),
		&cdk8s.ChartProps{Namespace: jsii.String("functions")},
	)
	cdk8sbento.ClusterProfile_Set(
		onDemand,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("on-demand"),
				KubernetesVersion: jsii.String("1.36"),
				Keda:              &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				KedaHttpAddOn: &cdk8sbento.KedaHttpAddOnOptions{
					Version:            jsii.String("0.16"),
					Namespace:          jsii.String("keda"),
					InterceptorService: jsii.String("interceptor-proxy"),
					InterceptorPort:    jsii.Number(8080),
					InterceptorLabels:  &map[string]*string{"app": jsii.String("interceptor"), "part": jsii.String("proxy")},
					ScalerService:      jsii.String("external-scaler"),
					ScalerPort:         jsii.Number(9090),
				},
				Gateway: cdk8sbento.Gateway_EnvoyGateway(
					&cdk8sbento.EnvoyGatewayOptions{Name: jsii.String("public"), Namespace: jsii.String("gateways")},
				),
			},
		),
	)
	upscaler := cdk8sbento.NewScaleToZeroFunction(
		onDemand,
		jsii.String("Upscaler"),
		&cdk8sbento.ScaleToZeroFunctionProps{
			Bento:             bento,
			Name:              jsii.String("upscaler"),
			VersionKey:        jsii.String("main"),
			State:             cdk8sbento.RunState_RUNNING,
			Engine:            cdk8sbento.FunctionEngine_KedaHttp(),
			MinReplicas:       jsii.Number(0),
			MaxReplicas:       jsii.Number(4),
			TargetConcurrency: jsii.Number(4),
			IdleTimeout:       cdk8s.Duration_Minutes(jsii.Number(15)),
			Behavior:          cdk8sbento.ScalingBehavior_NeverScaleDown(),
			Metrics: &[]cdk8sbento.ScalingMetric{
				cdk8sbento.ScalingMetric_Schedule(
					jsii.Number(1),
					cdk8sbento.Schedule_BusinessHours(
						&cdk8sbento.BusinessHoursOptions{TimeZone: jsii.String("Europe/Berlin")},
					),
				),
			},
			ColdStart: &cdk8sbento.ColdStartOptions{
				MaxPending: jsii.Number(200),
				Timeout:    cdk8s.Duration_Minutes(jsii.Number(9)),
				Overflow: cdk8sbento.Overflow_Placeholder(
					&cdk8sbento.PlaceholderOptions{
						StatusCode: jsii.Number(503),
						Body:       jsii.String("starting"),
						Headers: &map[string]*string{
							"Retry-After":   jsii.String("300"),
							"Cache-Control": jsii.String("no-store"),
						},
					},
				),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("upscaler.example.com")}},
			),
			Runners: &map[string]cdk8sbento.Runner{
				"Upscaler": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Startup: &cdk8sbento.StartupOptions{
							ImageSize: cdk8s.Size_Gibibytes(jsii.Number(9)),
							ModelSize: cdk8s.Size_Gibibytes(jsii.Number(6)),
							NodeStart: cdk8s.Duration_Minutes(jsii.Number(3)),
						},
						Scaling: cdk8sbento.Scaling_WithFunction(
							&cdk8sbento.WithFunctionScalingOptions{
								MaxReplicas: jsii.Number(4),
								Behavior:    cdk8sbento.ScalingBehavior_NeverScaleDown(),
							},
						),
					},
				),
			},
		},
	)
	report.Text(jsii.String("name"), upscaler.Name())
	report.Text(jsii.String("url"), upscaler.Url())
	report.Text(jsii.String("cold start"), upscaler.ColdStartReport().ToString())
	report.Text(jsii.String("cold start in all"), upscaler.ColdStartReport().Total().ToHumanString())
	for _, term := range *upscaler.ColdStartReport().Terms() {
		report.Text(jsii.String("term"), term.Name())
		report.Text(jsii.String("of"), term.Component())
		report.Text(jsii.String("takes"), term.Duration().ToHumanString())
		report.Flag(jsii.String("assumed"), term.Assumed())
	}
	for _, requirement := range *upscaler.Requirements() {
		report.Text(jsii.String("requirement"), requirement.ToString())
	}
	for _, object := range *upscaler.DoorObjects() {
		report.Text(jsii.String("door"), object.Kind())
	}
	for _, pool := range *upscaler.RunnerPools() {
		report.Text(jsii.String("pool"), pool.Name())
	}
	report.Text(jsii.String("pool of"), upscaler.RunnerPool(jsii.String("Upscaler")).Name())
	report.Text(jsii.String("interceptor"), upscaler.InterceptorRoute().Kind())
	report.Text(jsii.String("route"), upscaler.Route().Kind())
	report.Text(jsii.String("door service"), upscaler.DoorService().Name())
	report.Text(jsii.String("api server"), upscaler.ApiServer().Name())
	report.Text(jsii.String("plan"), upscaler.TimeoutPlan().ToMarkdown())
	cdk8sbento.NewScaleToZeroFunction(
		onDemand,
		jsii.String("Fallback"),
		&cdk8sbento.ScaleToZeroFunctionProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/fallback:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Fallback")},
			),
			ApiServer:         &cdk8sbento.ComponentOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.1"))},
			MaxReplicas:       jsii.Number(2),
			TargetRequestRate: jsii.Number(10),
			ColdStart: &cdk8sbento.ColdStartOptions{
				Overflow: cdk8sbento.Overflow_Fallback(
					&cdk8sbento.FallbackOptions{Service: jsii.String("always-there"), Port: jsii.Number(8080)},
				),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("fallback.example.com")}},
			),
		},
	)
	cdk8sbento.NewScaleToZeroFunction(
		onDemand,
		jsii.String("Reject"),
		&cdk8sbento.ScaleToZeroFunctionProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/reject:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Reject")},
			),
			ApiServer:         &cdk8sbento.ComponentOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.1"))},
			MaxReplicas:       jsii.Number(2),
			TargetConcurrency: jsii.Number(4),
			ColdStart:         &cdk8sbento.ColdStartOptions{Overflow: cdk8sbento.Overflow_Reject()},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("reject.example.com")}},
			),
		},
	)

	knative := cdk8s.NewChart(
		app,
		jsii.String("knative"),
		&cdk8s.ChartProps{Namespace: jsii.String("functions")},
	)
	cdk8sbento.ClusterProfile_Set(
		knative,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("knative"),
				KubernetesVersion: jsii.String("1.36"),
				Knative: &cdk8sbento.KnativeOptions{
					Version:           jsii.String("1.20"),
					Namespace:         jsii.String("knative-serving"),
					IngressNamespaces: &[]*string{jsii.String("kourier-system")},
					EnabledFeatures: &[]*string{
						jsii.String("kubernetes.podspec-init-containers"),
						jsii.String("kubernetes.podspec-nodeselector"),
					},
					MaxRevisionTimeoutSeconds: jsii.Number(900),
				},
			},
		),
	)
	served := cdk8sbento.NewScaleToZeroFunction(
		knative,
		jsii.String("Upscaler"),
		&cdk8sbento.ScaleToZeroFunctionProps{
			Bento:             bento,
			Engine:            cdk8sbento.FunctionEngine_Knative(),
			VersionKey:        jsii.String("v4-0"),
			MaxReplicas:       jsii.Number(4),
			TargetConcurrency: jsii.Number(4),
			IdleTimeout:       cdk8s.Duration_Minutes(jsii.Number(15)),
			ApiServer: &cdk8sbento.ComponentOptions{
				Startup: &cdk8sbento.StartupOptions{ImageSize: cdk8s.Size_Gibibytes(jsii.Number(9))},
			},
			Release: cdk8sbento.Release_Split(
				&cdk8sbento.SplitReleaseOptions{
					Versions: &map[string]cdk8sbento.Version{
						"v4-1": cdk8sbento.Version_Weighted(
							jsii.Number(10),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/upscaler:4.1.0"),
									&cdk8sbento.BentoFromImageOptions{
										Services: &[]cdk8sbento.BentoService{
											cdk8sbento.BentoService_Named(
												jsii.String("Api"),
												&cdk8sbento.BentoServiceOptions{
													DependsOn: &[]*string{jsii.String("Upscaler")},
													Size:      cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
												},
											),
											cdk8sbento.BentoService_Named(
												jsii.String("Upscaler"),
												&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1"))},
											),
										},
									},
								),
								Runners: &map[string]cdk8sbento.Runner{
									"Upscaler": cdk8sbento.Runner_Url(jsii.String("http://upscaler-next:3000"), nil),
								},
								Serving: jsii.Bool(true),
							},
						),
					},
				},
			),
			Runners: &map[string]cdk8sbento.Runner{
				"Upscaler": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2))},
				),
			},
		},
	)
	for _, version := range *served.Versions() {
		report.Text(jsii.String("version"), version.Key())
	}
	report.Text(jsii.String("next"), served.Version(jsii.String("v4-1")).Key())

	hpa := cdk8s.NewChart(app, jsii.String("hpa"), &cdk8s.ChartProps{Namespace: jsii.String("functions")})
	cdk8sbento.ClusterProfile_Set(
		hpa,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{Name: jsii.String("hpa"), KubernetesVersion: jsii.String("1.37")},
		),
	)
	queue := cdk8sbento.NewScaleToZeroFunction(
		hpa,
		jsii.String("Upscaler"),
		&cdk8sbento.ScaleToZeroFunctionProps{
			Bento:       bento,
			Engine:      cdk8sbento.FunctionEngine_Hpa(),
			MaxReplicas: jsii.Number(4),
			IdleTimeout: cdk8s.Duration_Minutes(jsii.Number(15)),
			Metrics: &[]cdk8sbento.ScalingMetric{
				cdk8sbento.ScalingMetric_External(
					&cdk8sbento.ExternalMetricOptions{
						Metric:       jsii.String("sqs_messages_visible"),
						AverageValue: jsii.Number(10),
						Labels:       &map[string]*string{"queue": jsii.String("up")},
					},
				),
			},
			Runners: &map[string]cdk8sbento.Runner{
				"Upscaler": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2))},
				),
			},
		},
	)
	cdk8sbento.Warnings_Acknowledge(queue, jsii.String("NoQueue"))
}
