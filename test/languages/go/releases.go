package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func releases(app cdk8s.App, report *Report) {
	chart := cdk8s.NewChart(app, jsii.String("releases"), &cdk8s.ChartProps{Namespace: jsii.String("releases")})
	cdk8sbento.ClusterProfile_Set(
		chart,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("releases"),
				KubernetesVersion: jsii.String("1.36"),
				ArgoRollouts:      &cdk8sbento.ArgoRolloutsOptions{GatewayApiPlugin: &cdk8sbento.GatewayApiPluginOptions{}},
				Gateway: cdk8sbento.Gateway_EnvoyGateway(
					&cdk8sbento.EnvoyGatewayOptions{
						Name:      jsii.String("public"),
						Namespace: jsii.String("gateways"),
						Proxies:   jsii.Number(2),
					},
				),
				Keda: &cdk8sbento.KedaOptions{Version: jsii.String("2.20")},
				Prometheus: &cdk8sbento.PrometheusOptions{
					Address:        jsii.String("http://prometheus-operated.monitoring:9090"),
					OperatorLabels: &map[string]*string{"release": jsii.String("kube-prometheus-stack")},
				},
			},
		),
	)
	size := cdk8sbento.InstanceSize_Named(jsii.String("cpu.2"))

	// A canary, and every gate.
	rag := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Rag"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/rag:3-2-0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Rag")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size: size,
				Scaling: cdk8sbento.Scaling_Auto(
					&cdk8sbento.AutoScalingOptions{
						MinReplicas: jsii.Number(3),
						MaxReplicas: jsii.Number(20),
						Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_RequestRate(jsii.Number(50), nil)},
					},
				),
				Traffic: &cdk8sbento.TrafficPolicy{
					Timeout:        cdk8s.Duration_Seconds(jsii.Number(30)),
					MaxConcurrency: jsii.Number(64),
				},
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Hosts: &[]*string{jsii.String("rag.example.com")},
					Tls:   cdk8sbento.Tls_Secret(cdk8sbento.SecretRef_Named(jsii.String("rag-tls"))),
				},
			),
			Release: cdk8sbento.Release_Canary(
				&cdk8sbento.CanaryReleaseOptions{
					Previous: cdk8sbento.Version_Of(
						&cdk8sbento.PreviousVersionOptions{
							Bento: cdk8sbento.Bento_FromImage(
								jsii.String("registry.example.com/rag:3-1-4"),
								&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Rag")},
							),
							VersionKey: jsii.String("v3-1-4"),
						},
					),
					MinReady:            cdk8s.Duration_Seconds(jsii.Number(10)),
					ProgressDeadline:    cdk8s.Duration_Minutes(jsii.Number(40)),
					RevisionHistory:     jsii.Number(5),
					ScaleDownDelay:      cdk8s.Duration_Minutes(jsii.Number(2)),
					AbortScaleDownDelay: cdk8s.Duration_Minutes(jsii.Number(3)),
					Steps: &[]cdk8sbento.CanaryStep{
						cdk8sbento.CanaryStep_HeaderRoute(
							jsii.String("x-version"),
							jsii.String("next"),
							&cdk8sbento.CanaryStepOptions{UntilPromoted: jsii.Bool(true), Replicas: jsii.Number(2)},
						),
						cdk8sbento.CanaryStep_Weight(
							jsii.Number(10),
							&cdk8sbento.CanaryStepOptions{Pause: cdk8s.Duration_Minutes(jsii.Number(5))},
						),
						cdk8sbento.CanaryStep_Pause(cdk8s.Duration_Minutes(jsii.Number(1))),
						cdk8sbento.CanaryStep_Weight(
							jsii.Number(50),
							&cdk8sbento.CanaryStepOptions{Pause: cdk8s.Duration_Minutes(jsii.Number(10))},
						),
						cdk8sbento.CanaryStep_UntilPromoted(),
					},
					Gates: &[]cdk8sbento.Gate{
						cdk8sbento.Gate_LatencyRelativeToStable(
							&cdk8sbento.RelativeLatencyGateOptions{
								MaxRatio:     jsii.Number(1.1),
								Percentile:   jsii.Number(95),
								Window:       cdk8s.Duration_Minutes(jsii.Number(2)),
								MinRequests:  jsii.Number(20),
								Interval:     cdk8s.Duration_Seconds(jsii.Number(30)),
								FailureLimit: jsii.Number(2),
								Patience:     jsii.Number(4),
								NoData:       cdk8sbento.NoData_PAUSE,
							},
						),
						cdk8sbento.Gate_ErrorRateRelativeToStable(
							&cdk8sbento.RelativeErrorRateGateOptions{
								MaxRatio:     jsii.Number(1.5),
								MinErrorRate: jsii.Number(0.001),
								ErrorKind:    cdk8sbento.ErrorKind_ERRORS,
							},
						),
						cdk8sbento.Gate_PrometheusQuery(
							&cdk8sbento.PrometheusGateOptions{
								Name:         jsii.String("answers"),
								Query:        jsii.String("avg(rag_answer_quality)"),
								Min:          jsii.Number(0.8),
								Max:          jsii.Number(1),
								InitialDelay: cdk8s.Duration_Minutes(jsii.Number(1)),
							},
						),
						cdk8sbento.Gate_Webhook(
							&cdk8sbento.WebhookGateOptions{
								Name:         jsii.String("judge"),
								Url:          jsii.String("https://judge.example.com/rag"),
								JsonPath:     jsii.String("{$.verdict}"),
								SuccessValue: jsii.String("good"),
								FailureValue: jsii.String("bad"),
								Method:       cdk8sbento.WebhookMethod_POST,
								Body:         jsii.String("{\"version\":\"next\"}"),
								Timeout:      cdk8s.Duration_Seconds(jsii.Number(10)),
								Headers: &[]cdk8sbento.WebhookHeader{
									cdk8sbento.WebhookHeader_Value(jsii.String("x-team"), jsii.String("search")),
									cdk8sbento.WebhookHeader_FromSecret(
										jsii.String("authorization"),
										&cdk8sbento.WebhookHeaderFromSecretOptions{
											Secret: cdk8sbento.SecretRef_Named(jsii.String("judge")),
											Key:    jsii.String("token"),
										},
									),
								},
							},
						),
						cdk8sbento.Gate_Template(
							jsii.String("house-rules"),
							&cdk8sbento.TemplateGateOptions{
								ClusterScope: jsii.Bool(true),
								Args:         &map[string]*string{"severity": jsii.String("page"), "app": jsii.String("rag")},
							},
						),
					},
					BackgroundGates: &[]cdk8sbento.Gate{
						cdk8sbento.Gate_Saturation(
							&cdk8sbento.SaturationGateOptions{MaxRatio: jsii.Number(0.9), NoData: cdk8sbento.NoData_ABORT},
						),
					},
				},
			),
			ReleaseCapacity: &cdk8sbento.ReleaseCapacity{MaxPods: jsii.Number(60)},
		},
	)
	report.Text(jsii.String("plan"), rag.ReleasePlan().ToMarkdown())
	report.Text(jsii.String("gantt"), rag.ReleasePlan().ToMermaid())
	for _, stage := range *rag.ReleasePlan().Stages() {
		report.Text(jsii.String("stage"), stage.Name())
		report.Text(jsii.String("component"), stage.Component())
		report.Text(jsii.String("action"), stage.Action())
		report.Text(jsii.String("end"), stage.End())
		report.Duration(jsii.String("duration"), stage.Duration())
		report.Text(jsii.String("on failure"), stage.OnFailure())
		report.Texts(jsii.String("gates"), stage.Gates())
		report.Flag(jsii.String("current"), stage.Current())
		for _, share := range *stage.Versions() {
			report.Text(jsii.String("version"), share.Version())
			report.Text(jsii.String("besides"), share.Besides())
			report.Number(jsii.String("percent"), share.Percent())
			report.Number(jsii.String("at least"), share.FewestReplicas())
			report.Number(jsii.String("at most"), share.MostReplicas())
		}
	}
	report.Text(jsii.String("peak"), rag.ReleasePeak().ToString())
	report.Number(jsii.String("pods"), rag.ReleasePeak().Pods())
	report.Numbers(jsii.String("GPUs"), rag.ReleasePeak().Gpus())
	report.Texts(jsii.String("unknown"), rag.ReleasePeak().Unknown())
	for _, difference := range *rag.ArgoCdIgnoreDifferences() {
		report.Text(jsii.String("difference"), difference.ToString())
		report.Text(jsii.String("group"), difference.Group())
		report.Text(jsii.String("kind"), difference.Kind())
		report.Text(jsii.String("name"), difference.Name())
		report.Text(jsii.String("namespace"), difference.Namespace())
		report.Texts(jsii.String("pointers"), difference.JsonPointers())
		report.Texts(jsii.String("paths"), difference.JqPathExpressions())
	}
	report.Text(jsii.String("preview"), rag.ApiServer().ScaleTarget().Kind)

	// With pools of GPUs that must suffice for both versions.
	vision := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Vision"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/vision:2-1-0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Api"),
							&cdk8sbento.BentoServiceOptions{
								DependsOn: &[]*string{jsii.String("Detector"), jsii.String("Reader")},
								Size:      size,
							},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Detector"),
							&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1"))},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Reader"),
							&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.t4.1"))},
						),
					},
				},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3))},
			Runners: &map[string]cdk8sbento.Runner{
				"Detector": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Auto(
							&cdk8sbento.AutoScalingOptions{
								MinReplicas: jsii.Number(2),
								MaxReplicas: jsii.Number(4),
								Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(8))},
							},
						),
					},
				),
				"Reader": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Auto(
							&cdk8sbento.AutoScalingOptions{
								MinReplicas: jsii.Number(2),
								MaxReplicas: jsii.Number(3),
								Metrics:     &[]cdk8sbento.ScalingMetric{cdk8sbento.ScalingMetric_Concurrency(jsii.Number(4))},
							},
						),
					},
				),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("vision.example.com")}},
			),
			Release: cdk8sbento.Release_BlueGreen(
				&cdk8sbento.BlueGreenReleaseOptions{
					RunnerReplicas: &map[string]*float64{"Reader": jsii.Number(2), "Detector": jsii.Number(3)},
					Previous: cdk8sbento.Version_Of(
						&cdk8sbento.PreviousVersionOptions{
							Bento: cdk8sbento.Bento_FromImage(
								jsii.String("registry.example.com/vision:2-0-0"),
								&cdk8sbento.BentoFromImageOptions{
									Services: &[]cdk8sbento.BentoService{
										cdk8sbento.BentoService_Named(
											jsii.String("Api"),
											&cdk8sbento.BentoServiceOptions{
												DependsOn: &[]*string{jsii.String("Detector"), jsii.String("Reader")},
												Size:      size,
											},
										),
										cdk8sbento.BentoService_Named(
											jsii.String("Detector"),
											&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1"))},
										),
										cdk8sbento.BentoService_Named(
											jsii.String("Reader"),
											&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.t4.1"))},
										),
									},
								},
							),
						},
					),
				},
			),
			ReleaseCapacity: &cdk8sbento.ReleaseCapacity{
				MaxGpus: &map[string]*float64{"t4": jsii.Number(20), "l4": jsii.Number(10)},
			},
		},
	)
	for _, peak := range *vision.ReleasePeak().Components() {
		report.Text(jsii.String("peak"), peak.ToString())
		report.Text(jsii.String("peak of"), peak.Name())
		report.Text(jsii.String("for"), peak.Reason())
		report.Text(jsii.String("GPU"), peak.GpuName())
		report.Number(jsii.String("GPUs"), peak.Gpus())
		report.Number(jsii.String("GPUs per pod"), peak.GpusPerPod())
		report.Number(jsii.String("pods"), peak.Pods())
		report.Number(jsii.String("replicas"), peak.Replicas())
	}
	report.Numbers(jsii.String("GPUs of vision"), vision.ReleasePeak().Gpus())
	for _, version := range *vision.Versions() {
		for _, pool := range *version.RunnerPools() {
			report.Text(jsii.String("pool"), pool.Name())
		}
		report.Text(jsii.String("detector"), version.RunnerPool(jsii.String("Detector")).Name())
	}

	// By replicas, where nothing shares requests out.
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Counted"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/counted:2.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Counted")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(10)),
			},
			Release: cdk8sbento.Release_Canary(
				&cdk8sbento.CanaryReleaseOptions{
					WeightsByReplicas: jsii.Bool(true),
					Steps: &[]cdk8sbento.CanaryStep{
						cdk8sbento.CanaryStep_Weight(
							jsii.Number(20),
							&cdk8sbento.CanaryStepOptions{Pause: cdk8s.Duration_Minutes(jsii.Number(5))},
						),
					},
				},
			),
		},
	)

	// Blue and green by Argo Rollouts.
	search := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Search"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/search:2.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Search")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("search.example.com")}},
			),
			Release: cdk8sbento.Release_BlueGreen(
				&cdk8sbento.BlueGreenReleaseOptions{
					BeforePromotion: &[]cdk8sbento.Gate{
						cdk8sbento.Gate_Job(
							&cdk8sbento.JobGateOptions{
								Name:                         jsii.String("smoke-test"),
								Image:                        jsii.String("registry.example.com/search-smoke-test:1.3.0"),
								Command:                      &[]*string{jsii.String("/smoke")},
								Args:                         &[]*string{jsii.String("--url"), jsii.String("http://search-preview.releases:3000")},
								Env:                          &[]cdk8sbento.EnvVar{cdk8sbento.EnvVar_Value(jsii.String("LEVEL"), jsii.String("3"))},
								ImagePullSecrets:             &[]cdk8sbento.SecretRef{cdk8sbento.SecretRef_Named(jsii.String("registry"))},
								ServiceAccount:               cdk8sbento.ServiceAccountRef_Named(jsii.String("smoke")),
								AutomountServiceAccountToken: jsii.Bool(false),
								ReadOnlyRootFilesystem:       jsii.Bool(true),
								RunAsUser:                    jsii.Number(1000),
								Retries:                      jsii.Number(1),
								Timeout:                      cdk8s.Duration_Minutes(jsii.Number(4)),
								Size:                         cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
							},
						),
					},
					Promotion: cdk8sbento.Promotion_AutomaticAfter(cdk8s.Duration_Minutes(jsii.Number(5))),
					AfterPromotion: &[]cdk8sbento.Gate{
						cdk8sbento.Gate_ErrorRate(
							&cdk8sbento.ErrorRateGateOptions{MaxRate: jsii.Number(0.01), ErrorKind: cdk8sbento.ErrorKind_TIMEOUTS},
						),
						cdk8sbento.Gate_ErrorRate(
							&cdk8sbento.ErrorRateGateOptions{
								MaxRate:   jsii.Number(0.02),
								ErrorKind: cdk8sbento.ErrorKind_REJECTIONS,
							},
						),
						cdk8sbento.Gate_Latency(
							&cdk8sbento.LatencyGateOptions{
								Max:        cdk8s.Duration_Seconds(jsii.Number(2)),
								Percentile: jsii.Number(95),
							},
						),
					},
					ScaleDownDelay:   cdk8s.Duration_Minutes(jsii.Number(15)),
					BesideDeployment: jsii.Bool(false),
				},
			),
		},
	)
	report.Text(jsii.String("preview service"), search.ApiServer().PreviewService().Name())
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Ranked"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/ranked:2.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Ranked")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
			Release: cdk8sbento.Release_BlueGreen(
				&cdk8sbento.BlueGreenReleaseOptions{Promotion: cdk8sbento.Promotion_Manual()},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Sorted"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/sorted:2.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Sorted")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
			Release: cdk8sbento.Release_BlueGreen(
				&cdk8sbento.BlueGreenReleaseOptions{
					Promotion: cdk8sbento.Promotion_Automatic(),
					BeforePromotion: &[]cdk8sbento.Gate{
						cdk8sbento.Gate_Webhook(
							&cdk8sbento.WebhookGateOptions{
								Name:     jsii.String("get"),
								Url:      jsii.String("https://judge.example.com/a"),
								JsonPath: jsii.String("{$.score}"),
								Min:      jsii.Number(0.5),
								Max:      jsii.Number(1),
							},
						),
						cdk8sbento.Gate_Webhook(
							&cdk8sbento.WebhookGateOptions{
								Name:         jsii.String("put"),
								Url:          jsii.String("https://judge.example.com/b"),
								JsonPath:     jsii.String("{$.ok}"),
								SuccessValue: jsii.String("yes"),
								Method:       cdk8sbento.WebhookMethod_PUT,
							},
						),
						cdk8sbento.Gate_Webhook(
							&cdk8sbento.WebhookGateOptions{
								Name:         jsii.String("stated"),
								Url:          jsii.String("https://judge.example.com/c"),
								JsonPath:     jsii.String("{$.ok}"),
								SuccessValue: jsii.String("yes"),
								Method:       cdk8sbento.WebhookMethod_GET,
							},
						),
					},
				},
			),
		},
	)

	// By edits, with plain Kubernetes.
	blue := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Blue"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/blue:8.1.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Blue")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("blue.example.com")}},
			),
			Release: cdk8sbento.Release_ManualBlueGreen(
				&cdk8sbento.ManualBlueGreenOptions{
					Color: cdk8sbento.Color_GREEN,
					Previous: cdk8sbento.Version_Of(
						&cdk8sbento.PreviousVersionOptions{
							Bento: cdk8sbento.Bento_FromImage(
								jsii.String("registry.example.com/blue:8.0.5"),
								&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Blue")},
							),
						},
					),
					FullSize: jsii.Bool(true),
					Promoted: jsii.Bool(false),
				},
			),
		},
	)
	for _, version := range *blue.Versions() {
		report.Text(jsii.String("colour"), version.Key())
		report.Text(jsii.String("api server"), version.ApiServer().Name())
	}
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("First"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/first:8.1.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("First")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
			Release: cdk8sbento.Release_ManualBlueGreen(
				&cdk8sbento.ManualBlueGreenOptions{Color: cdk8sbento.Color_BLUE, Previous: cdk8sbento.Version_Absent()},
			),
		},
	)

	// In place.
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Thirds"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/thirds:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Thirds")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
			},
			Release: cdk8sbento.Release_Rolling(
				&cdk8sbento.RollingReleaseOptions{
					Preset:   cdk8sbento.RollingPreset_THIRDS,
					MinReady: cdk8s.Duration_Seconds(jsii.Number(30)),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Stated"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/stated:1-9-2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Stated")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
			},
			Release: cdk8sbento.Release_Rolling(
				&cdk8sbento.RollingReleaseOptions{
					MaxSurge:         cdk8sbento.ReplicaShare_Replicas(jsii.Number(1)),
					MaxUnavailable:   cdk8sbento.ReplicaShare_Percent(jsii.Number(25)),
					ProgressDeadline: cdk8s.Duration_Minutes(jsii.Number(40)),
					RevisionHistory:  jsii.Number(3),
					Previous:         cdk8sbento.Version_Absent(),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Slow"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/slow:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Slow")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
				Rolling: &cdk8sbento.RollingOptions{Preset: cdk8sbento.RollingPreset_RAMPED_SLOW_ROLLOUT},
			},
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Effort"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/effort:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Effort")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
				Rolling: &cdk8sbento.RollingOptions{Preset: cdk8sbento.RollingPreset_BEST_EFFORT_CONTROLLED_ROLLOUT},
			},
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Usual"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/usual:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Usual")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
				Rolling: &cdk8sbento.RollingOptions{Preset: cdk8sbento.RollingPreset_ROLLING_UPDATE},
			},
		},
	)
	anew := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Anew"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/anew:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Anew")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
				Rolling: &cdk8sbento.RollingOptions{Preset: cdk8sbento.RollingPreset_RECREATE},
			},
		},
	)
	report.Texts(jsii.String("warnings of anew"), cdk8sbento.Warnings_Of(anew))
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Recreated"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/recreated:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Recreated")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(6)),
			},
			Release: cdk8sbento.Release_Recreate(),
		},
	)

	// Side by side.
	translate := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Translate"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/translator:4.0.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Translator")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(4)),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("translate.example.com")}},
			),
			Release: cdk8sbento.Release_Split(
				&cdk8sbento.SplitReleaseOptions{
					Versions: &map[string]cdk8sbento.Version{
						"testers": cdk8sbento.Version_Matched(
							cdk8sbento.RequestMatch_Header(jsii.String("x-version"), jsii.String("testers")),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/translator:5.0.0-rc1"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Translator")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
								Serving: jsii.Bool(true),
							},
						),
						"next": cdk8sbento.Version_Weighted(
							jsii.Number(10),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/translator:4.1.0"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Translator")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
								Serving: jsii.Bool(true),
							},
						),
						"asked": cdk8sbento.Version_Matched(
							cdk8sbento.RequestMatch_Query(jsii.String("version"), jsii.String("asked")),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/translator:5.0.0-rc2"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Translator")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
								Serving: jsii.Bool(true),
							},
						),
						"shadow": cdk8sbento.Version_Mirrored(
							jsii.Number(5),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/translator:4.2.0-dev"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Translator")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(1)),
								},
								Serving: jsii.Bool(false),
							},
						),
					},
					Router: cdk8sbento.SplitRouter_Doors(),
				},
			),
		},
	)
	report.Text(jsii.String("shadow"), translate.Version(jsii.String("shadow")).Key())
	recommend := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Recommend"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/recommend:1.4.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Recommend")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(4)),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("recommend.example.com")}},
			),
			Release: cdk8sbento.Release_Split(
				&cdk8sbento.SplitReleaseOptions{
					StickyBy: cdk8sbento.StickyKey_Header(jsii.String("x-user")),
					Router: cdk8sbento.SplitRouter_Nginx(
						&cdk8sbento.NginxRouterOptions{
							Image:    jsii.String("registry.example.com/nginx:1.29.3"),
							Replicas: jsii.Number(3),
							Size:     cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
						},
					),
					Versions: &map[string]cdk8sbento.Version{
						"v2": cdk8sbento.Version_Weighted(
							jsii.Number(20),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/recommend:2.0.0"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Recommend")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
							},
						),
						"beta": cdk8sbento.Version_Matched(
							cdk8sbento.RequestMatch_Cookie(jsii.String("stage"), jsii.String("beta")),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/recommend:3.0.0"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Recommend")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
							},
						),
					},
				},
			),
		},
	)
	report.Text(jsii.String("splitter"), recommend.Splitter().Name())
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("ByCookie"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/by-cookie:1.4.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("ByCookie")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(4)),
			},
			Release: cdk8sbento.Release_Split(
				&cdk8sbento.SplitReleaseOptions{
					StickyBy: cdk8sbento.StickyKey_Cookie(jsii.String("session")),
					Versions: &map[string]cdk8sbento.Version{
						"v2": cdk8sbento.Version_Weighted(
							jsii.Number(20),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/by-cookie:2.0.0"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("ByCookie")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
							},
						),
					},
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("ByQuery"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/by-query:1.4.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("ByQuery")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(4)),
			},
			Release: cdk8sbento.Release_Split(
				&cdk8sbento.SplitReleaseOptions{
					StickyBy: cdk8sbento.StickyKey_Query(jsii.String("user")),
					Versions: &map[string]cdk8sbento.Version{
						"v2": cdk8sbento.Version_Weighted(
							jsii.Number(20),
							&cdk8sbento.SharedVersionOptions{
								Bento: cdk8sbento.Bento_FromImage(
									jsii.String("registry.example.com/by-query:2.0.0"),
									&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("ByQuery")},
								),
								ApiServer: &cdk8sbento.ScaledComponentOptions{
									Size:    size,
									Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
								},
							},
						),
					},
				},
			),
		},
	)
}
