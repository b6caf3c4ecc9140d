package main

import (
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
)

// Report is what a program reads from its objects; written at the end, so that languages can be compared.
type Report struct {
	lines []string
}

func (r *Report) Text(name *string, value *string) {
	text := "none"
	if value != nil {
		text = *value
	}
	r.lines = append(r.lines, *name+": "+text)
}

func (r *Report) Number(name *string, value *float64) {
	if value == nil {
		r.Text(name, nil)
		return
	}
	text := strconv.FormatFloat(*value, 'f', -1, 64)
	r.Text(name, &text)
}

func (r *Report) Flag(name *string, value *bool) {
	text := strconv.FormatBool(*value)
	r.Text(name, &text)
}

func (r *Report) Duration(name *string, value cdk8s.Duration) {
	if value == nil {
		r.Text(name, nil)
		return
	}
	r.Text(name, value.ToHumanString())
}

func (r *Report) Texts(name *string, values *[]*string) {
	texts := []string{}
	for _, value := range *values {
		texts = append(texts, *value)
	}
	text := strings.Join(texts, ", ")
	r.Text(name, &text)
}

func (r *Report) Map(name *string, values *map[string]*string) {
	for _, key := range sortedKeys(*values) {
		full := *name + "." + key
		r.Text(&full, (*values)[key])
	}
}

func (r *Report) Numbers(name *string, values *map[string]*float64) {
	for _, key := range sortedKeys(*values) {
		full := *name + "." + key
		r.Number(&full, (*values)[key])
	}
}

func (r *Report) Write(file string) error {
	return os.WriteFile(file, []byte(strings.Join(r.lines, "\n")+"\n"), 0o644)
}

func sortedKeys[V any](values map[string]V) []string {
	keys := []string{}
	for key := range values {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
