import { describe, expect, it } from 'vitest';
import { type KedaHttpAddOnOptions, kedaHttpAddOnModel, kedaModel } from '../../lib/cluster/keda';

const PORTS = ['interceptorPort', 'scalerPort'] as const;
const SERVICES = ['interceptorService', 'scalerService'] as const;

describe('kedaModel', () => {
  it('is the oldest that does, where nothing is said', () => {
    expect(kedaModel({}).version.text).toBe('2.18');
  });

  it.each(['2.18', '2.20.2', '2.21'])('takes %s', (version) => {
    expect(kedaModel({ version }).version.text).toBe(version);
  });

  it('fails below 2.18', () => {
    expect(() => kedaModel({ version: '2.17.3' })).toThrow(
      '[OutOfRange] \'keda.version\' must be 2.18 or newer, got "2.17.3"',
    );
  });
});

describe('kedaHttpAddOnModel', () => {
  // Names and ports of the chart kedacore/keda-add-ons-http.
  it('is what the chart installs, where nothing is said', () => {
    const { version, ...rest } = kedaHttpAddOnModel({});
    expect(version.text).toBe('0.15');
    expect(rest).toEqual({
      namespace: 'keda',
      interceptor: {
        service: 'keda-add-ons-http-interceptor-proxy',
        port: 8080,
        peer: { namespace: 'keda', podLabels: { 'app.kubernetes.io/component': 'interceptor' } },
      },
      scaler: { service: 'keda-add-ons-http-external-scaler', port: 9090 },
    });
  });

  it('carries what is said, the namespace into the peer too', () => {
    const { version, ...rest } = kedaHttpAddOnModel({
      version: '0.16.0',
      namespace: '1-http',
      interceptorService: 'door',
      interceptorPort: 80,
      interceptorLabels: { app: 'door' },
      scalerService: 'scaler',
      scalerPort: 9091,
    });
    expect(version.isAtLeast('0.16')).toBe(true);
    expect(rest).toEqual({
      namespace: '1-http',
      interceptor: { service: 'door', port: 80, peer: { namespace: '1-http', podLabels: { app: 'door' } } },
      scaler: { service: 'scaler', port: 9091 },
    });
  });

  it.each(PORTS)('takes %s from 1 to 65535', (port) => {
    for (const value of [1, 65_535]) expect(() => kedaHttpAddOnModel({ [port]: value })).not.toThrow();
  });

  it.each(
    PORTS.flatMap((port) => [0, -1, 65_536, 80.5, NaN, Infinity, -Infinity].map((value) => [port, value] as const)),
  )('fails on %s %d', (port, value) => {
    expect(() => kedaHttpAddOnModel({ [port]: value })).toThrow(
      `[OutOfRange] 'kedaHttpAddOn.${port}' must be a whole number from 1 to 65535, got ${value}`,
    );
  });

  it.each(
    SERVICES.flatMap((key) =>
      ['', 'Door', '1door', 'a.b', 'a_b', '-a', 'a'.repeat(64)].map((name) => [key, name] as const),
    ),
  )('fails on %s %j', (key, name) => {
    expect(() => kedaHttpAddOnModel({ [key]: name })).toThrow(`[InvalidName] 'kedaHttpAddOn.${key}'`);
  });

  it.each<[KedaHttpAddOnOptions, string]>([
    [{ version: '0.14' }, '[OutOfRange] \'kedaHttpAddOn.version\' must be 0.15 or newer, got "0.14"'],
    [{ version: 'latest' }, "[InvalidText] 'kedaHttpAddOn.version'"],
    [{ namespace: '' }, "[InvalidName] 'kedaHttpAddOn.namespace'"],
    [{ namespace: 'a.b' }, "[InvalidName] 'kedaHttpAddOn.namespace'"],
    [{ namespace: 'a'.repeat(64) }, "[InvalidName] 'kedaHttpAddOn.namespace'"],
    [{ interceptorLabels: { 'a b': 'c' } }, "[InvalidLabel] 'kedaHttpAddOn.interceptorLabels'"],
    [{ interceptorLabels: { a: 'b c' } }, "[InvalidLabel] 'kedaHttpAddOn.interceptorLabels.a'"],
    [
      { interceptorLabels: {} },
      "[EmptyList] 'kedaHttpAddOn.interceptorLabels' must not be empty; an empty selector would let in every pod of the namespace",
    ],
    // As @cdktf writes what only Terraform knows.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a token of Terraform looks so
    [{ namespace: '${TfToken[TOKEN.0]}' }, "[UnresolvedToken] 'kedaHttpAddOn.namespace'"],
    [{ interceptorPort: -1.8881545897087505e289 }, "[UnresolvedToken] 'kedaHttpAddOn.interceptorPort'"],
  ])('fails on %j', (options, message) => {
    expect(() => kedaHttpAddOnModel(options)).toThrow(message);
  });
});
