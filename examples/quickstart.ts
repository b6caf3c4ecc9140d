// From a Bento as `bentoml build` wrote it to everything that serves it.
import { App, Chart } from 'cdk8s';
import { Bento, BentoDeployment, EnvVar, SecretRef } from '../lib';

const app = new App();
const chart = new Chart(app, 'text-search', { namespace: 'ml' });

const search = new BentoDeployment(chart, 'TextSearch', {
  bento: Bento.fromFile('examples/bentos/text-search', { image: 'registry.example.com/text-search:3auspqat6smdonry' }),
  env: [EnvVar.fromSecret('API_KEY', { secret: SecretRef.named('text-search'), key: 'api-key' })],
});

app.synth();

console.error('The cluster must have:');
for (const requirement of search.requirements) console.error(`- ${requirement.toString()}`);
