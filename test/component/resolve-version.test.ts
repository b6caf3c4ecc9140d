import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bento, BentoDeployment, type BentoDeploymentProps, BentoService, Runner } from '../../lib';
import { chain, IMAGE, pair, SMALL, single } from '../bentos';
import { synthesize } from '../tree';

const deploy = (props: BentoDeploymentProps) =>
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', props);
  });
const seconds = (value: number) => Duration.millis(value * 1000);

// Rows of the measured contract: which variables make which process call which.
describe('the wiring of a Bento', () => {
  it('of one service names the service, and no dependencies', () => {
    const env = deploy({ bento: single() }).env('rag');
    expect(env).toMatchObject({ BENTOML_SERVE_COMPONENT: 'http_server', BENTOML_SERVE_SERVICE_NAME: 'Gateway' });
    expect(env).not.toHaveProperty('BENTOML_SERVE_DEPENDS');
  });

  it('of two services names the dependency by its exact name and the Service of its pool', () => {
    const objects = deploy({ bento: pair() });
    expect(objects.calls('rag')).toBe('Embedder=http://rag-embedder-headless.ml.svc.cluster.local:3000');
    expect(objects.env('rag-embedder')).toMatchObject({ BENTOML_SERVE_SERVICE_NAME: 'Embedder' });
    expect(objects.env('rag-embedder')).not.toHaveProperty('BENTOML_SERVE_DEPENDS');
    expect(objects.get('Service', 'rag-embedder').spec.ports).toEqual([
      { name: 'http', appProtocol: 'http', port: 3000, protocol: 'TCP', targetPort: 3000 },
    ]);
  });

  it('of three services names all direct dependencies of each, and no others', () => {
    const objects = deploy({ bento: chain() });
    expect(objects.calls('rag')).toBe(
      'Encoder=http://rag-encoder-headless.ml.svc.cluster.local:3000 Reranker=http://rag-reranker-headless.ml.svc.cluster.local:3000',
    );
    expect(objects.calls('rag-reranker')).toBe('Encoder=http://rag-encoder-headless.ml.svc.cluster.local:3000');
    expect(objects.env('rag-encoder')).not.toHaveProperty('BENTOML_SERVE_DEPENDS');
  });

  it('never lets BentoML close sessions to a dependency, in the pods of its callers', () => {
    const objects = deploy({ bento: chain() });
    const lifted = '"runner_connection":{"max_age":1000000000.0,"max_requests":1000000000}';
    expect(objects.env('rag').BENTOML_CONFIG_OVERRIDES).toContain(`"Encoder":{${lifted}`);
    expect(objects.env('rag').BENTOML_CONFIG_OVERRIDES).toContain(`"Reranker":{${lifted}`);
    expect(objects.env('rag-reranker').BENTOML_CONFIG_OVERRIDES).toContain(`"Encoder":{${lifted}`);
    expect(objects.env('rag-encoder').BENTOML_CONFIG_OVERRIDES).not.toContain('runner_connection');
  });

  // The client waits 1 % longer than it is told; with 2 s more the dependency's own 504 arrives before it gives up.
  it('tells callers the timeouts of their dependencies, and 2 s more', () => {
    const objects = deploy({ bento: chain({ encoder: seconds(10), reranker: seconds(20) }) });
    expect(objects.config('rag', 'Encoder').traffic.timeout).toBe(12);
    expect(objects.config('rag', 'Reranker').traffic.timeout).toBe(22);
    expect(objects.config('rag-reranker', 'Encoder').traffic.timeout).toBe(12);
    expect(objects.config('rag-reranker', 'Reranker').traffic.timeout).toBe(20);
  });

  it.each([
    [undefined, false],
    [{ includeDependencies: true }, true],
    [{ includeDependencies: false }, false],
  ])('keeps dependencies out of /readyz unless they are asked for: %j', (readiness, enabled) => {
    const objects = deploy({ bento: pair(), apiServer: { readiness } });
    expect(objects.config('rag', 'Gateway').runner_probe).toEqual({ enabled });
    expect(objects.config('rag-embedder', 'Embedder')).not.toHaveProperty('runner_probe');
  });

  it('sets the port, for the code of a Bento may state another', () => {
    expect(deploy({ bento: single() }).env('rag').BENTOML_PORT).toBe('3000');
  });

  it('sends a dependency to an address where one is stated, and makes no pool', () => {
    const objects = deploy({ bento: chain(), runners: { Reranker: Runner.url('https://rerank.example.com/v1') } });
    expect(objects.calls('rag')).toBe(
      'Encoder=http://rag-encoder-headless.ml.svc.cluster.local:3000 Reranker=https://rerank.example.com/v1',
    );
    expect(objects.of('Deployment').map(({ metadata }) => metadata.name)).toEqual(['rag', 'rag-encoder']);
  });

  it('makes no pool for what only a service elsewhere depends on', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('A', { dependsOn: ['B'], size: SMALL }),
        BentoService.named('B', { dependsOn: ['C'], size: SMALL }),
        BentoService.named('C', { size: SMALL }),
      ],
    });
    const objects = deploy({ bento, runners: { B: Runner.url('http://b.example.com') } });
    expect(objects.of('Deployment')).toHaveLength(1);
  });

  it('makes pools for what is reached, and for nothing else of the Bento', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('A', { dependsOn: ['B'], size: SMALL }),
        BentoService.named('B', { size: SMALL }),
        BentoService.named('Unused', { size: SMALL }),
      ],
    });
    expect(deploy({ bento }).of('Deployment')).toHaveLength(2);
  });

  it('finds the pool under the port and the name that it has', () => {
    const objects = deploy({
      bento: pair(),
      runners: { Embedder: Runner.pool({ servicePort: 8080, adopt: { serviceName: 'embeddings' } }) },
    });
    expect(objects.calls('rag')).toBe('Embedder=http://embeddings-headless.ml.svc.cluster.local:3000');
    expect(objects.get('Service', 'embeddings').spec.ports[0]).toMatchObject({ port: 8080, targetPort: 3000 });
  });

  it.each([
    [
      { embedder: Runner.pool() },
      '[UnknownService] \'runners.embedder\' must name a dependency of the Bento, got "embedder"; known are Embedder',
    ],
    [{ Gateway: Runner.pool() }, "[EntryServiceAsRunner] 'runners.Gateway'"],
  ])('fails on a runner of a service that is not called', (runners, message) => {
    expect(() => deploy({ bento: pair(), runners })).toThrow(message);
  });
});

