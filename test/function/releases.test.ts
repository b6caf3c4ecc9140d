import { Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClusterProfileProps,
  Color,
  Exposure,
  Gateway,
  NetworkPeer,
  Release,
  ReplicaShare,
  RequestMatch,
  RollingPreset,
  Runner,
  RunState,
  type ScaleToZeroFunctionProps,
  Scaling,
  StickyKey,
  Version,
} from '../../lib';
import { pair, single } from '../bentos';
import type { Body, KubernetesObject } from '../cluster/client';
import { knativeFindings } from '../cluster/knative';
import { countOwners } from '../conformance/owners';
import { ENGINE_LIST, type EngineName, makeFunction } from '../functions';
import { structuralFindings } from '../schemas/structure';

type Props = Partial<ScaleToZeroFunctionProps>;

const HOST = 'up.example.com';
const envoy = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 1 });
const exposure = Exposure.gateway({ hosts: [HOST], gateway: envoy });
const plain = Exposure.gateway({ hosts: [HOST], gateway: Gateway.standard({ name: 'public', namespace: 'gateways' }) });
const old = () => single({ version: 'old' });
const next = () => single({ version: 'next' });
const stays = { Embedder: Runner.pool({ scaling: Scaling.replicas(2) }) };
/** Pods of Knative wait for pools in a container before theirs. */
const WAITING: ClusterProfileProps = { knative: { enabledFeatures: ['kubernetes.podspec-init-containers'] } };

const split = (versions: { [key: string]: Version }) => Release.split({ versions });
const serving = { serving: true };
const keda = (versions: { [key: string]: Version }, props: Props = {}) =>
  makeFunction('keda-http', { bento: old(), exposure, release: split(versions), ...props });
const knative = (props: Props, cluster: ClusterProfileProps = {}) => makeFunction('knative', props, { cluster });
const ksvc = (objects: readonly KubernetesObject[]): Body =>
  objects.find(({ apiVersion }) => apiVersion === 'serving.knative.dev/v1')!;
const header = (value: string) => ({
  type: 'RequestHeaderModifier',
  requestHeaderModifier: { set: [{ name: 'x-bento-version', value }] },
});
const INTERCEPTOR = {
  group: '',
  kind: 'Service',
  name: 'keda-add-ons-http-interceptor-proxy',
  namespace: 'keda',
  port: 8080,
};
const inside = (name: string) => [`${name}.ml`, `${name}.ml.svc`, `${name}.ml.svc.cluster.local`];

/** `kind name` of what an edit makes, changes, and takes away. */
function edited(before: readonly KubernetesObject[], after: readonly KubernetesObject[]): string[] {
  const named = (objects: readonly KubernetesObject[]) =>
    new Map(objects.map((object) => [`${object.kind} ${object.metadata.name}`, JSON.stringify(object)]));
  const [was, is] = [named(before), named(after)];
  const keys = [...new Set([...was.keys(), ...is.keys()])].filter((key) => was.get(key) !== is.get(key));
  return keys.map((key) => `${was.has(key) ? (is.has(key) ? '~' : '-') : '+'} ${key}`).sort();
}

