import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Tags } from 'yaml';
import { BentoError, errors, show } from '../internal/errors';
import { dig, isMap, type JsonMap } from '../internal/json';
import { dnsLabel } from '../internal/names';
import { Gpu } from '../sizing/gpu';
import { halfInMebibytes, type SizeModel } from '../sizing/instance-size';
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
  const bento = reader(file, document);
  const entries = bento.list('services');
  const entryService = bento.optionalText('entry_service') ?? reader(file, entries[0], 'services[]').text('name');
  const tasks = hasTaskRoute(document) ? entryService : undefined;
  const services = entries.map((entry) => readService(file, entry, tasks));
  if (!services.some(({ name }) => name === entryService)) {
    throw errors.notABento(file, `entry_service ${show(entryService)} is not among its services`);
  }
  requireSoundGraph(entryService, services);
  const requirements = dig(document, 'image', 'python_requirements');
  return {
    image,
    name: bento.text('name'),
    version: scalarText(file, document, 'version'),
    entryService,
    services: Object.fromEntries(services.map((service) => [service.name, service])),
    requiredEnv: requiredEnv(file, bento),
    requirements: typeof requirements === 'string' ? requirements : undefined,
    source: file,
  };
}

function locate(path: string): string {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'bento.yaml') : path;
  if (!existsSync(file) || !statSync(file).isFile()) throw errors.fileNotFound('path', file);
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw errors.fileTooLarge('path', file, size, MAX_BYTES);
  return file;
}

function parseYaml(file: string): JsonMap {
  // Loaded here, for most definitions of a large app never read a file.
  const { parseDocument } = require('yaml') as typeof import('yaml');
  const text = readFileSync(file, 'utf8');
  let value: unknown;
  try {
    const parsed = parseDocument(text, {
      version: '1.1',
      logLevel: 'error',
      customTags: (tags) => tags.filter((tag) => !isTimestamp(tag)).map(asPyYaml),
    });
    const [problem] = parsed.errors;
    if (problem !== undefined) throw problem;
    value = parsed.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // Beside what is wrong with the text: too many aliases, or too deep for the stack.
    throw errors.notYaml(file, (error as Error).message.split('\n')[0]!);
  }
  if (!isMap(value)) throw errors.notABento(file, 'its top level must be a map');
  return value;
}

/** What PyYAML, which writes these files, leaves unquoted as text though others read a number, truth or date in it. */
const TEXT_OF_PYYAML: { [type: string]: string } = {
  // y and N.
  bool: '.$',
  // 08.
  int: '[-+]?0[0-9_]*[89]',
  // 1234e56, which a version may well be: its floats have a point, and a sign in the exponent.
  float: '(?:[^.]*|.*[eE][0-9]+|\\.)$',
};

// PyYAML quotes text that looks like a date; what is left was written by hand and is text to us.
function isTimestamp(tag: Tags[number]): boolean {
  return typeof tag === 'object' && tag.tag === 'tag:yaml.org,2002:timestamp';
}

function asPyYaml(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.collection !== undefined || tag.test === undefined) return tag;
  const text = TEXT_OF_PYYAML[tag.tag.split(':').at(-1)!];
  return text === undefined ? tag : { ...tag, test: new RegExp(`^(?!${text})${tag.test.source}`) };
}

/** Bentos of BentoML <= 1.1 have runners and apis, and no services in this sense. */
function requireModernBento(file: string, document: JsonMap): void {
  const { services, service, runners, apis } = document;
  const version = scalarText(file, document, 'bentoml_version');
  const isEmpty = (value: unknown): boolean => absent(value) || (Array.isArray(value) && value.length === 0);
  if (!isEmpty(services)) return;
  const [major = 0, minor = 0] = (version ?? '2').split('.').map(Number);
  if (major < 1 || (major === 1 && minor < 2)) throw errors.legacyBento(file, `BentoML ${version}`);
  // BentoML >= 1.2 can still build a Bento of the old kind.
  if (!isEmpty(runners) || !isEmpty(apis)) throw errors.legacyBento(file, 'BentoML <= 1.1 (it has runners or apis)');
  if (absent(services) && absent(service)) throw errors.notABento(file, "it has neither 'service' nor 'services'");
  throw errors.noServices(file);
}