describe('dependencies whose address stands in the code of the Bento', () => {
  const search = () => Bento.fromFile('test/fixtures/bento/search', { image: IMAGE });

  it('stay in the code, and their health out of /readyz', () => {
    const objects = deploy({ bento: search(), runners: { Reranker: Runner.url('http://rerank:80') } });
    expect(objects.calls('rag')).toBe(
      'Encoder=http://rag-encoder-headless.ml.svc.cluster.local:3000 Reranker=http://rerank:80',
    );
    expect(objects.config('rag', 'search-api').runner_probe).toEqual({ enabled: false });
  });
});

/** A calls B, and B calls A, by addresses that stand in their code. */
const inCode = (timeouts: { a?: number; b?: number }) => {
  const folder = mkdtempSync(join(tmpdir(), 'bento-'));
  const services = [
    {
      name: 'A',
      config: { traffic: { timeout: timeouts.a } },
      dependencies: [{ url: 'http://x.example.com' }, { service: 'B', url: 'http://b.example.com' }],
    },
    { name: 'B', config: { traffic: { timeout: timeouts.b } }, dependencies: [{ service: 'A', url: 'http://a' }] },
  ];
  const document = {
    service: 'service:A',
    name: 'a',
    version: '1',
    bentoml_version: '1.4.39',
    entry_service: 'A',
    services,
  };
  writeFileSync(join(folder, 'bento.yaml'), JSON.stringify(document));
  try {
    return Bento.fromFile(folder, { image: IMAGE });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('a service whose code states every address', () => {
  it('needs no pool, is ready though they are down, and knows the timeout of the one that it knows', () => {
    const objects = deploy({ bento: inCode({ b: 7 }), apiServer: { size: SMALL } });
    expect(objects.of('Deployment')).toHaveLength(1);
    expect(objects.env('rag')).not.toHaveProperty('BENTOML_SERVE_DEPENDS');
    expect(objects.config('rag', 'A').runner_probe).toEqual({ enabled: false });
    expect(objects.config('rag', 'B').traffic.timeout).toBe(7 + 2);
    expect(objects.config('rag', 'B').runner_connection.max_requests).toBe(1_000_000_000);
  });
});

describe('the timeout of a service behind an address in code', () => {
  it.each([
    [{}, 66, 60 + 2],
    [{ b: 100 }, 110, 100 + 2],
    // Its client waits 1 % longer than it is told, and must give up before its own caller: in the middle of the two.
    [{ a: 11 }, 11, 10.445],
  ])('is planned as that of any other: %j', (timeouts, own, told) => {
    const objects = deploy({ bento: inCode(timeouts), apiServer: { size: SMALL } });
    expect(objects.config('rag', 'A').traffic.timeout).toBe(own);
    expect(objects.config('rag', 'B').traffic.timeout).toBe(told);
  });

  it('fails where both are stated, and the wrong way round', () => {
    expect(() => deploy({ bento: inCode({ a: 10, b: 20 }), apiServer: { size: SMALL } })).toThrow(
      "[TimeoutOrder] 'traffic.timeout' of rag must be above 1.01 x that of B (20 s), got 10 s",
    );
  });
});

describe('planned timeouts', () => {
  const timeouts = (props: BentoDeploymentProps) => {
    const objects = deploy(props);
    const own = (name: string, service: string) => objects.config(name, service).traffic.timeout;
    return [own('rag', 'search-api'), own('rag-reranker', 'Reranker'), own('rag-encoder', 'Encoder')];
  };

  it('are 60 s, and a tenth more for each caller', () => {
    // 60, 60 x 1.1, 66 x 1.1 rounded up.
    expect(timeouts({ bento: chain() })).toEqual([73, 66, 60]);
  });

  it('grow with what is stated of a dependency', () => {
    expect(timeouts({ bento: chain({ encoder: seconds(100) }) })[2]).toBe(100);
    const [api, reranker] = timeouts({ bento: chain({ encoder: seconds(100) }) });
    expect(reranker).toBeGreaterThan(101);
    expect(api).toBeGreaterThan(reranker * 1.01);
  });

  it('shrink with what is stated of a caller', () => {
    const [api, reranker, encoder] = timeouts({ bento: chain(), apiServer: { traffic: { timeout: seconds(10) } } });
    expect(api).toBe(10);
    expect(api).toBeGreaterThan(reranker * 1.01);
    expect(reranker).toBeGreaterThan(encoder * 1.01);
    expect(encoder).toBeGreaterThan(0);
  });

  it('take what the code states over what the Bento states', () => {
    const props = { bento: chain({ api: seconds(500) }), apiServer: { traffic: { timeout: seconds(100) } } };
    expect(timeouts(props)[0]).toBe(100);
  });

  it.each([
    [60.61, true],
    [60.6, false],
    [60, false],
    [30, false],
  ])('let a caller have %d s over a dependency of 60 s: %s', (caller, sound) => {
    const define = () =>
      deploy({
        bento: pair({ embedder: seconds(60) }),
        apiServer: { traffic: { timeout: seconds(caller) } },
      });
    if (sound) expect(define).not.toThrow();
    else {
      expect(define).toThrow(
        `[TimeoutOrder] 'traffic.timeout' of rag must be above 1.01 x that of Embedder (60 s), got ${caller} s`,
      );
    }
  });

  it('fails with every inversion at once, each at its construct', () => {
    const define = () => deploy({ bento: chain({ api: seconds(5), reranker: seconds(10), encoder: seconds(10) }) });
    expect(define).toThrow(/of rag must be above 1.01 x that of Reranker[\s\S]*of rag-reranker must be above/);
  });

  it.each([
    [undefined, 60],
    [seconds(5), 5],
  ])('of an address are those stated, else 60 s: %s', (timeout, expected) => {
    const runners = { Embedder: Runner.url('http://embed.example.com', { timeout }) };
    expect(deploy({ bento: pair(), runners }).config('rag', 'Embedder').traffic.timeout).toBe(expected + 2);
  });

  it('of an address are those of the code where it states one', () => {
    const runners = { Embedder: Runner.url('http://embed.example.com') };
    const objects = deploy({ bento: pair({ embedder: seconds(7) }), runners });
    expect(objects.config('rag', 'Embedder').traffic.timeout).toBe(7 + 2);
  });

  it.each([
    [0.001, true],
    [86_400, true],
    [0, false],
    [86_400.001, false],
  ])('may be %d s: %s', (value, sound) => {
    const define = () => deploy({ bento: single(), apiServer: { traffic: { timeout: seconds(value) } } });
    if (sound) expect(define().config('rag', 'Gateway').traffic.timeout).toBe(value);
    else expect(define).toThrow("[OutOfRange] 'apiServer.traffic.timeout'");
  });

  it('always outlast the dependency where nothing contradicts', () => {
    fc.assert(
      fc.property(fc.option(fc.double({ min: 0.1, max: 3600, noNaN: true }), { nil: undefined }), (stated) => {
        const timeout = stated === undefined ? undefined : seconds(Math.round(stated * 1000) / 1000);
        for (const bento of [chain({ api: timeout }), chain({ reranker: timeout }), chain({ encoder: timeout })]) {
          const [api, reranker, encoder] = timeouts({ bento });
          expect(api).toBeGreaterThan(reranker * 1.01);
          expect(reranker).toBeGreaterThan(encoder * 1.01);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
