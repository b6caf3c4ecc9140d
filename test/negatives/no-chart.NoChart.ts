import { App } from 'cdk8s';
import { Bento, BentoDeployment } from '../../lib';

new BentoDeployment(new App(), 'A', { bento: Bento.fromImage('registry.example.com/a:1', { bentoService: 'A' }) });
