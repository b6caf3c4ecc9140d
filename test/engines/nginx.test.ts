import { Size } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nginxConfig } from '../../lib/engines/nginx';
import { nginxResolverTemplate } from '../../lib/engines/nginx-frame';
import { nginxContainer, nginxFiles, nginxVolumes } from '../../lib/engines/nginx-pod';
import { BreakerStatuses } from '../../lib/traffic/circuit-breaker';
import type { LoadBalancingModel } from '../../lib/traffic/load-balancing';
import { CacheSharing, ResponseCache } from '../../lib/traffic/response-cache';
import { nginxModel } from '../nginx/models';

/** The lines of a block, with what stands in it. */
function block(config: string, head: string): string[] {
  const lines = config.split('\n');
  const from = lines.findIndex((line) => line.trim() === `${head} {`);
  const indent = lines[from]!.search(/\S/);
  const to = lines.findIndex((line, index) => index > from && line === `${' '.repeat(indent)}}`);
  return lines.slice(from + 1, to).map((line) => line.trim());
}

describe('nginxConfig', () => {
  // From the reference of ngx_http_upstream_module.
  it('leads to all pods of a name, and forgets no failure of another worker', () => {
    expect(block(nginxConfig(nginxModel()), 'upstream rag')).toEqual([
      'zone rag 1m;',
      'server rag-pods.ml.svc.cluster.local:3000 resolve max_fails=0;',
      'keepalive 64;',
      'keepalive_requests 1000000000;',
      'keepalive_time 24h;',
      'keepalive_timeout 60s;',
    ]);
  });

  it.each<[LoadBalancingModel, string[]]>([
    [{ kind: 'round-robin' }, []],
    [{ kind: 'least-request' }, ['least_conn;']],
    [{ kind: 'hash', by: { kind: 'header', name: 'X-Session-Id' } }, ['hash $http_x_session_id consistent;']],
    [{ kind: 'hash', by: { kind: 'cookie', name: 'session' } }, ['hash $cookie_session consistent;']],
    [{ kind: 'hash', by: { kind: 'source' } }, ['hash $client_hash consistent;']],
  ])('balances by %j', (loadBalancing, lines) => {
    const upstream = block(nginxConfig(nginxModel({ loadBalancing })), 'upstream rag');
    expect(upstream.slice(1, -5)).toEqual(lines);
  });

  it('asks for names of pods where it hashes, for one name is one server to it', () => {
    const config = nginxConfig(nginxModel({ loadBalancing: { kind: 'hash', by: { kind: 'source' } } }));
    expect(config).toContain('server rag-pods.ml.svc.cluster.local service=http resolve max_fails=0;');
  });

  it('opens for a pod by its failures', () => {
    const ejection = { failures: 5, openSeconds: 60, statuses: BreakerStatuses.GATEWAY_ERRORS, maxEjectedPercent: 100 };
    const config = nginxConfig(nginxModel({ circuitBreaker: { ejection } }));
    expect(config).toContain(':3000 resolve max_fails=5 fail_timeout=60s;');
  });

  it('tries connections again, and nothing that was sent', () => {
    const config = nginxConfig(nginxModel());
    expect(config).toContain('proxy_next_upstream error timeout;');
    expect(config).toContain('proxy_next_upstream_tries 3;');
    expect(config).toContain('proxy_next_upstream_timeout 6s;');
    expect(config).not.toMatch(/non_idempotent|http_\d/);
    expect(nginxConfig(nginxModel({ retries: { attempts: 0, statuses: [] } }))).toContain('proxy_next_upstream off;');
  });

  it('takes what is as late as an answer may be for an answer, not for a connection', () => {
    const timeouts = { connect: 2, request: 5, streamIdle: 4, connectionIdle: 45 };
    expect(nginxConfig(nginxModel({ timeouts }))).toContain('proxy_next_upstream_timeout 4s;');
  });

  it('waits as the upstream says', () => {
    const timeouts = { connect: 0.25, request: 61.5, streamIdle: 90, connectionIdle: 45 };
    const rest = { drainSeconds: 20, clientIdleSeconds: 100, lockSeconds: 61.5 };
    const lines = nginxConfig(nginxModel({ timeouts }, {}, rest)).split('\n');
    expect(lines.map((line) => line.trim()).filter((line) => /timeout|lock_age/.test(line))).toEqual([
      'worker_shutdown_timeout 20s;',
      'keepalive_timeout 100s;',
      'client_header_timeout 90s;',
      'client_body_timeout 90s;',
      'send_timeout 90s;',
      'keepalive_timeout 45s;',
      'proxy_connect_timeout 250ms;',
      'proxy_send_timeout 90s;',
      'proxy_read_timeout 90s;',
      'proxy_next_upstream error timeout;',
      'proxy_next_upstream_timeout 750ms;',
      'proxy_cache_lock_timeout 61500ms;',
      'proxy_cache_lock_age 61500ms;',
    ]);
  });

  it('makes a key of everything an answer may depend on, the body last', () => {
    const key = (config: string) => /proxy_cache_key "(.*)";/.exec(config)![1]!.split('\\n').slice(1);
    expect(key(nginxConfig(nginxModel({}, { identityHeaders: ['X-Tenant'] })))).toEqual([
      '$request_method $client_host $request_uri',
      '$http_content_type',
      '$http_content_encoding',
      '$http_accept',
      '$http_authorization',
      '$http_cookie',
      '$http_x_tenant',
      '$request_body',
    ]);
    const shared = key(nginxConfig(nginxModel({}, { sharing: CacheSharing.ALL_CLIENTS })));
    expect(shared.filter((part) => /authorization|cookie/.test(part))).toEqual([]);
  });

  it('keeps no answer of another generation', () => {
    const key = (generation: string) => /cache_key "(\w+)/.exec(nginxConfig(nginxModel({}, {}, { generation })))![1];
    expect(key('rag:2')).not.toBe(key('rag:1'));
    expect(key('"; }')).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([1024, 9000, 32_768, 49_152])('takes bodies of known length up to %d for a key, by number', (bytes) => {
    const config = nginxConfig(nginxModel({}, { maxBodySize: Size.kibibytes(bytes / 1024) }));
    const cacheable = new RegExp(/http_transfer_encoding[^}]*"~(\^.*\$)" 0;/.exec(config)![1]!);
    const near = (at: number) => fc.integer({ min: Math.max(0, at - 20), max: at + 20 });
    const length = fc.oneof(near(bytes), near(0), near(100), fc.integer({ min: 0, max: 10 * bytes }), fc.nat());
    fc.assert(fc.property(length, (value) => cacheable.test(`${value}:`) === value <= bytes));
    expect(cacheable.test(':')).toBe(true);
    for (const odd of [':chunked', '5:chunked', '-1:', '000000000005:', '1e3:'])
      expect(cacheable.test(odd)).toBe(false);
  });

  it.each([
    [Size.mebibytes(1), 65_536],
    [Size.gibibytes(1), 67_108_864],
  ])('keeps answers of a known length, up to a sixteenth of %j', (maxSize, bytes) => {
    const config = nginxConfig(nginxModel({}, { maxSize }));
    const measured = new RegExp(/upstream_http_content_length[^}]*"~(\^.*\$)" 0;/.exec(config)![1]!);
    for (const length of [0, 1, bytes - 1, bytes]) expect(measured.test(String(length))).toBe(true);
    for (const length of ['', bytes + 1, 10 * bytes]) expect(measured.test(String(length))).toBe(false);
    expect(config).toContain('proxy_no_cache $not_ok $body_unread $unmeasured;');
  });

  it.each([1, 32, 48])('has room for a key with a body of %d KiB in the 16 bits of its length', (kibibytes) => {
    const config = nginxConfig(nginxModel({}, { maxBodySize: Size.kibibytes(kibibytes) }));
    const room = Number(/proxy_buffer_size (\d+);/.exec(config)![1]);
    expect(room).toBe((kibibytes + 12) * 1024);
    expect(room).toBeLessThan(65_536);
  });

  it('writes beneath one folder alone', () => {
    const paths = [...nginxConfig(nginxModel()).matchAll(/(?:_path|pid|include|error_log|access_log) (\S+?);?[\s]/g)];
    const folders = paths.map(([, path]) => path!).filter((path) => !/^(\/tmp\/|\/dev\/stdout|stderr|off)/.test(path));
    expect(folders).toEqual([]);
    expect(paths.length).toBeGreaterThan(8);
  });

  it('is the same each time', () => {
    expect(nginxConfig(nginxModel())).toBe(nginxConfig(structuredClone(nginxModel())));
  });
});

