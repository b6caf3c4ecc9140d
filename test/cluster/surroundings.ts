import { identity, type Manifest } from '../tools/manifests';
import type { Body, Client, KubernetesObject } from './client';

const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/** Pod specs of all workloads, with the namespace they run in. */
export function podSpecs(manifests: Manifest[]): { namespace: string; spec: Body }[] {
  return manifests.flatMap(({ object }) => {
    const template = object.spec?.jobTemplate?.spec?.template ?? object.spec?.template;
    return template?.spec?.containers
      ? [{ namespace: object.metadata.namespace ?? 'default', spec: template.spec }]
      : [];
  });
}

/** Extended resources that the pods ask for, such as `nvidia.com/gpu`. */
export function extendedResources(manifests: Manifest[]): string[] {
  const names = podSpecs(manifests).flatMap(({ spec }) =>
    [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }: Body) =>
      Object.keys({ ...resources?.requests, ...resources?.limits }),
    ),
  );
  return [...new Set(names.filter((name) => name.includes('/')))];
}

/** Every namespace the manifests name, held to the restricted Pod Security Standard. */
export async function provideNamespaces(client: Client, manifests: Manifest[]): Promise<void> {
  const names = new Set(manifests.map(({ object }) => object.metadata.namespace).filter((n) => n !== undefined));
  for (const { object } of manifests) if (object.kind === 'Namespace') names.add(object.metadata.name);
  for (const name of names) {
    const there = await client.find(`/api/v1/namespaces/${name}`);
    if (there === undefined) {
      await client.namespace(name, RESTRICTED);
    } else {
      // What the manifest says of itself stays: it is to be judged, too.
      await client.merge(`/api/v1/namespaces/${name}`, {
        metadata: { labels: { ...RESTRICTED, ...there.metadata.labels } },
      });
      await client.namespaceReady(name);
    }
  }
}

/** What the user of the manifests must have: accounts, classes and claims that pods refer to, nodes they ask for. */
export async function provideReferences(client: Client, manifests: Manifest[], withNodes = true): Promise<void> {
  const brought = new Set(manifests.map(({ object }) => identity(object)));
  for (const { namespace, spec } of podSpecs(manifests)) {
    for (const object of references(namespace, spec)) {
      if (!brought.has(identity(object))) await client.provide(object);
    }
    if (!withNodes) continue;
    if (spec.nodeSelector !== undefined) await provideNode(client, spec.nodeSelector);
    for (const labels of requiredOfNodes(spec)) await provideNode(client, labels);
  }
}

/** Labels that a pod's affinity asks of its node: one value of each term is enough. */
function requiredOfNodes(spec: Body): Record<string, string>[] {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.map(({ matchExpressions = [] }: Body) =>
    Object.fromEntries(
      matchExpressions
        .filter(({ operator }: Body) => operator === 'In' || operator === 'Exists')
        .map(({ key, values = ['true'] }: Body) => [key, values[0]]),
    ),
  );
}

function references(namespace: string, spec: Body): KubernetesObject[] {
  const objects: KubernetesObject[] = [];
  if (spec.serviceAccountName !== undefined && spec.serviceAccountName !== 'default') {
    objects.push({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: spec.serviceAccountName, namespace } });
  }
  if (spec.priorityClassName !== undefined && !spec.priorityClassName.startsWith('system-')) {
    const metadata = { name: spec.priorityClassName };
    objects.push({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value: 1000 });
  }
  if (spec.runtimeClassName !== undefined) {
    const metadata = { name: spec.runtimeClassName };
    objects.push({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata, handler: spec.runtimeClassName });
  }
  for (const { persistentVolumeClaim: claim } of spec.volumes ?? []) {
    if (claim === undefined) continue;
    objects.push({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim.claimName, namespace },
      spec: { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1Gi' } } },
    });
  }
  return objects;
}

/** Labels a node that does not carry other values of the same labels. */
async function provideNode(client: Client, labels: Record<string, string>): Promise<void> {
  const { items } = await client.get('/api/v1/nodes');
  const fits = (node: Body) =>
    // `sim` is the region of simulated nodes that nobody asked for.
    Object.entries(labels).every(([key, value]) => [undefined, 'sim', value].includes(node.metadata.labels[key]));
  const node = items.find(fits);
  if (node === undefined) throw new Error(`no node is left for ${JSON.stringify(labels)}`);
  await client.merge(`/api/v1/nodes/${node.metadata.name}`, { metadata: { labels } });
}

/** A volume for every claim: the controller binds what names it. */
export async function provideVolumes(client: Client): Promise<void> {
  const { items } = await client.get('/api/v1/persistentvolumeclaims');
  for (const { metadata, spec } of items) {
    if (spec.volumeName !== undefined) continue;
    await client.provide({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `${metadata.namespace}-${metadata.name}` },
      spec: {
        capacity: spec.resources.requests,
        accessModes: spec.accessModes,
        volumeMode: spec.volumeMode,
        storageClassName: spec.storageClassName,
        claimRef: { namespace: metadata.namespace, name: metadata.name },
        hostPath: { path: '/nowhere' },
      },
    });
  }
}
