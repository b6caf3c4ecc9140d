// The public names, nothing else.
export { Bento, BentoFromFileOptions, BentoFromImageOptions } from './bento/bento';
export { BentoService, BentoServiceOptions } from './bento/bento-service';
export { LogLevel, LogOptions } from './bento/log-options';
export { OtlpProtocol, OtlpTracingOptions, Tracing, ZipkinTracingOptions } from './bento/tracing';
export { ManifestValidation, ManifestValidationProps } from './checks/manifest-validation';
export { ClusterProfile, ClusterProfileProps, PrometheusOptions } from './cluster/cluster-profile';
export { EnvoyGatewayOptions, Gateway, StandardGatewayOptions } from './cluster/gateway';
export { HostAlias } from './component/host-alias';
export {
  AdoptOptions,
  ComponentOptions,
  DrainOptions,
  PodOptions,
  ReadinessOptions,
  RunState,
  ScaledComponentOptions,
  SecurityOptions,
  StartupOptions,
} from './component/options';
export { PodContainer, PodContainerOptions } from './component/pod-container';
export { Requirement } from './component/requirement';
export { IRunnerPool, Runner, RunnerCaller, RunnerUrlOptions } from './component/runner';
export { VersionOptions } from './component/version-options';
export { ApiServer } from './deployment/api-server';
export { BentoDeployment, BentoDeploymentProps } from './deployment/bento-deployment';
export { RunnerPool, RunnerPoolAttributes, RunnerPoolProps } from './deployment/runner-pool';
export { ScaleTarget, ServingComponent } from './deployment/serving-component';
export { GpuQuota, ServingNamespace, ServingNamespaceProps } from './deployment/serving-namespace';
export { Exposure, InClusterExposureOptions } from './exposure/exposure';
export { Warnings } from './internal/warnings';
export { Affinity, NodeRequirement, PodAffinityOptions } from './placement/affinity';
export { Region } from './placement/region';
export { TaintEffect, Toleration, TolerationOptions } from './placement/toleration';
export { ClaimRef } from './refs/claim-ref';
export { ConfigMapRef } from './refs/config-map-ref';
export { EnvFrom, EnvFromOptions } from './refs/env-from';
export { EnvVar, EnvVarFromConfigMapOptions, EnvVarFromSecretOptions } from './refs/env-var';
export { SecretRef } from './refs/secret-ref';
export { CreatedServiceAccountOptions, ServiceAccountRef } from './refs/service-account-ref';
export { AutoScalingOptions, Scaling } from './scaling/scaling';
export {
  BentoCloudBehaviorOptions,
  OneAtATimeOptions,
  PolicySelect,
  ScalingBehavior,
  ScalingBehaviorOptions,
  ScalingRules,
  ScalingSpeed,
} from './scaling/scaling-behavior';
export { ExternalMetricOptions, ObjectMetricOptions, PodsMetricOptions, ScalingMetric } from './scaling/scaling-metric';
export { ScalingPolicy } from './scaling/scaling-policy';
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
export { NetworkPeer, PodsPeerOptions } from './traffic/network-peer';
export { TrafficPolicy } from './traffic/traffic-policy';
