import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  ClusterProfile,
  InstanceSize,
  PodContainer,
  type ScaledComponentOptions,
  ScaleToZeroFunction,
  Scaling,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import { componentsBeside } from '../../lib/deployment/tree-checks';
import { podRequests } from '../../lib/engines/pod-requests';
import { single } from '../bentos';
import { quietly, synthesize } from '../tree';

const size = (cpuCores: number, gibibytes: number) => InstanceSize.of({ cpuCores, memory: Size.gibibytes(gibibytes) });
const container = (name: string, cpuCores: number, gibibytes: number) =>
  PodContainer.of(name, 'registry.example.com/tool:1', { size: size(cpuCores, gibibytes) });
const GIB = 2 ** 30;

function modelOf(apiServer: ScaledComponentOptions, kubernetesVersion?: string): ComponentModel {
  let found: ComponentModel | undefined;
  quietly(() =>
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
      const deployment = new BentoDeployment(chart, 'Rag', { bento: single(), apiServer });
      found = componentsBeside(deployment)[0]!.model;
    }),
  );
  return found!;
}

// https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
describe('podRequests', () => {
  it.each<[string, ScaledComponentOptions, number, number]>([
    ['the server alone', { size: size(2, 4) }, 2, 4],
    [
      'limits where nothing is requested',
      { size: InstanceSize.of({ cpuLimitCores: 3, memory: Size.gibibytes(1) }) },
      3,
      1,
    ],
    ['no CPU', { size: InstanceSize.of({ memory: Size.gibibytes(1) }), scaling: Scaling.replicas(2) }, 0, 1],
    ['sidecars beside it', { size: size(2, 4), sidecars: [container('a', 1, 2), container('b', 0.5, 1)] }, 3.5, 7],
    ['what runs before it and takes less', { size: size(2, 4), initContainers: [container('a', 1, 2)] }, 2, 4],
    ['what runs before it and takes more', { size: size(2, 4), initContainers: [container('a', 3, 1)] }, 3, 4],
    [
      'several that run before it, one after another',
      { size: size(2, 4), initContainers: [container('a', 3, 1), container('b', 1, 8)] },
      3,
      8,
    ],
    [
      'what runs before it beside sidecars',
      { size: size(2, 4), sidecars: [container('s', 1, 1)], initContainers: [container('a', 4, 4)] },
      5,
      5,
    ],
  ])('adds up %s', (_, options, cpuCores, gibibytes) => {
    expect(podRequests(modelOf(options))).toEqual({ cpuCores, memoryBytes: gibibytes * GIB });
  });

  it('starts sidecars last where Kubernetes knows none', () => {
    const options = { size: size(2, 4), sidecars: [container('s', 1, 1)], initContainers: [container('a', 4, 4)] };
    expect(podRequests(modelOf(options, '1.27'))).toEqual({ cpuCores: 4, memoryBytes: 5 * GIB });
  });

  it('knows the pod of a function', () => {
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ knative: {} }));
      const rag = new ScaleToZeroFunction(chart, 'Rag', {
        bento: single(),
        apiServer: { size: size(2, 4) },
        maxReplicas: 2,
        targetConcurrency: 1,
      });
      expect(podRequests(componentsBeside(rag)[0]!.model)).toEqual({ cpuCores: 2, memoryBytes: 4 * GIB });
    });
  });
});
