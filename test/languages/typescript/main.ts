// main.ts OUTDIR: the broad app, and what it reads from its objects.
import { join } from 'node:path';
import { App } from 'cdk8s';
import { broad } from './broad';
import { Report } from './report';

const [outdir = 'out'] = process.argv.slice(2);
const app = new App({ outdir });
const report = new Report();
broad(app, report);
app.synth();
report.write(join(outdir, 'report.txt'));
