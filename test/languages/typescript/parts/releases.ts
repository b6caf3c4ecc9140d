import { type App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  CanaryStep,
  ClusterProfile,
  Color,
  EnvVar,
  ErrorKind,
  Exposure,
  Gate,
  Gateway,
  InstanceSize,
  NoData,
  Promotion,
  Release,
  ReplicaShare,
  RequestMatch,
  RollingPreset,
  Runner,
  Scaling,
  ScalingMetric,
  SecretRef,
  ServiceAccountRef,
  SplitRouter,
  StickyKey,
  Tls,
  Version,
  Warnings,
  WebhookHeader,
  WebhookMethod,
} from '../../../../lib';
import type { Report } from '../report';

export function releases(app: App, report: Report): void {
  const chart = new Chart(app, 'releases', { namespace: 'releases' });
  ClusterProfile.set(
    chart,
    new ClusterProfile({
      name: 'releases',
      kubernetesVersion: '1.36',
      argoRollouts: { gatewayApiPlugin: {} },
      gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
      keda: { version: '2.20' },
      prometheus: {
        address: 'http://prometheus-operated.monitoring:9090',
        operatorLabels: { release: 'kube-prometheus-stack' },
      },
    }),
  );
  const size = InstanceSize.named('cpu.2');

  // A canary, and every gate.
  const rag = new BentoDeployment(chart, 'Rag', {
    bento: Bento.fromImage('registry.example.com/rag:3-2-0', { bentoService: 'Rag' }),
    apiServer: {
      size,
      scaling: Scaling.auto({ minReplicas: 3, maxReplicas: 20, metrics: [ScalingMetric.requestRate(50)] }),
      traffic: { timeout: Duration.seconds(30), maxConcurrency: 64 },
    },
    exposure: Exposure.gateway({ hosts: ['rag.example.com'], tls: Tls.secret(SecretRef.named('rag-tls')) }),
    release: Release.canary({
      previous: Version.of({
        bento: Bento.fromImage('registry.example.com/rag:3-1-4', { bentoService: 'Rag' }),
        versionKey: 'v3-1-4',
      }),
      minReady: Duration.seconds(10),
      progressDeadline: Duration.minutes(40),
      revisionHistory: 5,
      scaleDownDelay: Duration.minutes(2),
      abortScaleDownDelay: Duration.minutes(3),
      steps: [
        CanaryStep.headerRoute('x-version', 'next', { untilPromoted: true, replicas: 2 }),
        CanaryStep.weight(10, { pause: Duration.minutes(5) }),
        CanaryStep.pause(Duration.minutes(1)),
        CanaryStep.weight(50, { pause: Duration.minutes(10) }),
        CanaryStep.untilPromoted(),
      ],
      gates: [
        Gate.latencyRelativeToStable({
          maxRatio: 1.1,
          percentile: 95,
          window: Duration.minutes(2),
          minRequests: 20,
          interval: Duration.seconds(30),
          failureLimit: 2,
          patience: 4,
          noData: NoData.PAUSE,
        }),
        Gate.errorRateRelativeToStable({ maxRatio: 1.5, minErrorRate: 0.001, errorKind: ErrorKind.ERRORS }),
        Gate.prometheusQuery({
          name: 'answers',
          query: 'avg(rag_answer_quality)',
          min: 0.8,
          max: 1,
          initialDelay: Duration.minutes(1),
        }),
        Gate.webhook({
          name: 'judge',
          url: 'https://judge.example.com/rag',
          jsonPath: '{$.verdict}',
          successValue: 'good',
          failureValue: 'bad',
          method: WebhookMethod.POST,
          body: '{"version":"next"}',
          timeout: Duration.seconds(10),
          headers: [
            WebhookHeader.value('x-team', 'search'),
            WebhookHeader.fromSecret('authorization', { secret: SecretRef.named('judge'), key: 'token' }),
          ],
        }),
        Gate.template('house-rules', { clusterScope: true, args: { severity: 'page', app: 'rag' } }),
      ],
      backgroundGates: [Gate.saturation({ maxRatio: 0.9, noData: NoData.ABORT })],
    }),
    releaseCapacity: { maxPods: 60 },
  });
  report.text('plan', rag.releasePlan.toMarkdown());
  report.text('gantt', rag.releasePlan.toMermaid());
  for (const stage of rag.releasePlan.stages) {
    report.text('stage', stage.name);
    report.text('component', stage.component);
    report.text('action', stage.action);
    report.text('end', stage.end);
    report.duration('duration', stage.duration);
    report.text('on failure', stage.onFailure);
    report.texts('gates', stage.gates);
    report.flag('current', stage.current);
    for (const share of stage.versions) {
      report.text('version', share.version);
      report.text('besides', share.besides);
      report.number('percent', share.percent);
      report.number('at least', share.fewestReplicas);
      report.number('at most', share.mostReplicas);
    }
  }
  report.text('peak', rag.releasePeak.toString());
  report.number('pods', rag.releasePeak.pods);
  report.numbers('GPUs', rag.releasePeak.gpus);
  report.texts('unknown', rag.releasePeak.unknown);
  for (const difference of rag.argoCdIgnoreDifferences) {
    report.text('difference', difference.toString());
    report.text('group', difference.group);
    report.text('kind', difference.kind);
    report.text('name', difference.name);
    report.text('namespace', difference.namespace);
    report.texts('pointers', difference.jsonPointers);
    report.texts('paths', difference.jqPathExpressions);
  }
  report.text('preview', rag.apiServer.scaleTarget.kind);

  // With pools of GPUs that must suffice for both versions.
  const vision = new BentoDeployment(chart, 'Vision', {
    bento: Bento.fromImage('registry.example.com/vision:2-1-0', {
      services: [
        BentoService.named('Api', { dependsOn: ['Detector', 'Reader'], size }),
        BentoService.named('Detector', { size: InstanceSize.named('gpu.l4.1') }),
        BentoService.named('Reader', { size: InstanceSize.named('gpu.t4.1') }),
      ],
    }),
    apiServer: { scaling: Scaling.replicas(3) },
    runners: {
      Detector: Runner.pool({
        scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 4, metrics: [ScalingMetric.concurrency(8)] }),
      }),
      Reader: Runner.pool({
        scaling: Scaling.auto({ minReplicas: 2, maxReplicas: 3, metrics: [ScalingMetric.concurrency(4)] }),
      }),
    },
    exposure: Exposure.gateway({ hosts: ['vision.example.com'] }),
    release: Release.blueGreen({
      runnerReplicas: { Reader: 2, Detector: 3 },
      previous: Version.of({
        bento: Bento.fromImage('registry.example.com/vision:2-0-0', {
          services: [
            BentoService.named('Api', { dependsOn: ['Detector', 'Reader'], size }),
            BentoService.named('Detector', { size: InstanceSize.named('gpu.l4.1') }),
            BentoService.named('Reader', { size: InstanceSize.named('gpu.t4.1') }),
          ],
        }),
      }),
    }),
    releaseCapacity: { maxGpus: { t4: 20, l4: 10 } },
  });
  for (const peak of vision.releasePeak.components) {
    report.text('peak', peak.toString());
    report.text('peak of', peak.name);
    report.text('for', peak.reason);
    report.text('GPU', peak.gpuName);
    report.number('GPUs', peak.gpus);
    report.number('GPUs per pod', peak.gpusPerPod);
    report.number('pods', peak.pods);
    report.number('replicas', peak.replicas);
  }
  report.numbers('GPUs of vision', vision.releasePeak.gpus);
  for (const version of vision.versions) {
    for (const pool of version.runnerPools) report.text('pool', pool.name);
    report.text('detector', version.runnerPool('Detector').name);
  }

  // By replicas, where nothing shares requests out.
  new BentoDeployment(chart, 'Counted', {
    bento: Bento.fromImage('registry.example.com/counted:2.0.0', { bentoService: 'Counted' }),
    apiServer: { size, scaling: Scaling.replicas(10) },
    release: Release.canary({
      weightsByReplicas: true,
      steps: [CanaryStep.weight(20, { pause: Duration.minutes(5) })],
    }),
  });

  // Blue and green by Argo Rollouts.
  const search = new BentoDeployment(chart, 'Search', {
    bento: Bento.fromImage('registry.example.com/search:2.0.0', { bentoService: 'Search' }),
    apiServer: { size, scaling: Scaling.replicas(3) },
    exposure: Exposure.gateway({ hosts: ['search.example.com'] }),
    release: Release.blueGreen({
      beforePromotion: [
        Gate.job({
          name: 'smoke-test',
          image: 'registry.example.com/search-smoke-test:1.3.0',
          command: ['/smoke'],
          args: ['--url', 'http://search-preview.releases:3000'],
          env: [EnvVar.value('LEVEL', '3')],
          imagePullSecrets: [SecretRef.named('registry')],
          serviceAccount: ServiceAccountRef.named('smoke'),
          automountServiceAccountToken: false,
          readOnlyRootFilesystem: true,
          runAsUser: 1000,
          retries: 1,
          timeout: Duration.minutes(4),
          size: InstanceSize.named('cpu.1'),
        }),
      ],
      promotion: Promotion.automaticAfter(Duration.minutes(5)),
      afterPromotion: [
        Gate.errorRate({ maxRate: 0.01, errorKind: ErrorKind.TIMEOUTS }),
        Gate.errorRate({ maxRate: 0.02, errorKind: ErrorKind.REJECTIONS }),
        Gate.latency({ max: Duration.seconds(2), percentile: 95 }),
      ],
      scaleDownDelay: Duration.minutes(15),
      besideDeployment: false,
    }),
  });
  report.text('preview service', search.apiServer.previewService!.name);
  new BentoDeployment(chart, 'Ranked', {
    bento: Bento.fromImage('registry.example.com/ranked:2.0.0', { bentoService: 'Ranked' }),
    apiServer: { size, scaling: Scaling.replicas(3) },
    release: Release.blueGreen({ promotion: Promotion.manual() }),
  });
  new BentoDeployment(chart, 'Sorted', {
    bento: Bento.fromImage('registry.example.com/sorted:2.0.0', { bentoService: 'Sorted' }),
    apiServer: { size, scaling: Scaling.replicas(3) },
    release: Release.blueGreen({
      promotion: Promotion.automatic(),
      beforePromotion: [
        Gate.webhook({ name: 'get', url: 'https://judge.example.com/a', jsonPath: '{$.score}', min: 0.5, max: 1 }),
        Gate.webhook({
          name: 'put',
          url: 'https://judge.example.com/b',
          jsonPath: '{$.ok}',
          successValue: 'yes',
          method: WebhookMethod.PUT,
        }),
        Gate.webhook({
          name: 'stated',
          url: 'https://judge.example.com/c',
          jsonPath: '{$.ok}',
          successValue: 'yes',
          method: WebhookMethod.GET,
        }),
      ],
    }),
  });

  // By edits, with plain Kubernetes.
  const blue = new BentoDeployment(chart, 'Blue', {
    bento: Bento.fromImage('registry.example.com/blue:8.1.0', { bentoService: 'Blue' }),
    apiServer: { size, scaling: Scaling.replicas(3) },
    exposure: Exposure.gateway({ hosts: ['blue.example.com'] }),
    release: Release.manualBlueGreen({
      color: Color.GREEN,
      previous: Version.of({
        bento: Bento.fromImage('registry.example.com/blue:8.0.5', { bentoService: 'Blue' }),
      }),
      fullSize: true,
      promoted: false,
    }),
  });
  for (const version of blue.versions) {
    report.text('colour', version.key);
    report.text('api server', version.apiServer!.name);
  }
  new BentoDeployment(chart, 'First', {
    bento: Bento.fromImage('registry.example.com/first:8.1.0', { bentoService: 'First' }),
    apiServer: { size, scaling: Scaling.replicas(3) },
    release: Release.manualBlueGreen({ color: Color.BLUE, previous: Version.absent() }),
  });

  // In place.
  new BentoDeployment(chart, 'Thirds', {
    bento: Bento.fromImage('registry.example.com/thirds:1.9.2', { bentoService: 'Thirds' }),
    apiServer: { size, scaling: Scaling.replicas(6) },
    release: Release.rolling({ preset: RollingPreset.THIRDS, minReady: Duration.seconds(30) }),
  });
  new BentoDeployment(chart, 'Stated', {
    bento: Bento.fromImage('registry.example.com/stated:1-9-2', { bentoService: 'Stated' }),
    apiServer: { size, scaling: Scaling.replicas(6) },
    release: Release.rolling({
      maxSurge: ReplicaShare.replicas(1),
      maxUnavailable: ReplicaShare.percent(25),
      progressDeadline: Duration.minutes(40),
      revisionHistory: 3,
      previous: Version.absent(),
    }),
  });
  new BentoDeployment(chart, 'Slow', {
    bento: Bento.fromImage('registry.example.com/slow:1.9.2', { bentoService: 'Slow' }),
    apiServer: { size, scaling: Scaling.replicas(6), rolling: { preset: RollingPreset.RAMPED_SLOW_ROLLOUT } },
  });
  new BentoDeployment(chart, 'Effort', {
    bento: Bento.fromImage('registry.example.com/effort:1.9.2', { bentoService: 'Effort' }),
    apiServer: {
      size,
      scaling: Scaling.replicas(6),
      rolling: { preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT },
    },
  });
  new BentoDeployment(chart, 'Usual', {
    bento: Bento.fromImage('registry.example.com/usual:1.9.2', { bentoService: 'Usual' }),
    apiServer: { size, scaling: Scaling.replicas(6), rolling: { preset: RollingPreset.ROLLING_UPDATE } },
  });
  const anew = new BentoDeployment(chart, 'Anew', {
    bento: Bento.fromImage('registry.example.com/anew:1.9.2', { bentoService: 'Anew' }),
    apiServer: { size, scaling: Scaling.replicas(6), rolling: { preset: RollingPreset.RECREATE } },
  });
  report.texts('warnings of anew', Warnings.of(anew));
  new BentoDeployment(chart, 'Recreated', {
    bento: Bento.fromImage('registry.example.com/recreated:1.9.2', { bentoService: 'Recreated' }),
    apiServer: { size, scaling: Scaling.replicas(6) },
    release: Release.recreate(),
  });

  // Side by side.
  const translate = new BentoDeployment(chart, 'Translate', {
    bento: Bento.fromImage('registry.example.com/translator:4.0.2', { bentoService: 'Translator' }),
    apiServer: { size, scaling: Scaling.replicas(4) },
    exposure: Exposure.gateway({ hosts: ['translate.example.com'] }),
    release: Release.split({
      versions: {
        testers: Version.matched(RequestMatch.header('x-version', 'testers'), {
          bento: Bento.fromImage('registry.example.com/translator:5.0.0-rc1', { bentoService: 'Translator' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
          serving: true,
        }),
        next: Version.weighted(10, {
          bento: Bento.fromImage('registry.example.com/translator:4.1.0', { bentoService: 'Translator' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
          serving: true,
        }),
        asked: Version.matched(RequestMatch.query('version', 'asked'), {
          bento: Bento.fromImage('registry.example.com/translator:5.0.0-rc2', { bentoService: 'Translator' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
          serving: true,
        }),
        shadow: Version.mirrored(5, {
          bento: Bento.fromImage('registry.example.com/translator:4.2.0-dev', { bentoService: 'Translator' }),
          apiServer: { size, scaling: Scaling.replicas(1) },
          serving: false,
        }),
      },
      router: SplitRouter.doors(),
    }),
  });
  report.text('shadow', translate.version('shadow').key);
  const recommend = new BentoDeployment(chart, 'Recommend', {
    bento: Bento.fromImage('registry.example.com/recommend:1.4.0', { bentoService: 'Recommend' }),
    apiServer: { size, scaling: Scaling.replicas(4) },
    exposure: Exposure.gateway({ hosts: ['recommend.example.com'] }),
    release: Release.split({
      stickyBy: StickyKey.header('x-user'),
      router: SplitRouter.nginx({
        image: 'registry.example.com/nginx:1.29.3',
        replicas: 3,
        size: InstanceSize.named('cpu.1'),
      }),
      versions: {
        v2: Version.weighted(20, {
          bento: Bento.fromImage('registry.example.com/recommend:2.0.0', { bentoService: 'Recommend' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
        }),
        beta: Version.matched(RequestMatch.cookie('stage', 'beta'), {
          bento: Bento.fromImage('registry.example.com/recommend:3.0.0', { bentoService: 'Recommend' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
        }),
      },
    }),
  });
  report.text('splitter', recommend.splitter!.name);
  new BentoDeployment(chart, 'ByCookie', {
    bento: Bento.fromImage('registry.example.com/by-cookie:1.4.0', { bentoService: 'ByCookie' }),
    apiServer: { size, scaling: Scaling.replicas(4) },
    release: Release.split({
      stickyBy: StickyKey.cookie('session'),
      versions: {
        v2: Version.weighted(20, {
          bento: Bento.fromImage('registry.example.com/by-cookie:2.0.0', { bentoService: 'ByCookie' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
        }),
      },
    }),
  });
  new BentoDeployment(chart, 'ByQuery', {
    bento: Bento.fromImage('registry.example.com/by-query:1.4.0', { bentoService: 'ByQuery' }),
    apiServer: { size, scaling: Scaling.replicas(4) },
    release: Release.split({
      stickyBy: StickyKey.query('user'),
      versions: {
        v2: Version.weighted(20, {
          bento: Bento.fromImage('registry.example.com/by-query:2.0.0', { bentoService: 'ByQuery' }),
          apiServer: { size, scaling: Scaling.replicas(2) },
        }),
      },
    }),
  });
}
