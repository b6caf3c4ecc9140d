import { requireResolved, requireText } from '../internal/checks';
import { errors } from '../internal/errors';
import { KEDA_SCALERS } from './keda-scaler-data';

/** A setting of a scaler, and where KEDA reads it. */
interface ScalerKey {
  /** With a star at its end it stands for all names that begin so. */
  readonly name: string;
  readonly inMetadata: boolean;
  /** By `<name>FromEnv`, from the pods that are scaled. */
  readonly inEnv: boolean;
  readonly inAuthentication: boolean;
  readonly required: boolean;
  readonly removed: boolean;
  readonly values?: readonly string[];
}

/** What scalers read beside their typed settings, so that KEDA's schema lacks it; by hand from pkg/scalers of 2.21.0. */
const BESIDE: readonly (readonly [string, readonly string[]])[] = [
  [
    'identityOwner:m awsAccessKeyID:me awsSecretAccessKey:e',
    [
      'apache-kafka',
      'aws-cloudwatch',
      'aws-dynamodb',
      'aws-dynamodb-streams',
      'aws-kinesis-stream',
      'aws-sqs-queue',
      'kafka',
      'prometheus',
    ],
  ],
  [
    'cloud:m activeDirectoryEndpoint:m',
    ['azure-app-insights', 'azure-cosmosdb', 'azure-data-explorer', 'azure-log-analytics', 'azure-monitor'],
  ],
  ['cloud:m endpointSuffix:m', ['azure-blob', 'azure-eventhub', 'azure-queue', 'azure-servicebus']],
  ['storageEndpointSuffix:m', ['azure-eventhub']],
  ['cosmosDBResourceURL:m', ['azure-cosmosdb']],
  ['cloud:m azureManagedPrometheusResourceURL:m credentials:e credentialsFromEnvFile:m', ['prometheus']],
  ['type:m', ['datadog']],
  ['oauthTokenURI:m scope:m clientID:m EndpointParams:m', ['pulsar']],
  // All of it goes on to the user's own scaler.
  ['*:me', ['external', 'external-push']],
];

/** Two names of one setting, which the schema holds to be two. */
const SAME: { readonly [scaler: string]: readonly string[] } = { ibmmq: ['queueName', 'queueNames'] };

const FROM_ENV = 'FromEnv';

/** Throws unless KEDA can make this scaler from this metadata, and would read all of it. */
export function requireTrigger(
  property: string,
  kind: string,
  metadata: { readonly [key: string]: string },
  hasAuthentication: boolean,
): void {
  const kindProperty = property.replace(/metadata$/, 'kind');
  requireText(kindProperty, kind);
  const keys = scalerKeys(kind);
  if (keys === undefined) throw errors.unknownScaler(kindProperty, kind, nearest(kind, scalerNames()));
  for (const [key, value] of Object.entries(metadata)) requireEntry(property, kind, keys, key, value);
  for (const key of keys) requirePresence(property, kind, key, metadata, hasAuthentication);
}

function requireEntry(property: string, kind: string, keys: readonly ScalerKey[], key: string, value: string): void {
  requireResolved(`${property}.${key}`, value);
  if (typeof value !== 'string') throw errors.invalidText(`${property}.${key}`, 'text', value);
  const readers = keys.filter((known) => reads(known, key));
  if (readers.length === 0) {
    throw errors.unknownTriggerKey(property, kind, key, `KEDA would ignore it: ${remedyOf(keys, key)}`);
  }
  // An empty setting is none to KEDA.
  if (value.trim() === '') return;
  for (const { name, removed, values } of readers) {
    if (removed)
      throw errors.unknownTriggerKey(property, kind, key, 'KEDA has removed it, its documentation says for what');
    if (values === undefined || name !== key) continue;
    const wrong = value.split(',').filter((part) => !values.includes(part.trim()));
    if (wrong.length > 0) throw errors.invalidText(`${property}.${key}`, `one of ${values.join(', ')}`, value);
  }
}

function reads({ name, inMetadata, inEnv }: ScalerKey, key: string): boolean {
  if (name.endsWith('*')) return key.startsWith(name.slice(0, -1));
  return (inMetadata && key === name) || (inEnv && key === name + FROM_ENV);
}

function requirePresence(
  property: string,
  kind: string,
  key: ScalerKey,
  metadata: { readonly [key: string]: string },
  hasAuthentication: boolean,
): void {
  const { name, inMetadata, inEnv, inAuthentication, required } = key;
  if (!required || (inAuthentication && hasAuthentication)) return;
  const same = SAME[kind];
  const names = same?.includes(name) ? same : [name];
  if (names.some((one) => stated(metadata, one) || (inEnv && stated(metadata, one + FROM_ENV)))) return;
  const ways = [
    ...(inMetadata ? ['state it'] : []),
    ...(inEnv ? [`name a variable of the pods by "${name}${FROM_ENV}"`] : []),
    ...(inAuthentication ? ['give an authentication that holds it'] : []),
  ];
  throw errors.missingTriggerKey(property, kind, name, ways.join(', or '));
}

function stated(metadata: { readonly [key: string]: string }, key: string): boolean {
  return metadata[key] !== undefined && metadata[key].trim() !== '';
}

function remedyOf(keys: readonly ScalerKey[], key: string): string {
  const elsewhere = keys.find(({ name }) => name === key);
  if (elsewhere?.inEnv) return `name a variable of the pods by "${key}${FROM_ENV}", or give an authentication`;
  if (elsewhere !== undefined) return 'it is read from an authentication only';
  const itself = keys.find(({ name, inMetadata }) => inMetadata && key === name + FROM_ENV);
  if (itself !== undefined) return `state "${itself.name}" itself`;
  const names = keys.flatMap(({ name, inMetadata, inEnv, removed }) =>
    removed ? [] : [...(inMetadata ? [name] : []), ...(inEnv ? [name + FROM_ENV] : [])],
  );
  const near = nearest(key, names);
  return near.length > 0 ? `did you mean ${near.join(', ')}?` : `there are ${[...new Set(names)].join(', ')}`;
}

function scalerNames(): string[] {
  return KEDA_SCALERS.trim()
    .split('\n')
    .map((line) => line.slice(0, line.indexOf(' ')));
}

function scalerKeys(kind: string): ScalerKey[] | undefined {
  const line = KEDA_SCALERS.split('\n').find((text) => text.startsWith(`${kind} `));
  if (line === undefined) return undefined;
  const beside = BESIDE.filter(([, kinds]) => kinds.includes(kind)).map(([text]) => text);
  return [line.slice(kind.length + 1), ...beside].flatMap((text) => text.split(' ').map(scalerKey));
}

function scalerKey(text: string): ScalerKey {
  const [, name, flags, values] = /^([^:]+):([a-z]*)(?:=(.*))?$/.exec(text)!;
  return {
    name: name!,
    inMetadata: flags!.includes('m'),
    inEnv: flags!.includes('e'),
    inAuthentication: flags!.includes('a'),
    required: flags!.includes('r'),
    removed: flags!.includes('d'),
    values: values?.split('|'),
  };
}

/** At most three names that somebody may have meant. */
function nearest(text: string, names: readonly string[]): string[] {
  const word = text.toLowerCase();
  // Two letters that are swapped are two letters that are wrong.
  const most = word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
  const score = (name: string) =>
    word.length > 2 && name.toLowerCase().includes(word) ? 1 : distance(word, name.toLowerCase());
  return [...new Set(names)]
    .map((name) => ({ name, score: score(name) }))
    .filter((candidate) => candidate.score <= most)
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

/** How many letters must be added, left out or changed. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
