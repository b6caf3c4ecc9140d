import { dirname } from 'node:path';
import { groupBy } from '../../../internal/group-by';
import { dig, isMap } from '../../../internal/json';
import { matches, type Selector, withoutRuntimeLabels } from './label-selector';
import { keyOf, type ManifestDocument, type ManifestObject, type ObjectKey, objectOf } from './manifest-object';
import { KNATIVE, ROLLOUTS, type Workload, workloadOf, workloadRefOf } from './workload';

/** Operators that ask for a label. */
const POSITIVE = new Set(['Exists', 'In']);

/**
 * The objects of a folder, indexed so that rules stay linear.
 *
 * A folder may hold the manifests of several clusters, as an app with a chart per region writes them. Nothing in a
 * manifest says so, but two files that state the same object cannot go to one cluster: they are apart, and what one
 * holds does not clash with what the other holds. So are folders that do, where each object has a file of its own.
 */
export class ManifestFolder {
  public readonly objects: readonly ManifestObject[];
  public readonly workloads: readonly Workload[];
  /** Those that state their template themselves: a borrowed one is judged where it is. */
  public readonly templates: readonly Workload[];
  public readonly namespacesWithServices: ReadonlySet<string>;
  private readonly byKind: Map<string, ManifestObject[]>;
  private readonly byKey: Map<string, ManifestObject[]>;
  private readonly byObject: Map<ManifestObject, Workload>;
  private readonly byNamespace: Map<string, Workload[]>;
  private readonly byLabel = new Map<string, Workload[]>();
  private readonly labelKeys = new Set<string>();
  /** Of each file, and each folder, the objects that others state too. */
  private readonly restated = new Map<string, Set<string>>();
  private readonly apartMemo = new Map<string, boolean>();

  public constructor(public readonly documents: readonly ManifestDocument[]) {
    this.objects = documents.map(objectOf).filter((object) => object !== undefined);
    this.byKind = groupBy(this.objects, ({ kind }) => kind);
    this.byKey = groupBy(this.objects, keyOf);
    this.indexFiles();
    this.workloads = this.objects
      .map((object) => workloadOf(object, this.templateOf(object)))
      .filter((workload) => workload !== undefined);
    this.templates = this.workloads.filter(({ templateOf }) => templateOf === undefined);
    this.namespacesWithServices = new Set(this.ofKind('Service', '', KNATIVE).map(({ namespace }) => namespace));
    this.byObject = new Map(this.workloads.map((workload) => [workload.object, workload]));
    this.byNamespace = groupBy(this.workloads, ({ object }) => object.namespace);
    for (const workload of this.workloads) this.indexLabels(workload);
  }

  public ofKind(kind: string, ...groups: string[]): ManifestObject[] {
    return (this.byKind.get(kind) ?? []).filter(({ group }) => groups.includes(group));
  }

  public hasKind(kind: string): boolean {
    return this.byKind.has(kind);
  }

  /** All that state this object. */
  public named(key: ObjectKey): readonly ManifestObject[] {
    return this.byKey.get(keyOf(key)) ?? [];
  }

  /** The object that is meant in this file: its own, else one that may share the cluster, else any. */
  public find(key: ObjectKey, file: string): ManifestObject | undefined {
    const candidates = this.named(key);
    return (
      candidates.find((candidate) => candidate.file === file) ??
      candidates.find((candidate) => !this.apart(candidate.file, file)) ??
      candidates[0]
    );
  }

  public workload(object: ManifestObject | undefined): Workload | undefined {
    return object && this.byObject.get(object);
  }

  public workloadsIn(namespace: string): readonly Workload[] {
    return this.byNamespace.get(namespace) ?? [];
  }

  /** Workloads of a namespace whose pods a selector matches, in any file, as far as templates can tell. */
  public *select(namespace: string, selector: Selector): Generator<Workload> {
    const readable = withoutRuntimeLabels(selector);
    for (const list of this.candidates(namespace, readable)) {
      for (const workload of list) if (matches(readable, workload.podLabels)) yield workload;
    }
  }

