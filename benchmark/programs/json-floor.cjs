// The least that a program of Node can do for the objects of objects.cjs.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { shapeOf } = require('./shape.cjs');
const { nameOf, objectsOf } = require('./objects.cjs');

const { count, outdir } = shapeOf(process.argv);
mkdirSync(outdir, { recursive: true });
const documents = [];
for (let index = 0; index < count; index++)
  documents.push(...objectsOf(nameOf(index)).map((object) => JSON.stringify(object)));
writeFileSync(join(outdir, 'app.json'), documents.join('\n'));
