import type { ComponentModel } from './component-model';
import { doorTimes, type ResolvedDoor } from './doors';
import { deregistrationSeconds } from './drain';

/** What a target group of somebody else's, and the load balancer before it, must have for the pods behind them. */
export interface TargetGroupTerms {
  /** How long a target that goes still gets what has begun. */
  readonly deregistrationSeconds: number;
  /** How long a connection may be silent. */
  readonly idleSeconds: number;
}

/** Whether the load balancer of a door, and its target group, are somebody else's. */
export function targetGroupNameOf({ door }: ResolvedDoor): string | undefined {
  return 'targetGroupName' in door ? door.targetGroupName : undefined;
}

/** What Terraform and `requirements` are told alike. */
export function targetGroupTerms(
  door: ResolvedDoor,
  { answer, drain }: Pick<ComponentModel, 'answer' | 'drain'>,
): TargetGroupTerms {
  return {
    // Whole seconds: load balancers take no others.
    deregistrationSeconds: Math.ceil(deregistrationSeconds(drain)),
    idleSeconds: Math.ceil(doorTimes(door, answer).silence!),
  };
}
