import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { Bento } from '../../lib/bento/bento';
import { BentoError } from '../../lib/internal/errors';

const folder = mkdtempSync(join(tmpdir(), 'bento-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = 'registry.example.com/x:1';
const read = (path: string) => Bento.fromFile(path, { image })._model;

/** A file of this text, and what is read from it. */
const path = join(folder, 'it.yaml');
const readText = (text: string) => {
  writeFileSync(path, text);
  return read(path);
};

/** The least that `bentoml build` writes. */
const document = (more: object = {}) => ({
  service: 'service:A',
  name: 'search',
  version: 'v1',
  bentoml_version: '1.4.39',
  entry_service: 'A',
  services: [{ name: 'A', service: '', models: [], dependencies: [], config: {} }],
  envs: [],
  schema: { name: 'A', type: 'service', routes: [] },
  spec: 2,
  ...more,
});
const readDocument = (more: object) => readText(stringify(document(more)));
const withConfig = (config: unknown) => readDocument({ services: [{ name: 'A', config }] }).services.A!;
const withResources = (resources: unknown) => withConfig({ resources }).size;
/** What keeps its resources from being had; an error only where the definition states no size. */
const problemWith = (resources: unknown) => withConfig({ resources }).sizeProblem?.message;

describe('Bentos that the real build wrote', () => {
  const real = (name: string) => read(join(__dirname, '../fixtures/bento', name));

  it('text-search', () => {
    expect(real('text-search')).toEqual({
      image: { reference: image, mutable: false },
      name: 'text-search',
      version: 'v1',
      entryService: 'Gateway',
      requiredEnv: ['API_KEY'],
      requirements: 'bentoml==1.4.39\n',
      source: join(__dirname, '../fixtures/bento/text-search/bento.yaml'),
      services: {
        Gateway: expect.objectContaining({
          label: 'gateway',
          dependencies: ['Embedder'],
          size: { cpuCores: 0.2, memoryBytes: 256 * 2 ** 20 },
          timeoutSeconds: 60,
          maxConcurrency: 32,
          workers: 1,
          hasTasks: false,
        }),
        Embedder: expect.objectContaining({
          label: 'embedder',
          dependencies: [],
          size: { cpuCores: 0.5, memoryBytes: 512 * 2 ** 20 },
          timeoutSeconds: 30,
          maxConcurrency: undefined,
        }),
      },
    });
  });

  it('search: a name with a dash, a prefix, a GPU, an address in the code, plain numbers', () => {
    const bento = real('search');
    expect(bento.entryService).toBe('search-api');
    expect(bento.requiredEnv).toEqual([]);
    expect(bento.services['search-api']).toMatchObject({
      dependencies: ['Encoder', 'Reranker'],
      urls: ['http://fallback.example.com:3000'],
      pathPrefix: '/v1',
      workers: 2,
      timeoutSeconds: 180,
      size: { cpuCores: 1, memoryBytes: 512 * 2 ** 20 },
      metricsNamespace: 'bentoml_service',
    });
    expect(bento.services.Encoder).toMatchObject({
      workers: 'cpu_count',
      size: { cpuCores: 2, memoryBytes: 1.5 * 2 ** 30 },
      pathPrefix: '',
    });
    expect(bento.services.Reranker).toMatchObject({
      size: {
        cpuCores: 4,
        memoryBytes: 16 * 2 ** 30,
        gpu: { name: 'l4', resourceName: 'nvidia.com/gpu', count: 1 },
        sharedMemoryBytes: 8 * 2 ** 30,
      },
      maxConcurrency: 8,
      metricsNamespace: 'reranker',
    });
  });

  it('word-index: a task, and a variable that is required at run time', () => {
    const bento = real('word-index');
    expect(bento.services['word-index']!.hasTasks).toBe(true);
    expect(bento.requiredEnv).toEqual(['WEIGHTS_DIR']);
  });

  it('by the path of the file too', () => {
    expect(read(join(__dirname, '../fixtures/bento/search/bento.yaml'))).toEqual(real('search'));
  });
});

describe('where the file is', () => {
  it('fails where nothing is', () => {
    const missing = join(folder, 'missing', 'bento.yaml');
    expect(() => read(missing)).toThrow(
      `[FileNotFound] 'path' must be a bento.yaml or a folder that holds one, got "${missing}", which does not exist; run \`bentoml build\``,
    );
  });

  it('fails on a folder without the file, and on a folder of its name', () => {
    const empty = join(folder, 'empty');
    mkdirSync(join(empty, 'sub', 'bento.yaml'), { recursive: true });
    expect(() => read(empty)).toThrow(`[FileNotFound] 'path' must be a bento.yaml`);
    expect(() => read(join(empty, 'sub'))).toThrow('[FileNotFound]');
  });

  it.each(['', ' ', undefined])('fails on the path %j', (bad) => {
    expect(() => read(bad as string)).toThrow("[InvalidText] 'path' must be text");
  });

  it('fails on a path with a NUL, as on any that is not there', () => {
    expect(() => read('a\0b')).toThrow('[FileNotFound]');
  });

  it('ends at 8 MiB', () => {
    const huge = join(folder, 'huge.yaml');
    writeFileSync(huge, '');
    truncateSync(huge, 8 * 2 ** 20 + 1);
    expect(() => read(huge)).toThrow(
      `[FileTooLarge] 'path' must be a file of at most 8388608 bytes, got 8388609 in "${huge}"`,
    );
  });
});

describe('what is no YAML', () => {
  it.each([
    ['a tab for indentation', 'services:\n\t- name: A\n'],
    ['a key twice', 'name: a\nname: b\n'],
    ['a list that does not end', 'services: [a\n'],
    ['quotes that do not end', 'name: "a\n'],
    ['an alias of nothing', 'name: *nothing\n'],
    ['two documents', 'name: a\n---\nname: b\n'],
    ['lists too deep for any reader', '['.repeat(5000)],
    ['blocks too deep for any reader', '- '.repeat(20_000)],
  ])('fails on %s', (_, text) => {
    expect(() => readText(text)).toThrow(`[NotYaml] "${path}" must be YAML: `);
  });

  it('fails on aliases that multiply', () => {
    const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 10; i++)
      bomb.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    expect(() => readText(bomb.join('\n'))).toThrow('[NotYaml]');
  });

  it('fails with one line', () => {
    try {
      readText('a: [\nb: {\n');
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).not.toContain('\n');
    }
  });
});

