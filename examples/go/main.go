// The quickstart in Go: go build -C examples/go -o quickstart, examples/go/quickstart, and dist/ has the manifests.
package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	defer jsii.Close()
	app := cdk8s.NewApp(nil)
	chart := cdk8s.NewChart(app, jsii.String("text-search"), &cdk8s.ChartProps{Namespace: jsii.String("ml")})

	cdk8sbento.NewBentoDeployment(chart, jsii.String("TextSearch"), &cdk8sbento.BentoDeploymentProps{
		Bento: cdk8sbento.Bento_FromFile(jsii.String("examples/bentos/text-search"), &cdk8sbento.BentoFromFileOptions{
			Image: jsii.String("registry.example.com/text-search:3auspqat6smdonry"),
		}),
		Env: &[]cdk8sbento.EnvVar{
			cdk8sbento.EnvVar_FromSecret(jsii.String("API_KEY"), &cdk8sbento.EnvVarFromSecretOptions{
				Secret: cdk8sbento.SecretRef_Named(jsii.String("text-search")),
				Key:    jsii.String("api-key"),
			}),
		},
	})

	app.Synth()
}
