import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManifestValidation } from '../../lib';

const chart = mkdtempSync(join(tmpdir(), 'chart-'));
writeFileSync(join(chart, 'deployment.yaml'), '{{- if .Values.enabled }}\nkind: Deployment\n{{- end }}\n');
ManifestValidation.checkFolder(chart);
