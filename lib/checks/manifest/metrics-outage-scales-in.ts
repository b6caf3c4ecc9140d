import { asList, asText, dig, pathTo } from '../../internal/json';
import type { ManifestRule } from './model/finding';
import { KEDA } from './model/scaler';

/**
 * KEDA takes an empty answer of Prometheus for 0 unless it is told otherwise, and an outage for a reason to scale in.
 *
 * @see https://keda.sh/docs/latest/scalers/prometheus/
 */
export const metricsOutageScalesIn: ManifestRule = {
  name: 'MetricsOutageScalesIn',
  *check(folder) {
    for (const object of folder.ofKind('ScaledObject', KEDA)) {
      for (const [index, trigger] of asList(dig(object.value, 'spec', 'triggers')).entries()) {
        const ignores = asText(dig(trigger, 'metadata', 'ignoreNullValues')) ?? 'true';
        if (dig(trigger, 'type') !== 'prometheus' || ignores === 'false') continue;
        const location = pathTo('spec.triggers', index, 'metadata', 'ignoreNullValues');
        yield {
          object,
          location,
          text: `'${location}' must be "false", got "${ignores}": KEDA takes no answer for a load of 0, and scales in when metrics are down`,
          remedy: 'state it, let the query be 0 where nothing happens, and give a fallback',
        };
      }
      if (dig(object.value, 'spec', 'fallback', 'replicas') !== 0) continue;
      yield {
        object,
        location: 'spec.fallback.replicas',
        text: "'spec.fallback.replicas' must be at least 1, got 0: an outage of metrics would stop everything",
        remedy: 'state the fewest replicas that can carry the usual load',
      };
    }
  },
};
