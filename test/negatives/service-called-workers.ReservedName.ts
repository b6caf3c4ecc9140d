import { BentoService } from '../../lib';

BentoService.named('workers');
