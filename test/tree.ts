import { App, Chart, type ChartProps, Testing } from 'cdk8s';
import { parse } from 'yaml';
import type { Body, KubernetesObject } from './cluster/client';

/** The objects of a tree, as the API server would get them. */
export class Objects {
  constructor(public readonly all: KubernetesObject[]) {}

  of(kind: string): KubernetesObject[] {
    return this.all.filter((object) => object.kind === kind);
  }

  find(kind: string, name: string): KubernetesObject | undefined {
    return this.all.find((object) => object.kind === kind && object.metadata.name === name);
  }

  get(kind: string, name: string): KubernetesObject {
    const found = this.find(kind, name);
    const names = this.all.map((object) => `${object.kind}/${object.metadata.name}`).join(', ');
    if (found === undefined) throw new Error(`no ${kind}/${name} among ${names}`);
    return found;
  }

  /** The pod of a Deployment. */
  pod(name: string): Body {
    return this.get('Deployment', name).spec.template.spec;
  }

  /** The serving container of a Deployment. */
  server(name: string): Body {
    return this.pod(name).containers.find((container: Body) => container.name === 'bento');
  }

  /** Variables of a Deployment's serving container, by name; `valueFrom` where there is no value. */
  env(name: string): { [name: string]: Body } {
    return Object.fromEntries(
      this.server(name).env.map((variable: Body) => [variable.name, variable.value ?? variable.valueFrom]),
    );
  }

  /** What the pods of a Deployment tell BentoML of a service. */
  config(name: string, bentoService: string): Body {
    return JSON.parse(this.env(name).BENTOML_CONFIG_OVERRIDES).services[bentoService];
  }

  /** `BENTOML_SERVE_DEPENDS` of a Deployment, with what the proxy beside it leads to in the place of its own address. */
  calls(name: string): string {
    return this.env(name).BENTOML_SERVE_DEPENDS.replace(/127\.0\.0\.1:(\d+)/g, (_: string, port: string) =>
      this.behindProxy(name, Number(port)),
    );
  }

  /** Where the Envoy of a Deployment leads that listens at this port, as `host:port`. */
  behindProxy(name: string, port: number): string {
    const { listeners, clusters } = this.envoy(name).static_resources;
    const listener = listeners.find(({ address }: Body) => address.socket_address.port_value === port);
    const { virtual_hosts: hosts } = listener.filter_chains[0].filters[0].typed_config.route_config;
    const cluster = clusters.find((candidate: Body) => candidate.name === hosts[0].routes.at(-1).route.cluster);
    const { address } = cluster.load_assignment.endpoints[0].lb_endpoints[0].endpoint;
    const { address: host, port_value } = address.socket_address;
    // A whole name ends with a dot.
    return `${host.replace(/\.$/, '')}:${port_value}`;
  }

  /** The configuration of the Envoy of a Deployment. */
  envoy(name: string): Body {
    return parse(this.get('ConfigMap', `${name}-envoy`).data['envoy.yaml']);
  }

  /** Who may connect to the pods of a component. */
  peers(name: string): Body[] {
    return this.get('NetworkPolicy', name).spec.ingress.flatMap((rule: Body) => rule.from);
  }
}

/** What one chart in the namespace `ml` makes; every rule over the tree is checked on the way. */
export function synthesize(define: (chart: Chart) => void, props: ChartProps = { namespace: 'ml' }): Objects {
  const chart = new Chart(new App(), 'test', props);
  define(chart);
  return new Objects(quietly(() => Testing.synth(chart)));
}

/** What all charts of an app make. */
export function synthesizeApp(define: (app: App) => void): Objects {
  const app = new App();
  define(app);
  return new Objects(quietly(() => app.charts.flatMap((chart) => Testing.synth(chart))));
}

/** Without the warnings, which are for users. */
export function quietly<T>(body: () => T): T {
  let result: T;
  standardErrorOf(() => {
    result = body();
  });
  return result!;
}

/** What is written to standard error meanwhile. */
export function standardErrorOf(body: () => void): string {
  const { write } = process.stderr;
  let text = '';
  process.stderr.write = ((chunk: string | Uint8Array) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    body();
  } finally {
    process.stderr.write = write;
  }
  return text;
}
