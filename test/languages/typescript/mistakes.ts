// mistakes.ts OUTDIR: mistakes that users make, and how they hear of them.
import { App, Chart, Duration } from 'cdk8s';
import {
  Bento,
  BentoDeployment,
  BentoService,
  Exposure,
  type ExposureBinding,
  type IExposure,
  InstanceSize,
  NetworkPeer,
  Runner,
} from '../../../lib';

const [outdir = 'out'] = process.argv.slice(2);
const bento = Bento.fromImage('registry.example.com/rag:1.0.0', {
  services: [BentoService.named('Rag', { dependsOn: ['Embedder'] }), BentoService.named('Embedder')],
});

function report(name: string, mistake: () => void): void {
  try {
    mistake();
  } catch (error) {
    console.log(`=== ${name}\n${(error as Error).constructor.name}\n${(error as Error).message}`);
  }
}

/** Its size has a GPU, and how many replicas there are is not stated. */
function badValue(): void {
  const chart = new Chart(new App({ outdir }), 'prod', { namespace: 'ml' });
  const runners = { Embedder: Runner.pool({ size: InstanceSize.named('gpu.l4.1') }) };
  new BentoDeployment(chart, 'Rag', { bento, runners });
}

/** Found when all is there: the caller gives up before the one it calls. */
function contradiction(): void {
  const app = new App({ outdir });
  const chart = new Chart(app, 'prod', { namespace: 'ml' });
  new BentoDeployment(chart, 'Rag', {
    bento,
    apiServer: { traffic: { timeout: Duration.seconds(30) } },
    runners: { Embedder: Runner.pool({ traffic: { timeout: Duration.seconds(60) } }) },
  });
  app.synth();
}

class Impatient implements IExposure {
  public bind(): ExposureBinding {
    return {
      peers: [NetworkPeer.namespace('edge')],
      requestTimeout: Duration.seconds(5),
      connectionIdleTimeout: Duration.seconds(60),
    };
  }
}

/** In what the library is told by code of the user's. */
function badAnswer(): void {
  const app = new App({ outdir });
  const chart = new Chart(app, 'prod', { namespace: 'ml' });
  new BentoDeployment(chart, 'Rag', { bento, exposure: Exposure.custom(new Impatient()) });
  app.synth();
}

report('bad value', badValue);
report('contradiction', contradiction);
report('bad answer', badAnswer);
