import { describe, expect, it } from 'vitest';
import { ClusterProfile } from '../../lib';
import { argoRolloutsModel } from '../../lib/cluster/argo-rollouts';

describe('argoRolloutsModel', () => {
  it('is the oldest that does, without the plugin, where nothing is said', () => {
    const { version, gatewayApiPlugin } = argoRolloutsModel({});
    expect(version.text).toBe('1.8');
    expect(gatewayApiPlugin).toBeUndefined();
  });

  it.each(['1.8', 'v1.8.4', '1.9.1', '1.10.2', '2.0'])('takes %s', (version) => {
    expect(argoRolloutsModel({ version }).version.text).toBe(version);
  });

  it('knows that 1.10 is above 1.9', () => {
    expect(argoRolloutsModel({ version: '1.10' }).version.isAtLeast('1.9')).toBe(true);
  });

  it.each(['1.7.2', '1.0', '0.10'])('fails below 1.8: %s', (version) => {
    expect(() => argoRolloutsModel({ version })).toThrow(
      `[OutOfRange] 'argoRollouts.version' must be 1.8 or newer, got "${version}"`,
    );
  });

  it.each(['', 'stable', '1', '1.8.x'])('fails on %j', (version) => {
    expect(() => argoRolloutsModel({ version })).toThrow("[InvalidText] 'argoRollouts.version'");
  });

  it('has the plugin that is said', () => {
    expect(argoRolloutsModel({ gatewayApiPlugin: {} }).gatewayApiPlugin?.version.text).toBe('0.13');
    expect(argoRolloutsModel({ gatewayApiPlugin: { version: '0.15.0' } }).gatewayApiPlugin?.version.text).toBe(
      '0.15.0',
    );
    expect(() => argoRolloutsModel({ gatewayApiPlugin: { version: '0.12.0' } })).toThrow(
      '[OutOfRange] \'argoRollouts.gatewayApiPlugin.version\' must be 0.13 or newer, got "0.12.0"',
    );
  });

  it('is part of a profile', () => {
    expect(new ClusterProfile()._model.argoRollouts).toBeUndefined();
    expect(new ClusterProfile({ argoRollouts: { version: '1.9' } })._model.argoRollouts?.version.text).toBe('1.9');
  });
});
