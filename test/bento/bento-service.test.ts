import { Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoService, type BentoServiceOptions } from '../../lib/bento/bento-service';
import { InstanceSize } from '../../lib/sizing/instance-size';

const model = (options?: BentoServiceOptions) => BentoService.named('Embedder', options)._model;

describe('BentoService', () => {
  it('says nothing that is not said', () => {
    expect(JSON.parse(JSON.stringify(model()))).toEqual({
      name: 'Embedder',
      label: 'embedder',
      dependencies: [],
      urls: [],
      pathPrefix: '',
      metricsEnabled: true,
      metricsNamespace: 'bentoml_service',
      hasTasks: false,
      extraPorts: [],
      monitorsToFiles: true,
    });
  });

  it('carries what is said', () => {
    const size = InstanceSize.of({ cpuCores: 2, memory: Size.gibibytes(4) });
    expect(
      model({
        dependsOn: ['B', 'C', 'B'],
        size,
        timeout: Duration.millis(1500),
        maxConcurrency: 4,
        workers: 2,
        pathPrefix: '/v1/x',
        metricsNamespace: 'embedder',
        hasTasks: true,
      }),
    ).toMatchObject({
      dependencies: ['B', 'C'],
      size: size._model,
      timeoutSeconds: 1.5,
      maxConcurrency: 4,
      workers: 2,
      pathPrefix: '/v1/x',
      metricsNamespace: 'embedder',
      hasTasks: true,
    });
  });

  it.each(['A', 'search-api', 'a.b', 'a_b', '_Private', 'A1', 'a'.repeat(100)])('takes the name %j', (name) => {
    expect(BentoService.named(name)._model.name).toBe(name);
  });

  it.each(['1A', 'A B', 'A=B', 'A"', 'Ä', '日本', '-a', '.a', '___'])('fails on the name %j', (name) => {
    expect(() => BentoService.named(name)).toThrow("[InvalidName] 'name' must be letters, digits, '-', '_' and '.'");
  });

  it.each(['', ' ', 'a'.repeat(101), undefined])('fails on the name %j as text', (name) => {
    expect(() => BentoService.named(name as string)).toThrow("[InvalidText] 'name' must be text");
  });

  it.each([0, -1, 1.5, NaN, Infinity])('fails on %d workers and requests', (value) => {
    expect(() => model({ workers: value })).toThrow("[OutOfRange] 'workers' must be a whole number");
    expect(() => model({ maxConcurrency: value })).toThrow("[OutOfRange] 'maxConcurrency' must be a whole number");
  });

  it.each([0, 86_401, NaN, Infinity])('fails on a timeout of %d seconds', (seconds) => {
    expect(() => model({ timeout: Duration.seconds(seconds) })).toThrow(
      `[OutOfRange] 'timeout' must be a number above 0 and up to 86400, got ${seconds}`,
    );
  });

  it.each(['v1', '/', '/v1/', '//v1', '/a b', '/a?b', '/ä'])('fails on the prefix %j', (pathPrefix) => {
    expect(() => model({ pathPrefix })).toThrow("[InvalidText] 'pathPrefix' must be a path as /v1");
  });

  // https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
  it.each(['', '1a', 'a-b', 'a b', 'ä'])('fails on the metrics namespace %j', (metricsNamespace) => {
    expect(() => model({ metricsNamespace })).toThrow("[InvalidName] 'metricsNamespace' must be letters, digits");
  });

  it.each(['a', '_a', 'a:b', 'reranker_2'])('takes the metrics namespace %j', (metricsNamespace) => {
    expect(model({ metricsNamespace }).metricsNamespace).toBe(metricsNamespace);
  });

  it('takes further ports', () => {
    const extraPorts = [1, 50_051, 65_535];
    const { extraPorts: kept } = model({ extraPorts });
    extraPorts.pop();
    expect(kept).toEqual([1, 50_051, 65_535]);
  });

  it.each([0, -1, 1.5, 65_536, NaN])('fails on the further port %d', (port) => {
    expect(() => model({ extraPorts: [port] })).toThrow("[OutOfRange] 'extraPorts' must be a whole number");
  });

  it('fails on a further port twice', () => {
    expect(() => model({ extraPorts: [50_051, 50_051] })).toThrow(
      '[DuplicateKey] \'extraPorts\' must state "50051" once, got it twice',
    );
  });
});
