import type { Container } from 'kubernetes-types/core/v1';
import type { ComponentModel } from '../component/component-model';
import { parseQuantity } from '../internal/quantity';
import { podSpec } from './pod';

/** What the scheduler looks for on a node. */
export interface PodRequests {
  readonly cpuCores: number;
  readonly memoryBytes: number;
}

/**
 * What a pod asks for: what runs side by side adds up, and what runs before it needs no more than it takes itself.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
 */
export function podRequests(model: ComponentModel): PodRequests {
  const { containers, initContainers = [] } = podSpec(model);
  return {
    cpuCores: effective('cpu', containers, initContainers),
    memoryBytes: effective('memory', containers, initContainers),
  };
}

function effective(resource: 'cpu' | 'memory', containers: Container[], initContainers: Container[]): number {
  const of = ({ resources }: Container): number => parseQuantity(String(resources?.requests?.[resource] ?? 0)) ?? 0;
  let sidecars = 0;
  let before = 0;
  for (const container of initContainers) {
    const request = of(container);
    if (container.restartPolicy === 'Always') sidecars += request;
    before = Math.max(before, sidecars + (container.restartPolicy === 'Always' ? 0 : request));
  }
  const sum = containers.reduce((total, container) => total + of(container), sidecars);
  return Math.max(sum, before);
}
