import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aws, ClusterProfile } from '../../lib';
import { karpenterPolicies } from '../../lib/aws/karpenter-policies';
import { loadBalancerControllerPolicy } from '../../lib/aws/load-balancer-policy';
import type { Attributes } from '../terraform/synth';
import { REGION, terraform } from '../terraform/synth';
import { cluster, DEPLOY, EAST } from './clusters';

const fixtures = join(__dirname, '../fixtures/aws');

const made = (props: Partial<aws.ServingClusterProps> = {}) => {
  let serving!: aws.ServingCluster;
  const stack = terraform((scope) => {
    serving = cluster(scope, props);
  });
  return { stack, serving };
};

describe('a cluster', () => {
  const { stack, serving } = made();
  const eks = stack.get('aws_eks_cluster');

  it('is private, encrypted and logged, and lets in whom it is told to', () => {
    expect(eks.vpc_config).toMatchObject({ endpoint_private_access: true, endpoint_public_access: false });
    expect(eks.encryption_config).toMatchObject({ resources: ['secrets'] });
    expect(stack.follow(eks.encryption_config.provider.key_arn).enable_key_rotation).toBe(true);
    expect([...eks.enabled_cluster_log_types].sort()).toEqual([
      'api',
      'audit',
      'authenticator',
      'controllerManager',
      'scheduler',
    ]);
    expect(eks.access_config).toEqual({
      authentication_mode: 'API',
      bootstrap_cluster_creator_admin_permissions: false,
    });
    const administrator = stack.get('aws_eks_access_policy_association');
    expect(stack.follow(administrator.principal_arn).principal_arn).toBe(DEPLOY);
    expect(administrator.policy_arn).toBe('arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy');
  });

  it('has the add-ons, with network policies in force', () => {
    const addOns = stack.all('aws_eks_addon').map(({ addon_name }) => addon_name);
    expect(addOns.sort()).toEqual([
      'aws-ebs-csi-driver',
      'coredns',
      'eks-pod-identity-agent',
      'kube-proxy',
      'metrics-server',
      'vpc-cni',
    ]);
    const cni = stack.get('aws_eks_addon', 'addon_name', 'vpc-cni');
    expect(JSON.parse(cni.configuration_values)).toEqual({ enableNetworkPolicy: 'true' });
    expect(eks.bootstrap_self_managed_addons).toBe(false);
  });

  it('has the network and its identities before nodes, and DNS after', () => {
    const addOn = (name: string) =>
      Object.entries(stack.json.resource!.aws_eks_addon!).find(([, { addon_name }]) => addon_name === name)!;
    const [group] = Object.entries(stack.json.resource!.aws_eks_node_group!);
    for (const name of ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent']) {
      expect(group![1].depends_on).toContain(`aws_eks_addon.${addOn(name)[0]}`);
    }
    expect(addOn('coredns')[1].depends_on).toEqual([`aws_eks_node_group.${group![0]}`]);
  });

  it('keeps its own subnets for load balancers, in whose blocks there are no pods', () => {
    const blocks = (tag: string) =>
      stack
        .all('aws_subnet')
        .filter(({ tags }) => tag in tags)
        .map(({ cidr_block }) => cidr_block);
    expect(blocks('karpenter.sh/discovery')).toEqual(['10.0.0.0/18', '10.0.64.0/18', '10.0.128.0/18']);
    const balancers = [...blocks('kubernetes.io/role/elb'), ...blocks('kubernetes.io/role/internal-elb')];
    expect([...serving.profile._model.loadBalancerCidrs].sort()).toEqual(balancers.sort());
    expect(balancers).toHaveLength(6);
  });

  it('lets pods reach no metadata of their node', () => {
    expect(stack.get('aws_launch_template').metadata_options).toMatchObject({
      http_tokens: 'required',
      http_put_response_hop_limit: 1,
    });
  });
});

