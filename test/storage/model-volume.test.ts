import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClaimRef } from '../../lib/refs/claim-ref';
import { ModelSource } from '../../lib/storage/model-source';
import { FilledBy, ModelVolume, requireMountPath } from '../../lib/storage/model-volume';

const claim = ClaimRef.named('weights');
const download = {
  source: ModelSource.s3('s3://models/llama'),
  mountPath: '/models/llama',
  size: Size.gibibytes(40),
  storageClassName: 'efs',
};

describe('ModelVolume.claim', () => {
  it('names the claim', () => {
    expect(ModelVolume.claim('llama', { claim, mountPath: '/models' })._model).toEqual({
      kind: 'claim',
      name: 'llama',
      mountPath: '/models',
      claim: 'weights',
      subPath: undefined,
    });
  });

  it.each(['a', 'a/b', '..a', 'a..'])('takes the folder %j of it', (subPath) => {
    expect(ModelVolume.claim('llama', { claim, mountPath: '/models', subPath })._model).toMatchObject({ subPath });
  });

  // validateLocalNonReservedPath and validateLocalDescendingPath of Kubernetes.
  it.each(['', '/a', '..', 'a/../b'])('fails on the folder %j of it', (subPath) => {
    expect(() => ModelVolume.claim('llama', { claim, mountPath: '/models', subPath })).toThrow(
      "[InvalidText] 'subPath' must be a relative path without '..'",
    );
  });
});

describe('ModelVolume.download', () => {
  it('is filled once by a Job unless something else is said', () => {
    expect(ModelVolume.download('llama', download)._model).toEqual({
      kind: 'download',
      name: 'llama',
      mountPath: '/models/llama',
      source: { uri: 's3://models/llama', env: [] },
      sizeBytes: 40 * 2 ** 30,
      storageClassName: 'efs',
      filledBy: FilledBy.JOB,
      image: { reference: 'kserve/storage-initializer:v0.20.0', mutable: false },
      env: [],
      downloadSize: { cpuCores: 0.5, memoryBytes: 2 * 2 ** 30 },
      nodeSelector: {},
      tolerations: [],
    });
  });

  it('can be filled by each pod, with another image', () => {
    const options = { ...download, filledBy: FilledBy.INIT_CONTAINER, image: 'mirror.example.com/initializer:1' };
    expect(ModelVolume.download('llama', options)._model).toMatchObject({
      filledBy: 'InitContainer',
      image: { reference: 'mirror.example.com/initializer:1' },
    });
  });

  it.each([Size.gibibytes(0), Size.gibibytes(NaN), Size.kibibytes(0.3)])('fails on a size of %#', (size) => {
    expect(() => ModelVolume.download('llama', { ...download, size })).toThrow("[OutOfRange] 'size' must be a size");
  });

  it.each(['', 'EFS', 'a b'])('fails on the storage class %j', (storageClassName) => {
    expect(() => ModelVolume.download('llama', { ...download, storageClassName })).toThrow(
      "[InvalidName] 'storageClassName' must be a DNS name",
    );
  });

  it.each(['', 'A', 'a b'])('fails on the image %j', (image) => {
    expect(() => ModelVolume.download('llama', { ...download, image })).toThrow("[InvalidText] 'image'");
  });
});

describe('ModelVolume.s3Bucket', () => {
  const mountPath = '/models';

  it('names bucket, folder and region', () => {
    const options = { bucket: 'models', prefix: 'llama/', region: 'eu-west-1', mountPath };
    expect(ModelVolume.s3Bucket('llama', options)._model).toEqual({ kind: 's3', name: 'llama', ...options });
  });

  it.each(['abc', 'a.b-c', 'a'.repeat(63)])('takes the bucket %s', (bucket) => {
    expect(ModelVolume.s3Bucket('llama', { bucket, mountPath })._model).toMatchObject({ bucket });
  });

  it.each(['', 'ab', 'ABC', 's3://abc', 'a_b_c', '-abc', 'abc-', 'a'.repeat(64)])(
    'fails on the bucket %j',
    (bucket) => {
      expect(() => ModelVolume.s3Bucket('llama', { bucket, mountPath })).toThrow(
        "[InvalidText] 'bucket' must be the name of a bucket",
      );
    },
  );

  it.each(['', '/a', ' a', 'a b'])('fails on the folder %j', (prefix) => {
    expect(() => ModelVolume.s3Bucket('llama', { bucket: 'abc', prefix, mountPath })).toThrow("[InvalidText] 'prefix'");
  });

  it('fails on an empty region', () => {
    expect(() => ModelVolume.s3Bucket('llama', { bucket: 'abc', region: '', mountPath })).toThrow(
      "[InvalidText] 'region'",
    );
  });
});

