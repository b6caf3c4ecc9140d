import { describe, expect, it } from 'vitest';
import {
  Affinity,
  BentoDeployment,
  type BentoDeploymentProps,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  LogLevel,
  NodeRequirement,
  OtlpProtocol,
  type PodOptions,
  Runner,
  SecretRef,
  ServiceAccountRef,
  TaintEffect,
  Toleration,
  Tracing,
} from '../../lib';
import { fileKey } from '../../lib/component/merge-options';
import { pair } from '../bentos';
import { type Objects, synthesize } from '../tree';

const deploy = (props: Partial<BentoDeploymentProps>): Objects =>
  synthesize((chart) => {
    new BentoDeployment(chart, 'Rag', { bento: pair(), ...props });
  });

/** The same options for all components, and others for the pool alone. */
const both = (all: PodOptions, own: PodOptions): Objects => deploy({ ...all, runners: { Embedder: Runner.pool(own) } });

describe('options of all components and of one', () => {
  it('add up in env, the one of the component winning in its place', () => {
    const objects = both(
      { env: [EnvVar.value('A', 'all'), EnvVar.value('B', 'all')] },
      { env: [EnvVar.value('C', 'own'), EnvVar.value('A', 'own')] },
    );
    const user = (name: string) =>
      objects.server(name).env.filter((variable: { name: string }) => /^[ABC]$/.test(variable.name));
    expect(user('rag')).toEqual([
      { name: 'A', value: 'all' },
      { name: 'B', value: 'all' },
    ]);
    expect(user('rag-embedder')).toEqual([
      { name: 'A', value: 'own' },
      { name: 'B', value: 'all' },
      { name: 'C', value: 'own' },
    ]);
  });

  it('give the user the last word on caches and on usage pings', () => {
    const env = [EnvVar.value('HF_HOME', '/models/hub'), EnvVar.value('BENTOML_DO_NOT_TRACK', 'False')];
    const objects = deploy({ env });
    const names = objects.server('rag').env.map((variable: { name: string }) => variable.name);
    expect(new Set(names).size).toBe(names.length);
    expect(objects.env('rag')).toMatchObject({ HF_HOME: '/models/hub', BENTOML_DO_NOT_TRACK: 'False' });
  });

  it('take an empty value of a variable as a value', () => {
    expect(deploy({ env: [EnvVar.value('A', '')] }).env('rag').A).toBe('');
  });

  it.each([
    ['all', { env: [EnvVar.value('A', '1'), EnvVar.value('A', '2')] }, {}, "'env'"],
    ['one', {}, { env: [EnvVar.value('A', '1'), EnvVar.value('A', '2')] }, "'runners.Embedder.env'"],
  ])('fails on a variable twice for %s', (_, all, own, property) => {
    expect(() => both(all, own)).toThrow(`[DuplicateKey] ${property} must state "A" once`);
  });

  it.each([
    'BENTOML_SERVE_DEPENDS',
    'BENTOML_SERVE_COMPONENT',
    'BENTOML_CONFIG',
    'BENTOML_CONFIG_OPTIONS',
    'BENTOML_CONFIG_OVERRIDES',
    'BENTOML_HOME',
    'BENTOML_PORT',
    'PORT',
  ])('fails on %s, which the library owns', (name) => {
    expect(() => deploy({ env: [EnvVar.value(name, 'x')] })).toThrow(`[ReservedEnv] 'env' must not set "${name}"`);
  });

  it('add up in envFrom', () => {
    const objects = both(
      { envFrom: [EnvFrom.secret(SecretRef.named('a'))] },
      { envFrom: [EnvFrom.configMap(ConfigMapRef.named('b'), { prefix: 'B_' })] },
    );
    expect(objects.server('rag').envFrom).toEqual([{ secretRef: { name: 'a' } }]);
    expect(objects.server('rag-embedder').envFrom).toEqual([
      { secretRef: { name: 'a' } },
      { prefix: 'B_', configMapRef: { name: 'b' } },
    ]);
  });

  it('add up in labels, of objects and pods, and reach no selector', () => {
    const objects = both({ labels: { team: 'search', tier: 'all' } }, { labels: { tier: 'own' } });
    const { metadata, spec } = objects.get('Deployment', 'rag-embedder');
    expect(metadata.labels).toMatchObject({ team: 'search', tier: 'own' });
    expect(spec.template.metadata.labels).toMatchObject({ team: 'search', tier: 'own' });
    expect(spec.selector.matchLabels).not.toHaveProperty('tier');
    for (const kind of ['Service', 'PodDisruptionBudget', 'NetworkPolicy', 'HorizontalPodAutoscaler']) {
      expect(objects.get(kind, 'rag-embedder').metadata.labels).toMatchObject({ tier: 'own' });
    }
    expect(objects.get('Deployment', 'rag').metadata.labels).toMatchObject({ tier: 'all' });
  });

  it.each([
    'app.kubernetes.io/name',
    'app.kubernetes.io/instance',
    'app.kubernetes.io/component',
    'app.kubernetes.io/version',
    'app.kubernetes.io/managed-by',
    'cdk8s-bento/track',
  ])('fails on the label %s, on which selectors rely', (key) => {
    expect(() => deploy({ labels: { [key]: 'x' } })).toThrow(`[ReservedLabel] 'labels' must not set "${key}"`);
    expect(() => both({}, { labels: { [key]: 'x' } })).toThrow(`[ReservedLabel] 'runners.Embedder.labels'`);
  });

  it.each([
    ['labels', { 'a b': 'x' }],
    ['labels', { a: 'x'.repeat(64) }],
    ['nodeSelector', { a: 'b c' }],
    ['annotations', { '/x': 'y' }],
  ])('fails on %s %j, which Kubernetes refuses', (key, map) => {
    expect(() => deploy({ [key]: map })).toThrow(`[InvalidLabel] '`);
    expect(() => deploy({ [key]: map })).toThrow(key);
  });

  it('add up in annotations, which are of the pods', () => {
    const objects = both({ annotations: { a: 'all', b: 'all' } }, { annotations: { b: 'own' } });
    expect(objects.get('Deployment', 'rag-embedder').spec.template.metadata.annotations).toEqual({
      a: 'all',
      b: 'own',
    });
    expect(objects.get('Deployment', 'rag').spec.template.metadata.annotations).toEqual({
      a: 'all',
      b: 'all',
      'cdk8s-bento/proxy-checksum': expect.any(String),
    });
  });

  it('have no annotations where there are none', () => {
    expect(deploy({}).get('Deployment', 'rag-embedder').spec.template.metadata).not.toHaveProperty('annotations');
  });

  it('add up in node selectors and tolerations', () => {
    const objects = both(
      { nodeSelector: { pool: 'a', arch: 'x' }, tolerations: [Toleration.exists('spot')] },
      {
        nodeSelector: { pool: 'b' },
        tolerations: [Toleration.withValue('team', 'ml', { effect: TaintEffect.NO_EXECUTE })],
      },
    );
    expect(objects.pod('rag').nodeSelector).toEqual({ pool: 'a', arch: 'x' });
    expect(objects.pod('rag-embedder').nodeSelector).toEqual({ pool: 'b', arch: 'x' });
    expect(objects.pod('rag-embedder').tolerations).toEqual([
      { key: 'spot', operator: 'Exists' },
      { key: 'team', operator: 'Equal', value: 'ml', effect: 'NoExecute' },
    ]);
  });

  it('add up in affinity: all that is required holds', () => {
    const objects = both(
      { affinity: [Affinity.requireNodes([NodeRequirement.exists('gpu')])] },
      { affinity: [Affinity.requireNodes([NodeRequirement.oneOf('zone', ['a', 'b'])])] },
    );
    expect(objects.pod('rag-embedder').affinity.nodeAffinity).toEqual({
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          {
            matchExpressions: [
              { key: 'gpu', operator: 'Exists' },
              { key: 'zone', operator: 'In', values: ['a', 'b'] },
            ],
          },
        ],
      },
    });
  });

  it('name a Secret for the registry once', () => {
    const secret = (name: string) => SecretRef.named(name);
    const objects = both(
      { imagePullSecrets: [secret('a'), secret('b')] },
      { imagePullSecrets: [secret('a'), secret('c')] },
    );
    expect(objects.pod('rag-embedder').imagePullSecrets).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
  });

  it.each([
    ['priorityClassName', 'high', 'low'],
    ['runtimeClassName', 'nvidia', 'kata'],
  ])('let a component have a %s of its own', (key, all, own) => {
    const objects = both({ [key]: all }, { [key]: own });
    expect(objects.pod('rag')[key]).toBe(all);
    expect(objects.pod('rag-embedder')[key]).toBe(own);
    expect(deploy({}).pod('rag')).not.toHaveProperty(key);
    expect(() => deploy({ [key]: 'No Name' })).toThrow(`[InvalidName] 'apiServer.${key}'`);
  });
});

