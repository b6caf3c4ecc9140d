// routevet asks the routing table of KEDA's HTTP add-on which InterceptorRoute
// takes a request.
//
//	routevet < {"routes": [InterceptorRoute...], "requests": [{host, headers}...]}
//
// It prints the names of the routes, one for each request, as JSON; "" is none.
package main

import (
	"encoding/json"
	"net/http"
	"os"

	httpv1beta1 "github.com/kedacore/http-add-on/operator/apis/http/v1beta1"
	"github.com/kedacore/http-add-on/pkg/routing"
)

type request struct {
	Host    string              `json:"host"`
	Headers map[string][]string `json:"headers"`
}

type input struct {
	Routes   []httpv1beta1.InterceptorRoute `json:"routes"`
	Requests []request                      `json:"requests"`
}

func main() {
	var given input
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		panic(err)
	}
	table := routing.NewTableMemory()
	for index := range given.Routes {
		table = table.Remember(&given.Routes[index])
	}
	names := make([]string, 0, len(given.Requests))
	for _, r := range given.Requests {
		headers := http.Header{}
		for name, values := range r.Headers {
			for _, value := range values {
				headers.Add(name, value)
			}
		}
		name := ""
		if route := table.Route(r.Host, "/predict", headers); route != nil {
			name = route.Namespace + "/" + route.Name
		}
		names = append(names, name)
	}
	if err := json.NewEncoder(os.Stdout).Encode(names); err != nil {
		panic(err)
	}
}
