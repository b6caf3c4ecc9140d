import { asList, asText, dig, pathTo } from '../../internal/json';
import type { ManifestRule } from './model/finding';
import { containersOf } from './model/workload';

/** @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination */
const DEFAULT_GRACE_SECONDS = 30;

/** The grace period covers the preStop hook too: at its end the server is killed with requests in flight. */
export const gracePeriodTooShort: ManifestRule = {
  name: 'GracePeriodTooShort',
  *check({ templates }) {
    for (const workload of templates) {
      const stated = workload.podSpec.terminationGracePeriodSeconds;
      const grace = typeof stated === 'number' ? stated : DEFAULT_GRACE_SECONDS;
      for (const { value, path, name } of containersOf(workload)) {
        const seconds = preStopSeconds(dig(value, 'lifecycle', 'preStop'));
        if (seconds === undefined || seconds < grace) continue;
        yield {
          object: workload.object,
          location: pathTo(path, 'lifecycle', 'preStop'),
          text: `'${pathTo(workload.podPath, 'terminationGracePeriodSeconds')}' must be above the preStop sleep of container ${name} (${seconds} s), got ${grace}${stated === undefined ? ', the default' : ''}`,
          remedy: 'raise it to the sleep plus the time that requests need to end',
        };
      }
    }
  },
};

/** Of the sleep action, or of `sleep` in a command. */
function preStopSeconds(preStop: unknown): number | undefined {
  const action = dig(preStop, 'sleep', 'seconds');
  if (typeof action === 'number') return action;
  const command = asList(dig(preStop, 'exec', 'command')).map((word) => asText(word) ?? String(word));
  const sleeps = [...command.join(' ').matchAll(/(?:^|[\s;&|/])sleep\s+([0-9]+(?:\.[0-9]+)?)([smh]?)(?=$|[\s;&|])/g)];
  if (sleeps.length === 0) return undefined;
  return sleeps.reduce((total, [, amount, unit]) => total + Number(amount) * SECONDS[unit!]!, 0);
}

const SECONDS: { readonly [unit: string]: number } = { '': 1, s: 1, m: 60, h: 3600 };
