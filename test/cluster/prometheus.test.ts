import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { type PrometheusOptions, prometheusModel } from '../../lib/cluster/prometheus';

describe('prometheusModel', () => {
  it.each([
    'http://prometheus-operated.monitoring:9090',
    'https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1',
    'http://p/',
    'http://10.0.0.1:9090',
    'http://[fd00::1]:9090',
  ])('takes the address %s', (address) => {
    expect(prometheusModel({ address }).address).toBe(address);
  });

  it.each(['', ' '])('fails on the empty address %j', (address) => {
    expect(() => prometheusModel({ address })).toThrow("[InvalidText] 'prometheus.address'");
  });

  it.each([
    'prometheus:9090',
    'ftp://p',
    'http://',
    'http:///x',
    'http://a b',
    'HTTP://p',
    '//p',
    'http://p/a b',
    ' http://p',
  ])('fails on the address %j', (address) => {
    expect(() => prometheusModel({ address })).toThrow(
      `[InvalidUrl] 'prometheus.address' must be an http address, got ${JSON.stringify(address)}`,
    );
  });

  it('fails on an address that only Terraform knows', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a token of Terraform looks so
    expect(() => prometheusModel({ address: '${TfToken[TOKEN.0]}' })).toThrow("[UnresolvedToken] 'prometheus.address'");
  });

  // scrape_interval of Prometheus is 1m unless stated; the PodMonitor states its own.
  it.each([
    [{}, 60],
    [{ operatorLabels: {} }, 15],
    [{ operatorLabels: { release: 'x' } }, 15],
    [{ scrapeInterval: Duration.seconds(5) }, 5],
    [{ scrapeInterval: Duration.minutes(5) }, 300],
    [{ operatorLabels: {}, scrapeInterval: Duration.seconds(30) }, 30],
  ])('of %j scrapes each %d s', (options, seconds) => {
    expect(prometheusModel(options).scrapeSeconds).toBe(seconds);
  });

  it.each([Duration.seconds(4), Duration.seconds(301), Duration.millis(7500), Duration.seconds(0), Duration.hours(1)])(
    'fails on an interval of %s',
    (scrapeInterval) => {
      expect(() => prometheusModel({ scrapeInterval })).toThrow(
        "[OutOfRange] 'prometheus.scrapeInterval' must be a whole number from 5 to 300, got ",
      );
    },
  );

  it('sorts what becomes text', () => {
    const model = prometheusModel({
      headers: { b: '1', a: '2' },
      queryLabels: { zone: 'a', cluster: 'prod' },
      operatorLabels: { y: '1', x: '2' },
    });
    expect([model.headers, model.queryLabels, model.operatorLabels!].map((map) => Object.keys(map))).toEqual([
      ['a', 'b'],
      ['cluster', 'zone'],
      ['x', 'y'],
    ]);
  });

  it('is without an operator where none is said, and with one by empty labels', () => {
    expect(prometheusModel({}).operatorLabels).toBeUndefined();
    expect(prometheusModel({ operatorLabels: {} }).operatorLabels).toEqual({});
  });

  it.each(['X-Scope-OrgID', 'a', '!#$%&*+.^_`|~-', '0'])('takes the header %s', (name) => {
    expect(prometheusModel({ headers: { [name]: 'ml; q 1:2' } }).headers).toEqual({ [name]: 'ml; q 1:2' });
  });

  // RFC 9110 5.6.2; KEDA's customHeaders are "a=b,c=d".
  it.each<[{ [name: string]: string }, string]>([
    [{ '': 'a' }, "[InvalidText] 'prometheus.headers' must be the name of a header"],
    [{ 'a b': 'a' }, "[InvalidText] 'prometheus.headers'"],
    [{ 'a=b': 'a' }, "[InvalidText] 'prometheus.headers'"],
    [{ 'a,b': 'a' }, "[InvalidText] 'prometheus.headers'"],
    [{ 'a:': 'a' }, "[InvalidText] 'prometheus.headers'"],
    [{ é: 'a' }, "[InvalidText] 'prometheus.headers'"],
    [{ a: '' }, "[InvalidText] 'prometheus.headers.a'"],
    [{ a: 'b,c' }, "[InvalidText] 'prometheus.headers.a' must be text without ',', '=' and line breaks"],
    [{ a: 'b=c' }, "[InvalidText] 'prometheus.headers.a'"],
    [{ a: 'b\nc' }, "[InvalidText] 'prometheus.headers.a'"],
    [{ a: 'b\rc' }, "[InvalidText] 'prometheus.headers.a'"],
  ])('fails on the headers %j', (headers, message) => {
    expect(() => prometheusModel({ headers })).toThrow(message);
  });

  it.each<[PrometheusOptions, string]>([
    [{ queryLabels: { 'a-b': 'c' } }, "[InvalidText] 'prometheus.queryLabels'"],
    [{ queryLabels: { '0a': 'c' } }, "[InvalidText] 'prometheus.queryLabels'"],
    [{ queryLabels: { '': 'c' } }, "[InvalidText] 'prometheus.queryLabels'"],
    [{ queryLabels: { __name__: 'c' } }, "[InvalidText] 'prometheus.queryLabels'"],
    [{ queryLabels: { cluster: '' } }, "[InvalidText] 'prometheus.queryLabels.cluster'"],
    [{ namespace: 'A' }, "[InvalidName] 'prometheus.namespace'"],
    [{ podLabels: { '/a': 'b' } }, "[InvalidLabel] 'prometheus.podLabels'"],
    [
      { podLabels: {} },
      "[EmptyList] 'prometheus.podLabels' must not be empty; an empty selector would let in every pod of the namespace",
    ],
    [{ operatorLabels: { release: 'a b' } }, "[InvalidLabel] 'prometheus.operatorLabels.release'"],
  ])('fails on %j', (options, message) => {
    expect(() => prometheusModel(options)).toThrow(message);
  });
});
