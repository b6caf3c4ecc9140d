package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func exposure(app cdk8s.App, report *Report) {
	chart := cdk8s.NewChart(app, jsii.String("exposure"), &cdk8s.ChartProps{Namespace: jsii.String("exposure")})
	cdk8sbento.ClusterProfile_Set(
		chart,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{
				Name:              jsii.String("exposure"),
				KubernetesVersion: jsii.String("1.36"),
				LoadBalancerCidrs: &[]*string{jsii.String("10.0.0.0/20"), jsii.String("10.0.16.0/20")},
			},
		),
	)
	bento := cdk8sbento.Bento_FromImage(
		jsii.String("registry.example.com/summarizer:2.3.0"),
		&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Summarizer")},
	)
	size := cdk8sbento.InstanceSize_Named(jsii.String("cpu.2"))

	edge := cdk8sbento.NewServingGateway(
		chart,
		jsii.String("Edge"),
		&cdk8sbento.ServingGatewayProps{
			GatewayClassName: jsii.String("envoy-gateway"),
			Name:             jsii.String("edge"),
			Hosts:            &[]*string{jsii.String("partners.example.com"), jsii.String("keys.example.com")},
			Tls:              cdk8sbento.Tls_Secret(cdk8sbento.SecretRef_Named(jsii.String("partners-tls"))),
			RouteNamespaces:  cdk8sbento.RouteNamespaces_Same(),
			Implementation: cdk8sbento.GatewayImplementation_EnvoyGateway(
				&cdk8sbento.EnvoyGatewayImplementationOptions{
					Proxies:                jsii.Number(2),
					Version:                jsii.String("1.9"),
					DataPlaneNamespace:     jsii.String("envoy-gateway-system"),
					ClientIdleTimeout:      cdk8s.Duration_Minutes(jsii.Number(2)),
					DrainTimeout:           cdk8s.Duration_Minutes(jsii.Number(3)),
					MaxClientConnections:   jsii.Number(5000),
					RequestReceivedTimeout: cdk8s.Duration_Seconds(jsii.Number(20)),
					StreamIdleTimeout:      cdk8s.Duration_Minutes(jsii.Number(4)),
				},
			),
		},
	)
	report.Text(jsii.String("edge"), edge.Gateway().Name())
	report.Text(jsii.String("edge namespace"), edge.Gateway().Namespace())
	report.Text(jsii.String("edge object"), edge.GatewayObject().Name())
	report.Text(jsii.String("edge policy"), edge.ClientTrafficPolicy().Kind())
	report.Text(jsii.String("edge proxy"), edge.EnvoyProxy().Kind())
	mesh := cdk8sbento.NewServingGateway(
		chart,
		jsii.String("Mesh"),
		&cdk8sbento.ServingGatewayProps{
			GatewayClassName: jsii.String("istio"),
			Hosts:            &[]*string{jsii.String("mesh.example.com")},
			RouteNamespaces: cdk8sbento.RouteNamespaces_Named(
				&[]*string{jsii.String("exposure"), jsii.String("search")},
			),
			Implementation: cdk8sbento.GatewayImplementation_Standard(
				&cdk8sbento.StandardGatewayImplementationOptions{
					DataPlaneNamespace: jsii.String("istio-ingress"),
					DataPlaneLabels:    &map[string]*string{"app": jsii.String("istio"), "role": jsii.String("gateway")},
				},
			),
		},
	)
	cdk8sbento.NewServingGateway(
		chart,
		jsii.String("Open"),
		&cdk8sbento.ServingGatewayProps{
			GatewayClassName: jsii.String("envoy-gateway"),
			Hosts:            &[]*string{jsii.String("open.example.com")},
			RouteNamespaces:  cdk8sbento.RouteNamespaces_All(),
			Implementation: cdk8sbento.GatewayImplementation_EnvoyGateway(
				&cdk8sbento.EnvoyGatewayImplementationOptions{Proxies: jsii.Number(2)},
			),
		},
	)

	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Partners"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Gateway:      edge.Gateway(),
					Hosts:        &[]*string{jsii.String("partners.example.com")},
					RedirectHttp: jsii.Bool(true),
					Authentication: cdk8sbento.Authentication_Jwt(
						&cdk8sbento.JwtOptions{
							Issuer:         jsii.String("https://id.example.com/"),
							JwksUrl:        jsii.String("https://id.example.com/.well-known/jwks.json"),
							Audiences:      &[]*string{jsii.String("summarizer"), jsii.String("translator")},
							ClientIdHeader: jsii.String("x-subject"),
						},
					),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Keys"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Gateway: edge.Gateway(),
					Hosts:   &[]*string{jsii.String("keys.example.com")},
					Authentication: cdk8sbento.Authentication_ApiKeys(
						cdk8sbento.SecretRef_Named(jsii.String("keys")),
						&cdk8sbento.ApiKeysOptions{Header: jsii.String("x-api-key"), ClientIdHeader: jsii.String("x-client-id")},
					),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Standard"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Gateway: mesh.Gateway(),
					Hosts:   &[]*string{jsii.String("mesh.example.com")},
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Grpc"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/grpc:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Grpc"),
							&cdk8sbento.BentoServiceOptions{ExtraPorts: &[]*float64{jsii.Number(50051)}},
						),
					},
				},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Gateway: cdk8sbento.Gateway_Standard(
						&cdk8sbento.StandardGatewayOptions{Name: jsii.String("grpc"), Namespace: jsii.String("gateways")},
					),
					Hosts: &[]*string{jsii.String("grpc.example.com")},
					Tls: cdk8sbento.Tls_Listener(
						jsii.String("https"),
						&cdk8sbento.ListenerTlsOptions{HttpListener: jsii.String("http")},
					),
					GrpcPort: jsii.Number(50051),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Connections"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_NetworkLoadBalancer(
				&cdk8sbento.NetworkLoadBalancerOptions{
					InternetFacing: jsii.Bool(true),
					CrossZone:      jsii.Bool(true),
					Port:           jsii.Number(443),
					SourceCidrs:    &[]*string{jsii.String("203.0.113.0/24")},
					SubnetCidrs:    &[]*string{jsii.String("10.0.0.0/20")},
					Tls: cdk8sbento.Tls_Acm(
						&[]*string{
							jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11"),
							jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/0c3d8f7c-2f9e-4a51-9a6d-1f0b5a3d7c11"),
						},
					),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Requests"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Traffic: &cdk8sbento.TrafficPolicy{LoadBalancing: cdk8sbento.LoadBalancing_LeastRequest(nil)},
			},
			Exposure: cdk8sbento.Exposure_ApplicationLoadBalancer(
				&cdk8sbento.ApplicationLoadBalancerOptions{
					Hosts:          &[]*string{jsii.String("requests.example.com")},
					ClassName:      jsii.String("alb"),
					GroupName:      jsii.String("serving"),
					InternetFacing: jsii.Bool(true),
					Tls: cdk8sbento.Tls_Acm(
						&[]*string{
							jsii.String("arn:aws:acm:us-east-1:111122223333:certificate/8f7c2f9e-0c3d-4a51-9a6d-1f0b5a3d7c11"),
						},
					),
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Bound"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_NetworkLoadBalancer(
				&cdk8sbento.NetworkLoadBalancerOptions{TargetGroupName: jsii.String("summarizer-us-east-1")},
			),
		},
	)
	legacy := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Legacy"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Traffic: &cdk8sbento.TrafficPolicy{LoadBalancing: cdk8sbento.LoadBalancing_LatencyAware()},
			},
			Exposure: cdk8sbento.Exposure_IngressNginx(
				&cdk8sbento.IngressNginxOptions{
					Hosts:               &[]*string{jsii.String("legacy.example.com")},
					Tls:                 cdk8sbento.Tls_Secret(cdk8sbento.SecretRef_Named(jsii.String("legacy-tls"))),
					ClassName:           jsii.String("nginx-internal"),
					ControllerNamespace: jsii.String("ingress"),
					ControllerLabels:    &map[string]*string{"app": jsii.String("nginx"), "role": jsii.String("controller")},
					Controllers:         jsii.Number(2),
				},
			),
		},
	)
	cdk8sbento.Warnings_Acknowledge(legacy, jsii.String("IngressNginxRetired"))
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Cloud"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_LoadBalancer(
				&cdk8sbento.LoadBalancerOptions{
					SourceCidrs:       &[]*string{jsii.String("203.0.113.0/24")},
					Port:              jsii.Number(80),
					LoadBalancerClass: jsii.String("example.com/l4"),
					Annotations: &map[string]*string{
						"example.com/size": jsii.String("small"),
						"example.com/kind": jsii.String("l4"),
					},
				},
			),
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Several"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:     bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{Size: size},
			Exposure: cdk8sbento.Exposure_Several(
				&map[string]cdk8sbento.Exposure{
					"partners": cdk8sbento.Exposure_InCluster(
						&cdk8sbento.InClusterExposureOptions{
							AllowFrom: &[]cdk8sbento.NetworkPeer{cdk8sbento.NetworkPeer_Namespace(jsii.String("search"))},
						},
					),
					"internal": cdk8sbento.Exposure_NetworkLoadBalancer(nil),
				},
			),
		},
	)

	east := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("East"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			Env:   &[]cdk8sbento.EnvVar{cdk8sbento.EnvVar_Value(jsii.String("REGION"), jsii.String("us-east-1"))},
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
				Traffic: &cdk8sbento.TrafficPolicy{Timeout: cdk8s.Duration_Seconds(jsii.Number(30))},
			},
		},
	)
	west := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("West"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			Env:   &[]cdk8sbento.EnvVar{cdk8sbento.EnvVar_Value(jsii.String("REGION"), jsii.String("us-west-2"))},
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
				Traffic: &cdk8sbento.TrafficPolicy{Timeout: cdk8s.Duration_Seconds(jsii.Number(30))},
			},
		},
	)
	api := cdk8sbento.NewGlobalService(
		chart,
		jsii.String("Api"),
		&cdk8sbento.GlobalServiceProps{
			Name:        jsii.String("api"),
			Members:     &[]cdk8sbento.BentoDeployment{east, west},
			ServicePort: jsii.Number(80),
			Exposure: cdk8sbento.Exposure_NetworkLoadBalancer(
				&cdk8sbento.NetworkLoadBalancerOptions{InternetFacing: jsii.Bool(true)},
			),
		},
	)
	report.Text(jsii.String("global"), api.Name())
	report.Text(jsii.String("global url"), api.Url())
	report.Text(jsii.String("global service"), api.Service().Name())
	for _, object := range *api.DoorObjects() {
		report.Text(jsii.String("global door"), object.Kind())
	}
	for _, requirement := range *api.Requirements() {
		report.Text(jsii.String("global requirement"), requirement.Name())
	}
	north := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("North"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
		},
	)
	south := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("South"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: bento,
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    size,
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
			},
		},
	)
	cdk8sbento.NewGlobalService(
		chart,
		jsii.String("Weighted"),
		&cdk8sbento.GlobalServiceProps{
			Members: &[]cdk8sbento.BentoDeployment{north, south},
			Weights: &map[string]*float64{"south": jsii.Number(30), "north": jsii.Number(70)},
			Exposure: cdk8sbento.Exposure_Gateway(
				&cdk8sbento.GatewayExposureOptions{
					Gateway: cdk8sbento.Gateway_EnvoyGateway(
						&cdk8sbento.EnvoyGatewayOptions{
							Name:      jsii.String("public"),
							Namespace: jsii.String("gateways"),
							Proxies:   jsii.Number(2),
						},
					),
					Hosts: &[]*string{jsii.String("weighted.example.com")},
				},
			),
			Traffic: &cdk8sbento.UpstreamPolicy{LoadBalancing: cdk8sbento.LoadBalancing_RoundRobin(nil)},
		},
	)
}
