package main

import (
	"context"
	"errors"

	"github.com/go-logr/logr"
	keda "github.com/kedacore/keda/v2/apis/keda/v1alpha1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/config"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	server "sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/yaml"
)

// kedaWebhook asks the whole of KEDA's admission webhook, as at a creation in
// a cluster that has all the other objects.
func kedaWebhook(cluster []object, o object) (known bool, warnings []string, err error) {
	if o.APIVersion != keda.GroupVersion.String() {
		return false, nil, nil
	}
	created := false
	switch o.Kind {
	case "ScaledObject":
		so := &keda.ScaledObject{}
		if err := yaml.UnmarshalStrict(o.text, so); err != nil {
			return true, nil, err
		}
		if err := withCluster(cluster, o, so); err != nil {
			return true, nil, err
		}
		warnings, err = so.ValidateCreate(&created)
	case "TriggerAuthentication":
		ta := &keda.TriggerAuthentication{}
		if err := yaml.UnmarshalStrict(o.text, ta); err != nil {
			return true, nil, err
		}
		warnings, err = ta.ValidateCreate(&created)
	case "ClusterTriggerAuthentication":
		cta := &keda.ClusterTriggerAuthentication{}
		if err := yaml.UnmarshalStrict(o.text, cta); err != nil {
			return true, nil, err
		}
		warnings, err = cta.ValidateCreate(&created)
	default:
		return false, nil, nil
	}
	return true, warnings, err
}

// withCluster has the webhook see every other object of the cluster. The
// package keeps its client to itself and takes it from a manager only.
func withCluster(cluster []object, about object, so *keda.ScaledObject) error {
	var errs []error
	m := &fakeManager{builder: fake.NewClientBuilder().WithScheme(scheme.Scheme)}
	decoder := scheme.Codecs.UniversalDeserializer()
	for _, o := range cluster {
		if o.Kind == about.Kind && o.Namespace == about.Namespace && o.Name == about.Name {
			continue
		}
		decoded, _, err := decoder.Decode(o.text, nil, nil)
		if runtime.IsNotRegisteredError(err) {
			continue
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		m.builder.WithObjects(decoded.(client.Object))
	}
	return errors.Join(append(errs, so.SetupWebhookWithManager(m, false))...)
}

// fakeManager is as much of a manager as SetupWebhookWithManager asks for.
type fakeManager struct {
	manager.Manager
	builder *fake.ClientBuilder
}

func (m *fakeManager) IndexField(_ context.Context, o client.Object, field string, f client.IndexerFunc) error {
	m.builder.WithIndex(o, field, f)
	return nil
}

// The webhook takes its client once, after it has named its indexes.
func (m *fakeManager) GetClient() client.Client { return m.builder.WithRESTMapper(kinds).Build() }

func (m *fakeManager) GetRESTMapper() meta.RESTMapper               { return kinds }
func (m *fakeManager) GetFieldIndexer() client.FieldIndexer         { return m }
func (m *fakeManager) GetScheme() *runtime.Scheme                   { return scheme.Scheme }
func (m *fakeManager) GetConfig() *rest.Config                      { return &rest.Config{} }
func (m *fakeManager) GetLogger() logr.Logger                       { return logr.Discard() }
func (m *fakeManager) GetControllerOptions() config.Controller      { return config.Controller{} }
func (m *fakeManager) GetEventRecorder(string) events.EventRecorder { return &events.FakeRecorder{} }
func (m *fakeManager) GetWebhookServer() server.Server              { return server.NewServer(server.Options{}) }

// kinds has what a ScaledObject may target: the kinds the webhook reads, and
// Rollouts.
var kinds = func() meta.RESTMapper {
	utilruntime.Must(keda.AddToScheme(scheme.Scheme))
	mapper := meta.NewDefaultRESTMapper(nil)
	for gvk := range scheme.Scheme.AllKnownTypes() {
		mapper.Add(gvk, meta.RESTScopeNamespace)
	}
	mapper.Add(schema.GroupVersionKind{Group: "argoproj.io", Version: "v1alpha1", Kind: "Rollout"}, meta.RESTScopeNamespace)
	return mapper
}()
