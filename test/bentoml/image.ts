import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a container of a Bento starts from. */
export interface Image {
  /** The folder that is the Bento inside the image. */
  readonly context: string;
  readonly env: Record<string, string>;
  readonly workdir: string;
  readonly user: string;
  readonly entrypoint: string[];
}

/** Reads the Dockerfile that BentoML writes for a Bento, the subset of the language that it uses. */
export function readImage(context: string, path: string): Image {
  const args: Record<string, string> = {};
  const env: Record<string, string> = { PATH: path };
  let workdir = '/';
  let user = 'root';
  let entrypoint: string[] = [];
  // As Docker does: a build argument that nobody gives is the empty string.
  const expand = (text: string) =>
    text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => env[name] ?? args[name] ?? '').replaceAll("'", '');
  for (const line of readFileSync(join(context, 'env/docker/Dockerfile'), 'utf8').split('\n')) {
    const [, instruction, rest] = /^(ARG|ENV|WORKDIR|USER|ENTRYPOINT) (.*)$/.exec(line.trim()) ?? [];
    if (instruction === undefined || rest === undefined) continue;
    const [, name, value] = /^(\w+)=?(.*)$/.exec(rest) ?? [];
    if (instruction === 'ARG' && name !== undefined) args[name] = expand(value ?? '');
    if (instruction === 'ENV' && name !== undefined) env[name] = expand(value ?? '');
    if (instruction === 'WORKDIR') workdir = expand(rest);
    if (instruction === 'USER') user = expand(rest);
    if (instruction === 'ENTRYPOINT') entrypoint = JSON.parse(rest);
  }
  return { context, env, workdir, user, entrypoint };
}
