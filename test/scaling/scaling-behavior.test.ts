import { Duration } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { PolicySelect, ScalingBehavior, ScalingSpeed } from '../../lib/scaling/scaling-behavior';
import { ScalingPolicy } from '../../lib/scaling/scaling-policy';

const plain = (behavior: ScalingBehavior) => JSON.parse(JSON.stringify(behavior._model));

// https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#configurable-scaling-behavior
describe('ScalingBehavior.of', () => {
  it('leaves a direction that nobody states to Kubernetes', () => {
    expect(plain(ScalingBehavior.of({}))).toEqual({});
    expect(plain(ScalingBehavior.of({ scaleUp: {} }))).toEqual({ scaleUp: { selectPolicy: 'Max', policies: [] } });
  });

  it('says the same of both directions', () => {
    const rules = {
      stabilizationWindow: Duration.minutes(5),
      policies: [ScalingPolicy.percent(50, Duration.minutes(1)), ScalingPolicy.pods(2, Duration.seconds(30))],
      selectPolicy: PolicySelect.MIN,
      tolerance: 0.05,
    };
    const model = {
      stabilizationWindowSeconds: 300,
      selectPolicy: 'Min',
      policies: [
        { kind: 'Percent', value: 50, periodSeconds: 60 },
        { kind: 'Pods', value: 2, periodSeconds: 30 },
      ],
      tolerance: 0.05,
    };
    expect(plain(ScalingBehavior.of({ scaleUp: rules, scaleDown: rules }))).toEqual({
      scaleUp: model,
      scaleDown: model,
    });
  });

  describe.each(['scaleUp', 'scaleDown'] as const)('%s', (direction) => {
    it.each([0, 1, 3600])('takes a window of %d seconds', (seconds) => {
      const behavior = ScalingBehavior.of({ [direction]: { stabilizationWindow: Duration.seconds(seconds) } });
      expect(plain(behavior)[direction].stabilizationWindowSeconds).toBe(seconds);
    });

    it.each([3601, 0.5, NaN, Infinity])('fails on a window of %d seconds', (seconds) => {
      expect(() => ScalingBehavior.of({ [direction]: { stabilizationWindow: Duration.seconds(seconds) } })).toThrow(
        `[OutOfRange] '${direction}.stabilizationWindow' must be a whole number from 0 to 3600, got ${seconds}`,
      );
    });

    it('fails on an empty list of policies', () => {
      expect(() => ScalingBehavior.of({ [direction]: { policies: [] } })).toThrow(
        `[EmptyList] '${direction}.policies' must not be empty; leave it out for the default of Kubernetes`,
      );
    });

    it.each([0, 0.001, 0.5, 1, 2])('takes a tolerance of %d', (tolerance) => {
      expect(plain(ScalingBehavior.of({ [direction]: { tolerance } }))[direction].tolerance).toBe(tolerance);
    });

    it.each([-0.1, NaN, Infinity, 0.0001, 1e-9])('fails on a tolerance of %d', (tolerance) => {
      expect(() => ScalingBehavior.of({ [direction]: { tolerance } })).toThrow(
        `[OutOfRange] '${direction}.tolerance' must be`,
      );
    });
  });
});

describe('ScalingBehavior.neverScaleDown', () => {
  it('disables one direction', () => {
    expect(plain(ScalingBehavior.neverScaleDown())).toEqual({ scaleDown: { selectPolicy: 'Disabled', policies: [] } });
  });
});

// docs.bentoml.com, scale-with-bentocloud/scaling/autoscaling: fast has no window and moves by 100 % or 4 replicas,
// stable waits for 600 seconds and moves by 100 %, each 15 seconds; up is fast and down is stable by default.
describe('ScalingBehavior.bentoCloud', () => {
  const fast = {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { kind: 'Percent', value: 100, periodSeconds: 15 },
      { kind: 'Pods', value: 4, periodSeconds: 15 },
    ],
  };
  const stable = {
    stabilizationWindowSeconds: 600,
    selectPolicy: 'Max',
    policies: [{ kind: 'Percent', value: 100, periodSeconds: 15 }],
  };
  const disabled = { selectPolicy: 'Disabled', policies: [] };

  it('goes up fast and down stable by default', () => {
    expect(plain(ScalingBehavior.bentoCloud())).toEqual({ scaleUp: fast, scaleDown: stable });
  });

  it.each([
    [ScalingSpeed.FAST, fast],
    [ScalingSpeed.STABLE, stable],
    [ScalingSpeed.DISABLED, disabled],
  ])('means by %s what BentoCloud does', (speed, model) => {
    expect(plain(ScalingBehavior.bentoCloud({ scaleUp: speed, scaleDown: speed }))).toEqual({
      scaleUp: model,
      scaleDown: model,
    });
  });
});

describe('ScalingBehavior.oneAtATime', () => {
  const every = (seconds: number) => Duration.seconds(seconds);

  // The AutoScaler of the seed chapter: 60 s out, 120 s in, one at a time, in only below half.
  it('is what the chapter on production scaling programs', () => {
    expect(
      plain(
        ScalingBehavior.oneAtATime({ scaleUpEvery: every(60), scaleDownEvery: every(120), scaleDownBelowRatio: 0.5 }),
      ),
    ).toEqual({
      scaleUp: { selectPolicy: 'Max', policies: [{ kind: 'Pods', value: 1, periodSeconds: 60 }] },
      scaleDown: {
        stabilizationWindowSeconds: 120,
        selectPolicy: 'Max',
        policies: [{ kind: 'Pods', value: 1, periodSeconds: 120 }],
        tolerance: 0.5,
      },
    });
  });

  it('leaves the tolerance to Kubernetes where no ratio is stated', () => {
    const behavior = ScalingBehavior.oneAtATime({ scaleUpEvery: every(1), scaleDownEvery: every(1800) });
    expect(plain(behavior).scaleDown).not.toHaveProperty('tolerance');
  });

  it.each([
    [0.9, 0.1],
    [0.999, 0.001],
    [0.7, 0.3],
  ])('below %d of the target is a tolerance of %d', (scaleDownBelowRatio, tolerance) => {
    const options = { scaleUpEvery: every(1), scaleDownEvery: every(1), scaleDownBelowRatio };
    expect(plain(ScalingBehavior.oneAtATime(options)).scaleDown.tolerance).toBe(tolerance);
  });

  it.each([0, 1, -0.5, 1.5, 0.9999, 0.0001, NaN, Infinity])('fails on the ratio %d', (scaleDownBelowRatio) => {
    const options = { scaleUpEvery: every(1), scaleDownEvery: every(1), scaleDownBelowRatio };
    expect(() => ScalingBehavior.oneAtATime(options)).toThrow("[OutOfRange] 'scaleDownBelowRatio' must be a number");
  });

  it.each([0, 1801, 1.5])('fails on a pause of %d seconds and names it', (seconds) => {
    expect(() => ScalingBehavior.oneAtATime({ scaleUpEvery: every(seconds), scaleDownEvery: every(1) })).toThrow(
      `[OutOfRange] 'scaleUpEvery' must be a whole number from 1 to 1800, got ${seconds}`,
    );
    expect(() => ScalingBehavior.oneAtATime({ scaleUpEvery: every(1), scaleDownEvery: every(seconds) })).toThrow(
      `[OutOfRange] 'scaleDownEvery' must be a whole number from 1 to 1800, got ${seconds}`,
    );
  });
});
