// mistakes OUTDIR: mistakes that users make, and how they hear of them.
package main

import (
	"fmt"
	"os"

	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	defer jsii.Close()
	report("bad value", badValue)
	report("contradiction", contradiction)
	report("bad answer", badAnswer)
}

// Errors are panics: the constructs have no other way out.
func report(name string, mistake func()) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Printf("=== %s\n%T\n%v\n", name, reason, reason)
		}
	}()
	mistake()
}

// Its size has a GPU, and how many replicas there are is not stated.
func badValue() {
	pool := cdk8sbento.Runner_Pool(&cdk8sbento.RunnerPoolOptions{
		Size: cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1")),
	})
	cdk8sbento.NewBentoDeployment(chart(app()), jsii.String("Rag"), &cdk8sbento.BentoDeploymentProps{
		Bento:   bento(),
		Runners: &map[string]cdk8sbento.Runner{"Embedder": pool},
	})
}

// Found when all is there: the caller gives up before the one it calls.
func contradiction() {
	app := app()
	pool := cdk8sbento.Runner_Pool(&cdk8sbento.RunnerPoolOptions{Traffic: timeout(60)})
	cdk8sbento.NewBentoDeployment(chart(app), jsii.String("Rag"), &cdk8sbento.BentoDeploymentProps{
		Bento:     bento(),
		ApiServer: &cdk8sbento.ScaledComponentOptions{Traffic: timeout(30)},
		Runners:   &map[string]cdk8sbento.Runner{"Embedder": pool},
	})
	app.Synth()
}

type impatient struct{}

func (*impatient) Bind(constructs.Construct, *cdk8sbento.ExposureTarget) *cdk8sbento.ExposureBinding {
	return &cdk8sbento.ExposureBinding{
		Peers:                 &[]cdk8sbento.NetworkPeer{cdk8sbento.NetworkPeer_Namespace(jsii.String("edge"))},
		RequestTimeout:        cdk8s.Duration_Seconds(jsii.Number(5)),
		ConnectionIdleTimeout: cdk8s.Duration_Seconds(jsii.Number(60)),
	}
}

// In what the library is told by code of the user's.
func badAnswer() {
	app := app()
	cdk8sbento.NewBentoDeployment(chart(app), jsii.String("Rag"), &cdk8sbento.BentoDeploymentProps{
		Bento:    bento(),
		Exposure: cdk8sbento.Exposure_Custom(&impatient{}),
	})
	app.Synth()
}

func app() cdk8s.App {
	return cdk8s.NewApp(&cdk8s.AppProps{Outdir: jsii.String(os.Args[1])})
}

func chart(app cdk8s.App) cdk8s.Chart {
	return cdk8s.NewChart(app, jsii.String("prod"), &cdk8s.ChartProps{Namespace: jsii.String("ml")})
}

func timeout(seconds float64) *cdk8sbento.TrafficPolicy {
	return &cdk8sbento.TrafficPolicy{Timeout: cdk8s.Duration_Seconds(jsii.Number(seconds))}
}

func bento() cdk8sbento.Bento {
	return cdk8sbento.Bento_FromImage(jsii.String("registry.example.com/rag:1.0.0"), &cdk8sbento.BentoFromImageOptions{
		Services: &[]cdk8sbento.BentoService{
			cdk8sbento.BentoService_Named(
				jsii.String("Rag"),
				&cdk8sbento.BentoServiceOptions{DependsOn: jsii.Strings("Embedder")},
			),
			cdk8sbento.BentoService_Named(jsii.String("Embedder"), nil),
		},
	})
}
