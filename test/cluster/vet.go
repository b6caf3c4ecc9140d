package main

// vet judges built-in Kubernetes objects with the API server's own create
// path: strict decoding, defaulting, conversion, then the registry strategy
// (rest.BeforeCreate). No server, no etcd. Custom resources are counted and
// left to others, but for the pod templates of a Rollout or LeaderWorkerSet:
// they are judged as a Deployment's would be.
//
//	vet [-w] [-pss restricted] [-feature-gates A=true] FILE|DIR...
//
// It ends with 1 when anything is rejected; -w prints the server's warnings.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/uuid"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/rest"
	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/apiserver/pkg/warning"
	"k8s.io/component-base/version"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/autoscaling/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	_ "k8s.io/kubernetes/pkg/apis/rbac/install"
	_ "k8s.io/kubernetes/pkg/apis/scheduling/install"
	_ "k8s.io/kubernetes/pkg/apis/storage/install"
	"k8s.io/kubernetes/pkg/registry/apps/daemonset"
	"k8s.io/kubernetes/pkg/registry/apps/deployment"
	"k8s.io/kubernetes/pkg/registry/apps/statefulset"
	"k8s.io/kubernetes/pkg/registry/autoscaling/horizontalpodautoscaler"
	"k8s.io/kubernetes/pkg/registry/batch/cronjob"
	"k8s.io/kubernetes/pkg/registry/batch/job"
	"k8s.io/kubernetes/pkg/registry/core/configmap"
	"k8s.io/kubernetes/pkg/registry/core/limitrange"
	"k8s.io/kubernetes/pkg/registry/core/namespace"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolume"
	"k8s.io/kubernetes/pkg/registry/core/persistentvolumeclaim"
	"k8s.io/kubernetes/pkg/registry/core/pod"
	"k8s.io/kubernetes/pkg/registry/core/resourcequota"
	"k8s.io/kubernetes/pkg/registry/core/secret"
	"k8s.io/kubernetes/pkg/registry/core/service"
	"k8s.io/kubernetes/pkg/registry/core/serviceaccount"
	"k8s.io/kubernetes/pkg/registry/networking/ingress"
	"k8s.io/kubernetes/pkg/registry/networking/ingressclass"
	"k8s.io/kubernetes/pkg/registry/networking/networkpolicy"
	"k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrole"
	"k8s.io/kubernetes/pkg/registry/rbac/clusterrolebinding"
	"k8s.io/kubernetes/pkg/registry/rbac/role"
	"k8s.io/kubernetes/pkg/registry/rbac/rolebinding"
	"k8s.io/kubernetes/pkg/registry/scheduling/priorityclass"
	"k8s.io/kubernetes/pkg/registry/storage/storageclass"
	psa "k8s.io/pod-security-admission/admission"
	psaapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// strategies maps group/kind to the strategy the API server's REST storage uses.
var strategies = map[string]rest.RESTCreateStrategy{
	"apps/Deployment": deployment.Strategy, "apps/StatefulSet": statefulset.Strategy, "apps/DaemonSet": daemonset.Strategy,
	"autoscaling/HorizontalPodAutoscaler": horizontalpodautoscaler.Strategy,
	"batch/Job":                           job.Strategy, "batch/CronJob": cronjob.Strategy,
	"/ConfigMap": configmap.Strategy, "/Secret": secret.Strategy, "/Service": service.Strategy, "/ServiceAccount": serviceaccount.Strategy,
	"/Namespace": namespace.Strategy, "/PersistentVolume": persistentvolume.Strategy, "/PersistentVolumeClaim": persistentvolumeclaim.Strategy, "/Pod": pod.Strategy,
	"/ResourceQuota": resourcequota.Strategy, "/LimitRange": limitrange.Strategy,
	"networking.k8s.io/NetworkPolicy": networkpolicy.Strategy, "networking.k8s.io/Ingress": ingress.Strategy, "networking.k8s.io/IngressClass": ingressclass.Strategy,
	"policy/PodDisruptionBudget":     poddisruptionbudget.Strategy,
	"rbac.authorization.k8s.io/Role": role.Strategy, "rbac.authorization.k8s.io/RoleBinding": rolebinding.Strategy,
	"rbac.authorization.k8s.io/ClusterRole": clusterrole.Strategy, "rbac.authorization.k8s.io/ClusterRoleBinding": clusterrolebinding.Strategy,
	"scheduling.k8s.io/PriorityClass": priorityclass.Strategy, "storage.k8s.io/StorageClass": storageclass.Strategy,
}

