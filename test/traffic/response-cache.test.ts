import { Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Gpu, InstanceSize, type InstanceSizeOptions } from '../../lib';
import {
  CacheSharing,
  diskBytes,
  keysMebibytes,
  NGINX_IMAGE,
  ResponseCache,
  type ResponseCacheOptions,
} from '../../lib/traffic/response-cache';

const model = (options: Partial<ResponseCacheOptions> = {}) =>
  ResponseCache.of({ paths: ['/predict'], ...options })._model;

const MIB = 2 ** 20;

describe('ResponseCache', () => {
  it('keeps answers for an hour, as the seed does, each to its client', () => {
    expect(model()).toStrictEqual({
      paths: ['/predict'],
      ttlSeconds: 3600,
      maxBytes: 1024 * MIB,
      maxBodyBytes: 32_768,
      maxRequestBytes: 1024 * MIB,
      identityHeaders: [],
      sharing: CacheSharing.PER_CLIENT,
      replicas: 2,
      image: { reference: NGINX_IMAGE, mutable: false },
      size: { cpuCores: 0.25, memoryBytes: 225 * MIB, ephemeralStorageBytes: 1344 * MIB },
    });
  });

  it('is the same whatever the order of what is listed', () => {
    const options = { paths: ['/b', '/a'], identityHeaders: ['X-Tenant', 'x-locale'] };
    expect(model(options)).toMatchObject({ paths: ['/a', '/b'], identityHeaders: ['x-locale', 'x-tenant'] });
    expect(options).toEqual({ paths: ['/b', '/a'], identityHeaders: ['X-Tenant', 'x-locale'] });
  });

  it.each(
    ['/', '/predict', '/predict/', '/v1/models/a-b_c.d~e:predict', '/a@b+c=d!*()'].map((path) =>
      path.replace(':', '@'),
    ),
  )('takes the path %s', (path) => {
    expect(model({ paths: [path] }).paths).toEqual([path]);
  });

  it.each([
    ['predict'],
    ['/a b'],
    ['/a?b=1'],
    ['/a#b'],
    ['/a%20b'],
    ['/a;b'],
    ['/a"b'],
    ["/a'b"],
    ['/a{b'],
    ['/a}b'],
    ['/$host'],
    ['/a\\b'],
    ['/a\nb'],
    ['/predict\n'],
    ['//predict'],
    ['/a//b'],
    ['/a//'],
    ['/a/../b'],
    ['/a/.'],
    ['/..'],
    ['/é'],
  ])('fails on the path %j', (path) => {
    expect(() => model({ paths: [path] })).toThrow("[InvalidText] 'paths' must be exact paths of letters, digits and");
  });

  it.each<[string[], string]>([
    [[], "[EmptyList] 'paths' must not be empty"],
    [[''], "[InvalidText] 'paths' must be text that is not empty"],
    [[`/${'a'.repeat(1024)}`], "[InvalidText] 'paths' must be text of at most 1024 characters"],
    [['/a', '/b', '/a'], `[DuplicateKey] 'paths' must state "/a" once`],
    [['/$' + '{TfToken[TOKEN.1]}'], '[UnresolvedToken]'],
  ])('fails on the paths %j', (paths, message) => {
    expect(() => model({ paths })).toThrow(message);
  });

  it.each<[Partial<ResponseCacheOptions>, object]>([
    [{ ttl: Duration.seconds(1) }, { ttlSeconds: 1 }],
    [{ ttl: Duration.days(30) }, { ttlSeconds: 2_592_000 }],
    [{ maxSize: Size.mebibytes(1) }, { maxBytes: MIB }],
    [{ maxSize: Size.gibibytes(64) }, { maxBytes: 65_536 * MIB }],
    [{ maxBodySize: Size.kibibytes(1) }, { maxBodyBytes: 1024 }],
    [{ maxBodySize: Size.kibibytes(48) }, { maxBodyBytes: 49_152 }],
    [{ maxRequestSize: Size.mebibytes(1) }, { maxRequestBytes: MIB }],
    [{ maxRequestSize: Size.gibibytes(1024) }, { maxRequestBytes: MIB * MIB }],
    [{ replicas: 1 }, { replicas: 1 }],
    [{ replicas: 100 }, { replicas: 100 }],
    [{ sharing: CacheSharing.ALL_CLIENTS }, { sharing: 'all-clients' }],
    [{ image: 'registry.example.com/nginx' }, { image: { reference: 'registry.example.com/nginx', mutable: true } }],
  ])('takes %j', (options, expected) => {
    expect(model(options)).toMatchObject(expected);
  });

  it.each<[Partial<ResponseCacheOptions>, string]>([
    [{ ttl: Duration.seconds(0) }, "[OutOfRange] 'ttl' must be a whole number from 1 to 2592000, got 0"],
    [{ ttl: Duration.millis(1500) }, "[OutOfRange] 'ttl' must be a whole number from 1 to 2592000, got 1.5"],
    [{ ttl: Duration.seconds(2_592_001) }, "[OutOfRange] 'ttl'"],
    [{ maxSize: Size.kibibytes(1023) }, "[OutOfRange] 'maxSize' must be from 1 MiB to 64 GiB"],
    [{ maxSize: Size.mebibytes(65_537) }, "[OutOfRange] 'maxSize' must be from 1 MiB to 64 GiB"],
    [{ maxBodySize: Size.kibibytes(0.5) }, "[OutOfRange] 'maxBodySize' must be from 1 KiB to 48 KiB"],
    [{ maxBodySize: Size.kibibytes(49) }, "[OutOfRange] 'maxBodySize' must be from 1 KiB to 48 KiB"],
    [{ maxRequestSize: Size.kibibytes(1023) }, "[OutOfRange] 'maxRequestSize' must be from 1 MiB to 1024 GiB"],
    [{ maxRequestSize: Size.gibibytes(1025) }, "[OutOfRange] 'maxRequestSize' must be from 1 MiB to 1024 GiB"],
    [{ replicas: 0 }, "[OutOfRange] 'replicas' must be a whole number from 1 to 100, got 0"],
    [{ replicas: 101 }, "[OutOfRange] 'replicas'"],
    [{ replicas: 1.5 }, "[OutOfRange] 'replicas'"],
    [{ replicas: Number.NaN }, "[OutOfRange] 'replicas'"],
    [{ image: 'not an image' }, "[InvalidText] 'image'"],
    [{ identityHeaders: ['x tenant'] }, "[InvalidName] 'identityHeaders'"],
    [{ identityHeaders: ['$host'] }, "[InvalidName] 'identityHeaders'"],
    [{ identityHeaders: ['X-Tenant', 'x-tenant'] }, `[DuplicateKey] 'identityHeaders' must state "x-tenant" once`],
    [{ identityHeaders: Array.from({ length: 17 }, (_, i) => `x-${i}`) }, "[OutOfRange] 'identityHeaders.length'"],
  ])('fails on %j', (options, message) => {
    expect(() => model(options)).toThrow(message);
  });

  it('has the size that is stated', () => {
    const size = InstanceSize.named('cpu.2');
    expect(model({ size }).size).toEqual(size._model);
  });

  it.each<[InstanceSizeOptions, string]>([
    [{ cpuCores: 1 }, "[MissingOption] 'size.memory' must be given for a proxy"],
    // 64 MiB, and 33 MiB for the keys of a GiB.
    [
      { memory: Size.mebibytes(96) },
      '[OutOfRange] \'size.memory\' must be at least 97 MiB, which a proxy takes and its keys for `maxSize`, got "96 MiB"',
    ],
    [
      { memory: Size.mebibytes(97), ephemeralStorage: Size.mebibytes(1343) },
      '[OutOfRange] \'size.ephemeralStorage\' must be at least 1344 MiB, which answers for `maxSize` take, got "1343 MiB"',
    ],
    [{ memory: Size.gibibytes(1), gpu: Gpu.NVIDIA_T4 }, "[OutOfRange] 'size.gpu' must be absent"],
  ])('fails on the size %#', (options, message) => {
    expect(() => model({ size: InstanceSize.of(options) })).toThrow(message);
  });

  it('takes a size of just enough', () => {
    const options = { memory: Size.mebibytes(97), ephemeralStorage: Size.mebibytes(1344) };
    expect(() => model({ size: InstanceSize.of(options) })).not.toThrow();
  });

  it.each(['/readyz', '/livez', '/healthz', '/metrics', '/metrics/'])(
    'fails on %s, which tells of the moment',
    (path) => {
      expect(() => model({ paths: ['/predict', path] })).toThrow(
        `[ReservedPath] 'paths' must not be "${path}": probes and metrics tell the state of the moment, which must not be kept; leave it out`,
      );
    },
  );

  it('fails on the path at which it is asked itself', () => {
    expect(() => model({ paths: ['/.well-known/cache-health'] })).toThrow(
      '[ReservedPath] \'paths\' must not be "/.well-known/cache-health": the cache itself answers there; leave it out',
    );
  });

  it('documents what its defaults are', () => {
    expect(NGINX_IMAGE).toBe('docker.io/nginxinc/nginx-unprivileged:1.30.4-alpine-slim');
  });
});

describe('the room of a cache', () => {
  // An answer takes at least a block of 4 KiB, and a MiB of keys holds about 8,000.
  it.each([
    [MIB, 1],
    [8000 * 4096, 1],
    [8000 * 4096 + 1, 2],
    [1024 * MIB, 33],
    [65_536 * MIB, 2098],
  ])('of %d bytes has keys in %d MiB', (bytes, mebibytes) => {
    expect(keysMebibytes(bytes)).toBe(mebibytes);
  });

  it.each([
    [MIB, 66 * MIB],
    [1024 * MIB, 1344 * MIB],
  ])('of %d bytes is on a volume of %d', (bytes, disk) => {
    expect(diskBytes(bytes)).toBe(disk);
  });
});

describe('a sharing that is none', () => {
  // Whatever is not PER_CLIENT would be taken for ALL_CLIENTS.
  it.each(['nobody', null, 'PER_CLIENT'])('fails: %j', (sharing) => {
    expect(() => ResponseCache.of({ paths: ['/predict'], sharing: sharing as CacheSharing })).toThrow(
      "[OutOfRange] 'sharing' must be one of CacheSharing.PER_CLIENT, CacheSharing.ALL_CLIENTS, got",
    );
  });
});
