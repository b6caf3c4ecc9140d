import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../internal/errors';
import { dnsLabel } from '../internal/names';
import { Gpu } from '../sizing/gpu';
import type { SizeModel } from '../sizing/instance-size';
import { requireSoundGraph } from './bento-graph';
import type { BentoModel, BentoServiceModel } from './bento-model';
import { DEFAULT_METRICS_NAMESPACE, requireServiceName } from './container-contract';
import type { ImageModel } from './image';

const MAX_BYTES = 8 * 2 ** 20;
const GIB = 2 ** 30;

/** Reads what `bentoml build` wrote. */
export function readBentoFile(path: string, image: ImageModel): BentoModel {
  const file = locate(path);
  const document = parseYaml(file);
  requireModernBento(file, document);
  const services = reader(file, document)
    .list('services')
    .map((entry) => readService(file, entry, document));
  if (services.length === 0) throw errors.noServices(file);
  const entryService = typeof document.entry_service === 'string' ? document.entry_service : services[0]!.name;
  if (!services.some(({ name }) => name === entryService)) {
    throw errors.notABento(file, `entry_service ${JSON.stringify(entryService)} is not among its services`);
  }
  requireSoundGraph(entryService, services);
  const requirements = asRecord(document.image)?.python_requirements;
  return {
    image,
    name: reader(file, document).text('name'),
    version: document.version === undefined ? undefined : String(document.version),
    entryService,
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    requiredEnv: requiredEnv(file, document),
    requirements: typeof requirements === 'string' ? requirements : undefined,
    source: file,
  };
}

type Document = { [key: string]: unknown };

function locate(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'bento.yaml') : path;
  if (!existsSync(file) || !statSync(file).isFile()) throw errors.fileNotFound('path', file);
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw errors.fileTooLarge('path', file, size, MAX_BYTES);
  return file;
}

function parseYaml(file: string): Document {
  // Loaded here, for most definitions of a large app never read a file.
  const { parseDocument } = require('yaml') as typeof import('yaml');
  const parsed = parseDocument(readFileSync(file, 'utf8'), { version: '1.1', uniqueKeys: true });
  const [problem] = parsed.errors;
  if (problem !== undefined) throw errors.notYaml(file, problem.message.split('\n')[0]!);
  let value: unknown;
  try {
    value = parsed.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw errors.notYaml(file, (error as Error).message);
  }
  const document = asRecord(value);
  if (document === undefined) throw errors.notABento(file, 'its top level must be a map');
  return document;
}

/** Bentos of BentoML <= 1.1 have runners and apis, and no services in this sense. */
function requireModernBento(file: string, document: Document): void {
  const version = typeof document.bentoml_version === 'string' ? document.bentoml_version : undefined;
  const [major, minor] = (version ?? '').split('.').map(Number);
  const old = version !== undefined && (major! < 1 || (major === 1 && minor! < 2));
  if (old || ((document.runners !== undefined || document.apis !== undefined) && document.services === undefined)) {
    throw errors.legacyBento(file, version === undefined ? 'BentoML <= 1.1 (it has runners)' : `BentoML ${version}`);
  }
  if (document.services === undefined && document.service === undefined) {
    throw errors.notABento(file, "it has neither 'service' nor 'services'");
  }
  if (document.services === undefined) throw errors.noServices(file);
}

function readService(file: string, value: unknown, document: Document): BentoServiceModel {
  const service = reader(file, value, 'services[]');
  const name = service.text('name');
  requireServiceName(`services[].name of ${file}`, name);
  const config = service.child('config', name);
  const traffic = config.child('traffic', name);
  const endpoints = config.child('endpoints', name);
  const metrics = config.child('metrics', name);
  const monitoring = config.child('monitoring', name);
  if (config.child('ssl', name).value.enabled === true) {
    throw errors.notABento(file, `service ${name} must not serve TLS itself (config.ssl.enabled): the gateway ends it`);
  }
  const { dependencies, urls } = readDependencies(file, name, service.optionalList('dependencies'));
  return {
    name,
    label: dnsLabel(name),
    dependencies,
    urls,
    size: readSize(file, name, config.child('resources', name)),
    timeoutSeconds: traffic.number('timeout'),
    maxConcurrency: traffic.wholeNumber('max_concurrency'),
    workers: config.value.workers === 'cpu_count' ? 'cpu_count' : config.wholeNumber('workers'),
    pathPrefix: pathPrefix(endpoints.optionalText('livez'), endpoints.optionalText('readyz')),
    metricsEnabled: metrics.value.enabled !== false,
    metricsNamespace: metrics.optionalText('namespace') ?? DEFAULT_METRICS_NAMESPACE,
    hasTasks: name === document.entry_service && hasTaskRoute(document),
    extraPorts: config.optionalList('extra_ports').filter((port): port is number => Number.isInteger(port)),
    monitorsToFiles:
      monitoring.value.enabled !== false &&
      (monitoring.value.type === undefined || monitoring.value.type === 'default') &&
      asRecord(monitoring.value.options)?.log_path === undefined,
  };
}

function readDependencies(file: string, service: string, list: unknown[]): { dependencies: string[]; urls: string[] } {
  const dependencies: string[] = [];
  const urls: string[] = [];
  for (const entry of list) {
    if (typeof entry === 'string') {
      dependencies.push(entry);
      continue;
    }
    const dependency = reader(file, entry, `dependencies of ${service}`);
    const deployment = dependency.optionalText('deployment');
    if (deployment !== undefined) throw errors.cloudDependency(service, deployment);
    const url = dependency.optionalText('url');
    const name = dependency.optionalText('service');
    // An address in the code wins over every wiring from outside.
    if (url !== undefined) urls.push(name ?? url);
    else if (name !== undefined) dependencies.push(name);
    else throw errors.notABento(file, `a dependency of ${service} has neither 'service' nor 'url'`);
  }
  return { dependencies: [...new Set(dependencies)], urls };
}

