import { Chart, Duration, Testing } from 'cdk8s';
import { Bento, BentoDeployment, Exposure, Tls } from '../../lib';

const chart = new Chart(Testing.app(), 'prod', { namespace: 'ml' });
const bento = Bento.fromImage('registry.example.com/rag:1', { bentoService: 'Rag' });
new BentoDeployment(chart, 'Rag', {
  bento,
  apiServer: { traffic: { timeout: Duration.minutes(10) } },
  exposure: Exposure.networkLoadBalancer({
    subnetCidrs: ['10.0.0.0/20'],
    tls: Tls.acm(['arn:aws:acm:eu-west-1:111122223333:certificate/12345678']),
  }),
});