describe('a pod of nginx', () => {
  const { image, size } = ResponseCache.of({ paths: ['/predict'] })._model;
  const config = nginxConfig(nginxModel());
  const pod = {
    ...{ image, size, healthPath: '/cache-health', diskBytes: 1344 * 2 ** 20 },
    ...{ filesName: 'rag-cache', preStopSeconds: 10, preStopSleep: true },
  };
  const container = nginxContainer(pod);

  it('has its configuration by files, and writes nowhere else than to its volume', () => {
    expect(Object.keys(nginxFiles(config))).toEqual(['nginx.conf', 'resolver.conf.template']);
    expect(container.volumeMounts).toEqual([
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'files', mountPath: '/etc/nginx/nginx.conf', readOnly: true, subPath: 'nginx.conf' },
      {
        name: 'files',
        mountPath: '/etc/nginx/templates/resolver.conf.template',
        readOnly: true,
        subPath: 'resolver.conf.template',
      },
    ]);
    expect(nginxVolumes(pod)).toEqual([
      { name: 'tmp', emptyDir: { sizeLimit: '1344Mi' } },
      { name: 'files', configMap: { name: 'rag-cache' } },
    ]);
  });

  // docker-nginx-unprivileged: 15-local-resolvers.envsh, 20-envsubst-on-templates.sh
  it('lets the entrypoint write the resolvers of the pod where nginx reads them', () => {
    expect(container.env).toContainEqual({ name: 'NGINX_ENTRYPOINT_LOCAL_RESOLVERS', value: '1' });
    expect(container.env).toContainEqual({ name: 'NGINX_ENVSUBST_OUTPUT_DIR', value: '/tmp' });
    expect(nginxResolverTemplate()).toBe(
      `resolver \${NGINX_LOCAL_RESOLVERS} valid=2s ipv6=off;\nresolver_timeout 5s;\n`,
    );
    expect(config).toContain('include /tmp/resolver.conf;');
    expect([container.command, container.args]).toEqual([undefined, undefined]);
  });

  it('is restricted', () => {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
  });

  it('is probed where no pod of the component can make it fail', () => {
    expect(container.livenessProbe?.httpGet).toEqual({ path: '/', port: 'status' });
    for (const probe of [container.startupProbe, container.readinessProbe]) {
      expect(probe?.httpGet).toEqual({ path: expect.stringMatching(/^\//), port: 'http' });
    }
    expect(container.ports?.map(({ name, containerPort }) => [name, containerPort])).toEqual([
      ['http', 3000],
      ['status', 8081],
    ]);
  });

  it('waits until nobody sends to it any more', () => {
    expect(container.lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } });
    expect(nginxContainer({ ...pod, preStopSleep: false }).lifecycle).toEqual({
      preStop: { exec: { command: ['sleep', '10'] } },
    });
  });
});
