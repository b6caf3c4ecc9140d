import { type App, Chart, Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  Exposure,
  type ExposureTarget,
  Gateway,
  GlobalService,
  type GlobalServiceProps,
  LoadBalancing,
  NetworkPeer,
  Scaling,
  SecretRef,
  Tls,
  Warnings,
} from '../../lib';
import { IMAGE, SMALL, single } from '../bentos';
import { synthesize, synthesizeApp } from '../tree';

const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 });
const PROFILE = { kubernetesVersion: '1.34', loadBalancerCidrs: ['10.0.0.0/16'] };

/** Two deployments and what stands before them. */
function regions(props: Partial<GlobalServiceProps> = {}, west: Partial<BentoDeploymentProps> = {}) {
  let service!: GlobalService;
  let east!: BentoDeployment;
  const objects = synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(PROFILE));
    east = new BentoDeployment(chart, 'East', { bento: single() });
    const members = [east, new BentoDeployment(chart, 'West', { bento: single(), ...west })];
    service = new GlobalService(chart, 'Api', { members, ...props });
  });
  return { objects, service, east };
}

describe('a GlobalService', () => {
  it('selects the pods of all members, and of nobody else', () => {
    const { objects, service } = regions();
    const { spec } = objects.get('Service', 'api');
    expect(spec.selector).toEqual({ 'cdk8s-bento/global-service': 'api' });
    expect(spec.ports).toEqual([{ name: 'http', appProtocol: 'http', port: 3000, protocol: 'TCP', targetPort: 3000 }]);
    for (const name of ['east', 'west']) {
      const { template, selector } = objects.get('Deployment', name).spec;
      expect(template.metadata.labels).toMatchObject(spec.selector);
      // Immutable in the cluster: joining must not change it.
      expect(selector.matchLabels).not.toHaveProperty(['cdk8s-bento/global-service']);
      expect(objects.get('Service', name).spec.selector).toEqual(selector.matchLabels);
    }
    expect(service.url).toBe('http://api.ml:3000');
  });

  it('leads from a load balancer to pods that outlast its connections, and lets it in', () => {
    const { objects } = regions({ exposure: Exposure.networkLoadBalancer() });
    expect(objects.get('Service', 'api-nlb').spec.selector).toEqual({ 'cdk8s-bento/global-service': 'api' });
    for (const name of ['east', 'west']) {
      expect(objects.server(name).lifecycle.preStop.sleep.seconds).toBe(130);
      expect(objects.pod(name).terminationGracePeriodSeconds).toBe(195);
      expect(objects.peers(name)).toContainEqual({ ipBlock: { cidr: '10.0.0.0/16' } });
    }
  });

  it('raises the keep-alive of pods above that of an ALB, which is above their silence', () => {
    const exposure = Exposure.applicationLoadBalancer({ hosts: ['api.example.com'] });
    const { objects } = regions({ exposure }, { apiServer: { traffic: { timeout: Duration.seconds(300) } } });
    const keepAlive = (name: string) => Number(objects.server(name).args[1]);
    expect(objects.get('Ingress', 'api').metadata.annotations).toMatchObject({
      'alb.ingress.kubernetes.io/load-balancer-attributes': expect.stringContaining('idle_timeout.timeout_seconds=310'),
    });
    expect([keepAlive('east'), keepAlive('west')]).toEqual([325, 325]);
  });

  it('leaves the end of pods as it is stated, and says what is lost', () => {
    const drain = { endpointRemoval: Duration.seconds(5) };
    const { objects, service } = regions({ exposure: Exposure.networkLoadBalancer() }, { apiServer: { drain } });
    expect(Warnings.of(service.node.root)).toContainEqual(
      expect.stringMatching(
        /^\[DrainShorterThanRemoval\] 'apiServer.drain.endpointRemoval' \(5 s\) is below the 130 s/,
      ),
    );
    expect(objects.server('west').lifecycle.preStop.sleep.seconds).toBe(5);
  });

  it('waits as long as the slowest member, with ease', () => {
    const exposure = Exposure.gateway({ hosts: ['api.example.com'], gateway });
    const { objects } = regions({ exposure }, { apiServer: { traffic: { timeout: Duration.seconds(90) } } });
    const [rule] = objects.get('HTTPRoute', 'api').spec.rules;
    expect(rule.timeouts).toEqual({ request: '100s' });
    expect(rule.backendRefs).toEqual([{ group: '', kind: 'Service', name: 'api', port: 3000, weight: 1 }]);
  });

  it('shares requests out at a door beside callers inside the cluster', () => {
    const exposure = Exposure.several({
      inside: Exposure.inCluster(),
      public: Exposure.gateway({ hosts: ['api.example.com'], gateway }),
    });
    const { objects } = regions({ exposure, weights: { west: 20, east: 80 } });
    const [route] = objects.of('HTTPRoute');
    expect(route!.spec.rules[0].backendRefs.map(({ weight }: { weight: number }) => weight)).toEqual([80, 20]);
  });

  it('shares requests out by canaries of ingress-nginx, between two', () => {
    const exposure = Exposure.ingressNginx({ hosts: ['api.example.com'] });
    const { objects } = regions({ exposure, weights: { west: 1, east: 2 } });
    const [main, canary] = objects.of('Ingress');
    const serviceOf = ({ spec }: typeof main & object) => spec.rules[0].http.paths[0].backend.service.name;
    expect([serviceOf(main!), serviceOf(canary!)]).toEqual(['east', 'west']);
    expect(canary!.metadata).toMatchObject({
      name: 'api-west',
      annotations: {
        'nginx.ingress.kubernetes.io/canary-weight': '34',
        'nginx.ingress.kubernetes.io/canary-weight-total': '102',
      },
    });
  });

  it('shares requests out by weights, among the Services of the members', () => {
    const exposure = Exposure.gateway({ hosts: ['api.example.com'], gateway });
    const { objects } = regions({ exposure, weights: { west: 20, east: 80 } });
    expect(objects.get('HTTPRoute', 'api').spec.rules[0].backendRefs).toEqual([
      { group: '', kind: 'Service', name: 'east', port: 3000, weight: 80 },
      { group: '', kind: 'Service', name: 'west', port: 3000, weight: 20 },
    ]);
  });

  it('passes requests on as its policy says', () => {
    const exposure = Exposure.gateway({ hosts: ['api.example.com'], gateway });
    const { objects } = regions({ exposure, traffic: { loadBalancing: LoadBalancing.roundRobin() } });
    expect(objects.get('BackendTrafficPolicy', 'api').spec.loadBalancer).toEqual({ type: 'RoundRobin' });
  });

  it("is in the plan of each member's timeouts", () => {
    const { east } = regions({ exposure: Exposure.gateway({ hosts: ['api.example.com'], gateway }) });
    expect(east.timeoutPlan.toMarkdown()).toContain('gateway public | 70 |');
  });

  it('has the name and the port that are stated', () => {
    const { objects, service } = regions({ name: 'front', servicePort: 80 });
    expect(objects.get('Service', 'front').spec.ports[0]).toMatchObject({ port: 80, targetPort: 3000 });
    expect(service.url).toBe('http://front.ml:80');
  });

  it('says what its doors need', () => {
    const { service } = regions({
      exposure: Exposure.gateway({ hosts: ['api.example.com'], gateway, tls: Tls.secret(SecretRef.named('api-tls')) }),
    });
    expect(service.requirements.map(({ name }) => name)).toContain('Secret api-tls of type kubernetes.io/tls');
  });
});

