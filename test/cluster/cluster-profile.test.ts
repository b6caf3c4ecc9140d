import { Chart, Duration, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { ClusterProfile, type ClusterProfileProps } from '../../lib/cluster/cluster-profile';
import { Gateway } from '../../lib/cluster/gateway';
import { Region } from '../../lib/placement/region';

describe('ClusterProfile', () => {
  it('is plain Kubernetes where nothing is said', () => {
    expect({ ...new ClusterProfile() }).toMatchObject({ name: 'the cluster', kubernetesVersion: '1.30' });
    const { region, namespace, gateway, clusterDomain, _model } = new ClusterProfile({});
    expect([region, namespace, gateway, clusterDomain]).toEqual([undefined, undefined, undefined, 'cluster.local']);
    const { prometheus, dcgmExporter, keda, kedaHttpAddOn, knative } = _model;
    expect([prometheus, dcgmExporter, keda, kedaHttpAddOn, knative].every((entry) => entry === undefined)).toBe(true);
  });

  it('is named after its region where it has no name', () => {
    const region = Region.aws('eu-west-1');
    expect(new ClusterProfile({ region }).name).toBe('eu-west-1');
    expect(new ClusterProfile({ region, name: 'blue' }).name).toBe('blue');
  });

  it('hands out what it was given', () => {
    const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
    const profile = new ClusterProfile({ gateway, namespace: 'ml', kubernetesVersion: 'v1.36.1' });
    expect(profile).toMatchObject({ gateway, namespace: 'ml', kubernetesVersion: 'v1.36.1' });
    expect(profile._model.kubernetes.minor).toBe(36);
  });

  // The labels of kube-prometheus-stack's pods.
  it('lets in a Prometheus by its usual labels, unless others are said', () => {
    expect(new ClusterProfile({ prometheus: {} })._model.prometheus).toEqual({
      address: undefined,
      peer: { namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } },
      headers: {},
      scrapeSeconds: 60,
      queryLabels: {},
    });
    expect(
      new ClusterProfile({ prometheus: { address: 'https://p.obs:9090/x', namespace: 'obs', podLabels: { app: 'p' } } })
        ._model.prometheus,
    ).toMatchObject({ address: 'https://p.obs:9090/x', peer: { namespace: 'obs', podLabels: { app: 'p' } } });
  });

  it.each<[ClusterProfileProps, string]>([
    [{ name: '' }, "[InvalidName] 'name'"],
    [{ name: 'Prod' }, "[InvalidName] 'name'"],
    [{ namespace: 'a.b' }, "[InvalidName] 'namespace'"],
    [{ kubernetesVersion: '' }, "[InvalidText] 'kubernetesVersion'"],
    [{ kubernetesVersion: '1.26' }, "[OutOfRange] 'kubernetesVersion'"],
    [{ prometheus: { address: '' } }, "[InvalidText] 'prometheus.address'"],
    [{ prometheus: { address: 'prometheus:9090' } }, "[InvalidUrl] 'prometheus.address' must be an http address"],
    [{ prometheus: { address: 'http://a b' } }, "[InvalidUrl] 'prometheus.address'"],
    [{ prometheus: { namespace: '' } }, "[InvalidName] 'prometheus.namespace'"],
    [{ prometheus: { podLabels: { a: 'b c' } } }, "[InvalidLabel] 'prometheus.podLabels.a'"],
    [{ clusterDomain: '' }, "[InvalidName] 'clusterDomain'"],
    [{ clusterDomain: 'Cluster.Local' }, "[InvalidName] 'clusterDomain'"],
    [{ clusterDomain: 'cluster.local.' }, "[InvalidName] 'clusterDomain'"],
    [{ keda: { version: '2.17' } }, "[OutOfRange] 'keda.version'"],
    [{ knative: { version: '1.12' } }, "[OutOfRange] 'knative.version'"],
    [{ dcgmExporter: { podLabel: '' } }, "[InvalidText] 'dcgmExporter.podLabel'"],
    [{ keda: {}, kedaHttpAddOn: { version: '0.14' } }, "[OutOfRange] 'kedaHttpAddOn.version'"],
  ])('fails on %j', (props, message) => {
    expect(() => new ClusterProfile(props)).toThrow(message);
  });
});

describe('the entries of a ClusterProfile', () => {
  it('have their defaults as soon as they are named', () => {
    const { _model } = new ClusterProfile({
      clusterDomain: 'k8s.example.com',
      prometheus: {},
      dcgmExporter: {},
      keda: {},
      kedaHttpAddOn: {},
      knative: {},
    });
    const { prometheus, dcgmExporter, keda, kedaHttpAddOn, knative } = _model;
    expect(_model.clusterDomain).toBe('k8s.example.com');
    for (const entry of [prometheus, dcgmExporter, keda, kedaHttpAddOn, knative]) expect(entry).toBeDefined();
  });

  it('fail where the add-on stands without what it feeds', () => {
    expect(() => new ClusterProfile({ kedaHttpAddOn: {} })).toThrow(
      "[ClusterLacks] 'kedaHttpAddOn' must have 'keda' in the ClusterProfile, got none; state `keda` too: the add-on only feeds it",
    );
  });

  it('are copies: who changes the options later changes nothing', () => {
    const podLabels = { app: 'prometheus' };
    const enabledFeatures = ['kubernetes.podspec-affinity'];
    const { _model } = new ClusterProfile({ prometheus: { podLabels }, knative: { enabledFeatures } });
    podLabels.app = 'other';
    enabledFeatures.push('kubernetes.podspec-tolerations');
    expect(_model.prometheus!.peer.podLabels).toEqual({ app: 'prometheus' });
    expect([..._model.knative!.enabledFeatures]).toEqual(['kubernetes.podspec-affinity']);
  });
});

