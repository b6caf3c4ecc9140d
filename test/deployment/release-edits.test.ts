import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  CanaryStep,
  ClusterProfile,
  Color,
  Exposure,
  Gate,
  Gateway,
  Release,
  Runner,
  Scaling,
  type SharedVersionOptions,
  type SplitReleaseOptions,
  StickyKey,
  Version,
} from '../../lib';
import { SMALL } from '../bentos';
import type { Body, KubernetesObject } from '../cluster/client';
import { fill } from '../guides';
import { synthesize } from '../tree';

// What an edit of a release touches is a promise of the guide: this is where both are held to it.
const GUIDE = join(__dirname, '../../docs/guides/releases.md');

const bento = (tag: string): Bento =>
  Bento.fromImage(`registry.example.com/rag:${tag}`, {
    services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
  });
const scaling = Scaling.auto({ minReplicas: 2, maxReplicas: 10 });

type Stated = Omit<BentoDeploymentProps, 'apiServer' | 'runners' | 'exposure'>;

const synthesized = new Map<Stated, Map<string, KubernetesObject>>();

const objectsOf = (props: Stated): Map<string, KubernetesObject> => {
  const known = synthesized.get(props);
  if (known !== undefined) return known;
  const { all } = synthesize((chart) => {
    ClusterProfile.set(
      chart,
      new ClusterProfile({
        kubernetesVersion: '1.36',
        argoRollouts: { gatewayApiPlugin: {} },
        gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
        prometheus: { address: 'http://prometheus.monitoring:9090' },
      }),
    );
    new BentoDeployment(chart, 'Rag', {
      apiServer: { size: SMALL, scaling },
      runners: { Embedder: Runner.pool({ size: SMALL, scaling }) },
      exposure: Exposure.gateway({ hosts: ['rag.example.com'] }),
      ...props,
    });
  });
  const objects = new Map(all.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
  synthesized.set(props, objects);
  return objects;
};

/** Below these it does not matter what changes. */
const WHOLE = [
  '/data',
  '/spec/egress',
  '/spec/ingress',
  '/spec/metrics',
  '/spec/rules/0/backendRefs',
  '/spec/rules/0/timeouts',
  '/spec/strategy/canary',
  '/spec/template',
  '/spec/timeout/http',
];

function changedPaths(before: Body, after: Body, at = ''): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (WHOLE.includes(at)) return [at];
  const isTree = (value: Body): boolean => typeof value === 'object' && value !== null;
  if (!isTree(before) || !isTree(after)) return [at];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => changedPaths(before[key], after[key], `${at}/${key.replaceAll('/', '~1')}`)).sort();
}

interface Diff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: { readonly [object: string]: readonly string[] };
}

function diff(before: Stated, after: Stated): Diff {
  const [old, fresh] = [objectsOf(before), objectsOf(after)];
  const changed = [...fresh].flatMap(([key, object]) => {
    const paths = old.has(key) ? changedPaths(old.get(key), object) : [];
    return paths.length === 0 ? [] : [[key, paths] as const];
  });
  return {
    added: [...fresh.keys()].filter((key) => !old.has(key)).sort(),
    removed: [...old.keys()].filter((key) => !fresh.has(key)).sort(),
    changed: Object.fromEntries(changed),
  };
}

/** Objects, and what the guide calls them. */
interface Group {
  readonly said: string;
  readonly objects: readonly string[];
}

const object = (name: string): Group => ({ said: `\`${name}\``, objects: [name] });

const KINDS = ['Deployment', 'HorizontalPodAutoscaler', 'NetworkPolicy', 'PodDisruptionBudget', 'Service'];
const workload = (name: string): string[] => KINDS.map((kind) => `${kind} ${name}`);
const poolOf = (key: string): string[] => {
  const name = key === 'main' ? 'rag-embedder' : `rag-embedder-${key}`;
  return [...workload(name), `Service ${name}-headless`, `ConfigMap rag-${key === 'main' ? '' : `${key}-`}envoy`];
};
const pool = (key: string): Group => ({
  said: `the pool of \`${key}\` and the ConfigMap of its callers`,
  objects: poolOf(key),
});
/** A version whose Service has another name than its workload. */
const version = (key: string, service = `rag-${key}`, ...more: string[]): Group => {
  const name = key === 'main' ? 'rag' : `rag-${key}`;
  const own = workload(name).filter((named) => named !== `Service ${name}`);
  return { said: `all of \`${key}\``, objects: [...own, `Service ${service}`, ...more, ...poolOf(key)] };
};
const tier: Group = {
  said: 'the tier `rag-split`',
  objects: [
    'ConfigMap rag-split-nginx',
    'Deployment rag-split',
    'NetworkPolicy rag-split',
    'PodDisruptionBudget rag-split',
  ],
};

