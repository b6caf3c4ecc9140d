import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PROXY_NAMES, PROXY_SUPPORT, type ProxyFeature, type ProxyKind } from '../../lib/exposure/proxy-support';
import type { Body } from '../cluster/client';
import type { Objects } from '../tree';
import { canBeSaid, STATEMENTS, stating } from './traffic-support';

/** Where a feature stands in what is made: the object, the path in it, and what is there. */
type Field = readonly [object: string, path: string, value: unknown];

const BTP = 'BackendTrafficPolicy/rag';
const hash = 'spec.loadBalancer.consistentHash';
const passive = 'spec.healthCheck.passive';

/** Beneath `static_resources` of the Envoy before a pool. */
const ENVOY = 'rag-embedder-proxy envoy.yaml';
const ROUTE = 'listeners.0.filter_chains.0.filters.0.typed_config.route_config.virtual_hosts.0.routes.0.route';
const POLICY = 'clusters.0.load_balancing_policy.policies.0.typed_extension_config';
const FILTERS = 'listeners.0.filter_chains.0.filters.0.typed_config.http_filters';

/** The configuration of the nginx before an API server. */
const NGINX = 'rag-cache nginx.conf';

/** That of the tier before all versions, which tests of its own drive. */
const SPLIT_NGINX = 'rag-split nginx.conf';

const nlb = (name: string): string => `metadata.annotations.service.beta.kubernetes.io/aws-load-balancer-${name}`;
const alb = (name: string): string => `metadata.annotations.alb.ingress.kubernetes.io/${name}`;
const nginx = (name: string): string => `metadata.annotations.nginx.ingress.kubernetes.io/${name}`;

const ROUTES: { readonly [feature in ProxyFeature]?: Field } = {
  streaming: ['HTTPRoute/rag', 'spec.rules.0.timeouts.request', '910s'],
  tlsSecret: ['ListenerSet/rag', 'spec.listeners.0.tls.certificateRefs.0.name', 'rag-tls'],
  tlsListener: ['HTTPRoute/rag', 'spec.parentRefs.0.sectionName', 'https'],
  redirect: ['HTTPRoute/rag-redirect', 'spec.rules.0.filters.0.requestRedirect.scheme', 'https'],
  grpc: ['GRPCRoute/rag', 'spec.rules.0.backendRefs.0.port', 3001],
  weights: ['HTTPRoute/rag', 'spec.rules.0.backendRefs.0.weight', 80],
  splitByHeader: ['HTTPRoute/rag', 'spec.rules.1.matches.0.headers.0.name', 'x-v'],
  splitByQuery: ['HTTPRoute/rag', 'spec.rules.1.matches.0.queryParams.0.name', 'x-v'],
  mirror: ['HTTPRoute/rag', 'spec.rules.0.filters.0.requestMirror.percent', 10],
};

const GRACE: Field = ['Deployment/rag', 'spec.template.spec.terminationGracePeriodSeconds', 915];

