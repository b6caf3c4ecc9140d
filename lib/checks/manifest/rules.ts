import { backendMissing } from './backend-missing';
import { budgetBlocksEviction } from './budget-blocks-eviction';
import { budgetOverlap } from './budget-overlap';
import { budgetSelectsNothing } from './budget-selects-nothing';
import { dependencyMissing } from './dependency-missing';
import { deviceRequestMismatch } from './device-request-mismatch';
import { duplicateObject } from './duplicate-object';
import { duplicatePortName } from './duplicate-port-name';
import { gracePeriodTooShort } from './grace-period-too-short';
import { malformedObject } from './malformed-object';
import { metricsNotScraped } from './metrics-not-scraped';
import { metricsOutageScalesIn } from './metrics-outage-scales-in';
import type { Finding, ManifestRule } from './model/finding';
import { ManifestFolder } from './model/manifest-folder';
import type { ManifestDocument } from './model/manifest-object';
import { policySelectsNothing } from './policy-selects-nothing';
import { probePortMissing } from './probe-port-missing';
import { replicasWithScaler } from './replicas-with-scaler';
import { rolloutReferenceMissing } from './rollout-reference-missing';
import { scaleTargetMissing } from './scale-target-missing';
import { scalerBounds } from './scaler-bounds';
import { secretInClear } from './secret-in-clear';
import { secretInManifest } from './secret-in-manifest';
import { selectorMismatch } from './selector-mismatch';
import { selectorOverlap } from './selector-overlap';
import { serviceSelectsNothing } from './service-selects-nothing';
import { targetPortMissing } from './target-port-missing';
import { twoScalers } from './two-scalers';
import { utilizationWithoutRequest } from './utilization-without-request';

/** All rules, in alphabetical order. */
export const MANIFEST_RULES: readonly ManifestRule[] = [
  backendMissing,
  budgetBlocksEviction,
  budgetOverlap,
  budgetSelectsNothing,
  dependencyMissing,
  deviceRequestMismatch,
  duplicateObject,
  duplicatePortName,
  gracePeriodTooShort,
  malformedObject,
  metricsNotScraped,
  metricsOutageScalesIn,
  policySelectsNothing,
  probePortMissing,
  replicasWithScaler,
  rolloutReferenceMissing,
  scaleTargetMissing,
  scalerBounds,
  secretInClear,
  secretInManifest,
  selectorMismatch,
  selectorOverlap,
  serviceSelectsNothing,
  targetPortMissing,
  twoScalers,
  utilizationWithoutRequest,
];

/** What the rules find, in the order of the documents, then of the rules. */
export function checkManifests(documents: readonly ManifestDocument[], rules = MANIFEST_RULES): Finding[] {
  const folder = new ManifestFolder(documents);
  const order = new Map(documents.map((document, index) => [positionOf(document), index]));
  return rules
    .flatMap(({ name, check }) => [...check(folder)].map((problem) => ({ ...problem, rule: name })))
    .map((finding) => ({ finding, position: order.get(positionOf(finding.object)) ?? 0 }))
    .sort((a, b) => a.position - b.position)
    .map(({ finding }) => finding);
}

function positionOf({ file, index }: ManifestDocument): string {
  return `${file}\n${index}`;
}
