import { isAbsolute } from 'node:path';
import type { TerraformBackend } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { errors } from '../internal/errors';
import { sortedMap } from '../internal/names';
import { cdktf } from './terraform';

const checked = new WeakSet<IConstruct>();

/** Throws unless `scope` lies in a TerraformStack, whose state is then asked for when it is synthesized. */
export function requireStack(scope: Construct): IConstruct {
  const { TerraformStack } = cdktf();
  const stack = [...scope.node.scopes].reverse().find((ancestor) => TerraformStack.isStack(ancestor));
  if (stack === undefined) throw errors.noStack();
  if (checked.has(stack)) return stack;
  checked.add(stack);
  stack.node.addValidation({ validate: () => backendProblems(stack) });
  return stack;
}

/**
 * A stack without a backend gets a local one from cdktf, in the folder of whoever synthesizes: the next machine would not
 * find it, and would make everything a second time. By then it can be told from a stated one by its path alone.
 */
function backendProblems(stack: IConstruct): string[] {
  const { TerraformBackend } = cdktf();
  const backend = stack.node.findAll().find((child): child is TerraformBackend => TerraformBackend.isBackend(child));
  const path = backend === undefined ? undefined : localPath(backend);
  if (backend !== undefined && (path === undefined || !isAbsolute(path))) return [];
  const got =
    path === undefined ? 'no backend' : 'a file of this machine alone, as cdktf has it for stacks without one';
  return [errors.missingBackend(stack.node.id, got).message];
}

function localPath(backend: TerraformBackend): string | undefined {
  const { local } = (backend.toTerraform() as { terraform: { backend: { local?: { path?: string } } } }).terraform
    .backend;
  return local?.path;
}

/** Of what belongs to a cluster: its name. */
export const CLUSTER_TAG = 'cdk8s-bento/cluster';

/** What all resources say of who made them; `more` is the user's. */
export function tagsOf(more: { readonly [key: string]: string } | undefined, name?: string): { [key: string]: string } {
  return sortedMap({
    ...(name !== undefined && { Name: name }),
    ManagedBy: 'cdk8s-bento',
    ...more,
  });
}
