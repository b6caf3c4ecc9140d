import type { Construct } from 'constructs';
import type { GlobalEntryModel } from './models';
import type { RegionDoor } from './region-door';
import { tagsOf } from './stack';
import { tf } from './terraform';

export interface AcceleratorResourceOptions {
  readonly name: string;
  readonly entry: Extract<GlobalEntryModel, { kind: 'accelerator' }>;
  readonly dials: { readonly [region: string]: number };
  readonly doors: readonly RegionDoor[];
  readonly tags: { readonly [key: string]: string };
}

/** Of an endpoint that is alone in its group. */
const WEIGHT = 128;

/** The accelerator, with a group of one load balancer for each region, which knows itself whether it is healthy. */
export function makeAccelerator(
  scope: Construct,
  { name, entry, dials, doors, tags }: AcceleratorResourceOptions,
): { readonly dnsName: string; readonly zoneId: string } {
  const { clientAffinity, flowLogBucket } = entry;
  const accelerator = new tf.GlobalacceleratorAccelerator(scope, 'accelerator', {
    name,
    enabled: true,
    ipAddressType: 'IPV4',
    ...(flowLogBucket !== undefined && {
      attributes: { flowLogsEnabled: true, flowLogsS3Bucket: flowLogBucket, flowLogsS3Prefix: `${name}/` },
    }),
    tags: tagsOf(tags, name),
  });
  const listener = new tf.GlobalacceleratorListener(scope, 'listener', {
    acceleratorArn: accelerator.id,
    protocol: 'TCP',
    clientAffinity: clientAffinity ? 'SOURCE_IP' : 'NONE',
    portRange: [{ fromPort: 443, toPort: 443 }],
  });
  for (const { region, arn, application } of doors) {
    new tf.GlobalacceleratorEndpointGroup(scope, `group-${region}`, {
      listenerArn: listener.id,
      endpointGroupRegion: region,
      trafficDialPercentage: dials[region]!,
      endpointConfiguration: [{ endpointId: arn, weight: WEIGHT, clientIpPreservationEnabled: application }],
    });
  }
  return { dnsName: accelerator.dnsName, zoneId: accelerator.hostedZoneId };
}
