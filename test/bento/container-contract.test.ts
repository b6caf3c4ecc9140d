import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  requireFreeEnvName,
  requireServiceName,
  requireServiceUrl,
  serverArgs,
  serverEnv,
  type WiringModel,
} from '../../lib/bento/container-contract';

const wiring = (more: Partial<WiringModel> = {}): WiringModel => ({
  bentoService: 'Gateway',
  dependencies: [],
  config: { Gateway: { timeoutSeconds: 60 } },
  gpu: false,
  ...more,
});
const env = (more?: Partial<WiringModel>) =>
  Object.fromEntries(serverEnv(wiring(more)).map(({ name, value }) => [name, value]));
const overrides = (config: WiringModel['config']) => env({ config }).BENTOML_CONFIG_OVERRIDES!;

// Each line is measured with BentoML 1.4.39.
describe('serverEnv', () => {
  it('starts one service, on its port, with a home that can be written', () => {
    expect(env()).toEqual({
      BENTOML_SERVE_COMPONENT: 'http_server',
      BENTOML_SERVE_SERVICE_NAME: 'Gateway',
      BENTOML_PORT: '3000',
      BENTOML_CONFIG_OVERRIDES: '{"services":{"Gateway":{"traffic":{"timeout":60}}}}',
      BENTOML_HOME: '/tmp/bentoml',
      BENTOML_DO_NOT_TRACK: 'True',
      HF_HOME: '/tmp/cache/huggingface',
      TORCHINDUCTOR_CACHE_DIR: '/tmp/cache/torchinductor',
      TRITON_CACHE_DIR: '/tmp/cache/triton',
      XDG_CACHE_HOME: '/tmp/cache',
    });
  });

  it('names all dependencies, split at blanks and =, in one order', () => {
    const dependencies = [
      { name: 'Reranker', url: 'http://rag-reranker:3000' },
      { name: 'Encoder', url: 'http://rag-encoder.ml:3000' },
    ];
    expect(env({ dependencies }).BENTOML_SERVE_DEPENDS).toBe(
      'Encoder=http://rag-encoder.ml:3000 Reranker=http://rag-reranker:3000',
    );
  });

  it('leaves the choice of GPUs to the device plugin', () => {
    expect(env({ gpu: true }).BENTOML_DISABLE_GPU_ALLOCATION).toBe('True');
    expect(env()).not.toHaveProperty('BENTOML_DISABLE_GPU_ALLOCATION');
  });

  // An integer for max_age or sample_rate ends the process with exit code 1: "should be instance of 'float'".
  // A client's timeout is 1.01 x what it reads here: 2 s more let the dependency's own 504 arrive first.
  it('writes floats where BentoML takes nothing else, and a longer timeout for what it calls', () => {
    expect(
      overrides({
        Embedder: { timeoutSeconds: 30, clientSeconds: 32 },
        Gateway: {
          timeoutSeconds: 60,

          tracing: { exporter: 'otlp', endpoint: 'http://otel:4317', protocol: 'grpc', sampleRatio: 1 },
        },
      }),
    ).toBe(
      '{"services":{"Embedder":{"runner_connection":{"max_age":1000000000.0,"max_requests":1000000000},"traffic":{"timeout":32}},' +
        '"Gateway":{"tracing":{"exporter_type":"otlp","otlp":{"endpoint":"http://otel:4317","protocol":"grpc"},"sample_rate":1.0},' +
        '"traffic":{"timeout":60}}}}',
    );
  });

  it.each([1, 0.5, 0.1, 1e-7, Number.MIN_VALUE])('writes the share %d as a float', (sampleRatio) => {
    const text = overrides({
      A: { timeoutSeconds: 1, tracing: { exporter: 'zipkin', endpoint: 'http://z', sampleRatio } },
    });
    expect(JSON.parse(text).services.A.tracing.sample_rate).toBe(sampleRatio);
    expect(text).toMatch(/"sample_rate":[^,}]*[.e]/);
  });

  it('says all that can be said of a service', () => {
    const text = overrides({
      A: {
        timeoutSeconds: 54.5,
        maxConcurrency: 8,
        workers: 2,

        probeDependencies: false,
        monitoringPath: '/tmp/monitoring',
        accessLog: { enabled: false, skipPaths: ['/metrics'] },
        tracing: {
          exporter: 'zipkin',
          endpoint: 'http://zipkin:9411/api/v2/spans',
          sampleRatio: 0.1,
          excludedPaths: ['/a', '/b'],
        },
      },
    });
    expect(JSON.parse(text)).toEqual({
      services: {
        A: {
          logging: { access: { enabled: false, skip_paths: ['/metrics'] } },
          monitoring: { options: { log_path: '/tmp/monitoring' } },
          runner_probe: { enabled: false },
          tracing: {
            excluded_urls: ['/a', '/b'],
            exporter_type: 'zipkin',
            zipkin: { endpoint: 'http://zipkin:9411/api/v2/spans' },
            sample_rate: 0.1,
          },
          traffic: { max_concurrency: 8, timeout: 54.5 },
          workers: 2,
        },
      },
    });
  });

  it('keeps the texts of users, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('float:1.0', 'float:1', '"float:5"'))),
        (skipPaths) => {
          const text = overrides({ A: { timeoutSeconds: 1, clientSeconds: 3, accessLog: { skipPaths } } });
          expect(JSON.parse(text).services.A.logging.access.skip_paths).toEqual(skipPaths);
        },
      ),
    );
  });

  it('is the same for every order of services', () => {
    const a = { timeoutSeconds: 1, clientSeconds: 3 };
    expect(overrides({ B: a, A: a })).toBe(overrides({ A: a, B: a }));
  });
});

