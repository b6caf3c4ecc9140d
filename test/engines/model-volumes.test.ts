import { type ChartProps, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  ClaimRef,
  ClusterProfile,
  type DownloadVolumeOptions,
  FilledBy,
  ModelSource,
  ModelVolume,
  Runner,
  SecretRef,
} from '../../lib';
import { IMAGE, pair, single } from '../bentos';
import { type Objects, synthesize } from '../tree';

const deploy = (props: Partial<BentoDeploymentProps>, kubernetesVersion = '1.36', chartProps?: ChartProps): Objects =>
  synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ kubernetesVersion }));
    new BentoDeployment(chart, 'Rag', { bento: single(), ...props });
  }, chartProps);
const mountOf = (objects: Objects, name: string) =>
  objects.server('rag').volumeMounts.find((mount: { name: string }) => mount.name === `model-${name}`);
const volumeOf = (objects: Objects, name: string, component = 'rag') =>
  objects.pod(component).volumes.find((volume: { name: string }) => volume.name === `model-${name}`);

const download = (options: Partial<DownloadVolumeOptions> = {}, name = 'llama') =>
  ModelVolume.download(name, {
    source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B', { revision: 'abc123', token: SecretRef.named('hub') }),
    mountPath: '/models/llama',
    size: Size.gibibytes(40),
    storageClassName: 'efs',
    ...options,
  });

describe('weights in a claim that exists', () => {
  it('are read-only in the server, whole or a folder of it', () => {
    const claim = ClaimRef.named('weights');
    const objects = deploy({
      models: [
        ModelVolume.claim('a', { claim, mountPath: '/models/a' }),
        ModelVolume.claim('b', { claim, mountPath: '/models/b', subPath: 'b/v1' }),
      ],
    });
    expect(volumeOf(objects, 'a')).toEqual({ name: 'model-a', persistentVolumeClaim: { claimName: 'weights' } });
    expect(mountOf(objects, 'a')).toEqual({ name: 'model-a', mountPath: '/models/a', readOnly: true });
    expect(mountOf(objects, 'b')).toEqual({ name: 'model-b', mountPath: '/models/b', subPath: 'b/v1', readOnly: true });
    expect(objects.of('PersistentVolumeClaim')).toEqual([]);
  });
});

