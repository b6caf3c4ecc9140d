package main

// A kubelet that runs nothing: it registers nodes, keeps them Ready, and moves
// the pods bound to them through their phases as a real one would report them.
//
// Annotations a pod may carry:
//
//	sim/ready-after: 3s   time from start to Ready (default 0)
//	sim/run-for: 5s       containers end with code 0 after it (for Jobs)
//	sim/exit-code: "1"    the code they end with
//	sim/stop-after: 2s    time from deletion to gone (default 0, at most the grace period)

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

type kubelet struct {
	client kubernetes.Interface
	nodes  map[string]bool
	timers sync.Map // pod uid + step -> struct{}
	nextIP atomic.Uint32
}

func kubeletMain(args []string) {
	fs := flag.NewFlagSet("sim-kubelet", flag.ExitOnError)
	kubeconfig := fs.String("kubeconfig", "", "")
	count := fs.Int("nodes", 3, "how many nodes")
	cpu := fs.String("cpu", "32", "CPU of each node")
	memory := fs.String("memory", "128Gi", "memory of each node")
	zones := fs.Int("zones", 3, "how many zones the nodes are spread over")
	extended := corev1.ResourceList{"nvidia.com/gpu": resource.MustParse("8")}
	fs.Func("resource", "NAME=QUANTITY that each node has besides (may be given again)", func(text string) error {
		name, amount, found := strings.Cut(text, "=")
		quantity, err := resource.ParseQuantity(amount)
		if !found || err != nil {
			return fmt.Errorf("want NAME=QUANTITY, got %q", text)
		}
		extended[corev1.ResourceName(name)] = quantity
		return nil
	})
	fs.Parse(args)

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		log.Fatal(err)
	}
	config.QPS, config.Burst = -1, -1
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.AcceptContentTypes = "application/vnd.kubernetes.protobuf,application/json"
	client := kubernetes.NewForConfigOrDie(config)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	k := &kubelet{client: client, nodes: map[string]bool{}}
	factory := informers.NewSharedInformerFactory(client, 0)
	pods := factory.Core().V1().Pods()
	for i := range *count {
		name := fmt.Sprintf("node-%d", i)
		k.nodes[name] = true
		node := k.node(name, fmt.Sprintf("zone-%d", i%*zones), *cpu, *memory, extended)
		if _, err := client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{}); err != nil {
			log.Print(err) // there already, after a restart
		}
		k.heartbeat(ctx, name)
	}
	pods.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(o any) { k.sync(ctx, o.(*corev1.Pod)) },
		UpdateFunc: func(_, o any) { k.sync(ctx, o.(*corev1.Pod)) },
	})
	factory.Start(ctx.Done())
	tick := time.NewTicker(10 * time.Second)
	for {
		select {
		case <-ctx.Done():
			os.Exit(0)
		case <-tick.C:
			for name := range k.nodes {
				k.heartbeat(ctx, name)
			}
		}
	}
}

func (k *kubelet) node(name, zone, cpu, memory string, extended corev1.ResourceList) *corev1.Node {
	res := corev1.ResourceList{
		corev1.ResourceCPU:              resource.MustParse(cpu),
		corev1.ResourceMemory:           resource.MustParse(memory),
		corev1.ResourceEphemeralStorage: resource.MustParse("1Ti"),
		corev1.ResourcePods:             resource.MustParse("250"),
	}
	maps.Copy(res, extended)
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{
			"kubernetes.io/hostname":        name,
			"kubernetes.io/os":              "linux",
			"kubernetes.io/arch":            "amd64",
			"topology.kubernetes.io/zone":   zone,
			"topology.kubernetes.io/region": "sim",
		}},
		Status: corev1.NodeStatus{Capacity: res, Allocatable: res},
	}
}

func (k *kubelet) heartbeat(ctx context.Context, name string) {
	now := metav1.Now()
	cond := func(t corev1.NodeConditionType, s corev1.ConditionStatus) corev1.NodeCondition {
		return corev1.NodeCondition{Type: t, Status: s, Reason: "Simulated", LastHeartbeatTime: now}
	}
	k.patch(ctx, "nodes", "", name, map[string]any{"conditions": []corev1.NodeCondition{
		cond(corev1.NodeReady, corev1.ConditionTrue),
		cond(corev1.NodeMemoryPressure, corev1.ConditionFalse),
		cond(corev1.NodeDiskPressure, corev1.ConditionFalse),
		cond(corev1.NodePIDPressure, corev1.ConditionFalse),
	}})
}

