import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  Authentication,
  BentoDeployment,
  ClusterProfile,
  Exposure,
  LoadBalancing,
  RateLimit,
  RateUnit,
  SecretRef,
  Tls,
  type TrafficPolicy,
} from '../../lib';
import { single } from '../bentos';
import { requireTool } from '../tools/require-tool';
import { synthesize } from '../tree';
import type { KubernetesObject } from './client';
import { Cluster } from './cluster';
import { installCrds } from './crds';
import { vet } from './vet';

const hosts = ['rag.example.com', '*.rag.example.com'];
const acm = Tls.acm(['arn:aws:acm:eu-west-1:111122223333:certificate/one']);
const tls = Tls.secret(SecretRef.named('rag-tls'));
const jwt = Authentication.jwt({ issuer: 'https://a.example.com', jwksUrl: 'https://a.example.com/jwks' });
const sourceCidrs = ['192.0.2.0/24', '198.51.100.0/24'];

const DOORS: { readonly [name: string]: readonly [Exposure, TrafficPolicy?] } = {
  network: [Exposure.networkLoadBalancer({ sourceCidrs }), { loadBalancing: LoadBalancing.hashBySource() }],
  'network-tls': [Exposure.networkLoadBalancer({ tls: acm, internetFacing: true, crossZone: false })],
  application: [
    Exposure.applicationLoadBalancer({ hosts, tls: acm, authentication: jwt, groupName: 'shared.1', sourceCidrs }),
    { loadBalancing: LoadBalancing.hashByCookie('session', { setByApplication: true }) },
  ],
  group: [Exposure.networkLoadBalancer({ targetGroupName: 'Rag-EU-1' })],
  'application-group': [Exposure.applicationLoadBalancer({ hosts, targetGroupName: 'rag-eu-2' })],
  nginx: [
    Exposure.ingressNginx({ hosts, tls, controllers: 2 }),
    {
      loadBalancing: LoadBalancing.hashByCookie('session', { ttl: Duration.hours(1) }),
      rateLimit: RateLimit.perClient(10, RateUnit.SECOND),
    },
  ],
  'any-cloud': [
    Exposure.loadBalancer({ sourceCidrs: [...sourceCidrs, '2001:db8::/32'], annotations: { 'a.example.com/b': 'c' } }),
  ],
  class: [Exposure.loadBalancer({ sourceCidrs, loadBalancerClass: 'example.com/internal-vip', port: 8443 })],
};

const KINDS = ['Service', 'Ingress', 'TargetGroupBinding'];

/** Of every door, what stands before the Service inside the cluster. */
function doors(): KubernetesObject[] {
  const { all } = synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] }));
    for (const [name, [exposure, traffic]] of Object.entries(DOORS)) {
      new BentoDeployment(chart, name, { bento: single(), exposure, apiServer: { traffic } });
    }
  });
  return all.filter(({ kind, spec }) => KINDS.includes(kind) && (kind !== 'Service' || spec.type === 'LoadBalancer'));
}

describe.skipIf(!requireTool('go', 'doors on the control plane'))('doors without a gateway', () => {
  let folder: string;
  let cluster: Cluster;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bento-doors-'));
    cluster = await Cluster.up({ nodes: 0 });
    await installCrds(cluster.client, ['aws-load-balancer-controller-3.5.0']);
    await cluster.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ml' } });
  });
  afterAll(async () => {
    await cluster?.down();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are all judged', () => {
    const count = (kind: string) => doors().filter((object) => object.kind === kind).length;
    expect(KINDS.map(count)).toEqual([4, 2, 2]);
  });

  it('are accepted by the create path of the API server, without a warning', async () => {
    const builtIn = doors().filter(({ kind }) => kind !== 'TargetGroupBinding');
    writeFileSync(join(folder, 'doors.yaml'), builtIn.map((object) => JSON.stringify(object)).join('\n---\n'));
    expect(await vet([folder])).toEqual({ accepted: builtIn.length, rejected: 0, foreign: 0, findings: [] });
  });

  it('are created strictly by a server that knows their kinds, without a warning', async () => {
    for (const object of doors()) {
      const { warnings } = await cluster.client.createStrictly(object, JSON.stringify(object));
      expect({ name: object.metadata.name, warnings }).toEqual({ name: object.metadata.name, warnings: [] });
    }
  });

  it('are refused with a field that is not there', async () => {
    const binding = doors().find(({ kind }) => kind === 'TargetGroupBinding')!;
    Object.assign(binding.metadata, { name: 'misspelt' });
    Object.assign(binding.spec, { targetGroupNames: 'rag' });
    await expect(cluster.client.createStrictly(binding, JSON.stringify(binding))).rejects.toThrow(
      'unknown field "spec.targetGroupNames"',
    );
  });
});
