import { Duration } from 'cdk8s';
import {
  type ArgoRolloutsReleaseOptions,
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  ClusterProfile,
  Color,
  Exposure,
  Gateway,
  Promotion,
  Release,
  Scaling,
  Version,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';
import { left, type Observation, option } from './observed-traffic';

/** All that a deployment is made of. */
const all = (release: Release | undefined, props: Partial<BentoDeploymentProps> = {}) =>
  synthesize((chart) => {
    ClusterProfile.set(
      chart,
      new ClusterProfile({
        gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways' }),
        argoRollouts: { gatewayApiPlugin: {} },
      }),
    );
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props, ...option('release', release) });
  }).all;
const exposure = () => Exposure.gateway({ hosts: ['rag.example.com'] });
const steps = () => [CanaryStep.weight(10, { pause: Duration.minutes(5) })];

const both = (key: keyof ArgoRolloutsReleaseOptions, other: unknown): Observation => {
  const canary = left(
    (value) => all(Release.canary({ steps: steps(), ...option(key, value) }), { exposure: exposure() }),
    other,
  );
  const blueGreen = left((value) => all(Release.blueGreen(option(key, value))), other);
  return (text) => canary(text) && blueGreen(text);
};

/** What happens where a property of releases is left out, as the text of its documentation. */
export const OBSERVED_RELEASES: { [property: string]: Observation } = {
  'ArgoRolloutsOptions.version': left(
    (version) => new ClusterProfile({ argoRollouts: option('version', version) })._model.argoRollouts!.version.text,
    '1.10',
  ),
  'GatewayApiPluginOptions.version': left(
    (version) =>
      new ClusterProfile({ argoRollouts: { gatewayApiPlugin: option('version', version) } })._model.argoRollouts!
        .gatewayApiPlugin!.version.text,
    '0.14',
  ),
  'BentoDeploymentProps.release': left((release) => all(release), Release.recreate()),
  'ArgoRolloutsReleaseOptions.minReady': both('minReady', Duration.seconds(1)),
  'ArgoRolloutsReleaseOptions.revisionHistory': both('revisionHistory', 6),
  'ArgoRolloutsReleaseOptions.besideDeployment': both('besideDeployment', true),
  'CanaryReleaseOptions.weightsByReplicas': (text) => {
    const routed = JSON.stringify(all(Release.canary({ steps: steps() }), { exposure: exposure() }));
    const other = (weightsByReplicas: boolean) =>
      JSON.stringify(all(Release.canary({ steps: steps(), weightsByReplicas }), { exposure: exposure() }));
    return routed === other(false) && routed !== other(true) && text;
  },
  'CanaryReleaseOptions.abortScaleDownDelay': left(
    (value) =>
      all(Release.canary({ steps: steps(), ...option('abortScaleDownDelay', value) }), { exposure: exposure() }),
    Duration.seconds(31),
  ),
  'CanaryStepOptions.untilPromoted': left(
    (value) =>
      all(Release.canary({ steps: [CanaryStep.weight(10, option('untilPromoted', value))] }), { exposure: exposure() }),
    true,
  ),
  'BlueGreenReleaseOptions.promotion': left(
    (value) => all(Release.blueGreen(option('promotion', value))),
    Promotion.manual(),
  ),
  'ManualBlueGreenOptions.fullSize': left(
    (value) =>
      all(
        Release.manualBlueGreen({
          color: Color.GREEN,
          previous: Version.of({ bento: single() }),
          ...option('fullSize', value),
        }),
        { apiServer: { scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 5 }) } },
      ),
    false,
  ),
  'SharedVersionOptions.serving': left(
    (value) =>
      all(Release.split({ versions: { v2: Version.weighted(10, { bento: single(), ...option('serving', value) }) } }), {
        exposure: exposure(),
      }),
    true,
  ),
};
