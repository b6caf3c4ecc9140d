import { errors } from '../internal/errors';
import type { SharedVersion } from './version';
import type { VersionOptions } from './version-options';

/** Who asks for the result of a task asks the version that has it. */
export function requireNoTasks(own: VersionOptions, versions: readonly SharedVersion[]): void {
  const hasTasks = ({ bento: { _model, entryService } }: VersionOptions) => _model.services[entryService]!.hasTasks;
  const weighted = versions.find(
    ({ share, options }) => share.kind === 'weight' && (hasTasks(own) || hasTasks(options)),
  );
  if (weighted === undefined) return;
  throw errors.notByEngine(
    weighted.property,
    'Release.split() by weights',
    'there are tasks, and pods of another version know nothing of them',
    'state `stickyBy`, or use Version.matched()',
  );
}
