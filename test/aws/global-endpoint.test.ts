import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { aws, LoadBalancerKind, Region, RegionTraffic } from '../../lib';
import { recordPlan } from '../../lib/aws/global-traffic';
import type { Attributes } from '../terraform/synth';
import { terraform } from '../terraform/synth';
import { cluster, EAST, WEST } from './clusters';
import { endpoint } from './endpoints';

const THIRD = Region.aws('us-west-2');
const two = [endpoint('us-east-1'), endpoint('eu-west-1')];

const made = (props: Partial<aws.GlobalEndpointProps> = {}) =>
  terraform((stack) => {
    new aws.GlobalEndpoint(stack, 'Endpoint', { hostname: 'rag.example.com', endpoints: two, ...props });
  });

describe('a region', () => {
  const stack = made();
  it.each(two)('has the target group that its deployment binds', ({ region, targetGroupName }) => {
    const group = stack.get('aws_lb_target_group', 'name', targetGroupName);
    expect(group).toMatchObject({
      region,
      port: 3000,
      protocol: 'HTTP',
      target_type: 'ip',
      deregistration_delay: '95',
    });
    expect(group.health_check).toMatchObject({ path: '/readyz', protocol: 'HTTP', matcher: '200' });
    const balancer = stack.get('aws_lb', 'name', targetGroupName);
    expect(balancer).toMatchObject({ region, internal: true, idle_timeout: 120, enable_deletion_protection: true });
    const listener = stack.get('aws_lb_listener', 'region', region);
    expect(listener).toMatchObject({ port: 443, protocol: 'HTTPS' });
    expect(stack.follow(listener.default_action[0].target_group_arn)).toBe(
      stack.follow(
        `\${aws_lb_target_group.${Object.keys(stack.json.resource!.aws_lb_target_group!).find((name) => stack.json.resource!.aws_lb_target_group![name].region === region)}.arn}`,
      ),
    );
  });

  it('has its certificate, which one record proves for all', () => {
    expect(
      stack
        .all('aws_acm_certificate')
        .map(({ region }) => region)
        .sort(),
    ).toEqual(['eu-west-1', 'us-east-1']);
    expect(stack.all('aws_route53_record').filter(({ allow_overwrite }) => allow_overwrite)).toHaveLength(1);
  });

  it('sends nothing but to pods', () => {
    const [rule] = stack.all('aws_vpc_security_group_egress_rule');
    expect(rule).toMatchObject({ from_port: 3000, to_port: 3000, ip_protocol: 'tcp' });
    expect(rule.referenced_security_group_id).toContain('data.aws_eks_cluster');
  });

  it('with connections hides no client, and is reached by the accelerator through the internet', () => {
    const endpoints = [endpoint('us-east-1', { loadBalancer: LoadBalancerKind.NETWORK })];
    const network = made({ endpoints });
    expect(network.get('aws_lb')).toMatchObject({ internal: false, load_balancer_type: 'network' });
    expect(network.get('aws_lb_listener').protocol).toBe('TLS');
    expect(network.get('aws_lb_target_group')).toMatchObject({ protocol: 'TCP', preserve_client_ip: 'false' });
    const [group] = network.all('aws_globalaccelerator_endpoint_group');
    expect(group.endpoint_configuration[0].client_ip_preservation_enabled).toBe(false);
  });
});

describe('an accelerator', () => {
  const dials = (props: Partial<aws.GlobalEndpointProps>) =>
    Object.fromEntries(
      made(props)
        .all('aws_globalaccelerator_endpoint_group')
        .map((group) => [group.endpoint_group_region, group.traffic_dial_percentage]),
    );

  it.each([
    ['each its own', {}, { 'us-east-1': 100, 'eu-west-1': 100 }],
    [
      'what dials say',
      { traffic: RegionTraffic.nearest({ dials: { 'eu-west-1': 50 } }) },
      { 'us-east-1': 100, 'eu-west-1': 50 },
    ],
    ['nothing to a drained one', { drained: [EAST] }, { 'us-east-1': 0, 'eu-west-1': 100 }],
    ['all to the first', { traffic: RegionTraffic.failover([WEST, EAST]) }, { 'us-east-1': 0, 'eu-west-1': 100 }],
    [
      'all to the second, the first drained',
      { traffic: RegionTraffic.failover([WEST, EAST]), drained: [WEST] },
      { 'us-east-1': 100, 'eu-west-1': 0 },
    ],
  ] as [string, Partial<aws.GlobalEndpointProps>, object][])('gives %s', (_, props, expected) => {
    expect(dials(props)).toEqual(expected);
  });
});

