import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Gate,
  type MeasuredGateOptions,
  PrometheusAuthentication,
  SecretRef,
  TriggerAuthenticationRef,
} from '../../lib';
import type { Warning } from '../../lib/component/warning';
import { measuredGate, resolved } from '../gates';

const seconds = (count: number) => Duration.seconds(count);
const relative = (options?: MeasuredGateOptions) => Gate.latencyRelativeToStable(options);
const mine = Gate.prometheusQuery({ name: 'mine', query: 'up', max: 1 });
const webhook = Gate.webhook({ name: 'approval', url: 'http://a/', jsonPath: '{$.b}', successValue: 'ok' });
const job = Gate.job({ name: 'smoke', image: 'smoke:1' });
const template = Gate.template('theirs', { args: { service: 'rag' } });

describe('the window', () => {
  const scraped = (every: number, window?: number) =>
    measuredGate(relative({ window: window === undefined ? undefined : seconds(window) }), {
      prometheus: { scrapeInterval: seconds(every) },
    }).windowSeconds;

  it('is four times the scrape interval, at least two minutes', () => {
    expect([scraped(5), scraped(30), scraped(31), scraped(60)]).toEqual([120, 120, 124, 240]);
  });

  it('may be as short as two scrapes', () => {
    expect(scraped(30, 60)).toBe(60);
  });

  it('fails where a rate would have one sample', () => {
    expect(() => scraped(30, 59)).toThrow(
      "[OutOfRange] 'release.gates (latency-relative-to-stable).window' must be at least 60 s, twice the scrape interval, got 59",
    );
  });
});

describe('Prometheus', () => {
  const LACKS = "must have 'prometheus.address' in the ClusterProfile, got none; state it, or use Gate.webhook()";

  it.each([
    ['latency-relative-to-stable', relative()],
    ['mine', mine],
  ])('is needed by %s', (name, gate) => {
    for (const prometheus of ['none', { address: undefined }] as const) {
      expect(() => resolved([gate], { prometheus })).toThrow(`[ClusterLacks] 'release.gates (${name})' ${LACKS}`);
    }
  });

  it('is needed by none of the others', () => {
    expect(resolved([webhook, job, template], { prometheus: 'none' })).toHaveLength(3);
  });

  const secret = SecretRef.named('a');
  it.each<[PrometheusAuthentication, string]>([
    [PrometheusAuthentication.basic({ secret }), 'by user name and password, of which no header can be made'],
    [
      PrometheusAuthentication.triggerAuthentication(TriggerAuthenticationRef.named('a')),
      'by a TriggerAuthentication, which is of KEDA alone',
    ],
    [
      PrometheusAuthentication.aws({ region: 'us-east-1' }),
      "by a role of AWS at http://prometheus.monitoring:9090, which is none of Amazon's",
    ],
  ])('fails on what Argo Rollouts cannot: %#', (authentication, how) => {
    for (const gate of [relative(), mine]) {
      expect(() => resolved([gate], { prometheus: { authentication } })).toThrow(
        `must not sign in at Prometheus ${how}: Argo Rollouts cannot; `,
      );
    }
    expect(resolved([webhook], { prometheus: { authentication } })).toHaveLength(1);
  });

  it.each([PrometheusAuthentication.bearerToken({ secret }), PrometheusAuthentication.header({ secret })])(
    'takes what it can: %#',
    (authentication) => {
      expect(resolved([relative()], { prometheus: { authentication } })).toHaveLength(1);
    },
  );

  it('takes a workspace of AWS', () => {
    const address = 'https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1';
    const authentication = PrometheusAuthentication.aws({ region: 'eu-west-1' });
    expect(resolved([relative()], { prometheus: { address, authentication } })).toHaveLength(1);
  });
});

describe('the service', () => {
  it('must count its requests', () => {
    expect(() => resolved([relative()], { service: { metricsEnabled: false } })).toThrow(
      '[NoMetrics] \'release.gates (latency-relative-to-stable)\' must not look at requests of "Gateway"',
    );
    expect(resolved([mine], { service: { metricsEnabled: false } })).toHaveLength(1);
  });

  it('must have a namespace', () => {
    expect(() => resolved([relative()], { namespace: 'none' })).toThrow(
      "[NamespaceNeeded] 'release.gates (latency-relative-to-stable)' must know its namespace",
    );
  });

  it('ends its buckets somewhere', () => {
    const latency = (max: number, percentile?: number) => Gate.latency({ max: seconds(max), percentile });
    expect(measuredGate(latency(179, 99)).lastBucketSeconds).toBe(180);
    expect(measuredGate(latency(200)).measure).toMatchObject({ maxSeconds: 200 });
    expect(() => resolved([latency(180, 99)])).toThrow(
      "[OutOfRange] 'release.gates (latency-p99).max' must be below 180 s, where the buckets of Gateway end, got 180",
    );
    expect(() => resolved([latency(30, 99)], { service: { lastBucketSeconds: 30 } })).toThrow('below 30 s');
  });

  it('must take so many requests at a time, and no more, to be full', () => {
    const gate = Gate.saturation({ maxRatio: 0.8 });
    expect(measuredGate(gate, { maxConcurrency: 8 }).measure).toEqual({
      kind: 'saturation',
      maxRatio: 0.8,
      maxConcurrency: 8,
    });
    expect(() => resolved([gate], { maxConcurrency: undefined })).toThrow(
      "[MissingOption] 'traffic.maxConcurrency' must be given for 'release.gates (saturation)'",
    );
  });
});

describe('gates together', () => {
  it('differ by their names', () => {
    const { latency, errorRate } = Gate;
    expect(
      resolved([
        latency({ max: seconds(1) }),
        latency({ max: seconds(2), percentile: 50 }),
        latency({ max: seconds(3), percentile: 99 }),
        relative(),
        errorRate({ maxRate: 0.1 }),
      ]),
    ).toHaveLength(5);
    expect(() => resolved([relative(), relative({ minRequests: 9 })])).toThrow(
      '[DuplicateKey] \'release.gates\' must state "latency-relative-to-stable" once, got it twice',
    );
    expect(() => resolved([mine, Gate.job({ name: 'mine', image: 'a' })])).toThrow('[DuplicateKey]');
    expect(() => resolved([template, Gate.template('theirs')])).toThrow('[DuplicateKey]');
  });

  it('give arguments of templates one value', () => {
    const other = (service: string) => Gate.template('others', { args: { service } });
    expect(resolved([template, other('rag')])).toHaveLength(2);
    expect(() => resolved([template, other('rag-eu')])).toThrow(
      '[DuplicateKey] \'release.gates.args\' must state "service" once, got it twice; Argo Rollouts gives one value',
    );
  });

  it('fail where they are none', () => {
    expect(() => resolved([{} as Gate])).toThrow("[OutOfRange] 'release.gates' must be made by Gate");
  });
});

describe('beside the steps', () => {
  it('fails on a Job, which ends', () => {
    expect(() => resolved([job], { background: true })).toThrow(
      "[NotByEngine] 'release.gates (smoke)' must not be stated for gates beside the steps",
    );
  });

  it('takes all others', () => {
    expect(resolved([relative(), mine, webhook, template], { background: true })).toHaveLength(4);
  });
});

describe('warnings', () => {
  const warnings = (...gates: Gate[]) => {
    const found: Warning[] = [];
    resolved(gates, {}, found);
    return found.map(({ id }) => id);
  };

  it('are of webhooks alone', () => {
    expect(warnings(relative(), mine, job, template)).toEqual([]);
    expect(warnings(webhook)).toEqual(['WebhookPassesWithoutJson']);
  });
});
