import { type Chart, Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Affinity,
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  EnvVar,
  GlobalService,
  ModelSource,
  ModelVolume,
  NodeRequirement,
  Region,
  Release,
  ResponseCache,
  Runner,
  RunnerPool,
  RunnerProxy,
  ScaleToZeroFunction,
  SplitRouter,
  Version,
} from '../../lib';
import { IMAGE, pair, SMALL, single } from '../bentos';
import type { KubernetesObject } from '../cluster/client';
import { CLUSTER, ENGINES } from '../functions';
import { matches } from '../soundness';
import { type Objects, synthesize } from '../tree';

const east = Region.aws('us-east-1');
const west = Region.aws('eu-west-1');
const REGION = 'topology.kubernetes.io/region';
const TRACK = 'cdk8s-bento/track';

const deploy = (props: Partial<BentoDeploymentProps> = {}, id = 'Rag') =>
  synthesize((chart) => {
    new BentoDeployment(chart, id, { bento: single(), region: east, ...props });
  });
const required = ({ spec }: KubernetesObject) =>
  spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
const inEast = [{ matchExpressions: [{ key: REGION, operator: 'In', values: ['us-east-1'] }] }];
const namesOf = (objects: Objects, kind: string) => objects.of(kind).map(({ metadata }) => metadata.name);

/** Everything that a deployment can bring. */
const everything: Partial<BentoDeploymentProps> = {
  bento: pair(),
  cache: ResponseCache.of({ paths: ['/embed'], ttl: Duration.minutes(1), maxSize: Size.mebibytes(64) }),
  runners: { Embedder: Runner.pool({ proxy: RunnerProxy.tier({ replicas: 2 }) }) },
  release: Release.split({
    versions: { v2: Version.weighted(10, { bento: pair(), serving: true }) },
    router: SplitRouter.nginx(),
  }),
};

