import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { BentoDeployment, ClusterProfile, RunnerPool, RunState, Scaling, ServingNamespace, Warnings } from '../../lib';
import { pair, single } from '../bentos';
import { standardErrorOf, synthesize, synthesizeApp } from '../tree';

const scaler = (chart: Chart, kind: string, target: object, namespace?: string) =>
  new ApiObject(chart, `${kind}-${chart.node.children.length}`, {
    apiVersion: kind === 'ScaledObject' ? 'keda.sh/v1alpha1' : 'autoscaling/v2',
    kind,
    metadata: { name: 'mine', namespace },
    spec: { scaleTargetRef: target },
  });

describe('names', () => {
  it('fails where two deployments have one name, and says which objects both make', () => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single() });
        new BentoDeployment(chart, 'rag', { bento: single() });
      }),
    ).toThrow(
      '[NameCollision] Deployment.apps "rag" must exist once in namespace ml of the cluster, but test/Rag/Gateway/workload and test/rag/Gateway/workload both make it',
    );
  });

  it('fails where a deployment is called as a pool of another', () => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: pair() });
        new BentoDeployment(chart, 'RagEmbedder', { bento: single() });
      }),
    ).toThrow('[NameCollision] Service "rag-embedder"');
  });

  it('fails where two charts of one cluster and namespace clash', () => {
    const clash = (namespaces: string[], clusters: string[]) => () =>
      synthesizeApp((app) => {
        for (const [index, namespace] of namespaces.entries()) {
          const chart = new Chart(app, `chart-${index}`, { namespace });
          ClusterProfile.set(chart, new ClusterProfile({ name: clusters[index]! }));
          new BentoDeployment(chart, 'Rag', { bento: single() });
        }
      });
    expect(clash(['ml', 'ml'], ['us', 'us'])).toThrow('[NameCollision]');
    expect(clash(['ml', 'ml'], ['us', 'eu'])).not.toThrow();
    expect(clash(['ml', 'web'], ['us', 'us'])).not.toThrow();
  });

  it('fails where an object of the user has the name of one of ours', () => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single() });
        new ApiObject(chart, 'Mine', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'rag' } });
      }),
    ).toThrow('[NameCollision] Service "rag"');
  });

  it('leaves objects of the user among themselves alone, and groups that share a kind', () => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single() });
        for (const id of ['A', 'B']) {
          new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'same' } });
        }
        new ApiObject(chart, 'C', { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'rag' } });
      }),
    ).not.toThrow();
  });

  it('fails where two charts make one namespace, whatever their own', () => {
    expect(() =>
      synthesizeApp((app) => {
        for (const namespace of ['a', 'b']) {
          const chart = new Chart(app, namespace, { namespace });
          new ServingNamespace(chart, 'Namespace', { name: 'ml' });
          new BentoDeployment(chart, 'Rag', { bento: single() });
        }
      }),
    ).toThrow('[NameCollision] Namespace "ml" must exist once');
  });
});

describe('owners of replicas', () => {
  const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'rag' };

  it.each([
    ['HorizontalPodAutoscaler', target],
    ['ScaledObject', target],
    ['ScaledObject', { name: 'rag' }],
  ])('fails where a %s of the user scales a deployment that has an autoscaler: %j', (kind, ref) => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single() });
        scaler(chart, kind, ref);
      }),
    ).toThrow(
      `[TwoOwners] replicas of Deployment rag must have one owner, got HorizontalPodAutoscaler rag and ${kind} mine`,
    );
  });

  it('fails where it scales one whose replicas are fixed', () => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { scaling: Scaling.replicas(3) } });
        scaler(chart, 'HorizontalPodAutoscaler', target);
      }),
    ).toThrow('must have one owner, got Deployment rag and HorizontalPodAutoscaler mine');
  });

  it.each([RunState.RUNNING, RunState.TERMINATED])('lets someone else scale what is unmanaged: %s', (state) => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single(), state, apiServer: { scaling: Scaling.unmanaged() } });
        scaler(chart, 'HorizontalPodAutoscaler', target);
      }),
    ).not.toThrow();
  });

  it.each([
    ['of another name', { ...target, name: 'other' }, undefined],
    ['of another kind', { ...target, kind: 'StatefulSet' }, undefined],
    ['of another namespace', target, 'web'],
  ])('leaves scalers of workloads %s alone', (_, ref, namespace) => {
    expect(() =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'Rag', { bento: single() });
        scaler(chart, 'HorizontalPodAutoscaler', ref, namespace);
      }),
    ).not.toThrow();
  });
});