const LABEL = '/metadata/labels/app.kubernetes.io~1version';

/** What changes where a Service leads to the tier instead of `main`, or back. */
const TIER_SWITCHED = {
  'Service rag': [
    '/metadata/labels/app.kubernetes.io~1component',
    '/metadata/labels/app.kubernetes.io~1name',
    LABEL,
    '/spec/selector/app.kubernetes.io~1component',
  ],
  'ConfigMap rag-split-nginx': ['/data'],
  'Deployment rag-split': ['/spec/template'],
};
const SELECTOR = [LABEL, '/metadata/labels/cdk8s-bento~1track', '/spec/selector/cdk8s-bento~1track'];
const BACKENDS = ['/spec/rules/0/backendRefs'];
/** Of which version the API server is, on all that it has. */
const labelled = (...objects: string[]) => Object.fromEntries(objects.map((named) => [named, [LABEL]]));
const API_SERVER = ['Service rag', 'HorizontalPodAutoscaler rag', 'PodDisruptionBudget rag', 'NetworkPolicy rag'];

/** An edit of the definition, with all that it touches. */
interface Edit {
  readonly release: string;
  readonly edit: string;
  readonly before: Stated;
  readonly after: Stated;
  readonly comes?: readonly Group[];
  readonly goes?: readonly Group[];
  readonly changes?: { readonly [object: string]: readonly string[] };
  /** What changes, as the guide says it. */
  readonly said?: string;
  /** Workloads whose pods the edit replaces: that is what it is for, or what it costs. */
  readonly replaces?: readonly string[];
}

const one: Stated = { bento: bento('1') };

const split = (
  percent: number,
  more: Partial<SharedVersionOptions> = {},
  options: Partial<SplitReleaseOptions> = {},
): Stated => ({
  ...one,
  release: Release.split({ versions: { v2: Version.weighted(percent, { bento: bento('2'), ...more }) }, ...options }),
});
const serving = { serving: true };
const promotedSplit = (options: Partial<SplitReleaseOptions> = {}): Stated => ({
  bento: bento('2'),
  versionKey: 'v2',
  release: Release.split({ versions: { main: Version.weighted(0, { bento: bento('1'), ...serving }) }, ...options }),
});
const alone: Stated = { bento: bento('2'), versionKey: 'v2' };
const sticky = { stickyBy: StickyKey.header('x-user') };

const previousOf = (tag: string | undefined, versionKey?: string): Version =>
  tag === undefined
    ? Version.absent()
    : Version.of({ bento: bento(tag), ...(versionKey !== undefined && { versionKey }) });
const color = (which: Color, tag: string, previous?: string, promoted?: boolean, from?: string): Stated => ({
  bento: bento(tag),
  release: Release.manualBlueGreen({
    color: which,
    previous: previousOf(previous, from),
    ...(promoted !== undefined && { promoted }),
  }),
});
const canary = (
  tag: string,
  previous?: string,
  options: { beside?: boolean; from?: string; key?: string } = {},
): Stated => ({
  bento: bento(tag),
  ...(options.key !== undefined && { versionKey: options.key }),
  release: Release.canary({
    steps: [CanaryStep.weight(10, { pause: Duration.minutes(5) })],
    gates: [Gate.errorRate({ maxRate: 0.01 })],
    previous: previousOf(previous, options.from),
    ...(options.beside === true && { besideDeployment: true }),
  }),
});
const blueGreen = (tag: string, previous?: string): Stated => ({
  bento: bento(tag),
  release: Release.blueGreen({ previous: previousOf(previous) }),
});
const rolling = (tag: string, previous: string | undefined, from?: string): Stated => ({
  bento: bento(tag),
  release: Release.rolling({ previous: previousOf(previous, from) }),
});

