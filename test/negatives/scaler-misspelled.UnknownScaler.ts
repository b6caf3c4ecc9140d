import { requireTrigger } from '../../lib/scaling/keda-scalers';

requireTrigger('metadata', 'kafak', {}, false);
