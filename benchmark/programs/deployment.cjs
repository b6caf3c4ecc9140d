// One BentoDeployment and nothing else, in the App of cdk8s or in ours.
const { App, Chart } = require('cdk8s');
const { Bento, BentoDeployment, InstanceSize, ServingApp } = require('../..');
const { shapeOf } = require('./shape.cjs');

const { outdir } = shapeOf(process.argv);
const app = process.argv[5] === 'ours' ? new ServingApp({ outdir }) : new App({ outdir });
new BentoDeployment(new Chart(app, 'summarizer', { namespace: 'ml' }), 'Summarizer', {
  bento: Bento.fromImage('registry.example.com/summarizer:1-0-0', { bentoService: 'Summarizer' }),
  apiServer: { size: InstanceSize.named('cpu.2') },
});
app.synth();
