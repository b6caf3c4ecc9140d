import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Authentication,
  BentoDeployment,
  type BentoDeploymentProps,
  ClusterProfile,
  type ClusterProfileProps,
  type DrainOptions,
  Exposure,
  GlobalService,
  HealthCheck,
  LoadBalancing,
  RateLimit,
  RateUnit,
  SecretRef,
  Tls,
} from '../../lib';
import { single } from '../bentos';
import type { KubernetesObject } from '../cluster/client';
import { attributesOf } from '../engines/annotations';
import { synthesize } from '../tree';

const NLB = 'service.beta.kubernetes.io/aws-load-balancer-';
const ALB = 'alb.ingress.kubernetes.io/';
const hosts = ['rag.example.com'];
const tls = Tls.acm(['arn:aws:acm:eu-west-1:111122223333:certificate/one']);
const jwt = Authentication.jwt({ issuer: 'https://a.example.com', jwksUrl: 'https://a.example.com/jwks' });
const subnetCidrs = ['10.0.0.0/20', '10.0.16.0/20'];

type Traffic = NonNullable<BentoDeploymentProps['apiServer']>['traffic'];
function make(exposure: Exposure, traffic: Traffic = {}, cluster: ClusterProfileProps = {}, drain: DrainOptions = {}) {
  let made: BentoDeployment | undefined;
  const objects = synthesize((chart) => {
    ClusterProfile.set(chart, new ClusterProfile(cluster));
    made = new BentoDeployment(chart, 'Rag', { bento: single(), exposure, apiServer: { traffic, drain } });
  });
  const needs = made!.requirements.map(String);
  return { objects, needs, doors: made!.doorObjects };
}

function deregistrationOf({ metadata }: KubernetesObject, prefix: string): number {
  const annotations = (metadata.annotations ?? {}) as { readonly [name: string]: string };
  return Number(attributesOf(annotations[`${prefix}target-group-attributes`]!)['deregistration_delay.timeout_seconds']);
}

describe('a door of AWS', () => {
  it('lets its subnets, and callers inside, through the network policy', () => {
    const { objects } = make(Exposure.networkLoadBalancer({ subnetCidrs }));
    expect(objects.peers('rag')).toEqual(
      expect.arrayContaining([...subnetCidrs.map((cidr) => ({ ipBlock: { cidr } })), { podSelector: {} }]),
    );
    expect(objects.peers('rag')).toHaveLength(3);
  });

  it('has the subnets of the cluster', () => {
    const { objects } = make(Exposure.networkLoadBalancer(), {}, { loadBalancerCidrs: ['10.1.0.0/16'] });
    expect(objects.peers('rag')).toContainEqual({ ipBlock: { cidr: '10.1.0.0/16' } });
  });

  it('fails without subnets', () => {
    expect(() => make(Exposure.networkLoadBalancer())).toThrow("[ClusterLacks] 'exposure.subnetCidrs'");
    expect(() => make(Exposure.several({ public: Exposure.applicationLoadBalancer({ hosts }) }))).toThrow(
      "[ClusterLacks] 'exposure.public.subnetCidrs'",
    );
  });

  it('has a Service of its own beside that inside the cluster', () => {
    const { objects, doors } = make(Exposure.networkLoadBalancer({ subnetCidrs }));
    expect(doors.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['Service rag-nlb']);
    expect(objects.of('Service').map(({ metadata }) => metadata.name)).toEqual(
      expect.arrayContaining(['rag', 'rag-nlb']),
    );
  });

  it('is named by its key among several', () => {
    const exposure = Exposure.several({
      internal: Exposure.networkLoadBalancer({ subnetCidrs }),
      public: Exposure.applicationLoadBalancer({ hosts, subnetCidrs }),
      shared: Exposure.networkLoadBalancer({ subnetCidrs, targetGroupName: 'rag' }),
    });
    expect(make(exposure).doors.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Service rag-internal-nlb',
      'Ingress rag-public',
      expect.stringMatching(/^TargetGroupBinding rag-shared-[0-9a-f]{8}$/),
    ]);
  });
});

