import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Affinity,
  ClaimRef,
  type ComponentOptions,
  EnvVar,
  HostAlias,
  InstanceSize,
  ModelVolume,
  NodeRequirement,
  PodContainer,
  type PodOptions,
  type ScaleToZeroFunctionProps,
  Toleration,
} from '../../lib';
import { makeFunction } from '../functions';

type Props = Partial<ScaleToZeroFunctionProps>;
const all = (...names: string[]) => names.map((name) => `kubernetes.podspec-${name}`);
const service = (props: Props = {}, enabledFeatures: string[] = []) =>
  makeFunction('knative', props, { cluster: { knative: { enabledFeatures } } }).objects.all.find(
    ({ apiVersion }) => apiVersion === 'serving.knative.dev/v1',
  )!;
const template = (props: Props = {}, features: string[] = []) => service(props, features).spec.template;
const scaling = (props: Props = {}) => {
  const { annotations } = template(props).metadata;
  const entries = Object.entries(annotations).filter(([key]) => key.startsWith('autoscaling.knative.dev/'));
  return Object.fromEntries(entries.map(([key, value]) => [key.replace(/^.*\//, ''), value]));
};

// Keys and values: knative.dev/serving pkg/apis/autoscaling/register.go.
describe('annotations', () => {
  it('scale on concurrency, the target without a discount, and hold all requests in one place', () => {
    expect(scaling()).toEqual({
      'max-scale': '4',
      metric: 'concurrency',
      'min-scale': '0',
      // After the window of a minute in which nothing came.
      'scale-to-zero-pod-retention-period': '240s',
      target: '4',
      'target-burst-capacity': '-1',
      'target-utilization-percentage': '100',
      window: '60s',
    });
  });

  it.each<[Props, object]>([
    [
      { targetConcurrency: undefined, targetRequestRate: 20 },
      { metric: 'rps', target: '20' },
    ],
    [
      { minReplicas: 2, maxReplicas: 9 },
      { 'min-scale': '2', 'max-scale': '9' },
    ],
    [{ idleTimeout: Duration.hours(1) }, { 'scale-to-zero-pod-retention-period': '3540s', window: '60s' }],
    [{ idleTimeout: Duration.seconds(60) }, { 'scale-to-zero-pod-retention-period': '0s', window: '60s' }],
    [{ idleTimeout: Duration.seconds(10) }, { 'scale-to-zero-pod-retention-period': '0s', window: '10s' }],
  ])('follow %j', (props, expected) => {
    expect(scaling(props)).toMatchObject(expected);
  });

  // Beyond it Knative gives a revision up, and scales it to zero for good.
  it('give a start as long as it may take', () => {
    const { annotations } = template({ apiServer: { startup: { timeout: Duration.minutes(20) } } }).metadata;
    // 20 minutes of startup, and 15 for the node and the image.
    expect(annotations['serving.knative.dev/progress-deadline']).toBe('2100s');
  });

  it('are text, all of them', () => {
    for (const value of Object.values(template().metadata.annotations)) expect(value).toBeTypeOf('string');
  });

  it('keep the address inside of the cluster', () => {
    expect(service().metadata.labels!['networking.knative.dev/visibility']).toBe('cluster-local');
  });
});

describe('concurrency', () => {
  it.each<[Props, number | undefined]>([
    [{ targetConcurrency: 1 }, 1],
    [{ targetConcurrency: 8 }, 8],
    [{ targetConcurrency: 8, apiServer: { traffic: { maxConcurrency: 8 } } }, 8],
    [{ targetConcurrency: 8, apiServer: { traffic: { maxConcurrency: 12 } } }, 12],
    [{ targetConcurrency: undefined, targetRequestRate: 20 }, undefined],
  ])('of %j is bounded by %s', (props, limit) => {
    expect(template(props).spec.containerConcurrency).toBe(limit);
  });

  it('fails on a target above the limit', () => {
    expect(() => template({ targetConcurrency: 13, apiServer: { traffic: { maxConcurrency: 12 } } })).toThrow(
      "[OutOfRange] 'targetConcurrency' must be at most traffic.maxConcurrency (12), above which nothing reaches a replica, got 13",
    );
  });
});

describe('timeouts', () => {
  it('count the wait beside the request', () => {
    const { timeoutSeconds, responseStartTimeoutSeconds } = template({
      coldStart: { timeout: Duration.seconds(300) },
      apiServer: { traffic: { timeout: Duration.seconds(120) } },
    }).spec;
    expect([timeoutSeconds, responseStartTimeoutSeconds]).toEqual([425, 425]);
  });

  it.each([534, 535, 536])('of a wait of %d s end at what Knative allows', (seconds) => {
    const make = () => template({ coldStart: { timeout: Duration.seconds(seconds) } });
    if (seconds <= 535) expect(make().spec.timeoutSeconds).toBe(seconds + 65);
    else {
      expect(make).toThrow(
        "[OutOfRange] 'coldStart.timeout' must be so short that it and the request take at most 600 s, which is all that Knative allows here, got \"536 s and 65 s for the request\"; lower one of them, or raise max-revision-timeout-seconds in Knative's ConfigMap config-defaults and knative.maxRevisionTimeoutSeconds in the ClusterProfile",
      );
    }
  });

  it('may be longer where the profile says so', () => {
    const knative = { maxRevisionTimeoutSeconds: 3665 };
    const { objects } = makeFunction(
      'knative',
      { coldStart: { timeout: Duration.hours(1) } },
      { cluster: { knative } },
    );
    expect(
      objects.all.find(({ kind, apiVersion }) => kind === 'Service' && apiVersion !== 'v1')!.spec.template.spec,
    ).toMatchObject({ timeoutSeconds: 3665 });
  });
});

// pkg/apis/serving/fieldmask.go: what is not named there, Knative's webhook refuses.
const POD_FIELDS = [
  'automountServiceAccountToken',
  'containerConcurrency',
  'containers',
  'enableServiceLinks',
  'imagePullSecrets',
  'responseStartTimeoutSeconds',
  'serviceAccountName',
  'timeoutSeconds',
  'volumes',
];
const CONTAINER_FIELDS = [
  'args',
  'command',
  'env',
  'envFrom',
  'image',
  'imagePullPolicy',
  'livenessProbe',
  'name',
  'ports',
  'readinessProbe',
  'resources',
  'securityContext',
  'startupProbe',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'volumeMounts',
  'workingDir',
];
const SECURITY_FIELDS = [
  'allowPrivilegeEscalation',
  'capabilities',
  'privileged',
  'readOnlyRootFilesystem',
  'runAsGroup',
  'runAsNonRoot',
  'runAsUser',
  'seccompProfile',
];
const tool = PodContainer.of('tool', 'registry.example.com/tool:v1');

describe('the pod', () => {
  const big: Props = {
    sidecars: [tool],
    initContainers: [PodContainer.of('first', 'registry.example.com/tool:v1')],
    files: { '/etc/a': 'b' },
    automountServiceAccountToken: false,
  };

  it('stays within the mask of Knative, containers too', () => {
    const { spec } = template(big, all('init-containers'));
    const { initContainers, ...pod } = spec;
    expect(Object.keys(pod).filter((key) => pod[key] !== undefined && !POD_FIELDS.includes(key))).toEqual([]);
    for (const container of [...pod.containers, ...initContainers]) {
      expect(Object.keys(container).filter((key) => !CONTAINER_FIELDS.includes(key))).toEqual([]);
      expect(Object.keys(container.securityContext).filter((key) => !SECURITY_FIELDS.includes(key))).toEqual([]);
    }
  });

  // restartPolicy of an init container is not in the mask.
  it('has its sidecars beside the server', () => {
    const { containers, initContainers } = template({ sidecars: [tool] }).spec;
    expect(containers.map(({ name }: { name: string }) => name)).toEqual(['bento', 'tool']);
    expect(initContainers).toBeUndefined();
  });

  it('is restricted container by container', () => {
    const { containers, initContainers } = template(big, all('init-containers')).spec;
    for (const { securityContext } of [...containers, ...initContainers]) {
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        runAsUser: 1034,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  // pkg/apis/serving/k8s_validation.go: validNames of ports.
  it('has one port, by a name that Knative knows, which its probes ask', () => {
    const [server] = template().spec.containers;
    expect(server.ports).toEqual([{ containerPort: 3000, name: 'http1' }]);
    for (const probe of [server.livenessProbe, server.readinessProbe, server.startupProbe]) {
      expect(probe.httpGet.port).toBe('http1');
    }
  });

  it('claims no token where it may not say so', () => {
    expect(template({ automountServiceAccountToken: true }).spec).not.toHaveProperty('automountServiceAccountToken');
    expect(template().spec.automountServiceAccountToken).toBe(false);
  });

  it('is spread where Knative can', () => {
    expect(template().spec).not.toHaveProperty('topologySpreadConstraints');
    expect(template({}, all('topologyspreadconstraints')).spec.topologySpreadConstraints).toHaveLength(2);
  });

  it('reads claims only', () => {
    const models = [ModelVolume.claim('w', { claim: ClaimRef.named('weights'), mountPath: '/models' })];
    const { volumes } = template({ models }, all('persistent-volume-claim')).spec;
    expect(
      volumes.find(({ persistentVolumeClaim }: { persistentVolumeClaim?: object }) => persistentVolumeClaim),
    ).toEqual({
      name: expect.any(String),
      persistentVolumeClaim: { claimName: 'weights', readOnly: true },
    });
  });
});

// config/core/configmaps/features.yaml: off unless enabled.
describe('what the pod needs beyond', () => {
  it.each<[string, PodOptions & ComponentOptions]>([
    ['affinity', { affinity: [Affinity.requireNodes([NodeRequirement.exists('gpu')])] }],
    ['fieldref', { env: [EnvVar.fromField('POD', 'metadata.name')] }],
    ['hostaliases', { hostAliases: [HostAlias.of('10.0.0.1', ['a'])] }],
    ['init-containers', { initContainers: [tool] }],
    ['nodeselector', { nodeSelector: { gpu: 'l4' } }],
    [
      'persistent-volume-claim',
      { models: [ModelVolume.claim('w', { claim: ClaimRef.named('weights'), mountPath: '/models' })] },
    ],
    ['priorityclassname', { priorityClassName: 'high' }],
    ['runtimeclassname', { runtimeClassName: 'nvidia' }],
    ['tolerations', { tolerations: [Toleration.exists('nvidia.com/gpu')] }],
    ['volumes-csi', { models: [ModelVolume.csi('w', { driver: 'gcsfuse.csi.storage.gke.io', mountPath: '/models' })] }],
    ['volumes-image', { models: [ModelVolume.image('w', { image: 'weights:1', mountPath: '/models' })] }],
  ])('is the flag podspec-%s, which the profile must state', (flag, options) => {
    expect(() => template(options)).toThrow(
      `[MissingFeatures] 'knative.enabledFeatures' must have kubernetes.podspec-${flag} enabled, which the pods of this function need; enable them in Knative's ConfigMap config-features and in \`knative.enabledFeatures\`, or use FunctionEngine.kedaHttp() (at test/Upscaler)`,
    );
    expect(() => template(options, all(flag))).not.toThrow();
    expect(() => template({ apiServer: options }, all(flag))).not.toThrow();
  });

  it('is the flag for fields where an init container reads one', () => {
    const first = PodContainer.of('first', 'a:1', { env: [EnvVar.fromField('POD', 'metadata.name')] });
    expect(() => template({ initContainers: [first] }, all('init-containers'))).toThrow('kubernetes.podspec-fieldref');
  });

  it('is named all at once', () => {
    expect(() => template({ nodeSelector: { a: 'b' }, tolerations: [Toleration.exists('a')] })).toThrow(
      'must have kubernetes.podspec-nodeselector, kubernetes.podspec-tolerations enabled',
    );
  });

  it('is the flag for tolerations with a GPU, whose nodes are tainted', () => {
    const apiServer = { size: InstanceSize.named('gpu.l4.1') };
    expect(() => template({ apiServer })).toThrow('must have kubernetes.podspec-tolerations enabled');
    const { resources } = template({ apiServer }, all('tolerations')).spec.containers[0];
    expect(resources.limits['nvidia.com/gpu']).toBe('1');
  });
});

describe('what Knative decides itself', () => {
  it.each([
    ['adopt', { adopt: { workloadName: 'a' } }, 'it makes the objects of its pods itself'],
    ['drain', { drain: { gracefulShutdown: Duration.seconds(5) } }, 'its queue waits for requests that have begun'],
    [
      'rolling',
      { rolling: { minReady: Duration.seconds(5) } },
      'it starts a revision of its own beside the old one, and moves requests when it is ready',
    ],
    ['servicePort', { servicePort: 80 }, 'its Services listen on 80'],
  ])('fails on %s', (key, apiServer, why) => {
    expect(() => template({ apiServer })).toThrow(
      `[NotByEngine] 'apiServer.${key}' must not be stated for a function by Knative: ${why}; leave it out, or use FunctionEngine.kedaHttp() (at test/Upscaler)`,
    );
  });

  it('fails on a second port', () => {
    const sidecars = [PodContainer.of('tool', 'registry.example.com/tool:v1', { ports: [9000] })];
    expect(() => template({ sidecars })).toThrow(
      "[NotByEngine] 'bento' must not be stated for a function by Knative: its pods have one port, and the Bento or a sidecar listens on more; use FunctionEngine.kedaHttp()",
    );
  });
});
