import type { IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Authentication, Exposure, Gateway, Release, RequestMatch, Tls, Version } from '../../lib';
import { loopbackAddress } from '../bentoml/lab';
import { runnable } from '../bentoml/sandbox';
import { single } from '../bentos';
import type { Body, KubernetesObject } from '../cluster/client';
import { type Asked, routesTaken } from '../cluster/routevet';
import type { FakePod } from '../envoy/pods';
import { makeFunction } from '../functions';
import { egctlBinary } from '../tools/egctl';
import { installEnvoy } from '../tools/envoy';
import { requireTool } from '../tools/require-tool';
import { type Answer, type AskOptions, GatewayLab, openPods } from './lab';
import { clusterObjects, foreignGateway, surroundingsOf, type Translation, translate } from './translator';

const HOST = 'up.example.com';
const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 1 });
const exposure = Exposure.gateway({ hosts: [HOST], gateway });
const INTERCEPTOR = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'keda-add-ons-http-interceptor-proxy', namespace: 'keda' },
  spec: { ports: [{ name: 'http', port: 8080, protocol: 'TCP' }] },
};
const next = () => single({ version: 'v2' });

/** A function whose own version has 90 percent of the requests, or what is left of the weights. */
const shared = (percent: number, more: Partial<Parameters<typeof makeFunction>[1]> = {}) =>
  makeFunction('keda-http', {
    exposure,
    release: Release.split({
      versions: {
        v2: Version.weighted(percent, { bento: next(), serving: true }),
        v3: Version.matched(RequestMatch.header('x-model', 'next'), { bento: next(), serving: true }),
        v4: Version.weighted(5, { bento: next() }),
      },
    }),
    ...more,
  }).objects.all;

/** The same, after v2 has become its own version. */
const promoted = () =>
  makeFunction('keda-http', {
    exposure,
    bento: next(),
    versionKey: 'v2',
    release: Release.split({ versions: { main: Version.weighted(0, { bento: single(), serving: true }) } }),
  }).objects.all;

const routesOf = (objects: readonly KubernetesObject[]): Body[] =>
  objects.filter(({ kind }) => kind === 'InterceptorRoute');
const skipped = !(runnable('versions of functions') && requireTool('go', 'versions of functions'));

describe.skipIf(skipped)('versions of a function behind Envoy Gateway and the HTTP add-on', () => {
  const objects = skipped ? [] : shared(10);
  let interceptor: FakePod;
  let translation: Translation;
  let lab: GatewayLab;
  const seen: { host: string; headers: IncomingHttpHeaders }[] = [];

  beforeAll(async () => {
    [interceptor] = (await openPods(1, loopbackAddress, 8080)) as [FakePod];
    interceptor.behavior = (request, response) => {
      seen.push({ host: request.headers.host!, headers: request.headersDistinct as Body });
      request.resume();
      response.end('ok');
    };
    const all = [
      ...clusterObjects(['ml', 'gateways', 'keda']),
      foreignGateway('public', 'gateways'),
      INTERCEPTOR,
      ...objects,
    ];
    translation = await translate(await egctlBinary(), all);
    lab = await GatewayLab.start({
      egctl: await egctlBinary(),
      envoy: await installEnvoy(),
      gateway: 'gateways/public',
      objects: all,
      certificates: {},
      pods: { 'keda/keda-add-ons-http-interceptor-proxy': [interceptor] },
    });
  });

  afterAll(async () => {
    await lab?.stop();
    await interceptor?.crash();
  });

  beforeEach(() => {
    seen.length = 0;
  });

  const many = async (count: number, options: AskOptions = {}): Promise<Answer[]> => {
    const answers: Answer[] = [];
    while (answers.length < count) {
      const asked = Array.from({ length: Math.min(50, count - answers.length) }, () => lab.ask(HOST, options));
      answers.push(...(await Promise.all(asked)));
    }
    return answers;
  };

  /** How many requests the real routing table gives to each version, as they arrived. */
  const taken = async (): Promise<{ [route: string]: number }> => {
    const counts: { [route: string]: number } = {};
    for (const route of await routesTaken(routesOf(objects), seen as Asked[])) counts[route] = (counts[route] ?? 0) + 1;
    return counts;
  };

  it('is refused by nobody', () => {
    expect(translation.refusals).toEqual([]);
  });

  it('share requests by their weights, each under its own route', async () => {
    const answers = await many(3000);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const counts = await taken();
    console.log(`of 3000 requests: ${JSON.stringify(counts)}`);
    expect(Object.keys(counts).sort()).toEqual(['ml/upscaler', 'ml/upscaler-v2']);
    // Five standard deviations.
    expect(Math.abs(counts['ml/upscaler-v2']! - 300)).toBeLessThan(82);
    expect(seen.every(({ host }) => host === HOST)).toBe(true);
  });

  it('are not chosen by a client that sends the header itself', async () => {
    for (const value of ['v2', 'v3', 'v4', 'main', '']) {
      seen.length = 0;
      await many(200, { headers: { 'x-bento-version': value } });
      // One value, and none of the client's.
      expect(seen.every(({ headers }) => ['main', 'v2'].includes(String(headers['x-bento-version'])))).toBe(true);
      const { 'ml/upscaler': own = 0, 'ml/upscaler-v2': other = 0, ...rest } = await taken();
      expect([own + other, rest]).toEqual([200, {}]);
      expect(own).toBeGreaterThan(other);
    }
  });

  it('are chosen by a match', async () => {
    await many(50, { headers: { 'x-model': 'next', 'x-bento-version': 'main' } });
    expect(await taken()).toEqual({ 'ml/upscaler-v3': 50 });
  });
});