func (k *kubelet) patch(ctx context.Context, kind, ns, name string, status any) {
	body, _ := json.Marshal(map[string]any{"status": status})
	var err error
	if kind == "nodes" {
		_, err = k.client.CoreV1().Nodes().Patch(ctx, name, types.StrategicMergePatchType, body, metav1.PatchOptions{}, "status")
	} else {
		_, err = k.client.CoreV1().Pods(ns).Patch(ctx, name, types.StrategicMergePatchType, body, metav1.PatchOptions{}, "status")
	}
	if err != nil && ctx.Err() == nil {
		log.Print(kind, " ", name, ": ", err)
	}
}

// after runs f once per pod and step, d from now.
func (k *kubelet) after(pod *corev1.Pod, step string, d time.Duration, f func()) {
	key := string(pod.UID) + step
	if _, started := k.timers.LoadOrStore(key, struct{}{}); started {
		return
	}
	time.AfterFunc(d, f)
}

func wish(pod *corev1.Pod, name string, otherwise time.Duration) time.Duration {
	if d, err := time.ParseDuration(pod.Annotations["sim/"+name]); err == nil {
		return d
	}
	return otherwise
}

func (k *kubelet) sync(ctx context.Context, pod *corev1.Pod) {
	if !k.nodes[pod.Spec.NodeName] {
		return
	}
	if pod.DeletionTimestamp != nil {
		d := wish(pod, "stop-after", 0)
		if g := pod.DeletionGracePeriodSeconds; g != nil {
			d = min(d, time.Duration(*g)*time.Second)
		}
		k.after(pod, "stop", d, func() {
			zero := int64(0)
			k.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{
				GracePeriodSeconds: &zero, Preconditions: &metav1.Preconditions{UID: &pod.UID}})
			for _, step := range []string{"start", "ready", "end", "stop"} {
				k.timers.Delete(string(pod.UID) + step)
			}
		})
		return
	}
	if pod.Status.Phase != corev1.PodPending || pod.Status.PodIP != "" {
		return
	}
	n := k.nextIP.Add(1)
	ip := fmt.Sprintf("10.%d.%d.%d", 200+n>>16&31, n>>8&255, n&255)
	start := metav1.Now()
	delay := wish(pod, "ready-after", 0)
	// The one after the other: a start that is reported late would take back that the pod is ready.
	k.after(pod, "start", 0, func() {
		k.report(ctx, pod, ip, start, delay <= 0, nil)
		if delay > 0 {
			k.after(pod, "ready", delay, func() { k.report(ctx, pod, ip, start, true, nil) })
		}
	})
	if run := wish(pod, "run-for", -1); run >= 0 {
		code, _ := strconv.Atoi(pod.Annotations["sim/exit-code"])
		k.after(pod, "end", run, func() { k.report(ctx, pod, ip, start, false, &code) })
	}
}

func (k *kubelet) report(ctx context.Context, pod *corev1.Pod, ip string, start metav1.Time, ready bool, exit *int) {
	now := metav1.Now()
	phase := corev1.PodRunning
	state := func() corev1.ContainerState {
		if exit != nil {
			return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
				ExitCode: int32(*exit), Reason: "Completed", StartedAt: start, FinishedAt: now}}
		}
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: start}}
	}
	if exit != nil {
		phase = corev1.PodSucceeded
		if *exit != 0 {
			phase = corev1.PodFailed
		}
	}
	cond := func(t corev1.PodConditionType, ok bool, at metav1.Time) corev1.PodCondition {
		s := corev1.ConditionFalse
		if ok {
			s = corev1.ConditionTrue
		}
		return corev1.PodCondition{Type: t, Status: s, LastTransitionTime: at}
	}
	readyAt := start
	if ready || exit != nil {
		readyAt = now
	}
	status := corev1.PodStatus{
		Phase: phase, PodIP: ip, PodIPs: []corev1.PodIP{{IP: ip}}, StartTime: &start,
		Conditions: []corev1.PodCondition{
			cond(corev1.PodInitialized, true, start),
			cond(corev1.PodReady, ready, readyAt),
			cond(corev1.ContainersReady, ready, readyAt),
			cond(corev1.PodScheduled, true, start),
		},
	}
	for _, c := range pod.Spec.InitContainers {
		st := corev1.ContainerStatus{Name: c.Name, Image: c.Image, Ready: true}
		if c.RestartPolicy != nil && *c.RestartPolicy == corev1.ContainerRestartPolicyAlways {
			started := true
			st.Started, st.State = &started, state()
		} else {
			st.State.Terminated = &corev1.ContainerStateTerminated{Reason: "Completed", StartedAt: start, FinishedAt: start}
		}
		status.InitContainerStatuses = append(status.InitContainerStatuses, st)
	}
	for _, c := range pod.Spec.Containers {
		started := exit == nil
		status.ContainerStatuses = append(status.ContainerStatuses, corev1.ContainerStatus{
			Name: c.Name, Image: c.Image, ImageID: "sim", Ready: ready, Started: &started, State: state()})
	}
	k.patch(ctx, "pods", pod.Namespace, pod.Name, status)
}
