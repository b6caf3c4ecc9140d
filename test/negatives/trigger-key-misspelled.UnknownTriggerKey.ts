import { requireTrigger } from '../../lib/scaling/keda-scalers';

requireTrigger('metadata', 'prometheus', { treshold: '5' }, false);
