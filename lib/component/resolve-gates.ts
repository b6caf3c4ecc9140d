import type { BentoServiceModel } from '../bento/bento-model';
import type { ClusterModel } from '../cluster/cluster-profile';
import type { PrometheusModel } from '../cluster/prometheus';
import { requireMadeBy, requireUnique } from '../internal/checks';
import { errors } from '../internal/errors';
import { Gate } from '../release/gate';
import { type GateModel, gateName, type MeasuredGateModel } from '../release/gate-model';
import type { IdentityModel } from './component-model';
import { LAST_BUCKET_SECONDS, rateWindow } from './resolve-metrics';
import type { Warning } from './warning';

/** What decides whether a gate can be had. */
export interface GateContext {
  /** The property that holds the gates. */
  readonly property: string;
  /** Of the API server, whose versions they compare. */
  readonly identity: IdentityModel;
  readonly service: BentoServiceModel;
  /** What a replica of it takes at a time, by the user or by the Bento. */
  readonly maxConcurrency?: number;
  readonly cluster: ClusterModel;
  /** Whether they are asked beside the steps, not in one. */
  readonly background: boolean;
  readonly warnings: Warning[];
}

const SHORTEST_WINDOW_SECONDS = 120;

/** Fills in what depends on the cluster and the Bento, and refuses what neither has. */
export function resolveGates(gates: readonly Gate[], context: GateContext): GateModel[] {
  for (const gate of gates) requireMadeBy(context.property, gate, Gate);
  const models = gates.map(({ _model }) => resolveGate(_model, context));
  requireUnique(
    context.property,
    models.map(gateName),
    'two gates of a kind differ by the percentile or the kind of errors; name the others differently',
  );
  requireSameArgs(context.property, models);
  return models;
}

function resolveGate(gate: GateModel, context: GateContext): GateModel {
  const { property, background, warnings } = context;
  switch (gate.kind) {
    case 'measured':
      return resolveMeasured(gate, context);
    case 'prometheus':
      requirePrometheus(gate, context);
      return gate;
    case 'webhook':
      warnings.push({
        id: 'WebhookPassesWithoutJson',
        text: `'${property}' asks ${gate.url}: Argo Rollouts up to 1.10 takes an answer with a status of success whose body is no JSON, as a page for signing in, for a pass; see to it that the server answers nothing of the kind, or use Gate.job()`,
      });
      return gate;
    case 'job':
      if (background) {
        throw errors.notByEngine(
          `${property} (${gate.name})`,
          'gates beside the steps',
          'a Job runs once, and what runs beside the steps is asked until the end',
          'state it among the gates of the steps',
        );
      }
      return gate;
    case 'template':
      return gate;
  }
}

function resolveMeasured(gate: MeasuredGateModel, context: GateContext): MeasuredGateModel {
  const { identity, service } = context;
  const property = `${context.property} (${gateName(gate)})`;
  const prometheus = requirePrometheus(gate, context);
  if (!service.metricsEnabled) {
    throw errors.noMetrics(property, service.name, 'set metrics.enabled in its code, or use another gate');
  }
  if (identity.namespace === undefined) {
    throw errors.namespaceNeeded(property, `requests of ${identity.name} are told from those of namesakes by it`);
  }
  const { measure } = gate;
  const lastBucketSeconds = service.lastBucketSeconds ?? LAST_BUCKET_SECONDS;
  if (measure.kind === 'latency' && measure.percentile !== undefined && measure.maxSeconds >= lastBucketSeconds) {
    throw errors.outOfRange(
      `${property}.max`,
      `below ${lastBucketSeconds} s, where the buckets of ${service.name} end`,
      measure.maxSeconds,
      'state a shorter one, metrics.duration.buckets in its code, or no percentile',
    );
  }
  return {
    ...gate,
    lastBucketSeconds,
    measure: measure.kind === 'saturation' ? { ...measure, maxConcurrency: requireLimit(property, context) } : measure,
    windowSeconds: rateWindow(property, gate.windowSeconds, prometheus, SHORTEST_WINDOW_SECONDS),
  };
}

function requireLimit(property: string, { maxConcurrency, service }: GateContext): number {
  if (maxConcurrency !== undefined) return maxConcurrency;
  throw errors.missingOption(
    'traffic.maxConcurrency',
    `for '${property}'`,
    `state it for the API server, or traffic.max_concurrency in the code of ${service.name}: without a limit nothing is full`,
  );
}

/** The Prometheus of the cluster, where Argo Rollouts can sign in there. */
function requirePrometheus(gate: GateModel, { property, cluster }: GateContext): PrometheusModel {
  const what = `${property} (${gateName(gate)})`;
  const { prometheus } = cluster;
  if (prometheus?.address === undefined) {
    throw errors.clusterLacks(what, 'prometheus.address', 'state it, or use Gate.webhook(), job() or template()');
  }
  const { authentication } = prometheus;
  if (authentication?.kind === 'secrets' && authentication.mode === 'basic') {
    throw errors.gateAuthentication(
      what,
      'by user name and password, of which no header can be made',
      'use PrometheusAuthentication.header() with a Secret that holds `Authorization` and `Basic ...`, which KEDA takes too',
    );
  }
  if (authentication?.kind === 'reference') {
    throw errors.gateAuthentication(
      what,
      'by a TriggerAuthentication, which is of KEDA alone',
      'use PrometheusAuthentication.bearerToken(), header() or aws()',
    );
  }
  if (authentication?.kind === 'aws' && !prometheus.address.includes('aps-workspaces')) {
    throw errors.gateAuthentication(
      what,
      `by a role of AWS at ${prometheus.address}, which is none of Amazon's`,
      'state the address of the workspace, as https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-1',
    );
  }
  return prometheus;
}

/** A Rollout gives arguments to all templates of an analysis alike. */
function requireSameArgs(property: string, gates: readonly GateModel[]): void {
  const stated = new Map<string, string>();
  const args = gates.flatMap((gate) => (gate.kind === 'template' ? gate.args : []));
  for (const [name, value] of args) {
    if (stated.has(name) && stated.get(name) !== value) {
      const remedy = 'Argo Rollouts gives one value to all templates of an analysis';
      throw errors.duplicateKey(`${property}.args`, name, remedy);
    }
    stated.set(name, value);
  }
}
