import { Runner } from '../../lib';

Runner.url('embedder:3000');