  /** The same, without what belongs to another cluster than `file`. */
  public *selectFrom(file: string, namespace: string, selector: Selector): Generator<Workload> {
    for (const workload of this.select(namespace, selector)) {
      if (!this.apart(file, workload.object.file)) yield workload;
    }
  }

  /**
   * Whether it can be read from templates that nothing matches: the namespace has pods, and no operator gives them
   * the labels that are asked for, which shows in a prefix of its own that no template has.
   */
  public selectsNothing(namespace: string, selector: Selector): boolean {
    if (this.workloadsIn(namespace).length === 0) return false;
    const foreign = (key: string) => key.includes('/') && !key.startsWith('app.kubernetes.io/');
    if (this.unknownKeys(namespace, selector).some(foreign)) return false;
    return this.select(namespace, selector).next().done === true;
  }

  /** Keys that pods must have to be selected, and that no template of the namespace has. */
  public unknownKeys(namespace: string, selector: Selector): string[] {
    return withoutRuntimeLabels(selector)
      .filter(({ key, operator }) => POSITIVE.has(operator) && !this.labelKeys.has(`${namespace}\n${key}`))
      .map(({ key }) => key);
  }

  /** Whether two files cannot go to the same cluster. */
  public apart(first: string, second: string): boolean {
    if (first === second) return false;
    const [folder, other] = [folderOf(first), folderOf(second)];
    return this.restate(first, second) || (folder !== other && this.restate(folder, other));
  }

  /** Whether two files, or two folders, state the same object. */
  private restate(first: string, second: string): boolean {
    const [a, b] = [this.restated.get(first), this.restated.get(second)];
    if (a === undefined || b === undefined) return false;
    const memoKey = first < second ? `${first}\n${second}` : `${second}\n${first}`;
    let result = this.apartMemo.get(memoKey);
    if (result === undefined) {
      const [small, large] = a.size < b.size ? [a, b] : [b, a];
      result = [...small].some((key) => large.has(key));
      this.apartMemo.set(memoKey, result);
    }
    return result;
  }

  /** Services by whatever makes them: those of Knative have one of their name. */
  public findService(namespace: string, name: string, file: string): ManifestObject | undefined {
    return (
      this.find({ group: '', kind: 'Service', namespace, name }, file) ??
      this.find({ group: KNATIVE, kind: 'Service', namespace, name }, file)
    );
  }

  private templateOf(object: ManifestObject): ManifestObject | undefined {
    const ref = object.group === ROLLOUTS && !isMap(dig(object.value, 'spec', 'template')) && workloadRefOf(object);
    if (!ref) return undefined;
    return this.find({ group: 'apps', kind: ref.kind, namespace: object.namespace, name: ref.name }, object.file);
  }

  /** By the label that fewest pods have, so that few have to be compared; lists are not copied, they may be long. */
  private candidates(namespace: string, selector: Selector): readonly (readonly Workload[])[] {
    let best: readonly (readonly Workload[])[] = [this.workloadsIn(namespace)];
    for (const { key, operator, values } of selector) {
      if (operator !== 'In') continue;
      const found = [...new Set(values)].map((value) => this.byLabel.get(`${namespace}\n${key}\n${value}`) ?? []);
      if (sizeOf(found) < sizeOf(best)) best = found;
    }
    return best;
  }

  private indexFiles(): void {
    for (const [key, list] of this.byKey) {
      const files = new Set(list.map(({ file }) => file));
      if (files.size < 2) continue;
      const folders = new Set([...files].map(folderOf));
      for (const place of [...files, ...(folders.size < 2 ? [] : folders)]) add(this.restated, place, key);
    }
  }

  private indexLabels(workload: Workload): void {
    const { namespace } = workload.object;
    for (const [key, value] of workload.podLabels) {
      const label = `${namespace}\n${key}\n${value}`;
      const list = this.byLabel.get(label);
      if (list === undefined) this.byLabel.set(label, [workload]);
      else list.push(workload);
      this.labelKeys.add(`${namespace}\n${key}`);
    }
  }
}

/** What no file is called. */
function folderOf(file: string): string {
  return `${dirname(file)}/`;
}

function sizeOf(lists: readonly (readonly unknown[])[]): number {
  return lists.reduce((total, { length }) => total + length, 0);
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
