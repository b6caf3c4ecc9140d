import type { Finding } from './tools';

export interface Exclusion {
  readonly tool: Finding['tool'];
  readonly rule: string;
  /** Part of what the tool says, where a rule checks several things. @default - whatever it says */
  readonly says?: string;
  /** Part of `example: object`, where only some of the output is meant. @default - everywhere */
  readonly only?: string;
  /** Why our output is right all the same; docs/decisions says it in the same words. */
  readonly reason: string;
}

const CPU_LIMIT =
  'A CPU limit throttles a server in the middle of a request while the node has cycles to spare; the CPU request already guarantees its share. `cpuLimitCores` sets one where it is wanted.';
const USER =
  "BentoML's images own their files as user and group 1034; another id could not read them. A pod runs as no user of the node, and `security` sets other ids for other images.";
const PULL_POLICY =
  'A tag or digest that never moves is pulled once per node: a cold start must not depend on the registry. A tag that may move gets Always.';
const DIGEST =
  "The image reference is the user's. A digest is kept as it is given and the pipelines guide pins one; the examples also show the tags that `bentoml build` makes, which are never reused.";

const SCALED_OBJECT = "kube-score does not know KEDA's ScaledObjects: they own the replicas, and hold their minimum.";

const IDLE_POD =
  'Pods that hold a spare node, or have pulled images to one, run `pause`: nothing in them listens, connects or can fail.';

/** What the policy checkers find in the examples and we mean to keep. An entry that finds nothing any more is an error. */
export const EXCLUSIONS: Exclusion[] = [
  { tool: 'checkov', rule: 'CKV_K8S_11', reason: CPU_LIMIT },
  { tool: 'kube-score', rule: 'container-resources', says: 'CPU limit is not set', reason: CPU_LIMIT },
  { tool: 'checkov', rule: 'CKV_K8S_40', reason: USER },
  { tool: 'kube-score', rule: 'container-security-context-user-group-id', reason: USER },
  { tool: 'checkov', rule: 'CKV_K8S_15', reason: PULL_POLICY },
  { tool: 'kube-score', rule: 'container-image-pull-policy', reason: PULL_POLICY },
  { tool: 'checkov', rule: 'CKV_K8S_43', reason: DIGEST },
  {
    tool: 'checkov',
    rule: 'CKV_K8S_35',
    reason:
      'BentoML and the libraries in a service read their configuration from the environment. The manifest holds a reference to the Secret, never its value.',
  },
  {
    tool: 'kube-score',
    rule: 'container-ephemeral-storage-request-and-limit',
    reason:
      'Only the user knows what a service caches on disk: a limit by guess evicts the pod in the middle of a download. `ephemeralStorage` of a size sets request and limit.',
  },
  {
    tool: 'kube-score',
    rule: 'pod-networkpolicy',
    says: 'does not have a matching egress NetworkPolicy',
    reason:
      "Egress is open unless restricted: policies add up, so a rule that allows all egress would undo a namespace's default deny, and any narrower one would be a guess at what the code calls.",
  },
  {
    tool: 'kube-score',
    rule: 'deployment-has-host-podantiaffinity',
    reason:
      'Topology spread over zones and hosts does what preferred anti-affinity does, also when there are more replicas than hosts, and each ReplicaSet by itself.',
  },
  {
    tool: 'kube-score',
    rule: 'deployment-targeted-by-hpa-does-not-have-replicas-configured',
    only: 'environments/staging: ',
    reason:
      'A terminated deployment keeps its autoscaler and has zero replicas, which disables the autoscaler. In every other state an autoscaled workload carries no replicas.',
  },
  {
    tool: 'kube-score',
    rule: 'deployment-replicas',
    only: 'environments/development: ',
    reason: 'Development runs one replica of each component, as its definition states: an outage of it costs nothing.',
  },
  ...[
    'autoscaling: ',
    'traffic: ',
    'canary: ',
    'fleet/',
    'function/on-demand: ',
    'function/knative: Deployment/apps/v1/ml/upscaler-upscaler',
  ].map((only): Exclusion => ({ tool: 'kube-score', rule: 'deployment-replicas', only, reason: SCALED_OBJECT })),
  ...['ml.l4-spare', 'ml.h100-image-pull'].flatMap((only) =>
    ['CKV_K8S_8', 'CKV_K8S_9', 'CKV2_K8S_6'].map(
      (rule): Exclusion => ({ tool: 'checkov', rule, only, reason: IDLE_POD }),
    ),
  ),
  ...['ml/l4-spare', 'ml/h100-image-pull'].map(
    (only): Exclusion => ({ tool: 'kube-score', rule: 'pod-networkpolicy', only, reason: IDLE_POD }),
  ),
  {
    tool: 'kube-score',
    rule: 'networkpolicy-targets-pod',
    only: 'function/knative: NetworkPolicy/networking.k8s.io/v1/ml/upscaler',
    reason: "kube-score does not know Knative's Services: the policy selects the pods of the one in the example.",
  },
  ...[
    'canary: NetworkPolicy/networking.k8s.io/v1/ml/rag',
    'blue-green: NetworkPolicy/networking.k8s.io/v1/ml/search',
  ].map(
    (only): Exclusion => ({
      tool: 'kube-score',
      rule: 'networkpolicy-targets-pod',
      only,
      reason: 'kube-score does not know Rollouts: the policy selects the pods of the one in the example.',
    }),
  ),
  {
    tool: 'kube-score',
    rule: 'deployment-replicas',
    only: 'split: Deployment/apps/v1/ml/translate-',
    reason: 'A version that gets copies answers nobody: one replica of each of its components will do.',
  },
  {
    tool: 'kube-score',
    rule: 'horizontalpodautoscaler-replicas',
    only: 'function/hpa: ',
    reason:
      'A function has no replica while nobody asks: that is what it is for. The library warns that nothing holds requests.',
  },
  {
    tool: 'kube-score',
    rule: 'horizontalpodautoscaler-replicas',
    only: 'production-one-at-a-time/bentoml-autoscaler',
    reason:
      'The example states a minimum of one replica, as the autoscaler it replaces has it; the library warns of it (SingleReplica).',
  },
  {
    tool: 'kube-score',
    rule: 'networkpolicy-targets-pod',
    only: 'interop: NetworkPolicy/networking.k8s.io/v1/ml/web',
    reason: 'The policy is for a front end that another team deploys: its pods are not in these manifests.',
  },
];

export function excludes({ tool, rule, says = '', only = '' }: Exclusion, example: string, finding: Finding): boolean {
  const where = `${example}: ${finding.object}`;
  return finding.tool === tool && finding.rule === rule && finding.says.includes(says) && where.includes(only);
}
