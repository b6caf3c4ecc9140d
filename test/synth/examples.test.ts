import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { App, type AppProps } from 'cdk8s';
import { describe, expect, it, vi } from 'vitest';
import { AppSynthesizer } from '../../lib/synth/app-synthesizer';
import { ServingApp } from '../../lib/synth/serving-app';
import { standardErrorOf } from '../tree';
import { filesOf, OUTPUT_TYPES } from './identity';

const folder = join(__dirname, '../../examples');
const examples = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'synth.ts')
  .map((file) => basename(file, '.ts'));

/** The apps of an example, defined and not yet synthesized. */
async function appsOf(example: string): Promise<App[]> {
  const apps: App[] = [];
  const keep = function (this: App): void {
    apps.push(this);
  };
  const spies = [
    vi.spyOn(App.prototype, 'synth').mockImplementation(keep),
    vi.spyOn(ServingApp.prototype, 'synth').mockImplementation(keep),
    vi.spyOn(console, 'error').mockImplementation(() => {}),
  ];
  await import(`../../examples/${example}.ts`);
  for (const spy of spies) spy.mockRestore();
  return apps;
}

/** The same app with other properties, which only its constructor takes. */
function withProps(app: App, props: AppProps): App {
  return Object.assign(app, props);
}

function written(synthesize: (outdir: string) => void): { readonly [path: string]: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'synth-'));
  try {
    synthesize(outdir);
    return filesOf(outdir);
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

describe.each(examples)('the example %s', (example) => {
  it('has the bytes of cdk8s, with all kinds of output', async () => {
    const apps = await appsOf(example);
    expect(apps).not.toEqual([]);
    for (const app of apps) {
      for (const yamlOutputType of OUTPUT_TYPES) {
        const props = { yamlOutputType, recordConstructMetadata: true };
        let warnings = '';
        const ours = written((outdir) => {
          warnings = standardErrorOf(() => AppSynthesizer.synth(withProps(app, { ...props, outdir })));
        });
        const stock = written((outdir) => App.prototype.synth.call(withProps(app, { ...props, outdir })));
        expect(ours).toEqual(stock);
        expect(Object.keys(ours).length).toBeGreaterThan(1);
        expect(warnings).not.toContain('StockSynthesis');
      }
      expect(AppSynthesizer.synthYaml(app)).toBe(App.prototype.synthYaml.call(app));
    }
  }, 60_000);
});
