// Side by side with cdk8s-plus-27, and below the options: every emitted object can be patched.
import { App, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  Bento,
  BentoDeployment,
  ConfigMapRef,
  EnvFrom,
  EnvVar,
  Exposure,
  InstanceSize,
  NetworkPeer,
  SecretRef,
} from '../lib';

const app = new App();
const chart = new Chart(app, 'interop', { namespace: 'ml' });

const settings = new kplus.ConfigMap(chart, 'Settings', {
  metadata: { name: 'summarizer-settings' },
  data: { PROMPT_STYLE: 'brief' },
});
const keys = kplus.Secret.fromSecretName(chart, 'Keys', 'summarizer-keys');

const summarizer = new BentoDeployment(chart, 'Summarizer', {
  bento: Bento.fromImage('registry.example.com/summarizer:7kq2mzqv6w', { bentoService: 'Summarizer' }),
  env: [EnvVar.fromSecret('OPENAI_API_KEY', { secret: SecretRef.of(keys), key: 'openai' })],
  envFrom: [EnvFrom.configMap(ConfigMapRef.of(settings))],
  apiServer: { size: InstanceSize.named('cpu.4') },
  exposure: Exposure.inCluster({ allowFrom: [NetworkPeer.pods({ labels: { app: 'web' } })] }),
});

// The other side of the connection: what the web front end may call, and DNS, by which it finds it.
new kplus.NetworkPolicy(chart, 'Web', {
  metadata: { name: 'web' },
  selector: kplus.Pods.select(chart, 'WebPods', { labels: { app: 'web' } }),
  egress: {
    rules: [
      { peer: summarizer.apiServer, ports: [kplus.NetworkPolicyPort.tcp(summarizer.apiServer.containerPort)] },
      {
        peer: kplus.Namespaces.select(chart, 'Dns', { names: ['kube-system'] }),
        ports: [kplus.NetworkPolicyPort.udp(53), kplus.NetworkPolicyPort.tcp(53)],
      },
    ],
  },
});

// What has no option: user namespaces, of Kubernetes 1.33.
summarizer.apiServer.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostUsers', false));

app.synth();
