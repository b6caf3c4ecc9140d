import { join } from 'node:path';
import { goBuild, goModule } from '../tools/go';

const MODULE = join(__dirname, 'rollouts');
const ARGO_ROLLOUTS = 'github.com/argoproj/argo-rollouts';
const FLAGS = '-s -w';

/** Argo Rollouts' controller as it is released. */
export const rolloutsControllerBinary = () =>
  goBuild('rollouts-controller', MODULE, FLAGS, `${ARGO_ROLLOUTS}/cmd/rollouts-controller`);

/** Argo Rollouts' command line: its lint, and what a human does to a Rollout. */
export const kubectlArgoRolloutsBinary = () =>
  goBuild('kubectl-argo-rollouts', MODULE, FLAGS, `${ARGO_ROLLOUTS}/cmd/kubectl-argo-rollouts`);

/** Argo Rollouts' source, with its CRDs. */
export const rolloutsSource = () => goModule(MODULE, ARGO_ROLLOUTS);
