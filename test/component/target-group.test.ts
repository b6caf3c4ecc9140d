import { describe, expect, it } from 'vitest';
import { ClusterProfile, Exposure } from '../../lib';
import type { AnswerModel } from '../../lib/component/answer';
import { doorTimes, resolveDoors } from '../../lib/component/doors';
import { drainOf } from '../../lib/component/drain';
import { targetGroupNameOf, targetGroupTerms } from '../../lib/component/target-group';

const profile = new ClusterProfile({ loadBalancerCidrs: ['10.0.0.0/16'] });
const doorOf = (exposure: Exposure) => resolveDoors(exposure._model, profile)[0]!;
const network = doorOf(Exposure.networkLoadBalancer({ targetGroupName: 'rag' }));
const application = doorOf(Exposure.applicationLoadBalancer({ hosts: ['a.example.com'], targetGroupName: 'rag' }));
const answer = (total: number): AnswerModel => ({ firstByte: total, total, silence: total, streams: false });

describe('a target group of somebody else', () => {
  it('is there where the exposure names it', () => {
    expect([network, application].map(targetGroupNameOf)).toEqual(['rag', 'rag']);
    expect(targetGroupNameOf(doorOf(Exposure.networkLoadBalancer()))).toBeUndefined();
    expect(targetGroupNameOf(doorOf(Exposure.inCluster()))).toBeUndefined();
  });

  it.each([
    ['network', network, 60, 350],
    ['network', network, 340, 350],
    ['network', network, 341, 351],
    ['application', application, 10, 60],
    ['application', application, 50, 60],
    ['application', application, 51, 61],
  ])('of a %s load balancer is silent for long enough: answers of %3$s s', (_, door, total, idleSeconds) => {
    expect(targetGroupTerms(door, { answer: answer(total), drain: drainOf(10, total) })).toEqual({
      idleSeconds,
      deregistrationSeconds: 10 + total,
    });
  });

  it('gets whole seconds, never fewer than the door needs', () => {
    const terms = targetGroupTerms(application, { answer: answer(90.4), drain: drainOf(30, 90.4) });
    expect(terms.deregistrationSeconds).toBe(121);
    expect(terms.idleSeconds).toBeGreaterThanOrEqual(doorTimes(application, answer(90.4)).silence!);
    expect(Number.isInteger(terms.idleSeconds)).toBe(true);
  });
});