describe('what both sides know', () => {
  const names = (props: Partial<aws.ServingClusterProps>) => {
    const { stack, serving } = made(props);
    return { stack, profile: serving.profile, karpenter: serving.profile._model.karpenter! };
  };

  it.each([
    { what: 'by default', props: {} },
    {
      what: 'as stated',
      props: { name: 'prod', karpenter: { nodeRoleName: 'nodes', discoveryTags: { team: 'ml', a: '*' } } },
    },
  ])('is the same $what', ({ props }) => {
    const { stack, profile, karpenter } = names(props);
    expect(stack.get('aws_eks_cluster').name).toBe(profile.name);
    expect(stack.get('aws_eks_cluster').version).toBe(profile.kubernetesVersion);
    // EC2NodeClass: role, subnetSelectorTerms, securityGroupSelectorTerms.
    const role = stack.get('aws_iam_role', 'name', karpenter.nodeRoleName);
    expect(role.assume_role_policy).toContain('ec2.amazonaws.com');
    const groups = stack.all('aws_ec2_tag');
    for (const [key, value] of karpenter.discoveryTags) {
      const fits = (tag: string | undefined) => tag !== undefined && (value === '*' || tag === value);
      expect(stack.all('aws_subnet').filter(({ tags }) => fits(tags[key]))).toHaveLength(3);
      expect(groups.filter((tag) => tag.key === key && fits(tag.value))).toHaveLength(1);
      expect(groups[0].resource_id).toContain('vpc_config[0].cluster_security_group_id');
    }
  });

  it('tags given subnets by which Karpenter is to find them, unless their tags are stated', () => {
    const network = aws.ClusterNetwork.given({
      vpcId: 'vpc-1',
      nodeSubnetIds: ['subnet-a', 'subnet-b'],
      loadBalancerCidrs: ['10.1.0.0/24'],
    });
    const tagged = (props: Partial<aws.ServingClusterProps>) =>
      names({ network, ...props })
        .stack.all('aws_ec2_tag')
        .map(({ resource_id }) => resource_id)
        .filter((id) => id.startsWith('subnet'));
    expect(tagged({})).toEqual(['subnet-a', 'subnet-b']);
    expect(tagged({ karpenter: { discoveryTags: { team: 'ml' } } })).toEqual([]);
  });

  it('has the queue that Karpenter is to be told of', () => {
    const { stack, serving } = made({ name: 'prod' });
    expect(stack.get('aws_sqs_queue').name).toBe('prod');
    expect(serving.requirements.join('\n')).toContain('settings.interruptionQueue=prod');
  });

  it('passes on what else the cluster has', () => {
    const { profile } = names({ profile: { keda: { version: '2.20' } } });
    expect(profile._model.keda!.version.text).toBe('2.20');
    expect(profile._model.dnsTtlSeconds).toBe(5);
    expect(profile).toBeInstanceOf(ClusterProfile);
  });
});

/** The policies of Karpenter's template, with the values of a cluster in place of its parameters. */
function template(): { [name: string]: unknown } {
  const text = readFileSync(join(fixtures, 'karpenter-v1.14.1-cloudformation.yaml'), 'utf8');
  const values: { [name: string]: string } = {
    'AWS::Partition': 'aws',
    'AWS::Region': REGION,
    'AWS::AccountId': '111122223333',
    ClusterName: 'prod',
    'KarpenterNodeRole.Arn': 'arn:node',
    'KarpenterInterruptionQueue.Arn': 'arn:queue',
  };
  const documents = [...text.matchAll(/^ {2}(\w+)Policy:\n {4}Type: AWS::IAM::ManagedPolicy\n(.*?)(?=^ {2}\w)/gms)];
  return Object.fromEntries(
    documents.map(([, name, body]) => {
      const json = body!.slice(body!.indexOf('{\n')).replace(/\$\{([\w.:]+)\}/g, (_, key: string) => values[key]!);
      return [name, JSON.parse(json)];
    }),
  );
}

