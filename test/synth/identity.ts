import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type AppProps, YamlOutputType } from 'cdk8s';
import { AppSynthesizer } from '../../lib/synth/app-synthesizer';
import { ServingApp } from '../../lib/synth/serving-app';
import { quietly } from '../tree';

export const OUTPUT_TYPES = [
  YamlOutputType.FILE_PER_APP,
  YamlOutputType.FILE_PER_CHART,
  YamlOutputType.FILE_PER_RESOURCE,
  YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
];

/** Everything that a synthesis does to the world. */
export interface Outcome {
  readonly files: { readonly [path: string]: string };
  readonly yaml?: string;
  readonly error?: string;
  /** What content has told of itself, in the order in which it was asked. */
  readonly log: readonly string[];
}

/** Defines a tree; `log` is called by content that is asked. */
export type Definition = (app: App, log: (text: string) => void) => void;

type Synthesis = 'synth' | 'synthYaml';

interface Way {
  readonly app: (props: AppProps) => App;
  readonly synth: (app: App) => void;
  readonly synthYaml: (app: App) => string;
}

const STOCK: Way = {
  app: (props) => new App(props),
  synth: (app) => app.synth(),
  synthYaml: (app) => app.synthYaml(),
};

export const WAYS: { readonly [name: string]: Way } = {
  ServingApp: {
    app: (props) => new ServingApp(props),
    synth: (app) => app.synth(),
    synthYaml: (app) => app.synthYaml(),
  },
  AppSynthesizer: {
    app: STOCK.app,
    synth: (app) => AppSynthesizer.synth(app),
    synthYaml: (app) => AppSynthesizer.synthYaml(app),
  },
};

/** What cdk8s itself does, and what we do, with the same definition. */
export function outcomes(
  define: Definition,
  props: AppProps = {},
  synthesis: Synthesis = 'synth',
  way = WAYS.ServingApp!,
): { readonly stock: Outcome; readonly ours: Outcome } {
  return { stock: outcomeOf(STOCK, define, props, synthesis), ours: outcomeOf(way, define, props, synthesis) };
}

function outcomeOf(way: Way, define: Definition, props: AppProps, synthesis: Synthesis): Outcome {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  const log: string[] = [];
  try {
    const app = way.app({ ...props, outdir });
    define(app, (text) => log.push(text));
    const found = quietly(() =>
      attempt(() => {
        if (synthesis === 'synthYaml') return way.synthYaml(app);
        way.synth(app);
        return undefined;
      }),
    );
    return { ...found, files: filesOf(outdir), log };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function attempt(body: () => string | undefined): { yaml?: string; error?: string } {
  try {
    const yaml = body();
    return yaml === undefined ? {} : { yaml };
  } catch (error) {
    return { error: String(error) };
  }
}

export function filesOf(folder: string): { [path: string]: string } {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const file = join(folder, path);
      return [path, statSync(file).isDirectory() ? '' : readFileSync(file, 'utf8')];
    }),
  );
}
