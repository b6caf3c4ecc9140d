import { nginxResolverTemplate } from '../../lib/engines/nginx-frame';
import { type NginxSplitModel, nginxSplitConfig } from '../../lib/engines/nginx-split';
import type { ShareModel, SplitModel, StickyKeyModel } from '../../lib/release/split-model';
import type { UpstreamModel } from '../../lib/traffic/upstream';
import type { NginxFiles } from './lab';
import { nginxModel } from './models';

/** Who shares what, in the order of keys. */
export function split(shares: { readonly [key: string]: ShareModel }, stickyBy?: StickyKeyModel): SplitModel {
  const others = Object.entries(shares).map(([key, share]) => ({ key, share }));
  return { own: 'main', others, ...(stickyBy !== undefined && { stickyBy }) };
}

export const weight = (percent: number): ShareModel => ({ kind: 'weight', percent });
export const mirror = (percent: number): ShareModel => ({ kind: 'mirror', percent });

/** What stands in every model of a test unless it says otherwise. */
export function splitModel(
  model: SplitModel,
  upstream: Partial<UpstreamModel> = {},
  rest: Partial<NginxSplitModel> = {},
): NginxSplitModel {
  const keys = [model.own, ...model.others.map(({ key }) => key)].sort();
  return {
    split: model,
    versions: keys.map((key) => ({
      key,
      cached: false,
      upstream: {
        ...nginxModel().upstream,
        name: `rag-${key}`,
        host: `rag-${key}-headless.ml.svc.cluster.local`,
        ...upstream,
      },
    })),
    size: { cpuCores: 0.25 },
    drainSeconds: 30,
    clientIdleSeconds: 75,
    healthPath: '/.well-known/split-health',
    ...rest,
  };
}

/** The files of a model, with what a test adds to its server. */
export function splitFiles(model: NginxSplitModel, port = 3000, added = ''): NginxFiles {
  const config = nginxSplitConfig(model).replace('client_max_body_size 0;', `client_max_body_size 0;\n${added}`);
  return { config, resolverTemplate: nginxResolverTemplate(), port };
}