describe('records', () => {
  const records = (traffic: RegionTraffic, drained: Region[] = []) => {
    const stack = made({
      endpoints: [...two, endpoint('us-west-2')],
      traffic,
      drained,
      entry: aws.GlobalEntry.dns(),
    });
    expect(stack.all('aws_globalaccelerator_accelerator')).toEqual([]);
    return stack
      .all('aws_route53_record')
      .filter(({ set_identifier }: Attributes) => set_identifier !== undefined)
      .map((record: Attributes) => [
        record.name,
        record.set_identifier,
        record.latency_routing_policy?.region ??
          record.weighted_routing_policy?.weight ??
          record.failover_routing_policy?.type,
      ]);
  };
  const host = 'rag.example.com';

  it('by latency leave out a drained region', () => {
    expect(records(RegionTraffic.nearest(), [WEST])).toEqual([
      [host, 'us-east-1', 'us-east-1'],
      [host, 'us-west-2', 'us-west-2'],
    ]);
  });

  it('by weight leave out a drained region, and one of weight 0', () => {
    const traffic = RegionTraffic.weighted({ 'us-east-1': 70, 'eu-west-1': 30, 'us-west-2': 0 });
    expect(records(traffic).reverse()).toEqual([
      [host, 'us-east-1', 70],
      [host, 'eu-west-1', 30],
    ]);
  });

  it('by failover are a chain', () => {
    expect(records(RegionTraffic.failover([WEST, EAST, THIRD])).sort()).toEqual([
      [`failover-1.${host}`, 'us-east-1', 'PRIMARY'],
      [`failover-1.${host}`, 'us-west-2', 'SECONDARY'],
      [host, 'eu-west-1', 'PRIMARY'],
      [host, 'next', 'SECONDARY'],
    ]);
  });

  it.each([
    [
      [WEST, EAST],
      ['eu-west-1', 'us-east-1'],
    ],
    [[WEST], ['eu-west-1']],
  ])('by failover of %# have an order', (order, expected) => {
    const plan = recordPlan(RegionTraffic.failover(order)._model, expected);
    expect(plan).toEqual({ kind: 'failover', order: expected });
  });

  it('ask regions themselves, unless they let not everybody in', () => {
    const checks = (sourceCidrs?: string[]) =>
      made({ entry: aws.GlobalEntry.dns(), ...(sourceCidrs && { sourceCidrs }) }).all('aws_route53_health_check');
    expect(checks()).toHaveLength(2);
    expect(checks()[0]).toMatchObject({ type: 'HTTPS', resource_path: '/readyz', request_interval: 10 });
    expect(checks(['203.0.113.0/24'])).toEqual([]);
  });
});

