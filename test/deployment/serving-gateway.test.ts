import { App, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  Exposure,
  GatewayImplementation,
  RouteNamespaces,
  SecretRef,
  ServingGateway,
  type ServingGatewayProps,
  Tls,
} from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

const PROPS: ServingGatewayProps = { gatewayClassName: 'envoy-gateway', hosts: ['rag.example.com'] };
const SECRET = Tls.secret(SecretRef.named('rag-tls'));
const made = (props: Partial<ServingGatewayProps> = {}) =>
  synthesize((chart) => {
    new ServingGateway(chart, 'TextEdge', { ...PROPS, ...props });
  });

describe('a ServingGateway', () => {
  it('is a Gateway with what its proxies do for clients', () => {
    const objects = made();
    expect(objects.all.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual([
      ['Gateway', 'ml', 'text-edge'],
      ['ClientTrafficPolicy', 'ml', 'text-edge'],
    ]);
    for (const { metadata } of objects.all) {
      expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'cdk8s-bento' });
    }
  });

  it('has proxies of its own where their number is stated', () => {
    const implementation = GatewayImplementation.envoyGateway({ proxies: 3, drainTimeout: Duration.minutes(10) });
    const objects = made({ implementation, name: 'edge' });
    expect(objects.get('EnvoyProxy', 'edge').spec).toMatchObject({
      provider: { kubernetes: { envoyDeployment: { replicas: 3 } } },
      shutdown: { drainTimeout: '600s' },
    });
    expect(objects.get('Gateway', 'edge').spec.infrastructure.parametersRef).toEqual({
      group: 'gateway.envoyproxy.io',
      kind: 'EnvoyProxy',
      name: 'edge',
    });
  });

  it('is the Gateway alone with any other implementation', () => {
    const objects = made({ implementation: GatewayImplementation.standard(), tls: SECRET });
    expect(objects.all.map(({ kind }) => kind)).toEqual(['Gateway']);
  });

  it('is the door of deployments, which know its listeners', () => {
    const objects = synthesize((chart) => {
      const { gateway } = new ServingGateway(chart, 'Edge', { ...PROPS, tls: SECRET });
      const exposure = Exposure.gateway({ gateway, hosts: PROPS.hosts });
      new BentoDeployment(chart, 'Rag', { bento: single(), exposure });
    });
    const sections = (name: string) =>
      objects.get('HTTPRoute', name).spec.parentRefs.map(({ sectionName }: { sectionName: string }) => sectionName);
    expect(sections('rag')).toEqual(['https-0']);
    expect(sections('rag-redirect')).toEqual(['http-0']);
    expect(objects.peers('rag')).toContainEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'envoy-gateway-system' } },
      podSelector: {
        matchLabels: {
          'gateway.envoyproxy.io/owning-gateway-name': 'edge',
          'gateway.envoyproxy.io/owning-gateway-namespace': 'ml',
        },
      },
    });
  });

  it('can be changed below', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const edge = new ServingGateway(chart, 'Edge', PROPS);
    edge.clientTrafficPolicy!.addJsonPatch(JsonPatch.replace('/spec/connection/bufferLimit', '4Mi'));
    const [, policy] = Testing.synth(chart);
    expect(policy.spec.connection.bufferLimit).toBe('4Mi');
    expect(edge.envoyProxy).toBeUndefined();
    expect([edge.gatewayObject.kind, edge.gateway.name, edge.gateway.namespace]).toEqual(['Gateway', 'edge', 'ml']);
  });

  it.each([1, 32])('takes %d hosts', (count) => {
    const hosts = Array.from({ length: count }, (_, index) => `rag-${index}.example.com`);
    // Gateway API: at most 64 listeners.
    expect(made({ hosts, tls: SECRET }).get('Gateway', 'text-edge').spec.listeners).toHaveLength(2 * count);
  });

  it.each([
    [{ hosts: [] }, "[EmptyList] 'hosts' must not be empty; a Gateway without hosts would take those of everybody"],
    [
      { hosts: Array.from({ length: 33 }, (_, index) => `rag-${index}.example.com`) },
      "[OutOfRange] 'hosts' must be at most 32, got 33; use a wildcard, or a second Gateway",
    ],
    [{ hosts: ['a.b', 'a.b'] }, '[DuplicateKey] \'hosts\' must state "a.b" once'],
    [{ hosts: ['A'] }, "[InvalidName] 'hosts' must be a name of a host"],
    [{ gatewayClassName: 'A' }, "[InvalidName] 'gatewayClassName' must be a DNS name"],
    [{ name: 'A' }, "[InvalidName] 'name' must be a DNS name"],
    [
      { tls: Tls.listener('https') },
      "[NotByEngine] 'tls' must not be stated for ServingGateway: its listeners are made here; use Tls.secret()",
    ],
    [
      { tls: Tls.acm(['arn:aws:acm:eu-west-1:111122223333:certificate/a']) },
      "[NotByEngine] 'tls' must not be stated for Exposure.gateway() with Gateway.envoyGateway(): its proxies need the private key",
    ],
  ])('fails on %j', (props, message) => {
    expect(() => made(props)).toThrow(message);
    expect(() => made(props)).toThrow('(at test/TextEdge)');
  });

  it('fails without a namespace', () => {
    expect(() => synthesize((chart) => void new ServingGateway(chart, 'Edge', PROPS), {})).toThrow('[NamespaceNeeded]');
  });

  it('takes routes from where it is said', () => {
    const { listeners, allowedListeners } = made({ routeNamespaces: RouteNamespaces.all() }).get(
      'Gateway',
      'text-edge',
    ).spec;
    expect([listeners[0].allowedRoutes, allowedListeners]).toEqual([
      { namespaces: { from: 'All' } },
      { namespaces: { from: 'All' } },
    ]);
  });
});

describe('the name of a ServingGateway', () => {
  it('is the value of a label', () => {
    expect(() => made({ name: 'a'.repeat(63) })).not.toThrow();
    expect(() => made({ name: 'a'.repeat(64) })).toThrow(
      `[InvalidName] 'name' must be at most 63 characters: its proxies have it as the value of a label, got "${'a'.repeat(64)}"; state a shorter \`name\``,
    );
  });
});