describe('selectors', () => {
  it('fails on two that adopt the same pods, at both', () => {
    const adopt = { selector: { app: 'rag' } };
    const define = () =>
      synthesize((chart) => {
        new BentoDeployment(chart, 'A', { bento: single(), apiServer: { adopt } });
        new BentoDeployment(chart, 'B', { bento: single(), apiServer: { adopt } });
      });
    expect(define).toThrow(
      '[SelectorOverlap] selectors must not match the pods of another component, but that of a matches the pods of b',
    );
    expect(define).toThrow('but that of b matches the pods of a');
  });

  it('leaves those of other namespaces and clusters alone', () => {
    const adopt = { selector: { app: 'rag' } };
    expect(() =>
      synthesizeApp((app) => {
        for (const [id, namespace, name] of [
          ['a', 'ml', 'us'],
          ['b', 'web', 'us'],
          ['c', 'ml', 'eu'],
        ] as const) {
          const chart = new Chart(app, id, { namespace });
          ClusterProfile.set(chart, new ClusterProfile({ name }));
          new BentoDeployment(chart, 'Rag', { bento: single(), apiServer: { adopt } });
        }
      }),
    ).not.toThrow();
  });
});

describe('problems', () => {
  it('are all reported at once, each with its path, through App.synth()', () => {
    const app = new App({ outdir: '/nonexistent' });
    const chart = new Chart(app, 'prod', { namespace: 'ml' });
    new BentoDeployment(chart, 'Rag', { bento: single() });
    new BentoDeployment(chart, 'rag', { bento: single() });
    new BentoDeployment(chart, 'Other', { bento: single(), apiServer: { scaling: Scaling.replicas(2) } });
    scaler(chart, 'ScaledObject', { name: 'other' });
    let message = '';
    try {
      app.synth();
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain('Validation failed');
    expect(message).toMatch(/\[NameCollision\] Deployment\.apps .*\(at prod\/rag\/Gateway\/workload\)/);
    expect(message).toMatch(/\[TwoOwners\] .*\(at prod\/Other\/Gateway\)/);
    // That namesakes also share their pods is the same mistake.
    expect(message).not.toContain('[SelectorOverlap]');
  });

  it('are found anew when the tree has changed between two syntheses', () => {
    const app = new App();
    const chart = new Chart(app, 'prod', { namespace: 'ml' });
    new BentoDeployment(chart, 'Rag', { bento: single() });
    expect(() => Testing.synth(chart)).not.toThrow();
    new BentoDeployment(chart, 'rag', { bento: single() });
    expect(() => Testing.synth(chart)).toThrow('[NameCollision]');
  });

  it('are found by the validation of a construct alone', () => {
    const chart = new Chart(new App(), 'prod', { namespace: 'ml' });
    const deployment = new BentoDeployment(chart, 'Rag', { bento: single() });
    scaler(chart, 'ScaledObject', { name: 'rag' });
    expect(deployment.apiServer.node.validate().join()).toContain('[TwoOwners]');
  });
});

describe('warnings', () => {
  const define = (app: App, acknowledged: boolean) => {
    const chart = new Chart(app, 'prod', { namespace: 'ml' });
    const scope = new Construct(chart, 'Team');
    const deployment = new BentoDeployment(scope, 'Rag', {
      bento: pair(),
      apiServer: { scaling: Scaling.replicas(1) },
    });
    if (acknowledged) Warnings.acknowledge(scope, 'SingleReplica');
    return deployment;
  };

  it('are printed once, though an app is synthesized chart by chart', () => {
    const app = new App();
    define(app, false);
    new RunnerPool(new Chart(app, 'models', { namespace: 'ml' }), 'Embedder', {
      bento: pair(),
      bentoService: 'Embedder',
    });
    const text = standardErrorOf(() => {
      for (const chart of app.charts) Testing.synth(chart);
      app.synthYaml();
    });
    expect(text.match(/^warning \[SingleReplica\] .* \(at prod\/Team\/Rag\/Gateway\)$/gm)).toHaveLength(1);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
  });

  it('are not printed where they are known', () => {
    const app = new App();
    const deployment = define(app, true);
    expect(standardErrorOf(() => app.synthYaml())).toBe('');
    expect(Warnings.of(deployment)).toEqual([]);
  });
});