function readService(file: string, value: unknown, withTasks: string | undefined): BentoServiceModel {
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
    ...readSize(file, name, config.child('resources', name)),
    timeoutSeconds: traffic.number('timeout'),
    maxConcurrency: traffic.wholeNumber('max_concurrency'),
    targetConcurrency: traffic.wholeNumber('concurrency'),
    workers: config.value.workers === 'cpu_count' ? 'cpu_count' : config.wholeNumber('workers'),
    pathPrefix: pathPrefix(endpoints.optionalText('livez'), endpoints.optionalText('readyz')),
    metricsEnabled: metrics.value.enabled !== false,
    metricsNamespace: metrics.optionalText('namespace') ?? DEFAULT_METRICS_NAMESPACE,
    lastBucketSeconds: lastBucket(metrics.child('duration', name)),
    hasTasks: name === withTasks,
    extraPorts: config.optionalList('extra_ports').map((port) => readPort(file, name, port)),
    monitorsToFiles:
      monitoring.value.enabled !== false &&
      (monitoring.value.type === undefined || monitoring.value.type === 'default') &&
      dig(monitoring.value, 'options', 'log_path') === undefined,
  };
}

/** Buckets are listed, or grow from `min` to `max`. */
function lastBucket(duration: Reader): number | undefined {
  const buckets = duration.optionalList('buckets').filter((bucket): bucket is number => typeof bucket === 'number');
  return buckets.length > 0 ? Math.max(...buckets) : duration.number('max');
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

function readPort(file: string, service: string, port: unknown): number {
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw errors.notABento(file, `service ${service} has the extra port ${show(port)}`);
  }
  return port;
}

/**
 * Units as BentoML means them: cores, and GiB where memory has no unit. What no node has is a problem only where the
 * definition states no size of its own.
 */
function readSize(file: string, service: string, resources: Reader): Pick<BentoServiceModel, 'size' | 'sizeProblem'> {
  const { cpu, memory, gpu } = resources.value;
  const cpuCores = cpu === undefined ? undefined : cores(file, service, cpu);
  const memoryBytes = memory === undefined ? undefined : bytes(file, service, memory);
  const device = readDevice(file, service, resources);
  if (device instanceof BentoError) return { sizeProblem: device };
  if (cpuCores === undefined && memoryBytes === undefined && gpu === undefined) return {};
  return {
    size: {
      ...(cpuCores !== undefined && { cpuCores }),
      ...(memoryBytes !== undefined && { memoryBytes }),
      ...(device !== undefined && { gpu: device }),
      ...(device !== undefined && memoryBytes !== undefined && { sharedMemoryBytes: halfInMebibytes(memoryBytes) }),
    },
  };
}

/** The accelerator, none, or why it cannot be had. */
function readDevice(file: string, service: string, resources: Reader): SizeModel['gpu'] | BentoError {
  const property = `services[${service}].config.resources`;
  const { gpu: count, tpu_type: tpuType } = resources.value;
  const type = resources.optionalText('gpu_type');
  if (tpuType !== undefined) return errors.unknownGpu(`${property}.tpu_type`, 'left to the definition', tpuType);
  if (count === undefined && type !== undefined) {
    return errors.unknownGpu(`${property}.gpu_type`, "given together with 'gpu'", type);
  }
  if (count === undefined) return undefined;
  if (typeof count !== 'number' || !Number.isFinite(count) || count <= 0) {
    throw errors.notABento(file, `service ${service} asks for gpu ${show(count)}`);
  }
  if (!Number.isInteger(count)) return errors.fractionalGpu(`${property}.gpu`, count);
  const known = type === undefined ? undefined : Gpu._ofBento(type);
  if (known === undefined && type !== undefined && !type.startsWith('nvidia-')) {
    return errors.unknownGpu(`${property}.gpu_type`, 'a device that the library knows', type);
  }
  const gpu = known ?? Gpu.of({ name: type ?? 'gpu', resourceName: 'nvidia.com/gpu' });
  if (count > gpu.maxPerNode) return errors.multiNode(`${property}.gpu`, count, gpu.maxPerNode, gpu.name);
  return { name: gpu.name, resourceName: gpu.resourceName, count };
}