describe('what is no Bento', () => {
  it.each(['', '# nothing\n', '- a\n- b\n', 'text', '5', 'null', 'true', '[]'])('fails on %j', (text) => {
    expect(() => readText(text)).toThrow(
      `[NotABento] "${path}" must be what \`bentoml build\` writes: its top level must`,
    );
  });

  it.each(['{}', 'name: a\n', 'apiVersion: v1\nkind: Pod\n'])('fails on the map %j', (text) => {
    expect(() => readText(text)).toThrow("it has neither 'service' nor 'services'");
  });

  it.each([[[]], [null], [undefined]])('fails without services: %j', (services) => {
    expect(() => readDocument({ services })).toThrow(`[NoServices] "${path}" must list at least one service`);
  });

  it.each(['A', 5, { A: {} }])('fails on services that are no list: %j', (services) => {
    expect(() => readDocument({ services })).toThrow('[NotABento]');
  });

  it.each(['A', 5, null, ['A'], {}, { name: '' }, { name: 5 }])('fails on the service %j', (service) => {
    expect(() => readDocument({ services: [service] })).toThrow('[NotABento]');
  });

  it.each(['version', 'bentoml_version'])('fails on a %s that is no text', (key) => {
    for (const value of [{}, [], { toString: null }]) {
      expect(() => readDocument({ [key]: value })).toThrow(`'${key}' must be text, got ${JSON.stringify(value)}`);
    }
  });

  it.each([undefined, null, '', 5])('fails on the name %j', (name) => {
    expect(() => readDocument({ name })).toThrow("'name' of the file must be text");
  });

  it('fails on an entry service that is none', () => {
    expect(() => readDocument({ entry_service: 'a' })).toThrow('entry_service "a" is not among its services');
  });

  it('takes the first service where no entry is named', () => {
    const bento = readDocument({ entry_service: undefined, services: [{ name: 'B' }, { name: 'A' }] });
    expect(bento.entryService).toBe('B');
  });
});

