// The public names, nothing else.
export * as aws from './aws';
export { Bento, BentoFromFileOptions, BentoFromImageOptions } from './bento/bento';
export { BentoService, BentoServiceOptions } from './bento/bento-service';
export { LogLevel, LogOptions } from './bento/log-options';
export { OtlpProtocol, OtlpTracingOptions, Tracing, ZipkinTracingOptions } from './bento/tracing';
export { ManifestValidation, ManifestValidationProps } from './checks/manifest-validation';
export { ArgoRolloutsOptions, GatewayApiPluginOptions } from './cluster/argo-rollouts';
export { ClusterProfile, ClusterProfileProps } from './cluster/cluster-profile';
export { DcgmExporterOptions } from './cluster/dcgm-exporter';
export { EnvoyGatewayOptions, Gateway, GatewayOptions, StandardGatewayOptions } from './cluster/gateway';
export {
  EnvoyGatewayImplementationOptions,
  GatewayImplementation,
  StandardGatewayImplementationOptions,
} from './cluster/gateway-implementation';
export { KarpenterOptions } from './cluster/karpenter';
export { KedaHttpAddOnOptions, KedaOptions } from './cluster/keda';
export { KnativeOptions } from './cluster/knative';
export { PrometheusOptions } from './cluster/prometheus';
export {
  AwsAuthenticationOptions,
  BasicAuthenticationOptions,
  BearerTokenOptions,
  HeaderAuthenticationOptions,
  PrometheusAuthentication,
} from './cluster/prometheus-authentication';
export { RouteNamespaces } from './cluster/route-namespaces';
export { ColdStartOptions, FunctionScalingOptions } from './component/function-options';
export { HostAlias } from './component/host-alias';
export {
  AdoptOptions,
  ComponentOptions,
  DrainOptions,
  PodOptions,
  ReadinessOptions,
  RunnerPoolOptions,
  RunState,
  ScaledComponentOptions,
  StartupOptions,
} from './component/options';
export { PodContainer, PodContainerOptions } from './component/pod-container';
export {
  ArgoRolloutsReleaseOptions,
  BlueGreenReleaseOptions,
  CanaryReleaseOptions,
  Color,
  ManualBlueGreenOptions,
  Release,
  RollingReleaseOptions,
  SplitReleaseOptions,
} from './component/release';
export { ComponentPeak, ReleasePeak } from './component/release-peak';
export { Requirement } from './component/requirement';
export { IRunnerPool, Runner, RunnerCaller, RunnerUrlOptions } from './component/runner';
export { SecurityOptions } from './component/security-options';
export { PreviousVersionOptions, SharedVersionOptions, Version } from './component/version';
export { VersionOptions } from './component/version-options';
export { ApiServer } from './deployment/api-server';
export { ArgoCdIgnoreDifference } from './deployment/argo-cd';
export { BentoDeployment, BentoDeploymentProps } from './deployment/bento-deployment';
export { GlobalService, GlobalServiceProps } from './deployment/global-service';
export { ProxyTier } from './deployment/proxy-tier';
export { ReleasePlan } from './deployment/release-plan';
export { ReleaseStage, StageEnd, VersionShare } from './deployment/release-stage';
export { RunnerPool, RunnerPoolAttributes, RunnerPoolProps } from './deployment/runner-pool';
export { ScaleTarget, ServingComponent } from './deployment/serving-component';
export { ServingGateway, ServingGatewayProps } from './deployment/serving-gateway';
export { GpuQuota, ServingNamespace, ServingNamespaceProps } from './deployment/serving-namespace';
export { ServingVersion } from './deployment/serving-version';
export { RequestHop, RequestPath, TimeoutPlan } from './deployment/timeout-plan';
export { ApiKeysOptions, Authentication, ClientIdOptions, JwtOptions } from './exposure/authentication';
export { ExposureBinding, ExposureTarget, IExposure } from './exposure/custom-exposure';
export { Exposure } from './exposure/exposure';
export {
  ApplicationLoadBalancerOptions,
  AwsLoadBalancerOptions,
  GatewayExposureOptions,
  HostExposureOptions,
  InClusterExposureOptions,
  IngressNginxOptions,
  LoadBalancerOptions,
  NetworkLoadBalancerOptions,
} from './exposure/exposure-options';
export { LoadBalancerKind, ServingEndpoint } from './exposure/serving-endpoint';
export { ListenerTlsOptions, Tls } from './exposure/tls';
export { Fleet, FleetProps } from './fleet/fleet';
export { GpuNodePool, GpuNodePoolProps } from './fleet/gpu-node-pool';
export { KarpenterPoolOptions } from './fleet/karpenter-options';
export { KarpenterPool } from './fleet/karpenter-pool';
export { NodePool, NodePoolProps } from './fleet/node-pool';
export { ColdStartReport, ColdStartTerm } from './function/cold-start-report';
export { ScaleToZeroFunction, ScaleToZeroFunctionProps } from './function/scale-to-zero-function';
export { Warnings } from './internal/warnings';
export { Affinity, NodeRequirement, PodAffinityOptions } from './placement/affinity';
export { Capacity, CapacityOptions, ReservedCapacityOptions } from './placement/capacity';
export {
  Consolidation,
  ConsolidationOptions,
  DisruptionReason,
  NodeDisruptionBudget,
  NodeDisruptionBudgetOptions,
} from './placement/consolidation';
export { ExistingNodePool, ExistingNodePoolOptions } from './placement/existing-node-pool';
export { EbsDiskOptions, NodeDisk } from './placement/node-disk';
export { NodeImage, NodeImageOptions } from './placement/node-image';
export { GpuNodeOptions, NodeOptions } from './placement/node-options';
export { INodePool, NodePoolBinding } from './placement/node-pool';
export { Region, RegionOptions } from './placement/region';
export { NearestRegionOptions, RegionTraffic } from './placement/region-traffic';
export { Taint } from './placement/taint';
export { TaintEffect, Toleration, TolerationOptions } from './placement/toleration';
export { Wave } from './placement/wave';
export { ClaimRef } from './refs/claim-ref';
export { ConfigMapRef } from './refs/config-map-ref';
export { EnvFrom, EnvFromOptions } from './refs/env-from';
export { EnvVar, EnvVarFromConfigMapOptions, EnvVarFromSecretOptions } from './refs/env-var';
export { SecretRef } from './refs/secret-ref';
export { CreatedServiceAccountOptions, ServiceAccountRef } from './refs/service-account-ref';
export { TriggerAuthenticationRef } from './refs/trigger-authentication-ref';
export { CanaryStep, CanaryStepOptions } from './release/canary-step';
export { Gate } from './release/gate';
export { ErrorKind, NoData } from './release/gate-model';
export {
  DelayedGateOptions,
  ErrorRateGateOptions,
  GateOptions,
  JobGateOptions,
  LatencyGateOptions,
  MeasuredGateOptions,
  PrometheusGateOptions,
  RelativeErrorRateGateOptions,
  RelativeLatencyGateOptions,
  SaturationGateOptions,
  TemplateGateOptions,
  WebhookGateOptions,
  WebhookMethod,
} from './release/gate-options';
export { Promotion } from './release/promotion';
export { ReleaseCapacity } from './release/release-capacity';
export { ReplicaShare } from './release/replica-share';
export { RequestMatch } from './release/request-match';
export { RollingOptions, RollingPreset } from './release/rolling';
export { NginxRouterOptions, SplitRouter } from './release/split-router';
export { StickyKey } from './release/sticky-key';
export { WebhookHeader, WebhookHeaderFromSecretOptions } from './release/webhook-header';
export { FunctionEngine } from './scaling/function-engine';
export {
  ExternalMetricOptions,
  KedaTriggerOptions,
  LatencyMetricOptions,
  MetricType,
  ObjectMetricOptions,
  PodsMetricOptions,
  PrometheusMetricOptions,
  QueueLengthMetricOptions,
  RateMetricOptions,
} from './scaling/metric-options';
export { FallbackOptions, Overflow, PlaceholderOptions } from './scaling/overflow';
export { AutoScalingOptions, Scaling, WithFunctionScalingOptions } from './scaling/scaling';
export {
  BentoCloudBehaviorOptions,
  OneAtATimeOptions,
  PolicySelect,
  ScalingBehavior,
  ScalingBehaviorOptions,
  ScalingRules,
  ScalingSpeed,
} from './scaling/scaling-behavior';
export { ScalingMetric } from './scaling/scaling-metric';
export { ScalingPolicy } from './scaling/scaling-policy';
export { BusinessHoursOptions, CronScheduleOptions, Schedule, Weekday } from './scaling/schedule';
export { Gpu, GpuOptions } from './sizing/gpu';
export { InstanceSize, InstanceSizeOptions } from './sizing/instance-size';
export { HuggingFaceSourceOptions, ModelSource, S3SourceOptions } from './storage/model-source';
export {
  ClaimVolumeOptions,
  CsiVolumeOptions,
  DownloadVolumeOptions,
  FilledBy,
  ImageVolumeOptions,
  ModelVolume,
  S3BucketVolumeOptions,
} from './storage/model-volume';
export { AppSynthesizer } from './synth/app-synthesizer';
export { ServingApp, ServingAppProps } from './synth/serving-app';
export { BreakerStatuses, CircuitBreaker, ConnectionLimits, ConsecutiveErrorsOptions } from './traffic/circuit-breaker';
export { HealthCheck, HttpHealthCheckOptions } from './traffic/health-check';
export { CookieHashOptions, LoadBalancing, LoadBalancingOptions } from './traffic/load-balancing';
export { NetworkPeer, PodsPeerOptions } from './traffic/network-peer';
export { RateLimit, RateUnit } from './traffic/rate-limit';
export { CacheSharing, ResponseCache, ResponseCacheOptions } from './traffic/response-cache';
export { Retries, RetriesOptions } from './traffic/retries';
export { RunnerProxy, SidecarProxyOptions, TierProxyOptions } from './traffic/runner-proxy';
export { QueueOptions, StreamingOptions, TrafficPolicy, UpstreamPolicy } from './traffic/traffic-policy';