type recorder struct{ lines []string }

func (r *recorder) AddWarning(_, text string) { r.lines = append(r.lines, text) }

type judge struct {
	profile                     string
	showWarnings                bool
	accepted, rejected, foreign int
}

func vetMain(args []string) int {
	fs := flag.NewFlagSet("vet", flag.ExitOnError)
	var j judge
	fs.BoolVar(&j.showWarnings, "w", false, "print warnings")
	fs.StringVar(&j.profile, "pss", "", "also judge pods by this Pod Security Standard (baseline or restricted)")
	gates := fs.String("feature-gates", "", "what a later version has, as HPAScaleToZero=true")
	fs.Parse(args)
	if err := utilfeature.DefaultMutableFeatureGate.Set(*gates); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	for _, root := range fs.Args() {
		if err := filepath.WalkDir(root, j.file); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 2
		}
	}
	fmt.Printf("vet: %d accepted, %d rejected, %d not built in\n", j.accepted, j.rejected, j.foreign)
	if j.rejected > 0 {
		return 1
	}
	return 0
}

func (j *judge) file(path string, entry fs.DirEntry, err error) error {
	if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") && !strings.HasSuffix(path, ".yml") {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		doc, err := documents.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		known, id, warnings, err := j.check(doc)
		switch {
		case err != nil:
			j.rejected++
			fmt.Printf("%s: %s: %v\n", path, id, err)
		case known:
			j.accepted++
		case id != "":
			j.foreign++
		}
		if j.showWarnings {
			for _, w := range warnings {
				fmt.Printf("%s: %s: warning: %s\n", path, id, w)
			}
		}
	}
}

var codecs = serializer.NewCodecFactory(legacyscheme.Scheme, serializer.EnableStrict)

func (j *judge) check(doc []byte) (known bool, id string, warnings []string, err error) {
	var tm struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
	}
	if err := utilyaml.Unmarshal(doc, &tm); err != nil {
		return false, "?", nil, err
	}
	if tm.Kind == "" {
		return false, "", nil, nil
	}
	gv, err := schema.ParseGroupVersion(tm.APIVersion)
	id = tm.Kind + "/" + tm.Name
	if err != nil {
		return false, id, nil, err
	}
	if !legacyscheme.Scheme.IsGroupRegistered(gv.Group) {
		for _, deployment := range templates(doc, tm.Kind, tm.Name) {
			if _, _, warnings, err = j.check(deployment); err != nil {
				return false, id, warnings, err
			}
		}
		return false, id, warnings, nil
	}
	strategy := strategies[gv.Group+"/"+tm.Kind]
	obj, _, err := codecs.UniversalDecoder().Decode(doc, nil, nil)
	if err != nil {
		return true, id, nil, err
	}
	if strategy == nil {
		return true, id, nil, fmt.Errorf("no strategy for %s in vet.go: add it", gv.WithKind(tm.Kind))
	}
	m, err := meta.Accessor(obj)
	if err != nil {
		return true, id, nil, err
	}
	ns := m.GetNamespace()
	if strategy.NamespaceScoped() && ns == "" {
		ns = "default"
		m.SetNamespace(ns)
	}
	if s, ok := obj.(*core.Service); ok {
		allocate(s)
	}
	m.SetUID(uuid.NewUUID())
	m.SetCreationTimestamp(metav1.Now())
	rec := &recorder{}
	if err := lifecycle(gv.WithKind(tm.Kind), rec); err != nil {
		return true, id, nil, err
	}
	ctx := warning.WithWarningRecorder(request.WithNamespace(context.Background(), ns), rec)
	ctx = request.WithRequestInfo(ctx, &request.RequestInfo{IsResourceRequest: true, Verb: "create", APIGroup: gv.Group, APIVersion: gv.Version, Namespace: ns, Name: m.GetName()})
	err = rest.BeforeCreate(strategy, ctx, obj)
	if err == nil && j.profile != "" {
		err = podSecurity(j.profile, doc, gv.WithKind(tm.Kind))
	}
	return true, id, rec.lines, err
}