const FIELDS: { readonly [kind in ProxyKind]: { readonly [feature in ProxyFeature]?: Field } } = {
  'in-cluster': { streaming: GRACE },
  'load-balancer': { streaming: ['Deployment/rag', 'spec.template.spec.terminationGracePeriodSeconds', 935] },
  custom: { streaming: GRACE },
  'gateway-api': ROUTES,
  'envoy-gateway': {
    ...ROUTES,
    queue: [BTP, 'spec.circuitBreaker.maxPendingRequests', 100],
    retries: [BTP, 'spec.retry.numRetries', 3],
    retryStatuses: [BTP, 'spec.retry.retryOn.httpStatusCodes', [503]],
    roundRobin: [BTP, 'spec.loadBalancer.type', 'RoundRobin'],
    leastRequest: [BTP, 'spec.loadBalancer.type', 'LeastRequest'],
    hashByHeader: [BTP, `${hash}.headers.0.name`, 'x-user'],
    hashByCookie: [BTP, `${hash}.cookie.name`, 'user'],
    cookieTtl: [BTP, `${hash}.cookie.ttl`, '3600s'],
    hashBySource: [BTP, `${hash}.type`, 'SourceIP'],
    slowStart: [BTP, 'spec.loadBalancer.slowStart.window', '60s'],
    consecutiveErrors: [BTP, `${passive}.consecutiveGatewayErrors`, 5],
    serverErrors: [BTP, `${passive}.consecutive5XxErrors`, 5],
    maxEjectedPercent: [BTP, `${passive}.maxEjectionPercent`, 50],
    maxConnections: [BTP, 'spec.circuitBreaker.maxConnections', 64],
    maxRequests: [BTP, 'spec.circuitBreaker.maxParallelRequests', 64],
    rateLimitTotal: [BTP, 'spec.rateLimit.local.rules.0.limit', { requests: 600, unit: 'Minute' }],
    rateLimitPerClient: [BTP, 'spec.rateLimit.local.rules.0.clientSelectors.0.sourceCIDR.type', 'Distinct'],
    healthCheck: [BTP, 'spec.healthCheck.active.interval', '15s'],
    bearerTokens: ['SecurityPolicy/rag', 'spec.apiKeyAuth.extractFrom.0.headers', ['Authorization']],
    apiKeys: ['SecurityPolicy/rag', 'spec.apiKeyAuth.extractFrom.0.headers', ['x-api-key']],
    jwt: ['SecurityPolicy/rag', 'spec.jwt.providers.0.issuer', 'https://id.example.com'],
    clientIdHeader: ['SecurityPolicy/rag', 'spec.apiKeyAuth.forwardClientIDHeader', 'x-client'],
    splitByCookie: ['HTTPRoute/rag', 'spec.rules.1.matches.0.headers.0.value', 'x-v=always'],
  },
  'network-load-balancer': {
    streaming: ['Service/rag-nlb', nlb('target-group-attributes'), 'deregistration_delay.timeout_seconds=1030'],
    hashBySource: ['Service/rag-nlb', nlb('target-group-attributes'), 'stickiness.type=source_ip'],
    healthCheck: ['Service/rag-nlb', nlb('healthcheck-interval'), '15'],
    tlsAcm: ['Service/rag-nlb', nlb('ssl-cert'), 'arn:aws:acm:us-east-1:111122223333:certificate/a'],
  },
  'application-load-balancer': {
    streaming: ['Ingress/rag', alb('target-group-attributes'), 'deregistration_delay.timeout_seconds=930'],
    roundRobin: ['Ingress/rag', alb('target-group-attributes'), 'load_balancing.algorithm.type=round_robin'],
    leastRequest: ['Ingress/rag', alb('target-group-attributes'), 'algorithm.type=least_outstanding_requests'],
    hashByCookie: ['Ingress/rag', alb('target-group-attributes'), 'stickiness.app_cookie.cookie_name=user'],
    cookieTtl: ['Ingress/rag', alb('target-group-attributes'), 'stickiness.lb_cookie.duration_seconds=3600'],
    slowStart: ['Ingress/rag', alb('target-group-attributes'), 'slow_start.duration_seconds=60'],
    healthCheck: ['Ingress/rag', alb('healthcheck-interval-seconds'), '15'],
    tlsAcm: ['Ingress/rag', alb('certificate-arn'), 'arn:aws:acm:us-east-1:111122223333:certificate/a'],
    redirect: ['Ingress/rag', alb('ssl-redirect'), '443'],
    jwt: ['Ingress/rag', alb('jwt-validation'), '"issuer":"https://id.example.com"'],
    weights: ['Ingress/rag', alb('actions.weighted'), '"weight":80'],
    splitByHeader: ['Ingress/rag', alb('conditions.rag-v2'), '"httpHeaderName":"x-v"'],
    splitByQuery: ['Ingress/rag', alb('conditions.rag-v2'), '"key":"x-v"'],
  },
  'ingress-nginx': {
    streaming: ['Ingress/rag', nginx('proxy-read-timeout'), '70'],
    retries: ['Ingress/rag', nginx('proxy-next-upstream-tries'), '4'],
    roundRobin: ['Ingress/rag', nginx('load-balance'), 'round_robin'],
    latencyAware: ['Ingress/rag', nginx('load-balance'), 'ewma'],
    hashByHeader: ['Ingress/rag', nginx('upstream-hash-by'), '$http_x_user'],
    hashByCookie: ['Ingress/rag', nginx('upstream-hash-by'), '$cookie_user'],
    cookieTtl: ['Ingress/rag', nginx('session-cookie-max-age'), '3600'],
    hashBySource: ['Ingress/rag', nginx('upstream-hash-by'), '$remote_addr'],
    rateLimitPerClient: ['Ingress/rag', nginx('limit-rpm'), '600'],
    tlsSecret: ['Ingress/rag', 'spec.tls.0.secretName', 'rag-tls'],
    redirect: ['Ingress/rag', nginx('force-ssl-redirect'), 'true'],
    weights: ['Ingress/rag-west', nginx('canary-weight'), '20'],
    splitByHeader: ['Ingress/rag-v2', nginx('canary-by-header'), 'x-v'],
    splitByCookie: ['Ingress/rag-v2', nginx('canary-by-cookie'), 'x-v'],
  },
  direct: { streaming: ['Deployment/rag-embedder', 'spec.template.spec.terminationGracePeriodSeconds', 915] },
  envoy: {
    streaming: [ENVOY, `${ROUTE}.timeout`, '904.5s'],
    queue: [ENVOY, 'clusters.0.circuit_breakers.thresholds.0.max_pending_requests', 108],
    retries: [ENVOY, `${ROUTE}.retry_policy.num_retries`, 3],
    retryStatuses: [ENVOY, `${ROUTE}.retry_policy.retriable_status_codes`, [503]],
    roundRobin: [ENVOY, `${POLICY}.name`, 'envoy.load_balancing_policies.round_robin'],
    leastRequest: [ENVOY, `${POLICY}.name`, 'envoy.load_balancing_policies.least_request'],
    hashByHeader: [ENVOY, `${ROUTE}.hash_policy.0.header.header_name`, 'x-user'],
    hashBySource: [ENVOY, `${ROUTE}.hash_policy.0.connection_properties.source_ip`, true],
    slowStart: [ENVOY, `${POLICY}.typed_config.slow_start_config.slow_start_window`, '60s'],
    consecutiveErrors: [ENVOY, 'clusters.0.outlier_detection.consecutive_gateway_failure', 5],
    serverErrors: [ENVOY, 'clusters.0.outlier_detection.consecutive_5xx', 5],
    maxEjectedPercent: [ENVOY, 'clusters.0.outlier_detection.max_ejection_percent', 50],
    maxConnections: [ENVOY, 'clusters.0.circuit_breakers.thresholds.0.max_connections', 64],
    maxRequests: [ENVOY, 'clusters.0.circuit_breakers.thresholds.0.max_requests', 64],
    rateLimitTotal: [ENVOY, `${FILTERS}.0.typed_config.token_bucket.max_tokens`, 600],
    healthCheck: [ENVOY, 'clusters.0.health_checks.0.interval', '15s'],
  },
  nginx: {
    streaming: [NGINX, 'worker_shutdown_timeout', '965s'],
    retries: [NGINX, 'proxy_next_upstream_tries', '4'],
    roundRobin: [NGINX, 'upstream', 'zone rag 1m; server'],
    leastRequest: [NGINX, 'upstream', 'zone rag 1m; least_conn; server'],
    hashByHeader: [NGINX, 'upstream', 'hash $http_x_user consistent;'],
    hashByCookie: [NGINX, 'upstream', 'hash $cookie_user consistent;'],
    hashBySource: [NGINX, 'upstream', 'hash $client_hash consistent;'],
    consecutiveErrors: [NGINX, 'upstream', 'max_fails=5 fail_timeout=60s'],
    weights: [SPLIT_NGINX, 'split_clients', ''],
    splitByHeader: [SPLIT_NGINX, 'map', ''],
    splitByQuery: [SPLIT_NGINX, 'map', ''],
    splitByCookie: [SPLIT_NGINX, 'map', ''],
    mirror: [SPLIT_NGINX, 'mirror', ''],
    sticky: [SPLIT_NGINX, 'split_clients', ''],
  },
};

