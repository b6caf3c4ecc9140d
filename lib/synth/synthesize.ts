import { mkdirSync } from 'node:fs';
import { App, type Chart } from 'cdk8s';
import { warn } from '../internal/warnings';
import { yamlOf } from '../internal/yaml';
import { beyondOf, beyondOfDependencies } from './beyond';
import { chartsInOrder, planCharts } from './chart-plan';
import { Manifests } from './manifests';
import { writeManifests } from './output';
import { validate } from './validate';

/** What `App.synth()` does, step by step in its order. */
export function synthesize(app: App): void {
  if (isLeftToStock(app)) {
    App.prototype.synth.call(app);
    return;
  }
  mkdirSync(app.outdir, { recursive: true });
  validate(app);
  const plan = planCharts(app);
  writeManifests(app, plan, new Manifests(app, plan));
}

/** What `App.synthYaml()` does, which validates behind the dependencies. */
export function synthesizeYaml(app: App): string {
  if (isLeftToStock(app)) return App.prototype.synthYaml.call(app);
  const plan = planCharts(app);
  validate(app);
  return yamlOf(new Manifests(app, plan).all());
}

/** What `App.charts` is; undefined where only cdk8s itself can say. */
export function chartsOf(app: App): Chart[] | undefined {
  return beyondOfDependencies(app) === undefined ? chartsInOrder(app) : undefined;
}

/** Apps that are known to be left to cdk8s. */
const told = new WeakSet<App>();

function isLeftToStock(app: App): boolean {
  const beyond = beyondOf(app);
  if (beyond === undefined) return false;
  if (told.has(app)) return true;
  told.add(app);
  warn(
    beyond.construct,
    'StockSynthesis',
    `${beyond.reason}, so cdk8s itself synthesizes the app, in a time that grows with the square of its charts`,
  );
  return true;
}
