import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../tools/cache';
import { goBuild } from '../tools/go';
import { run } from '../tools/run';

// The one of Debian 12. Its archive keeps the latest build of a package only, so that the build is not ours to pin.
const UPSTREAM = '2.42.0';

/** The folder with `prometheus` and `promtool`, out of Debian's package; nothing is installed. */
export async function prometheusPrograms(): Promise<string> {
  const { stdout } = await run('apt-cache', ['policy', 'prometheus']);
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  if (!version?.startsWith(`${UPSTREAM}+`)) throw new Error(`the suite knows Prometheus ${UPSTREAM}, not ${version}`);
  const dir = await cached('prometheus', [version], async (target) => {
    const download = join(target, 'download');
    mkdirSync(download);
    await run('apt-get', ['--quiet', 'download', `prometheus=${version}`], { cwd: download });
    const [file] = readdirSync(download);
    await run('dpkg', ['-x', join(download, file!), target]);
    rmSync(download, { recursive: true });
  });
  return join(dir, 'usr/bin');
}

/** The parser of Prometheus 3. */
export function promqlParser(): Promise<string> {
  return goBuild('promql-parser', join(__dirname, 'parser'), '-s -w');
}