describe('weights that a Job downloads', () => {
  it('fill one claim that all replicas read', () => {
    const objects = deploy({ models: [download()] });
    const [claim] = objects.of('PersistentVolumeClaim');
    expect(claim!.metadata.name).toMatch(/^rag-llama-[0-9a-f]{8}$/);
    expect(claim!.spec).toEqual({
      accessModes: ['ReadWriteMany'],
      resources: { requests: { storage: '40Gi' } },
      storageClassName: 'efs',
    });
    expect(volumeOf(objects, 'llama').persistentVolumeClaim).toEqual({ claimName: claim!.metadata.name });
  });

  it('come before the mark that they are complete, for which pods wait', () => {
    const objects = deploy({ models: [download()] });
    const [job] = objects.of('Job');
    const { initContainers, containers, restartPolicy, securityContext } = job!.spec.template.spec;
    expect(initContainers).toHaveLength(1);
    expect(initContainers[0].args).toEqual(['hf://meta-llama/Llama-3.1-8B:abc123', '/mnt/model']);
    expect(initContainers[0].env).toContainEqual({
      name: 'HF_TOKEN',
      valueFrom: { secretKeyRef: { name: 'hub', key: 'HF_TOKEN' } },
    });
    expect(containers[0].command).toEqual(['touch', '/mnt/model/.complete']);
    expect(restartPolicy).toBe('OnFailure');
    expect(securityContext.runAsNonRoot).toBe(true);
    const [waiter] = objects.pod('rag').initContainers;
    expect(waiter).toMatchObject({ name: 'wait-for-llama', image: IMAGE });
    expect(waiter.command.at(-1)).toBe('/models/llama/.complete');
    expect(waiter.volumeMounts).toEqual([{ name: 'model-llama', mountPath: '/models/llama', readOnly: true }]);
  });

  it.each(['/models/my llama', '/models/$(id)', '/models/a;b', "/models/it's"])(
    'are waited for at the path %s, which no shell reads',
    (mountPath) => {
      const [waiter] = deploy({ models: [download({ mountPath })] }).pod('rag').initContainers;
      expect(waiter.command[2]).not.toContain(mountPath);
      expect(waiter.command[3]).toBe(`${mountPath}/.complete`);
    },
  );

  it('are of another claim and Job when they change, and of the same ones when they do not', () => {
    const names = (options: Partial<DownloadVolumeOptions>) => {
      const objects = deploy({ models: [download(options)] });
      const [claim, job] = ['PersistentVolumeClaim', 'Job'].map((kind) => objects.of(kind)[0]!.metadata.name);
      expect(job).toBe(claim);
      return claim;
    };
    expect(names({})).toBe(names({}));
    expect(names({ mountPath: '/models/other' })).toBe(names({}));
    expect(names({ source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B', { revision: 'def' }) })).not.toBe(
      names({}),
    );
    expect(names({ image: 'registry.example.com/loader:v1' })).not.toBe(names({}));
  });

  it('are shared by the components of a deployment', () => {
    const objects = deploy({ bento: pair(), models: [download()] });
    expect(objects.of('Job')).toHaveLength(1);
    expect(objects.of('PersistentVolumeClaim')).toHaveLength(1);
    expect(volumeOf(objects, 'llama', 'rag-embedder')).toEqual(volumeOf(objects, 'llama'));
  });

  it('need more time before a rollout counts as failed', () => {
    const deadline = (props: Partial<BentoDeploymentProps>) =>
      deploy(props).get('Deployment', 'rag').spec.progressDeadlineSeconds;
    expect(deadline({ models: [download()] })).toBeGreaterThan(deadline({}));
  });

  it('are let alone: nobody has to connect to them', () => {
    const { labels } = deploy({ models: [download()] }).of('Job')[0]!.spec.template.metadata;
    const { spec } = deploy({ models: [download()] }).get('NetworkPolicy', 'rag.model-download');
    expect(labels).toMatchObject(spec.podSelector.matchLabels);
    expect(spec.ingress ?? []).toEqual([]);
  });

  it('are no pods of the component', () => {
    const objects = deploy({ models: [download()] });
    const { labels } = objects.of('Job')[0]!.spec.template.metadata;
    const selector = objects.get('Deployment', 'rag').spec.selector.matchLabels;
    expect(Object.entries(selector).every(([key, value]) => labels[key] === value)).toBe(false);
  });

  it('pull and run as the component does', () => {
    const objects = deploy({
      models: [download()],
      imagePullSecrets: [SecretRef.named('registry')],
      security: { runAsUser: 7 },
    });
    expect(objects.of('Job')[0]!.spec.template.spec).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      securityContext: { runAsUser: 7 },
      serviceAccountName: 'rag',
    });
  });

  it('fails on two volumes of one source and name', () => {
    const runners = { Embedder: Runner.pool({ models: [download()] }) };
    expect(() => deploy({ bento: pair(), apiServer: { models: [download()] }, runners })).toThrow(
      '[DuplicateKey] \'models\' must state "llama" once',
    );
  });

  // Kubernetes labels the pods of a Job with its name.
  it.each([
    [17, false],
    [18, true],
  ])('fails where the name of the Job has no room: %d characters', (length, fails) => {
    const name = 'a'.repeat(63 - 9 - 1 - 17);
    const define = () => deploy({ name, models: [download({}, 'm'.repeat(length))] });
    if (fails) expect(define).toThrow("[InvalidName] 'apiServer.models' must be short enough for the claim");
    else expect(define().of('Job')[0]!.metadata.name).toHaveLength(63);
  });
});

describe('weights that each pod downloads', () => {
  const own = (options: Partial<DownloadVolumeOptions> = {}) =>
    download({ filledBy: FilledBy.INIT_CONTAINER, source: ModelSource.s3('s3://weights/llama'), ...options });

  it('lie in a claim that goes with it', () => {
    const objects = deploy({ models: [own()] });
    expect(volumeOf(objects, 'llama').ephemeral.volumeClaimTemplate.spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '40Gi' } },
      storageClassName: 'efs',
    });
    const [container] = objects.pod('rag').initContainers;
    expect(container).toMatchObject({ name: 'download-llama', args: ['s3://weights/llama', '/models/llama'] });
    expect(container.volumeMounts).toContainEqual({ name: 'model-llama', mountPath: '/models/llama' });
    expect(mountOf(objects, 'llama').readOnly).toBe(true);
    expect(objects.of('Job')).toEqual([]);
    expect(objects.of('PersistentVolumeClaim')).toEqual([]);
  });

  it('may have one name in two components, for nothing is shared', () => {
    const other = own({ source: ModelSource.s3('s3://weights/embedder') });
    const props = {
      bento: pair(),
      apiServer: { models: [own()] },
      runners: { Embedder: Runner.pool({ models: [other] }) },
    };
    expect(deploy(props).pod('rag-embedder').initContainers[0].args[0]).toBe('s3://weights/embedder');
  });
});

