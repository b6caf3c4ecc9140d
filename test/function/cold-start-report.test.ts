import { Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  FilledBy,
  ModelSource,
  ModelVolume,
  Runner,
  type ScaleToZeroFunctionProps,
  Scaling,
  type StartupOptions,
} from '../../lib';
import { pair } from '../bentos';
import { ENGINE_LIST, type EngineName, makeFunction } from '../functions';

const report = (props: Partial<ScaleToZeroFunctionProps> = {}, engine: EngineName = 'keda-http') =>
  makeFunction(engine, props, {
    cluster: {
      knative: { enabledFeatures: ['kubernetes.podspec-init-containers', 'kubernetes.podspec-volumes-ephemeral'] },
    },
  }).fn.coldStartReport;
const asleep = (startup: StartupOptions) => Runner.pool({ startup, scaling: Scaling.withFunction({ maxReplicas: 1 }) });
const terms = (props: Partial<ScaleToZeroFunctionProps> = {}, engine?: EngineName) =>
  report(props, engine).terms.map(({ component, name, duration, assumed }) => [
    component,
    name,
    duration.toSeconds(),
    assumed,
  ]);

const stated: StartupOptions = {
  nodeStart: Duration.seconds(40),
  imageSize: Size.mebibytes(600),
  modelSize: Size.mebibytes(1500),
};

describe('the report of a cold start', () => {
  it.each(ENGINE_LIST)('by %s has each term of the function', (engine) => {
    expect(terms({}, engine)).toEqual([
      ['upscaler', 'node', 90, true],
      ['upscaler', 'image', 18, true],
      ['upscaler', 'model', 0, true],
      ['upscaler', 'server', 10, false],
    ]);
    expect(report({}, engine).total.toSeconds()).toBe(120);
  });

  it('has what is stated, and says so', () => {
    expect(terms({ apiServer: { startup: stated } })).toEqual([
      ['upscaler', 'node', 40, false],
      ['upscaler', 'image', 10, false],
      ['upscaler', 'model', 5, false],
      ['upscaler', 'server', 10, false],
    ]);
    expect(report({ apiServer: { startup: stated } }).total.toSeconds()).toBe(2 + 40 + 10 + 5 + 10);
  });

  it('has pools that sleep, and is as long as the slowest of them', () => {
    const slow = { nodeStart: Duration.seconds(300), imageSize: Size.mebibytes(60), modelSize: Size.mebibytes(300) };
    const props = { bento: pair(), apiServer: { startup: stated }, runners: { Embedder: asleep(slow) } };
    expect(terms(props).filter(([component]) => component === 'upscaler-embedder')).toHaveLength(4);
    // 300 + 1 + 1 + 10 of the pool, then the model and the server of the function.
    expect(report(props).total.toSeconds()).toBe(2 + 312 + 5 + 10);
  });

  it('has no pools that stay', () => {
    const props = { bento: pair(), runners: { Embedder: Runner.pool({ scaling: Scaling.replicas(2) }) } };
    expect(new Set(terms(props).map(([component]) => component))).toEqual(new Set(['upscaler']));
    expect(report(props).total.toSeconds()).toBe(120);
  });

  // A Job has filled its claim before; an init container downloads at each start: 3000 MiB at 100 and at 300 MiB/s.
  it.each([
    [FilledBy.JOB, 10],
    [FilledBy.INIT_CONTAINER, 40],
  ])('has the download of a model where a start does it: %s', (filledBy, seconds) => {
    const models = [
      ModelVolume.download('weights', {
        source: ModelSource.s3('s3://weights/llama'),
        mountPath: '/models',
        size: Size.gibibytes(10),
        storageClassName: 'standard',
        filledBy,
      }),
    ];
    const startup = { ...stated, modelSize: Size.mebibytes(3000) };
    const [, , model] = terms({ models, apiServer: { startup } });
    expect(model).toEqual(['upscaler', 'model', seconds, false]);
  });

  it('is what a request waits for by default, and half as much again', () => {
    const { objects } = makeFunction('keda-http');
    expect(objects.get('InterceptorRoute', 'upscaler').spec.timeouts.readiness).toBe('180s');
  });

  it('is text', () => {
    expect(report({ apiServer: { startup: { nodeStart: Duration.seconds(40) } } }).toString()).toBe(
      '70 s, 2 s of them to notice\nupscaler: node 40 s, image 18 s (assumed), model 0 s (assumed), server 10 s',
    );
  });
});
