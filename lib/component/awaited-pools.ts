import { BENTO_USER } from '../bento/container-contract';
import { requireInteger } from '../internal/checks';
import { errors } from '../internal/errors';
import { sortedEntries } from '../internal/names';
import type { JobGateModel } from '../release/gate-model';
import type { ComponentModel } from './component-model';
import { headlessHost } from './pool-hop';
import type { ReleaseIntent } from './release';
import { awaitedReplicas, maxReplicas } from './replica-counts';
import type { ResolvedComponent } from './version-input';

/** A headless Service has the addresses of the pods that are ready: each of these must have so many. */
const WAIT_FOR_ALL = `import socket, sys, time
pools = list(zip(sys.argv[1::2], map(int, sys.argv[2::2])))
def ready(host):
    try: return len({answer[4][0] for answer in socket.getaddrinfo(host, None)})
    except OSError: return 0
while not all(ready(host) >= replicas for host, replicas in pools): time.sleep(1)`;

const SIZE = { cpuCores: 0.05, memoryBytes: 64 * 2 ** 20 };

/** How long pods of a component may wait for its pools. */
export function waitSeconds({ waitFor }: Pick<ComponentModel, 'waitFor'>): number {
  return Math.max(0, ...waitFor.map((pool) => ('patienceSeconds' in pool ? pool.patienceSeconds : 0)));
}

/** A gate that is passed when all pools of a version are there, at their full size; undefined without pools. */
export function poolsGate(root: ComponentModel, pools: readonly ResolvedComponent[]): JobGateModel | undefined {
  if (pools.length === 0) return undefined;
  const { contract, pod } = root;
  return {
    kind: 'job',
    name: 'pools',
    image: contract.image,
    command: ['python', '-c', WAIT_FOR_ALL],
    args: pools.flatMap(({ model }) => [
      headlessHost(model.identity, model.cluster),
      String(awaitedReplicas(model.scaling)),
    ]),
    env: [],
    size: SIZE,
    timeoutSeconds: Math.max(...pools.map(({ model }) => model.progressDeadlineSeconds)),
    retries: 0,
    user: BENTO_USER,
    readOnlyRoot: true,
    automountServiceAccountToken: false,
    imagePullSecrets: pod.imagePullSecrets,
  };
}

/** Throws where a release wants so many replicas of a pool as there cannot be. */
export function requireRunnerReplicas(release: ReleaseIntent, pools: readonly ResolvedComponent[]): void {
  if (release.kind !== 'canary' && release.kind !== 'blue-green') return;
  for (const [service, replicas] of sortedEntries(release.options.runnerReplicas)) {
    const property = `release.runnerReplicas.${service}`;
    const pool = pools.find(({ bentoService }) => bentoService === service);
    if (pool === undefined) {
      const known = pools.map(({ bentoService }) => bentoService);
      throw errors.unknownService(property, service, known);
    }
    const most = maxReplicas(pool.model.scaling);
    if (most === undefined) {
      throw errors.conflictingOptions(
        property,
        `runners.${service}.scaling`,
        'a scaler of someone else decides over its replicas: leave the former out',
      );
    }
    requireInteger(property, replicas, 1, most);
  }
}
