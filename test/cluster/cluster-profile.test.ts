import { Chart, Testing } from 'cdk8s';
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
