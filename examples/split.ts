// Several versions side by side for as long as you like, each with its own replicas: by weight, by what a request says of
// itself, by who asks, and in copies. Edits of the definition raise weights, promote a version, and take one out.
import { App, Chart } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  ClusterProfile,
  Exposure,
  Gateway,
  InstanceSize,
  Release,
  RequestMatch,
  Runner,
  Scaling,
  StickyKey,
  Version,
  Warnings,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'split', { namespace: 'ml' });
ClusterProfile.set(
  chart,
  new ClusterProfile({
    kubernetesVersion: '1.36',
    gateway: Gateway.envoyGateway({ name: 'public', namespace: 'gateways', proxies: 2 }),
  }),
);

const translator = (tag: string) =>
  Bento.fromImage(`registry.example.com/translator:${tag}`, {
    services: [
      BentoService.named('Api', { dependsOn: ['Model'], size: InstanceSize.named('cpu.2') }),
      BentoService.named('Model', { size: InstanceSize.named('gpu.l4.1') }),
    ],
  });

// Gateway API shares requests out: testers by a header, a tenth of all others by weight. A third version gets copies of a
// twentieth, and answers nobody.
const translate = new BentoDeployment(chart, 'Translate', {
  bento: translator('4.0.2'),
  apiServer: { scaling: Scaling.replicas(4) },
  runners: { Model: Runner.pool({ scaling: Scaling.replicas(4) }) },
  exposure: Exposure.gateway({ hosts: ['translate.example.com'] }),
  release: Release.split({
    versions: {
      next: Version.weighted(10, {
        bento: translator('4.1.0'),
        apiServer: { scaling: Scaling.replicas(2) },
        runners: { Model: Runner.pool({ scaling: Scaling.replicas(2) }) },
        serving: true,
      }),
      testers: Version.matched(RequestMatch.header('x-version', 'testers'), {
        bento: translator('5.0.0-rc1'),
        apiServer: { scaling: Scaling.replicas(2) },
        runners: { Model: Runner.pool({ scaling: Scaling.replicas(2) }) },
        serving: true,
      }),
      shadow: Version.mirrored(5, {
        bento: translator('4.2.0-dev'),
        apiServer: { scaling: Scaling.replicas(1) },
        runners: { Model: Runner.pool({ scaling: Scaling.replicas(1) }) },
        serving: true,
      }),
    },
  }),
});

// Whoever answers nobody may be away.
Warnings.acknowledge(translate.version('shadow'), 'SingleReplica');

// BentoCloud's `route_type: header, route_by: x-user`: a hash of the header keeps each user with one version. A tier of nginx
// does it, for no door can.
const recommend = new BentoDeployment(chart, 'Recommend', {
  bento: Bento.fromImage('registry.example.com/recommend:1.4.0', { bentoService: 'Recommend' }),
  apiServer: { size: InstanceSize.named('cpu.2'), scaling: Scaling.replicas(4) },
  exposure: Exposure.gateway({ hosts: ['recommend.example.com'] }),
  release: Release.split({
    stickyBy: StickyKey.header('x-user'),
    versions: {
      v2: Version.weighted(20, {
        bento: Bento.fromImage('registry.example.com/recommend:2.0.0', { bentoService: 'Recommend' }),
        apiServer: { size: InstanceSize.named('cpu.2'), scaling: Scaling.replicas(2) },
      }),
    },
  }),
});

app.synth();

for (const { releasePlan } of [translate, recommend]) {
  console.error(`${releasePlan.toMarkdown()}\n\n${releasePlan.toMermaid()}\n`);
}
