package main

import (
	"github.com/aws/jsii-runtime-go"
	"github.com/cdk8s-bento/cdk8s-bento-go/cdk8sbento"
	"github.com/cdk8s-team/cdk8s-core-go/cdk8s/v2"
	"github.com/cdk8s-team/cdk8s-plus-go/cdk8splus27/v2"
)

func pods(app cdk8s.App, report *Report) {
	chart := cdk8s.NewChart(app, jsii.String("pods"), &cdk8s.ChartProps{Namespace: jsii.String("pods")})
	cdk8sbento.ClusterProfile_Set(
		chart,
		cdk8sbento.NewClusterProfile(
			&cdk8sbento.ClusterProfileProps{Name: jsii.String("pods"), KubernetesVersion: jsii.String("1.36")},
		),
	)
	namespace := cdk8sbento.NewServingNamespace(
		chart,
		jsii.String("Namespace"),
		&cdk8sbento.ServingNamespaceProps{
			Name:        jsii.String("pods"),
			Labels:      &map[string]*string{"team": jsii.String("search"), "cost": jsii.String("shared")},
			Annotations: &map[string]*string{"owner": jsii.String("ml"), "contact": jsii.String("ml@example.com")},
			GpuQuotas: &[]cdk8sbento.GpuQuota{
				cdk8sbento.GpuQuota_Of(cdk8sbento.Gpu_NVIDIA_L4(), jsii.Number(40)),
				cdk8sbento.GpuQuota_Of(cdk8sbento.Gpu_AMD_MI300X(), jsii.Number(8)),
			},
			LoadBalancerReadinessGate: jsii.Bool(true),
		},
	)
	report.Text(jsii.String("namespace"), namespace.Name())
	report.Text(jsii.String("namespace object"), namespace.NamespaceObject().Name())
	report.Text(jsii.String("quota"), namespace.ResourceQuota().Kind())
	report.Number(
		jsii.String("quota of GPUs"),
		cdk8sbento.GpuQuota_Of(cdk8sbento.Gpu_NVIDIA_L4(), jsii.Number(40)).MaxGpus(),
	)
	report.Text(
		jsii.String("GPU"),
		cdk8sbento.GpuQuota_Of(cdk8sbento.Gpu_NVIDIA_L4(), jsii.Number(40)).ResourceName(),
	)

	// Every option of a pod; what its objects are called is taken over.
	bento := cdk8sbento.Bento_FromImage(
		jsii.String("registry.example.com/rag:7kq2mzqv6w"),
		&cdk8sbento.BentoFromImageOptions{
			Name:        jsii.String("rag"),
			Version:     jsii.String("2026.11.1"),
			RequiredEnv: &[]*string{jsii.String("API_KEY"), jsii.String("REGION")},
			Services: &[]cdk8sbento.BentoService{
				cdk8sbento.BentoService_Named(
					jsii.String("Api"),
					&cdk8sbento.BentoServiceOptions{
						DependsOn:        &[]*string{jsii.String("Embedder"), jsii.String("Llm"), jsii.String("Judge")},
						ExtraPorts:       &[]*float64{jsii.Number(9090)},
						MetricsNamespace: jsii.String("rag"),
						PathPrefix:       jsii.String("/v1"),
						Routes:           &[]*string{jsii.String("/ask"), jsii.String("/answer")},
						Size:             cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
						Timeout:          cdk8s.Duration_Seconds(jsii.Number(90)),
						Workers:          jsii.Number(2),
					},
				),
				cdk8sbento.BentoService_Named(
					jsii.String("Embedder"),
					&cdk8sbento.BentoServiceOptions{
						MaxConcurrency:    jsii.Number(32),
						TargetConcurrency: jsii.Number(8),
						Timeout:           cdk8s.Duration_Seconds(jsii.Number(20)),
					},
				),
				cdk8sbento.BentoService_Named(
					jsii.String("Llm"),
					&cdk8sbento.BentoServiceOptions{Timeout: cdk8s.Duration_Seconds(jsii.Number(60))},
				),
				cdk8sbento.BentoService_Named(
					jsii.String("Judge"),
					&cdk8sbento.BentoServiceOptions{Timeout: cdk8s.Duration_Seconds(jsii.Number(5))},
				),
			},
		},
	)
	report.Text(jsii.String("bento"), bento.Name())
	report.Text(jsii.String("bento version"), bento.Version())
	report.Text(jsii.String("bento image"), bento.Image())
	report.Text(jsii.String("bento entry"), bento.EntryService())
	report.Texts(jsii.String("bento services"), bento.ServiceNames())

	settings := cdk8splus27.NewConfigMap(
		chart,
		jsii.String("Settings"),
		&cdk8splus27.ConfigMapProps{
			Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("rag-settings")},
			Data:     &map[string]*string{"STYLE": jsii.String("brief")},
		},
	)
	keys := cdk8splus27.Secret_FromSecretName(chart, jsii.String("Keys"), jsii.String("rag-keys"))
	claim := cdk8splus27.PersistentVolumeClaim_FromClaimName(
		chart,
		jsii.String("Claim"),
		jsii.String("rag-weights"),
	)
	account := cdk8splus27.ServiceAccount_FromServiceAccountName(
		chart,
		jsii.String("Account"),
		jsii.String("rag-account"),
		nil,
	)
	report.Text(
		jsii.String("variable"),
		cdk8sbento.EnvVar_Value(jsii.String("REGION"), jsii.String("eu-west-1")).Name(),
	)
	report.Text(jsii.String("secret"), cdk8sbento.SecretRef_Of(keys).Name())
	report.Text(jsii.String("claim"), cdk8sbento.ClaimRef_Of(claim).Name())
	report.Text(jsii.String("config map"), cdk8sbento.ConfigMapRef_Of(settings).Name())

	rag := cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Rag"),
		&cdk8sbento.BentoDeploymentProps{
			Bento:      bento,
			Name:       jsii.String("rag"),
			VersionKey: jsii.String("main"),
			State:      cdk8sbento.RunState_RUNNING,
			Env: &[]cdk8sbento.EnvVar{
				cdk8sbento.EnvVar_Value(jsii.String("REGION"), jsii.String("eu-west-1")),
				cdk8sbento.EnvVar_Of(jsii.String("MODE"), cdk8splus27.EnvValue_FromValue(jsii.String("batch"))),
				cdk8sbento.EnvVar_FromField(jsii.String("NODE"), jsii.String("spec.nodeName")),
				cdk8sbento.EnvVar_FromSecret(
					jsii.String("API_KEY"),
					&cdk8sbento.EnvVarFromSecretOptions{
						Secret:   cdk8sbento.SecretRef_Of(keys),
						Key:      jsii.String("openai"),
						Optional: jsii.Bool(true),
					},
				),
				cdk8sbento.EnvVar_FromConfigMap(
					jsii.String("STYLE"),
					&cdk8sbento.EnvVarFromConfigMapOptions{
						ConfigMap: cdk8sbento.ConfigMapRef_Of(settings),
						Key:       jsii.String("STYLE"),
						Optional:  jsii.Bool(false),
					},
				),
			},
			EnvFrom: &[]cdk8sbento.EnvFrom{
				cdk8sbento.EnvFrom_ConfigMap(
					cdk8sbento.ConfigMapRef_Named(jsii.String("defaults")),
					&cdk8sbento.EnvFromOptions{Prefix: jsii.String("DEFAULT_"), Optional: jsii.Bool(true)},
				),
				cdk8sbento.EnvFrom_Secret(cdk8sbento.SecretRef_Named(jsii.String("tokens")), nil),
			},
			Labels: &map[string]*string{
				"team":  jsii.String("search"),
				"app":   jsii.String("rag"),
				"stage": jsii.String("production"),
			},
			Annotations: &map[string]*string{
				"example.com/zone":  jsii.String("a"),
				"example.com/owner": jsii.String("ml"),
			},
			Files: &map[string]*string{"/etc/rag/b.txt": jsii.String("second"), "/etc/rag/a.txt": jsii.String("first")},
			NodeSelector: &map[string]*string{
				"node.example.com/pool": jsii.String("gpu"),
				"kubernetes.io/arch":    jsii.String("amd64"),
			},
			ImagePullSecrets:             &[]cdk8sbento.SecretRef{cdk8sbento.SecretRef_Named(jsii.String("registry"))},
			ServiceAccount:               cdk8sbento.ServiceAccountRef_Of(account),
			AutomountServiceAccountToken: jsii.Bool(false),
			PriorityClassName:            jsii.String("serving"),
			RuntimeClassName:             jsii.String("nvidia"),
			Security: &cdk8sbento.SecurityOptions{
				RunAsUser:              jsii.Number(1000),
				RunAsGroup:             jsii.Number(1000),
				ReadOnlyRootFilesystem: jsii.Bool(true),
			},
			HostAliases: &[]cdk8sbento.HostAlias{
				cdk8sbento.HostAlias_Of(
					jsii.String("10.0.0.7"),
					&[]*string{jsii.String("legacy.example.com"), jsii.String("old.example.com")},
				),
			},
			Tolerations: &[]cdk8sbento.Toleration{
				cdk8sbento.Toleration_Exists(
					jsii.String("nvidia.com/gpu"),
					&cdk8sbento.TolerationOptions{Effect: cdk8sbento.TaintEffect_NO_SCHEDULE},
				),
				cdk8sbento.Toleration_WithValue(
					jsii.String("pool"),
					jsii.String("gpu"),
					&cdk8sbento.TolerationOptions{
						Effect:     cdk8sbento.TaintEffect_NO_EXECUTE,
						EvictAfter: cdk8s.Duration_Minutes(jsii.Number(5)),
					},
				),
				cdk8sbento.Toleration_Exists(
					jsii.String("spot"),
					&cdk8sbento.TolerationOptions{Effect: cdk8sbento.TaintEffect_PREFER_NO_SCHEDULE},
				),
			},
			Affinity: &[]cdk8sbento.Affinity{
				cdk8sbento.Affinity_RequireNodes(
					&[]cdk8sbento.NodeRequirement{
						cdk8sbento.NodeRequirement_OneOf(
							jsii.String("topology.kubernetes.io/zone"),
							&[]*string{jsii.String("a"), jsii.String("b")},
						),
						cdk8sbento.NodeRequirement_NoneOf(jsii.String("node.example.com/kind"), &[]*string{jsii.String("old")}),
						cdk8sbento.NodeRequirement_Exists(jsii.String("node.example.com/pool")),
						cdk8sbento.NodeRequirement_DoesNotExist(jsii.String("node.example.com/drained")),
						cdk8sbento.NodeRequirement_GreaterThan(jsii.String("node.example.com/cores"), jsii.Number(8)),
						cdk8sbento.NodeRequirement_LessThan(jsii.String("node.example.com/age"), jsii.Number(30)),
					},
				),
				cdk8sbento.Affinity_PreferNodes(
					jsii.Number(10),
					&[]cdk8sbento.NodeRequirement{
						cdk8sbento.NodeRequirement_OneOf(jsii.String("node.example.com/disk"), &[]*string{jsii.String("nvme")}),
					},
				),
				cdk8sbento.Affinity_RequirePods(
					&cdk8sbento.PodAffinityOptions{
						Labels:      &map[string]*string{"app": jsii.String("cache")},
						Namespaces:  &[]*string{jsii.String("cache")},
						TopologyKey: jsii.String("topology.kubernetes.io/zone"),
					},
				),
				cdk8sbento.Affinity_PreferPods(
					jsii.Number(20),
					&cdk8sbento.PodAffinityOptions{
						Labels: &map[string]*string{"app": jsii.String("vectors"), "tier": jsii.String("warm")},
					},
				),
				cdk8sbento.Affinity_AvoidPods(
					&cdk8sbento.PodAffinityOptions{Labels: &map[string]*string{"app": jsii.String("noisy")}},
				),
				cdk8sbento.Affinity_PreferToAvoidPods(
					jsii.Number(30),
					&cdk8sbento.PodAffinityOptions{Labels: &map[string]*string{"app": jsii.String("batch")}},
				),
			},
			Logging: &cdk8sbento.LogOptions{
				Level:     cdk8sbento.LogLevel_INFO,
				AccessLog: jsii.Bool(true),
				SkipPaths: &[]*string{jsii.String("/ping")},
			},
			Tracing: cdk8sbento.Tracing_Otlp(
				&cdk8sbento.OtlpTracingOptions{
					Endpoint:      jsii.String("http://collector.tracing:4317"),
					Protocol:      cdk8sbento.OtlpProtocol_GRPC,
					SampleRatio:   jsii.Number(0.1),
					ExcludedPaths: &[]*string{jsii.String("/ping")},
				},
			),
			InitContainers: &[]cdk8sbento.PodContainer{
				cdk8sbento.PodContainer_Of(
					jsii.String("warm"),
					jsii.String("registry.example.com/warm:1.0.0"),
					&cdk8sbento.PodContainerOptions{
						Command: &[]*string{jsii.String("/warm")},
						Args:    &[]*string{jsii.String("--all")},
						Env:     &[]cdk8sbento.EnvVar{cdk8sbento.EnvVar_Value(jsii.String("LEVEL"), jsii.String("3"))},
						EnvFrom: &[]cdk8sbento.EnvFrom{
							cdk8sbento.EnvFrom_Secret(
								cdk8sbento.SecretRef_Named(jsii.String("tokens")),
								&cdk8sbento.EnvFromOptions{Prefix: jsii.String("T_")},
							),
						},
						Size: cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
					},
				),
			},
			Sidecars: &[]cdk8sbento.PodContainer{
				cdk8sbento.PodContainer_Of(
					jsii.String("agent"),
					jsii.String("registry.example.com/agent:1.0.0"),
					&cdk8sbento.PodContainerOptions{
						Ports: &[]*float64{jsii.Number(8125)},
						Size:  cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
					},
				),
			},
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Workers:     jsii.Number(2),
				ServicePort: jsii.Number(80),
				Startup: &cdk8sbento.StartupOptions{
					Timeout:   cdk8s.Duration_Minutes(jsii.Number(12)),
					ImageSize: cdk8s.Size_Gibibytes(jsii.Number(4)),
					ModelSize: cdk8s.Size_Gibibytes(jsii.Number(2)),
					NodeStart: cdk8s.Duration_Minutes(jsii.Number(3)),
				},
				Readiness: &cdk8sbento.ReadinessOptions{IncludeDependencies: jsii.Bool(false)},
				Drain: &cdk8sbento.DrainOptions{
					EndpointRemoval:  cdk8s.Duration_Seconds(jsii.Number(15)),
					GracefulShutdown: cdk8s.Duration_Seconds(jsii.Number(95)),
				},
				Rolling: &cdk8sbento.RollingOptions{
					MaxSurge:         cdk8sbento.ReplicaShare_Percent(jsii.Number(50)),
					MaxUnavailable:   cdk8sbento.ReplicaShare_Replicas(jsii.Number(0)),
					MinReady:         cdk8s.Duration_Seconds(jsii.Number(10)),
					ProgressDeadline: cdk8s.Duration_Minutes(jsii.Number(40)),
					RevisionHistory:  jsii.Number(5),
				},
				AllowFrom: &[]cdk8sbento.NetworkPeer{
					cdk8sbento.NetworkPeer_Namespace(jsii.String("search")),
					cdk8sbento.NetworkPeer_SameNamespace(),
					cdk8sbento.NetworkPeer_Pods(
						&cdk8sbento.PodsPeerOptions{
							Labels:    &map[string]*string{"app": jsii.String("web"), "tier": jsii.String("edge")},
							Namespace: jsii.String("web"),
						},
					),
				},
				AllowTo: &[]cdk8sbento.NetworkPeer{cdk8sbento.NetworkPeer_Cidr(jsii.String("10.0.0.0/8"))},
				Adopt: &cdk8sbento.AdoptOptions{
					WorkloadName:         jsii.String("rag-v1"),
					ServiceName:          jsii.String("rag-svc"),
					ScalerName:           jsii.String("rag-hpa"),
					DisruptionBudgetName: jsii.String("rag-pdb"),
					NetworkPolicyName:    jsii.String("rag-net"),
					Selector:             &map[string]*string{"app": jsii.String("rag"), "role": jsii.String("api")},
				},
			},
			Runners: &map[string]cdk8sbento.Runner{
				"Llm": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Size: cdk8sbento.InstanceSize_Of(
							&cdk8sbento.InstanceSizeOptions{
								CpuCores:         jsii.Number(8),
								CpuLimitCores:    jsii.Number(16),
								Memory:           cdk8s.Size_Gibibytes(jsii.Number(64)),
								Gpu:              cdk8sbento.Gpu_NVIDIA_A100(),
								GpuCount:         jsii.Number(2),
								EphemeralStorage: cdk8s.Size_Gibibytes(jsii.Number(200)),
								SharedMemory:     cdk8s.Size_Gibibytes(jsii.Number(8)),
							},
						),
						Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
						Models: &[]cdk8sbento.ModelVolume{
							cdk8sbento.ModelVolume_Download(
								jsii.String("llama"),
								&cdk8sbento.DownloadVolumeOptions{
									Source: cdk8sbento.ModelSource_HuggingFace(
										jsii.String("meta-llama/Llama-3.1-8B-Instruct"),
										&cdk8sbento.HuggingFaceSourceOptions{
											Revision: jsii.String("0e9e39f249a16976918f6564b8830bc894c89659"),
											Token:    cdk8sbento.SecretRef_Named(jsii.String("hugging-face")),
										},
									),
									MountPath:        jsii.String("/models/llama"),
									Size:             cdk8s.Size_Gibibytes(jsii.Number(40)),
									StorageClassName: jsii.String("efs"),
									FilledBy:         cdk8sbento.FilledBy_JOB,
									DownloadSize:     cdk8sbento.InstanceSize_Named(jsii.String("cpu.2")),
									Env: &[]cdk8sbento.EnvVar{
										cdk8sbento.EnvVar_Value(jsii.String("HF_HUB_ENABLE_HF_TRANSFER"), jsii.String("1")),
									},
									Image:        jsii.String("registry.example.com/downloader:1.0.0"),
									NodeSelector: &map[string]*string{"kubernetes.io/arch": jsii.String("amd64")},
									Tolerations:  &[]cdk8sbento.Toleration{cdk8sbento.Toleration_Exists(jsii.String("batch"), nil)},
								},
							),
							cdk8sbento.ModelVolume_Download(
								jsii.String("lora"),
								&cdk8sbento.DownloadVolumeOptions{
									Source: cdk8sbento.ModelSource_S3(
										jsii.String("s3://models/lora"),
										&cdk8sbento.S3SourceOptions{
											Credentials: cdk8sbento.SecretRef_Named(jsii.String("s3")),
											Endpoint:    jsii.String("https://s3.example.com"),
											Region:      jsii.String("eu-west-1"),
										},
									),
									MountPath:        jsii.String("/models/lora"),
									Size:             cdk8s.Size_Gibibytes(jsii.Number(2)),
									StorageClassName: jsii.String("efs"),
									FilledBy:         cdk8sbento.FilledBy_INIT_CONTAINER,
								},
							),
							cdk8sbento.ModelVolume_Claim(
								jsii.String("shared"),
								&cdk8sbento.ClaimVolumeOptions{
									Claim:     cdk8sbento.ClaimRef_Named(jsii.String("weights")),
									MountPath: jsii.String("/models/shared"),
									SubPath:   jsii.String("v1"),
								},
							),
							cdk8sbento.ModelVolume_Csi(
								jsii.String("cached"),
								&cdk8sbento.CsiVolumeOptions{
									Driver:     jsii.String("models.csi.example.com"),
									MountPath:  jsii.String("/models/cached"),
									Attributes: &map[string]*string{"model": jsii.String("x"), "cache": jsii.String("node")},
								},
							),
							cdk8sbento.ModelVolume_Image(
								jsii.String("tokens"),
								&cdk8sbento.ImageVolumeOptions{
									Image:     jsii.String("registry.example.com/tokenizer:1.0.0"),
									MountPath: jsii.String("/models/tokens"),
								},
							),
							cdk8sbento.ModelVolume_S3Bucket(
								jsii.String("bucket"),
								&cdk8sbento.S3BucketVolumeOptions{
									Bucket:    jsii.String("models"),
									MountPath: jsii.String("/models/bucket"),
									Prefix:    jsii.String("llama"),
									Region:    jsii.String("eu-west-1"),
								},
							),
						},
					},
				),
				"Embedder": cdk8sbento.Runner_Pool(
					&cdk8sbento.RunnerPoolOptions{
						Size:    cdk8sbento.InstanceSize_Named(jsii.String("gpu.l4.1")),
						Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(3)),
					},
				),
				"Judge": cdk8sbento.Runner_Url(
					jsii.String("http://judge.elsewhere:3000"),
					&cdk8sbento.RunnerUrlOptions{Timeout: cdk8s.Duration_Seconds(jsii.Number(4))},
				),
			},
		},
	)
	rag.ApiServer().Workload().AddJsonPatch(
		cdk8s.JsonPatch_Add(jsii.String("/spec/template/spec/hostUsers"), jsii.Bool(false)),
	)
	report.Text(jsii.String("name"), rag.Name())
	report.Text(jsii.String("entry"), rag.ApiServer().BentoService())
	report.Text(jsii.String("url"), rag.ApiServer().Url())
	report.Number(jsii.String("port"), rag.ApiServer().Port())
	report.Number(jsii.String("container port"), rag.ApiServer().ContainerPort())
	report.Map(jsii.String("selector"), rag.ApiServer().PodSelector())
	report.Text(jsii.String("target"), rag.ApiServer().ScaleTarget().Kind)
	report.Text(jsii.String("target name"), rag.ApiServer().ScaleTarget().Name)
	report.Text(jsii.String("target version"), rag.ApiServer().ScaleTarget().ApiVersion)
	report.Text(jsii.String("service"), rag.ApiServer().Service().Name())
	report.Text(jsii.String("budget"), rag.ApiServer().DisruptionBudget().Name())
	report.Text(jsii.String("policy"), rag.ApiServer().NetworkPolicy().Name())
	report.Text(jsii.String("scaler"), rag.ApiServer().Scaler().Name())
	report.Text(jsii.String("component"), rag.ApiServer().Name())
	report.Text(jsii.String("component namespace"), rag.ApiServer().Namespace())
	for _, pool := range *rag.RunnerPools() {
		report.Text(jsii.String("pool"), pool.BentoService())
		report.Text(jsii.String("pool url"), pool.Url())
		report.Text(jsii.String("pool timeout"), pool.Timeout().ToHumanString())
	}
	report.Text(jsii.String("pool of"), rag.RunnerPool(jsii.String("Llm")).Name())

	// Components are peers of cdk8s-plus-27.
	cdk8splus27.NewNetworkPolicy(
		chart,
		jsii.String("Web"),
		&cdk8splus27.NetworkPolicyProps{
			Metadata: &cdk8s.ApiObjectMetadata{Name: jsii.String("web")},
			Selector: cdk8splus27.Pods_Select(
				chart,
				jsii.String("WebPods"),
				&cdk8splus27.PodsSelectOptions{Labels: &map[string]*string{"app": jsii.String("web")}},
			),
			Egress: &cdk8splus27.NetworkPolicyTraffic{
				Rules: &[]*cdk8splus27.NetworkPolicyRule{
					&cdk8splus27.NetworkPolicyRule{
						Peer: rag.ApiServer(),
						Ports: &[]cdk8splus27.NetworkPolicyPort{
							cdk8splus27.NetworkPolicyPort_Tcp(rag.ApiServer().ContainerPort()),
						},
					},
				},
			},
		},
	)

	// Two deployments, one pool; one that is stopped; one that is elsewhere.
	shared := cdk8sbento.NewRunnerPool(
		chart,
		jsii.String("Embedder"),
		&cdk8sbento.RunnerPoolProps{
			Bento:        bento,
			BentoService: jsii.String("Embedder"),
			Name:         jsii.String("shared-embedder"),
			State:        cdk8sbento.RunState_RUNNING,
			Env: &[]cdk8sbento.EnvVar{
				cdk8sbento.EnvVar_Value(jsii.String("API_KEY"), jsii.String("none")),
				cdk8sbento.EnvVar_Value(jsii.String("REGION"), jsii.String("eu-west-1")),
			},
			Size: cdk8sbento.InstanceSize_Of(
				&cdk8sbento.InstanceSizeOptions{CpuCores: jsii.Number(2), Memory: cdk8s.Size_Gibibytes(jsii.Number(4))},
			),
			Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
			ServiceAccount: cdk8sbento.ServiceAccountRef_Created(
				&cdk8sbento.CreatedServiceAccountOptions{
					Name:        jsii.String("embedder"),
					Annotations: &map[string]*string{"example.com/role": jsii.String("reader")},
				},
			),
			Tracing: cdk8sbento.Tracing_Zipkin(
				&cdk8sbento.ZipkinTracingOptions{
					Endpoint:      jsii.String("http://zipkin.tracing:9411/api/v2/spans"),
					SampleRatio:   jsii.Number(1),
					ExcludedPaths: &[]*string{jsii.String("/ping")},
				},
			),
			Logging: &cdk8sbento.LogOptions{Level: cdk8sbento.LogLevel_QUIET},
		},
	)
	for _, requirement := range *shared.Requirements() {
		report.Text(jsii.String("requirement of the pool"), requirement.Name())
		report.Text(jsii.String("reason"), requirement.Reason())
		report.Text(jsii.String("version"), requirement.Version())
	}
	llm := cdk8sbento.RunnerPool_FromAttributes(
		&cdk8sbento.RunnerPoolAttributes{
			BentoService: jsii.String("Llm"),
			Url:          jsii.String("http://llm.models.svc.cluster.local:3000"),
			Timeout:      cdk8s.Duration_Seconds(jsii.Number(60)),
		},
	)
	report.Text(jsii.String("llm"), llm.Url())
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Sharing"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/sharing:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Api"),
							&cdk8sbento.BentoServiceOptions{
								DependsOn: &[]*string{jsii.String("Embedder"), jsii.String("Llm")},
								Size:      cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
							},
						),
						cdk8sbento.BentoService_Named(jsii.String("Embedder"), nil),
						cdk8sbento.BentoService_Named(jsii.String("Llm"), nil),
					},
				},
			),
			ServiceAccount: cdk8sbento.ServiceAccountRef_Named(jsii.String("sharing")),
			Logging:        &cdk8sbento.LogOptions{Level: cdk8sbento.LogLevel_DEBUG},
			Tracing: cdk8sbento.Tracing_Otlp(
				&cdk8sbento.OtlpTracingOptions{
					Endpoint: jsii.String("http://collector.tracing:4318/v1/traces"),
					Protocol: cdk8sbento.OtlpProtocol_HTTP,
				},
			),
			Runners: &map[string]cdk8sbento.Runner{
				"Embedder": cdk8sbento.Runner_Shared(shared),
				"Llm":      cdk8sbento.Runner_Shared(llm),
			},
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Stopped"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/stopped:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{BentoService: jsii.String("Stopped")},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{
				Size:    cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
				Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(2)),
			},
			State: cdk8sbento.RunState_TERMINATED,
		},
	)
	cdk8sbento.NewRunnerPool(
		chart,
		jsii.String("Chain"),
		&cdk8sbento.RunnerPoolProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/chain:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Api"),
							&cdk8sbento.BentoServiceOptions{DependsOn: &[]*string{jsii.String("Reranker")}},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Reranker"),
							&cdk8sbento.BentoServiceOptions{
								DependsOn: &[]*string{jsii.String("Encoder")},
								Timeout:   cdk8s.Duration_Seconds(jsii.Number(10)),
							},
						),
						cdk8sbento.BentoService_Named(
							jsii.String("Encoder"),
							&cdk8sbento.BentoServiceOptions{Timeout: cdk8s.Duration_Seconds(jsii.Number(5))},
						),
					},
				},
			),
			BentoService: jsii.String("Reranker"),
			Size:         cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
			Scaling:      cdk8sbento.Scaling_Replicas(jsii.Number(2)),
			Runners: &map[string]cdk8sbento.Runner{
				"Encoder": cdk8sbento.Runner_Url(jsii.String("http://encoder:3000"), nil),
			},
		},
	)
	cdk8sbento.NewBentoDeployment(
		chart,
		jsii.String("Tasks"),
		&cdk8sbento.BentoDeploymentProps{
			Bento: cdk8sbento.Bento_FromImage(
				jsii.String("registry.example.com/tasks:1.0.0"),
				&cdk8sbento.BentoFromImageOptions{
					Services: &[]cdk8sbento.BentoService{
						cdk8sbento.BentoService_Named(
							jsii.String("Tasks"),
							&cdk8sbento.BentoServiceOptions{
								HasTasks: jsii.Bool(true),
								Size:     cdk8sbento.InstanceSize_Named(jsii.String("cpu.1")),
							},
						),
					},
				},
			),
			ApiServer: &cdk8sbento.ScaledComponentOptions{Scaling: cdk8sbento.Scaling_Replicas(jsii.Number(1))},
		},
	)
	report.Texts(jsii.String("rules"), cdk8sbento.ManifestValidation_RuleNames())
	report.Texts(
		jsii.String("violations"),
		cdk8sbento.ManifestValidation_CheckFolder(
			jsii.String("test/golden/quickstart"),
			&cdk8sbento.ManifestValidationProps{
				Exclude: &[]*string{jsii.String("TwoScalers"), jsii.String("BudgetOverlap")},
			},
		),
	)
}
