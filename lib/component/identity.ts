import type { BentoModel } from '../bento/bento-model';
import { requireDnsLabel, requireDnsName } from '../internal/checks';
import { errors } from '../internal/errors';
import { isLabelValue, LABELS, MANAGED_BY, REGION_LABEL, requireLabels } from '../internal/labels';
import { sortedMap } from '../internal/names';
import type { Region } from '../placement/region';
import { type ComponentRole, type IdentityModel, MAIN_VERSION, type VersionModel } from './component-model';
import type { AdoptOptions } from './options';

/** What a component is called before its options are looked at. */
export interface IdentityInput {
  /** What stands before the user's properties in messages: `apiServer.`, or nothing. */
  readonly prefix: string;
  readonly role: ComponentRole;
  readonly version: VersionModel;
  readonly namespace?: string;
  /** The name of the deployment, or of the pool that stands alone. */
  readonly owner: string;
  /** The DNS label of the pool's service; undefined for the owner's own component. */
  readonly label?: string;
  readonly bento: BentoModel;
  readonly userLabels: { readonly [key: string]: string };
  readonly adopt?: AdoptOptions;
  /** Whether requests come through something that has its name, so that the Service of its pods needs another. */
  readonly behindDoor?: boolean;
  /** The Service under which it takes requests; undefined: that of its name. */
  readonly entryService?: string;
  /** What a tier before it knows it by; undefined: its Service. */
  readonly tierName?: string;
  /** The version that its files are of, where its pods are those of two. */
  readonly filesOf?: VersionModel;
  /** The part of the cluster that it is bound to; undefined: all of it. */
  readonly region?: Region;
}

/** Ends the name of the Service of pods that nobody calls directly. */
const PODS_SUFFIX = '-pods';

/** The track of a version: its key, and the region that it is bound to. */
export function trackOf({ key }: VersionModel, region: Region | undefined): string {
  return region === undefined ? key : `${key}-${region.shortName}`;
}

/** Names carry the key of the version, never its role; `main` has no suffix. */
export function resolveIdentity(input: IdentityInput): IdentityModel {
  const { role, version, owner, label, adopt, region } = input;
  const named = ({ key }: VersionModel): string =>
    `${owner}${label === undefined ? '' : `-${label}`}${key === MAIN_VERSION.key ? '' : `-${key}`}`;
  const name = named(version);
  const serviceName = input.behindDoor === true ? `${name}${PODS_SUFFIX}` : (input.entryService ?? name);
  requireDnsLabel('name', name);
  requireDnsLabel('name', serviceName);
  if (adopt !== undefined) requireAdoption(`${input.prefix}adopt`, adopt);
  const track = trackOf(version, region);
  if (region !== undefined && input.userLabels[REGION_LABEL] !== undefined) {
    throw errors.conflictingOptions(
      `labels.${REGION_LABEL}`,
      'region',
      'leave the former out: it is set by the latter',
    );
  }
  const labels = {
    ...(isLabelValue(input.bento.name) && { [LABELS.name]: input.bento.name }),
    ...(input.bento.version !== undefined &&
      isLabelValue(input.bento.version) && { [LABELS.version]: input.bento.version }),
    [LABELS.instance]: owner,
    [LABELS.component]: componentLabel(role, label),
    [LABELS.managedBy]: MANAGED_BY,
    [LABELS.track]: track,
    ...(region !== undefined && { [REGION_LABEL]: region.name }),
    ...input.userLabels,
  };
  const selector = adopt?.selector ?? {
    [LABELS.instance]: owner,
    [LABELS.component]: componentLabel(role, label),
    [LABELS.track]: track,
  };
  return {
    role,
    version,
    namespace: input.namespace,
    ...(region !== undefined && { region }),
    name,
    workloadName: adopt?.workloadName ?? name,
    serviceName: adopt?.serviceName ?? serviceName,
    scalerName: adopt?.scalerName ?? name,
    disruptionBudgetName: adopt?.disruptionBudgetName ?? name,
    networkPolicyName: adopt?.networkPolicyName ?? name,
    headlessOf: input.tierName ?? adopt?.serviceName ?? serviceName,
    configName: named(input.filesOf ?? version),
    selector: sortedMap(selector),
    labels: sortedMap(labels),
    podLabels: sortedMap({ ...labels, ...selector }),
  };
}

/** `runner-` keeps a service called ApiServer apart from the API server. */
function componentLabel(role: ComponentRole, label: string | undefined): string {
  if (role === 'api-server') return 'api-server';
  const text = label === undefined ? 'runner' : `runner-${label}`;
  if (!isLabelValue(text)) {
    throw errors.invalidName('bentoService', 'a name of at most 56 letters', label, 'state @bentoml.service(name=...)');
  }
  return text;
}

function requireAdoption(property: string, adopt: AdoptOptions): void {
  const { serviceName, selector } = adopt;
  for (const key of ['workloadName', 'scalerName', 'disruptionBudgetName', 'networkPolicyName'] as const) {
    if (adopt[key] !== undefined) requireDnsName(`${property}.${key}`, adopt[key]);
  }
  if (serviceName !== undefined) requireDnsLabel(`${property}.serviceName`, serviceName);
  if (selector === undefined) return;
  requireLabels(`${property}.selector`, selector);
  if (Object.keys(selector).length === 0) {
    throw errors.emptyList(`${property}.selector`, 'an empty selector would match every pod');
  }
}