describe('members of a GlobalService', () => {
  const members = (props: Partial<GlobalServiceProps>, east: Partial<BentoDeploymentProps>, west = east) => {
    let service!: GlobalService;
    const objects = synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ ...PROFILE, gateway }));
      service = new GlobalService(chart, 'Api', {
        members: [
          new BentoDeployment(chart, 'East', { bento: single(), ...east }),
          new BentoDeployment(chart, 'West', { bento: single(), ...west }),
        ],
        ...props,
      });
    });
    return { objects, service };
  };

  it('let in whom they say themselves, and the common door', () => {
    const exposure = Exposure.inCluster({ allowFrom: [NetworkPeer.pods({ labels: { app: 'web' } })] });
    const door = Exposure.networkLoadBalancer();
    const { objects } = members({ exposure: door }, { exposure }, { exposure: door });
    const web = { podSelector: { matchLabels: { app: 'web' } } };
    expect(objects.peers('east')).toEqual([web, { ipBlock: { cidr: '10.0.0.0/16' } }]);
    expect(objects.peers('west')).toEqual([{ ipBlock: { cidr: '10.0.0.0/16' } }, { podSelector: {} }]);
    expect(members({}, { exposure }).objects.peers('east')).toEqual([web]);
  });

  it('have the further ports of all behind one Service', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [BentoService.named('Gateway', { size: SMALL, extraPorts: [50_051] })],
    });
    const exposure = Exposure.gateway({ hosts: ['api.example.com'], gateway, grpcPort: 50_051 });
    const { objects } = members({ exposure }, { bento });
    expect(objects.get('Service', 'api').spec.ports.map(({ port }: { port: number }) => port)).toEqual([3000, 50_051]);
    expect(() => members({ exposure }, { bento }, {})).toThrow(
      `[MembersDiffer] 'members' must have the same ports, got "3000,50051" and "3000"`,
    );
  });

  it('end together where the longest of them does', () => {
    const drain = { endpointRemoval: Duration.seconds(5) };
    const { objects } = members({ exposure: Exposure.networkLoadBalancer() }, { apiServer: { drain } }, {});
    expect(objects.get('Service', 'api-nlb').metadata.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': expect.stringContaining(
        'deregistration_delay.timeout_seconds=190',
      ),
    });
  });

  it('tell a door of the user what the shortest of them keeps', () => {
    let told: ExposureTarget | undefined;
    const exposure = Exposure.custom({
      bind: (_scope, target) => {
        told = target;
        return { peers: [], requestTimeout: Duration.hours(1), connectionIdleTimeout: Duration.seconds(60) };
      },
    });
    const slow = {
      apiServer: { traffic: { timeout: Duration.seconds(600) } },
      exposure: Exposure.applicationLoadBalancer({ hosts: ['east.example.com'] }),
    };
    members({ exposure }, slow, {});
    expect([told!.keepAlive, told!.endpointRemoval, told!.requestTimeout].map((time) => time.toSeconds())).toEqual([
      75, 10, 600,
    ]);
  });

  it('with tasks stand alone: another one knows nothing of them', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [BentoService.named('Gateway', { size: SMALL, hasTasks: true })],
    });
    const tasks = { bento, apiServer: { scaling: Scaling.replicas(1) } };
    expect(() => members({}, tasks)).toThrow("[NotByEngine] 'members (east)'");
  });
});

