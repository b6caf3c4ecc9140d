import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cached } from '../tools/cache';
import { run } from '../tools/run';

/** The crate that carries the source of nginx, newer than any that Debian 12 has. */
const CRATE = { name: 'nginx-src', version: '1.28.5', nginx: '1.28.3' };

/** What the official image has that the configuration uses; TLS and compression it does without. */
const CONFIGURE = ['--with-http_stub_status_module', '--without-http_gzip_module'];

/** What that takes. */
export const NGINX_TOOLS = ['cargo', 'cc', 'apt'] as const;

/** The path of an nginx, built from its source. */
export async function nginxProgram(): Promise<string> {
  const dir = await cached('nginx', [JSON.stringify(CRATE), ...CONFIGURE], async (target) => {
    const source = join(target, 'source');
    cpSync(join(await crate(target), 'nginx'), source, { recursive: true });
    const pcre = await pcreLibrary(target);
    await run(
      'sh',
      ['auto/configure', '--prefix=.', `--with-cc-opt=-I${pcre}`, `--with-ld-opt=-L${pcre}`, ...CONFIGURE],
      { cwd: source },
    );
    await run('make', ['-j2'], { cwd: source });
    cpSync(join(source, 'objs/nginx'), join(target, 'nginx'));
    for (const folder of [source, pcre]) rmSync(folder, { recursive: true });
  });
  return join(dir, 'nginx');
}

/** The folder of the crate, as cargo has unpacked it. */
async function crate(target: string): Promise<string> {
  const cwd = join(target, 'crate');
  mkdirSync(join(cwd, 'src'), { recursive: true });
  writeFileSync(join(cwd, 'src/lib.rs'), '');
  const dependency = `[dependencies]\n${CRATE.name} = "=${CRATE.version}"\n`;
  writeFileSync(join(cwd, 'Cargo.toml'), `[package]\nname = "source"\nversion = "0.0.0"\n\n${dependency}`);
  await run('cargo', ['fetch', '--quiet'], { cwd });
  const { stdout } = await run('cargo', ['metadata', '--format-version=1', '--offline'], { cwd });
  rmSync(cwd, { recursive: true });
  const packages: { name: string; version: string; manifest_path: string }[] = JSON.parse(stdout).packages;
  const found = packages.find(({ name, version }) => name === CRATE.name && version.endsWith(`+${CRATE.nginx}`));
  if (found === undefined) throw new Error(`${CRATE.name} ${CRATE.version} does not carry nginx ${CRATE.nginx}`);
  return dirname(found.manifest_path);
}

/** A folder with header and static library of PCRE, out of Debian's package; nothing is installed. */
async function pcreLibrary(target: string): Promise<string> {
  const dir = join(target, 'pcre');
  mkdirSync(dir);
  await run('apt-get', ['--quiet', 'download', 'libpcre2-dev'], { cwd: dir });
  const [file] = readdirSync(dir);
  await run('dpkg', ['-x', join(dir, file!), dir]);
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  for (const name of ['pcre2.h', 'libpcre2-8.a']) {
    cpSync(join(dir, files.find((path) => path.endsWith(`/${name}`))!), join(dir, name));
  }
  return dir;
}
