import { describe, expect, it } from 'vitest';
import { BentoDeployment, Runner, type TimeoutPlan } from '../../lib';
import { pair } from '../bentos';
import { synthesize } from '../tree';

describe('TimeoutPlan.toMermaid', () => {
  it('escapes what Mermaid reads itself', () => {
    let plan!: TimeoutPlan;
    synthesize((chart) => {
      const runners = { Embedder: Runner.url('http://embedder:3000/"q"') };
      plan = new BentoDeployment(chart, 'Rag', { bento: pair(), runners }).timeoutPlan;
    });
    expect(plan.toMermaid()).toContain('["http://embedder:3000/#quot;q#quot;"]');
  });
});
