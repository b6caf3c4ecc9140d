import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { requireTrigger } from '../../lib/scaling/keda-scalers';
import { DATA, isRequired, type Parameter, readScalers, scalerData } from './generate-keda-scalers';

type Metadata = Record<string, string>;
const check = (kind: string, metadata: Metadata, authentication = false) =>
  requireTrigger('metadata', kind, metadata, authentication);
const scalers = readScalers();

test('the data is what the schema of KEDA 2.21.0 gives', () => {
  expect(readFileSync(DATA, 'utf8')).toBe(scalerData(scalers));
});

const prometheus = { serverAddress: 'http://prometheus:9090', query: 'up', threshold: '100' };

// From https://keda.sh/docs/2.21/scalers/.
describe('a trigger from the documentation of KEDA passes:', () => {
  it.each<[string, Metadata, boolean?]>([
    ['rabbitmq', { protocol: 'amqp', queueName: 'testqueue', mode: 'QueueLength', value: '20' }, true],
    ['rabbitmq', { hostFromEnv: 'RABBITMQ_HOST', queueName: '^.*incoming$', useRegex: 'true', vhostName: '/' }],
    [
      'kafka',
      {
        bootstrapServers: 'kafka.svc:9092',
        consumerGroup: 'my-group',
        topic: 'test-topic',
        lagThreshold: '5',
        offsetResetPolicy: 'latest',
        partitionLimitation: '1,2,10-20,31',
        sasl: 'plaintext',
        tls: 'enable',
      },
    ],
    [
      'aws-sqs-queue',
      { queueURLFromEnv: 'QUEUE_URL', queueLength: '5', awsRegion: 'eu-west-1', awsEndpoint: '', identityOwner: 'pod' },
    ],
    ['aws-sqs-queue', { queueURL: 'myQueue', queueLength: '5', awsRegion: 'eu-west-1' }, true],
    [
      'aws-cloudwatch',
      {
        expression: 'SELECT COUNT("MessageCount") FROM "AWS/AmazonMQ"',
        targetMetricValue: '2',
        minMetricValue: '0',
        awsRegion: 'eu-west-1',
        awsAccessKeyIDFromEnv: 'AWS_ACCESS_KEY_ID',
        awsSecretAccessKeyFromEnv: 'AWS_SECRET_ACCESS_KEY',
      },
    ],
    ['redis', { address: 'localhost:6379', passwordFromEnv: 'REDIS_PASSWORD', listName: 'mylist', listLength: '5' }],
    ['cron', { timezone: 'Asia/Kolkata', start: '0 6 * * *', end: '0 20 * * *', desiredReplicas: '10' }],
    ['postgresql', { connectionFromEnv: 'AIRFLOW_DB', query: 'SELECT 1', targetQueryValue: '1.1' }],
    [
      'azure-servicebus',
      { queueName: 'orders', connectionFromEnv: 'SB', cloud: 'Private', endpointSuffix: 'servicebus.airgap.example' },
    ],
    [
      'azure-queue',
      { queueName: 'orders', accountName: 'store', queueLengthStrategy: 'all', cloud: 'AzureUSGovernmentCloud' },
      true,
    ],
    ['gcp-pubsub', { mode: 'SubscriptionSize', value: '5', subscriptionName: 's', credentialsFromEnv: 'GOOGLE' }],
    ['prometheus', { ...prometheus, ignoreNullValues: 'false', customHeaders: 'X-Client-Id=cid', timeout: '1000' }],
    ['prometheus', { ...prometheus, authModes: 'tls, basic' }, true],
    ['prometheus', { ...prometheus, awsRegion: 'eu-west-1', identityOwner: 'operator' }, true],
    [
      'sumologic',
      {
        host: 'https://api.sumologic.com',
        queryType: 'metrics',
        'query.A': 'metric=requests_total | rate',
        'query.B': 'metric=request_capacity',
        timerange: '15m',
        threshold: '75',
      },
      true,
    ],
    ['datadog', { useClusterAgentProxy: 'true', datadogMetricName: 'hits', targetValue: '2', type: 'global' }, true],
    ['external', { scalerAddress: 'redis-external-scaler-service:8080', listName: 'mylist', listLength: '5' }],
    ['ibmmq', { host: 'https://mq:9443', queueName: 'Q', usernameFromEnv: 'U', passwordFromEnv: 'P' }],
    ['ibmmq', { host: 'https://mq:9443', queueNames: 'Q,R' }, true],
    ['pulsar', { adminURL: 'http://pulsar', topic: 't', subscription: 's', oauthTokenURI: 'http://issuer' }, true],
  ])('%s %j', (kind, metadata, authentication) => {
    check(kind, metadata, authentication);
  });
});

