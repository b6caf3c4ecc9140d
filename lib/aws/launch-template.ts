import type { LaunchTemplate, LaunchTemplateConfig } from '@cdktf/provider-aws/lib/launch-template';
import type { Construct } from 'constructs';
import { errors } from '../internal/errors';
import type { NodeDiskModel } from '../placement/node-disk';
import type { NodeImage } from '../placement/node-image';
import type { Region } from '../placement/region';
import type { NodeCapacityModel } from './models';
import { tagsOf } from './stack';
import { tf } from './terraform';

export interface LaunchTemplateOptions {
  readonly name: string;
  readonly region: Region;
  readonly image: NodeImage;
  readonly disk: NodeDiskModel;
  readonly capacity: NodeCapacityModel;
  readonly instanceTypes: readonly string[];
  readonly tags: { readonly [key: string]: string };
}

/** The root disk of a node whose images and caches lie on its own NVMe disks. */
const SYSTEM_DISK_GIB = 30;

/** What a node group cannot say itself: disks, tags of instances, and how near pods get to the credentials of their node. */
export function makeLaunchTemplate(scope: Construct, id: string, options: LaunchTemplateOptions): LaunchTemplate {
  const { name, region, tags } = options;
  const own = tagsOf(tags, name);
  return new tf.LaunchTemplate(scope, id, {
    region: region.name,
    name,
    updateDefaultVersion: true,
    blockDeviceMappings: disks(options),
    // One hop: pods of the node's own network reach the metadata, all others do not.
    metadataOptions: {
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      httpPutResponseHopLimit: 1,
      instanceMetadataTags: 'disabled',
    },
    monitoring: { enabled: true },
    tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags: own })),
    ...purchase(options),
    ...userData(options),
    tags: own,
  });
}

/** Bottlerocket keeps its system on the first disk, and images and pods on the second. */
function disks({ image, disk }: LaunchTemplateOptions): LaunchTemplateConfig['blockDeviceMappings'] {
  const ebs =
    disk.kind === 'ebs'
      ? {
          volumeSize: disk.gibibytes,
          iops: disk.iops,
          throughput: disk.throughputMibps,
          ...(disk.kmsKeyId !== undefined && { kmsKeyId: disk.kmsKeyId }),
        }
      : { volumeSize: SYSTEM_DISK_GIB };
  const deviceName = image._family === 'bottlerocket' ? '/dev/xvdb' : '/dev/xvda';
  return [{ deviceName, ebs: { volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true', ...ebs } }];
}

function purchase({ capacity, instanceTypes }: LaunchTemplateOptions): Partial<LaunchTemplateConfig> {
  if (capacity.kind !== 'reservation' && capacity.kind !== 'capacity-block') return {};
  return {
    capacityReservationSpecification: {
      ...(capacity.kind === 'reservation' && { capacityReservationPreference: 'capacity-reservations-only' }),
      capacityReservationTarget: { capacityReservationId: capacity.id },
    },
    ...(capacity.kind === 'capacity-block' && {
      instanceMarketOptions: { marketType: 'capacity-block' },
      // EKS takes the type from here alone then.
      instanceType: instanceTypes[0]!,
    }),
  };
}

/**
 * EKS adds how the node joins the cluster.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/examples/#configuring-instance-store-disks
 */
function userData({ image, disk }: LaunchTemplateOptions): { userData?: string } {
  if (disk.kind === 'ebs') return {};
  if (image._family === 'bottlerocket') {
    throw errors.notByEngine(
      'disk',
      'managed node groups of Bottlerocket',
      'it takes disks of instances by commands at its start',
      'use NodeImage.al2023(), or NodeDisk.ebs()',
    );
  }
  const config = [
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  instance:',
    '    localStorage:',
    '      strategy: RAID0',
  ];
  const mime = [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="BOUNDARY"',
    '',
    '--BOUNDARY',
    'Content-Type: application/node.eks.aws',
    '',
    '---',
    ...config,
    '',
    '--BOUNDARY--',
    '',
  ];
  return { userData: Buffer.from(mime.join('\n')).toString('base64') };
}
