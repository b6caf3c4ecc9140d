import type { JobSpec } from 'kubernetes-types/batch/v1';
import type { EnvVar } from 'kubernetes-types/core/v1';
import type { PrometheusModel } from '../cluster/prometheus';
import { sortedEntries } from '../internal/names';
import type {
  GateModel,
  JobGateModel,
  MetricGateModel,
  WebhookGateModel,
  WebhookHeaderModel,
} from '../release/gate-model';
import {
  image,
  pullSecrets,
  resources,
  restrictedContainer,
  restrictedPod,
  WRITABLE_MOUNT,
  WRITABLE_VOLUME,
} from './container';
import { unlessEmpty } from './unless-empty';

/** An argument of an AnalysisTemplate: a Rollout gives it a value, or a Secret. */
export interface TemplateArgument {
  readonly name: string;
  readonly valueFrom?: { readonly secretKeyRef: { readonly key: string; readonly name: string } };
}

const PROMETHEUS_TIMEOUT_SECONDS = 30;

/** A query, to the Prometheus of the cluster. */
export function prometheusProvider(query: string, { address, authentication, headers }: PrometheusModel): object {
  const list = [
    ...Object.entries(headers).map(([key, value]) => ({ key, value })),
    ...authenticationHeaders(authentication),
  ];
  return {
    address: address!.replace(/\/+$/, ''),
    ...(authentication?.kind === 'aws' && { authentication: { sigv4: { region: authentication.region } } }),
    headers: unlessEmpty(list),
    query,
    timeout: PROMETHEUS_TIMEOUT_SECONDS,
  };
}

function authenticationHeaders(
  authentication: PrometheusModel['authentication'],
): { readonly key: string; readonly value: string }[] {
  if (authentication?.kind !== 'secrets') return [];
  return authentication.mode === 'bearer'
    ? [{ key: 'Authorization', value: `Bearer ${secretValue('prometheus', 'bearerToken')}` }]
    : [{ key: secretValue('prometheus', 'customAuthHeader'), value: secretValue('prometheus', 'customAuthValue') }];
}

function secretName(of: string, what: string): string {
  return `secret-${of}-${what}`;
}

function secretValue(of: string, what: string): string {
  return `{{args.${secretName(of, what)}}}`;
}

/** A request to a server. */
export function webProvider(gate: WebhookGateModel): object {
  const { url, method, headers, body, jsonPath, timeoutSeconds } = gate;
  const value = (header: WebhookHeaderModel) =>
    'secret' in header ? secretValue(gate.name, header.name) : header.value;
  const list = [
    // Of `body`, which is text to Argo Rollouts, nobody else says what it is.
    ...(body !== undefined && !headers.some(({ name }) => name.toLowerCase() === 'content-type')
      ? [{ key: 'Content-Type', value: 'application/json' }]
      : []),
    ...headers.map((header) => ({ key: header.name, value: value(header) })),
  ];
  return { ...(body !== undefined && { body }), headers: unlessEmpty(list), jsonPath, method, timeoutSeconds, url };
}

/** A Job as no neighbour would notice it. */
export function jobSpec(gate: JobGateModel): JobSpec {
  return {
    activeDeadlineSeconds: gate.timeoutSeconds,
    backoffLimit: gate.retries,
    // A pod that a drain takes away has found nothing wrong with the version.
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onPodConditions: [{ status: 'True', type: 'DisruptionTarget' }] }],
    },
    template: {
      spec: {
        automountServiceAccountToken: gate.automountServiceAccountToken,
        containers: [
          {
            name: 'check',
            ...image(gate.image),
            command: gate.command && [...gate.command],
            args: gate.args && [...gate.args],
            env: unlessEmpty([...gate.env] as EnvVar[]),
            resources: resources(gate.size),
            securityContext: restrictedContainer(gate.readOnlyRoot),
            volumeMounts: [WRITABLE_MOUNT],
          },
        ],
        enableServiceLinks: false,
        imagePullSecrets: pullSecrets(gate),
        restartPolicy: 'Never',
        securityContext: restrictedPod({ user: gate.user, group: gate.user }),
        serviceAccountName: gate.serviceAccountName,
        volumes: [WRITABLE_VOLUME],
      },
    },
  };
}

/** What Argo Rollouts reads from Secrets, in the order of the names. */
export function secretArguments(
  gates: readonly MetricGateModel[],
  prometheus: PrometheusModel | undefined,
): TemplateArgument[] {
  const authentication = gates.some(asksPrometheus) ? prometheus?.authentication : undefined;
  const parameters = authentication?.kind === 'secrets' ? authentication.parameters : [];
  const secrets = [
    ...parameters.map(
      ([parameter, secret, key]) => [secretName('prometheus', parameter), { key, name: secret }] as const,
    ),
    ...gates.flatMap((gate) =>
      gate.kind === 'webhook'
        ? gate.headers.flatMap((header) =>
            'secret' in header
              ? [[secretName(gate.name, header.name), { key: header.key, name: header.secret }] as const]
              : [],
          )
        : [],
    ),
  ];
  return sortedEntries(Object.fromEntries(secrets)).map(([name, secretKeyRef]) => ({
    name,
    valueFrom: { secretKeyRef },
  }));
}

/** Whether a gate needs the Prometheus of the cluster. */
function asksPrometheus({ kind }: GateModel): boolean {
  return kind === 'measured' || kind === 'prometheus';
}