describe('policies', () => {
  const ours = karpenterPolicies({
    partition: 'aws',
    region: REGION,
    accountId: '111122223333',
    clusterName: 'prod',
    nodeRoleArn: 'arn:node',
    queueArn: 'arn:queue',
  });

  it("of Karpenter are those of its own template, and no longer than IAM's limit", () => {
    expect(ours).toEqual(template());
    for (const document of Object.values(ours)) expect(JSON.stringify(document).length).toBeLessThan(6144);
  });

  it('of the AWS Load Balancer Controller are its own', () => {
    const own = readFileSync(join(fixtures, 'aws-load-balancer-controller-iam-policy.json'), 'utf8');
    expect(loadBalancerControllerPolicy('aws')).toEqual(JSON.parse(own));
    expect(JSON.stringify(loadBalancerControllerPolicy('aws')).length).toBeLessThan(6144);
    expect(JSON.stringify(loadBalancerControllerPolicy('aws-cn'))).not.toContain('arn:aws:');
  });

  it('let the queue be written by events alone, and over TLS', () => {
    const { stack } = made();
    const { Statement } = JSON.parse(stack.get('aws_sqs_queue_policy').policy);
    expect(Statement.map(({ Effect, Action }: Attributes) => [Effect, Action])).toEqual([
      ['Allow', 'sqs:SendMessage'],
      ['Deny', 'sqs:*'],
    ]);
  });
});

describe('fails', () => {
  const zones = ['us-east-1a', 'us-east-1b'];
  it.each([
    ['a name that is too long', { name: 'a'.repeat(41) }, /\[InvalidName\] 'name' must be at most 40/],
    ['no administrator', { access: [aws.ClusterAccess.viewer(DEPLOY)] }, /\[MissingOption\] 'access'/],
    ['nobody', { access: [] }, /\[MissingOption\] 'access'/],
    [
      'somebody twice',
      { access: [aws.ClusterAccess.viewer(DEPLOY), aws.ClusterAccess.administrator(DEPLOY)] },
      /\[DuplicateKey\] 'access'/,
    ],
    ['days that CloudWatch lacks', { logRetentionDays: 100 }, /\[OutOfRange\] 'logRetentionDays' must be one of/],
    ['a name in the profile', { profile: { name: 'x' } }, /\[ConflictingOptions\] 'profile.name'/],
    ['an add-on that is none', { addOnVersions: { cilium: 'v1.0.0-eksbuild.1' } }, /\[NotAMember\] 'addOnVersions'/],
    ['a version that is none', { addOnVersions: { coredns: 'latest' } }, /\[InvalidText\] 'addOnVersions.coredns'/],
    ['a tag that is reserved', { tags: { 'aws:x': 'x' } }, /\[InvalidText\] 'tags'/],
    ['one system node', { systemNodes: { nodes: 1 } }, /\[OutOfRange\] 'systemNodes.nodes'/],
    [
      'two architectures',
      { systemNodes: { instanceTypes: ['m6i.large', 'm7g.large'] } },
      /\[OutOfRange\] 'instanceTypes' must be of one architecture/,
    ],
    [
      'zones of elsewhere',
      { network: aws.ClusterNetwork.create({ zones: ['eu-west-1a', 'eu-west-1b'] }) },
      /\[InvalidText\] 'network.zones'/,
    ],
    ['an old version', { kubernetesVersion: '1.20' }, /\[OutOfRange\] 'kubernetesVersion'/],
  ] as [string, Partial<aws.ServingClusterProps>, RegExp][])('with %s', (_, props, message) => {
    expect(() => made(props)).toThrow(message);
    expect(() => made(props)).toThrow(/\(at stack\/UsEast\)/);
  });

  it('with a name that another one of the stack has', () => {
    const twice = () =>
      terraform((stack) => {
        cluster(stack, { name: 'prod' }, 'A');
        cluster(stack, { name: 'prod', network: aws.ClusterNetwork.create({ zones }) }, 'B');
      });
    expect(twice).toThrow(/\[NameTakenInAccount\] .* stack\/A and stack\/B are both "prod"/);
  });
});

describe('zones', () => {
  it.each([1, 7])('fails with %s', (count) => {
    const zones = Array.from({ length: count }, (_, index) => `us-east-1${'abcdefg'[index]}`);
    expect(() => aws.ClusterNetwork.create({ zones })).toThrow(/\[OutOfRange\] 'zones' must be 2 to 6/);
  });

  it.each([2, 6])('take %s', (count) => {
    const zones = Array.from({ length: count }, (_, index) => `us-east-1${'abcdefg'[index]}`);
    const { stack } = made({ network: aws.ClusterNetwork.create({ zones }), region: EAST });
    expect(stack.all('aws_subnet')).toHaveLength(count * 3);
    expect(stack.all('aws_nat_gateway')).toHaveLength(count);
  });
});
