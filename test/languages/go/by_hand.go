package main

import (
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// What each language does in its own way, so that this part is written by hand: interfaces that users implement, enums
// that are compared. Go passes a pointer: the runtime asks for the address.

type tunnel struct {
	host   string
	report *Report
}

func (t *tunnel) Bind(_ constructs.Construct, target *cdk8sbento.ExposureTarget) *cdk8sbento.ExposureBinding {
	t.report.Text(jsii.String("name"), target.Name)
	t.report.Text(jsii.String("namespace"), target.Namespace)
	t.report.Text(jsii.String("service"), target.ServiceName)
	t.report.Number(jsii.String("port"), target.Port)
	t.report.Number(jsii.String("container port"), target.ContainerPort)
	t.report.Map(jsii.String("selector"), target.PodSelector)
	t.report.Text(jsii.String("health"), target.HealthPath)
	t.report.Duration(jsii.String("timeout"), target.RequestTimeout)
	t.report.Duration(jsii.String("keep-alive"), target.KeepAlive)
	t.report.Duration(jsii.String("removal"), target.EndpointRemoval)
	return &cdk8sbento.ExposureBinding{
		Hosts: jsii.Strings(t.host),
		Peers: &[]cdk8sbento.NetworkPeer{
			cdk8sbento.NetworkPeer_Pods(&cdk8sbento.PodsPeerOptions{
				Namespace: jsii.String("tunnel"),
				Labels:    &map[string]*string{"app": jsii.String("tunnel-" + *target.Name)},
			}),
		},
		RequestTimeout:        cdk8s.Duration_Seconds(jsii.Number(*target.RequestTimeout.ToSeconds(nil) + 5)),
		ConnectionIdleTimeout: cdk8s.Duration_Seconds(jsii.Number(60)),
	}
}

type poolElsewhere struct {
	report *Report
}

func (*poolElsewhere) BentoService() *string { return jsii.String("Model") }

func (*poolElsewhere) Url() *string { return jsii.String("http://model.elsewhere.svc:3000") }

func (*poolElsewhere) Timeout() cdk8s.Duration { return cdk8s.Duration_Seconds(jsii.Number(20)) }

func (p *poolElsewhere) RegisterCaller(caller *cdk8sbento.RunnerCaller) {
	p.report.Text(jsii.String("caller"), caller.Name)
	p.report.Text(jsii.String("namespace"), caller.Namespace)
	p.report.Map(jsii.String("labels"), caller.PodLabels)
}

type rack struct {
	row string
}

func (r *rack) BindPods() *cdk8sbento.NodePoolBinding {
	return &cdk8sbento.NodePoolBinding{
		Name:       jsii.String("rack"),
		NodeLabels: &map[string]*string{"rack": jsii.String("a"), "row": jsii.String(r.row)},
	}
}

func byHand(app cdk8s.App, report *Report) {
	chart := cdk8s.NewChart(app, jsii.String("custom"), &cdk8s.ChartProps{Namespace: jsii.String("custom")})
	cdk8sbento.ClusterProfile_Set(
		chart,
		cdk8sbento.NewClusterProfile(&cdk8sbento.ClusterProfileProps{
			Name:              jsii.String("custom"),
			LoadBalancerCidrs: jsii.Strings("10.0.0.0/20"),
		}),
	)
	pool := &poolElsewhere{report: report}
	chat := cdk8sbento.NewBentoDeployment(chart, jsii.String("Chat"), &cdk8sbento.BentoDeploymentProps{
		Bento: cdk8sbento.Bento_FromImage(
			jsii.String("registry.example.com/chat:1.0.0"),
			&cdk8sbento.BentoFromImageOptions{
				Services: &[]cdk8sbento.BentoService{
					cdk8sbento.BentoService_Named(
						jsii.String("Api"),
						&cdk8sbento.BentoServiceOptions{DependsOn: jsii.Strings("Model")},
					),
					cdk8sbento.BentoService_Named(jsii.String("Model"), nil),
				},
			},
		),
		ApiServer: &cdk8sbento.ScaledComponentOptions{
			Size:     cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
			NodePool: &rack{row: "7"},
		},
		Runners: &map[string]cdk8sbento.Runner{"Model": cdk8sbento.Runner_Shared(pool)},
		Exposure: cdk8sbento.Exposure_Several(&map[string]cdk8sbento.Exposure{
			"tunnel": cdk8sbento.Exposure_Custom(&tunnel{host: "chat.example.com", report: report}),
			"inside": cdk8sbento.Exposure_InCluster(nil),
		}),
	})
	report.Text(jsii.String("url"), chat.Url())
	for _, stage := range *chat.ReleasePlan().Stages() {
		report.Flag(jsii.String("by time"), jsii.Bool(stage.EndsBy() == cdk8sbento.StageEnd_TIME))
		report.Flag(jsii.String("by pods"), jsii.Bool(stage.EndsBy() == cdk8sbento.StageEnd_PODS))
		report.Flag(jsii.String("by gates"), jsii.Bool(stage.EndsBy() == cdk8sbento.StageEnd_GATES))
		report.Flag(jsii.String("by a human"), jsii.Bool(stage.EndsBy() == cdk8sbento.StageEnd_HUMAN))
		report.Flag(jsii.String("by an edit"), jsii.Bool(stage.EndsBy() == cdk8sbento.StageEnd_EDIT))
	}
	web := cdk8sbento.NewBentoDeployment(chart, jsii.String("Web"), &cdk8sbento.BentoDeploymentProps{
		Bento: cdk8sbento.Bento_FromImage(
			jsii.String("registry.example.com/web:1.0.0"),
			&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Web")},
		),
		ApiServer: &cdk8sbento.ScaledComponentOptions{Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.1"))},
		Exposure: cdk8sbento.Exposure_NetworkLoadBalancer(
			&cdk8sbento.NetworkLoadBalancerOptions{TargetGroupName: jsii.String("web")},
		),
	})
	kind := web.Endpoint().LoadBalancer()
	report.Flag(jsii.String("network"), jsii.Bool(kind == cdk8sbento.LoadBalancerKind_NETWORK))
	report.Flag(jsii.String("application"), jsii.Bool(kind == cdk8sbento.LoadBalancerKind_APPLICATION))
	taint := cdk8sbento.Taint_NoSchedule(jsii.String("rack"), jsii.String("a"))
	report.Flag(jsii.String("taint"), jsii.Bool(taint.Effect() == cdk8sbento.TaintEffect_NO_SCHEDULE))
}
