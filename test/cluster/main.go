// One binary that is, by its first argument, any process of a Kubernetes
// control plane: etcd, kube-apiserver, kube-controller-manager,
// kube-scheduler, a kubelet that only simulates; or the API server's create
// path alone, as a judge of files. With CLUSTER_ATTACHED set it ends when its
// parent does.
package main

import (
	"fmt"
	"os"
	"time"
	_ "time/tzdata" // CronJob time zones

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kcm "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"

	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: cluster etcd|kube-apiserver|kube-controller-manager|kube-scheduler|sim-kubelet|vet [flags]")
		os.Exit(2)
	}
	name := os.Args[1]
	os.Args = append([]string{name}, os.Args[2:]...)
	if os.Getenv("CLUSTER_ATTACHED") != "" {
		go func() {
			for parent := os.Getppid(); os.Getppid() == parent; {
				time.Sleep(time.Second)
			}
			os.Exit(1)
		}()
	}
	var cmd *cobra.Command
	switch name {
	case "etcd":
		etcdmain.Main(os.Args)
		return
	case "sim-kubelet":
		kubeletMain(os.Args[1:])
		return
	case "vet":
		os.Exit(vetMain(os.Args[1:]))
	case "kube-apiserver":
		cmd = apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		cmd = kcm.NewControllerManagerCommand()
	case "kube-scheduler":
		cmd = scheduler.NewSchedulerCommand()
	default:
		fmt.Fprintln(os.Stderr, "no such process: "+name)
		os.Exit(2)
	}
	os.Exit(cli.Run(cmd))
}
