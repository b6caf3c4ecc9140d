import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLazyRequires } from '../../tools/lazy-requires';

/** Modules as the compiler writes them. */
const MODULES = {
  index: `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.twice = exports.Dog = exports.wild = void 0;
exports.wild = __importStar(require("./animal"));
var dog_1 = require("./dog");
Object.defineProperty(exports, "Dog", { enumerable: true, get: function () { return dog_1.Dog; } });
var twice_1 = require("./twice");
Object.defineProperty(exports, "twice", { enumerable: true, get: function () { return twice_1.twice; } });
`,
  dog: `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Dog = void 0;
const animal_1 = require("./animal");
const twice_1 = require("./twice");
class Dog extends animal_1.Animal {
    legs() { return (0, twice_1.twice)(2); }
    static pup() { return new animal_1.Animal.Kinds.Small("animal_1"); }
}
exports.Dog = Dog;
`,
  animal: `"use strict";
exports.Animal = class Animal { static Kinds = { Small: class { constructor(name) { this.name = name; } } }; };
`,
  twice: `"use strict";
exports.twice = (value) => 2 * value;
`,
};

describe('withLazyRequires', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazy-'));
    for (const [name, code] of Object.entries(MODULES))
      writeFileSync(join(folder, `${name}.js`), withLazyRequires(code));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const load = () => {
    const require = createRequire(join(folder, 'user.js'));
    const loaded = () =>
      Object.keys(require.cache)
        .filter((file) => file.startsWith(folder))
        .map((file) => file.slice(folder.length + 1, -'.js'.length))
        .sort();
    return { library: require('./index'), loaded };
  };

  it('loads a module when it is first used', () => {
    const { library, loaded } = load();
    expect(loaded()).toEqual(['index']);
    const dog = new library.Dog();
    expect(loaded()).toEqual(['animal', 'dog', 'index']);
    expect(dog.legs()).toBe(4);
    expect(loaded()).toEqual(['animal', 'dog', 'index', 'twice']);
  });

  it('loads a submodule when it is asked for', () => {
    const { library, loaded } = load();
    expect(Object.keys(library.wild)).toEqual(['Animal']);
    expect(loaded()).toEqual(['animal', 'index']);
  });

  it('keeps what is constructed, inherited and written in texts', () => {
    const { library } = load();
    expect(library.Dog.pup().name).toBe('animal_1');
    expect(Object.getPrototypeOf(library.Dog).name).toBe('Animal');
  });

  it('keeps the names of exports, for whoever lists them', () => {
    const { library } = load();
    expect(Object.keys(library).sort()).toEqual(['Dog', 'twice', 'wild']);
    expect(Object.getOwnPropertyDescriptor(library, 'Dog')).toMatchObject({ enumerable: true });
  });

  it('keeps the names of exports for ECMAScript modules, which find them in the text', () => {
    const user = join(folder, 'user.mjs');
    writeFileSync(user, "import { Dog, twice } from './index.js';\nconsole.log(new Dog().legs() + twice(1));\n");
    expect(execFileSync(process.execPath, [user], { encoding: 'utf8' })).toBe('6\n');
  });

  it('leaves code without imports, and its own output, as they are', () => {
    expect(withLazyRequires(MODULES.twice)).toBe(MODULES.twice);
    const once = withLazyRequires(MODULES.dog);
    expect(withLazyRequires(once)).toBe(once);
  });

  it('fails where an import is used in a way that the compiler does not know', () => {
    expect(() => withLazyRequires('const a_1 = require("a");\nexports.a = a_1;\n')).toThrow("'a_1' is used otherwise");
  });
});