describe('fails', () => {
  const weighted = RegionTraffic.weighted({ 'us-east-1': 50, 'eu-west-1': 50 });
  const dns = aws.GlobalEntry.dns();
  const given = aws.EndpointNetwork.given(EAST, { vpcId: 'v', subnetIds: ['a', 'b'], nodeSecurityGroupId: 'sg' });
  it.each([
    ['without endpoints', { endpoints: [] }, /\[EmptyList\] 'endpoints'/],
    ['without a region', { endpoints: [endpoint(undefined)] }, /\[MissingOption\] 'region'/],
    ['with a tag of AWS', { tags: { 'aws:x': 'x' } }, /\[InvalidText\] 'tags'/],
    ['with two of a region', { endpoints: [two[0]!, two[0]!] }, /\[DuplicateKey\] 'endpoints'/],
    ['with all regions drained', { drained: [EAST, WEST] }, /\[OutOfRange\] 'drained'/],
    ['with a drained region of nobody', { drained: [THIRD] }, /\[NotAMember\] 'traffic' .* "us-west-2"/],
    [
      'with dials of nobody',
      { traffic: RegionTraffic.nearest({ dials: { 'us-west-2': 5 } }) },
      /\[NotAMember\] 'traffic'/,
    ],
    [
      'with a region that has no weight',
      { traffic: RegionTraffic.weighted({ 'us-east-1': 100 }) },
      /\[MissingOption\] 'traffic' must be given with every region, and eu-west-1/,
    ],
    [
      'with weights of an accelerator',
      { traffic: weighted, entry: aws.GlobalEntry.accelerator() },
      /\[NotByEngine\] 'traffic' .* GlobalEntry.accelerator/,
    ],
    [
      'with dials of records',
      { traffic: RegionTraffic.nearest({ dials: { 'eu-west-1': 50 } }), entry: dns },
      /\[NotByEngine\] 'traffic.dials.eu-west-1'/,
    ],
    [
      'with three in order behind an accelerator',
      {
        endpoints: [...two, endpoint('us-west-2')],
        traffic: RegionTraffic.failover([EAST, WEST, THIRD]),
        entry: aws.GlobalEntry.accelerator(),
      },
      /\[NotByEngine\] 'traffic' .* more than two regions/,
    ],
    [
      'with a region without a network',
      { networks: [given] },
      /\[MissingOption\] 'networks' must be given with eu-west-1/,
    ],
    [
      'with a name of 33 characters',
      { endpoints: [endpoint('us-east-1', { targetGroupName: 'a'.repeat(33) })] },
      /\[InvalidName\] 'endpoints\[0\].targetGroupName'/,
    ],
    [
      'with 351 silent seconds of connections',
      {
        endpoints: [
          endpoint('us-east-1', { loadBalancer: LoadBalancerKind.NETWORK, idleTimeout: Duration.seconds(351) }),
        ],
      },
      /\[TooSilent\] .* 351 s: a Network Load Balancer that ends TLS cuts it after 350 s/,
    ],
    [
      'with 4001 silent seconds of requests',
      { endpoints: [endpoint('us-east-1', { idleTimeout: Duration.seconds(4001) })] },
      /\[TooSilent\] .* an Application Load Balancer cuts it after 4000 s/,
    ],
    [
      'with a drain of over an hour',
      { endpoints: [endpoint('us-east-1', { deregistrationDelay: Duration.seconds(3601) })] },
      /\[OutOfRange\] 'endpoints\[0\].deregistrationDelay'/,
    ],
    ['with a zone of others', { zoneName: 'example.org' }, /\[InvalidName\] 'zoneName'/],
    ['with nobody let in', { sourceCidrs: [] }, /\[EmptyList\] 'sourceCidrs'/],
    ['with logs of nobody', { accessLogBuckets: { 'us-west-2': 'b' } }, /\[NotAMember\] 'accessLogBuckets'/],
  ] as [string, Partial<aws.GlobalEndpointProps>, RegExp][])('%s', (_, props, message) => {
    expect(() => made(props)).toThrow(message);
  });

  it('beside a cluster without public subnets, unless an accelerator needs none', () => {
    const network = aws.ClusterNetwork.given({
      vpcId: 'vpc-1',
      nodeSubnetIds: ['subnet-a', 'subnet-b'],
      loadBalancerCidrs: ['10.1.0.0/24'],
    });
    const beside = (loadBalancer: LoadBalancerKind) =>
      terraform((stack) => {
        const networks = [aws.EndpointNetwork.ofCluster(cluster(stack, { network }))];
        const endpoints = [endpoint('us-east-1', { loadBalancer })];
        new aws.GlobalEndpoint(stack, 'Endpoint', { hostname: 'rag.example.com', endpoints, networks });
      });
    expect(() => beside(LoadBalancerKind.NETWORK)).toThrow(/\[MissingOption\] 'publicSubnetIds'/);
    expect(beside(LoadBalancerKind.APPLICATION).get('aws_lb').subnets).toEqual(['subnet-a', 'subnet-b']);
  });

  it('without subnets', () => {
    const options = { vpcId: 'v', subnetIds: [], nodeSecurityGroupId: 'sg' };
    expect(() => aws.EndpointNetwork.given(EAST, options)).toThrow(/\[OutOfRange\] 'subnetIds' must be at least 2/);
  });

  it.each([
    ['350 silent seconds of connections', LoadBalancerKind.NETWORK, 350],
    ['4000 silent seconds of requests', LoadBalancerKind.APPLICATION, 4000],
  ])('not with %s', (_, loadBalancer, seconds) => {
    const endpoints = [endpoint('us-east-1', { loadBalancer, idleTimeout: Duration.seconds(seconds) })];
    expect(() => made({ endpoints })).not.toThrow();
  });
});