// What BentoML 1.1.11 writes; 1.2 and newer still build such Bentos from the old Service.
describe('Bentos of the old kind', () => {
  const legacy = {
    service: 'service:svc',
    name: 'iris_classifier',
    version: '7btbb3cz6wtkjcvj',
    runners: [{ name: 'iris_clf', runnable_type: 'SklearnRunnable' }],
    apis: [{ name: 'classify', input_type: 'NumpyNdarray', output_type: 'NumpyNdarray' }],
  };

  it.each(['1.1.11', '1.1.0a3', '1.1.11.post2+g1a2b3c4', '1.0.25', '0.13.1'])('fails on one of %s', (version) => {
    expect(() => readText(stringify({ ...legacy, bentoml_version: version }))).toThrow(
      `[LegacyBento] "${path}" must be a Bento of BentoML 1.2 or newer, got one of BentoML ${version}; runners`,
    );
  });

  it.each([
    { ...legacy },
    { ...legacy, bentoml_version: '1.4.39', services: [], entry_service: '', spec: 1 },
    { ...legacy, bentoml_version: '1.4.39', services: [], runners: [] },
  ])('fails on runners and apis without services: %#', (old) => {
    expect(() => readText(stringify(old))).toThrow('[LegacyBento]');
  });

  it.each(['1.2.0', '1.2.0a1', '1.5.0a3', '1.4.39.dev5+g1a2b3c4', '2.0.0', '0.1.dev1+g1a2b3c4', 'unknown'])(
    'takes services of %s',
    (version) => {
      expect(readDocument({ bentoml_version: version, runners: [], apis: [] }).entryService).toBe('A');
    },
  );
});

// PyYAML writes these unquoted, for to it they are text; and quotes what looks like a number to it.
describe('text as PyYAML means it', () => {
  const versioned = (version: string) => readText(stringify(document()).replace('version: v1', `version: ${version}`));

  it.each(['1234e56', '12e3', '5e5', '08', '0099', '1e3.5', 'y', 'N', '0o17', "'1.10'", "'2024'", "'1_000'", "'0x1F'"])(
    'reads the version %s as it is',
    (version) => {
      expect(versioned(version).version).toBe(version.replaceAll("'", ''));
    },
  );

  it.each([
    ['2024', '2024'],
    ['1.5', '1.5'],
    ['2024-01-01', '2024-01-01'],
    ['true', 'true'],
  ])('reads the version %s, written by hand, as %s', (version, text) => {
    expect(versioned(version).version).toBe(text);
  });

  it.each(['null', '~', ''])('reads the version %j as none', (version) => {
    expect(versioned(version).version).toBeUndefined();
  });

  it.each(['N', 'y', 'E5'])('reads the service %s', (name) => {
    const text = stringify(document()).replace('entry_service: A', `entry_service: ${name}`);
    expect(readText(text.replace('- name: A', `- name: ${name}`)).entryService).toBe(name);
  });

  it.each([
    ['60', 60],
    ['60.0', 60],
    ['54.5', 54.5],
    ['1.0e-05', 1e-5],
    ['1_000', 1000],
  ])('reads the timeout %s', (timeout, seconds) => {
    const text = stringify(document()).replace('config: {}', `config: {traffic: {timeout: ${timeout}}}`);
    expect(readText(text).services.A!.timeoutSeconds).toBe(seconds);
  });
});

