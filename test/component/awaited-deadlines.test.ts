import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  BentoDeployment,
  type BentoDeploymentProps,
  CanaryStep,
  ClusterProfile,
  Exposure,
  Gateway,
  Release,
  Runner,
  Version,
} from '../../lib';
import { chain, pair } from '../bentos';
import { synthesize } from '../tree';

const MINUTE = 60;
/** A node and the image. */
const BEFORE_START = 900;

const objects = (props: Partial<BentoDeploymentProps>) =>
  synthesize((chart) => {
    const gateway = Gateway.envoyGateway({ name: 'public', namespace: 'gateways' });
    ClusterProfile.set(
      chart,
      new ClusterProfile({ kubernetesVersion: '1.33', gateway, argoRollouts: { gatewayApiPlugin: {} } }),
    );
    new BentoDeployment(chart, 'Rag', {
      bento: pair(),
      versionKey: 'v2',
      exposure: Exposure.gateway({ hosts: ['rag.example.com'] }),
      apiServer: { startup: { timeout: Duration.minutes(2) } },
      runners: { Embedder: Runner.pool({ startup: { timeout: Duration.minutes(40) } }) },
      ...props,
    });
  });

const canary = (options: { progressDeadline?: Duration } = {}) =>
  Release.canary({ previous: Version.absent(), steps: [CanaryStep.weight(10)], ...options });

/** What a pool may take, and what its callers wait for it. */
const POOL = 40 * MINUTE + BEFORE_START;

describe('the deadline of pods that wait for pools', () => {
  it('is not over while the pools still start', () => {
    const all = objects({ release: canary() });
    const { progressDeadlineSeconds, template } = all.get('Rollout', 'rag').spec;
    expect(all.get('Deployment', 'rag-embedder-v2').spec.progressDeadlineSeconds).toBe(POOL);
    expect(template.spec.initContainers[0].command.at(-1)).toBe(String(POOL));
    expect(progressDeadlineSeconds).toBe(POOL + 2 * MINUTE + BEFORE_START);
  });

  it('holds along a chain of pools', () => {
    const startup = (minutes: number) => Runner.pool({ startup: { timeout: Duration.minutes(minutes) } });
    const all = objects({
      bento: chain(),
      apiServer: {},
      runners: { Reranker: startup(20), Encoder: startup(30) },
      release: Release.rolling({ previous: Version.absent() }),
    });
    const deadline = (name: string) => all.get('Deployment', name).spec.progressDeadlineSeconds;
    const encoder = 30 * MINUTE + BEFORE_START;
    const reranker = encoder + 20 * MINUTE + BEFORE_START;
    expect([deadline('rag-encoder-v2'), deadline('rag-reranker-v2')]).toEqual([encoder, reranker]);
    expect(deadline('rag')).toBe(reranker + 10 * MINUTE + BEFORE_START);
  });

  it('is what the user says', () => {
    const progressDeadline = Duration.minutes(15);
    const all = objects({ release: Release.rolling({ previous: Version.absent(), progressDeadline }), runners: {} });
    expect(all.get('Deployment', 'rag').spec.progressDeadlineSeconds).toBe(900);
  });

  it.each([
    [POOL + 2 * MINUTE + 1, undefined],
    [
      POOL + 2 * MINUTE,
      `[OutOfRange] 'release.progressDeadline' must be above ${POOL + 2 * MINUTE} s, what the pools that it calls and a replica may take to start and \`minReady\`, got ${POOL + 2 * MINUTE}; a good release would be aborted: raise it, or leave it out (at test/Rag)`,
    ],
  ])('of a canary of %d s', (seconds, error) => {
    const define = () => objects({ release: canary({ progressDeadline: Duration.seconds(seconds) }) });
    if (error === undefined) expect(define().get('Rollout', 'rag').spec.progressDeadlineSeconds).toBe(seconds);
    else expect(define).toThrow(error);
  });
});
