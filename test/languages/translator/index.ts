// Writes each part of the broad app in Python, Java and Go.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Types } from './assemblies';
import { toGo } from './go';
import { className, toJava } from './java';
import { type Program, readProgram } from './program';
import { snake, toPython } from './python';

const languages = join(__dirname, '..');
const PARTS = join(languages, 'typescript/parts');

export interface Part {
  readonly file: string;
  readonly program: Program;
}

export function parts(types: Types): Part[] {
  return readdirSync(PARTS)
    .sort()
    .map((name) => {
      const file = join(PARTS, name);
      try {
        return { file, program: readProgram(readFileSync(file, 'utf8'), types) };
      } catch (error) {
        throw new Error(`${basename(file)}: ${(error as Error).message}`);
      }
    });
}

/** The text of each file that is written, by its path. */
export function translations(types: Types): Map<string, string> {
  return new Map(
    parts(types).flatMap(({ program }) => [
      [join(languages, 'python/parts', `${snake(program.name)}.py`), toPython(program, types)],
      [join(languages, 'java/src/main/java/com/example', `${className(program)}.java`), toJava(program, types)],
      [join(languages, 'go', `${snake(program.name)}.go`), toGo(program, types)],
    ]),
  );
}

export function writeTranslations(): void {
  for (const [file, text] of translations(Types.ofLibrary())) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

if (require.main === module) writeTranslations();