function find(objects: Objects, [object, path]: Field): unknown {
  const [place, file] = object.split(' ');
  if (object === NGINX) {
    const { data }: Body = objects.get('ConfigMap', 'rag-cache-nginx');
    return directive(data[file!], path);
  }
  const [kind, name] = file === undefined ? place!.split('/') : ['ConfigMap', `${place}-envoy`];
  const found: Body = objects.get(kind!, name!);
  const from: Body = file === undefined ? found : parse(found.data[file]).static_resources;
  // Names of annotations have dots of their own.
  const annotation = /^metadata\.annotations\.(.*)$/.exec(path)?.[1];
  if (annotation !== undefined) return found.metadata.annotations[annotation];
  return path.split('.').reduce((value: Body, key) => value?.[key], from);
}

/** The value of a directive, or what stands in its block. */
function directive(config: string, name: string): string | undefined {
  const [, value] = new RegExp(`^ *${name} ([^{;]*;|[^{]*{[^}]*})`, 'm').exec(config) ?? [];
  return value?.replace(/\s+/g, ' ');
}

const KINDS = Object.keys(PROXY_SUPPORT) as ProxyKind[];
const FEATURES = Object.keys(STATEMENTS) as ProxyFeature[];
const pairs = KINDS.flatMap((kind) => FEATURES.map((feature) => [kind, feature] as const));
const can = (kind: ProxyKind, feature: ProxyFeature) => PROXY_SUPPORT[kind].can.includes(feature);
const bySplitTier = (kind: ProxyKind, feature: ProxyFeature) => FIELDS[kind][feature]?.[0] === SPLIT_NGINX;