describe('fails for', () => {
  it.each<[string, string, Metadata, boolean, string]>([
    [
      'a scaler that is spelled wrong',
      'kafak',
      {},
      false,
      `[UnknownScaler] 'kind' must be a scaler of KEDA 2.21, got "kafak"; did you mean kafka?`,
    ],
    [
      'a part of a name',
      'sqs',
      {},
      false,
      `[UnknownScaler] 'kind' must be a scaler of KEDA 2.21, got "sqs"; did you mean aws-sqs-queue?`,
    ],
    [
      'a scaler that is like no other',
      'carrier-pigeon',
      {},
      false,
      `[UnknownScaler] 'kind' must be a scaler of KEDA 2.21, got "carrier-pigeon"; they stand at https://keda.sh/docs/2.21/scalers/`,
    ],
    ['no scaler', '', {}, false, `[InvalidText] 'kind' must be text that is not empty, got ""`],
    [
      'a key that is spelled wrong',
      'prometheus',
      { ...prometheus, treshold: '5' },
      false,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler prometheus reads there, got "treshold"; KEDA would ignore it: did you mean threshold?`,
    ],
    [
      'a key in another case, as in the documentation itself',
      'rabbitmq',
      { queueName: 'q', vHostName: '/' },
      true,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler rabbitmq reads there, got "vHostName"; KEDA would ignore it: did you mean vhostName?`,
    ],
    [
      'a key that is like no other',
      'cron',
      { schedule: '* * * * *' },
      false,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler cron reads there, got "schedule"; KEDA would ignore it: there are start, end, timezone, desiredReplicas`,
    ],
    [
      'a secret in the metadata',
      'azure-servicebus',
      { queueName: 'q', connection: 'Endpoint=sb://x' },
      false,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler azure-servicebus reads there, got "connection"; KEDA would ignore it: name a variable of the pods by "connectionFromEnv", or give an authentication`,
    ],
    [
      'a key of the authentication in the metadata',
      'dynatrace',
      { token: 'x' },
      false,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler dynatrace reads there, got "token"; KEDA would ignore it: it is read from an authentication only`,
    ],
    [
      'a variable of the pods where none is read',
      'prometheus',
      { ...prometheus, thresholdFromEnv: 'T' },
      false,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler prometheus reads there, got "thresholdFromEnv"; KEDA would ignore it: state "threshold" itself`,
    ],
    [
      'a key that KEDA has removed',
      'cpu',
      { type: 'Utilization', value: '60' },
      false,
      `[UnknownTriggerKey] 'metadata' must hold what the scaler cpu reads there, got "type"; KEDA has removed it, its documentation says for what`,
    ],
    [
      'a required key',
      'prometheus',
      { query: 'up', threshold: '1' },
      true,
      `[MissingTriggerKey] 'metadata' must hold "serverAddress", which the scaler prometheus requires; state it`,
    ],
    [
      'a required key without a value',
      'prometheus',
      { ...prometheus, query: ' ' },
      false,
      `[MissingTriggerKey] 'metadata' must hold "query", which the scaler prometheus requires; state it`,
    ],
    [
      'a required key that may come from elsewhere',
      'rabbitmq',
      { queueName: 'q' },
      false,
      `[MissingTriggerKey] 'metadata' must hold "host", which the scaler rabbitmq requires; state it, or name a variable of the pods by "hostFromEnv", or give an authentication that holds it`,
    ],
    [
      'a key that only an authentication holds',
      'dynatrace',
      { host: 'https://x', threshold: '1' },
      false,
      `[MissingTriggerKey] 'metadata' must hold "token", which the scaler dynatrace requires; give an authentication that holds it`,
    ],
    [
      'neither of two names',
      'ibmmq',
      { host: 'h' },
      true,
      `[MissingTriggerKey] 'metadata' must hold "queueName", which the scaler ibmmq requires; state it`,
    ],
    [
      'a value that is not allowed',
      'kafka',
      { bootstrapServers: 'b', consumerGroup: 'g', tls: 'true' },
      false,
      `[InvalidText] 'metadata.tls' must be one of enable, disable, got "true"`,
    ],
    [
      'one value of several that is not allowed',
      'prometheus',
      { ...prometheus, authModes: 'bearer,oidc' },
      true,
      `[InvalidText] 'metadata.authModes' must be one of apiKey, basic, tls, bearer, custom, oauth, got "bearer,oidc"`,
    ],
    [
      'a number',
      'prometheus',
      { ...prometheus, threshold: 100 as never },
      false,
      `[InvalidText] 'metadata.threshold' must be text, got 100`,
    ],
  ])('%s', (_, kind, metadata, authentication, message) => {
    expect(() => check(kind, metadata, authentication)).toThrow(new Error(message));
  });

  it('a value that only Terraform will know', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a token of cdktf is text like this.
    expect(() => check('prometheus', { ...prometheus, query: '${TfToken[TOKEN.7]}' })).toThrow('[UnresolvedToken]');
  });

  it('names its property as the user knows it', () => {
    expect(() => requireTrigger('triggers[2].metadata', 'kafak', {}, false)).toThrow("'triggers[2].kind'");
  });
});

