import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { synthesizedExamples } from '../tools/examples';
import type { Manifest } from '../tools/manifests';
import { requireTool } from '../tools/require-tool';
import { Cluster } from './cluster';
import { isCustom } from './crds';
import { engineFindings } from './engine-findings';
import { type MetricsServer, serveQuietMetrics } from './metrics';
import { extendedResources } from './surroundings';
import { Trial } from './trial';
import { vet } from './vet';

const { examples, remove } = synthesizedExamples();
afterAll(remove);

/** What the control plane here has behind gates, and an example's own version by default. */
function laterFeatures(manifests: Manifest[]): string | undefined {
  const toZero = manifests.some(
    ({ object }) => object.kind === 'HorizontalPodAutoscaler' && object.spec.minReplicas === 0,
  );
  return toZero ? 'HPAScaleToZero=true' : undefined;
}

// Each example has a control plane of its own: they may use the same namespaces, and cluster-wide objects.
describe.skipIf(!requireTool('go', 'examples on the control plane')).each(examples)('$name', ({ files, manifests }) => {
  const featureGates = laterFeatures(manifests);
  let cluster: Cluster;
  let metrics: MetricsServer | undefined;
  let trial: Trial;
  beforeAll(async () => {
    const resources = Object.fromEntries(extendedResources(manifests).map((name) => [name, '8']));
    cluster = await Cluster.up({ nodes: 6, resources, featureGates });
    metrics = await serveQuietMetrics(cluster.client);
    trial = new Trial(cluster.client, manifests);
  });
  afterAll(async () => {
    await metrics?.close();
    await cluster?.down();
  });

  test('the create path of the API server accepts every object', async () => {
    // Of kinds that are not built in only the running server below can judge.
    const foreign = manifests.filter(({ object }) => isCustom(object)).length;
    const accepted = manifests.length - foreign;
    expect(await vet(files, 'restricted', featureGates)).toEqual({ accepted, rejected: 0, foreign, findings: [] });
  });

  test('scaling engines have nothing against it', async () => {
    expect(await engineFindings([manifests.map(({ object }) => object)])).toEqual([]);
  });

  test('is created strictly and without a warning where `restricted` is enforced', async () => {
    expect(await trial.create()).toEqual([]);
  });

  test('every Deployment becomes available', async () => {
    expect(await trial.available()).toEqual([]);
  });

  test('every autoscaler is active, or disabled where its target is at zero', async () => {
    expect(await trial.scaling()).toEqual([]);
  });

  test('selectors never overlap and never miss', async () => {
    expect(await trial.ownership()).toEqual([]);
  });

  test('every port of every Service leads to all its pods', async () => {
    expect(await trial.endpoints()).toEqual([]);
  });

  test('applied again it changes nothing', async () => {
    expect(await trial.again()).toEqual([]);
  });
});