function cores(file: string, service: string, cpu: unknown): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(m?)$/.exec(isScalar(cpu) ? String(cpu) : '');
  const milli = match === null ? 0 : Number(match[1]) * (match[2] === 'm' ? 1 : 1000);
  if (!(milli > 0)) throw errors.notABento(file, `service ${service} asks for cpu ${show(cpu)}`);
  // Rounded up, but not for what is left of a multiplication.
  return Math.ceil(milli - 1e-6) / 1000;
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
  const match = /^([0-9]+(?:\.[0-9]+)?)\s*([KMGT]i|[kKMGT]|)$/.exec(isScalar(memory) ? String(memory) : '');
  const value = match === null ? 0 : Math.ceil(Number(match[1]) * UNITS[match[2]!]!);
  if (!(value > 0)) throw errors.notABento(file, `service ${service} asks for memory ${show(memory)}`);
  return value;
}

/** `path_prefix` shows in no field of its own, but BentoML writes the moved probe paths. */
function pathPrefix(livez: string | undefined, readyz: string | undefined): string {
  const prefix = livez?.endsWith('/livez') ? livez.slice(0, -'/livez'.length) : undefined;
  return prefix !== undefined && (readyz === undefined || readyz === `${prefix}/readyz`) ? prefix : '';
}

function hasTaskRoute(document: JsonMap): boolean {
  const routes = dig(document, 'schema', 'routes');
  return Array.isArray(routes) && routes.some((route) => dig(route, 'is_task') === true);
}

/** Required is what has no value and is asked for at run time; an empty string stands for no value. */
function requiredEnv(file: string, bento: Reader): string[] {
  return bento
    .optionalList('envs')
    .map((entry) => reader(file, entry, 'envs[]'))
    .filter(({ value }) => (absent(value.value) || value.value === '') && value.stage !== 'build')
    .map((env) => env.text('name'));
}

interface Reader {
  readonly value: JsonMap;
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
  const record = absent(value) ? {} : value;
  if (!isMap(record)) throw errors.notABento(file, `${where} must be a map`);
  const bad = (key: string, rule: string): Error =>
    errors.notABento(file, `'${key}' of ${where} must be ${rule}, got ${show(record[key])}`);
  const read: Reader = {
    value: record,
    text: (key) => read.optionalText(key) ?? fail(bad(key, 'text')),
    optionalText: (key) => {
      if (absent(record[key])) return undefined;
      const text = record[key];
      return typeof text === 'string' && text !== '' ? text : fail(bad(key, 'text that is not empty'));
    },
    number: (key) => {
      if (absent(record[key])) return undefined;
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
    optionalList: (key) => (absent(record[key]) ? [] : read.list(key)),
    child: (key, of) => reader(file, record[key], `${key} of ${of}`),
  };
  return read;
}

/** A field that YAML may have made a number of. */
function scalarText(file: string, document: JsonMap, key: string): string | undefined {
  const value = document[key];
  if (absent(value)) return undefined;
  if (isScalar(value) || typeof value === 'boolean') return String(value);
  throw errors.notABento(file, `'${key}' must be text, got ${show(value)}`);
}

function fail(error: Error): never {
  throw error;
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isScalar(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
