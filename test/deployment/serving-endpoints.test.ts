import { type Chart, Duration, Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  type ClusterProfileProps,
  Exposure,
  GlobalService,
  LoadBalancerKind,
  Region,
  Release,
  ResponseCache,
  Version,
} from '../../lib';
import { IMAGE, single } from '../bentos';
import { synthesize } from '../tree';

const east = Region.aws('us-east-1');
const CIDRS = { loadBalancerCidrs: ['10.0.0.0/16'] };
const network = Exposure.networkLoadBalancer({ targetGroupName: 'rag-us-east-1' });
const application = Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], targetGroupName: 'rag-alb' });

/** A deployment, and what it makes. */
function deploy(props: Partial<BentoDeploymentProps> = {}, profile: ClusterProfileProps = {}) {
  let rag!: BentoDeployment;
  const objects = synthesize((chart: Chart) => {
    ClusterProfile.set(chart, new ClusterProfile({ ...CIDRS, ...profile }));
    rag = new BentoDeployment(chart, 'Rag', { bento: single(), exposure: network, ...props });
  });
  return { rag, objects };
}

describe('an endpoint', () => {
  it('says where a deployment takes requests, in numbers that its pods keep to', () => {
    const { rag, objects } = deploy({}, { name: 'prod', region: east });
    const { deregistrationDelay, idleTimeout, ...names } = rag.endpoint;
    expect(names).toEqual({
      name: 'rag',
      clusterName: 'prod',
      region: 'us-east-1',
      targetGroupName: 'rag-us-east-1',
      loadBalancer: LoadBalancerKind.NETWORK,
      containerPort: 3000,
      healthPath: '/readyz',
    });
    // The wait of pods behind a Network Load Balancer, and an answer.
    expect(deregistrationDelay.toSeconds()).toBe(130 + 60);
    expect(deregistrationDelay.toSeconds()).toBeLessThan(objects.pod('rag').terminationGracePeriodSeconds);
    expect(idleTimeout.toSeconds()).toBe(350);
    const { targetGroupName } = objects.of('TargetGroupBinding')[0]!.spec;
    expect(targetGroupName).toBe(rag.endpoint.targetGroupName);
  });

  it('says what the requirements of the deployment say', () => {
    const { rag } = deploy({ apiServer: { traffic: { timeout: Duration.seconds(400) } } });
    const { deregistrationDelay, idleTimeout } = rag.endpoint;
    const texts = rag.requirements.map(String).join('\n');
    expect(texts).toContain(`deregisters in ${deregistrationDelay.toSeconds()} s`);
    expect(texts).toContain(`an idle timeout of ${idleTimeout.toSeconds()} s at the load balancer of rag-us-east-1`);
  });

  it('waits for answers of an application load balancer, and is told apart from one of connections', () => {
    const { rag } = deploy({ exposure: application, apiServer: { traffic: { timeout: Duration.seconds(300) } } });
    const { loadBalancer, idleTimeout, deregistrationDelay, region } = rag.endpoint;
    expect([loadBalancer, idleTimeout.toSeconds(), deregistrationDelay.toSeconds(), region]).toEqual([
      LoadBalancerKind.APPLICATION,
      310,
      330,
      undefined,
    ]);
  });

  it('has whole seconds, above what they must cover', () => {
    const { rag } = deploy({ exposure: application, apiServer: { traffic: { timeout: Duration.millis(90_500) } } });
    expect([rag.endpoint.idleTimeout.toSeconds(), rag.endpoint.deregistrationDelay.toSeconds()]).toEqual([101, 121]);
  });

  it('asks for health where the first of what is behind it says so', () => {
    const bento = Bento.fromImage(IMAGE, { services: [BentoService.named('Gateway', { pathPrefix: '/rag' })] });
    expect(deploy({ bento }).rag.endpoint.healthPath).toBe('/rag/readyz');
    const cache = ResponseCache.of({ paths: ['/a'], ttl: Duration.minutes(1), maxSize: Size.mebibytes(64) });
    const { rag, objects } = deploy({ cache });
    const { httpGet } = objects.pod('rag-cache').containers[0].readinessProbe;
    expect(rag.endpoint.healthPath).toBe(httpGet.path);
  });

  it('is of the region that its pods are bound to', () => {
    expect(deploy({ region: east }).rag.endpoint).toMatchObject({ name: 'rag-us-east', region: 'us-east-1' });
  });

  it('waits for the slowest of all versions', () => {
    const exposure = Exposure.networkLoadBalancer({ targetGroupName: 'rag' });
    const apiServer = { traffic: { timeout: Duration.seconds(500) } };
    const release = Release.split({
      versions: { v2: Version.weighted(0, { bento: single(), apiServer, serving: true }) },
    });
    const { rag } = deploy({ exposure, release });
    expect(rag.endpoint.idleTimeout.toSeconds()).toBeGreaterThan(500);
  });

  it('is one of several where there are several, in the order of their keys', () => {
    const { rag } = deploy({
      exposure: Exposure.several({ b: network, a: application, inside: Exposure.inCluster() }),
    });
    expect(rag.endpoints.map(({ targetGroupName }) => targetGroupName)).toEqual(['rag-alb', 'rag-us-east-1']);
    expect(() => rag.endpoint).toThrow(
      "[NoEndpoint] 'exposure.a.targetGroupName' must be given once for an endpoint, got 2; use `endpoints`, which has all of them (at test/Rag)",
    );
  });

  it.each([
    ['exposure.targetGroupName', Exposure.networkLoadBalancer()],
    ['exposure.targetGroupName', undefined],
  ])('fails without a target group: %s', (property, exposure) => {
    const { rag } = deploy({ exposure });
    expect(rag.endpoints).toEqual([]);
    expect(() => rag.endpoint).toThrow(
      `[NoEndpoint] '${property}' must be given once for an endpoint, got none; state it in Exposure.networkLoadBalancer()`,
    );
  });

  it('fails where nobody says which subnets the load balancer connects from', () => {
    expect(() => deploy({}, { loadBalancerCidrs: undefined })).toThrow("[ClusterLacks] 'exposure.subnetCidrs'");
  });
});

describe('the endpoint of a GlobalService', () => {
  it('is that of the pods of all members', () => {
    let api!: GlobalService;
    synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ ...CIDRS, name: 'prod' }));
      const members = [east, Region.aws('eu-west-1')].map(
        (region) => new BentoDeployment(chart, `Rag-${region.name}`, { bento: single(), region }),
      );
      api = new GlobalService(chart, 'Api', {
        members,
        exposure: Exposure.networkLoadBalancer({ targetGroupName: 'api' }),
      });
    });
    expect(api.endpoints).toHaveLength(1);
    expect(api.endpoint).toMatchObject({
      name: 'api',
      clusterName: 'prod',
      targetGroupName: 'api',
      healthPath: '/readyz',
    });
    expect(api.endpoint.deregistrationDelay.toSeconds()).toBe(190);
  });

  it('fails without a target group', () => {
    synthesize((chart) => {
      const api = new GlobalService(chart, 'Api', {
        members: [new BentoDeployment(chart, 'Rag', { bento: single() })],
      });
      expect(() => api.endpoint).toThrow(/^\[NoEndpoint\] .*\(at test\/Api\)$/);
    });
  });
});