describe('dependencies', () => {
  const withDependencies = (dependencies: unknown) =>
    readDocument({ services: [{ name: 'A', dependencies }, { name: 'B' }, { name: 'C' }] }).services.A!;

  it.each([
    [undefined, [], []],
    [null, [], []],
    [[], [], []],
    [['B', 'C'], ['B', 'C'], []],
    [[{ service: 'B' }, { service: 'B' }], ['B'], []],
    [[{ url: 'http://x:3000' }], [], ['http://x:3000']],
    [[{ service: 'B', url: 'http://x:3000' }], [], ['B']],
    [[{ service: 'B', deployment: null, cluster: null, url: null }], ['B'], []],
  ])('reads %j', (list, dependencies, urls) => {
    expect(withDependencies(list)).toMatchObject({ dependencies, urls });
  });

  it.each([[{}], [null], [5], [['B']], 'B', { service: 'B' }, [{ service: '' }], [{ service: 5 }]])(
    'fails on %j',
    (list) => {
      expect(() => withDependencies(list)).toThrow('[NotABento]');
    },
  );

  it.each([
    { deployment: 'emb' },
    { service: 'B', deployment: 'emb', cluster: 'prod' },
    { url: 'http://x', deployment: 'emb' },
  ])('fails on a deployment of BentoCloud: %j', (dependency) => {
    expect(() => withDependencies([dependency])).toThrow(
      '[CloudDependency] service "A" depends on the BentoCloud deployment "emb", which no cluster of yours can reach by name; depend on the service itself',
    );
  });

  it('fails on one that is not there, on circles and on labels that meet', () => {
    expect(() => withDependencies(['b'])).toThrow('[UnknownDependency] service "A"');
    expect(() => withDependencies(['A'])).toThrow('got A -> A');
    expect(() => readDocument({ services: [{ name: 'A' }, { name: 'text_search' }, { name: 'TextSearch' }] })).toThrow(
      '[DnsLabelClash] services "text_search" and "TextSearch"',
    );
  });
});