describe('weights in a bucket', () => {
  const bucket = ModelVolume.s3Bucket('llama', {
    bucket: 'weights',
    mountPath: '/models',
    prefix: 'llama',
    region: 'us-east-1',
  });

  // https://github.com/awslabs/mountpoint-s3-csi-driver/blob/main/examples/kubernetes/static_provisioning/static_provisioning.yaml
  it('are a volume that only its own claim takes', () => {
    const objects = deploy({ models: [bucket] });
    const [volume] = objects.of('PersistentVolume');
    const [claim] = objects.of('PersistentVolumeClaim');
    const { name } = claim!.metadata;
    expect(name).toMatch(/^rag-llama-[0-9a-f]{8}$/);
    expect(volume!.metadata.name).toBe(`ml-${name}`);
    expect(volume!.metadata).not.toHaveProperty('namespace');
    expect(volume!.spec).toEqual({
      accessModes: ['ReadOnlyMany'],
      capacity: { storage: '1Ti' },
      claimRef: { name, namespace: 'ml' },
      csi: { driver: 's3.csi.aws.com', volumeAttributes: { bucketName: 'weights' }, volumeHandle: `ml-${name}` },
      mountOptions: ['read-only', 'allow-other', 'uid=1034', 'gid=1034', 'region us-east-1', 'prefix llama/'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
    });
    expect(claim!.spec).toEqual({
      accessModes: ['ReadOnlyMany'],
      resources: { requests: { storage: '1Ti' } },
      storageClassName: '',
      volumeName: `ml-${name}`,
    });
    expect(volumeOf(objects, 'llama').persistentVolumeClaim).toEqual({ claimName: name });
  });

  it('have no namespace in their names where none is known', () => {
    const objects = deploy({ models: [bucket] }, '1.36', {});
    const [volume] = objects.of('PersistentVolume');
    expect(volume!.metadata.name).toMatch(/^rag-llama-[0-9a-f]{8}$/);
    expect(volume!.spec).not.toHaveProperty('claimRef');
  });
});

describe('weights of a driver or an image', () => {
  it('are mounted inline', () => {
    const csi = ModelVolume.csi('a', {
      driver: 'gcsfuse.csi.storage.gke.io',
      mountPath: '/models/a',
      attributes: { bucketName: 'weights' },
    });
    expect(volumeOf(deploy({ models: [csi] }), 'a').csi).toEqual({
      driver: 'gcsfuse.csi.storage.gke.io',
      readOnly: true,
      volumeAttributes: { bucketName: 'weights' },
    });
  });

  const image = ModelVolume.image('a', { image: 'registry.example.com/weights:v1', mountPath: '/models/a' });

  it('are pulled as images are, from Kubernetes 1.35', () => {
    expect(volumeOf(deploy({ models: [image] }, '1.35'), 'a').image).toEqual({
      reference: 'registry.example.com/weights:v1',
      pullPolicy: 'IfNotPresent',
    });
    expect(() => deploy({ models: [image] }, '1.34')).toThrow(
      "[NeedsKubernetes] 'apiServer.models' must not be used below Kubernetes 1.35; the cluster profile states 1.34",
    );
  });
});

describe('volumes of one component', () => {
  const claim = (name: string, mountPath: string) => ModelVolume.claim(name, { claim: ClaimRef.named('w'), mountPath });

  it.each([
    ['a name twice', [claim('a', '/a'), claim('a', '/b')], 'models'],
    ['a path twice', [claim('a', '/a'), claim('b', '/a/')], 'mountPath'],
  ])('fails on %s, of the deployment and its own together', (_, [all, own], property) => {
    expect(() => deploy({ models: [all!], apiServer: { models: [own!] } })).toThrow(/\[DuplicateKey\]/);
    expect(() => deploy({ models: [all!], apiServer: { models: [own!] } })).toThrow(property);
  });

  it.each(['/models/a/config.json', '/models/a'])('fails on the file %s, which could not be mounted', (path) => {
    expect(() => deploy({ models: [claim('a', '/models/a')], files: { [path]: '{}' } })).toThrow('[ReservedPath]');
  });

  it('fails on what lies in another model or beneath a file', () => {
    expect(() => deploy({ models: [claim('a', '/models'), claim('b', '/models/b')] })).toThrow('[ReservedPath]');
    expect(() => deploy({ models: [claim('a', '/etc/x/y')], files: { '/etc/x': '' } })).toThrow('[ReservedPath]');
    expect(() => deploy({ files: { '/etc/x': '', '/etc/x/y': '' } })).toThrow('[ReservedPath]');
  });
});
