import { PROXY_NAMES } from '../exposure/proxy-support';
import { errors } from '../internal/errors';
import type { SplitModel } from '../release/split-model';
import type { SplitRouterModel } from '../release/split-router';
import { doorProperty, type ResolvedDoor } from './doors';
import { type SplitTraffic, splitRefusal } from './split-rules';

/** Who shares requests out: doors where all of them can, else the tier of nginx. */
export function chooseRouter(
  { others, stickyBy }: SplitModel,
  stated: SplitRouterModel | undefined,
  { doors, traffic }: { readonly doors: readonly ResolvedDoor[]; readonly traffic: SplitTraffic },
  nginx: SplitRouterModel,
): SplitRouterModel {
  if (stated?.kind === 'nginx') return stated;
  const proper = doors.filter(({ kind }) => kind !== 'in-cluster');
  const [refused] = proper.flatMap((door) => {
    const refusal = splitRefusal(door, others, traffic);
    return refusal === undefined ? [] : [{ door, ...refusal }];
  });
  const byDoors = proper.length > 0 && refused === undefined && stickyBy === undefined;
  if (byDoors) return { kind: 'doors' };
  if (stated === undefined) return nginx;
  const engine = 'SplitRouter.doors()';
  if (proper.length === 0) {
    throw errors.notByEngine('release.router', engine, 'there is no door that knows requests', REMEDY);
  }
  throw refused === undefined
    ? errors.notByEngine('release.stickyBy', engine, 'no door keeps users with versions by a hash', REMEDY)
    : errors.notByEngine(
        refused.property,
        `${engine} of ${doorProperty(refused.door)} (${PROXY_NAMES[refused.door.kind]})`,
        refused.why,
        REMEDY,
      );
}

const REMEDY = 'leave `router` out, or use SplitRouter.nginx()';