// https://github.com/kedacore/http-add-on/blob/v0.15.0/operator/apis/http/v1beta1/interceptorroute_types.go
describe('a split of a function by the KEDA HTTP add-on', () => {
  const made = () =>
    keda({
      v2: Version.weighted(10, { bento: next(), serving: true }),
      v3: Version.matched(RequestMatch.header('x-model', '3'), { bento: next(), serving: true }),
    });

  it('gives each version workloads, an autoscaler and a route of the interceptor of its own', () => {
    const { objects, fn } = made();
    for (const name of ['upscaler', 'upscaler-v2', 'upscaler-v3']) {
      const scaled = objects.get('ScaledObject', name).spec;
      expect(scaled.scaleTargetRef.name).toBe(name);
      expect([scaled.minReplicaCount, scaled.maxReplicaCount]).toEqual([0, 4]);
      expect(scaled.triggers.map(({ metadata }: Body) => metadata.interceptorRoute)).toEqual([name]);
      expect(objects.get('InterceptorRoute', name).spec.target).toEqual({ port: 3000, service: `${name}-pods` });
      for (const kind of ['Deployment', 'PodDisruptionBudget', 'NetworkPolicy']) objects.get(kind, name);
    }
    expect(objects.of('HTTPRoute')).toHaveLength(1);
    expect(fn.versions.map(({ key }) => key)).toEqual(['v2', 'v3']);
    expect(fn.version('v2').apiServer?.name).toBe('upscaler-v2');
    expect(() => fn.version('v9')).toThrow(/^\[NoSuchVersion\] 'versionKey' must be one of v2, v3, got "v9"/);
  });

  it('tells versions apart by a header that the gateway sets, and takes all else for its own version', () => {
    const { objects } = made();
    const rules = (name: string) => objects.get('InterceptorRoute', name).spec.rules;
    const told = (value: string) => ({ headers: [{ name: 'x-bento-version', value }], hosts: [HOST] });
    expect(rules('upscaler')).toEqual([{ hosts: [...inside('upscaler'), HOST] }, told('main')]);
    expect(rules('upscaler-v2')).toEqual([{ hosts: inside('upscaler-v2') }, told('v2')]);
    expect(rules('upscaler-v3')).toEqual([{ hosts: inside('upscaler-v3') }, told('v3')]);
    for (const name of ['upscaler', 'upscaler-v2', 'upscaler-v3']) {
      expect(objects.get('Service', name).spec.type).toBe('ExternalName');
    }
    const route = objects.get('HTTPRoute', 'upscaler').spec;
    expect(route.rules.map(({ timeouts: _, ...rest }: Body) => rest)).toEqual([
      {
        backendRefs: [
          { ...INTERCEPTOR, filters: [header('main')], weight: 90 },
          { ...INTERCEPTOR, filters: [header('v2')], weight: 10 },
        ],
        matches: [{ path: { type: 'PathPrefix', value: '/' } }],
      },
      {
        backendRefs: [{ ...INTERCEPTOR, weight: 1 }],
        filters: [header('v3')],
        matches: [
          {
            headers: [{ name: 'x-model', type: 'Exact', value: '3' }],
            path: { type: 'PathPrefix', value: '/' },
          },
        ],
      },
    ]);
  });

  it('sets the header of its own version where others are matched alone: clients choose none', () => {
    for (const door of [exposure, plain]) {
      const { objects } = keda(
        { v3: Version.matched(RequestMatch.header('x-model', '3'), { bento: next(), serving: true }) },
        { exposure: door },
      );
      const [all] = objects.get('HTTPRoute', 'upscaler').spec.rules;
      expect(all.filters).toEqual([header('main')]);
      expect(all.backendRefs).toEqual([{ ...INTERCEPTOR, weight: 1 }]);
    }
  });

  it('lets a version enter without requests, but for those to its own name, and says so', () => {
    const { objects, warnings } = keda({
      v2: Version.weighted(10, { bento: next() }),
      v3: Version.matched(RequestMatch.header('x-model', '3'), { bento: next() }),
    });
    const { rules } = objects.get('HTTPRoute', 'upscaler').spec;
    expect(rules).toHaveLength(1);
    expect(rules[0].backendRefs.map(({ weight }: Body) => weight)).toEqual([100, 0]);
    expect(objects.get('InterceptorRoute', 'upscaler-v3').spec.rules[0].hosts).toEqual(inside('upscaler-v3'));
    const [entering] = warnings.filter((text) => text.startsWith('[EntersWithoutRequests]'));
    expect(entering).toBe(
      "[EntersWithoutRequests] 'release.versions.v2' gets no requests yet but those to http://upscaler-v2.ml:8080: to lead others to it, state `serving` of v2 (at test/Upscaler)",
    );
  });

  it('has times of each version, and the door waits for the longest', () => {
    const { objects } = keda({ v2: Version.weighted(10, { bento: pair(), serving: true }) }, { coldStart: undefined });
    const request = (name: string) => Number.parseInt(objects.get('InterceptorRoute', name).spec.timeouts.request, 10);
    expect(request('upscaler-v2')).toBeGreaterThan(request('upscaler'));
    const [{ timeouts }] = objects.get('HTTPRoute', 'upscaler').spec.rules;
    expect(Number.parseInt(timeouts.request, 10)).toBe(request('upscaler-v2') + 10);
  });

  it('has pools by version, which wake with their own', () => {
    const { objects } = keda({ v2: Version.weighted(10, { bento: pair(), serving: true }) }, { bento: pair() });
    for (const key of ['', '-v2']) {
      const { spec } = objects.get('ScaledObject', `upscaler-embedder${key}`);
      expect(spec.triggers[0].metadata.interceptorRoute).toBe(`upscaler${key}`);
      expect(objects.calls(`upscaler${key}`)).toContain(`Embedder=http://upscaler-embedder${key}-headless.`);
    }
  });

  const shared = () => keda({ v2: Version.weighted(10, { bento: next(), ...serving }) }).objects.all;
  const promoted = () =>
    keda({ main: Version.weighted(0, { bento: old(), ...serving }) }, { bento: next(), versionKey: 'v2' }).objects.all;

  it('moves weights by an edit of the route alone', () => {
    const after = keda({ v2: Version.weighted(50, { bento: next(), ...serving }) }).objects.all;
    expect(edited(shared(), after)).toEqual(['~ HTTPRoute upscaler']);
    const back = keda({ v2: Version.weighted(0, { bento: next(), ...serving }) }).objects.all;
    expect(edited(after, back)).toEqual(['~ HTTPRoute upscaler']);
  });

  it('promotes by an edit that changes no pod, no autoscaler and no Service of pods', () => {
    expect(edited(shared(), promoted())).toEqual([
      '+ Service upscaler-main',
      '- Service upscaler-v2',
      '~ HTTPRoute upscaler',
      '~ InterceptorRoute upscaler',
      '~ InterceptorRoute upscaler-v2',
      // Its labels: it leads to the interceptor as before.
      '~ Service upscaler',
    ]);
  });

  it('takes the old version away without a change of the new one', () => {
    const alone = makeFunction('keda-http', { bento: next(), exposure, versionKey: 'v2' }).objects.all;
    const changes = edited(promoted(), alone).filter((text) => !text.startsWith('-'));
    expect(changes).toEqual(['~ HTTPRoute upscaler', '~ InterceptorRoute upscaler-v2']);
  });

  it('is as it was before, where there is no split: no header, one rule', () => {
    const { objects } = makeFunction('keda-http', { exposure });
    expect(objects.get('InterceptorRoute', 'upscaler').spec.rules).toEqual([{ hosts: [...inside('upscaler'), HOST] }]);
    expect(JSON.stringify(objects.all)).not.toContain('x-bento-version');
  });

  it.each<[string, Props, string]>([
    [
      'without a door',
      { exposure: undefined },
      "[NotByEngine] 'release.versions' must not be stated for a function by the KEDA HTTP add-on: callers inside the cluster reach its own version, and nothing shares their requests out; use Exposure.gateway() with Gateway.envoyGateway(), or FunctionEngine.knative() (at test/Upscaler)",
    ],
    [
      'of weights by a Gateway that may not set headers by the backend',
      { exposure: plain },
      "[NotByEngine] 'release.versions.v2' must not be stated for a function by the KEDA HTTP add-on behind Exposure.gateway() with Gateway.standard(): the interceptor knows a version by a header, and Gateway API leaves it to implementations to set one by the backend; use Gateway.envoyGateway(), or Version.matched() (at test/Upscaler)",
    ],
    [
      'in a function that is terminated',
      { state: RunState.TERMINATED },
      "[TerminatedDuringRelease] 'state' must not be RunState.TERMINATED while there are other versions, got v2",
    ],
    ['with its own key', { versionKey: 'v2' }, "[SameVersion] 'release.versions.v2' must have another key"],
    ['with a name that is too long', { name: 'u'.repeat(60) }, "[InvalidName] 'name' must be a DNS label"],
  ])('fails %s', (_, props, text) => {
    expect(() => keda({ v2: Version.weighted(10, { bento: next(), ...serving }) }, props)).toThrow(text);
  });

  it('fails with scaling of a version: it scales as the function does', () => {
    const apiServer = { scaling: Scaling.replicas(2) };
    expect(() => keda({ v2: Version.weighted(10, { bento: next(), apiServer }) })).toThrow(
      "[ConflictingOptions] 'release.versions.v2.apiServer.scaling' must not be given together with 'maxReplicas'; a function scales by its own options (at test/Upscaler)",
    );
  });

  it('is valid by the definitions of the versions that it is for', () => {
    const folders = ['keda-http-add-on-0.15.0', 'gateway-api-1.7.0', 'keda-2.21.0'];
    const { objects } = made();
    const judged = objects.all.filter(({ kind }) => /^(InterceptorRoute|HTTPRoute|ScaledObject)$/.test(kind));
    expect(judged).toHaveLength(7);
    const found = judged.flatMap((object) => structuralFindings(object, ...folders));
    // What the judge leaves out itself.
    expect(found.filter((text) => !text.startsWith('InterceptorRoute: lacks metadata'))).toEqual([]);
  });
});

