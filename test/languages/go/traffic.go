package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func traffic(app cdk8s.App, report *Report) {
	chart := cdk8s.NewChart(app, jsii.String("traffic"), &cdk8s.ChartProps{Namespace: jsii.String("traffic")})
	cdk8sbento.ClusterProfile_Set(
		chart,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("traffic"),
				KubernetesVersion: jsii.String("1.36"),
				Gateway: cdk8sbento.Gateway_EnvoyGateway(
					&cdk8sbento.EnvoyGatewayOptions{
						Name:      jsii.String("public"),
						Namespace: jsii.String("gateways"),
						Proxies:   jsii.Number(2),
					},
				),
				LoadBalancerCidrs: &[]*string{jsii.String("10.0.0.0/20")},
			},
		),
	)
	rag := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Rag"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/rag:3.2.0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Api"),
							&cdk8sbento.BentoServiceOptions{
								DependsOn: &[]*string{
									jsii.String("Embedder"),
									jsii.String("Llm"),
									jsii.String("Reranker"),
									jsii.String("Judge"),
								},
								Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
							},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Embedder"),
							&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1"))},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Llm"),
							&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.a100.1"))},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Reranker"),
							&cdk8sbento.BentoServiceOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.4"))},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Judge"),
							&cdk8sbento.BentoServiceOptions{
								Size:    cdk8sbento.InstanceSize_Named(jsii.String("cpu.4")),
								Timeout: cdk8s.Duration_Seconds(jsii.Number(10)),
							},
						),
					},
				},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(4)),
				Traffic: &cdk8sbento.TrafficPolicy{
					Timeout: cdk8s.Duration_Seconds(jsii.Number(45)),
					Streaming: &cdk8sbento.StreamingOptions{
						MaxDuration: cdk8s.Duration_Minutes(jsii.Number(12)),
						IdleTimeout: cdk8s.Duration_Seconds(jsii.Number(50)),
					},
					MaxConcurrency: jsii.Number(64),
					CircuitBreaker: cdk8sbento.CircuitBreaker_ConsecutiveErrors(
						&cdk8sbento.ConsecutiveErrorsOptions{
							Failures:          jsii.Number(5),
							OpenFor:           cdk8s.Duration_Seconds(jsii.Number(60)),
							MaxEjectedPercent: jsii.Number(40),
							Statuses:          cdk8sbento.BreakerStatuses_GATEWAY_ERRORS,
							MaxConnections:    jsii.Number(500),
							MaxRequests:       jsii.Number(400),
						},
					),
					RateLimit: cdk8sbento.RateLimit_Total(jsii.Number(3000), cdk8sbento.RateUnit_MINUTE),
					LoadBalancing: cdk8sbento.LoadBalancing_HashByCookie(
						jsii.String("session"),
						&cdk8sbento.CookieHashOptions{
							Ttl:              cdk8s.Duration_Hours(jsii.Number(1)),
							SetByApplication: jsii.Bool(false),
						},
					),
				},
			},
			Runners: &map[string]cdk8sbento.Runner{
				"Embedder": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(4)),
						Proxy: cdk8sbento.RunnerProxy_Tier(
							&cdk8sbento.TierProxyOptions{
								Replicas: jsii.Number(2),
								Size:     cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
							},
						),
						Traffic: &cdk8sbento.TrafficPolicy{
							Timeout:        cdk8s.Duration_Seconds(jsii.Number(20)),
							MaxConcurrency: jsii.Number(4),
							Queue:          &cdk8sbento.QueueOptions{MaxPending: jsii.Number(40)},
							Retries: cdk8sbento.Retries_ConnectionFailures(
								&cdk8sbento.RetriesOptions{Attempts: jsii.Number(3), Statuses: &[]*float64{jsii.Number(503)}},
							),
							CircuitBreaker: cdk8sbento.CircuitBreaker_ConsecutiveErrors(
								&cdk8sbento.ConsecutiveErrorsOptions{Statuses: cdk8sbento.BreakerStatuses_SERVER_ERRORS},
							),
						},
					},
				),
				"Llm": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
						Proxy: cdk8sbento.RunnerProxy_Sidecar(
							&cdk8sbento.SidecarProxyOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.1"))},
						),
						Traffic: &cdk8sbento.TrafficPolicy{
							Timeout:   cdk8s.Duration_Seconds(jsii.Number(30)),
							Streaming: &cdk8sbento.StreamingOptions{MaxDuration: cdk8s.Duration_Minutes(jsii.Number(10))},
							LoadBalancing: cdk8sbento.LoadBalancing_LeastRequest(
								&cdk8sbento.LoadBalancingOptions{SlowStart: cdk8s.Duration_Seconds(jsii.Number(60))},
							),
							CircuitBreaker: cdk8sbento.CircuitBreaker_Limits(
								&cdk8sbento.ConnectionLimits{MaxConnections: jsii.Number(64), MaxRequests: jsii.Number(128)},
							),
							Retries: cdk8sbento.Retries_Never(),
						},
					},
				),
				"Reranker": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
						Traffic: &cdk8sbento.TrafficPolicy{
							Timeout: cdk8s.Duration_Seconds(jsii.Number(10)),
							LoadBalancing: cdk8sbento.LoadBalancing_RoundRobin(
								&cdk8sbento.LoadBalancingOptions{SlowStart: cdk8s.Duration_Seconds(jsii.Number(30))},
							),
						},
					},
				),
				"Judge": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
						Proxy:   cdk8sbento.RunnerProxy_Direct(),
					},
				),
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Hosts: &[]*string{jsii.String("rag.example.com")},
					Tls:   cdk8sbento.Tls_Secret(cdk8sbento.SecretRef_Named(jsii.String("rag-tls"))),
				},
			),
		},
	)
	report.Text(jsii.String("plan"), rag.TimeoutPlan().ToMarkdown())
	report.Text(jsii.String("picture"), rag.TimeoutPlan().ToMermaid())
	for _, path := range *rag.TimeoutPlan().Paths() {
		for _, hop := range *path.Hops() {
			report.Text(jsii.String("hop"), hop.Name())
			report.Text(jsii.String("kind"), hop.Kind())
			report.Duration(jsii.String("requestTimeout"), hop.RequestTimeout())
			report.Duration(jsii.String("firstByteTimeout"), hop.FirstByteTimeout())
			report.Duration(jsii.String("attemptTimeout"), hop.AttemptTimeout())
			report.Duration(jsii.String("silenceTimeout"), hop.SilenceTimeout())
			report.Duration(jsii.String("keepAlive"), hop.KeepAlive())
			report.Duration(jsii.String("idleTimeout"), hop.IdleTimeout())
			report.Duration(jsii.String("endpointRemoval"), hop.EndpointRemoval())
			report.Duration(jsii.String("deregistrationDelay"), hop.DeregistrationDelay())
			report.Duration(jsii.String("preStop"), hop.PreStop())
			report.Duration(jsii.String("gracePeriod"), hop.GracePeriod())
		}
	}
	for _, object := range *rag.DoorObjects() {
		report.Text(jsii.String("door"), object.Kind())
	}
	report.Text(jsii.String("route"), rag.Route().Name())
	report.Text(jsii.String("proxy of the embedder"), rag.RunnerPool(jsii.String("Embedder")).Proxy().Name())

	classifier := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Classifier"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/classifier:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Classifier")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
				Traffic: &cdk8sbento.TrafficPolicy{
					Timeout:   cdk8s.Duration_Seconds(jsii.Number(10)),
					RateLimit: cdk8sbento.RateLimit_PerClient(jsii.Number(600), cdk8sbento.RateUnit_HOUR),
				},
			},
			Cache: cdk8sbento.ResponseCache_Of(
				&cdk8sbento.ResponseCacheOptions{
					Paths:           &[]*string{jsii.String("/predict"), jsii.String("/classify")},
					Ttl:             cdk8s.Duration_Hours(jsii.Number(1)),
					MaxSize:         cdk8s.Size_Gibibytes(jsii.Number(1)),
					MaxBodySize:     cdk8s.Size_Kibibytes(jsii.Number(16)),
					MaxRequestSize:  cdk8s.Size_Mebibytes(jsii.Number(8)),
					IdentityHeaders: &[]*string{jsii.String("x-tenant"), jsii.String("x-client-id")},
					Sharing:         cdk8sbento.CacheSharing_PER_CLIENT,
					Replicas:        jsii.Number(2),
					Size:            cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
					Image:           jsii.String("registry.example.com/nginx:1.29.3"),
				},
			),
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Hosts: &[]*string{jsii.String("classifier.example.com")},
					Tls:   cdk8sbento.Tls_Secret(cdk8sbento.SecretRef_Named(jsii.String("classifier-tls"))),
					Authentication: cdk8sbento.Authentication_BearerTokens(
						cdk8sbento.SecretRef_Named(jsii.String("classifier-tokens")),
						&cdk8sbento.ClientIdOptions{ClientIdHeader: jsii.String("x-client-id")},
					),
				},
			),
		},
	)
	report.Text(jsii.String("cache"), classifier.Cache().Name())
	for _, version := range *classifier.Versions() {
		report.Text(jsii.String("cache of a version"), version.Cache().Name())
	}
	report.Text(jsii.String("headless"), classifier.ApiServer().HeadlessService().Name())

	shared := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Shared"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/shared:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Shared")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
				Traffic: &cdk8sbento.TrafficPolicy{
					RateLimit:     cdk8sbento.RateLimit_Total(jsii.Number(100), cdk8sbento.RateUnit_SECOND),
					LoadBalancing: cdk8sbento.LoadBalancing_HashByHeader(jsii.String("x-user")),
					HealthCheck: cdk8sbento.HealthCheck_Http(
						&cdk8sbento.HttpHealthCheckOptions{
							Path:               jsii.String("/readyz"),
							Interval:           cdk8s.Duration_Seconds(jsii.Number(10)),
							Timeout:            cdk8s.Duration_Seconds(jsii.Number(3)),
							HealthyThreshold:   jsii.Number(2),
							UnhealthyThreshold: jsii.Number(3),
						},
					),
				},
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("shared.example.com")}},
			),
		},
	)
	report.Text(jsii.String("url"), shared.Url())
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Quick"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/quick:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Quick")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
				Traffic: &cdk8sbento.TrafficPolicy{Timeout: cdk8s.Duration_Seconds(jsii.Number(10))},
			},
			Cache: cdk8sbento.ResponseCache_Of(
				&cdk8sbento.ResponseCacheOptions{
					Paths:   &[]*string{jsii.String("/predict")},
					Sharing: cdk8sbento.CacheSharing_ALL_CLIENTS,
				},
			),
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("quick.example.com")}},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Sticky"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/sticky:1.9.2"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Sticky")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
				Traffic: &cdk8sbento.TrafficPolicy{LoadBalancing: cdk8sbento.LoadBalancing_HashBySource()},
			},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{Hosts: &[]*string{jsii.String("sticky.example.com")}},
			),
		},
	)
}
