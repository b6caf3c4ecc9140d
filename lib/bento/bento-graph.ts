import { errors } from '../internal/errors';
import type { BentoModel, BentoServiceModel } from './bento-model';

/** Throws where services depend on what is not there, on one another in a circle, or cannot have names of their own. */
export function requireSoundGraph(entry: string, services: readonly BentoServiceModel[]): void {
  const byName = new Map(services.map((service) => [service.name, service]));
  const labels = new Map<string, string>();
  for (const { name, label, dependencies } of services) {
    const other = labels.get(label);
    if (other !== undefined) throw errors.dnsLabelClash(other, name, label);
    labels.set(label, name);
    for (const dependency of dependencies) {
      if (!byName.has(dependency)) throw errors.unknownDependency(name, dependency, [...byName.keys()]);
    }
  }
  requireNoCycle(entry, byName);
}

/** The services that `root` calls, directly or not, in the order in which they are met; `root` is not among them. */
export function dependenciesOf(bento: BentoModel, root: string, stopAt: (service: string) => boolean): string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const dependency of bento.services[name]!.dependencies) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      if (!stopAt(dependency)) visit(dependency);
    }
  };
  visit(root);
  return [...found];
}

function requireNoCycle(entry: string, services: Map<string, BentoServiceModel>): void {
  const done = new Set<string>();
  const visit = (name: string, path: string[]): void => {
    if (path.includes(name)) throw errors.dependencyCycle([...path.slice(path.indexOf(name)), name]);
    if (done.has(name)) return;
    for (const dependency of services.get(name)!.dependencies) visit(dependency, [...path, name]);
    done.add(name);
  };
  visit(entry, []);
  for (const name of services.keys()) visit(name, []);
}
