import { describe, expect, it } from 'vitest';
import { EXPORTER_PACKAGES, OtlpProtocol, Tracing } from '../../lib/bento/tracing';

const endpoint = 'http://otel-collector.monitoring:4317';

// BentoML's schema: sample_rate from 0.0 to 1.0, where 0 traces nothing; protocol grpc or http must be there for otlp.
describe('Tracing', () => {
  it('speaks gRPC to a collector, of every tenth request', () => {
    expect(Tracing.otlp({ endpoint })._model).toStrictEqual({
      exporter: 'otlp',
      endpoint,
      protocol: 'grpc',
      sampleRatio: 0.1,
    });
  });

  it('speaks HTTP to the whole address', () => {
    const whole = 'https://otel.example.com/otlp/v1/traces';
    expect(Tracing.otlp({ endpoint: whole, protocol: OtlpProtocol.HTTP })._model).toMatchObject({
      endpoint: whole,
      protocol: 'http',
    });
  });

  it.each(['http://otel:4318', 'http://otel:4318/'])('fails on %s over HTTP, where nothing takes spans', (address) => {
    expect(() => Tracing.otlp({ endpoint: address, protocol: OtlpProtocol.HTTP })).toThrow(
      "[InvalidUrl] 'endpoint' must be the whole address with its path",
    );
  });

  it('sends to Zipkin, without a protocol', () => {
    const zipkin = 'http://zipkin.monitoring:9411/api/v2/spans';
    expect(Tracing.zipkin({ endpoint: zipkin, sampleRatio: 1, excludedPaths: ['/metrics'] })._model).toStrictEqual({
      exporter: 'zipkin',
      endpoint: zipkin,
      sampleRatio: 1,
      excludedPaths: ['/metrics'],
    });
  });

  it.each([Number.MIN_VALUE, 0.001, 0.5, 1])('takes the share %d', (sampleRatio) => {
    expect(Tracing.otlp({ endpoint, sampleRatio })._model.sampleRatio).toBe(sampleRatio);
  });

  it.each([0, -0.1, 1.1, NaN, Infinity])('fails on the share %d', (sampleRatio) => {
    const message = `[OutOfRange] 'sampleRatio' must be a number above 0 and up to 1, got ${sampleRatio}`;
    expect(() => Tracing.otlp({ endpoint, sampleRatio })).toThrow(message);
    expect(() => Tracing.zipkin({ endpoint, sampleRatio })).toThrow(message);
  });

  it.each(['otel:4317', 'grpc://otel:4317', 'http://', 'http:///x', 'http://a b', 'http://a/b c'])(
    'fails on %j',
    (bad) => {
      expect(() => Tracing.otlp({ endpoint: bad })).toThrow("[InvalidUrl] 'endpoint' must be an http address");
      expect(() => Tracing.zipkin({ endpoint: bad })).toThrow("[InvalidUrl] 'endpoint' must be an http address");
    },
  );

  it('fails on no address and on empty paths', () => {
    expect(() => Tracing.otlp({ endpoint: '' })).toThrow("[InvalidText] 'endpoint'");
    expect(() => Tracing.otlp({ endpoint, excludedPaths: [''] })).toThrow("[InvalidText] 'excludedPaths'");
  });

  it('knows the packages of the exporters', () => {
    expect(EXPORTER_PACKAGES).toEqual({
      otlp: 'opentelemetry-exporter-otlp',
      zipkin: 'opentelemetry-exporter-zipkin',
    });
  });
});