describe('what a ClusterProfile says of load balancers and proxies', () => {
  it('has its defaults', () => {
    const { loadBalancerCidrs, dnsTtlSeconds, envoyImage } = new ClusterProfile()._model;
    expect(loadBalancerCidrs).toEqual([]);
    expect(dnsTtlSeconds).toBe(30);
    expect(envoyImage).toEqual({ reference: 'docker.io/envoyproxy/envoy:distroless-v1.39.3', mutable: false });
  });

  it.each([[['10.0.0.0/16']], [['10.0.0.0/20', '10.0.16.0/20', 'fd00::/8']]])('takes the subnets %j', (cidrs) => {
    const { loadBalancerCidrs } = new ClusterProfile({ loadBalancerCidrs: cidrs })._model;
    expect(loadBalancerCidrs).toEqual(cidrs);
    expect(loadBalancerCidrs).not.toBe(cidrs);
  });

  it.each<[string[], string]>([
    [[], "[EmptyList] 'loadBalancerCidrs' must not be empty; leave it out where there are none"],
    [[''], "[InvalidText] 'loadBalancerCidrs' must be text that is not empty"],
    [['10.0.0.1'], "[InvalidText] 'loadBalancerCidrs' must be a block of addresses, as 10.0.0.0/16"],
    [['10.0.0.1/16'], "[InvalidText] 'loadBalancerCidrs' must be the first address of a block of /16"],
    [['10.0.0.0/16', 'subnet-1'], "[InvalidText] 'loadBalancerCidrs'"],
    [['10.0.0.0/16', '10.0.0.0/16'], '[DuplicateKey] \'loadBalancerCidrs\' must state "10.0.0.0/16" once'],
  ])('fails on the subnets %j', (loadBalancerCidrs, message) => {
    expect(() => new ClusterProfile({ loadBalancerCidrs })).toThrow(message);
  });

  it.each([0, 5, 3600])('takes a lifetime in DNS of %d s', (seconds) => {
    expect(new ClusterProfile({ dnsTtl: Duration.seconds(seconds) })._model.dnsTtlSeconds).toBe(seconds);
  });

  it.each([0.5, 3601, NaN, Infinity])('fails on a lifetime in DNS of %d s', (seconds) => {
    expect(() => new ClusterProfile({ dnsTtl: Duration.seconds(seconds) })).toThrow(
      `[OutOfRange] 'dnsTtl' must be a whole number from 0 to 3600, got ${seconds}`,
    );
  });

  it.each([
    ['registry.example.com/envoy:v1.38.0', false],
    [`registry.example.com/envoy@sha256:${'0'.repeat(64)}`, false],
    ['registry.example.com/envoy', true],
    ['envoyproxy/envoy:latest', true],
  ])('takes the image %s', (envoyImage, mutable) => {
    expect(new ClusterProfile({ envoyImage })._model.envoyImage).toEqual({ reference: envoyImage, mutable });
  });

  it.each(['', ' ', 'not an image', 'Envoy:1'])('fails on the image %j', (envoyImage) => {
    expect(() => new ClusterProfile({ envoyImage })).toThrow("[InvalidText] 'envoyImage'");
  });
});

describe('ClusterProfile.set', () => {
  const tree = () => {
    const app = Testing.app();
    const chart = new Chart(app, 'prod');
    return { app, chart, rag: new Construct(chart, 'Rag'), other: new Chart(app, 'other') };
  };
  const blue = new ClusterProfile({ name: 'blue' });
  const green = new ClusterProfile({ name: 'green' });

  it('holds for all beneath', () => {
    const { app, chart, rag } = tree();
    ClusterProfile.set(app, blue);
    expect([app, chart, rag].map(ClusterProfile.of)).toEqual([blue, blue, blue]);
  });

  it('is plain Kubernetes without', () => {
    expect(ClusterProfile.of(tree().rag).name).toBe('the cluster');
  });

  it('gives way to the nearest one, whole', () => {
    const { app, chart, rag, other } = tree();
    ClusterProfile.set(app, new ClusterProfile({ name: 'blue', namespace: 'ml' }));
    ClusterProfile.set(chart, green);
    expect(ClusterProfile.of(rag)).toBe(green);
    expect(ClusterProfile.of(rag).namespace).toBeUndefined();
    expect(ClusterProfile.of(other).name).toBe('blue');
  });

  it('can be set above what a nearer one already answers for', () => {
    const { app, chart, rag, other } = tree();
    ClusterProfile.set(chart, green);
    ClusterProfile.of(rag);
    ClusterProfile.set(app, blue);
    expect(ClusterProfile.of(other)).toBe(blue);
  });

  it('fails the second time on one scope', () => {
    const { chart } = tree();
    ClusterProfile.set(chart, blue);
    expect(() => ClusterProfile.set(chart, blue)).toThrow(
      '[ProfileTwice] a scope must have one ClusterProfile, got a second; set it once, or on a child scope (at prod)',
    );
  });

  it('fails once something beneath has read it, and says what', () => {
    const { app, chart, rag } = tree();
    ClusterProfile.of(rag);
    const message = '[ProfileTooLate] a ClusterProfile must be set before what lies beneath reads it, but prod/Rag has';
    for (const scope of [rag, chart, app]) expect(() => ClusterProfile.set(scope, blue)).toThrow(message);
  });

  it('may still be set beside what has read', () => {
    const { rag, other } = tree();
    ClusterProfile.of(rag);
    ClusterProfile.set(other, blue);
    expect(ClusterProfile.of(other)).toBe(blue);
  });
});