describe('files', () => {
  const files = (own: { [path: string]: string }, all: { [path: string]: string } = {}) =>
    deploy({ files: all, apiServer: { files: own } });

  it('lie in a ConfigMap, and each at its path, read-only', () => {
    const objects = files({ '/etc/app/config.yaml': 'a: 1' }, { '/srv/words.txt': 'x' });
    expect(objects.get('ConfigMap', 'rag-files').data).toEqual({ 'etc_app_config.yaml': 'a: 1', 'srv_words.txt': 'x' });
    expect(objects.pod('rag').volumes).toContainEqual({ name: 'files', configMap: { name: 'rag-files' } });
    expect(objects.server('rag').volumeMounts).toContainEqual({
      name: 'files',
      mountPath: '/etc/app/config.yaml',
      subPath: 'etc_app_config.yaml',
      readOnly: true,
    });
    expect(objects.get('ConfigMap', 'rag-embedder-files').data).toEqual({ 'srv_words.txt': 'x' });
  });

  const checksum = (objects: Objects, name = 'rag') =>
    objects.get('Deployment', name).spec.template.metadata.annotations?.['cdk8s-bento/files-checksum'];

  it('restart the pods that have them when their content or path changes, and no others', () => {
    const before = files({ '/etc/a': '1' });
    expect(checksum(before)).toMatch(/^[0-9a-f]{16}$/);
    expect(checksum(before, 'rag-embedder')).toBeUndefined();
    expect(checksum(files({ '/etc/a': '1' }))).toBe(checksum(before));
    expect(checksum(files({ '/etc/a': '2' }))).not.toBe(checksum(before));
    expect(checksum(files({ '/etc/b': '1' }))).not.toBe(checksum(before));
  });

  it("may be empty, and a component's own win", () => {
    expect(files({ '/etc/a': '' }, { '/etc/a': 'all' }).get('ConfigMap', 'rag-files').data).toEqual({ etc_a: '' });
  });

  it('may be 1,000,000 bytes together', () => {
    expect(() => files({ '/etc/a': 'ä'.repeat(500_000) })).not.toThrow();
  });

  it.each([
    ['above that', { '/etc/a': `${'ä'.repeat(500_000)}x` }, '[ConfigTooLarge]'],
    ['at a relative path', { 'etc/a': '' }, '[InvalidText]'],
    ['at a folder', { '/etc/a/': '' }, '[InvalidText]'],
    ['above themselves', { '/etc/../a': '' }, '[InvalidText]'],
    ['where BentoML writes', { '/tmp': '' }, '[ReservedPath]'],
    ['in place of shared memory', { '/dev/shm': '' }, '[ReservedPath]'],
    ['with keys that ConfigMaps refuse', { '/..hidden': '' }, '[InvalidText]'],
    ['with keys that are too long', { [`/${'a'.repeat(254)}`]: '' }, '[InvalidText]'],
  ])('fails %s', (_, own, code) => {
    expect(() => files(own)).toThrow(code);
  });

  it('fails on what is no text', () => {
    expect(() => files({ '/etc/a': 1 as never })).toThrow("[InvalidText] 'apiServer.files[/etc/a]'");
  });

  it('have a key each, also where paths differ in what keys cannot say', () => {
    const paths = ['/etc/a/b', '/etc/a_b', '/etc/a b', '/etc/a:b'.replace(':', '+')];
    expect(fileKey('/etc/a/b')).toBe('etc_a_b');
    expect(new Set(paths.map(fileKey)).size).toBe(paths.length);
  });

  it('have keys that ConfigMaps take', () => {
    expect(fileKey('/etc/my app/ü.yaml')).toMatch(/^[-._a-zA-Z0-9]+$/);
  });
});