const anyValue = ({ allowedValue }: Parameter) => allowedValue?.[0] ?? 'x';
const stated = (parameters: Parameter[]) => Object.fromEntries(parameters.map((p) => [p.name, anyValue(p)]));
const inMetadata = (p: Parameter) => p.metadataVariableReadable === true;

describe.each(scalers)('the scaler $type', ({ type, parameters }) => {
  const readable = parameters.filter((p) => inMetadata(p) && p.deprecated === undefined);
  const required = stated(readable.filter(isRequired));

  it('passes with what it requires, and with all it reads', () => {
    check(type, required, true);
    check(type, stated(readable), true);
  });

  it('fails without one of the keys that it requires in the metadata', () => {
    const only = parameters.filter((p) => isRequired(p) && inMetadata(p) && !p.triggerAuthenticationVariableReadable);
    for (const { name } of only.filter((p) => !(type === 'ibmmq' && p.name.startsWith('queueName')))) {
      const { [name]: _, ...rest } = required;
      expect(() => check(type, rest, true)).toThrow(`'metadata' must hold "${name}"`);
    }
  });
});

// What external scalers do not know goes on to the user's own program.
const typed = scalers.filter(({ type }) => !type.startsWith('external'));

it.each(typed)('the scaler $type fails for any other key', ({ type, parameters }) => {
  const required = stated(parameters.filter((p) => inMetadata(p) && p.deprecated === undefined && isRequired(p)));
  fc.assert(
    fc.property(fc.stringMatching(/^zz[a-zA-Z]{0,20}$/), (key) => {
      expect(() => check(type, { ...required, [key]: 'x' }, true)).toThrow('[UnknownTriggerKey]');
    }),
    { numRuns: 5 },
  );
});
