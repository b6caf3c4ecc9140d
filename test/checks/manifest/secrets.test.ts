import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configMap, deployment, found, type Json, secret } from './manifests';

const rule = 'SecretInClear';
const withEnv = (name: string, rest: Json) => deployment('a', { container: { env: [{ name, ...rest }] } });
const value = (text: string) => ({ value: text });
// Put together here, or scanners of repositories would find them.
const shapes = {
  aws: `AKIA${'IOSFODNN7EXAMPLE'}`,
  huggingFace: `hf_${'aB3'.repeat(11)}`,
  github: `ghp_${'a1B2'.repeat(9)}`,
  gitlab: `glpat-${'x9'.repeat(10)}`,
  openAi: `sk-${'proj-'}${'aB3x'.repeat(8)}`,
  pem: `-----BEGIN ${'RSA PRIVATE'} KEY-----\nMIIB`,
  url: `postgres://app:${'s3cret'}@db.example.com:5432/app`,
};

describe(rule, () => {
  it('says where and how long, never what', () => {
    expect(found(rule, withEnv('DB_PASSWORD', value('hunter2')))).toEqual([
      "Deployment/a spec.template.spec.containers[0].env[0].value: 'spec.template.spec.containers[0].env[0].value' must not hold a secret in the clear, got a literal of 7 characters for DB_PASSWORD",
    ]);
  });

  it.each([
    'TOKEN',
    'HF_TOKEN',
    'PASSWORD',
    'DB_PASSWORD',
    'CLIENT_SECRET',
    'API_KEY',
    'OPENAI_API_KEY',
    'APIKEY',
    'API_KEY_2',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'GOOGLE_CREDENTIALS',
    'TLS_PRIVATE_KEY',
    'dbPassword',
    'api-key',
    'SECRET_KEY_BASE',
    'TOKEN_BASE64',
  ])('finds a literal for %s', (name) => expect(found(rule, withEnv(name, value('x9f2')))).toHaveLength(1));

  it.each([
    ['TOKENIZERS_PARALLELISM', 'false'],
    ['MAX_TOKENS', '512'],
    ['MAX_TOKEN', '512'],
    ['EOS_TOKEN', '</s>'],
    ['STOP_TOKEN', 'END'],
    ['API_KEY_HEADER', 'x-api-key'],
    ['API_KEY_FILE', '/run/secrets/key'],
    ['SECRET_PATH', '/run/secrets'],
    ['TOKEN_URL', 'https://login.example.com/token'],
    ['SECRET_NAME', 'search'],
    ['PASSWORD_MIN_LENGTH', '12'],
    ['REQUIRE_TOKEN', 'true'],
    ['MONKEY', 'gibbon'],
    ['KEY', 'a'],
    ['PASSWORD', ''],
    ['PASSWORD', ' '],
    ['PASSWORD', '$(DB_PASSWORD)'],
    ['PASSWORD', '$' + '{db_password}'],
    ['PASSWORD', '<from-vault>'],
    ['TOKEN', 'vault:secret/data/search#token'],
    ['DATABASE_URL', 'postgres://app:$(DB_PASSWORD)@db/app'],
    ['DATABASE_URL', 'postgres://app@db/app'],
    ['PROXY', 'http://proxy.example.com:3128/a@b'],
    ['MODEL', 'sk-learn-text-classification-pipeline'],
    ['DISK', 'disk-0123456789ABCDEFGHIJKLMN'],
    ['REVISION', 'hf_internal-testing'],
  ])('takes %s=%s', (name, text) => expect(found(rule, withEnv(name, value(text)))).toEqual([]));

  it('takes references', () => {
    const from = { valueFrom: { secretKeyRef: { name: 'search', key: 'password' } } };
    expect(found(rule, withEnv('PASSWORD', from))).toEqual([]);
  });

  it.each(Object.entries(shapes))('finds the shape of %s anywhere', (_, text) => {
    const objects = [
      withEnv('SETTING', value(text)),
      deployment('a', { container: { args: ['--x', text] } }),
      configMap('a', { 'app.ini': `first=1\nsecond=${text}\n` }),
      { ...deployment('a'), metadata: { name: 'a', annotations: { 'example.com/note': text } } },
      { apiVersion: 'example.com/v1', kind: 'Anything', metadata: { name: 'a' }, deep: [{ list: [text] }] },
    ];
    for (const object of objects) {
      const findings = found(rule, object);
      expect(findings).toHaveLength(1);
      expect(findings[0]).not.toContain(text);
    }
  });

  it('finds keys of config maps that name a secret', () => {
    expect(found(rule, configMap('a', { password: 'hunter2', level: 'info' }))).toEqual([
      "ConfigMap/a data.password: 'data.password' must not hold a secret in the clear, got a literal of 7 characters for password",
    ]);
  });

  it.each([
    [['--api-key=abc'], 'args[0]'],
    [['--port', '80', '--api-key', 'abc'], 'args[3]'],
  ])('finds flags: %j', (args, location) => {
    expect(found(rule, deployment('a', { container: { args } }))[0]).toContain(location);
  });

  it.each([
    [['--api-key', '$(API_KEY)']],
    [['--api-key=$(API_KEY)']],
    [['--api-key', '--port']],
    [['--token-file', '/run/token']],
    [['--api-key']],
  ])('takes flags: %j', (args) => expect(found(rule, deployment('a', { container: { args } }))).toEqual([]));

  it('counts one place once', () =>
    expect(found(rule, withEnv('HF_TOKEN', value(shapes.huggingFace)))).toHaveLength(1));

  it('leaves Secrets to their own rule, and schemas alone', () => {
    expect(found(rule, secret('a', { stringData: { password: shapes.openAi } }))).toEqual([]);
    const crd = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'a' },
      spec: { x: shapes.url },
    };
    expect(found(rule, crd)).toEqual([]);
  });

  it('never repeats a value', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{8,20}Z$/), (text) => {
        expect(found(rule, withEnv('API_KEY', value(text))).join()).not.toContain(text);
      }),
    );
  });
});

describe('SecretInManifest', () => {
  const kind = 'SecretInManifest';

  it('names the keys, never the values', () => {
    expect(found(kind, secret('a', { data: { password: 'aHVudGVyMg==', user: 'YQ==' } }))).toEqual([
      "Secret/a data: 'data' of a Secret must not be in the manifests, got password, user",
    ]);
  });

  it.each([
    ['stringData', secret('a', { stringData: { a: 'b' } }), 1],
    ['no data', secret('a', { type: 'Opaque' }), 0],
    ['empty values', secret('a', { data: { a: '' } }), 0],
    ['a placeholder', secret('a', { stringData: { a: '<path:secret/data/a#b>' } }), 0],
    ['what SOPS encrypted', secret('a', { data: { a: 'ENC[AES256_GCM,data:x]' }, sops: { version: '3' } }), 0],
    [
      'a sealed secret',
      {
        ...secret('a', { spec: { encryptedData: { a: 'AgB' } } }),
        apiVersion: 'bitnami.com/v1alpha1',
        kind: 'SealedSecret',
      },
      0,
    ],
    [
      'an external secret',
      {
        ...secret('a', { spec: { data: [{ secretKey: 'a' }] } }),
        apiVersion: 'external-secrets.io/v1',
        kind: 'ExternalSecret',
      },
      0,
    ],
  ])('judges %s', (_, object, count) => expect(found(kind, object)).toHaveLength(count));
});