describe('logging', () => {
  const args = (level?: LogLevel) => deploy({ logging: { level } }).server('rag').args;

  // Flags, for the variables of that purpose do not do what they say.
  it.each([
    [LogLevel.QUIET, ['--quiet']],
    [LogLevel.DEBUG, ['--debug']],
    [LogLevel.INFO, []],
    [undefined, []],
  ])('of level %s adds the flags %j', (level, flags) => {
    expect(args(level).slice(4)).toEqual(flags);
    expect(deploy({ logging: { level } }).env('rag')).not.toHaveProperty('BENTOML_VERBOSITY');
  });

  it('of requests is what the code of the Bento says, unless it is stated', () => {
    expect(deploy({}).config('rag', 'Gateway')).not.toHaveProperty('logging');
    const objects = both({ logging: { accessLog: false } }, { logging: { skipPaths: ['/livez'] } });
    expect(objects.config('rag', 'Gateway').logging).toEqual({ access: { enabled: false } });
    expect(objects.config('rag-embedder', 'Embedder').logging).toEqual({
      access: { enabled: false, skip_paths: ['/livez'] },
    });
  });
});

describe('tracing', () => {
  it('is of the whole deployment, or of one component', () => {
    const objects = both(
      { tracing: Tracing.otlp({ endpoint: 'http://otel:4317', sampleRatio: 1 }) },
      { tracing: Tracing.otlp({ endpoint: 'http://otel:4318/v1/traces', protocol: OtlpProtocol.HTTP }) },
    );
    expect(objects.config('rag', 'Gateway').tracing).toEqual({
      exporter_type: 'otlp',
      otlp: { endpoint: 'http://otel:4317', protocol: 'grpc' },
      sample_rate: 1,
    });
    // BentoML refuses a whole number here.
    expect(objects.env('rag').BENTOML_CONFIG_OVERRIDES).toContain('"sample_rate":1.0');
    expect(objects.config('rag-embedder', 'Embedder').tracing).toMatchObject({
      otlp: { endpoint: 'http://otel:4318/v1/traces', protocol: 'http' },
    });
  });
});

