import { cpSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../tools/run';
import { type Venv, venv } from '../tools/venv';
import { type Image, readImage } from './image';
import type { Mount } from './sandbox';

export const fixtures = join(__dirname, '../fixtures/bento');

export interface BuiltBento {
  readonly bentoYaml: string;
  readonly image: Image;
}

/** The real BentoML, with a store of its own in `home`. */
export class BentoMl {
  static async install(home: string): Promise<BentoMl> {
    const packages = await venv({
      name: 'bentoml',
      packages: ['bentoml==1.4.39'],
      constraints: join(__dirname, 'constraints.txt'),
    });
    const prefix = await run(packages.python, ['-c', 'import sys; print(sys.base_prefix)']);
    const bentoml = new BentoMl(packages, prefix.stdout.trim(), home);
    await bentoml.python(join(__dirname, 'word_table.py'));
    return bentoml;
  }

  private constructor(
    private readonly packages: Venv,
    private readonly interpreter: string,
    private readonly home: string,
  ) {}

  /** The Python that images find on their path. */
  get interpreterOfImages(): string {
    return this.packages.python;
  }

  /** Where an image has the Python packages; the interpreter they link to stays where it is on this machine. */
  get mounts(): Mount[] {
    return [
      { path: '/app/.venv', source: realpathSync(this.packages.dir), readOnly: true },
      { path: this.interpreter, source: this.interpreter, readOnly: true },
    ];
  }

  /** Builds the fixture `name` and the build context of its image. */
  async build(name: string, service: string): Promise<BuiltBento> {
    const source = join(this.home, 'sources', name);
    mkdirSync(source, { recursive: true });
    cpSync(join(fixtures, name, 'service.py'), join(source, 'service.py'));
    await run(this.packages.program('bentoml'), ['build', `service:${service}`, '--name', name, '--version', 'v1'], {
      cwd: source,
      env: this.env,
    });
    const context = join(this.home, 'images', name);
    await this.python(join(__dirname, 'image_context.py'), `${name}:v1`, context);
    // As the Dockerfile's COPY --chown leaves it; the store keeps it to its owner.
    await run('chmod', ['-R', 'a+rX', context]);
    return {
      bentoYaml: readFileSync(join(context, 'bento.yaml'), 'utf8'),
      image: readImage(context, '/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin'),
    };
  }

  private python(...args: string[]) {
    return run(this.packages.python, args, { env: this.env });
  }

  private get env() {
    return { BENTOML_HOME: this.home, BENTOML_DO_NOT_TRACK: 'True' };
  }
}
