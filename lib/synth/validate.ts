import type { IConstruct } from 'constructs';

/**
 * All problems of a tree at once, as cdk8s words them.
 *
 * @throws Error if there is one
 */
export function validate(app: IConstruct): void {
  const problems: string[] = [];
  for (const { node } of app.node.findAll()) {
    for (const problem of node.validate()) problems.push(`[${node.path}] ${problem}`);
  }
  if (problems.length > 0) throw new Error(`Validation failed with the following errors:\n  ${problems.join('\n  ')}`);
}