describe('serverArgs', () => {
  it('are flags of start-http-server', () => {
    expect(serverArgs(75, 60)).toEqual(['--timeout-keep-alive', '75', '--timeout-graceful-shutdown', '60']);
  });
});

describe('requireServiceName', () => {
  // A service of such a name is read as the key of that name: ServiceConfig of _bentoml_sdk/service/config.py.
  it.each([
    'backlog',
    'endpoints',
    'extra_ports',
    'grpc',
    'http',
    'logging',
    'max_runner_connections',
    'metrics',
    'monitoring',
    'name',
    'replicate_process',
    'resources',
    'runner_connection',
    'runner_probe',
    'ssl',
    'threads',
    'tracing',
    'traffic',
    'workers',
  ])('fails on %s, a key of its configuration', (name) => {
    expect(() => requireServiceName('name', name)).toThrow(
      `[ReservedName] 'name' must not be "${name}", which the library uses itself`,
    );
  });

  it.each(['Workers', 'traffic2', 'my-name', 'HTTP'])('takes %s', (name) => {
    expect(() => requireServiceName('name', name)).not.toThrow();
  });
});

describe('requireFreeEnvName', () => {
  it.each(['API_KEY', 'HF_HOME', 'BENTOML_DO_NOT_TRACK', 'PORTAL', 'MY_PORT', 'BENTOML_CONFIGURE', 'bentoml_home'])(
    'leaves %s to the user',
    (name) => {
      expect(() => requireFreeEnvName(name)).not.toThrow();
    },
  );

  it.each([
    'BENTOML_SERVE_COMPONENT',
    'BENTOML_SERVE_DEPENDS',
    'BENTOML_SERVE_ANYTHING',
    'BENTOML_CONFIG',
    'BENTOML_CONFIG_OPTIONS',
    'BENTOML_CONFIG_OVERRIDES',
    'BENTOML_PORT',
    'PORT',
    'BENTOML_HOME',
  ])('fails on %s', (name) => {
    expect(() => requireFreeEnvName(name)).toThrow(
      `[ReservedEnv] 'env' must not set "${name}", which the library owns; `,
    );
  });
});

describe('requireServiceUrl', () => {
  it.each([
    'http://embedder:3000',
    'http://embedder.ml.svc.cluster.local:3000/',
    'https://embedder.example.com',
    'http://10.0.0.1:3000/v1/x',
    'http://[::1]:3000',
  ])('takes %s', (url) => {
    expect(() => requireServiceUrl('url', url)).not.toThrow();
  });

  // "dictionary update sequence": the value is split at blanks, then at =.
  it.each([
    '',
    'embedder:3000',
    'ftp://a',
    'http://',
    'http:///x',
    'http://a b',
    'http://a/b=c',
    'http://a=b',
    'http://a?x',
    'http://a/#x',
    'http://a\n',
    5,
  ])('fails on %j', (url) => {
    expect(() => requireServiceUrl('url', url as string)).toThrow(
      "[InvalidUrl] 'url' must be an http address without blanks, '=' and '?'",
    );
  });
});
