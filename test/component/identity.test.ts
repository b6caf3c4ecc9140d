import { App, Chart, Testing } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  type AdoptOptions,
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  Runner,
  RunnerPool,
  RunnerProxy,
} from '../../lib';
import { IMAGE, pair, SMALL, single } from '../bentos';
import { Objects, synthesize } from '../tree';

const deploy = (props: Partial<BentoDeploymentProps> = {}, id = 'Rag') =>
  synthesize((chart) => {
    new BentoDeployment(chart, id, { bento: pair(), ...props });
  });

describe('names', () => {
  it.each([
    ['Rag', 'rag'],
    ['TextSearch', 'text-search'],
    ['LLMGateway', 'llm-gateway'],
    ['rag_v2', 'rag-v2'],
  ])('come from the construct id: %s gives %s', (id, name) => {
    const objects = deploy({}, id);
    expect(objects.of('Deployment').map(({ metadata }) => metadata.name)).toEqual([name, `${name}-embedder`]);
    for (const kind of ['Service', 'PodDisruptionBudget', 'NetworkPolicy', 'HorizontalPodAutoscaler']) {
      expect(objects.find(kind, name)).toBeDefined();
      expect(objects.find(kind, `${name}-embedder`)).toBeDefined();
    }
  });

  it('can be stated', () => {
    const objects = deploy({ name: 'search' });
    expect(objects.of('Deployment').map(({ metadata }) => metadata.name)).toEqual(['search', 'search-embedder']);
    expect(objects.of('ServiceAccount').map(({ metadata }) => metadata.name)).toEqual(['search']);
  });

  it.each([
    ['through a proxy', '-embedder-headless', undefined],
    ['directly', '-embedder', RunnerProxy.direct()],
  ])('leave room for that of a pool that is called %s', (_, suffix, proxy) => {
    const runners = { Embedder: Runner.pool({ proxy }) };
    const length = 63 - suffix.length;
    expect(() => deploy({ name: 'a'.repeat(length), runners })).not.toThrow();
    expect(() => deploy({ name: 'a'.repeat(length + 1), runners })).toThrow("[InvalidName] 'name'");
  });

  it.each(['Rag', '1rag', 'rag-', 'rag.x', ''])('fails on the name %j', (name) => {
    expect(() => deploy({ name })).toThrow("[InvalidName] 'name' must be a DNS label");
  });

  it('fails on an id without letters, and names the place', () => {
    expect(() => deploy({}, '1')).toThrow(/\[InvalidName\] 'name' .*\(at test\/1\)$/);
  });
});

describe('labels', () => {
  it('say what it is, whose, in which part and version, and who made it', () => {
    const { metadata, spec } = deploy().get('Deployment', 'rag-embedder');
    const labels = {
      'app.kubernetes.io/name': 'rag',
      'app.kubernetes.io/version': 'v1',
      'app.kubernetes.io/instance': 'rag',
      'app.kubernetes.io/component': 'runner-embedder',
      'app.kubernetes.io/managed-by': 'cdk8s-bento',
      'cdk8s-bento/track': 'main',
    };
    expect(metadata.labels).toEqual(labels);
    expect(spec.template.metadata.labels).toEqual(labels);
  });

  it('leave out names and versions that are no labels', () => {
    const bento = Bento.fromImage(`registry.example.com/rag@sha256:${'0'.repeat(64)}`, {
      bentoService: 'Gateway',
      name: 'not a label',
    });
    const { labels } = deploy({ bento }).get('Deployment', 'rag').metadata;
    expect(labels).not.toHaveProperty('app.kubernetes.io/name');
    expect(labels).not.toHaveProperty('app.kubernetes.io/version');
  });

  it('keep a service called ApiServer apart from the API server', () => {
    const bento = Bento.fromImage(IMAGE, {
      services: [
        BentoService.named('Front', { dependsOn: ['ApiServer'], size: SMALL }),
        BentoService.named('ApiServer', { size: SMALL }),
      ],
    });
    const objects = deploy({ bento });
    expect(objects.get('Service', 'rag-api-server').spec.selector).not.toEqual(
      objects.get('Service', 'rag').spec.selector,
    );
  });
});

describe('selectors', () => {
  const selector = {
    'app.kubernetes.io/instance': 'rag',
    'app.kubernetes.io/component': 'api-server',
    'cdk8s-bento/track': 'main',
  };

  it('are one for workload, Service, budget, policy and spread, with the key of the version', () => {
    const objects = deploy();
    expect(objects.get('Deployment', 'rag').spec.selector).toEqual({ matchLabels: selector });
    expect(objects.get('Service', 'rag').spec.selector).toEqual(selector);
    expect(objects.get('PodDisruptionBudget', 'rag').spec.selector).toEqual({ matchLabels: selector });
    expect(objects.get('NetworkPolicy', 'rag').spec.podSelector).toEqual({ matchLabels: selector });
    for (const { labelSelector } of objects.pod('rag').topologySpreadConstraints) {
      expect(labelSelector).toEqual({ matchLabels: selector });
    }
  });

  it('do not change with the version of the Bento, for Kubernetes would refuse that', () => {
    const bento = Bento.fromImage('registry.example.com/rag:v2', { bentoService: 'Gateway' });
    expect(deploy({ bento }).get('Deployment', 'rag').spec.selector).toEqual({ matchLabels: selector });
  });
});

