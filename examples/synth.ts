// Runs every example; each writes its manifests into a folder of its own.
import { join } from 'node:path';

const examples = [
  'quickstart',
  'production',
  'shared-runners',
  'environments',
  'interop',
  'autoscaling',
  'function',
  'traffic',
  'exposure',
  'global-service',
  'multi-region',
  'fleet',
  'rolling',
  'split',
  'blue-green',
  'canary',
  'eks',
];

const root = process.env.CDK8S_OUTDIR ?? 'out';
for (const example of examples) {
  process.env.CDK8S_OUTDIR = join(root, example);
  require(`./${example}`);
}
process.env.CDK8S_OUTDIR = root;
