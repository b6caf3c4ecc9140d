import { fail, show } from './bento-error';

/** Errors of releases. */
export const releaseErrors = {
  wrongVersion: (property: string, rule: string, why: string) =>
    fail('WrongVersion', `'${property}' must be made by ${rule}, got another one`, why),

  previousNeeded: (property: string, pools: readonly string[]) =>
    fail(
      'PreviousNeeded',
      `'${property}' must be stated, for the old API server goes on calling its own pools of ${pools.join(', ')} until it is gone, got none`,
      'state Version.of() with the Bento that runs now, or Version.absent() at the first release and when one is over',
    ),

  previousMounts: (property: string, mounted: readonly string[]) =>
    fail(
      'PreviousMounts',
      `'${property}' must be stated, for pods of the old version that start anew mount what it had (${mounted.join(', ')}), got none`,
      'state Version.of() with the Bento that runs now and what it mounts, or Version.absent() at the first release and when one is over',
    ),

  sameVersion: (property: string, key: string) =>
    fail(
      'SameVersion',
      `'${property}' must have another key than the deployment's own version, got ${show(key)} for both`,
      'state `versionKey`, or leave that version out where its Bento is the same and nothing else of its pools differs',
    ),

  weightsOver: (property: string, weights: readonly string[], sum: number) =>
    fail(
      'WeightsOver',
      `'${property}' must have weights of at most 100 together, got ${sum} (${weights.join(', ')})`,
      "the rest goes to the deployment's own version",
    ),

  terminatedDuringRelease: (versions: readonly string[]) =>
    fail(
      'TerminatedDuringRelease',
      `'state' must not be RunState.TERMINATED while there are other versions, got ${versions.join(', ')}`,
      'end the release first, or roll it back',
    ),

  noSuchVersion: (key: string, known: readonly string[]) =>
    fail('NoSuchVersion', `'versionKey' must be one of ${known.join(', ') || 'none'}, got ${show(key)}`),

  rolloutOutage: (property: string, component: string, fewest: number, enough: number | undefined) =>
    fail(
      'RolloutOutage',
      `'${property}' must leave a replica of ${component} serving while others are replaced, got none of ${fewest}`,
      'nobody would serve until a new one has loaded its model: ' +
        (enough === undefined ? 'let fewer be missing' : `run at least ${enough} replicas`) +
        ', leave it out for one more at a time, or state RollingPreset.RECREATE, which says so',
    ),

  taskRolling: (property: string, service: string) =>
    fail(
      'TaskRolling',
      `'${property}' must not roll ${show(service)}, which has tasks`,
      'their results lie in one pod, and two must not serve side by side: leave it out, or state RollingPreset.RECREATE',
    ),

  capacityExceeded: (property: string, needed: string, peak: string, there: string, remedy: string) =>
    fail(
      'CapacityExceeded',
      `'${property}' must hold what the release needs at its peak, ${needed} (${peak}), got ${there}`,
      remedy,
    ),
  unknownPlaceholder: (property: string, got: string, known: readonly string[]) =>
    fail(
      'UnknownPlaceholder',
      `'${property}' must have nothing in double braces but ${known.join(' and ')}, got ${show(got)}`,
      'Argo Rollouts resolves whatever stands there, and knows no other',
    ),

  gateAuthentication: (property: string, how: string, remedy: string) =>
    fail('GateAuthentication', `'${property}' must not sign in at Prometheus ${how}: Argo Rollouts cannot`, remedy),

  wrongScaleTarget: (scaler: string, name: string) =>
    fail(
      'WrongScaleTarget',
      `'scaleTargetRef' of ${scaler} must be the Rollout ${name}, got the Deployment of that name`,
      'state apiVersion argoproj.io/v1alpha1 and kind Rollout, as `scaleTarget` of the component has them',
    ),

  needsArgoRollouts: (property: string, needs: string, has: string, instead: string) =>
    fail(
      'NeedsArgoRollouts',
      `'${property}' must not be used below Argo Rollouts ${needs}; the cluster profile states ${has}`,
      instead,
    ),
};
