// Command annotations says what ingress-nginx reads from the annotations of the Ingresses in a file, a list, by its own
// parsers: what it refuses is an error, what it does not know is not in the answer.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	networking "k8s.io/api/networking/v1"
	"k8s.io/ingress-nginx/internal/ingress/annotations"
	"k8s.io/ingress-nginx/internal/ingress/annotations/parser"
	"k8s.io/ingress-nginx/internal/ingress/defaults"
	"k8s.io/ingress-nginx/internal/ingress/resolver"
)

// configMap has what no Ingress of ours may take over.
type configMap struct{ resolver.Mock }

func (configMap) GetDefaultBackend() defaults.Backend {
	return defaults.Backend{
		ProxyBodySize:            "1m",
		ProxyConnectTimeout:      1001,
		ProxyReadTimeout:         1001,
		ProxySendTimeout:         1001,
		ProxyNextUpstream:        "error timeout http_429",
		ProxyNextUpstreamTimeout: 1001,
		ProxyNextUpstreamTries:   1001,
		ProxyRequestBuffering:    "off",
		ProxyBuffering:           "on",
		ProxyHTTPVersion:         "1.1",
		SSLRedirect:              true,
	}
}

func main() {
	parser.EnableAnnotationValidation = true
	text, err := os.ReadFile(os.Args[1])
	check(err)
	var ingresses []networking.Ingress
	check(json.Unmarshal(text, &ingresses))
	// The default of its newest releases.
	extractor := annotations.NewAnnotationExtractor(configMap{resolver.Mock{AnnotationsRiskLevel: "High"}})
	answers := []map[string]any{}
	for index := range ingresses {
		read, err := extractor.Extract(&ingresses[index])
		if err != nil {
			answers = append(answers, map[string]any{"error": err.Error()})
			continue
		}
		answers = append(answers, map[string]any{
			"proxy": read.Proxy, "rewrite": read.Rewrite, "rateLimit": read.RateLimit, "denied": read.Denied,
			"canary": read.Canary, "affinity": read.SessionAffinity, "hash": read.UpstreamHashBy, "loadBalancing": read.LoadBalancing,
		})
	}
	check(json.NewEncoder(os.Stdout).Encode(answers))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
