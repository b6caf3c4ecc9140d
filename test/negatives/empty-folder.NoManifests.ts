import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManifestValidation } from '../../lib';

ManifestValidation.checkFolder(mkdtempSync(join(tmpdir(), 'empty-')));