/** Units as BentoML means them: cores, and GiB where memory has no unit. */
function readSize(file: string, service: string, resources: Reader): SizeModel | undefined {
  const { cpu, memory, gpu, tpu_type: tpuType } = resources.value;
  if (tpuType !== undefined) {
    throw errors.notABento(
      file,
      `service ${service} asks for the TPU ${String(tpuType)}; state its size in code with Gpu.of({ name: 'tpu', resourceName: 'google.com/tpu' })`,
    );
  }
  if (cpu === undefined && memory === undefined && gpu === undefined) return undefined;
  const memoryBytes = memory === undefined ? undefined : bytes(file, service, memory);
  const device = gpu === undefined ? undefined : readGpu(service, resources);
  return {
    ...(cpu !== undefined && { cpuCores: cores(file, service, cpu) }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(device !== undefined && { gpu: device }),
    ...(device !== undefined &&
      memoryBytes !== undefined && {
        sharedMemoryBytes: Math.max(2 ** 20, Math.floor(memoryBytes / 2 ** 21) * 2 ** 20),
      }),
  };
}

function readGpu(service: string, resources: Reader): SizeModel['gpu'] {
  const property = `services[${service}].config.resources.gpu`;
  const count = resources.value.gpu;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1) throw errors.fractionalGpu(property, count);
  const type = resources.optionalText('gpu_type');
  const gpu =
    (type !== undefined && Gpu._ofBento(type)) || Gpu.of({ name: type ?? 'gpu', resourceName: 'nvidia.com/gpu' });
  if (count > gpu.maxPerNode) throw errors.multiNode(property, count, gpu.maxPerNode, gpu.name);
  return { name: gpu.name, resourceName: gpu.resourceName, count };
}

function cores(file: string, service: string, cpu: unknown): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(m?)$/.exec(String(cpu));
  const value = match === null ? 0 : Number(match[1]) / (match[2] === 'm' ? 1000 : 1);
  if (!(value > 0)) throw errors.notABento(file, `service ${service} asks for cpu ${JSON.stringify(cpu)}`);
  return Math.ceil(value * 1000) / 1000;
}

const UNITS: { [unit: string]: number } = {
  '': GIB,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: GIB,
  Ti: 2 ** 40,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
};

function bytes(file: string, service: string, memory: unknown): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)\s*([KMGT]i|[kKMGT]|)$/.exec(String(memory));
  const value = match === null ? 0 : Math.ceil(Number(match[1]) * UNITS[match[2]!]!);
  if (!(value > 0)) throw errors.notABento(file, `service ${service} asks for memory ${JSON.stringify(memory)}`);
  return value;
}

/** `path_prefix` shows in no field of its own, but BentoML writes the moved probe paths. */
function pathPrefix(livez: string | undefined, readyz: string | undefined): string {
  const prefix = livez?.endsWith('/livez') ? livez.slice(0, -'/livez'.length) : undefined;
  return prefix !== undefined && (readyz === undefined || readyz === `${prefix}/readyz`) ? prefix : '';
}

function hasTaskRoute(document: Document): boolean {
  const routes = asRecord(document.schema)?.routes;
  return Array.isArray(routes) && routes.some((route) => asRecord(route)?.is_task === true);
}

/** Required is what has no value and is asked for at run time; an empty string stands for no value. */
function requiredEnv(file: string, document: Document): string[] {
  return reader(file, document)
    .optionalList('envs')
    .map((entry) => reader(file, entry, 'envs[]'))
    .filter(
      ({ value }) =>
        (value.value === undefined || value.value === null || value.value === '') && value.stage !== 'build',
    )
    .map((env) => env.text('name'));
}

interface Reader {
  readonly value: Document;
  text(key: string): string;
  optionalText(key: string): string | undefined;
  number(key: string): number | undefined;
  wholeNumber(key: string): number | undefined;
  list(key: string): unknown[];
  optionalList(key: string): unknown[];
  child(key: string, of: string): Reader;
}

/** Reads fields of one map and says which one is not as BentoML writes it. */
function reader(file: string, value: unknown, where = 'the file'): Reader {
  const record = value === undefined || value === null ? {} : asRecord(value);
  if (record === undefined) throw errors.notABento(file, `${where} must be a map`);
  const bad = (key: string, rule: string): Error =>
    errors.notABento(file, `'${key}' of ${where} must be ${rule}, got ${JSON.stringify(record[key])}`);
  const absent = (key: string): boolean => record[key] === undefined || record[key] === null;
  const read: Reader = {
    value: record,
    text: (key) => read.optionalText(key) ?? fail(bad(key, 'text')),
    optionalText: (key) => {
      if (absent(key)) return undefined;
      const text = record[key];
      return typeof text === 'string' && text !== '' ? text : fail(bad(key, 'text that is not empty'));
    },
    number: (key) => {
      if (absent(key)) return undefined;
      const number = record[key];
      return typeof number === 'number' && Number.isFinite(number) && number > 0
        ? number
        : fail(bad(key, 'a number above 0'));
    },
    wholeNumber: (key) => {
      const number = read.number(key);
      return number === undefined || Number.isInteger(number) ? number : fail(bad(key, 'a whole number'));
    },
    list: (key) => (Array.isArray(record[key]) ? (record[key] as unknown[]) : fail(bad(key, 'a list'))),
    optionalList: (key) => (absent(key) ? [] : read.list(key)),
    child: (key, of) => reader(file, record[key], `${key} of ${of}`),
  };
  return read;
}

function fail(error: Error): never {
  throw error;
}

function asRecord(value: unknown): Document | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Document) : undefined;
}
