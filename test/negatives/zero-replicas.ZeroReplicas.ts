import { Scaling } from '../../lib';

Scaling.auto({ minReplicas: 0, maxReplicas: 5 });
