import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  InstanceSize,
  PodContainer,
  SecretRef,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const deploy = (props: Partial<BentoDeploymentProps>, kubernetesVersion = '1.30') =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  }).pod('rag');

const shipper = PodContainer.of('log-shipper', 'fluent/fluent-bit:4.2.0', {
  command: ['/fluent-bit/bin/fluent-bit'],
  args: ['-c', '/tmp/fluent-bit.conf'],
  env: [EnvVar.value('LEVEL', 'info')],
  envFrom: [
    EnvFrom.secret(SecretRef.named('shipper')),
    EnvFrom.configMap(ConfigMapRef.named('shipper'), { prefix: 'C_', optional: true }),
  ],
  ports: [2020],
  size: InstanceSize.of({ cpuCores: 0.25, memory: Size.mebibytes(64) }),
});

it('fails on shared memory of its own', () => {
  const size = InstanceSize.of({ memory: Size.gibibytes(1), sharedMemory: Size.mebibytes(64) });
  expect(() => PodContainer.of('log-shipper', 'fluent/fluent-bit:4.2.0', { size })).toThrow(
    "[ConflictingOptions] 'size.sharedMemory'",
  );
});

const rendered = {
  name: 'log-shipper',
  image: 'fluent/fluent-bit:4.2.0',
  imagePullPolicy: 'IfNotPresent',
  command: ['/fluent-bit/bin/fluent-bit'],
  args: ['-c', '/tmp/fluent-bit.conf'],
  env: [{ name: 'LEVEL', value: 'info' }],
  envFrom: [{ secretRef: { name: 'shipper' } }, { prefix: 'C_', configMapRef: { name: 'shipper', optional: true } }],
  ports: [{ containerPort: 2020, protocol: 'TCP' }],
  resources: { limits: { memory: '64Mi' }, requests: { cpu: '250m', memory: '64Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
  },
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
};

describe('a sidecar', () => {
  it.each(['1.29', '1.30', '1.36'])('is an init container that goes on, in Kubernetes %s', (version) => {
    const pod = deploy({ sidecars: [shipper] }, version);
    expect(pod.initContainers).toEqual([{ ...rendered, restartPolicy: 'Always' }]);
    expect(pod.containers).toHaveLength(1);
  });

  it.each(['1.27', '1.28.9'])('is a container like others in Kubernetes %s', (version) => {
    const pod = deploy({ sidecars: [shipper] }, version);
    expect(pod.initContainers).toBeUndefined();
    expect(pod.containers[1]).toEqual(rendered);
  });

  it('starts before init containers of the user, which may need it', () => {
    const names = deploy({ sidecars: [shipper], initContainers: [PodContainer.of('warm', 'busybox:1.37')] });
    expect(names.initContainers.map(({ name }: { name: string }) => name)).toEqual(['log-shipper', 'warm']);
  });

  it.each([
    [[3000], '3000'],
    [[2020, 2020], '2020'],
  ])('fails on ports %j, one of which is taken', (ports, taken) => {
    const sidecars = [PodContainer.of('proxy', 'envoyproxy/envoy:v1.36.0', { ports })];
    expect(() => deploy({ sidecars })).toThrow(`[DuplicateKey] 'apiServer.sidecars' must state "${taken}" once`);
  });

  it('fails on a port of another', () => {
    const sidecars = ['a', 'b'].map((name) => PodContainer.of(name, 'busybox:1.37', { ports: [9000] }));
    expect(() => deploy({ sidecars })).toThrow("[DuplicateKey] 'apiServer.sidecars'");
  });
});

describe('an init container', () => {
  it('gets little where no size is stated', () => {
    const [container] = deploy({ initContainers: [PodContainer.of('warm', 'busybox:1.37')] }).initContainers;
    expect(container).toMatchObject({
      name: 'warm',
      resources: { limits: { memory: '128Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    });
    expect(container).not.toHaveProperty('restartPolicy');
    expect(container).not.toHaveProperty('command');
  });

  it('fails under the name of a sidecar, of the deployment or of the component', () => {
    const warm = PodContainer.of('warm', 'busybox:1.37');
    expect(() => deploy({ initContainers: [warm], apiServer: { sidecars: [warm] } })).toThrow('[DuplicateKey]');
    expect(() => deploy({ initContainers: [warm], apiServer: { initContainers: [warm] } })).toThrow('[DuplicateKey]');
  });
});

describe('PodContainer', () => {
  it.each([1, 65_535])('takes port %d', (port) => {
    expect(PodContainer.of('a', 'busybox:1', { ports: [port] })._model.ports).toEqual([port]);
  });

  it.each([
    ['port 0', () => PodContainer.of('a', 'busybox:1', { ports: [0] }), "[OutOfRange] 'ports'"],
    ['port 65536', () => PodContainer.of('a', 'busybox:1', { ports: [65_536] }), "[OutOfRange] 'ports'"],
    ['a name with capitals', () => PodContainer.of('Warm', 'busybox:1'), "[InvalidName] 'name'"],
    ['the name of the server', () => PodContainer.of('bento', 'busybox:1'), "[ReservedName] 'name'"],
    ['a name of the library', () => PodContainer.of('wait-for-x', 'busybox:1'), "[ReservedName] 'name'"],
    ['another name of the library', () => PodContainer.of('download-x', 'busybox:1'), "[ReservedName] 'name'"],
    ['an image with a blank', () => PodContainer.of('a', 'busy box'), "[InvalidText] 'image'"],
    [
      'a variable stated twice',
      () => PodContainer.of('a', 'busybox:1', { env: [EnvVar.value('A', '1'), EnvVar.value('A', '2')] }),
      '[DuplicateKey] \'env\' must state "A" once',
    ],
  ])('fails on %s', (_, define, message) => {
    expect(define).toThrow(message);
  });
});
