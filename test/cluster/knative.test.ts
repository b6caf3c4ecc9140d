import { describe, expect, it } from 'vitest';
import { type KnativeOptions, knativeModel } from '../../lib/cluster/knative';

/** Every key of config/core/configmaps/features.yaml of Knative Serving 1.22, as its release has them. */
const FEATURES = [
  'secure-pod-defaults',
  'multi-container',
  'multi-container-probing',
  'kubernetes.podspec-affinity',
  'kubernetes.podspec-topologyspreadconstraints',
  'kubernetes.podspec-hostaliases',
  'kubernetes.podspec-nodeselector',
  'kubernetes.podspec-tolerations',
  'kubernetes.podspec-fieldref',
  'kubernetes.podspec-runtimeclassname',
  'kubernetes.podspec-dnspolicy',
  'kubernetes.podspec-dnsconfig',
  'kubernetes.podspec-securitycontext',
  'kubernetes.podspec-shareprocessnamespace',
  'kubernetes.podspec-hostipc',
  'kubernetes.podspec-hostpid',
  'kubernetes.podspec-hostnetwork',
  'kubernetes.podspec-priorityclassname',
  'kubernetes.podspec-schedulername',
  'kubernetes.containerspec-addcapabilities',
  'tag-header-based-routing',
  'autodetect-http2',
  'domainmapping-direct-route-traffic',
  'kubernetes.podspec-volumes-emptydir',
  'kubernetes.podspec-volumes-image',
  'kubernetes.podspec-volumes-hostpath',
  'kubernetes.podspec-volumes-ephemeral',
  'kubernetes.podspec-volumes-csi',
  'kubernetes.podspec-init-containers',
  'kubernetes.podspec-persistent-volume-claim',
  'kubernetes.podspec-persistent-volume-write',
  'kubernetes.podspec-volumes-mount-propagation',
  'queueproxy.mount-podinfo',
  'queueproxy.resource-defaults',
];

describe('knativeModel', () => {
  it('is what its release installs, where nothing is said', () => {
    const { version, enabledFeatures, ...rest } = knativeModel({});
    expect(version.text).toBe('1.13');
    expect([...enabledFeatures]).toEqual([]);
    // max-revision-timeout-seconds of config-defaults.
    expect(rest).toEqual({
      namespace: 'knative-serving',
      ingressNamespaces: ['kourier-system'],
      maxRevisionTimeoutSeconds: 600,
    });
  });

  it.each(FEATURES)('knows the flag %s', (feature) => {
    expect([...knativeModel({ enabledFeatures: [feature] }).enabledFeatures]).toEqual([feature]);
  });

  it.each([
    '',
    ' ',
    'podspec-affinity',
    'kubernetes.',
    'kubernetes.Podspec-affinity',
    'kubernetes podspec-affinity',
    'enabled',
  ])('fails on the flag %j', (feature) => {
    expect(() => knativeModel({ enabledFeatures: [feature] })).toThrow(
      `[InvalidText] 'knative.enabledFeatures' must be names of feature flags, as kubernetes.podspec-nodeselector, got ${JSON.stringify(feature)}`,
    );
  });

  it.each([1, 600, 3600])('takes a longest timeout of %d s', (maxRevisionTimeoutSeconds) => {
    expect(knativeModel({ maxRevisionTimeoutSeconds }).maxRevisionTimeoutSeconds).toBe(maxRevisionTimeoutSeconds);
  });

  it('may have any number of ingresses', () => {
    expect(knativeModel({ ingressNamespaces: [] }).ingressNamespaces).toEqual([]);
    expect(knativeModel({ ingressNamespaces: ['istio-system', 'kourier-system'] }).ingressNamespaces).toHaveLength(2);
  });

  it.each<[KnativeOptions, string]>([
    [{ version: '1.12' }, '[OutOfRange] \'knative.version\' must be 1.13 or newer, got "1.12"'],
    [{ version: '' }, "[InvalidText] 'knative.version'"],
    [{ namespace: '' }, "[InvalidName] 'knative.namespace'"],
    [{ ingressNamespaces: ['istio-system', 'A'] }, "[InvalidName] 'knative.ingressNamespaces'"],
    ...[0, -1, 0.5, NaN, Infinity].map((maxRevisionTimeoutSeconds): [KnativeOptions, string] => [
      { maxRevisionTimeoutSeconds },
      `[OutOfRange] 'knative.maxRevisionTimeoutSeconds' must be a whole number `,
    ]),
  ])('fails on %j', (options, message) => {
    expect(() => knativeModel(options)).toThrow(message);
  });
});
