// Behind the compiler: rewrites the built modules so that each is loaded when it is first used.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLazyRequires } from './lazy-requires';

const build = join(__dirname, '../build');
for (const file of readdirSync(build, { recursive: true, encoding: 'utf8' })) {
  if (!file.endsWith('.js')) continue;
  const code = readFileSync(join(build, file), 'utf8');
  const lazy = withLazyRequires(code);
  if (lazy !== code) writeFileSync(join(build, file), lazy);
}