describe('service accounts', () => {
  it('are one for the deployment, without token', () => {
    const objects = deploy({});
    expect(objects.of('ServiceAccount')).toHaveLength(1);
    expect(objects.get('ServiceAccount', 'rag')).toMatchObject({ automountServiceAccountToken: false });
    for (const name of ['rag', 'rag-embedder']) {
      expect(objects.pod(name)).toMatchObject({ serviceAccountName: 'rag', automountServiceAccountToken: false });
    }
  });

  it('can be annotated for a cloud, renamed, or be given', () => {
    const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/rag' };
    const objects = both(
      { serviceAccount: ServiceAccountRef.created({ annotations: role, name: 'rag-identity' }) },
      { serviceAccount: ServiceAccountRef.named('shared') },
    );
    expect(objects.get('ServiceAccount', 'rag-identity').metadata.annotations).toEqual(role);
    expect(objects.of('ServiceAccount')).toHaveLength(1);
    expect(objects.pod('rag').serviceAccountName).toBe('rag-identity');
    expect(objects.pod('rag-embedder').serviceAccountName).toBe('shared');
  });

  it('mount their token where that is asked for', () => {
    const objects = both({ automountServiceAccountToken: true }, { automountServiceAccountToken: false });
    expect(objects.pod('rag').automountServiceAccountToken).toBe(true);
    expect(objects.pod('rag-embedder').automountServiceAccountToken).toBe(false);
  });

  it('are the same in whatever order annotations are stated', () => {
    const objects = both(
      { serviceAccount: ServiceAccountRef.created({ annotations: { a: '1', b: '2' } }) },
      { serviceAccount: ServiceAccountRef.created({ annotations: { b: '2', a: '1' } }) },
    );
    expect(objects.of('ServiceAccount')).toHaveLength(1);
  });

  it('fails on one name with two sets of annotations', () => {
    const account = (value: string) => ServiceAccountRef.created({ annotations: { a: value } });
    expect(() => both({ serviceAccount: account('1') }, { serviceAccount: account('2') })).toThrow(
      '[DuplicateKey] \'serviceAccount\' must state "rag" once',
    );
  });
});

describe('security', () => {
  it('is what Pod Security calls restricted, as the user of the image', () => {
    const objects = deploy({});
    expect(objects.pod('rag').securityContext).toEqual({
      fsGroup: 1034,
      fsGroupChangePolicy: 'OnRootMismatch',
      runAsGroup: 1034,
      runAsNonRoot: true,
      runAsUser: 1034,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(objects.server('rag').securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
  });

  it.each([1, 2 ** 31 - 1])('takes the user %d', (id) => {
    const objects = both(
      { security: { runAsUser: id } },
      { security: { runAsGroup: id, readOnlyRootFilesystem: false } },
    );
    expect(objects.pod('rag').securityContext).toMatchObject({ runAsUser: id, runAsGroup: 1034, fsGroup: 1034 });
    expect(objects.pod('rag-embedder').securityContext).toMatchObject({ runAsUser: id, runAsGroup: id, fsGroup: id });
    expect(objects.server('rag-embedder').securityContext.readOnlyRootFilesystem).toBe(false);
  });

  it.each([0, -1, 2 ** 31, 1.5, Number.NaN])('fails on the user or group %d', (id) => {
    expect(() => deploy({ security: { runAsUser: id } })).toThrow("[OutOfRange] 'apiServer.security.runAsUser'");
    expect(() => deploy({ security: { runAsGroup: id } })).toThrow("[OutOfRange] 'apiServer.security.runAsGroup'");
  });
});
