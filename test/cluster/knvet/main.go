// knvet runs Knative's own check of autoscaling annotations over the Knative
// Services in files: the schema takes any text. What else Knative's webhook
// checks needs a knative.dev/pkg that the module proxy does not serve.
//
//	knvet FILE|DIR...
//
// It ends with 1 when anything is rejected.
package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"knative.dev/serving/pkg/apis/autoscaling"
	"knative.dev/serving/pkg/autoscaler/config"
)

type service struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Template struct {
			metav1.ObjectMeta `json:"metadata"`
		} `json:"template"`
	} `json:"spec"`
}

func main() {
	defaults, err := config.NewConfigFromMap(nil)
	if err != nil {
		panic(err)
	}
	judged, rejected := 0, 0
	for _, root := range os.Args[1:] {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return err
			}
			services, err := read(path)
			for _, s := range services {
				judged++
				if found := autoscaling.ValidateAnnotations(context.Background(), defaults, s.Spec.Template.Annotations); found != nil {
					rejected++
					fmt.Printf("%s: %s/%s: %s\n", path, s.Kind, s.Name, strings.ReplaceAll(found.Error(), "\n", "; "))
				}
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	fmt.Printf("knvet: %d judged, %d rejected\n", judged, rejected)
	if rejected > 0 {
		os.Exit(1)
	}
}

func read(path string) (services []service, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		text, err := documents.Read()
		if err == io.EOF {
			return services, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		// Annotations of what is no Knative Service may have another form.
		var kind metav1.TypeMeta
		if err := utilyaml.Unmarshal(text, &kind); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if kind.APIVersion != "serving.knative.dev/v1" || kind.Kind != "Service" {
			continue
		}
		var s service
		if err := utilyaml.Unmarshal(text, &s); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		services = append(services, s)
	}
}
