import { readFileSync } from 'node:fs';
import { lint } from './api-lint-rules';

const assembly = JSON.parse(readFileSync('.jsii', 'utf8'));
const findings = lint(assembly);
for (const finding of findings) console.log(finding);
console.log(`${Object.keys(assembly.types).length} types, ${findings.length} findings`);
process.exitCode = findings.length === 0 ? 0 : 1;