describe('what each door and proxy can do', () => {
  const here = pairs.filter(([kind, feature]) => can(kind, feature) && !bySplitTier(kind, feature));

  it.each(here)('%s has %s', (kind, feature) => {
    const field = FIELDS[kind][feature];
    expect(field, 'a field that says so').toBeDefined();
    const value = find(stating(kind, feature), field!);
    // Lists of attributes are one text.
    if (typeof value === 'string') expect(value).toContain(field![2]);
    else expect(value).toEqual(field![2]);
  });

  it.each(pairs.filter(([kind, feature]) => !can(kind, feature) && canBeSaid(kind, feature)))(
    '%s refuses %s',
    (kind, feature) => {
      expect(() => stating(kind, feature)).toThrow('[NotByEngine]');
    },
  );

  it('stands in the documentation', async () => {
    await expect(table()).toMatchFileSnapshot('../../docs/traffic-support.md');
  });
});

function table(): string {
  const sections = KINDS.map((kind) => {
    const rows = FEATURES.map((feature) => {
      const field = FIELDS[kind][feature];
      if (field !== undefined) {
        const [object, path] = field;
        const place = object.includes(' ') ? object.split(' ')[1]! : object.split('/')[0]!;
        return `| ${STATEMENTS[feature].title} | yes | \`${place}\` \`${path.replace(/^metadata\.annotations\./, '')}\` |`;
      }
      const answer = canBeSaid(kind, feature) ? '`NotByEngine`' : 'no such option';
      return `| ${STATEMENTS[feature].title} | no | ${answer} |`;
    });
    return `## ${PROXY_NAMES[kind]}\n\n| what is asked for | | field, or error |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `${HEAD}\n${overview()}\n${SPLITS}\n${sections.join('\n')}`;
}

const SHORT: { readonly [kind in ProxyKind]: string } = {
  'in-cluster': 'in cluster',
  'envoy-gateway': 'Envoy Gateway',
  'gateway-api': 'Gateway API',
  'network-load-balancer': 'NLB',
  'application-load-balancer': 'ALB',
  'ingress-nginx': 'ingress-nginx',
  'load-balancer': 'LoadBalancer',
  custom: 'custom',
  direct: 'direct',
  envoy: 'Envoy',
  nginx: 'nginx tier',
};

function overview(): string {
  const rows = FEATURES.map((feature) => [
    STATEMENTS[feature].title,
    ...KINDS.map((kind) => (can(kind, feature) ? 'yes' : '')),
  ]);
  const header = ['', ...KINDS.map((kind) => SHORT[kind])];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

const HEAD = `# What each door and proxy can do

Every line is tested (test/conformance/traffic-support.test.ts): what can be stated stands in the field that is named, and
the rest is an error whose message names those that can.
`;

const SPLITS = `## How requests are shared out

Of several matches that fit a request the one by header wins, then by cookie, then by query; of one kind the one that stands
first by its key. Any match wins over weights, and what nothing matches is shared out by weight. Versions that get copies get
them of all requests. So it is at every door that can; two versions with the same match are an error.

What a table of yes and no cannot say (each of these is an error that says so):

| door | limits |
| --- | --- |
| Envoy Gateway | weights and \`LoadBalancing.hashBy...()\` exclude each other: Envoy Gateway leaves weights out there. A rate limit and matches do, too: each rule counts for itself. Name and value of a cookie have 80 characters at most. A version whose pods are all unwell gets nothing, as others get its part |
| Gateway API | what implementations may lack is in \`requirements\`: parameters, copies, and a part of them |
| gRPC | matches by header alone; copies by Envoy Gateway alone |
| ALB | values are compared without regard to case; no \`*\`, \`?\` and \`\\\` in them; no weights of versions with \`LoadBalancing.hashByCookie()\`, as clients stay with the version that they met first |
| ingress-nginx | one version beside the main one; a cookie with the value \`always\` alone; no versions with a cookie that it sets itself |

Limits of connections and requests in flight are for all versions by weight together, and for each version with a match.
`;
