import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { expect, it, vi } from 'vitest';
import { broad } from './typescript/broad';
import { Report } from './typescript/report';

it('the broad app of all languages synthesizes', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'bento-broad-'));
  const warnings = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const app = new App({ outdir });
    broad(app, new Report());
    app.synth();
    expect(readdirSync(outdir).length).toBeGreaterThan(10);
  } finally {
    warnings.mockRestore();
    rmSync(outdir, { recursive: true, force: true });
  }
}, 60_000);
