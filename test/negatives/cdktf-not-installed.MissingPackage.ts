import { tmpdir } from 'node:os';
import { loadFrom } from '../../lib/aws/terraform';

loadFrom([tmpdir()], { name: 'cdktf-that-nobody-has', version: '0.21.0' });
