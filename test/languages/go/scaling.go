package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func scaling(app cdk8s.App, report *Report) {
	chart := cdk8s.NewChart(app, jsii.String("scaling"), &cdk8s.ChartProps{Namespace: jsii.String("scaling")})
	cdk8sbento.ClusterProfile_Set(
		chart,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("scaling"),
				KubernetesVersion: jsii.String("1.36"),
				Keda:              &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				DcgmExporter: &cdk8sbento.DcgmExporterOptions{
					NamespaceLabel: jsii.String("exported_namespace"),
					PodLabel:       jsii.String("exported_pod"),
				},
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:        jsii.String("http://prometheus-operated.monitoring:9090"),
					OperatorLabels: &map[string]*string{"release": jsii.String("kube-prometheus-stack")},
				},
			},
		),
	)

	// The autoscaler of Kubernetes, and every rule of its behavior.
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Rules"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/rules:1.4.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Rules")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MinReplicas: jsii.Number(3),
						MaxReplicas: jsii.Number(20),
						Metrics: &[]cdk8sbento.ScalingMetric{
							cdk8sbento.ScalingMetric_Cpu(jsii.Number(70)),
							cdk8sbento.ScalingMetric_Memory(jsii.Number(80)),
							cdk8sbento.ScalingMetric_Pods(
								&cdk8sbento.PodsMetricOptions{
									Metric:       jsii.String("packets-per-second"),
									AverageValue: jsii.Number(1000),
									Labels:       &map[string]*string{"zone": jsii.String("a"), "kind": jsii.String("tcp")},
								},
							),
							cdk8sbento.ScalingMetric_External(
								&cdk8sbento.ExternalMetricOptions{
									Metric:       jsii.String("queue_length"),
									AverageValue: jsii.Number(10),
									Labels:       &map[string]*string{"queue": jsii.String("rules"), "app": jsii.String("x")},
								},
							),
							cdk8sbento.ScalingMetric_External(
								&cdk8sbento.ExternalMetricOptions{Metric: jsii.String("backlog"), Value: jsii.Number(100)},
							),
							cdk8sbento.ScalingMetric_OfObject(
								&cdk8sbento.ObjectMetricOptions{
									ApiVersion: jsii.String("networking.k8s.io/v1"),
									Kind:       jsii.String("Ingress"),
									Name:       jsii.String("main"),
									Metric:     jsii.String("requests-per-second"),
									Value:      jsii.Number(2000),
									Labels:     &map[string]*string{"verb": jsii.String("GET")},
								},
							),
							cdk8sbento.ScalingMetric_OfObject(
								&cdk8sbento.ObjectMetricOptions{
									ApiVersion:   jsii.String("v1"),
									Kind:         jsii.String("Service"),
									Name:         jsii.String("main"),
									Metric:       jsii.String("hits"),
									AverageValue: jsii.Number(0.5),
								},
							),
						},
						Behavior: cdk8sbento.ScalingBehavior_Of(
							&cdk8sbento.ScalingBehaviorOptions{
								ScaleDown: &cdk8sbento.ScalingRules{
									StabilizationWindow: cdk8s.Duration_Seconds(jsii.Number(300)),
									SelectPolicy:        cdk8sbento.PolicySelect_MIN,
									Policies: &[]cdk8sbento.ScalingPolicy{
										cdk8sbento.ScalingPolicy_Percent(jsii.Number(50), cdk8s.Duration_Seconds(jsii.Number(60))),
										cdk8sbento.ScalingPolicy_Pods(jsii.Number(2), cdk8s.Duration_Minutes(jsii.Number(1))),
									},
								},
								ScaleUp: &cdk8sbento.ScalingRules{
									StabilizationWindow: cdk8s.Duration_Seconds(jsii.Number(60)),
									SelectPolicy:        cdk8sbento.PolicySelect_MAX,
									Tolerance:           jsii.Number(0.05),
									Policies: &[]cdk8sbento.ScalingPolicy{
										cdk8sbento.ScalingPolicy_Percent(jsii.Number(100), cdk8s.Duration_Seconds(jsii.Number(60))),
									},
								},
							},
						),
					},
				),
			},
		},
	)

	// What KEDA asks Prometheus.
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Adaptive"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/adaptive:1.4.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Adaptive")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.t4.1")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MinReplicas:      jsii.Number(2),
						MaxReplicas:      jsii.Number(10),
						FallbackReplicas: jsii.Number(4),
						Metrics: &[]cdk8sbento.ScalingMetric{
							cdk8sbento.ScalingMetric_Latency(
								cdk8s.Duration_Seconds(jsii.Number(2)),
								&cdk8sbento.LatencyMetricOptions{
									Percentile: jsii.Number(95),
									Window:     cdk8s.Duration_Minutes(jsii.Number(2)),
								},
							),
							cdk8sbento.ScalingMetric_RequestRate(
								jsii.Number(50),
								&cdk8sbento.RateMetricOptions{Window: cdk8s.Duration_Minutes(jsii.Number(3))},
							),
							cdk8sbento.ScalingMetric_TotalRequestRate(
								jsii.Number(400),
								&cdk8sbento.RateMetricOptions{Window: cdk8s.Duration_Minutes(jsii.Number(3))},
							),
							cdk8sbento.ScalingMetric_Concurrency(jsii.Number(16)),
							cdk8sbento.ScalingMetric_GpuUtilization(jsii.Number(80)),
							cdk8sbento.ScalingMetric_Prometheus(
								&cdk8sbento.PrometheusMetricOptions{
									Query:               jsii.String("max(backlog_age_seconds) or 0 * sum(up{job=\"backlog\"} == 1)"),
									Threshold:           jsii.Number(120),
									ActivationThreshold: jsii.Number(5),
									MetricType:          cdk8sbento.MetricType_VALUE,
								},
							),
							cdk8sbento.ScalingMetric_KedaTrigger(
								&cdk8sbento.KedaTriggerOptions{
									Kind: jsii.String("aws-sqs-queue"),
									Metadata: &map[string]*string{
										"queueURL":    jsii.String("https://sqs.eu-west-1.amazonaws.com/123456789012/adaptive"),
										"queueLength": jsii.String("20"),
										"awsRegion":   jsii.String("eu-west-1"),
									},
									MetricType:     cdk8sbento.MetricType_AVERAGE_VALUE,
									Authentication: cdk8sbento.TriggerAuthenticationRef_OfCluster(jsii.String("aws")),
								},
							),
							cdk8sbento.ScalingMetric_Schedule(
								jsii.Number(6),
								cdk8sbento.Schedule_BusinessHours(
									&cdk8sbento.BusinessHoursOptions{
										TimeZone: jsii.String("Europe/Berlin"),
										Days: &[]cdk8sbento.Weekday{
											cdk8sbento.Weekday_MONDAY,
											cdk8sbento.Weekday_TUESDAY,
											cdk8sbento.Weekday_WEDNESDAY,
											cdk8sbento.Weekday_THURSDAY,
											cdk8sbento.Weekday_FRIDAY,
										},
										StartHour: jsii.Number(7),
										EndHour:   jsii.Number(19),
									},
								),
							),
							cdk8sbento.ScalingMetric_Schedule(
								jsii.Number(3),
								cdk8sbento.Schedule_BusinessHours(
									&cdk8sbento.BusinessHoursOptions{
										TimeZone: jsii.String("Europe/Berlin"),
										Days:     &[]cdk8sbento.Weekday{cdk8sbento.Weekday_SATURDAY, cdk8sbento.Weekday_SUNDAY},
									},
								),
							),
							cdk8sbento.ScalingMetric_Schedule(
								jsii.Number(5),
								cdk8sbento.Schedule_Cron(
									&cdk8sbento.CronScheduleOptions{
										TimeZone: jsii.String("UTC"),
										Start:    jsii.String("0 6 * * 1"),
										End:      jsii.String("0 8 * * 1"),
									},
								),
							),
						},
						Behavior: cdk8sbento.ScalingBehavior_OneAtATime(
							&cdk8sbento.OneAtATimeOptions{
								ScaleUpEvery:        cdk8s.Duration_Seconds(jsii.Number(60)),
								ScaleDownEvery:      cdk8s.Duration_Seconds(jsii.Number(120)),
								ScaleDownBelowRatio: jsii.Number(0.5),
							},
						),
					},
				),
			},
		},
	)

	// A pool follows its queue and the API server before it.
	search := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("TextSearch"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromFile(
				jsii.String("examples/bentos/text-search"),
				&cdk8sbento.BentoFromFileOptions{Image: jsii.String("registry.example.com/text-search:3auspqat6smdonry")},
			),
			Env: &[]cdk8sbento.EnvVar{
				cdk8sbento.EnvVar_FromSecret(
					jsii.String("API_KEY"),
					&cdk8sbento.EnvVarFromSecretOptions{
						Secret: cdk8sbento.SecretRef_Named(jsii.String("text-search")),
						Key:    jsii.String("api-key"),
					},
				),
			},
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(20),
						Behavior: cdk8sbento.ScalingBehavior_BentoCloud(
							&cdk8sbento.BentoCloudBehaviorOptions{
								ScaleUp:   cdk8sbento.ScalingSpeed_FAST,
								ScaleDown: cdk8sbento.ScalingSpeed_STABLE,
							},
						),
					},
				),
			},
			Runners: &map[string]cdk8sbento.Runner{
				"Embedder": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Auto(
							&cdk8sbento.AutoScalingOptions{
								MinReplicas: jsii.Number(2),
								MaxReplicas: jsii.Number(12),
								Metrics: &[]cdk8sbento.ScalingMetric{
									cdk8sbento.ScalingMetric_QueueLength(
										jsii.Number(2),
										&cdk8sbento.QueueLengthMetricOptions{InService: jsii.Number(4)},
									),
									cdk8sbento.ScalingMetric_OfApiServer(cdk8sbento.ScalingMetric_RequestRate(jsii.Number(30), nil)),
									cdk8sbento.ScalingMetric_ApiServerReplicas(jsii.Number(3)),
								},
								Behavior: cdk8sbento.ScalingBehavior_NeverScaleDown(),
							},
						),
					},
				),
			},
		},
	)
	for _, requirement := range *search.Requirements() {
		report.Text(jsii.String("requirement"), requirement.ToString())
	}

	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Fixed"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/fixed:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Api"),
							&cdk8sbento.BentoServiceOptions{
								DependsOn: &[]*string{jsii.String("Model")},
								Size:      cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
							},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Model"),
							&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1"))},
						),
					},
				},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{Scaling: cdk8sbento.Scaling_Unmanaged()},
			Runners: &map[string]cdk8sbento.Runner{
				"Model": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2))},
				),
			},
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Still"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/still:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Still")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MaxReplicas: jsii.Number(4),
						Behavior: cdk8sbento.ScalingBehavior_BentoCloud(
							&cdk8sbento.BentoCloudBehaviorOptions{
								ScaleUp:   cdk8sbento.ScalingSpeed_STABLE,
								ScaleDown: cdk8sbento.ScalingSpeed_DISABLED,
							},
						),
					},
				),
			},
		},
	)
}
