import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder with a bento.yaml of this text, for as long as the process lives. */
export function bentoYaml(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'negative-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'bento.yaml'), text);
  return folder;
}
