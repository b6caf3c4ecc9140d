// Reads PromQL with the parser of Prometheus 3, which is stricter and knows more than the promtool of Debian.
//
//	parser QUERY...   exit 1 if one of them is none
package main

import (
	"fmt"
	"os"

	"github.com/prometheus/prometheus/promql/parser"
)

func main() {
	p := parser.NewParser(parser.Options{})
	for _, query := range os.Args[1:] {
		if _, err := p.ParseExpr(query); err != nil {
			fmt.Printf("%v\n%s\n", err, query)
			defer os.Exit(1)
		}
	}
}
