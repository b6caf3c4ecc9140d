import { PORT } from '../bento/container-contract';
import type { SplitUpstream } from '../component/component-model';
import type { SplitModel } from '../release/split-model';
import type { SizeModel } from '../sizing/instance-size';
import { COPIED, type Copied, copiedMap, copying, copyPath, copyServers } from './nginx-copies';
import { healthLocation, NGINX_RESOLVERS, nginxFrame } from './nginx-frame';
import { sharingMaps } from './nginx-shares';
import { block } from './nginx-text';
import { proxying, streaming, upstreamBlock, upstreamMaps } from './nginx-upstream';

/** A tier of nginx that shares requests out, before the pods of all versions. */
export interface NginxSplitModel {
  readonly split: SplitModel;
  /** In the order of their keys. */
  readonly versions: readonly SplitUpstream[];
  readonly size: SizeModel;
  /** How long requests in flight have left once the pod is stopped. */
  readonly drainSeconds: number;
  /** Until it closes a connection of the door that nobody uses: above what the door keeps them. */
  readonly clientIdleSeconds: number;
  /** Where doors ask whether it is well; what is behind it has no say in that. */
  readonly healthPath: string;
}

/** `nginx.conf` of the tier. */
export function nginxSplitConfig(model: NginxSplitModel): string {
  const { versions, split, size, drainSeconds, clientIdleSeconds } = model;
  const copied = copiedOf(model);
  return nginxFrame({
    size,
    drainSeconds,
    clientIdleSeconds,
    silenceSeconds: Math.max(...versions.map(({ upstream }) => upstream.timeouts.streamIdle)),
    logFields: ['"version":"$split_version"'],
    http: [
      upstreamMaps(),
      sharingMaps(split),
      ...(copied.length === 0 ? [] : [copiedMap(copied)]),
      [NGINX_RESOLVERS],
      ...versions.map(({ upstream }) => upstreamBlock(upstream)),
      server(model, copied),
      ...copyServers(copied),
    ],
  });
}

function copiedOf({ split, versions }: NginxSplitModel): Copied[] {
  return split.others.flatMap(({ key, share }) => {
    if (share.kind !== 'mirror' || share.percent === 0) return [];
    return [{ ...versions.find((version) => version.key === key)!, percent: share.percent }];
  });
}

function server(model: NginxSplitModel, copied: readonly Copied[]): string[] {
  const { split, versions, healthPath } = model;
  const mirrors = split.others.filter(({ share }) => share.kind === 'mirror').map(({ key }) => key);
  const asked = versions.filter(({ key }) => !mirrors.includes(key));
  return block('server', [
    `listen ${PORT};`,
    // What is behind it knows how large a request may be.
    'client_max_body_size 0;',
    '',
    ...block('location /', [
      `error_page 418 = @$split_version${copied.length === 0 ? '' : '$split_copied'};`,
      'return 418;',
    ]),
    ...asked.flatMap((version) => ['', ...versionLocation(version)]),
    ...(copied.length === 0 ? [] : asked.flatMap((version) => ['', ...versionLocation(version, copied)])),
    '',
    ...healthLocation(healthPath),
    ...copying(copied).flatMap((lines) => ['', ...lines]),
  ]);
}

/** Of one version: pieces are handed on as they come, but for bodies that are copied, which are read first. */
function versionLocation({ key, upstream, cached }: SplitUpstream, copied?: readonly Copied[]): string[] {
  return block(`location @${key}${copied === undefined ? '' : COPIED}`, [
    ...(copied ?? []).map((to) => `mirror ${copyPath(to)};`),
    ...proxying(upstream, { listed: cached }),
    ...streaming(upstream),
  ]);
}
