import type { ComponentModel, OnDemandModel } from '../component/component-model';
import type { ComponentOptions } from '../component/options';
import { ENGINE_NAMES } from '../component/resolve-scaling';
import { knativeTimeoutSeconds, requiredFeatures } from '../engines/knative';
import { errors } from '../internal/errors';

/** What Knative decides itself: an option for it would say what is not so. */
const ITS_OWN: readonly (readonly [keyof ComponentOptions, string, string])[] = [
  ['adopt', 'it makes the objects of its pods itself', 'leave it out, or use FunctionEngine.kedaHttp()'],
  ['drain', 'its queue waits for requests that have begun', 'leave it out, or use FunctionEngine.kedaHttp()'],
  [
    'rolling',
    'it starts a revision of its own beside the old one, and moves requests when it is ready',
    'leave it out, or use FunctionEngine.kedaHttp()',
  ],
  ['servicePort', 'its Services listen on 80', 'leave it out, or use FunctionEngine.kedaHttp()'],
];

/** Throws where a function by Knative would say what Knative hides, ignores or refuses. */
export function requireCarriedByKnative(model: ComponentModel, options: ComponentOptions): void {
  for (const [key, why, remedy] of ITS_OWN) {
    if (options[key] !== undefined)
      throw errors.notByEngine(`apiServer.${key}`, `a function by ${ENGINE_NAMES.knative}`, why, remedy);
  }
  requireOnePort(model);
  const { enabledFeatures, maxRevisionTimeoutSeconds } = model.cluster.knative!;
  const missing = requiredFeatures(model).filter((feature) => !enabledFeatures.has(feature));
  if (missing.length > 0) throw errors.missingFeatures('knative.enabledFeatures', missing);
  const seconds = knativeTimeoutSeconds(model);
  if (seconds > maxRevisionTimeoutSeconds) {
    throw errors.outOfRange(
      'coldStart.timeout',
      `so short that it and the request take at most ${maxRevisionTimeoutSeconds} s, which is all that Knative allows here`,
      `${model.hold!.timeoutSeconds} s and ${seconds - model.hold!.timeoutSeconds} s for the request`,
      "lower one of them, or raise max-revision-timeout-seconds in Knative's ConfigMap config-defaults and knative.maxRevisionTimeoutSeconds in the ClusterProfile",
    );
  }
  requireLimitAboveTarget(model);
}

function requireOnePort({ contract, pod }: ComponentModel): void {
  const others = [...contract.ports.slice(1), ...pod.sidecars.flatMap(({ ports }) => ports)];
  if (others.length === 0) return;
  throw errors.notByEngine(
    'bento',
    `a function by ${ENGINE_NAMES.knative}`,
    'its pods have one port, and the Bento or a sidecar listens on more',
    'use FunctionEngine.kedaHttp()',
  );
}

function requireLimitAboveTarget({ scaling, wiring }: ComponentModel): void {
  const { concurrency } = (scaling as OnDemandModel).target;
  const { maxConcurrency } = wiring!.config[wiring!.bentoService]!;
  if (concurrency === undefined || maxConcurrency === undefined || maxConcurrency >= concurrency) return;
  throw errors.outOfRange(
    'targetConcurrency',
    `at most traffic.maxConcurrency (${maxConcurrency}), above which nothing reaches a replica`,
    concurrency,
  );
}