// https://knative.dev/docs/serving/traffic-management/, pkg/apis/serving/v1/route_validation.go
describe('a split of a function by Knative', () => {
  const at = (percent: number, props: Props = {}) =>
    knative({
      bento: next(),
      versionKey: 'v2',
      release: split({ v1: Version.weighted(percent, { bento: old(), ...serving }) }),
      ...props,
    });

  it('shares requests out among revisions by their names, each with a host of its own', () => {
    const { spec } = ksvc(at(90).objects.all);
    expect(spec.template.metadata.name).toBe('upscaler-v2');
    expect(spec.traffic).toEqual([
      { latestRevision: false, percent: 10, revisionName: 'upscaler-v2', tag: 'v2' },
      { latestRevision: false, percent: 90, revisionName: 'upscaler-v1', tag: 'v1' },
    ]);
  });

  it('moves weights by an edit of the Knative Service alone, and never its template: that would need another name', () => {
    const alone = knative({ bento: next(), versionKey: 'v2' }).objects.all;
    const states = [at(100), at(90), at(0)].map(({ objects }) => objects.all);
    for (const [index, state] of [...states, alone].entries()) {
      expect(ksvc(state).spec.template).toEqual(ksvc(alone).spec.template);
      if (index > 0) expect(edited(states[index - 1]!, state)).toEqual(['~ Service upscaler']);
    }
    expect(ksvc(alone).spec).not.toHaveProperty('traffic');
  });

  it('enters by an edit of the Knative Service alone', () => {
    const before = knative({ bento: old(), versionKey: 'v1' }).objects.all;
    expect(edited(before, at(100).objects.all)).toEqual([
      // Its labels, with the version of the Bento.
      '~ NetworkPolicy upscaler',
      '~ PodDisruptionBudget upscaler',
      '~ Service upscaler',
    ]);
  });

  it('leaves names to Knative where nobody states a key', () => {
    expect(ksvc(knative({}).objects.all).spec.template.metadata).not.toHaveProperty('name');
  });

  it('keeps the pools of a revision that is there, and lets it call them', () => {
    const made = knative(
      {
        bento: pair(),
        runners: stays,
        versionKey: 'v2',
        apiServer: { allowTo: [NetworkPeer.namespace('dns')] },
        release: split({ v1: Version.weighted(90, { bento: pair(), ...serving }) }),
      },
      WAITING,
    );
    const { objects, fn } = made;
    for (const key of ['v1', 'v2']) {
      objects.get('Deployment', `upscaler-embedder-${key}`);
      const peers = objects.get('NetworkPolicy', `upscaler-embedder-${key}`).spec.ingress[0].from;
      expect(peers[0].podSelector.matchLabels).toEqual(
        objects.get('NetworkPolicy', 'upscaler').spec.podSelector.matchLabels,
      );
    }
    const out = JSON.stringify(objects.get('NetworkPolicy', 'upscaler').spec.egress);
    for (const key of ['v1', 'v2']) expect(out).toContain(`"cdk8s-bento/track":"${key}"`);
    // One has the pods of both.
    expect(objects.all.filter(({ apiVersion }) => apiVersion.startsWith('serving.knative.dev'))).toHaveLength(1);
    expect(fn.version('v1').apiServer).toBeUndefined();
    expect(fn.version('v1').runnerPool('Embedder').name).toBe('upscaler-embedder-v1');
    expect(ksvc(objects.all).spec.template.spec.initContainers[0].name).toContain('upscaler-embedder-v2');
  });

  it('tells which revisions must be there', () => {
    const names = at(90).fn.requirements.map(String);
    expect(names).toContain(
      'Revision upscaler-v1 of Knative: without it requests to upscaler are led as before, if at all',
    );
    expect(knative({ versionKey: 'v2' }).fn.requirements.map(({ name }) => name)).not.toContain(
      'Revision upscaler-v1 of Knative',
    );
  });

  it("is what Knative's definition and its webhook take", () => {
    for (const percent of [0, 1, 99, 100]) {
      const { all } = at(percent).objects;
      expect(structuralFindings(ksvc(all) as KubernetesObject, 'knative-serving-0.51.0')).toEqual([]);
      expect(knativeFindings(all)).toEqual([]);
    }
  });

  it.each<[string, Props, string]>([
    [
      'without a key of its own',
      { versionKey: undefined },
      "[MissingOption] 'versionKey' must be given for Release.split() of a function by Knative; revisions are called after it: state it for what runs now, apply, and state another for the new version (at test/Upscaler)",
    ],
    [
      'with a key that is no tag',
      { versionKey: '2' },
      '[InvalidName] \'versionKey\' must be a key that begins with a letter, for Knative, got "2"',
    ],
    [
      'with a tag that makes the name of its Service too long',
      { versionKey: 'a2345678901234567890', name: 'u'.repeat(50) },
      "[InvalidName] 'versionKey' must be a DNS label",
    ],
  ])('fails %s', (_, props, text) => {
    expect(() => at(90, props)).toThrow(text);
  });

  it.each<[string, { [key: string]: Version }, string]>([
    [
      'of a revision that would lose its requests unsaid',
      { v1: Version.weighted(90, { bento: old() }) },
      "[MissingOption] 'release.versions.v1.serving' must be given for a function by Knative; what stands beside its own version is a revision that is there already: state `serving: true`, or a weight of 0 (at test/Upscaler)",
    ],
    [
      'by a match',
      { v1: Version.matched(RequestMatch.header('x-model', '1'), { bento: old(), ...serving }) },
      "[NotByEngine] 'release.versions.v1' must not be stated for a function by Knative: it tells revisions apart by their hosts alone, and each version of a split has one: that of its tag; use Version.weighted(), or the KEDA HTTP add-on (at test/Upscaler)",
    ],
    [
      'of copies',
      { v1: Version.mirrored(10, { bento: old(), ...serving }) },
      "[NotByEngine] 'release.versions.v1' must not be stated for a function by Knative: it makes no copies; use Version.weighted(), or a BentoDeployment (at test/Upscaler)",
    ],
    [
      'of a key that is no tag',
      { '1': Version.weighted(90, { bento: old(), ...serving }) },
      "[InvalidName] 'release.versions.1'",
    ],
  ])('fails %s', (_, versions, text) => {
    expect(() => at(90, { release: split(versions) })).toThrow(text);
  });
});

