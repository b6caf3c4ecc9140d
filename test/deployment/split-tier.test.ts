import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  Release,
  ResponseCache,
  StickyKey,
  Version,
} from '../../lib';
import { single } from '../bentos';
import { type Objects, synthesize } from '../tree';

const deploy = (weight: number, props: Partial<BentoDeploymentProps> = {}, serving = true): Objects =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion: '1.36' }));
    new BentoDeployment(chart, 'Rag', {
      bento: single(),
      release: Release.split({
        versions: { v2: Version.weighted(weight, { bento: single(), serving }) },
        stickyBy: StickyKey.header('x-user'),
      }),
      ...props,
    });
  });

const configOf = (objects: Objects): string => objects.get('ConfigMap', 'rag-split-nginx').data['nginx.conf'];
const peersOf = (objects: Objects, name: string) =>
  objects.get('NetworkPolicy', name).spec.ingress.flatMap(({ from }: { from: unknown[] }) => from);
const selectorOf = (objects: Objects, name: string) => objects.get('Deployment', name).spec.selector.matchLabels;

describe('a deployment whose users keep to versions', () => {
  it('is reached through the tier under its own name, which finds the pods of each version', () => {
    const objects = deploy(10);
    expect(objects.get('Service', 'rag').spec.selector).toEqual(selectorOf(objects, 'rag-split'));
    const hosts = [...configOf(objects).matchAll(/server (\S+)\.ml\.svc\.cluster\.local:3000 resolve/g)];
    for (const [, host] of hosts) expect(objects.get('Service', host!).spec.clusterIP).toBe('None');
    expect(hosts).toHaveLength(2);
    const tier = { podSelector: { matchLabels: selectorOf(objects, 'rag-split') } };
    expect(peersOf(objects, 'rag-v2')).toMatchObject([tier]);
    // Who reached it before the tier came still does, while requests move there.
    expect(peersOf(objects, 'rag')).toMatchObject([{ podSelector: {} }, tier]);
  });

  it('is reached past the tier until a version serves, with the same pods', () => {
    const [waiting, serving] = [deploy(10, {}, false), deploy(10)];
    expect(waiting.get('Service', 'rag').spec.selector).toEqual(selectorOf(waiting, 'rag'));
    expect(waiting.get('Service', 'rag-split').spec.selector).toEqual(selectorOf(waiting, 'rag-split'));
    for (const name of ['rag', 'rag-v2']) {
      expect(waiting.get('Deployment', name)).toEqual(serving.get('Deployment', name));
      const host = `rag-${name === 'rag' ? 'main' : 'v2'}-headless`;
      expect(waiting.get('Service', host)).toEqual(serving.get('Service', host));
      expect(configOf(waiting)).toContain(`server ${host}.ml.svc.cluster.local:3000 resolve`);
    }
  });

  it('changes nothing but the tier with the weights', () => {
    const [ten, twenty] = [deploy(10), deploy(20)];
    const changed = ten.all.filter((object, index) => JSON.stringify(object) !== JSON.stringify(twenty.all[index]));
    expect(changed.map(({ kind, metadata: { name } }) => `${kind}/${name}`).sort()).toEqual([
      'ConfigMap/rag-split-nginx',
      'Deployment/rag-split',
    ]);
  });

  it('has a cache of each version behind the tier', () => {
    const objects = deploy(10, { cache: ResponseCache.of({ paths: ['/predict'] }) });
    const hosts = [...configOf(objects).matchAll(/server (\S+)\.ml\.svc\.cluster\.local:3000 resolve/g)];
    expect(hosts).toHaveLength(2);
    for (const [, host] of hosts) {
      const { selector } = objects.get('Service', host!).spec;
      expect(selector['app.kubernetes.io/component']).toBe('cache-api-server');
    }
    const tier = { podSelector: { matchLabels: selectorOf(objects, 'rag-split') } };
    expect(peersOf(objects, 'rag-v2-cache')).toMatchObject([tier]);
    expect(peersOf(objects, 'rag-cache')).toMatchObject([{ podSelector: {} }, tier]);
  });
});
