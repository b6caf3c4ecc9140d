import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../tools/manifests';
import { requireTool } from '../tools/require-tool';
import type { Body } from './client';
import { Cluster } from './cluster';
import { engineFixture, type Fixture, fixture, toYaml } from './fixture';
import { type MetricsServer, serveQuietMetrics } from './metrics';
import { Trial } from './trial';
import { vet } from './vet';

interface Mistake {
  readonly name: string;
  readonly mutate: (objects: Fixture) => void;
  readonly finding: RegExp;
}

const pod = (objects: Fixture): Body => objects.Deployment.spec.template.spec;
const server = (objects: Fixture): Body => pod(objects).containers[0];
const scaler = (objects: Fixture): Body => objects.HorizontalPodAutoscaler.spec;
const copy = (objects: Fixture, kind: string, as: string, name: string): Body => {
  objects[as] = structuredClone(objects[kind]);
  objects[as].metadata.name = name;
  return objects[as];
};

describe.skipIf(!requireTool('go', 'self-test of the cluster judges'))('create path of the API server', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'bento-vet-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  const judged = async (manifests: Manifest[]) => {
    const file = join(dir, 'manifests.yaml');
    writeFileSync(file, toYaml(manifests.map(({ object }) => object)));
    return vet([file]);
  };

  test('accepts the fixture', async () => {
    expect(await judged(fixture('ml'))).toEqual({ accepted: 6, rejected: 0, foreign: 0, findings: [] });
  });

  test.each<Mistake>([
    {
      name: 'unknown field',
      mutate: (o) => {
        o.Deployment.spec.replica = 3;
      },
      finding: /unknown field "spec.replica"/,
    },
    {
      name: 'selector without its label',
      mutate: (o) => {
        o.Deployment.spec.selector.matchLabels = { app: 'other' };
      },
      finding: /`selector` does not match template `labels`/,
    },
    {
      name: 'minimum above maximum',
      mutate: (o) => {
        scaler(o).minReplicas = 9;
      },
      finding: /maxReplicas: Invalid value/,
    },
    {
      name: 'GPU request without its limit',
      mutate: (o) => {
        server(o).resources.limits['nvidia.com/gpu'] = '2';
      },
      finding: /must be equal to nvidia.com\/gpu limit/,
    },
    {
      name: 'mount without volume',
      mutate: (o) => {
        pod(o).volumes = [];
      },
      finding: /volumeMounts\[0\].name: Not found: "tmp"/,
    },
    {
      name: 'privilege escalation',
      mutate: (o) => {
        server(o).securityContext.allowPrivilegeEscalation = true;
      },
      finding: /pod security "restricted": allowPrivilegeEscalation/,
    },
    {
      name: 'version no longer served',
      mutate: (o) => {
        o.PodDisruptionBudget.apiVersion = 'policy/v1beta1';
      },
      finding: /not served since 1.25/,
    },
  ])('fails on $name', async ({ mutate, finding }) => {
    const { rejected, findings } = await judged(fixture('ml', mutate));
    expect(rejected).toBe(1);
    expect(findings.join('\n')).toMatch(finding);
  });

  test('passes a warning on', async () => {
    const deprecated = fixture('ml', (o) => {
      pod(o).nodeSelector = { 'beta.kubernetes.io/os': 'linux' };
    });
    const { rejected, findings } = await judged(deprecated);
    expect(rejected).toBe(0);
    expect(findings.join('\n')).toMatch(/warning: .*beta.kubernetes.io\/os\]: deprecated/);
  });
});