// Kubernetes counts the grace period from before the pause; AWS counts deregistration from when the pod is leaving.
describe('drain behind a load balancer of AWS', () => {
  it('waits until it sends no more, and lets every request end before it cuts', () => {
    const { objects } = make(Exposure.networkLoadBalancer({ subnetCidrs }), { timeout: Duration.seconds(120) });
    const { terminationGracePeriodSeconds } = objects.pod('rag');
    const pause = objects.server('rag').lifecycle.preStop.sleep.seconds;
    const delay = deregistrationOf(objects.get('Service', 'rag-nlb'), NLB);
    expect(pause).toBe(130);
    expect(delay).toBeGreaterThanOrEqual(pause + 120);
    expect(delay).toBeLessThanOrEqual(terminationGracePeriodSeconds);
  });

  it('is the same of an Application Load Balancer', () => {
    const { objects } = make(Exposure.applicationLoadBalancer({ hosts, subnetCidrs }));
    const { terminationGracePeriodSeconds } = objects.pod('rag');
    const delay = deregistrationOf(objects.get('Ingress', 'rag'), ALB);
    expect(delay).toBeGreaterThanOrEqual(30 + 60);
    expect(delay).toBeLessThanOrEqual(terminationGracePeriodSeconds);
  });
});

describe('silence behind a load balancer of AWS', () => {
  const seconds = (timeout: number): Traffic => ({ timeout: Duration.seconds(timeout) });
  const idle = (exposure: Exposure, timeout: number): number => {
    const { objects } = make(exposure, seconds(timeout));
    const found = [...objects.of('Service'), ...objects.of('Ingress')].flatMap(({ metadata }) =>
      Object.entries(metadata.annotations ?? {}),
    );
    const [text] = found.map(([, value]) => value).filter((value) => value.includes('idle_timeout'));
    return Number(/idle_timeout\.(timeout_)?seconds=(\d+)/.exec(text!)![2]);
  };
  const nlb = Exposure.networkLoadBalancer({ subnetCidrs });
  const alb = Exposure.applicationLoadBalancer({ hosts, subnetCidrs });

  it("is longer than any answer, and shorter than the keep-alive of an Application Load Balancer's pods", () => {
    expect(idle(nlb, 60)).toBe(350);
    expect(idle(nlb, 600)).toBeGreaterThan(600);
    expect(idle(alb, 30)).toBe(60);
    expect(idle(alb, 600)).toBeGreaterThan(600);
    const command = JSON.stringify(make(alb, seconds(600)).objects.server('rag'));
    const keepAlive = Number(/timeout-keep-alive[="',\s]*(\d+)/i.exec(command)?.[1]);
    expect(keepAlive).toBeGreaterThan(idle(alb, 600));
  });

  it.each([
    ['TCP', nlb, 6000, 'let answers come in pieces'],
    ['TLS', Exposure.networkLoadBalancer({ subnetCidrs, tls }), 350, 'end TLS elsewhere'],
    ['HTTP', alb, 4000, 'let answers come in pieces'],
  ])('fails above what a listener for %s may have', (_, exposure, longest, remedy) => {
    // A load balancer lets pods finish for an hour at most.
    const drain = { gracefulShutdown: Duration.minutes(1) };
    // Two hops wait 5 seconds more each.
    expect(() => make(exposure, { ...seconds(longest - 10) }, {}, drain)).not.toThrow();
    const message = `[TooSilent] 'exposure' must not leave a connection silent for ${longest + 1} s: Exposure.`;
    expect(() => make(exposure, seconds(longest - 9), {}, drain)).toThrow(message);
    expect(() => make(exposure, seconds(longest - 9), {}, drain)).toThrow(`cuts it after ${longest} s; `);
    expect(() => make(exposure, seconds(longest - 9), {}, drain)).toThrow(remedy);
  });
});

describe("somebody else's target group", () => {
  const exposure = Exposure.networkLoadBalancer({ subnetCidrs, targetGroupName: 'rag-eu' });

  it('needs what its load balancer must have', () => {
    expect(make(exposure).needs).toEqual(
      expect.arrayContaining([
        'AWS Load Balancer Controller >= 2.11: targets of rag-eu',
        'target group rag-eu of IP addresses that deregisters in 190 s, and keeps no addresses of clients: pods of rag as they leave, and who may connect to them',
        'an idle timeout of 350 s at the load balancer of rag-eu: answers of rag may be silent for 60 s',
      ]),
    );
  });

  it.each([
    ['loadBalancing', { loadBalancing: LoadBalancing.hashBySource() }],
    ['healthCheck', { healthCheck: HealthCheck.http() }],
  ])('fails on traffic.%s, which is not ours to set', (property, traffic) => {
    expect(() => make(exposure, traffic)).toThrow(
      `[NotByEngine] 'apiServer.traffic.${property}' must not be stated for an exposure with 'targetGroupName': it belongs to whoever made the target group; leave it out, and set it there`,
    );
  });

  it('fails where two deployments bind to it, which take out the pods of one another', () => {
    expect(() =>
      synthesize((chart) => {
        for (const id of ['One', 'Two']) new BentoDeployment(chart, id, { bento: single(), exposure });
      }),
    ).toThrow(
      '[TwoOwners] targets of rag-eu must have one owner, got TargetGroupBinding one and TargetGroupBinding two; the controller takes out whatever is not its own: give each a target group',
    );
  });
});

describe('requirements', () => {
  const AWS = (version: string, reason: string) => `AWS Load Balancer Controller >= ${version}: ${reason}`;
  const GATE =
    'the label elbv2.k8s.aws/pod-readiness-gate-inject=enabled on the namespace ml: a roll-out waits until load balancers take new pods for healthy';

  // Tags of the project in which the annotation or the field first is.
  it.each([
    [Exposure.networkLoadBalancer({ subnetCidrs }), AWS('2.9', 'load balancers and their targets')],
    [
      Exposure.applicationLoadBalancer({ hosts, subnetCidrs, tls, authentication: jwt }),
      AWS('2.15', 'tokens of clients (jwt-validation)'),
    ],
    [
      Exposure.several({
        a: Exposure.networkLoadBalancer({ subnetCidrs }),
        b: Exposure.applicationLoadBalancer({ hosts, subnetCidrs, tls, authentication: jwt }),
        c: Exposure.networkLoadBalancer({ subnetCidrs }),
      }),
      AWS('2.15', 'tokens of clients (jwt-validation)'),
    ],
  ])('%# are the highest version of the controller, and the readiness gate', (exposure, controller) => {
    const { needs } = make(exposure);
    expect(needs).toEqual(expect.arrayContaining([controller, GATE]));
    expect(needs.filter((need) => need.startsWith('AWS Load'))).toHaveLength(1);
  });

  it('are the status of refusals where ingress-nginx limits', () => {
    const exposure = Exposure.ingressNginx({ hosts, controllers: 2, tls: Tls.secret(SecretRef.named('rag-tls')) });
    const STATUS =
      'limit-req-status-code "429" in the ConfigMap of ingress-nginx: it answers 503 above a rate limit otherwise';
    expect(make(exposure).needs).not.toContain(STATUS);
    const { needs, objects } = make(exposure, { rateLimit: RateLimit.perClient(9, RateUnit.SECOND) });
    expect(needs).toContain(STATUS);
    expect(objects.get('Ingress', 'rag').metadata.annotations).toMatchObject({
      'nginx.ingress.kubernetes.io/limit-rps': '4',
    });
  });
});

describe('limits of ingress-nginx', () => {
  const limit = (exposure: Exposure, requests: number) => () =>
    make(exposure, { rateLimit: RateLimit.perClient(requests, RateUnit.SECOND) });

  it('fail where nobody says how many controllers count', () => {
    expect(limit(Exposure.ingressNginx({ hosts }), 9)).toThrow(
      "[UnknownProxies] 'apiServer.traffic.rateLimit' must not be given while nobody says how many proxies share it; each counts alone: state `controllers` of the exposure",
    );
  });

  it('fail below one for each', () => {
    expect(limit(Exposure.ingressNginx({ hosts, controllers: 3 }), 3)).not.toThrow();
    expect(limit(Exposure.ingressNginx({ hosts, controllers: 3 }), 2)).toThrow(
      "[BelowProxies] 'apiServer.traffic.rateLimit' must be at least 3, one for each proxy, got 2",
    );
  });
});

describe('a Service of type LoadBalancer', () => {
  it('lets clients of its sources through the network policy', () => {
    const { objects } = make(Exposure.loadBalancer({ sourceCidrs: ['192.0.2.0/24'] }));
    expect(objects.peers('rag')).toContainEqual({ ipBlock: { cidr: '192.0.2.0/24' } });
    expect(objects.get('Service', 'rag-lb').spec.loadBalancerSourceRanges).toEqual(['192.0.2.0/24']);
  });
});

describe('a load balancer of several deployments', () => {
  it('drains pods no longer than any of them is there, and waits as long as the longest answer takes', () => {
    let needs: string[] = [];
    const objects = synthesize((chart) => {
      ClusterProfile.set(chart, new ClusterProfile({ loadBalancerCidrs: subnetCidrs }));
      const members = [60, 120].map(
        (timeout) =>
          new BentoDeployment(chart, `Member${timeout}`, {
            bento: single(),
            apiServer: { traffic: { timeout: Duration.seconds(timeout) } },
          }),
      );
      const all = new GlobalService(chart, 'All', { members, exposure: Exposure.networkLoadBalancer() });
      needs = all.requirements.map(String);
    });
    const delay = deregistrationOf(objects.get('Service', 'all-nlb'), NLB);
    expect(delay).toBe(130 + 120);
    expect(objects.pod('member120').terminationGracePeriodSeconds).toBeGreaterThanOrEqual(delay);
    expect(needs).toContain('AWS Load Balancer Controller >= 2.9: load balancers and their targets');
  });
});
