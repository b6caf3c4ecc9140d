import { Construct } from 'constructs';
import type { ServingEndpoint } from '../exposure/serving-endpoint';
import { requireHostname, requireUnique } from '../internal/checks';
import { errors, located } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import { requireTags } from '../internal/tags';
import { Region } from '../placement/region';
import { RegionTraffic, type RegionTrafficModel } from '../placement/region-traffic';
import { requireCidr } from '../traffic/network-peer';
import { makeAccelerator } from './accelerator';
import { EndpointNetwork } from './endpoint-network';
import type { GlobalEndpointProps } from './global-endpoint-props';
import { GlobalEntry } from './global-entry';
import { makeRecords } from './global-records';
import { acceleratorDials, recordPlan } from './global-traffic';
import type { EndpointNetworkModel, GlobalEntryModel } from './models';
import { makeRegionDoor, type RegionDoor, requireDoor } from './region-door';
import { requireStack, tagsOf } from './stack';
import { tf } from './terraform';

/** An endpoint, and what is to be known of its region. */
interface Place {
  readonly region: string;
  readonly endpoint: ServingEndpoint;
  readonly network: EndpointNetworkModel;
}

const EVERYBODY = ['0.0.0.0/0'];

/**
 * One name for deployments in several regions. In each it makes a certificate, a load balancer and the target group that the
 * deployment binds by its name, and before them an accelerator or records of Route 53. The regions need no provider of
 * their own: each resource states its region.
 *
 * @example
 * new aws.GlobalEndpoint(stack, 'Endpoint', {
 *   hostname: 'rag.example.com',
 *   endpoints,
 *   traffic: RegionTraffic.nearest({ dials: { 'eu-west-1': 50 } }),
 *   drained: [Region.aws('us-west-2')],
 * });
 */
export class GlobalEndpoint extends Construct {
  /** The name under which clients reach it. */
  public readonly hostname: string;

  /**
   * @throws MissingPackage, NoStack, InvalidName, InvalidText, OutOfRange, EmptyList, DuplicateKey, MissingOption, NotAMember,
   * NotByEngine, TooSilent
   */
  public constructor(scope: Construct, id: string, props: GlobalEndpointProps) {
    super(scope, id);
    this.hostname = props.hostname;
    located(this.node.path, () => {
      requireProps(props);
      requireStack(this);
      makeEndpoint(this, id, props);
    });
  }
}

function requireProps({ hostname, endpoints, sourceCidrs = EVERYBODY, zoneName, tags }: GlobalEndpointProps): void {
  requireHostname('hostname', hostname);
  if (zoneName !== undefined) {
    requireHostname('zoneName', zoneName);
    if (hostname !== zoneName && !hostname.endsWith(`.${zoneName}`)) {
      throw errors.invalidName('zoneName', `${hostname} or an end of it`, zoneName);
    }
  }
  if (endpoints.length === 0)
    throw errors.emptyList('endpoints', 'state the `endpoint` of a deployment of each region');
  if (sourceCidrs.length === 0) throw errors.emptyList('sourceCidrs', 'leave it out for everybody');
  for (const cidr of sourceCidrs) requireCidr('sourceCidrs', cidr);
  requireUnique('sourceCidrs', sourceCidrs);
  requireTags('tags', tags);
}

function makeEndpoint(scope: Construct, id: string, props: GlobalEndpointProps): void {
  const { hostname, sourceCidrs = EVERYBODY, tags = {} } = props;
  const traffic = trafficOf(props);
  const places = placesOf(props);
  const regions = places.map(({ region }) => region);
  const entry = (props.entry ?? entryFor(traffic))._model;
  const dials = entry.kind === 'accelerator' ? acceleratorDials(traffic, regions) : {};
  const plan = entry.kind === 'dns' ? recordPlan(traffic, regions) : undefined;
  const { zoneId } = new tf.DataAwsRoute53Zone(scope, 'zone', { name: zoneOf(props), privateZone: false });
  const doors = makeDoors(scope, places, zoneId, entry, props);
  if (plan !== undefined) {
    makeRecords(scope, plan, { hostname, zoneId, doors, open: sourceCidrs.includes('0.0.0.0/0'), tags });
  }
  if (entry.kind !== 'accelerator') return;
  const accelerator = makeAccelerator(scope, { name: dnsLabel(id).slice(0, 64), entry, dials, doors, tags });
  new tf.Route53Record(scope, 'record', {
    zoneId,
    name: hostname,
    type: 'A',
    alias: { name: accelerator.dnsName, zoneId: accelerator.zoneId, evaluateTargetHealth: false },
  });
}