describe('names of services', () => {
  it.each(['Ünï', '日本', 'a b', 'a=b', '3d'])('fails on %j', (name) => {
    expect(() => readDocument({ entry_service: name, services: [{ name }] })).toThrow(
      `[InvalidName] 'services[].name of ${path}' must be letters, digits`,
    );
  });

  it.each(['workers', 'traffic', 'resources'])('fails on %s, a key of the configuration', (name) => {
    expect(() => readDocument({ entry_service: name, services: [{ name }] })).toThrow('[ReservedName]');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('takes %s like any other', (name) => {
    const bento = readDocument({ entry_service: name, services: [{ name }] });
    expect(Object.keys(bento.services)).toEqual([name]);
    expect(bento.services[name]!.name).toBe(name);
  });

  it('gives the entry service first, wherever it stands', () => {
    writeFileSync(path, stringify(document({ entry_service: 'B', services: [{ name: 'A' }, { name: 'B' }] })));
    expect(Bento.fromFile(path, { image }).serviceNames).toEqual(['B', 'A']);
  });
});

// Units as _bentoml_sdk/service/config.py states them: cores, and Gi where there is none.
describe('resources', () => {
  it.each([
    ['200m', 0.2],
    ['70m', 0.07],
    ['2007m', 2.007],
    ['1.5m', 0.002],
    ['2', 2],
    ['0.5', 0.5],
    [2, 2],
    [0.5, 0.5],
    [0.07, 0.07],
    [1.001, 1.001],
    [0.0001, 0.001],
  ])('reads cpu %j as %d', (cpu, cpuCores) => {
    expect(withResources({ cpu })).toStrictEqual({ cpuCores });
  });

  it('reads every number of thousandths of a core as it is', () => {
    const milli = Array.from({ length: 700 }, (_, index) => 1 + index * 11);
    const services = milli.map((m) => ({ name: `S${m}`, config: { resources: { cpu: `${m}m` } } }));
    const bento = readDocument({ entry_service: 'S1', services });
    for (const m of milli) expect(bento.services[`S${m}`]!.size).toEqual({ cpuCores: m / 1000 });
  });

  it.each([0, -1, '0', '-1', '', 'two', '1k', '1 m', null, true, ['2'], {}, Infinity, NaN])(
    'fails on cpu %j',
    (cpu) => {
      expect(() => withResources({ cpu })).toThrow(/\[NotABento\] .* service A asks for cpu /);
    },
  );

  it.each([
    [1.5, 1.5 * 2 ** 30],
    ['1.5', 1.5 * 2 ** 30],
    ['2', 2 * 2 ** 30],
    [2, 2 * 2 ** 30],
    ['512Mi', 512 * 2 ** 20],
    ['1024Ki', 2 ** 20],
    ['1Gi', 2 ** 30],
    ['1 Gi', 2 ** 30],
    ['1Ti', 2 ** 40],
    ['1G', 1e9],
    ['1M', 1e6],
    ['1k', 1e3],
    ['1T', 1e12],
    ['0.1Gi', 107374183],
  ])('reads memory %j as %d bytes', (memory, memoryBytes) => {
    expect(withResources({ memory })).toStrictEqual({ memoryBytes });
  });

  it.each([0, -1, '0', '', 'much', '1gb', '1GB', '1Gib', null, true, ['2'], NaN])('fails on memory %j', (memory) => {
    expect(() => withResources({ memory })).toThrow(/\[NotABento\] .* service A asks for memory /);
  });

  it.each([
    [
      { gpu: 1, gpu_type: 'nvidia-tesla-t4' },
      { name: 't4', resourceName: 'nvidia.com/gpu', count: 1 },
    ],
    [
      { gpu: 8, gpu_type: 'nvidia-h100-80gb' },
      { name: 'h100', resourceName: 'nvidia.com/gpu', count: 8 },
    ],
    [
      { gpu: 2, gpu_type: 'amd-mi300x' },
      { name: 'mi300x', resourceName: 'amd.com/gpu', count: 2 },
    ],
    [{ gpu: 1.0 }, { name: 'gpu', resourceName: 'nvidia.com/gpu', count: 1 }],
  ])('reads %j', (resources, gpu) => {
    expect(withResources(resources)).toEqual({ gpu });
  });

  it.each([0.5, 1.5])('cannot be %d of a GPU', (gpu) => {
    expect(problemWith({ gpu })).toContain(
      `[FractionalGpu] 'services[A].config.resources.gpu' must be a whole number of GPUs, got ${gpu}`,
    );
  });

  it.each([0, -1, '1', null, NaN, Infinity, true])('fails on gpu %j', (gpu) => {
    expect(() => withResources({ gpu })).toThrow(/\[NotABento\] .* service A asks for gpu /);
  });

  it.each([
    [9, 'nvidia-l4', 8, 'l4'],
    [17, 'nvidia-tesla-a100', 16, 'a100'],
    [5, 'nvidia-gb200', 4, 'gb200'],
  ])('cannot be %d of %s, which no node has', (gpu, type, max, name) => {
    expect(problemWith({ gpu, gpu_type: type })).toContain(
      `[MultiNode] 'services[A].config.resources.gpu' must be at most ${max}, what one node with ${name} has, got ${gpu}`,
    );
  });

  it.each([
    [{ tpu_type: 'v5e-1x1' }, 'tpu_type'],
    [{ gpu: 1, gpu_type: 'amd-mi210' }, 'gpu_type'],
    [{ gpu: 1, gpu_type: 'constructor' }, 'gpu_type'],
    [{ gpu_type: 'nvidia-l4' }, 'gpu_type'],
  ])('cannot be %j, and say what would serve', (resources, key) => {
    expect(problemWith(resources)).toMatch(`[UnknownGpu] 'services[A].config.resources.${key}' must be`);
    expect(problemWith(resources)).toContain('state the `size` of the component, with Gpu.of() for any device');
  });

  it.each([undefined, null, {}])('are none for %j', (resources) => {
    expect(withResources(resources)).toBeUndefined();
  });
});

describe('configuration', () => {
  it.each([undefined, null, {}])("is BentoML's own for %j", (config) => {
    expect(JSON.parse(JSON.stringify(withConfig(config)))).toEqual({
      name: 'A',
      label: 'a',
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

  it.each([
    ['traffic', 'timeout'],
    ['traffic', 'max_concurrency'],
  ])('fails on bad %s.%s', (group, key) => {
    for (const value of [0, -1, '5', true, [], NaN, Infinity]) {
      expect(() => withConfig({ [group]: { [key]: value } })).toThrow(
        `'${key}' of ${group} of A must be a number above 0`,
      );
    }
  });

  it('fails on parts of requests and workers, takes parts of seconds', () => {
    expect(() => withConfig({ traffic: { max_concurrency: 4.5 } })).toThrow('must be a whole number, got 4.5');
    expect(() => withConfig({ workers: 1.5 })).toThrow('must be a whole number, got 1.5');
    expect(withConfig({ traffic: { timeout: 54.5, max_concurrency: null } })).toMatchObject({ timeoutSeconds: 54.5 });
  });

  it.each([1, 64, 'cpu_count'])('takes %s workers', (workers) => {
    expect(withConfig({ workers }).workers).toBe(workers);
  });

  it.each([0, 'many', true])('fails on %s workers', (workers) => {
    expect(() => withConfig({ workers })).toThrow("'workers' of config of A must be a number above 0");
  });

  it.each([5, 'x', [], true])('fails where %j is for a map', (value) => {
    for (const key of ['traffic', 'resources', 'endpoints', 'metrics', 'monitoring', 'ssl']) {
      expect(() => withConfig({ [key]: value })).toThrow(`${key} of A must be a map`);
    }
    expect(() => withConfig(value)).toThrow('config of A must be a map');
  });

  // Only path_prefix moves the routes of BentoML, and it moves both.
  it.each([
    [{ livez: '/v1/livez', readyz: '/v1/readyz' }, '/v1'],
    [{ livez: '/a/b/livez', readyz: '/a/b/readyz' }, '/a/b'],
    [{ livez: '/livez', readyz: '/readyz' }, ''],
    [{ livez: '/health', readyz: '/r' }, ''],
    [{ livez: '/v1/livez', readyz: '/v2/readyz' }, ''],
    [{ livez: '/v1/livez', readyz: '/ready' }, ''],
    [{ readyz: '/v1/readyz' }, ''],
    [null, ''],
  ])('reads the prefix of %j as %j', (endpoints, prefix) => {
    expect(withConfig({ endpoints }).pathPrefix).toBe(prefix);
  });

  it('reads whether there are metrics, and their name', () => {
    expect(withConfig({ metrics: { enabled: false, namespace: 'mine' } })).toMatchObject({
      metricsEnabled: false,
      metricsNamespace: 'mine',
    });
    expect(() => withConfig({ metrics: { namespace: 5 } })).toThrow("'namespace' of metrics of A must be text");
  });

  it.each([
    [{ enabled: false }, false],
    [{ type: 'otlp' }, false],
    [{ type: 'default' }, true],
    [{ options: { log_path: '/tmp/x' } }, false],
    [{ options: {} }, true],
  ])('reads whether %j writes files', (monitoring, writes) => {
    expect(withConfig({ monitoring }).monitorsToFiles).toBe(writes);
  });

  it('fails on a service with its own TLS', () => {
    expect(() => withConfig({ ssl: { enabled: true, certfile: 'x' } })).toThrow('service A must not serve TLS itself');
    expect(withConfig({ ssl: { enabled: false } }).name).toBe('A');
  });

  it('reads ports', () => {
    expect(withConfig({ extra_ports: [1, 9000, 65535] }).extraPorts).toEqual([1, 9000, 65535]);
  });

  it.each([0, -1, 65536, 80.5, '80', null])('fails on the port %j', (port) => {
    expect(() => withConfig({ extra_ports: [port] })).toThrow('service A has the extra port');
  });
});

describe('tasks', () => {
  const routes = (...kinds: unknown[]) => ({ routes: kinds.map((is_task) => ({ name: 'x', is_task })) });
  const services = [{ name: 'A' }, { name: 'B' }];

  it('are those of the entry service', () => {
    const bento = readDocument({ services, schema: routes(false, true) });
    expect([bento.services.A!.hasTasks, bento.services.B!.hasTasks]).toEqual([true, false]);
  });

  it('are those of the first service where no entry is named', () => {
    expect(readDocument({ services, schema: routes(true), entry_service: null }).services.A!.hasTasks).toBe(true);
  });

  it.each([routes(), routes(false, 'true', 1), {}, null, { routes: 'x' }, { routes: [null, 5] }])(
    'are none in %j',
    (schema) => {
      expect(readDocument({ services, schema }).services.A!.hasTasks).toBe(false);
    },
  );
});

describe('required variables', () => {
  it.each([
    [{ name: 'K', value: '', stage: 'all' }, true],
    [{ name: 'K', value: '', stage: 'runtime' }, true],
    [{ name: 'K', value: null }, true],
    [{ name: 'K' }, true],
    [{ name: 'K', value: '', stage: 'build' }, false],
    [{ name: 'K', value: 'x', stage: 'all' }, false],
    [{ name: 'K', value: '0', stage: 'runtime' }, false],
  ])('%j: %s', (env, required) => {
    expect(readDocument({ envs: [env] }).requiredEnv).toEqual(required ? ['K'] : []);
  });

  it.each(['K', [5], ['K'], [{ value: '' }], [{ name: 5 }]])('fails on %j', (envs) => {
    expect(() => readDocument({ envs })).toThrow('[NotABento]');
  });

  it.each([undefined, null, []])('are none in %j', (envs) => {
    expect(readDocument({ envs }).requiredEnv).toEqual([]);
  });
});

describe('any document', () => {
  const attempt = (text: string) => {
    try {
      readText(text);
    } catch (error) {
      expect(error).toBeInstanceOf(BentoError);
      expect((error as Error).message).toMatch(/^\[[A-Z][A-Za-z]+\] /);
    }
  };

  it.each([
    'services: [&a {name: *a}]',
    '&a [*a]',
    '&a {services: *a}',
    '&a {services: [*a]}',
    '!!set {a, b}',
    'services: !!omap [a: b]',
  ])('fails with an error of ours for %s', (text) => {
    expect(() => readText(text)).toThrow(BentoError);
  });

  it('fails with nothing but errors of ours on random text', () => {
    const unit = fc.constantFrom(
      'services',
      'name',
      'A',
      ':',
      ': ',
      '- ',
      '\n',
      ' ',
      '  ',
      '&a',
      '*a',
      '!!set',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '|',
      '>',
      '\t',
      '#',
      '<<',
    );
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit })), attempt));
  });

  it('fails with nothing but errors of ours on random documents', () => {
    const json = fc.jsonValue({ maxDepth: 1, depthSize: 'xsmall' });
    const some = <T>(value: fc.Arbitrary<T>) =>
      fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: json });
    const name = fc.constantFrom('A', 'B', 'C', 'a', '__proto__', 'workers', '');
    const dependency = fc.oneof(
      name,
      fc.record({ service: name, url: fc.webUrl(), deployment: name }, { requiredKeys: [] }),
    );
    const amount = fc.oneof(fc.integer(), fc.double(), fc.constantFrom('1', '1Gi', '500m', 'cpu_count', ''));
    const config = fc.record(
      {
        resources: some(fc.dictionary(fc.constantFrom('cpu', 'memory', 'gpu', 'gpu_type', 'tpu_type'), amount)),
        traffic: some(fc.dictionary(fc.constantFrom('timeout', 'max_concurrency'), amount)),
        workers: amount,
        endpoints: some(fc.dictionary(fc.constantFrom('livez', 'readyz'), fc.string())),
        metrics: json,
        monitoring: json,
        ssl: json,
        extra_ports: json,
      },
      { requiredKeys: [] },
    );
    const service = fc.record(
      { name, dependencies: some(fc.array(some(dependency), { maxLength: 3 })), config: some(config) },
      { requiredKeys: ['name'] },
    );
    const bento = fc.record(
      {
        name: some(fc.constant('x')),
        version: json,
        bentoml_version: some(fc.constantFrom('1.4.39', '1.1.0')),
        entry_service: name,
        services: some(fc.array(some(service), { maxLength: 4 })),
        envs: json,
        schema: json,
        image: json,
        runners: json,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(bento, (value) => attempt(JSON.stringify(value))),
      { numRuns: 100 },
    );
  });
});
