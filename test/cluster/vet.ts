import { run } from '../tools/run';
import { clusterBinary } from './cluster';

export interface Verdict {
  readonly accepted: number;
  readonly rejected: number;
  /** Kinds that are not built in: not judged. */
  readonly foreign: number;
  /** Each rejection and each warning, one line. */
  readonly findings: string[];
}

/** What the API server's own create path says of files, without a server: thousands of objects a second. */
export async function vet(paths: string[], podSecurity = 'restricted', featureGates = ''): Promise<Verdict> {
  const binary = await clusterBinary();
  const { stdout } = await run(binary, ['vet', '-w', '-pss', podSecurity, `-feature-gates=${featureGates}`, ...paths], {
    expect: [0, 1],
  });
  const lines = stdout.trimEnd().split('\n');
  const summary = /^vet: (\d+) accepted, (\d+) rejected, (\d+) not built in$/.exec(lines.pop() ?? '');
  if (summary === null) throw new Error(`vet ended without a verdict:\n${stdout}`);
  const [accepted, rejected, foreign] = summary.slice(1).map(Number);
  return { accepted, rejected, foreign, findings: lines };
}