describe.skipIf(skipped)("the HTTP add-on's own routing table", () => {
  const asked = (host: string, ...versions: string[]): Asked => ({
    host,
    headers: versions.length === 0 ? {} : { 'X-Bento-Version': versions },
  });
  const ask = (routes: readonly Body[]) =>
    routesTaken(routes, [
      asked(HOST),
      asked(HOST, 'main'),
      asked(HOST, 'v2'),
      asked(HOST, 'other'),
      asked('upscaler.ml'),
      asked('upscaler.ml', 'v2'),
      asked('upscaler-v2.ml.svc'),
      asked('upscaler-v2.ml.svc', 'main'),
      asked('upscaler-main.ml.svc'),
    ]);

  it('gives callers inside the cluster the own version, whatever they send, and others by name', async () => {
    const [before, after] = [routesOf(shared(10)), routesOf(promoted())];
    const [main, v2] = ['ml/upscaler', 'ml/upscaler-v2'];
    expect(await ask(before)).toEqual([main, main, v2, main, main, main, v2, v2, '']);
    expect(await ask(after)).toEqual([v2, main, v2, v2, v2, v2, '', '', main]);
  });

  it('never sends what a door has said to another version while an edit that promotes is applied', async () => {
    const [before, after] = [routesOf(shared(10)), routesOf(promoted())];
    const at = (routes: readonly Body[], name: string) => routes.find(({ metadata }) => metadata.name === name)!;
    for (const [main, v2] of [
      [before, after],
      [after, before],
    ] as const) {
      const during = [at(main, 'upscaler'), at(v2, 'upscaler-v2')];
      const answers = await routesTaken(during, [asked(HOST, 'main'), asked(HOST, 'v2')]);
      expect(answers).toEqual(['ml/upscaler', 'ml/upscaler-v2']);
    }
  });

  it('knows what was there before a release, and after it', async () => {
    const alone = routesOf(makeFunction('keda-http', { exposure }).objects.all);
    expect(await routesTaken(alone, [asked(HOST), asked(HOST, 'main'), asked(HOST, 'v2')])).toEqual(
      Array(3).fill('ml/upscaler'),
    );
  });
});

describe.skipIf(skipped)('a Gateway that takes a token from requests', () => {
  it('sets the version beside that', async () => {
    const authentication = Authentication.jwt({ issuer: 'https://auth.test', jwksUrl: 'https://auth.test/keys' });
    const secure = Exposure.gateway({ hosts: [HOST], gateway, authentication, tls: Tls.listener('https') });
    const objects = shared(10, { exposure: secure });
    const { refusals } = await translate(await egctlBinary(), [...objects, ...surroundingsOf(objects)]);
    expect(refusals).toEqual([]);
  });
});
