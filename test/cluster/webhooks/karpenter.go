package main

import (
	"context"
	"fmt"

	karpenter "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/yaml"
)

// karpenterCheck runs what Karpenter itself runs on a NodePool before it makes
// a node of it, and looks for the class of nodes among the other objects.
func karpenterCheck(cluster []object, o object) (known bool, warnings []string, err error) {
	if o.APIVersion != "karpenter.sh/v1" || o.Kind != "NodePool" {
		return false, nil, nil
	}
	pool := &karpenter.NodePool{}
	if err := yaml.UnmarshalStrict(o.text, pool); err != nil {
		return true, nil, err
	}
	if err := pool.RuntimeValidate(context.Background()); err != nil {
		return true, nil, err
	}
	ref := pool.Spec.Template.Spec.NodeClassRef
	for _, other := range cluster {
		if other.Kind == ref.Kind && other.GroupVersionKind().Group == ref.Group && other.Name == ref.Name {
			return true, nil, nil
		}
	}
	return true, nil, fmt.Errorf("nodeClassRef: there is no %s %q", ref.Kind, ref.Name)
}
