import { TaintEffect } from './toleration';

/** The value that the guides of Karpenter and EKS give it. */
const VALUE = 'true';

/** Nodes with accelerators are commonly tainted by the name of the device, against pods that do not use it. */
export function gpuTaintKey(resourceName: string): string {
  return resourceName.replace(/^(nvidia\.com\/).*/, '$1gpu').replace(/^(aws\.amazon\.com\/neuron).*/, '$1');
}

/** The taint of nodes that the library makes itself. */
export function gpuTaint(resourceName: string): { key: string; value: string; effect: TaintEffect } {
  return { key: gpuTaintKey(resourceName), value: VALUE, effect: TaintEffect.NO_SCHEDULE };
}
