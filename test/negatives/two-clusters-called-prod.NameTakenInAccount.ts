import { cluster } from '../aws/clusters';
import { terraform } from '../terraform/synth';

terraform((stack) => {
  cluster(stack, { name: 'prod' }, 'UsEast');
  cluster(stack, { name: 'prod' }, 'EuWest');
});
