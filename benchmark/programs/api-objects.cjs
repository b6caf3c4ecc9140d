// The objects of objects.cjs as ApiObjects of cdk8s, in the App of cdk8s or in ours.
const { ApiObject, App, Chart } = require('cdk8s');
const { connect, shapeOf } = require('./shape.cjs');
const { nameOf, objectsOf } = require('./objects.cjs');

const { shape, count, outdir } = shapeOf(process.argv);
const app = process.argv[5] === 'ours' ? new (require('../..').ServingApp)({ outdir }) : new App({ outdir });

const charts = [];
for (let index = 0; index < count; index++) {
  if (charts.length === 0 || shape !== 'one-chart') charts.push(new Chart(app, `chart-${index}`));
  const name = nameOf(index);
  for (const object of objectsOf(name)) new ApiObject(charts.at(-1), `${name}-${object.kind}`, object);
}
connect(shape, charts);
app.synth();