describe('a rolling release of a function by Knative', () => {
  const rolling = (release: Release | undefined, props: Props = {}) =>
    knative({ bento: pair(), runners: stays, release, ...props }, WAITING);

  it('replaces pools in place where no version has a key', () => {
    rolling(undefined).objects.get('Deployment', 'upscaler-embedder');
  });

  it('keeps the pools of the revision before until an edit says otherwise', () => {
    const before = rolling(Release.rolling({ previous: Version.absent() }), { versionKey: 'v1' }).objects.all;
    const during = rolling(Release.rolling({ previous: Version.of({ bento: pair(), versionKey: 'v1' }) }), {
      versionKey: 'v2',
    }).objects;
    const changes = edited(before, during.all);
    expect(changes.filter((text) => text.startsWith('-'))).toEqual([]);
    expect(changes).toContain('+ Deployment upscaler-embedder-v2');
    expect(changes).not.toContain('~ Deployment upscaler-embedder-v1');
    expect(ksvc(during.all).spec.template.metadata.name).toBe('upscaler-v2');
    expect(ksvc(during.all).spec).not.toHaveProperty('traffic');
    const after = rolling(Release.rolling({ previous: Version.absent() }), { versionKey: 'v2' }).objects.all;
    expect(edited(during.all, after).every((text) => text.startsWith('- ') || text.startsWith('~ PodMonitor'))).toBe(
      true,
    );
  });

  it('lets requests wait no longer for pools that stay, though its pods wait for them', () => {
    const seconds = (props: Props) =>
      ksvc(
        rolling(Release.rolling(props.versionKey === undefined ? {} : { previous: Version.absent() }), props).objects
          .all,
      ).spec.template.spec.timeoutSeconds;
    const startup = { modelSize: Size.gibibytes(40) };
    const runners = { Embedder: Runner.pool({ scaling: Scaling.replicas(2), startup }) };
    expect(seconds({ runners, versionKey: 'v1' })).toBe(seconds({ runners }));
  });

  it('fails where a key would take the pools of the revision before away', () => {
    expect(() => rolling(undefined, { versionKey: 'v2' })).toThrow(
      "[PreviousNeeded] 'release.previous' must be stated, for the old API server goes on calling its own pools of Embedder until it is gone, got none; state Version.of() with the Bento that runs now, or Version.absent() at the first release and when one is over (at test/Upscaler)",
    );
  });

  it.each<[string, Release, string]>([
    ['preset', Release.rolling({ preset: RollingPreset.THIRDS }), 'release.preset'],
    ['bound', Release.rolling({ maxSurge: ReplicaShare.replicas(1) }), 'release.maxSurge'],
    ['history', Release.rolling({ revisionHistory: 3 }), 'release.revisionHistory'],
  ])('fails with a %s', (_, release, property) => {
    expect(() => knative({ release })).toThrow(
      `[NotByEngine] '${property}' must not be stated for a function by Knative: it starts a revision beside the old one, and moves all requests when it is ready; leave it out, state \`rolling\` of its pools, or use the KEDA HTTP add-on or the HorizontalPodAutoscaler (at test/Upscaler)`,
    );
  });

  it('fails to recreate', () => {
    expect(() => knative({ release: Release.recreate() })).toThrow(
      "[NotByEngine] 'release' must not be stated for a function by Knative: it starts a revision beside the old one, which stays until the new one is ready, so Release.recreate() is not to be had; leave it out, or use the KEDA HTTP add-on or the HorizontalPodAutoscaler (at test/Upscaler)",
    );
  });
});