describe('ModelVolume.csi', () => {
  it('sorts attributes', () => {
    const attributes = { mountOptions: 'implicit-dirs', bucketName: 'models' };
    const { _model } = ModelVolume.csi('llama', {
      driver: 'gcsfuse.csi.storage.gke.io',
      mountPath: '/models',
      attributes,
    });
    expect(JSON.stringify(_model)).toContain('{"bucketName":"models","mountOptions":"implicit-dirs"}');
  });

  it.each(['', 'GCS', 'a b', 'a/b'])('fails on the driver %j', (driver) => {
    expect(() => ModelVolume.csi('llama', { driver, mountPath: '/models' })).toThrow("[InvalidName] 'driver'");
  });
});

describe('ModelVolume.image', () => {
  it('takes an image', () => {
    expect(ModelVolume.image('llama', { image: 'ghcr.io/acme/llama:1', mountPath: '/models' })._model).toMatchObject({
      kind: 'image',
      image: { reference: 'ghcr.io/acme/llama:1', mutable: false },
    });
  });

  it.each(['', 'a b', 'Llama'])('fails on %j', (image) => {
    expect(() => ModelVolume.image('llama', { image, mountPath: '/models' })).toThrow("[InvalidText] 'image'");
  });
});

describe('the name of a ModelVolume', () => {
  it.each(['a', 'llama-8b', 'a'.repeat(40)])('may be %j', (name) => {
    expect(ModelVolume.claim(name, { claim, mountPath: '/models' })._model.name).toBe(name);
  });

  it.each(['', '8b', 'Llama', 'a_b', 'a-', 'a'.repeat(41), 'a'.repeat(64)])('fails on %j', (name) => {
    expect(() => ModelVolume.claim(name, { claim, mountPath: '/models' })).toThrow("[InvalidName] 'name' must be");
    expect(() => ModelVolume.download(name, download)).toThrow("[InvalidName] 'name' must be");
  });
});

// The folders of an image that `bentoml containerize` builds: Bento in /home/bentoml/bento, Python in /app/.venv; and
// BENTOML_HOME and caches of the pods beneath /tmp.
describe('requireMountPath', () => {
  it.each([
    '/models',
    '/models/',
    '/mnt/models/llama',
    '/tmp/models',
    '/tmp/bentoml/models',
    '/tmp/cache/huggingface',
    '/home/bentoml/models',
    '/home/bentoml/bento/models/llama/v1',
    '/home/bentoml/bento/src/weights',
    '/opt/models',
    '/etc/models',
    '/var/models',
  ])('takes %s', (path) => {
    expect(() => requireMountPath('mountPath', path)).not.toThrow();
  });

  it.each([
    '/',
    '/home',
    '/home/bentoml',
    '/home/bentoml/',
    '/home/bentoml/bento',
    '/home/bentoml/bento/src',
    '/home/bentoml/bento/env',
    '/home/bentoml/bento/env/docker',
    '/tmp',
    '/tmp/',
    '/tmp/bentoml',
    '/tmp/cache',
    '/app',
    '/app/.venv',
    '/app/.venv/lib',
    '/dev',
    '/dev/shm',
    '/proc/1',
    '/sys/fs',
    '/etc',
    '/usr',
    '/bin',
    '/lib',
  ])('fails on %s', (path) => {
    expect(() => requireMountPath('mountPath', path)).toThrow(`[ReservedPath] 'mountPath' must not be "${path}"`);
  });

  it.each(['', 'models', './models', '/models/../tmp', '//tmp', '/home//bentoml', '/a:b'])(
    'fails on %j as a path',
    (path) => {
      expect(() => requireMountPath('mountPath', path)).toThrow("[InvalidText] 'mountPath' must be");
    },
  );

  it('fails in every kind of volume', () => {
    const mountPath = '/tmp';
    for (const make of [
      () => ModelVolume.claim('a', { claim, mountPath }),
      () => ModelVolume.download('a', { ...download, mountPath }),
      () => ModelVolume.s3Bucket('a', { bucket: 'abc', mountPath }),
      () => ModelVolume.csi('a', { driver: 'a.b', mountPath }),
      () => ModelVolume.image('a', { image: 'a:1', mountPath }),
    ]) {
      expect(make).toThrow("[ReservedPath] 'mountPath'");
    }
  });
});