const edits: readonly Edit[] = [
  {
    release: 'rolling',
    edit: 'a new version, in place',
    before: one,
    after: { bento: bento('2') },
    changes: {
      'Deployment rag': [LABEL, '/spec/template'],
      'Deployment rag-embedder': [LABEL, '/spec/template'],
      ...labelled(...API_SERVER, 'ConfigMap rag-envoy', 'Service rag-embedder', 'Service rag-embedder-headless'),
      ...labelled(
        'HorizontalPodAutoscaler rag-embedder',
        'PodDisruptionBudget rag-embedder',
        'NetworkPolicy rag-embedder',
      ),
    },
    said: 'the pods of both Deployments, and a label of all objects',
    replaces: ['Deployment rag', 'Deployment rag-embedder'],
  },
  {
    release: 'rolling, `previous`',
    edit: 'the first one, after one in place',
    before: one,
    after: rolling('2', '1', 'main'),
    comes: [pool('2')],
    changes: {
      'Deployment rag': [LABEL, '/spec/progressDeadlineSeconds', '/spec/template'],
      ...labelled(...API_SERVER),
    },
    said: 'the pods of the API server, and a label of its objects',
    replaces: ['Deployment rag'],
  },
  {
    release: 'rolling, `previous`',
    edit: 'a new version',
    before: rolling('1', undefined),
    after: rolling('2', '1'),
    comes: [pool('2')],
    changes: { 'Deployment rag': [LABEL, '/spec/template'], ...labelled(...API_SERVER) },
    said: 'the pods of the API server, and a label of its objects',
    replaces: ['Deployment rag'],
  },
  {
    release: 'rolling, `previous`',
    edit: 'go back: the two swapped',
    before: rolling('2', '1'),
    after: rolling('1', '2'),
    changes: { 'Deployment rag': [LABEL, '/spec/template'], ...labelled(...API_SERVER) },
    said: 'the pods of the API server, and a label of its objects',
    replaces: ['Deployment rag'],
  },
  {
    release: 'rolling, `previous`',
    edit: 'over: `Version.absent()`',
    before: rolling('2', '1'),
    after: rolling('2', undefined),
    goes: [pool('1')],
  },
  {
    release: 'canary',
    edit: 'a new version',
    before: canary('1'),
    after: canary('2', '1'),
    comes: [pool('2')],
    changes: { 'Rollout rag': [LABEL, '/spec/template'], ...labelled(...API_SERVER, 'Service rag-canary') },
    said: 'the pods of the Rollout, and a label of its objects',
    replaces: ['Rollout rag'],
  },
  {
    release: 'canary',
    edit: 'go back: the two swapped',
    before: canary('2', '1'),
    after: canary('1', '2'),
    changes: { 'Rollout rag': [LABEL, '/spec/template'], ...labelled(...API_SERVER, 'Service rag-canary') },
    said: 'the pods of the Rollout, and a label of its objects',
    replaces: ['Rollout rag'],
  },
  {
    release: 'canary',
    edit: 'over: `Version.absent()`',
    before: canary('2', '1'),
    after: canary('2'),
    goes: [pool('1')],
  },
  {
    release: 'canary',
    edit: 'from a Deployment, 1: `besideDeployment`',
    before: one,
    after: canary('1', undefined, { beside: true, key: 'main' }),
    comes: [object('Rollout rag')],
    changes: {
      'HorizontalPodAutoscaler rag': [
        '/spec/minReplicas',
        '/spec/scaleTargetRef/apiVersion',
        '/spec/scaleTargetRef/kind',
      ],
    },
    said: 'what the autoscaler scales, and its minimum: as many as there can be',
  },
  {
    release: 'canary',
    edit: 'from a Deployment, 2: without it',
    before: canary('1', undefined, { beside: true, key: 'main' }),
    after: canary('1', undefined, { key: 'main' }),
    comes: [object('Service rag-canary'), object('AnalysisTemplate rag-gates')],
    goes: [object('Deployment rag')],
    changes: {
      'HorizontalPodAutoscaler rag': ['/spec/minReplicas'],
      'HTTPRoute rag': BACKENDS,
      'Rollout rag': ['/spec/strategy/canary'],
      'Service rag': ['/spec/selector'],
    },
    said: 'the steps of the Rollout, the backends of the route, the minimum; Argo Rollouts says where `Service rag` leads',
  },
  {
    release: 'canary',
    edit: 'from a Deployment, 3: a new version',
    before: canary('1', undefined, { key: 'main' }),
    after: canary('2', '1', { from: 'main' }),
    comes: [pool('2')],
    changes: { 'Rollout rag': [LABEL, '/spec/template'], ...labelled(...API_SERVER, 'Service rag-canary') },
    said: 'the pods of the Rollout, and a label of its objects',
    replaces: ['Rollout rag'],
  },
  {
    release: 'blue-green',
    edit: 'a new version',
    before: blueGreen('1'),
    after: blueGreen('2', '1'),
    comes: [pool('2')],
    changes: {
      'Rollout rag': [LABEL, '/spec/template'],
      'AnalysisTemplate rag-before-promotion': ['/spec/metrics'],
      ...labelled(...API_SERVER, 'Service rag-preview'),
    },
    said: 'the pods of the Rollout, the pools that are waited for, and a label of its objects',
    replaces: ['Rollout rag'],
  },
  {
    release: 'blue-green',
    edit: 'go back: the two swapped',
    before: blueGreen('2', '1'),
    after: blueGreen('1', '2'),
    changes: {
      'Rollout rag': [LABEL, '/spec/template'],
      'AnalysisTemplate rag-before-promotion': ['/spec/metrics'],
      'HorizontalPodAutoscaler rag-embedder-1': ['/spec/minReplicas'],
      'HorizontalPodAutoscaler rag-embedder-2': ['/spec/minReplicas'],
      ...labelled(...API_SERVER, 'Service rag-preview'),
    },
    said: 'the same, and the minimum of the pools: that of the new version is at its maximum',
    replaces: ['Rollout rag'],
  },
  {
    release: 'blue-green',
    edit: 'over: `Version.absent()`',
    before: blueGreen('2', '1'),
    after: blueGreen('2'),
    goes: [pool('1')],
    changes: {
      'AnalysisTemplate rag-before-promotion': ['/spec/metrics'],
      'HorizontalPodAutoscaler rag-embedder-2': ['/spec/minReplicas'],
    },
    said: 'the minimum of the pool',
  },
  {
    release: 'blue-green by hand',
    edit: 'the first one, after one in place',
    before: one,
    after: color(Color.GREEN, '2', '1', undefined, 'main'),
    comes: [version('green', 'rag-preview')],
    changes: {
      'HorizontalPodAutoscaler rag': ['/spec/minReplicas'],
      'HorizontalPodAutoscaler rag-embedder': ['/spec/minReplicas'],
    },
    said: 'the minimum of the autoscalers of `main`',
  },
  {
    release: 'blue-green by hand',
    edit: 'green starts',
    before: color(Color.BLUE, '1'),
    after: color(Color.GREEN, '2', '1'),
    comes: [version('green', 'rag-preview')],
    changes: {
      'HorizontalPodAutoscaler rag-blue': ['/spec/minReplicas'],
      'HorizontalPodAutoscaler rag-embedder-blue': ['/spec/minReplicas'],
    },
    said: 'the minimum of the autoscalers of `blue`',
  },
  {
    release: 'blue-green by hand',
    edit: '`promoted: true`',
    before: color(Color.GREEN, '2', '1'),
    after: color(Color.GREEN, '2', '1', true),
    changes: { 'Service rag': SELECTOR, 'Service rag-preview': SELECTOR },
    said: 'the selectors of the two Services',
  },
  {
    release: 'blue-green by hand',
    edit: 'go back: without `promoted`',
    before: color(Color.GREEN, '2', '1', true),
    after: color(Color.GREEN, '2', '1'),
    changes: { 'Service rag': SELECTOR, 'Service rag-preview': SELECTOR },
    said: 'the selectors of the two Services',
  },
  {
    release: 'blue-green by hand',
    edit: 'over: `Version.absent()`',
    before: color(Color.GREEN, '2', '1', true),
    after: color(Color.GREEN, '2'),
    goes: [version('blue', 'rag-preview')],
    changes: {
      'HorizontalPodAutoscaler rag-green': ['/spec/minReplicas'],
      'HorizontalPodAutoscaler rag-embedder-green': ['/spec/minReplicas'],
    },
    said: 'the minimum of the autoscalers of `green`',
  },
  {
    release: 'blue-green by hand',
    edit: 'abort: the definition of `blue` again',
    before: color(Color.GREEN, '2', '1'),
    after: color(Color.BLUE, '1'),
    goes: [version('green', 'rag-preview')],
    changes: {
      'HorizontalPodAutoscaler rag-blue': ['/spec/minReplicas'],
      'HorizontalPodAutoscaler rag-embedder-blue': ['/spec/minReplicas'],
    },
    said: 'the minimum of the autoscalers of `blue`',
  },
  {
    release: 'split, by doors',
    edit: '`v2` enters',
    before: one,
    after: split(10),
    comes: [version('v2')],
    changes: { 'HTTPRoute rag': BACKENDS },
    said: 'the backends of the route',
  },
  {
    release: 'split, by doors',
    edit: '`serving: true`',
    before: split(10),
    after: split(10, serving),
    changes: { 'HTTPRoute rag': BACKENDS },
    said: 'the weights of the route',
  },
  {
    release: 'split, by doors',
    edit: 'raise the weight',
    before: split(10, serving),
    after: split(50, serving),
    changes: { 'HTTPRoute rag': BACKENDS },
    said: 'the weights of the route',
  },
  {
    release: 'split, by doors',
    edit: 'abort: weight 0',
    before: split(50, serving),
    after: split(0, serving),
    changes: { 'HTTPRoute rag': BACKENDS },
    said: 'the weights of the route',
  },
  {
    release: 'split, by doors',
    edit: 'take `v2` out',
    before: split(0, serving),
    after: one,
    goes: [version('v2')],
    changes: { 'HTTPRoute rag': BACKENDS },
    said: 'the backends of the route',
  },
  {
    release: 'split, by doors',
    edit: "promote: `versionKey: 'v2'`, `main` under `versions`",
    before: split(50, serving),
    after: promotedSplit(),
    comes: [object('Service rag-main')],
    goes: [object('Service rag-v2')],
    changes: { 'Service rag': SELECTOR, 'HTTPRoute rag': BACKENDS },
    said: 'the selector of `Service rag`, the backends of the route',
  },
  {
    release: 'split, by doors',
    edit: 'go back: the two swapped, `v2` with weight 0',
    before: promotedSplit(),
    after: split(0, serving),
    comes: [object('Service rag-v2')],
    goes: [object('Service rag-main')],
    changes: { 'Service rag': SELECTOR, 'HTTPRoute rag': BACKENDS },
    said: 'the same, back',
  },
  {
    release: 'split, by doors',
    edit: 'take `main` out',
    before: promotedSplit(),
    after: alone,
    goes: [version('main')],
    changes: { 'HTTPRoute rag': BACKENDS },
    said: 'the backends of the route',
  },
  {
    release: 'split, by the tier',
    edit: '`v2` enters, and the tier with it',
    before: one,
    after: split(10, {}, sticky),
    comes: [
      tier,
      object('Service rag-split'),
      version('v2', 'rag-v2', 'Service rag-v2-headless'),
      object('Service rag-main-headless'),
    ],
    changes: {
      'Deployment rag': ['/spec/template'],
      'NetworkPolicy rag': ['/spec/ingress'],
      'HTTPRoute rag': ['/spec/rules/0/timeouts'],
      'BackendTrafficPolicy rag': ['/spec/timeout/http'],
    },
    said: 'times, and who reaches `main`, whose pods are replaced; requests do not pass the tier yet',
    replaces: ['Deployment rag'],
  },
  {
    release: 'split, by the tier',
    edit: '`serving: true`, a weight',
    before: split(10, {}, sticky),
    after: split(10, serving, sticky),
    comes: [object('Service rag-main')],
    goes: [object('Service rag-split')],
    changes: TIER_SWITCHED,
    said: 'where `Service rag` leads: to the tier, whose pods are replaced with its configuration',
    replaces: ['Deployment rag-split'],
  },
  {
    release: 'split, by the tier',
    edit: 'another weight',
    before: split(10, serving, sticky),
    after: split(50, serving, sticky),
    changes: { 'ConfigMap rag-split-nginx': ['/data'], 'Deployment rag-split': ['/spec/template'] },
    said: 'the configuration of the tier, whose pods are replaced',
    replaces: ['Deployment rag-split'],
  },
  {
    release: 'split, by the tier',
    edit: "promote: `versionKey: 'v2'`, `main` under `versions`",
    before: split(50, serving, sticky),
    after: promotedSplit(sticky),
    changes: {
      'ConfigMap rag-split-nginx': ['/data'],
      'Deployment rag-split': ['/spec/template'],
      'NetworkPolicy rag': ['/spec/ingress'],
      'NetworkPolicy rag-split': ['/spec/egress'],
      'NetworkPolicy rag-v2': ['/spec/ingress'],
    },
    said: 'the configuration of the tier, whose pods are replaced, and who reaches whom beside it',
    replaces: ['Deployment rag-split'],
  },
  {
    release: 'split, by the tier',
    edit: 'abort: without `serving`',
    before: split(10, serving, sticky),
    after: split(10, {}, sticky),
    comes: [object('Service rag-split')],
    goes: [object('Service rag-main')],
    changes: TIER_SWITCHED,
    said: 'where `Service rag` leads: to `main`; the tier is left aside',
    replaces: ['Deployment rag-split'],
  },
];