// https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
describe.each(['keda-http', 'hpa'] as const)('a rolling release of a function by %s', (engine) => {
  const strategy = (release: Release) =>
    makeFunction(engine, { release }).objects.get('Deployment', 'upscaler').spec.strategy;

  it('is that of a Deployment', () => {
    expect(strategy(Release.recreate())).toEqual({ type: 'Recreate' });
    expect(strategy(Release.rolling({ preset: RollingPreset.ROLLING_UPDATE }))).toMatchObject({
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    });
  });

  it('fails with a version before', () => {
    expect(() => makeFunction(engine, { release: Release.rolling({ previous: Version.absent() }) })).toThrow(
      /^\[NotByEngine\] 'release\.previous' must not be stated for a function by .*: its pools are replaced in place; leave it out/,
    );
  });

  it('ends names of its workloads with a key, not that of the function', () => {
    const { objects } = makeFunction(engine, { versionKey: 'v2', exposure });
    objects.get('Deployment', 'upscaler-v2');
    objects.get('Service', 'upscaler');
    objects.get('HTTPRoute', 'upscaler');
  });
});

describe('releases that no function has', () => {
  const none = Version.absent();
  it.each<[string, Release]>([
    ['canary', Release.canary({ steps: [] })],
    ['blueGreen', Release.blueGreen()],
    ['manualBlueGreen', Release.manualBlueGreen({ color: Color.BLUE, previous: none })],
  ])('fails: %s', (_, release) => {
    for (const engine of ENGINE_LIST) {
      expect(() => makeFunction(engine, { release })).toThrow(
        /^\[NotByEngine\] 'release' must not be stated for a function by .*; use Release\.(split|rolling)\(\).*, or a BentoDeployment \(at test\/Upscaler\)$/,
      );
    }
  });

  it.each<[EngineName, Release, string]>([
    [
      'keda-http',
      Release.split({ versions: {}, stickyBy: StickyKey.header('x-user') }),
      "[NotByEngine] 'release.stickyBy' must not be stated for a function by the KEDA HTTP add-on: what tells its versions apart knows no hash of a request; leave it out, or use a BentoDeployment (at test/Upscaler)",
    ],
    [
      'keda-http',
      split({ v2: Version.mirrored(10, { bento: next(), ...serving }) }),
      "[NotByEngine] 'release.versions.v2' must not be stated for a function by the KEDA HTTP add-on: a copy has the header of the version that answers, and the interceptor would give it to that one once more; use Version.weighted(), or a BentoDeployment (at test/Upscaler)",
    ],
    [
      'hpa',
      split({ v2: Version.weighted(10, { bento: next(), ...serving }) }),
      "[NotByEngine] 'release' must not be stated for a function by the HorizontalPodAutoscaler: its version before and its own would both wake by the same metrics; use the KEDA HTTP add-on or Knative (at test/Upscaler)",
    ],
    ['keda-http', split({}), "[EmptyList] 'release.versions' must not be empty"],
    [
      'keda-http',
      split({ v2: Version.of({ bento: next() }) }),
      "[WrongVersion] 'release.versions.v2' must be made by Version.weighted(), Version.matched() or Version.mirrored()",
    ],
    [
      'keda-http',
      split({
        v2: Version.weighted(60, { bento: next(), ...serving }),
        v3: Version.weighted(60, { bento: next(), ...serving }),
      }),
      "[WeightsOver] 'release.versions' must have weights of at most 100 together, got 120 (v2: 60, v3: 60)",
    ],
  ])('fails by %s: %#', (engine, release, text) => {
    expect(() => makeFunction(engine, { exposure, release })).toThrow(text);
  });
});

