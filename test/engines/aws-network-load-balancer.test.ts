import { Duration } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkLoadBalancerObjects } from '../../lib/engines/aws-network-load-balancer';
import type { NetworkLoadBalancerDoor } from '../../lib/exposure/door-model';
import { HealthCheck } from '../../lib/traffic/health-check';
import { LoadBalancing } from '../../lib/traffic/load-balancing';
import { attributesOf, unknownAnnotations } from './annotations';
import { doorContext } from './door-context';

const P = 'service.beta.kubernetes.io/aws-load-balancer-';
const CERTIFICATE = 'arn:aws:acm:eu-west-1:111122223333:certificate/one';
const tls = { kind: 'acm', arns: [CERTIFICATE, `${CERTIFICATE}-two`] } as const;
const door = (stated: Partial<NetworkLoadBalancerDoor> = {}): NetworkLoadBalancerDoor => ({
  kind: 'network-load-balancer',
  scheme: 'internal',
  subnetCidrs: ['10.0.0.0/20', '10.0.16.0/20'],
  crossZone: true,
  port: 80,
  ...stated,
});
const render = (stated: Partial<NetworkLoadBalancerDoor> = {}, context: Parameters<typeof doorContext>[0] = {}) =>
  networkLoadBalancerObjects(door(stated), doorContext(context));
const annotations = (...args: Parameters<typeof render>) => render(...args)[0]!.annotations!;

// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
describe('a Network Load Balancer', () => {
  it('is a Service of its own beside that of the deployment', () => {
    expect(render()).toEqual([
      {
        id: 'Service',
        apiVersion: 'v1',
        kind: 'Service',
        name: 'rag-nlb',
        annotations: expect.any(Object),
        content: {
          spec: {
            allocateLoadBalancerNodePorts: false,
            externalTrafficPolicy: 'Cluster',
            loadBalancerClass: 'service.k8s.aws/nlb',
            ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 3000 }],
            selector: { 'app.kubernetes.io/instance': 'rag', 'cdk8s-bento/track': 'main' },
            type: 'LoadBalancer',
          },
        },
      },
    ]);
  });

  it('says what is of the listener, the targets and their health', () => {
    expect(annotations()).toEqual({
      [`${P}scheme`]: 'internal',
      [`${P}nlb-target-type`]: 'ip',
      [`${P}attributes`]: 'load_balancing.cross_zone.enabled=true',
      [`${P}listener-attributes.TCP-80`]: 'tcp.idle_timeout.seconds=75',
      [`${P}target-group-attributes`]: [
        'deregistration_delay.timeout_seconds=90',
        'deregistration_delay.connection_termination.enabled=true',
        'preserve_client_ip.enabled=false',
        'target_health_state.unhealthy.connection_termination.enabled=false',
        'target_health_state.unhealthy.draining_interval_seconds=90',
      ].join(','),
      [`${P}healthcheck-protocol`]: 'http',
      [`${P}healthcheck-port`]: 'traffic-port',
      [`${P}healthcheck-path`]: '/readyz',
      [`${P}healthcheck-interval`]: '10',
      [`${P}healthcheck-timeout`]: '5',
      [`${P}healthcheck-healthy-threshold`]: '2',
      [`${P}healthcheck-unhealthy-threshold`]: '3',
      [`${P}healthcheck-success-codes`]: '200',
    });
  });

  it('ends TLS with certificates, and then has no idle timeout of its own', () => {
    const stated = annotations({ port: 443, tls });
    expect(stated).toMatchObject({
      [`${P}ssl-cert`]: `${CERTIFICATE},${CERTIFICATE}-two`,
      [`${P}ssl-ports`]: '443',
      [`${P}ssl-negotiation-policy`]: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
    });
    expect(Object.keys(stated).filter((name) => name.includes('listener-attributes'))).toEqual([]);
  });

  it('lets in the addresses that are stated', () => {
    const [service] = render({ sourceCidrs: ['192.0.2.0/24'], scheme: 'internet-facing', crossZone: false });
    expect(service!.content.spec).toMatchObject({ loadBalancerSourceRanges: ['192.0.2.0/24'] });
    expect(service!.annotations).toMatchObject({
      [`${P}scheme`]: 'internet-facing',
      [`${P}attributes`]: 'load_balancing.cross_zone.enabled=false',
    });
  });

  it('keeps a client at a pod by its address', () => {
    const { _model: loadBalancing } = LoadBalancing.hashBySource();
    expect(
      attributesOf(annotations({}, { upstream: { loadBalancing } })[`${P}target-group-attributes`]!),
    ).toMatchObject({ 'stickiness.enabled': 'true', 'stickiness.type': 'source_ip' });
  });

  it('asks for health as is stated', () => {
    const { _model: healthCheck } = HealthCheck.http({
      path: '/healthz',
      interval: Duration.seconds(30),
      timeout: Duration.seconds(2),
      healthyThreshold: 10,
      unhealthyThreshold: 2,
    });
    expect(annotations({}, { upstream: { healthCheck } })).toMatchObject({
      [`${P}healthcheck-path`]: '/healthz',
      [`${P}healthcheck-interval`]: '30',
      [`${P}healthcheck-timeout`]: '2',
      [`${P}healthcheck-healthy-threshold`]: '10',
      [`${P}healthcheck-unhealthy-threshold`]: '2',
    });
  });

  it('lies where the pods behind it do', () => {
    const [service] = render({}, { backends: [{ service: 'interceptor', namespace: 'keda', port: 8080 }] });
    expect(service!.namespace).toBe('keda');
  });

  it('states what its controller knows', () => {
    const { _model: loadBalancing } = LoadBalancing.hashBySource();
    const objects = [...render({}, { upstream: { loadBalancing } }), ...render({ tls, port: 443 })];
    expect(objects.flatMap((object) => unknownAnnotations(object, 'aws-load-balancer-controller-3.5.0'))).toEqual([]);
  });
});

// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
describe('bounds of AWS', () => {
  it.each([
    [0, 60],
    [59, 60],
    [60, 60],
    [60.5, 61],
    [6000, 6000],
  ])('the idle timeout of %d seconds of silence is %d', (silenceSeconds, expected) => {
    expect(annotations({}, { silenceSeconds })[`${P}listener-attributes.TCP-80`]).toBe(
      `tcp.idle_timeout.seconds=${expected}`,
    );
  });

  it('fails where requests would be cut when a pod leaves', () => {
    expect(() => render({}, { deregistrationSeconds: 3600 })).not.toThrow();
    expect(() => render({}, { deregistrationSeconds: 3601 })).toThrow(
      '[OutOfRange] \'apiServer.drain\' must be at most 3600 seconds in all behind Exposure.networkLoadBalancer(), which cuts requests to leaving pods then, got "3601 seconds"; lower `gracefulShutdown`, `traffic.timeout` or `traffic.streaming.maxDuration`',
    );
  });

  it.each([
    [{ interval: Duration.seconds(4) }, 'apiServer.traffic.healthCheck.interval'],
    [{ interval: Duration.seconds(5), timeout: Duration.seconds(5) }, 'apiServer.traffic.healthCheck.timeout'],
    [{ timeout: Duration.seconds(10) }, 'apiServer.traffic.healthCheck.timeout'],
    [{ timeout: Duration.seconds(1) }, 'apiServer.traffic.healthCheck.timeout'],
    [{ interval: Duration.seconds(300), timeout: Duration.seconds(121) }, 'apiServer.traffic.healthCheck.timeout'],
    [{ healthyThreshold: 1 }, 'apiServer.traffic.healthCheck.healthyThreshold'],
    [{ unhealthyThreshold: 1 }, 'apiServer.traffic.healthCheck.unhealthyThreshold'],
  ])('fails on a check of health %j', (stated, property) => {
    const { _model: healthCheck } = HealthCheck.http(stated);
    expect(() => render({}, { upstream: { healthCheck } })).toThrow(`'${property}' must be`);
  });

  it('fails on stickiness of TLS listeners', () => {
    const { _model: loadBalancing } = LoadBalancing.hashBySource();
    expect(() => render({ tls }, { upstream: { loadBalancing } })).toThrow(
      "[NotByEngine] 'apiServer.traffic.loadBalancing' must not be stated for Exposure.networkLoadBalancer() with `tls`: its TLS listeners know no stickiness; leave it out, or end TLS elsewhere",
    );
  });

  it('fails on sources of IPv6', () => {
    expect(() => render({ sourceCidrs: ['10.0.0.0/8', '2001:db8::/32'] })).toThrow(
      '\'exposure.sourceCidrs\' must be blocks of IPv4, as the load balancer has no IPv6, got "2001:db8::/32"',
    );
  });

  it('fails on a name that no Service can have', () => {
    expect(() => render({}, { name: 'a'.repeat(60) })).toThrow('[InvalidName]');
  });

  it('are kept by every model that is taken', () => {
    const seconds = fc.double({ min: 0, max: 6000, noNaN: true });
    fc.assert(
      fc.property(seconds, seconds, (silenceSeconds, deregistrationSeconds) => {
        if (deregistrationSeconds > 3600) {
          expect(() => render({}, { silenceSeconds, deregistrationSeconds })).toThrow('[OutOfRange]');
          return;
        }
        const stated = annotations({}, { silenceSeconds, deregistrationSeconds });
        const idle = attributesOf(stated[`${P}listener-attributes.TCP-80`]!)['tcp.idle_timeout.seconds'];
        const group = attributesOf(stated[`${P}target-group-attributes`]!);
        expect(idle).toBeGreaterThanOrEqual(Math.max(60, silenceSeconds));
        expect(idle).toBeLessThanOrEqual(6000);
        expect(group['deregistration_delay.timeout_seconds']).toBeGreaterThanOrEqual(deregistrationSeconds);
        expect(group['deregistration_delay.timeout_seconds']).toBeLessThanOrEqual(3600);
      }),
    );
  });
});

