// conditions says what Argo Rollouts makes of an AnalysisTemplate: whether it
// takes its metrics, and what each measurement would count as. Its own reader,
// its own resolution of arguments, its own evaluator.
//
//	conditions FILE
//
// FILE is a list of questions as JSON; the answers go to standard output.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	rollouts "github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/utils/analysis"
	"github.com/argoproj/argo-rollouts/utils/evaluate"
	"github.com/sirupsen/logrus"
	"sigs.k8s.io/yaml"
)

type question struct {
	Spec json.RawMessage `json:"spec"`
	// What a Rollout gives; a value of a Secret stands for all of them.
	Args map[string]string `json:"args"`
	// What Prometheus may answer: each a list of numbers, as text, for JSON has
	// none for NaN.
	Vectors [][]string `json:"vectors"`
	// What a web server may answer.
	Values []any `json:"values"`
}

type answer struct {
	// Why the template is refused.
	Error   string   `json:"error,omitempty"`
	Metrics []metric `json:"metrics"`
}

type metric struct {
	Name string `json:"name"`
	// Whether the controller takes it within a step, which it does of none
	// that never ends.
	Ends                  bool     `json:"ends"`
	Successes             int      `json:"successes"`
	FailureLimit          int      `json:"failureLimit"`
	InconclusiveLimit     int      `json:"inconclusiveLimit"`
	ConsecutiveErrorLimit int      `json:"consecutiveErrorLimit"`
	Query                 string   `json:"query,omitempty"`
	Vectors               []string `json:"vectors,omitempty"`
	Values                []string `json:"values,omitempty"`
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func run(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var questions []question
	if err := json.Unmarshal(text, &questions); err != nil {
		return err
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		if answers[i], err = judge(q); err != nil {
			answers[i].Error = err.Error()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(answers)
}

func judge(q question) (a answer, err error) {
	var spec rollouts.AnalysisTemplateSpec
	if err := yaml.UnmarshalStrict(q.Spec, &spec); err != nil {
		return a, err
	}
	args, err := analysis.MergeArgs(given(q.Args), spec.Args)
	if err != nil {
		return a, err
	}
	secret := "temp-for-secret"
	for i := range args {
		if args[i].ValueFrom != nil {
			args[i] = rollouts.Argument{Name: args[i].Name, Value: &secret}
		}
	}
	var resolved []rollouts.Metric
	for _, m := range spec.Metrics {
		r, err := analysis.ResolveMetricArgs(m, args)
		if err != nil {
			return a, err
		}
		resolved = append(resolved, *r)
		// The controller looks for an end before it knows what a Rollout gives.
		unknown, err := analysis.ResolveMetricArgs(m, placeholders(spec.Args))
		if err != nil {
			return a, err
		}
		a.Metrics = append(a.Metrics, measured(*r, unknown.EffectiveCount() != nil, q))
	}
	return a, analysis.ValidateMetrics(resolved)
}

func measured(m rollouts.Metric, ends bool, q question) metric {
	found := metric{Name: m.Name, Ends: ends}
	if m.ConsecutiveSuccessLimit != nil {
		found.Successes = m.ConsecutiveSuccessLimit.IntValue()
	}
	if m.FailureLimit != nil {
		found.FailureLimit = m.FailureLimit.IntValue()
	}
	if m.InconclusiveLimit != nil {
		found.InconclusiveLimit = m.InconclusiveLimit.IntValue()
	}
	if m.ConsecutiveErrorLimit != nil {
		found.ConsecutiveErrorLimit = m.ConsecutiveErrorLimit.IntValue()
	}
	if m.Provider.Prometheus != nil {
		found.Query = m.Provider.Prometheus.Query
		for _, vector := range q.Vectors {
			found.Vectors = append(found.Vectors, phase(numbers(vector), m))
		}
	}
	if m.Provider.Web != nil {
		for _, value := range q.Values {
			found.Values = append(found.Values, phase(value, m))
		}
	}
	return found
}

func phase(result any, m rollouts.Metric) string {
	phase, err := evaluate.EvaluateResult(result, m, *logrus.NewEntry(logrus.New()))
	// The provider counts it as an error, whatever phase stands beside.
	if err != nil {
		return string(rollouts.AnalysisPhaseError)
	}
	return string(phase)
}

// As the provider reads a vector: the values of its samples, none of their labels.
func numbers(vector []string) []float64 {
	values := make([]float64, 0, len(vector))
	for _, text := range vector {
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			panic(err)
		}
		values = append(values, value)
	}
	return values
}

func given(values map[string]string) (args []rollouts.Argument) {
	for name, value := range values {
		args = append(args, rollouts.Argument{Name: name, Value: &value})
	}
	return args
}

func placeholders(args []rollouts.Argument) []rollouts.Argument {
	dummy := "dummy-value"
	resolved := make([]rollouts.Argument, len(args))
	for i, arg := range args {
		resolved[i] = rollouts.Argument{Name: arg.Name, Value: arg.Value}
		if arg.Value == nil {
			resolved[i].Value = &dummy
		}
	}
	return resolved
}