describe('any split of a function', () => {
  const keys = fc.uniqueArray(fc.constantFrom('v2', 'v3', 'v4', 'b-1', '5'), { minLength: 1, maxLength: 4 });
  const share = fc.oneof(
    fc
      .nat(60)
      .map(
        (percent) => (bento: ReturnType<typeof single>, is: boolean) =>
          Version.weighted(percent, { bento, serving: is }),
      ),
    fc
      .constantFrom('a', 'b')
      .map(
        (value) => (bento: ReturnType<typeof single>, is: boolean) =>
          Version.matched(RequestMatch.header('x-model', value), { bento, serving: is }),
      ),
  );

  it('is valid, each replica with one owner and each pod with one selector, or an error with a code', () => {
    const version = fc.tuple(share, fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(
        fc.constantFrom(...ENGINE_LIST),
        keys,
        fc.array(version, { minLength: 4, maxLength: 4 }),
        fc.option(fc.constantFrom('main', 'v1', 'v2'), { nil: undefined }),
        fc.boolean(),
        (engine, names, versions, versionKey, exposed) => {
          const made = names.map((name, index) => {
            const [of, is, pools] = versions[index]!;
            return [name, of(pools ? pair() : old(), is)] as const;
          });
          let objects: KubernetesObject[];
          try {
            objects = makeFunction(
              engine,
              { bento: next(), versionKey, release: split(Object.fromEntries(made)), ...(exposed && { exposure }) },
              { cluster: WAITING },
            ).objects.all;
          } catch (error) {
            expect((error as Error).message).toMatch(
              /^\[(NotByEngine|MissingOption|InvalidName|WeightsOver|SameVersion|DuplicateKey)\] /,
            );
            return;
          }
          for (const owners of countOwners(objects).values()) expect(owners).toHaveLength(1);
          const pods = objects.filter(({ kind }) => kind === 'Deployment');
          for (const { spec } of pods) {
            const chosen = pods.filter((other) =>
              selects(spec.selector.matchLabels, other.spec.template.metadata.labels),
            );
            expect(chosen).toHaveLength(1);
          }
          for (const { spec } of objects.filter(({ kind }) => kind === 'HTTPRoute')) {
            const weights = spec.rules[0].backendRefs.map(({ weight }: Body) => weight);
            if (weights.length > 1) expect(weights.reduce((a: number, b: number) => a + b)).toBe(100);
          }
          expect(knativeFindings(objects, { features: ['kubernetes.podspec-init-containers'] })).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
