// What each language does in its own way, so that this part is written by hand: interfaces that users implement, enums
// that are compared.
import { type App, Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Exposure,
  type ExposureBinding,
  type ExposureTarget,
  type IExposure,
  type INodePool,
  InstanceSize,
  type IRunnerPool,
  LoadBalancerKind,
  NetworkPeer,
  type NodePoolBinding,
  Runner,
  type RunnerCaller,
  StageEnd,
  Taint,
  TaintEffect,
} from '../../../lib';
import type { Report } from './report';

class Tunnel implements IExposure {
  constructor(
    private readonly host: string,
    private readonly report: Report,
  ) {}

  public bind(_scope: Construct, target: ExposureTarget): ExposureBinding {
    this.report.text('name', target.name);
    this.report.text('namespace', target.namespace);
    this.report.text('service', target.serviceName);
    this.report.number('port', target.port);
    this.report.number('container port', target.containerPort);
    this.report.map('selector', target.podSelector);
    this.report.text('health', target.healthPath);
    this.report.duration('timeout', target.requestTimeout);
    this.report.duration('keep-alive', target.keepAlive);
    this.report.duration('removal', target.endpointRemoval);
    return {
      hosts: [this.host],
      peers: [NetworkPeer.pods({ namespace: 'tunnel', labels: { app: `tunnel-${target.name}` } })],
      requestTimeout: Duration.seconds(target.requestTimeout.toSeconds() + 5),
      connectionIdleTimeout: Duration.seconds(60),
    };
  }
}

class PoolElsewhere implements IRunnerPool {
  public readonly bentoService = 'Model';
  public readonly url = 'http://model.elsewhere.svc:3000';
  public readonly timeout = Duration.seconds(20);

  constructor(private readonly report: Report) {}

  public registerCaller(caller: RunnerCaller): void {
    this.report.text('caller', caller.name);
    this.report.text('namespace', caller.namespace);
    this.report.map('labels', caller.podLabels);
  }
}

class Rack implements INodePool {
  constructor(private readonly row: string) {}

  public bindPods(): NodePoolBinding {
    return { name: 'rack', nodeLabels: { rack: 'a', row: this.row } };
  }
}

export function byHand(app: App, report: Report): void {
  const chart = new Chart(app, 'custom', { namespace: 'custom' });
  ClusterProfile.set(chart, new ClusterProfile({ name: 'custom', loadBalancerCidrs: ['10.0.0.0/20'] }));
  const pool = new PoolElsewhere(report);
  const chat = new BentoDeployment(chart, 'Chat', {
    bento: Bento.fromImage('registry.example.com/chat:1.0.0', {
      services: [BentoService.named('Api', { dependsOn: ['Model'] }), BentoService.named('Model')],
    }),
    apiServer: { size: InstanceSize.named('cpu.1'), nodePool: new Rack('7') },
    runners: { Model: Runner.shared(pool) },
    exposure: Exposure.several({
      tunnel: Exposure.custom(new Tunnel('chat.example.com', report)),
      inside: Exposure.inCluster(),
    }),
  });
  report.text('url', chat.url);
  for (const stage of chat.releasePlan.stages) {
    report.flag('by time', stage.endsBy === StageEnd.TIME);
    report.flag('by pods', stage.endsBy === StageEnd.PODS);
    report.flag('by gates', stage.endsBy === StageEnd.GATES);
    report.flag('by a human', stage.endsBy === StageEnd.HUMAN);
    report.flag('by an edit', stage.endsBy === StageEnd.EDIT);
  }
  const web = new BentoDeployment(chart, 'Web', {
    bento: Bento.fromImage('registry.example.com/web:1.0.0', { bentoService: 'Web' }),
    apiServer: { size: InstanceSize.named('cpu.1') },
    exposure: Exposure.networkLoadBalancer({ targetGroupName: 'web' }),
  });
  report.flag('network', web.endpoint.loadBalancer === LoadBalancerKind.NETWORK);
  report.flag('application', web.endpoint.loadBalancer === LoadBalancerKind.APPLICATION);
  report.flag('taint', Taint.noSchedule('rack', 'a').effect === TaintEffect.NO_SCHEDULE);
}
