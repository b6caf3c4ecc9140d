import { errors } from '../internal/errors';
import { instanceType } from '../placement/instance-table';
import type { NodeImage } from '../placement/node-image';
import { LATEST_IMAGE } from '../placement/node-image';
import type { Gpu } from '../sizing/gpu';

/** What instance types of one architecture run. */
export type Architecture = 'x86_64' | 'ARM_64';

/** What nodes do with the accelerator; undefined where they have none. */
type Accelerator = 'NVIDIA' | 'NEURON' | undefined;

/**
 * Kinds of machine images of managed node groups: one that is not here does not exist. AMD has none, and Neuron none for ARM
 * or Bottlerocket.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html#AmazonEKS-Type-Nodegroup-amiType
 */
const AMI_TYPES = new Set([
  'AL2023_x86_64_STANDARD',
  'AL2023_ARM_64_STANDARD',
  'AL2023_x86_64_NVIDIA',
  'AL2023_ARM_64_NVIDIA',
  'AL2023_x86_64_NEURON',
  'BOTTLEROCKET_x86_64',
  'BOTTLEROCKET_ARM_64',
  'BOTTLEROCKET_x86_64_NVIDIA',
  'BOTTLEROCKET_ARM_64_NVIDIA',
]);

/** Where the table is silent: families with Graviton have a g after the number of their generation, those with Grace their own name. */
export function architectureOf(name: string): Architecture {
  const arch = instanceType(name)?.arch;
  if (arch !== undefined) return arch === 'arm64' ? 'ARM_64' : 'x86_64';
  const [family = ''] = name.split('.');
  return family === 'a1' || /^[a-z]+[0-9]+[a-z]*g/.test(family) || /-gb[0-9]+$/.test(family) ? 'ARM_64' : 'x86_64';
}

/** The kind of machine image for these instance types, which must be of one architecture. */
export function amiTypeOf(image: NodeImage, instanceTypes: readonly string[], gpu: Gpu | undefined): string {
  const [architecture, other] = [...new Set(instanceTypes.map(architectureOf))];
  if (other !== undefined) {
    throw errors.outOfRange('instanceTypes', 'of one architecture, for a group has one image', instanceTypes);
  }
  if (image._release !== LATEST_IMAGE) {
    throw errors.notByEngine(
      'image.version',
      'managed node groups',
      'EKS calls releases after its own versions of Kubernetes too',
      'leave it out: the release stays until the group is updated',
    );
  }
  const accelerator = acceleratorOf(gpu);
  const bottlerocket = image._family === 'bottlerocket';
  const kind = accelerator ?? (bottlerocket ? undefined : 'STANDARD');
  const amiType = [image._family.toUpperCase(), architecture, kind].filter((part) => part !== undefined).join('_');
  if (!AMI_TYPES.has(amiType)) {
    throw errors.notByEngine(
      'gpu',
      'managed node groups',
      `EKS has no image of ${image._family} for ${gpu!.name} on ${architecture}`,
      gpu!.resourceName.startsWith('amd.com/') ? 'use nodes of your own, with INodePool' : 'use NodeImage.al2023()',
    );
  }
  return amiType;
}

function acceleratorOf(gpu: Gpu | undefined): Accelerator | 'AMD' | undefined {
  if (gpu === undefined) return undefined;
  if (gpu.resourceName.startsWith('nvidia.com/')) return 'NVIDIA';
  return gpu.resourceName.startsWith('aws.amazon.com/neuron') ? 'NEURON' : 'AMD';
}
