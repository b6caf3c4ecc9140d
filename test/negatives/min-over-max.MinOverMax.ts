import { Scaling } from '../../lib';

Scaling.auto({ minReplicas: 5, maxReplicas: 2 });
