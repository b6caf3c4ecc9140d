import { errors } from '../internal/errors';
import type { Finding } from './manifest/model/finding';
import { type ManifestDocument, nameOf, titleOf } from './manifest/model/manifest-object';
import { readFolder, readManifestFile } from './manifest/model/read-manifests';
import { checkManifests, MANIFEST_RULES } from './manifest/rules';

/** Which rules a `ManifestValidation` leaves out. */
export interface ManifestValidationProps {
  /**
   * Names of rules that are not to be checked, as `TwoScalers`; `ManifestValidation.ruleNames` lists them.
   *
   * @default - every rule is checked
   */
  readonly exclude?: string[];
}

/**
 * Checks manifests for what only shows across objects: selectors, scale targets, ports, budgets, secrets in the clear.
 * It reads any Kubernetes manifests, written by this library or not, and needs no cluster.
 *
 * As a plug-in of cdk8s-cli it is named under `validations` in cdk8s.yaml, with `class: ManifestValidation` and, under
 * `properties`, what its constructor takes; `cdk8s synth` then ends with code 2 where it finds something. Pipelines
 * without cdk8s call `ManifestValidation.checkFolder`.
 *
 * A folder may hold the manifests of several clusters: files that state the same object, and folders in it that do, are
 * taken to be for different ones, and what one holds does not clash with what the other holds.
 *
 * @see https://cdk8s.io/docs/latest/plugins/validations/
 *
 * @example
 * const findings = ManifestValidation.checkFolder('out', { exclude: ['SecretInManifest'] });
 * for (const finding of findings) console.error(finding);
 */
export class ManifestValidation {
  /** The names of all rules, which are stable. */
  public static get ruleNames(): string[] {
    return MANIFEST_RULES.map(({ name }) => name);
  }

  /**
   * Checks all `.yaml`, `.yml` and `.json` files of a folder and the folders in it, together.
   *
   * @param path the folder
   * @param props which rules to leave out
   * @returns what was found, each as one line: `file: Kind/namespace/name: [Rule] text (at location); remedy`
   * @throws FolderNotFound, NoManifests, ManifestNotYaml, UnknownRule
   */
  public static checkFolder(path: string, props: ManifestValidationProps = {}): string[] {
    return new ManifestValidation(props).check(readFolder(path)).map(lineOf);
  }

  private readonly excluded: ReadonlySet<string>;

  /**
   * @throws UnknownRule
   */
  public constructor(props: ManifestValidationProps = {}) {
    // cdk8s-cli passes on whatever cdk8s.yaml says.
    const exclude: unknown = props.exclude ?? [];
    if (!Array.isArray(exclude)) throw errors.outOfRange('exclude', 'a list of names of rules', exclude);
    const unknown = exclude.find((name) => !ManifestValidation.ruleNames.includes(name));
    if (unknown !== undefined) throw errors.unknownRule('exclude', unknown, ManifestValidation.ruleNames);
    this.excluded = new Set(exclude);
  }

  /**
   * Called by cdk8s-cli after synthesis; your program need not call it.
   *
   * @param context the `ValidationContext` of cdk8s-cli, which says what to read and takes the report
   * @throws ManifestNotYaml
   */
  public async validate(context: unknown): Promise<void> {
    const { manifests, report } = context as ValidationContext;
    const findings = this.check(manifests.flatMap((path) => readManifestFile(path)));
    for (const finding of findings) report.addViolation(violationOf(finding));
    report.submit(findings.length === 0 ? 'success' : 'failure');
  }

  private check(documents: readonly ManifestDocument[]): Finding[] {
    return checkManifests(
      documents,
      MANIFEST_RULES.filter(({ name }) => !this.excluded.has(name)),
    );
  }
}

/** What we use of cdk8s-cli's class of that name, which is no part of a program that uses the library. */
interface ValidationContext {
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: ReturnType<typeof violationOf>): void;
    submit(status: 'success' | 'failure'): void;
  };
}

function violationOf({ rule, object, location, text, remedy }: Finding) {
  return {
    ruleName: rule,
    recommendation: `${titleOf(object)}: ${text}`,
    fix: remedy,
    violatingResources: [
      // The bare name: by it the report finds the construct path.
      { resourceName: nameOf(object.value) ?? titleOf(object), locations: [location], manifestPath: object.file },
    ],
  };
}

function lineOf({ rule, object, location, text, remedy }: Finding): string {
  const place = location === '' ? '' : ` (at ${location})`;
  return `${object.file}: ${titleOf(object)}: [${rule}] ${text}${place}; ${remedy}`.replace(
    /[\p{Cc}\u2028\u2029]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
