// webhookvet runs what the admission webhooks of operators run before they
// accept an object, for the rules that no schema carries. No server: each file
// is a cluster of its own, and its objects are all there is in it.
//
//	webhookvet FILE|DIR...
//
// It ends with 1 when anything is rejected; a warning is printed and rejects
// nothing. Another operator is another webhook in the list below.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// An object as it was written.
type object struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	text              []byte
}

// A webhook judges the objects it knows among those of a cluster.
type webhook func(cluster []object, o object) (known bool, warnings []string, err error)

var webhooks = []webhook{kedaWebhook, karpenterCheck}

func main() {
	judged, rejected := 0, 0
	for _, root := range os.Args[1:] {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
				return err
			}
			cluster, err := read(path)
			for _, o := range cluster {
				known, failed := judge(path, cluster, o)
				judged += known
				rejected += failed
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
	}
	fmt.Printf("webhookvet: %d judged, %d rejected\n", judged, rejected)
	if rejected > 0 {
		os.Exit(1)
	}
}

func judge(path string, cluster []object, o object) (judged, rejected int) {
	for _, ask := range webhooks {
		known, warnings, err := ask(cluster, o)
		if known {
			judged++
		}
		for _, warning := range warnings {
			fmt.Printf("%s: %s/%s: warning: %s\n", path, o.Kind, o.Name, warning)
		}
		if err != nil {
			rejected++
			fmt.Printf("%s: %s/%s: %s\n", path, o.Kind, o.Name, strings.ReplaceAll(err.Error(), "\n", ": "))
		}
	}
	return judged, rejected
}

func read(path string) (objects []object, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		text, err := documents.Read()
		if err == io.EOF {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		o := object{text: text}
		if err := utilyaml.Unmarshal(text, &o); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if o.Kind != "" {
			objects = append(objects, o)
		}
	}
}