describe('a deployment of a region', () => {
  it('is bound to the nodes of the region, and says it as the seed does', () => {
    const objects = deploy();
    const { spec, metadata } = objects.get('Deployment', 'rag-us-east');
    expect(required(objects.get('Deployment', 'rag-us-east'))).toEqual(inEast);
    expect(metadata.labels).toMatchObject({ [REGION]: 'us-east-1', [TRACK]: 'main-us-east' });
    expect(spec.template.metadata.labels).toMatchObject({ [REGION]: 'us-east-1', [TRACK]: 'main-us-east' });
    expect(spec.selector.matchLabels).toMatchObject({
      'app.kubernetes.io/instance': 'rag-us-east',
      [TRACK]: 'main-us-east',
    });
    expect(objects.env('rag-us-east').REGION).toBe('us-east');
  });

  it('is what it is without one', () => {
    const objects = deploy({ region: undefined });
    expect(JSON.stringify(objects.all)).not.toMatch(/region/i);
    expect(objects.get('Deployment', 'rag').spec.selector.matchLabels[TRACK]).toBe('main');
  });

  it('has a short name that can be stated', () => {
    const objects = deploy({ region: Region.aws('us-east-2', { shortName: 'ohio' }) });
    expect(objects.env('rag-ohio').REGION).toBe('ohio');
    expect(objects.get('Deployment', 'rag-ohio').metadata.labels).toMatchObject({ [REGION]: 'us-east-2' });
  });

  it.each([
    ['Rag', {}, 'rag-us-east'],
    ['Rag-us-east-1', {}, 'rag-us-east'],
    ['RagUsEast', {}, 'rag-us-east'],
    ['Rag-us-east', { name: 'search' }, 'search-us-east'],
    ['Rag', { name: 'rag-us-east' }, 'rag-us-east-us-east'],
    ['us-east', {}, 'us-east-us-east'],
  ])('is called after its id %s and %j: %s', (id, props, name) => {
    let deployment!: BentoDeployment;
    synthesize((chart) => {
      deployment = new BentoDeployment(chart, id, { bento: single(), region: east, ...props });
    });
    expect(deployment.name).toBe(name);
  });

  it('lets the user say another REGION, for one component or all', () => {
    expect(deploy({ env: [EnvVar.value('REGION', 'x')] }).env('rag-us-east').REGION).toBe('x');
    const own = deploy({ bento: pair(), apiServer: { env: [EnvVar.value('REGION', 'y')] } });
    expect([own.env('rag-us-east').REGION, own.env('rag-us-east-embedder').REGION]).toEqual(['y', 'us-east']);
  });

  it('gives a Bento the REGION that it asks for', () => {
    const services = [BentoService.named('Gateway', { size: SMALL })];
    const bento = Bento.fromImage(IMAGE, { services, requiredEnv: ['REGION'] });
    expect(() => deploy({ bento })).not.toThrow();
    expect(() => deploy({ bento, region: undefined })).toThrow('[RequiredEnv]');
  });

  it('asks for the region and for whatever else is required of nodes', () => {
    const affinity = [Affinity.requireNodes([NodeRequirement.exists('gpu')])];
    expect(required(deploy({ affinity }).get('Deployment', 'rag-us-east'))).toEqual([
      { matchExpressions: [...inEast[0]!.matchExpressions, { key: 'gpu', operator: 'Exists' }] },
    ]);
  });

  it('binds all that it brings: versions, pools, caches, proxies and the tier that shares requests out', () => {
    const objects = deploy(everything);
    const deployments = objects.of('Deployment');
    expect(namesOf(objects, 'Deployment').sort()).toEqual([
      'rag-us-east',
      'rag-us-east-cache',
      'rag-us-east-embedder',
      'rag-us-east-embedder-proxy',
      'rag-us-east-embedder-v2',
      'rag-us-east-embedder-v2-proxy',
      'rag-us-east-split',
      'rag-us-east-v2',
      'rag-us-east-v2-cache',
    ]);
    for (const workload of deployments) {
      expect(required(workload)).toEqual(inEast);
      const { labels } = workload.spec.template.metadata;
      expect(labels[REGION]).toBe('us-east-1');
      expect(labels[TRACK]).toMatch(/^(main|v2)-us-east$/);
      expect(workload.spec.selector.matchLabels[TRACK]).toBe(labels[TRACK]);
    }
  });

  it('downloads weights where its pods are: a volume stays where its first pod ran', () => {
    const models = [
      ModelVolume.download('weights', {
        source: ModelSource.s3('s3://weights/a'),
        mountPath: '/models/a',
        size: Size.gibibytes(1),
        storageClassName: 'efs',
      }),
    ];
    const objects = deploy({ models });
    const [job] = objects.of('Job');
    expect(required(job!)).toEqual(inEast);
    expect(namesOf(objects, 'PersistentVolumeClaim')[0]).toMatch(/^rag-us-east-weights/);
    expect(deploy({ models, region: undefined }).of('Job')[0]!.spec.template.spec.affinity).toBeUndefined();
  });

  it('fails where its cluster is of another region', () => {
    const at = (region: Region) => () =>
      synthesize((chart) => {
        ClusterProfile.set(chart, new ClusterProfile({ region }));
        new BentoDeployment(chart, 'Rag', { bento: single(), region: east });
      });
    expect(at(west)).toThrow(
      '[RegionMismatch] \'region\' must be that of the cluster eu-west-1 (eu-west-1), got "us-east-1"',
    );
    expect(at(Region.named('us-east-1'))).not.toThrow();
  });

  it('fails on what is no region', () => {
    expect(() => deploy({ region: 'us-east-1' as never })).toThrow("[OutOfRange] 'region' must be made by Region");
  });

  it('fails where labels say another', () => {
    expect(() => deploy({ labels: { [REGION]: 'x' } })).toThrow(
      `[ConflictingOptions] 'labels.${REGION}' must not be given together with 'region'`,
    );
    expect(() => deploy({ labels: { [REGION]: 'x' }, region: undefined })).not.toThrow();
  });

  it('fails where the name has no room for the region', () => {
    expect(() => deploy({ name: 'a'.repeat(55) })).not.toThrow();
    expect(() => deploy({ name: 'a'.repeat(56) })).toThrow("[InvalidName] 'name'");
  });
});

