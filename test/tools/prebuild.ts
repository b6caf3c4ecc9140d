// Has every judge ready, so that the suites need not build it while their clock runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goPeers, javaPeers } from '../../packaging/peers';
import { conditionsBinary } from '../argo/conditions';
import { BentoMl } from '../bentoml/build';
import { clusterBinary } from '../cluster/cluster';
import { knvetBinary, webhookvetBinary } from '../cluster/engine-findings';
import { kedaBinary, kedaOperatorBinary } from '../cluster/keda';
import { kubectlArgoRolloutsBinary, rolloutsControllerBinary } from '../cluster/rollouts-tools';
import { routevetBinary } from '../cluster/routevet';
import { annotationsBinary } from '../ingress-nginx/annotations';
import { NGINX_TOOLS, nginxProgram } from '../nginx/build';
import { checkovVenv, kubeScoreBinary } from '../policy/tools';
import { prometheusPrograms, promqlParser } from '../promql/tools';
import { egctlBinary } from './egctl';
import { installEnvoy } from './envoy';
import { requireTool } from './require-tool';

// Two compilations at once would only fight for the same cores; a download beside them costs nothing.
const LANES: { readonly name: string; readonly make: () => Promise<unknown> }[][] = [
  [
    { name: 'cluster', make: clusterBinary },
    { name: 'kube-score', make: kubeScoreBinary },
    { name: 'knvet', make: knvetBinary },
    { name: 'webhookvet', make: webhookvetBinary },
    { name: 'argo-conditions', make: conditionsBinary },
    { name: 'promql-parser', make: promqlParser },
    { name: 'keda-operator', make: kedaOperatorBinary },
    { name: 'keda', make: kedaBinary },
    { name: 'rollouts-controller', make: rolloutsControllerBinary },
    { name: 'kubectl-argo-rollouts', make: kubectlArgoRolloutsBinary },
    { name: 'egctl', make: egctlBinary },
    { name: 'routevet', make: routevetBinary },
    { name: 'nginx', make: nginx },
    { name: 'ingress-nginx-annotations', make: annotationsBinary },
  ],
  [
    { name: 'prometheus', make: prometheusPrograms },
    { name: 'checkov', make: checkovVenv },
    { name: 'envoy', make: installEnvoy },
    { name: 'bentoml', make: bentoMl },
    { name: 'java-peers', make: javaPeers },
    { name: 'go-peers', make: goPeers },
  ],
];

async function nginx(): Promise<void> {
  if (NGINX_TOOLS.every((tool) => requireTool(tool, 'nginx'))) await nginxProgram();
}

async function bentoMl(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'bento-home-'));
  await BentoMl.install(home).finally(() => rmSync(home, { recursive: true, force: true }));
}

async function prebuild(): Promise<void> {
  const lanes = LANES.map(async (tools) => {
    for (const { name, make } of tools) {
      const began = performance.now();
      await make().catch((error) => {
        process.exitCode = 1;
        console.error(`${name}: ${error.message}`);
      });
      console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  });
  await Promise.all(lanes);
}

void prebuild();
