import { ManifestValidation } from '../../lib';

ManifestValidation.checkFolder('never-synthesized');