describe('a GlobalService fails', () => {
  const gatewayDoor = { exposure: Exposure.gateway({ hosts: ['api.example.com'], gateway }) };

  it.each<[string, Partial<GlobalServiceProps>, string]>([
    ['without members', { members: [] }, "[EmptyList] 'members'"],
    ['on a port below 1', { servicePort: 0 }, "[OutOfRange] 'servicePort'"],
    ['on a port above 65535', { servicePort: 65_536 }, "[OutOfRange] 'servicePort'"],
    ['on a name that is none', { name: 'Api' }, "[InvalidName] 'name'"],
    ['on weights of others', { ...gatewayDoor, weights: { north: 1 } }, "[NotAMember] 'weights' must name members"],
    ['on weights of some', { ...gatewayDoor, weights: { east: 1 } }, "[MissingOption] 'weights.west'"],
    ['on weights of nobody', { ...gatewayDoor, weights: { east: 0, west: 0 } }, "[OutOfRange] 'weights'"],
    ['on a weight below 0', { ...gatewayDoor, weights: { east: -1, west: 2 } }, "[OutOfRange] 'weights.east'"],
    ['on a weight above 100', { ...gatewayDoor, weights: { east: 101, west: 2 } }, "[OutOfRange] 'weights.east'"],
    ['on half a weight', { ...gatewayDoor, weights: { east: 0.5, west: 2 } }, "[OutOfRange] 'weights.east'"],
    ['on a weight that is no number', { ...gatewayDoor, weights: { east: Number.NaN, west: 2 } }, '[OutOfRange]'],
    ['on weights without a door', { weights: { east: 1, west: 1 } }, "[NotByEngine] 'weights'"],
    [
      'on weights of a door that leaves them out where it balances by a hash',
      { ...gatewayDoor, weights: { east: 1, west: 1 }, traffic: { loadBalancing: LoadBalancing.hashBySource() } },
      "[NotByEngine] 'weights'",
    ],
    [
      'on weights of a door that shares out connections',
      { exposure: Exposure.networkLoadBalancer(), weights: { east: 1, west: 1 } },
      "[NotByEngine] 'weights'",
    ],
    [
      'where it says who may reach its members',
      { exposure: Exposure.inCluster({ allowFrom: [] }) },
      "[NotByEngine] 'exposure.allowFrom'",
    ],
    [
      'on a policy that its door cannot carry',
      { exposure: Exposure.networkLoadBalancer(), traffic: { loadBalancing: LoadBalancing.roundRobin() } },
      "[NotByEngine] 'traffic.loadBalancing'",
    ],
  ])('%s', (_, props, message) => {
    expect(() => regions(props)).toThrow(message);
    expect(() => regions(props)).toThrow('(at test/Api)');
  });

  it('on weights that a member has by its name alone', () => {
    const make = () =>
      synthesize((chart) => {
        const all = ['east', 'constructor'].map(
          (name) => new BentoDeployment(chart, `The-${name}`, { bento: single(), name }),
        );
        new GlobalService(chart, 'Api', { members: all, weights: { east: 1 }, ...gatewayDoor });
      });
    expect(make).toThrow("[MissingOption] 'weights.constructor'");
  });

  it('on weights of more members than a route takes', () => {
    const names = Array.from({ length: 17 }, (_, index) => `m${index}`);
    const make = () =>
      synthesize((chart) => {
        const all = names.map((id) => new BentoDeployment(chart, id, { bento: single() }));
        const weights = Object.fromEntries(names.map((name) => [name, 1]));
        new GlobalService(chart, 'Api', { members: all, weights, ...gatewayDoor });
      });
    expect(make).toThrow("[OutOfRange] 'weights' must be of at most 16 members, got 17");
  });

  it('on a member that stands there twice', () => {
    const make = () =>
      synthesize((chart) => {
        const east = new BentoDeployment(chart, 'East', { bento: single() });
        new GlobalService(chart, 'Api', { members: [east, east] });
      });
    expect(make).toThrow('[DuplicateKey]');
  });

  it('on a member of another one', () => {
    const make = () =>
      synthesize((chart) => {
        const members = [new BentoDeployment(chart, 'East', { bento: single() })];
        new GlobalService(chart, 'One', { members });
        new GlobalService(chart, 'Two', { members });
      });
    expect(make).toThrow("[ConflictingOptions] 'members (east)' must not be given together with 'GlobalService one'");
  });

  it('on members of other namespaces and clusters', () => {
    const make = (second: { namespace: string }, cluster?: string) =>
      synthesizeApp((app: App) => {
        const chart = new Chart(app, 'one', { namespace: 'ml' });
        const other = new Chart(app, 'two', second);
        if (cluster !== undefined) ClusterProfile.set(other, new ClusterProfile({ name: cluster }));
        const members = [new BentoDeployment(other, 'East', { bento: single() })];
        new GlobalService(chart, 'Api', { members });
      });
    expect(() => make({ namespace: 'models' })).toThrow(
      `[MembersDiffer] 'members' must have the same namespace, got "ml" and "models"`,
    );
    expect(() => make({ namespace: 'ml' }, 'elsewhere')).toThrow('[ClusterMismatch]');
  });

  it('where a host of its door is that of another one', () => {
    const exposure = Exposure.gateway({ hosts: ['api.example.com'], gateway });
    expect(() => regions({ exposure }, { exposure })).toThrow('[TwoOwners]');
  });
});
