import { ManifestValidation } from '../../lib';

new ManifestValidation({ exclude: ['SecretsInClear'] });