// https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/
describe("somebody else's target group", () => {
  it('has the pods of the deployment, and nothing else is made', () => {
    expect(render({ targetGroupName: 'Global-TG' })).toEqual([
      {
        id: 'TargetGroupBinding',
        apiVersion: 'elbv2.k8s.aws/v1beta1',
        kind: 'TargetGroupBinding',
        name: expect.stringMatching(/^rag-[0-9a-f]{8}$/),
        content: {
          spec: {
            networking: {
              ingress: [
                {
                  from: [{ ipBlock: { cidr: '10.0.0.0/20' } }, { ipBlock: { cidr: '10.0.16.0/20' } }],
                  ports: [{ port: 3000, protocol: 'TCP' }],
                },
              ],
            },
            serviceRef: { name: 'rag', port: 80 },
            targetGroupName: 'Global-TG',
            targetType: 'ip',
          },
        },
      },
    ]);
  });

  // The webhook finds the ARN of a name when the object is made, and it cannot change afterwards.
  it('is another object for another target group', () => {
    const names = ['one', 'two', 'one'].map((targetGroupName) => render({ targetGroupName })[0]!.name);
    expect(names[0]).toBe(names[2]);
    expect(names[0]).not.toBe(names[1]);
  });

  it('fails on more than one Service', () => {
    const backends = [
      { service: 'one', port: 80, weight: 9 },
      { service: 'two', port: 80, weight: 1 },
    ];
    expect(() => render({ targetGroupName: 'one' }, { backends })).toThrow(
      "[NotByEngine] 'exposure.targetGroupName' must not be stated for several Services at once: one target group has the pods of one; leave it out, or use Exposure.gateway()",
    );
  });

  it('fails on a name that is too long for a condition of pods', () => {
    expect(() => render({ targetGroupName: 'one' }, { name: 'a'.repeat(55) })).toThrow('[InvalidName]');
  });
});