describe.skipIf(!requireTool('go', 'self-test of the cluster judges'))('control plane', () => {
  let cluster: Cluster;
  let metrics: MetricsServer | undefined;
  beforeAll(async () => {
    // Enough for the pods of all the trials together.
    cluster = await Cluster.up({ nodes: 3, resources: { 'nvidia.com/gpu': '100' } });
    metrics = await serveQuietMetrics(cluster.client);
  });
  afterAll(async () => {
    await metrics?.close();
    await cluster?.down();
  });

  let count = 0;
  const trial = (mutate?: (objects: Fixture) => void, patienceMs?: number) => {
    count += 1;
    return new Trial(cluster.client, fixture(`trial-${count}`, mutate), patienceMs);
  };
  const engines = (mutate?: (objects: Fixture) => void, patienceMs?: number) => {
    count += 1;
    return new Trial(cluster.client, engineFixture(`trial-${count}`, mutate), patienceMs);
  };
  const eventually = (findings: () => Promise<string[]>) =>
    expect.poll(async () => (await findings()).join('\n'), { timeout: 60_000, interval: 200 });

  test('accepts the fixture', async () => {
    const good = trial();
    expect(await good.create()).toEqual([]);
    expect(await good.available()).toEqual([]);
    expect(await good.scaling()).toEqual([]);
    expect(await good.ownership()).toEqual([]);
    expect(await good.endpoints()).toEqual([]);
    expect(await good.again()).toEqual([]);
  });

  test('accepts a target at zero', async () => {
    const idle = trial((o) => {
      o.Deployment.spec.replicas = 0;
    });
    expect(await idle.create()).toEqual([]);
    expect(await idle.available()).toEqual([]);
    expect(await idle.scaling()).toEqual([]);
    expect(await idle.ownership()).toEqual([]);
  });

  test("accepts custom objects, and a Deployment whose replicas are a ScaledObject's business", async () => {
    const good = engines();
    expect(await good.create()).toEqual([]);
    expect(await good.available()).toEqual([]);
    expect(await good.scaling()).toEqual([]);
    expect(await good.ownership()).toEqual([]);
    expect(await good.endpoints()).toEqual([]);
    expect(await good.again()).toEqual([]);
  });

  test.each<Mistake>([
    {
      name: 'unknown field of a custom object',
      mutate: (o) => {
        o.ScaledObject.spec.coolDownPeriod = 60;
      },
      finding: /ScaledObject\/summarizer: .*unknown field "spec.coolDownPeriod"/,
    },
    {
      name: 'value that a custom schema does not list',
      mutate: (o) => {
        o.ScaledObject.spec.fallback.behavior = 'current';
      },
      finding: /spec.fallback.behavior: Unsupported value: "current"/,
    },
    {
      name: 'CEL rule of a custom schema',
      mutate: (o) => {
        o.InterceptorRoute.spec.target.portName = 'http';
      },
      finding: /exactly one of 'port' or 'portName' must be set/,
    },
    {
      name: 'CEL rule of the HTTP add-on 0.16',
      mutate: (o) => {
        o.InterceptorRoute.spec.coldStart.overflow = 'Placeholder';
      },
      finding: /overflow Placeholder needs a placeholder/,
    },
  ])('fails creation on $name', async ({ mutate, finding }) => {
    expect((await engines(mutate).create()).join('\n')).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'a ScaledObject of nothing',
      mutate: (o) => {
        o.ScaledObject.spec.scaleTargetRef.name = 'sumarizer';
      },
      finding: /ScaledObject\/summarizer scales Deployment\/sumarizer, which is not there/,
    },
    {
      name: 'a ScaledObject beside an autoscaler',
      mutate: (o) => {
        o.HorizontalPodAutoscaler = {
          ...structuredClone(o.ScaledObject),
          apiVersion: 'autoscaling/v2',
          kind: 'HorizontalPodAutoscaler',
          spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'summarizer' }, maxReplicas: 3 },
        };
      },
      finding:
        /Deployment\/summarizer has the scalers HorizontalPodAutoscaler\/summarizer and ScaledObject\/summarizer/,
    },
    {
      name: 'a monitor of nobody',
      mutate: (o) => {
        o.PodMonitor.metadata.labels = { 'app.kubernetes.io/managed-by': 'cdk8s-bento' };
        o.PodMonitor.spec.selector.matchLabels.app = 'sumarizer';
      },
      finding: /PodMonitor\/summarizer selects no pod/,
    },
    {
      name: 'a Deployment that selects the pods of a Knative Service',
      mutate: (o) => {
        o.Knative.spec.template.metadata.labels.app = 'summarizer';
      },
      finding: /a pod of Knative\/summarizer-knative is selected by Deployment\/summarizer/,
    },
  ])('fails ownership of custom objects on $name', async ({ mutate, finding }) => {
    const bad = engines(mutate, 0);
    expect(await bad.create()).toEqual([]);
    await eventually(() => bad.ownership()).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'unknown field',
      mutate: (o) => {
        server(o).imagePullPolice = 'Always';
      },
      finding: /strict decoding error: unknown field/,
    },
    {
      name: 'warning of Pod Security',
      mutate: (o) => {
        server(o).securityContext.allowPrivilegeEscalation = true;
      },
      finding: /warning: would violate PodSecurity "restricted:latest"/,
    },
  ])('fails creation on $name', async ({ mutate, finding }) => {
    expect((await trial(mutate).create()).join('\n')).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'pods that fit no node',
      mutate: (o) => {
        for (const bound of ['requests', 'limits']) server(o).resources[bound]['nvidia.com/gpu'] = '101';
      },
      finding: /Deployment\/summarizer is not available: .*Insufficient nvidia.com\/gpu/,
    },
    {
      name: 'pods that admission refuses',
      mutate: (o) => {
        server(o).securityContext.allowPrivilegeEscalation = true;
      },
      finding: /Deployment\/summarizer is not available: .*violates PodSecurity/,
    },
  ])('fails availability on $name', async ({ mutate, finding }) => {
    const bad = trial(mutate, 0);
    await bad.create();
    await eventually(() => bad.available()).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'utilization of no request',
      mutate: (o) => {
        delete server(o).resources.requests.cpu;
        delete server(o).resources.limits.cpu;
        scaler(o).metrics.splice(1);
      },
      finding: /ScalingActive is False FailedGetContainerResourceMetric: .*missing request for cpu/,
    },
    {
      name: 'container that is not there',
      mutate: (o) => {
        scaler(o).metrics.splice(1);
        scaler(o).metrics[0].containerResource.container = 'sidecar';
      },
      finding: /ScalingActive is False FailedGetContainerResourceMetric: .*did not receive metrics for targeted pods/,
    },
    {
      name: 'two scalers of the same pods',
      mutate: (o) => {
        copy(o, 'HorizontalPodAutoscaler', 'Second', 'second');
      },
      finding: /ScalingActive is False AmbiguousSelector/,
    },
  ])('fails scaling on $name', async ({ mutate, finding }) => {
    const bad = trial(mutate, 0);
    expect(await bad.create()).toEqual([]);
    await eventually(() => bad.available()).toBe('');
    await eventually(() => bad.scaling()).toMatch(finding);
  });

  test.each<Mistake>([
    {
      name: 'a Deployment that selects the pods of another',
      mutate: (o) => {
        copy(o, 'Deployment', 'Second', 'second').spec.template.metadata.labels = { app: 'summarizer', track: 'b' };
      },
      finding: /a pod of Deployment\/second is selected by Deployment\/summarizer and Deployment\/second/,
    },
    {
      name: 'a second budget',
      mutate: (o) => {
        copy(o, 'PodDisruptionBudget', 'Second', 'second');
      },
      finding: /has the budgets PodDisruptionBudget\/summarizer and PodDisruptionBudget\/second/,
    },
    {
      name: 'a Service of two workloads',
      mutate: (o) => {
        const second = copy(o, 'Deployment', 'Second', 'second').spec;
        second.selector.matchLabels = { track: 'b' };
        second.template.metadata.labels = { app: 'summarizer', track: 'b' };
        o.Deployment.spec.selector.matchLabels = { track: 'a' };
        o.Deployment.spec.template.metadata.labels = { app: 'summarizer', track: 'a' };
      },
      finding: /Service\/summarizer selects pods of Deployment\/second and Deployment\/summarizer/,
    },
    {
      name: 'a policy for nobody',
      mutate: (o) => {
        o.NetworkPolicy.spec.podSelector.matchLabels.app = 'sumarizer';
      },
      finding: /NetworkPolicy\/summarizer selects no pod/,
    },
    {
      name: 'a scaler of nothing',
      mutate: (o) => {
        scaler(o).scaleTargetRef.name = 'sumarizer';
      },
      finding: /scales Deployment\/sumarizer, which is not there/,
    },
  ])('fails ownership on $name', async ({ mutate, finding }) => {
    const bad = trial(mutate, 0);
    expect(await bad.create()).toEqual([]);
    await eventually(() => bad.ownership()).toMatch(finding);
  });

  test('fails endpoints on a port that no container has', async () => {
    const bad = trial((o) => {
      o.Service.spec.ports[0].targetPort = 'metrics';
    }, 0);
    expect(await bad.create()).toEqual([]);
    await eventually(() => bad.available()).toBe('');
    await eventually(() => bad.endpoints()).toMatch(/Service\/summarizer: port http leads to 0 of \d pods/);
  });

  test('fails the second time on a quantity that is not as Kubernetes writes it', async () => {
    const bad = trial((o) => {
      server(o).resources.requests.memory = '1024Mi';
    });
    expect(await bad.create()).toEqual([]);
    expect((await bad.again()).join('\n')).toMatch(/memory was "1024Mi", is kept as "1Gi"/);
  });
});