describe('a cluster that spans regions', () => {
  const spanning = (props: Partial<BentoDeploymentProps>, regions: Region[]) =>
    synthesize((chart) => {
      const members = regions.map(
        (region) => new BentoDeployment(chart, `Rag-${region.name}`, { bento: single(), ...props, region }),
      );
      new GlobalService(chart, 'Api', { members });
    });

  it('has one Service over all of them', () => {
    const objects = spanning({}, [east, west]);
    const { selector } = objects.get('Service', 'api').spec;
    const selected = objects.of('Deployment').filter(({ spec }) => matches(selector, spec.template.metadata.labels));
    expect(selected.map(({ metadata }) => metadata.name)).toEqual(['rag-us-east', 'rag-eu-west']);
  });

  it('fails where two short names are the same', () => {
    const two = [east, Region.aws('us-east-2')];
    expect(() => spanning({}, two)).toThrow('[NameCollision]');
    expect(() => spanning({}, [east, Region.aws('us-east-2', { shortName: 'us-east-two' })])).not.toThrow();
  });

  it('has selectors, budgets and autoscalers of each region for the pods of that region alone', () => {
    const names = fc.uniqueArray(fc.constantFrom('us-east-1', 'eu-west-1', 'ap-northeast-2', 'v2-1', 'main-2'), {
      minLength: 2,
      maxLength: 4,
    });
    const keys = fc.constantFrom(undefined, 'v2', 'us-east', 'eu', 'main');
    const bento = fc.constantFrom(single(), pair());
    fc.assert(
      fc.property(names, keys, bento, (regions, versionKey, what) => {
        const objects = spanning(
          { bento: what, ...(versionKey !== undefined && { versionKey }) },
          regions.map((name) => Region.named(name)),
        );
        const pods = objects.of('Deployment');
        for (const kind of ['Deployment', 'PodDisruptionBudget', 'NetworkPolicy', 'Service']) {
          for (const object of objects.of(kind)) {
            if (object.metadata.name === 'api' || object.spec.clusterIP === 'None') continue;
            const { spec } = object;
            const selector = spec.podSelector?.matchLabels ?? spec.selector.matchLabels ?? spec.selector;
            const selected = pods.filter(({ spec: { template } }) => matches(selector, template.metadata.labels));
            expect(selected).toHaveLength(1);
            expect(object.metadata.labels![REGION]).toBe(selected[0]!.metadata.labels![REGION]);
          }
        }
        const targets = objects.of('HorizontalPodAutoscaler').map(({ spec }) => spec.scaleTargetRef.name);
        expect(targets.sort()).toEqual(pods.map(({ metadata }) => metadata.name).sort());
      }),
      { numRuns: 15 },
    );
  });
});

describe('a RunnerPool of a region', () => {
  it('has it in its name, its track, its label and REGION', () => {
    const objects = synthesize((chart) => {
      new RunnerPool(chart, 'Embedder-us-east-1', { bento: pair(), bentoService: 'Embedder', region: east });
    });
    const workload = objects.get('Deployment', 'embedder-us-east');
    expect(required(workload)).toEqual(inEast);
    expect(workload.spec.selector.matchLabels[TRACK]).toBe('main-us-east');
    expect(objects.env('embedder-us-east').REGION).toBe('us-east');
  });
});

describe('a function of a region', () => {
  const functionOf = (engine: keyof typeof ENGINES, knative: object = {}) =>
    synthesize((chart: Chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ ...CLUSTER, knative }));
      new ScaleToZeroFunction(chart, 'Upscaler', { bento: single(), maxReplicas: 2, region: east, ...ENGINES[engine] });
    });

  it.each(['keda-http', 'hpa'] as const)('is bound to it: %s', (engine) => {
    const objects = functionOf(engine);
    const [workload] = objects.of('Deployment');
    expect(workload!.metadata.name).toBe('upscaler-us-east');
    expect(required(workload!)).toEqual(inEast);
  });

  it('fails by Knative unless that lets pods have affinities', () => {
    expect(() => functionOf('knative')).toThrow('[MissingFeatures]');
    const objects = functionOf('knative', { enabledFeatures: ['kubernetes.podspec-affinity'] });
    const [workload] = objects.of('Service').filter(({ apiVersion }) => apiVersion.startsWith('serving'));
    expect(required(workload!)).toEqual(inEast);
  });
});
