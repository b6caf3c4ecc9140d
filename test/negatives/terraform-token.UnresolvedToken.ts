import { EnvVar } from '../../lib';

EnvVar.value('BUCKET', '$'.concat('{TfToken[TOKEN.0]}'));