function trafficOf({ traffic = RegionTraffic.nearest(), drained = [] }: GlobalEndpointProps): RegionTrafficModel {
  const names = drained.map(({ name }) => name);
  requireUnique('drained', names);
  return { ...traffic._model, drained: [...new Set([...traffic._model.drained, ...names])] };
}

/** What can do what is asked of it. */
function entryFor({ kind, order }: RegionTrafficModel): GlobalEntry {
  const ordered = kind === 'failover' && order.length > 2;
  return kind === 'weighted' || ordered ? GlobalEntry.dns() : GlobalEntry.accelerator();
}

function zoneOf({ hostname, zoneName }: GlobalEndpointProps): string {
  return zoneName ?? hostname.slice(hostname.indexOf('.') + 1);
}

function placesOf({ endpoints, networks, accessLogBuckets = {} }: GlobalEndpointProps): Place[] {
  const found = endpoints.map((endpoint, index) => {
    const { region, name, clusterName } = endpoint;
    if (region === undefined) {
      throw errors.missingOption('region', `in the ClusterProfile of ${clusterName}`, `${name} must say where it is`);
    }
    requireDoor(`endpoints[${index}]`, endpoint);
    return { region, endpoint, clusterName };
  });
  const regions = found.map(({ region }) => region);
  requireUnique('endpoints', regions, 'a region has one endpoint');
  requireUnique(
    'networks',
    (networks ?? []).map(({ regionName }) => regionName),
  );
  for (const region of Object.keys(accessLogBuckets)) {
    if (!regions.includes(region)) throw errors.notAMember('accessLogBuckets', region, regions);
  }
  return found.map(({ region, endpoint, clusterName }) => ({
    region,
    endpoint,
    network: networkOf(region, clusterName, networks)._model,
  }));
}

function networkOf(region: string, clusterName: string, networks: EndpointNetwork[] | undefined): EndpointNetwork {
  if (networks === undefined) return EndpointNetwork.lookUp(Region.aws(region), clusterName);
  const found = networks.find(({ regionName }) => regionName === region);
  if (found === undefined) {
    throw errors.missingOption(
      'networks',
      `with ${region}, where an endpoint is`,
      'say which subnets its load balancer gets',
    );
  }
  return found;
}

function makeDoors(
  scope: Construct,
  places: readonly Place[],
  zoneId: string,
  { kind }: GlobalEntryModel,
  props: GlobalEndpointProps,
): RegionDoor[] {
  const { hostname, sourceCidrs = EVERYBODY, accessLogBuckets = {}, deletionProtection = true, tags = {} } = props;
  const certificates = makeCertificates(scope, places, zoneId, hostname, tags);
  return places.map(({ region, endpoint, network }, index) =>
    makeRegionDoor(new Construct(scope, region), {
      region,
      endpoint,
      network,
      accelerated: kind === 'accelerator',
      certificateArn: certificates[index]!,
      sourceCidrs,
      deletionProtection,
      ...(accessLogBuckets[region] !== undefined && { accessLogBucket: accessLogBuckets[region] }),
      tags,
    }),
  );
}

/**
 * A certificate in each region. All of one account and name are proved by the same record.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
function makeCertificates(
  scope: Construct,
  places: readonly Place[],
  zoneId: string,
  hostname: string,
  tags: { readonly [key: string]: string },
): string[] {
  const certificates = places.map(({ region }) => ({
    region,
    certificate: new tf.AcmCertificate(scope, `certificate-${region}`, {
      region,
      domainName: hostname,
      validationMethod: 'DNS',
      tags: tagsOf(tags, hostname),
      lifecycle: { createBeforeDestroy: true },
    }),
  }));
  const proof = certificates[0]!.certificate.domainValidationOptions.get(0);
  const record = new tf.Route53Record(scope, 'certificate-record', {
    zoneId,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType,
    records: [proof.resourceRecordValue],
    ttl: 300,
    // What a certificate of before left there is the same.
    allowOverwrite: true,
  });
  return certificates.map(
    ({ region, certificate }) =>
      new tf.AcmCertificateValidation(scope, `certificate-${region}-valid`, {
        region,
        certificateArn: certificate.arn,
        validationRecordFqdns: [record.fqdn],
      }).certificateArn,
  );
}
