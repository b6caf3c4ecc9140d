import { describe, expect, it } from 'vitest';
import { Gpu, GpuQuota, ServingNamespace, type ServingNamespaceProps } from '../../lib';
import { synthesize } from '../tree';

const make = (props: Partial<ServingNamespaceProps> = {}, chart = {}) =>
  synthesize((scope) => {
    new ServingNamespace(scope, 'Namespace', { name: 'ml', ...props });
  }, chart);

describe('ServingNamespace', () => {
  it('admits what Pod Security calls restricted, and nothing else', () => {
    expect(make().all).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name: 'ml',
          labels: {
            'app.kubernetes.io/managed-by': 'cdk8s-bento',
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/audit': 'restricted',
            'pod-security.kubernetes.io/warn': 'restricted',
          },
        },
      },
    ]);
  });

  it('has no namespace itself, though its chart has one', () => {
    expect(make({}, { namespace: 'other' }).get('Namespace', 'ml').metadata).not.toHaveProperty('namespace');
  });

  it('bounds devices, each resource by itself', () => {
    const gpuQuotas = [GpuQuota.of(Gpu.NVIDIA_L4, 16), GpuQuota.of(Gpu.AMD_MI300X, 0)];
    const quota = make({ gpuQuotas }, { namespace: 'other' }).get('ResourceQuota', 'gpus');
    expect(quota.metadata.namespace).toBe('ml');
    expect(quota.spec).toEqual({ hard: { 'requests.nvidia.com/gpu': '16', 'requests.amd.com/gpu': '0' } });
  });

  it.each([
    [true, 'enabled'],
    [false, undefined],
  ])('asks for readiness gates of load balancers where that is wanted: %s', (loadBalancerReadinessGate, value) => {
    const { labels } = make({ loadBalancerReadinessGate }).get('Namespace', 'ml').metadata;
    expect(labels?.['elbv2.k8s.aws/pod-readiness-gate-inject']).toBe(value);
  });

  it('takes more labels and annotations', () => {
    const { metadata } = make({ labels: { team: 'ml' }, annotations: { owner: 'a b' } }).get('Namespace', 'ml');
    expect(metadata.labels).toMatchObject({ team: 'ml', 'pod-security.kubernetes.io/enforce': 'restricted' });
    expect(metadata.annotations).toEqual({ owner: 'a b' });
  });

  it.each([
    [{ name: 'No' }, "[InvalidName] 'name'"],
    [{ name: 'a'.repeat(64) }, "[InvalidName] 'name'"],
    [{ gpuQuotas: [] }, "[EmptyList] 'gpuQuotas'"],
    [
      { gpuQuotas: [GpuQuota.of(Gpu.NVIDIA_L4, 1), GpuQuota.of(Gpu.NVIDIA_A100, 1)] },
      '[DuplicateKey] \'gpuQuotas\' must state "nvidia.com/gpu" once',
    ],
    [{ labels: { 'a b': 'c' } }, "[InvalidLabel] 'labels'"],
    [{ labels: { 'app.kubernetes.io/managed-by': 'me' } }, "[ReservedLabel] 'labels'"],
    [{ labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }, "[ReservedLabel] 'labels'"],
  ])('fails on %j', (props, message) => {
    expect(() => make(props)).toThrow(message);
    expect(() => make(props)).toThrow('(at test/Namespace)');
  });

  it.each([-1, 1.5, Number.NaN])('fails on a quota of %d', (maxGpus) => {
    expect(() => GpuQuota.of(Gpu.NVIDIA_L4, maxGpus)).toThrow("[OutOfRange] 'maxGpus'");
  });
});
