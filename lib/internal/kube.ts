import type { HorizontalPodAutoscalerSpec, HPAScalingRules } from 'kubernetes-types/autoscaling/v2';
import type { Volume } from 'kubernetes-types/core/v1';

// The published types end at Kubernetes 1.30: what we use of later versions.

/** `tolerance`: beta and on by default from 1.35. */
export interface ScalingRulesWithTolerance extends HPAScalingRules {
  tolerance?: string;
}

/** HorizontalPodAutoscaler with `tolerance`. */
export interface HpaSpec extends Omit<HorizontalPodAutoscalerSpec, 'behavior'> {
  behavior?: { scaleUp?: ScalingRulesWithTolerance; scaleDown?: ScalingRulesWithTolerance };
}

/** Volumes with `image`: on by default from 1.35. */
export interface VolumeWithImage extends Volume {
  image?: { reference: string; pullPolicy?: string };
}
