import { describe, expect, it } from 'vitest';
import { ASSUMED_VERSION, type Feature, KubernetesVersion, versionOf } from '../../lib/cluster/kubernetes-version';

describe('KubernetesVersion', () => {
  it.each([
    ['1.27', 27],
    ['1.30', 30],
    ['v1.36', 36],
    ['1.36.2', 36],
    ['v1.33.4-eks-5d4a308', 33],
    ['1.31.9-gke.1044000', 31],
    ['1.32.1+k3s1', 32],
    ['1.100', 100],
    [ASSUMED_VERSION, 30],
  ])('reads %s', (text, minor) => {
    expect(new KubernetesVersion(text)).toMatchObject({ text, minor });
  });

  it.each(['', '1', '1.', '1.x', '2.0', '136', '1.36.', '1,36', ' 1.36', 'latest', '1.1000'])('fails on %j', (text) => {
    expect(() => new KubernetesVersion(text)).toThrow(
      `[InvalidText] 'kubernetesVersion' must be a version as '1.36', got "${text}"`,
    );
  });

  it.each(['1.26', '1.26.15', '1.0', 'v1.9'])('fails on %s, whose API lacks what is always written', (text) => {
    expect(() => new KubernetesVersion(text)).toThrow(
      `[OutOfRange] 'kubernetesVersion' must be 1.27 or newer, got "${text}"`,
    );
  });

  // https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/: since when each is on by default.
  it.each<[Feature, number]>([
    ['nativeSidecars', 29],
    ['preStopSleep', 30],
    ['hpaTolerance', 35],
    ['imageVolume', 35],
  ])('has %s from 1.%d on', (feature, minor) => {
    expect(new KubernetesVersion(`1.${minor - 1}`).has(feature)).toBe(false);
    expect(new KubernetesVersion(`1.${minor}`).has(feature)).toBe(true);
    expect(new KubernetesVersion(`1.${minor + 1}`).has(feature)).toBe(true);
    expect(versionOf(feature)).toBe(`1.${minor}`);
    expect(() => new KubernetesVersion(`1.${minor}`).require('x', feature, 'do y')).not.toThrow();
    expect(() => new KubernetesVersion(`1.${minor - 1}`).require('x', feature, 'do y')).toThrow(
      `[NeedsKubernetes] 'x' must not be used below Kubernetes 1.${minor}; the cluster profile states 1.${minor - 1}; do y`,
    );
  });
});
