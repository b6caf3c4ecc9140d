import { requireTrigger } from '../../lib/scaling/keda-scalers';

requireTrigger('metadata', 'prometheus', { serverAddress: 'http://prometheus:9090', threshold: '5' }, false);