describe('adoption', () => {
  const adopt = (options: AdoptOptions) => deploy({ apiServer: { adopt: options }, labels: { app: 'user' } });

  it('takes budget and policy over under their names', () => {
    const objects = adopt({ disruptionBudgetName: 'old.budget', networkPolicyName: 'old.policy' });
    expect(objects.of('PodDisruptionBudget')[0]!.metadata.name).toBe('old.budget');
    expect(objects.of('NetworkPolicy')[0]!.metadata.name).toBe('old.policy');
  });

  // A port by name would be missing in pods that run already: they would drop out of the Service and the policy.
  it('reaches pods whose port has no name', () => {
    const objects = adopt({ selector: { app: 'old' } });
    expect(objects.of('Service')[0]!.spec.ports[0].targetPort).toBe(3000);
    expect(objects.of('NetworkPolicy')[0]!.spec.ingress[0].ports).toEqual([{ port: 3000, protocol: 'TCP' }]);
  });

  it('takes over names', () => {
    const objects = adopt({ workloadName: 'old.workload', serviceName: 'old-service', scalerName: 'old.scaler' });
    expect(objects.get('HorizontalPodAutoscaler', 'old.scaler').spec.scaleTargetRef).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'old.workload',
    });
    expect(objects.find('Service', 'old-service')).toBeDefined();
    expect(objects.find('Deployment', 'old.workload')).toBeDefined();
    expect(objects.find('PodDisruptionBudget', 'rag')).toBeDefined();
  });

  it('takes over the selector, which all of the component then share, and which wins over labels', () => {
    const objects = adopt({ selector: { app: 'old' } });
    const { selector, template } = objects.get('Deployment', 'rag').spec;
    expect(selector.matchLabels).toEqual({ app: 'old' });
    expect(template.metadata.labels).toMatchObject({ app: 'old', 'app.kubernetes.io/instance': 'rag' });
    expect(objects.get('Service', 'rag').spec.selector).toEqual({ app: 'old' });
    expect(objects.peers('rag-embedder')).toEqual([{ podSelector: { matchLabels: { app: 'old' } } }]);
  });

  it('shows in the attributes of the component', () => {
    const chart = new Chart(new App(), 'test', { namespace: 'ml' });
    const { apiServer } = new BentoDeployment(chart, 'Rag', {
      bento: single(),
      apiServer: { adopt: { workloadName: 'old', serviceName: 'old-service', selector: { app: 'old' } } },
    });
    expect(apiServer.url).toBe('http://old-service.ml:3000');
    expect(apiServer.podSelector).toEqual({ app: 'old' });
    expect(apiServer.scaleTarget).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', name: 'old' });
    expect(new Objects(Testing.synth(chart)).find('Deployment', 'old')).toBeDefined();
  });

  it.each([
    [{ workloadName: 'Old' }, "[InvalidName] 'apiServer.adopt.workloadName'"],
    [{ serviceName: 'old.service' }, "[InvalidName] 'apiServer.adopt.serviceName'"],
    [{ scalerName: '' }, "[InvalidName] 'apiServer.adopt.scalerName'"],
    [{ disruptionBudgetName: 'A' }, "[InvalidName] 'apiServer.adopt.disruptionBudgetName'"],
    [{ networkPolicyName: 'a/b' }, "[InvalidName] 'apiServer.adopt.networkPolicyName'"],
    [{ selector: {} }, "[EmptyList] 'apiServer.adopt.selector'"],
    [{ selector: { 'a b': 'c' } }, "[InvalidLabel] 'apiServer.adopt.selector'"],
  ])('fails on %j', (options, message) => {
    expect(() => adopt(options)).toThrow(message);
  });

  it('fails where it would match the pods of a neighbour', () => {
    const selector = { 'app.kubernetes.io/instance': 'rag' };
    expect(() => deploy({ apiServer: { adopt: { selector } } })).toThrow(
      '[SelectorOverlap] selectors must not match the pods of another component, but that of rag matches the pods of rag-embedder',
    );
  });

  it('fails under a property of the pool that is adopted', () => {
    expect(() =>
      synthesize((chart) => {
        new RunnerPool(chart, 'P', { bento: pair(), bentoService: 'Embedder', adopt: { workloadName: 'X' } });
      }),
    ).toThrow('adopt.workloadName');
  });
});
