import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiObject, type App, type Chart, Names, YamlOutputType } from 'cdk8s';
import { documentOf, type Manifest, SEPARATOR } from '../internal/yaml';
import type { ChartPlan } from './chart-plan';
import type { Manifests } from './manifests';

/** Documents that are written together. */
const BATCH = 500;

/** Writes the files of an app, each as soon as its content is known. */
export function writeManifests(app: App, plan: ChartPlan, manifests: Manifests): void {
  WRITERS[app.yamlOutputType](app, plan, manifests);
  // A private property of cdk8s' App, which reads it from the environment, too.
  if ((app as unknown as { recordConstructMetadata: boolean }).recordConstructMetadata) {
    writeConstructMetadata(
      app,
      plan.charts.flatMap((chart) => manifests.objectsOf(chart)),
    );
  }
}

const WRITERS: Record<YamlOutputType, (app: App, plan: ChartPlan, manifests: Manifests) => void> = {
  [YamlOutputType.FILE_PER_APP]: (app, { charts }, manifests) => {
    if (charts.length > 0) writeYaml(app, app.outdir, 'app', manifests.all());
  },
  [YamlOutputType.FILE_PER_CHART]: (app, plan, manifests) => {
    for (const [index, chart] of plan.charts.entries()) {
      const name = chartName(plan, chart, index);
      writeYaml(app, app.outdir, name, manifests.of(chart));
    }
  },
  [YamlOutputType.FILE_PER_RESOURCE]: (app, { charts }, manifests) => {
    for (const chart of charts) {
      // cdk8s renders a whole chart before it writes.
      for (const manifest of [...manifests.of(chart)]) {
        const object = manifest.json as ApiObject | undefined;
        if (object !== undefined) writeYaml(app, app.outdir, resourceName(object), [manifest]);
      }
    }
  },
  [YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE]: (app, plan, manifests) => {
    for (const [index, chart] of plan.charts.entries()) {
      const name = chartName(plan, chart, index);
      const objects = manifests.objectsOf(chart);
      const folder = join(app.outdir, name);
      mkdirSync(folder, { recursive: true });
      for (const object of objects) writeYaml(app, folder, resourceName(object), [manifests.render(object)]);
    }
  },
};

function chartName({ dependent }: ChartPlan, chart: Chart, index: number): string {
  const name = Names.toDnsLabel(chart);
  return dependent ? `${index.toString().padStart(4, '0')}-${name}` : name;
}

/** The same for an object and for what it renders to. */
function resourceName({ kind, metadata }: Pick<ApiObject, 'kind' | 'metadata'>): string {
  return `${kind}.${metadata.name}`.replace(/[^0-9a-zA-Z-_.]/g, '');
}

/** Nothing is written before all of it is rendered. Synchronous, for that is two to four times as fast as asynchronous. */
function writeYaml(app: App, folder: string, name: string, manifests: Iterable<Manifest>): void {
  const documents = Array.from(manifests, documentOf);
  const file = join(folder, name + app.outputFileExtension);
  writeFileSync(file, documents.slice(0, BATCH).join(SEPARATOR));
  // Never the whole text at once: it may be hundreds of megabytes.
  for (let begin = BATCH; begin < documents.length; begin += BATCH) {
    appendFileSync(file, SEPARATOR + documents.slice(begin, begin + BATCH).join(SEPARATOR));
  }
}

function writeConstructMetadata(app: App, objects: readonly ApiObject[]): void {
  const resources: { [name: string]: { path: string } } = {};
  for (const { name, node } of objects) resources[name] = { path: node.path };
  writeFileSync(join(app.outdir, 'construct-metadata.json'), JSON.stringify({ version: '1.0.0', resources }));
}
