import { describe, expect, it } from 'vitest';
import { PrometheusAuthentication } from '../../lib/cluster/prometheus-authentication';
import { SecretRef } from '../../lib/refs/secret-ref';
import { TriggerAuthenticationRef } from '../../lib/refs/trigger-authentication-ref';

const secret = SecretRef.named('prometheus');

// Parameters as https://keda.sh/docs/latest/scalers/prometheus/#authentication-parameters names them.
describe('PrometheusAuthentication', () => {
  it.each([
    ['bearerToken', PrometheusAuthentication.bearerToken({ secret }), 'bearer', [['bearerToken', 'token']]],
    [
      'basic',
      PrometheusAuthentication.basic({ secret }),
      'basic',
      [
        ['password', 'password'],
        ['username', 'username'],
      ],
    ],
    [
      'header',
      PrometheusAuthentication.header({ secret }),
      'custom',
      [
        ['customAuthHeader', 'header'],
        ['customAuthValue', 'value'],
      ],
    ],
  ])('%s reads a Secret by the usual keys', (_, { _model }, mode, keys) => {
    expect(_model).toEqual({
      kind: 'secrets',
      mode,
      parameters: keys.map(([parameter, key]) => [parameter, 'prometheus', key]),
    });
  });

  it('reads other keys', () => {
    const models = [
      PrometheusAuthentication.bearerToken({ secret, key: 'T' }),
      PrometheusAuthentication.basic({ secret, usernameKey: 'u', passwordKey: 'p' }),
      PrometheusAuthentication.header({ secret, nameKey: 'n', valueKey: 'v' }),
    ].map(({ _model }) => (_model.kind === 'secrets' ? _model.parameters.map(([, , key]) => key) : []));
    expect(models).toEqual([['T'], ['p', 'u'], ['n', 'v']]);
  });

  it.each(['', ' ', 'a b', 'a/b', '..', '..a', 'a'.repeat(254)])('fails on the key %j', (key) => {
    const bad = "[InvalidText] '";
    expect(() => PrometheusAuthentication.bearerToken({ secret, key })).toThrow(bad);
    expect(() => PrometheusAuthentication.basic({ secret, usernameKey: key })).toThrow(bad);
    expect(() => PrometheusAuthentication.basic({ secret, passwordKey: key })).toThrow(bad);
    expect(() => PrometheusAuthentication.header({ secret, nameKey: key })).toThrow(bad);
    expect(() => PrometheusAuthentication.header({ secret, valueKey: key })).toThrow(bad);
  });

  it.each(['us-east-1', 'us-gov-west-1', 'ap-southeast-4', 'us-iso-east-1', 'mx-central-1'])(
    'takes the region %s',
    (region) => {
      expect(PrometheusAuthentication.aws({ region })._model).toEqual({ kind: 'aws', region });
    },
  );

  it.each(['', 'us-east', 'us-east-1a', 'US-EAST-1', 'europe', 'us_east_1', 'us-east-12', ' us-east-1'])(
    'fails on the region %j',
    (region) => {
      expect(() => PrometheusAuthentication.aws({ region })).toThrow(
        `[InvalidText] 'region' must be a region as us-east-1, got ${JSON.stringify(region)}`,
      );
    },
  );

  it('refers to what exists', () => {
    const { triggerAuthentication } = PrometheusAuthentication;
    expect(triggerAuthentication(TriggerAuthenticationRef.named('a'))._model).toEqual({
      kind: 'reference',
      ref: { kind: 'TriggerAuthentication', name: 'a' },
    });
    expect(triggerAuthentication(TriggerAuthenticationRef.ofCluster('a.b'))._model).toEqual({
      kind: 'reference',
      ref: { kind: 'ClusterTriggerAuthentication', name: 'a.b' },
    });
  });
});