describe('an edit of a release', () => {
  it.each(edits)('touches what the guide says: $release, $edit', (edit) => {
    const all = (groups: readonly Group[] = []) => groups.flatMap(({ objects }) => objects).sort();
    expect(diff(edit.before, edit.after)).toEqual({
      added: all(edit.comes),
      removed: all(edit.goes),
      changed: Object.fromEntries(Object.entries(edit.changes ?? {}).map(([name, paths]) => [name, [...paths].sort()])),
    });
  });

  it.each(edits)('replaces no pods of what stays: $release, $edit', ({ before, after, replaces = [] }) => {
    const [old, fresh] = [objectsOf(before), objectsOf(after)];
    for (const [name, { kind, spec }] of fresh) {
      if ((kind !== 'Deployment' && kind !== 'Rollout') || !old.has(name) || replaces.includes(name)) continue;
      expect(old.get(name)!.spec.template, name).toEqual(spec.template);
      expect(old.get(name)!.spec.selector, name).toEqual(spec.selector);
    }
  });

  it.each(edits)('leaves names and hosts of the front alone: $release, $edit', ({ before, after }) => {
    const front = (stated: Stated) =>
      [...objectsOf(stated)]
        .filter(([, { kind }]) => kind === 'HTTPRoute' || kind === 'BackendTrafficPolicy')
        .map(([name, { spec }]) => [name, spec.hostnames]);
    expect(front(after)).toEqual(front(before));
    expect(objectsOf(after).has('Service rag')).toBe(true);
  });

  it.each([
    ['canary', canary('1'), canary('1', '2'), 'Rollout rag'],
    ['blue-green', blueGreen('1'), blueGreen('1', '2'), 'Rollout rag'],
    ['rolling', rolling('1', undefined), rolling('1', '2'), 'Deployment rag'],
  ])('goes back to the pods of before: %s', (_, original, back, workloadName) => {
    const template = (stated: Stated) => objectsOf(stated).get(workloadName)!.spec.template;
    expect(template(back)).toEqual(template(original));
  });

  it('is in the guide', async () => {
    const said = (groups: readonly Group[] = []) => groups.map((group) => group.said).join(', ');
    const rows = edits.map(({ release, edit, comes, goes, said: changes = '' }) => [
      release,
      edit,
      said(comes),
      said(goes),
      changes,
    ]);
    const table = [['release', 'edit', 'comes', 'goes', 'changes'], ['---', '---', '---', '---', '---'], ...rows];
    const text = table.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
    await expect(fill(readFileSync(GUIDE, 'utf8'), 'edits', text)).toMatchFileSnapshot(GUIDE);
  });
});
