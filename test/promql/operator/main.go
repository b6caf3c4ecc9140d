// Prints the scrape configuration that Prometheus Operator makes of PodMonitors, by the operator's own generator: a judge
// that none of us wrote.
//
//	operator PODMONITOR.json...   each in a namespace of its own manifest
package main

import (
	"encoding/json"
	"fmt"
	"os"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/assets"
	"github.com/prometheus-operator/prometheus-operator/pkg/prometheus"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func main() {
	monitors := map[string]*monitoringv1.PodMonitor{}
	for _, path := range os.Args[1:] {
		monitor := &monitoringv1.PodMonitor{}
		data, err := os.ReadFile(path)
		if err == nil {
			err = json.Unmarshal(data, monitor)
		}
		check(err)
		monitors[monitor.Namespace+"/"+monitor.Name] = monitor
	}
	server := &monitoringv1.Prometheus{ObjectMeta: metav1.ObjectMeta{Name: "main", Namespace: "monitoring"}}
	generator, err := prometheus.NewConfigGenerator(nil, server)
	check(err)
	config, err := generator.GenerateServerConfiguration(
		server, nil, monitors, nil, nil, assets.NewTestStoreBuilder(), nil, nil, nil, nil)
	check(err)
	os.Stdout.Write(config)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