// lifecycle refuses API versions the server no longer serves (the scheme still decodes them) and warns of deprecated ones.
func lifecycle(gvk schema.GroupVersionKind, rec *recorder) error {
	obj, err := legacyscheme.Scheme.New(gvk)
	if err != nil {
		return err
	}
	serverMinor, err := strconv.Atoi(version.Get().Minor)
	if err != nil {
		return fmt.Errorf("built without its version: %w", err)
	}
	if l, ok := obj.(interface{ APILifecycleRemoved() (int, int) }); ok {
		if major, minor := l.APILifecycleRemoved(); major == 1 && minor <= serverMinor {
			return fmt.Errorf("%s is not served since 1.%d", gvk, minor)
		}
	}
	if l, ok := obj.(interface{ APILifecycleDeprecated() (int, int) }); ok {
		if major, minor := l.APILifecycleDeprecated(); major == 1 && minor <= serverMinor {
			rec.AddWarning("", fmt.Sprintf("%s is deprecated since 1.%d", gvk, minor))
		}
	}
	return nil
}

// allocate does what the service storage does before validation: cluster IPs and the health check node port.
func allocate(s *core.Service) {
	if s.Spec.Type == core.ServiceTypeExternalName {
		return
	}
	if s.Spec.ClusterIP != "" && len(s.Spec.ClusterIPs) == 0 {
		s.Spec.ClusterIPs = []string{s.Spec.ClusterIP}
	}
	if s.Spec.Type == core.ServiceTypeLoadBalancer && s.Spec.ExternalTrafficPolicy == core.ServiceExternalTrafficPolicyLocal && s.Spec.HealthCheckNodePort == 0 {
		s.Spec.HealthCheckNodePort = 31000
	}
}

// templates wraps the pod templates of custom workloads in Deployments.
func templates(doc []byte, kind, name string) (out [][]byte) {
	var o map[string]any
	if utilyaml.Unmarshal(doc, &o) != nil {
		return nil
	}
	paths := map[string][][]string{
		"Rollout":         {{"spec", "template"}},
		"LeaderWorkerSet": {{"spec", "leaderWorkerTemplate", "leaderTemplate"}, {"spec", "leaderWorkerTemplate", "workerTemplate"}},
	}
	for _, path := range paths[kind] {
		template, found, _ := unstructured.NestedMap(o, path...)
		if !found {
			continue
		}
		labels, _, _ := unstructured.NestedStringMap(template, "metadata", "labels")
		if len(labels) == 0 {
			labels = map[string]string{"vet": "template"}
			_ = unstructured.SetNestedStringMap(template, labels, "metadata", "labels")
		}
		d, _ := json.Marshal(map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": name},
			"spec": map[string]any{"selector": map[string]any{"matchLabels": labels}, "template": template}})
		out = append(out, d)
	}
	return out
}

var (
	evaluator  = func() policy.Evaluator { e, _ := policy.NewEvaluator(policy.DefaultChecks(), nil); return e }()
	podsOfKind = psa.DefaultPodSpecExtractor{}
)

// podSecurity asks the Pod Security admission library what it would say in an enforcing namespace.
func podSecurity(profile string, doc []byte, gvk schema.GroupVersionKind) error {
	obj, err := legacyscheme.Scheme.New(gvk)
	if err != nil || utilyaml.Unmarshal(doc, obj) != nil {
		return err
	}
	m, spec, err := podsOfKind.ExtractPodSpec(obj)
	if err != nil || spec == nil {
		return nil
	}
	level, err := psaapi.ParseLevel(profile)
	if err != nil {
		return err
	}
	r := policy.AggregateCheckResults(evaluator.EvaluatePod(psaapi.LevelVersion{Level: level, Version: psaapi.LatestVersion()}, m, spec))
	if !r.Allowed {
		return fmt.Errorf("pod security %q: %s", profile, r.ForbiddenDetail())
	}
	return nil
}
