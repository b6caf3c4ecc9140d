// main OUTDIR: the broad app, and what it reads from its objects.
package main

import (
	"os"
	"path/filepath"

	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

func main() {
	defer jsii.Close()
	outdir := os.Args[1]
	app := cdk8s.NewApp(&cdk8s.AppProps{Outdir: jsii.String(outdir)})
	report := &Report{}
	parts := []func(cdk8s.App, *Report){
		byHand, clusters, exposure, functions, placement, pods, releases, scaling, traffic,
	}
	for _, part := range parts {
		part(app, report)
	}
	app.Synth()
	if err := report.Write(filepath.Join(outdir, "report.txt")); err != nil {
		panic(err)
	}
}
