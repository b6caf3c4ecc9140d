import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  BentoService,
  Gpu,
  InstanceSize,
  type ReleaseCapacity,
  RollingPreset,
  Scaling,
} from '../../lib';
import type { ComponentModel } from '../../lib/component/component-model';
import { ReleasePeak } from '../../lib/component/release-peak';
import { inPlaceAlternatives, requireCapacity } from '../../lib/component/require-capacity';
import { IMAGE } from '../bentos';
import { synthesize } from '../tree';

function model(scaling: Scaling | undefined, gpu = Gpu.NVIDIA_L4, hasTasks = false): ComponentModel {
  let made!: ComponentModel;
  const size = InstanceSize.of({ cpuCores: 4, gpu });
  synthesize((chart) => {
    made = new BentoDeployment(chart, 'Rag', {
      bento: Bento.fromImage(IMAGE, { services: [BentoService.named('Rag', { hasTasks })] }),
      apiServer: { scaling, size, rolling: hasTasks ? undefined : { preset: RollingPreset.ROLLING_UPDATE } },
    }).apiServer._component;
  });
  return made;
}

const check = (capacity: ReleaseCapacity, made = model(Scaling.replicas(8)), beside?: 'all') =>
  requireCapacity('capacity', capacity, ReleasePeak._of([{ model: made, beside }]), inPlaceAlternatives([made]));
const peak = '(rag: 10 pods, 10 l4 (8 replicas, and 2 more while they are replaced))';

describe('what there is for a release', () => {
  it.each<ReleaseCapacity>([
    {},
    { maxPods: 10 },
    { maxPods: 10, maxGpus: { l4: 10 } },
    // Others may need it: what nothing here asks for is not asked.
    { maxGpus: { a100: 0 } },
  ])('is enough: %j', (capacity) => {
    expect(check(capacity)).toEqual([]);
  });

  it.each<[ReleaseCapacity, string, string, string]>([
    [{ maxGpus: { l4: 9 } }, '10 l4', '9 l4', 'Release.rolling({}), which fits'],
    [
      { maxGpus: { l4: 8 } },
      '10 l4',
      '8 l4',
      'Release.rolling({ preset: RollingPreset.BEST_EFFORT_CONTROLLED_ROLLOUT }), which fits',
    ],
    [{ maxPods: 9 }, '10 pods', '9 pods', 'Release.rolling({}), which fits'],
    [{ maxPods: 9, maxGpus: { l4: 9 } }, '10 l4 and 10 pods', '9 l4 and 9 pods', 'Release.rolling({}), which fits'],
  ])('fails on too little, and names what would fit: %j', (capacity, needed, there, fits) => {
    expect(() => check(capacity)).toThrow(
      `[CapacityExceeded] 'capacity' must hold what the release needs at its peak, ${needed} ${peak}, got ${there}; use ${fits}`,
    );
  });

  it('fails with what is missing where nothing fits', () => {
    expect(() => check({ maxGpus: { l4: 7 }, maxPods: 6 })).toThrow(
      'got 7 l4 and 6 pods; even Release.recreate(), during which nobody serves lacks 1 l4 and 2 pods: raise what there is, or lower the most replicas',
    );
    const made = model(Scaling.replicas(8));
    expect(() => requireCapacity('c', { maxPods: 9 }, ReleasePeak._of([{ model: made }]), [])).toThrow(
      'got 9 pods; 1 pods are missing: raise what there is, or lower the most replicas',
    );
  });

  it('fails beside another version, and names what needs less', () => {
    expect(() => check({ maxGpus: { l4: 15 } }, undefined, 'all')).toThrow(
      '16 l4 (rag: 16 pods, 16 l4 (8 replicas, and 8 more of another version beside them)), got 15 l4; use Release.rolling({}), which fits',
    );
  });

  it('names no strategy that would leave nobody serving', () => {
    const names = (made: ComponentModel) => inPlaceAlternatives([made]).map(({ name }) => name);
    expect(names(model(Scaling.replicas(1)))).toEqual([
      'Release.rolling({})',
      'Release.recreate(), during which nobody serves',
    ]);
    expect(names(model(Scaling.replicas(2)))).toHaveLength(3);
    expect(names(model(Scaling.unmanaged()))).toHaveLength(2);
  });

  it('knows that services with tasks have none beside them', () => {
    const pods = inPlaceAlternatives([model(undefined, undefined, true)]).map((other) => other.peak.pods);
    expect(pods).toEqual([1, 1, 1]);
  });

  it('takes names of sizes that are the user’s own', () => {
    const slice = Gpu.of({ name: 'a100-1g.10gb', resourceName: 'nvidia.com/mig-1g.10gb' });
    expect(check({ maxGpus: { 'a100-1g.10gb': 10 } }, model(Scaling.replicas(8), slice))).toEqual([]);
    expect(() => check({ maxGpus: { 'a100-1g.10gb': 10 } })).toThrow("[OutOfRange] 'capacity.maxGpus'");
  });

  it.each(['L4', 'nvidia.com/gpu', ''])('fails on a kind that there is not: %j', (name) => {
    expect(() => check({ maxGpus: { [name]: 100 } })).toThrow(
      `[OutOfRange] 'capacity.maxGpus' must be about GPUs by the name of their kind (a100, a100-80gb, a10g, b200, gb200, h100, h200, inferentia2, k80, l4, l40s, mi300x, mi325x, mi355x, p100, p4, rtx-pro-6000, t4, trainium, trainium2, v100), got ${JSON.stringify(name)}; a limit of what nothing asks for would check nothing`,
    );
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('fails on %s of a kind, and on as many pods', (count) => {
    expect(() => check({ maxGpus: { l4: count } })).toThrow(
      "[OutOfRange] 'capacity.maxGpus.l4' must be a whole number",
    );
    expect(() => check({ maxPods: count })).toThrow("[OutOfRange] 'capacity.maxPods' must be a whole number");
  });

  it('fails on no pods at all', () => {
    expect(() => check({ maxPods: 0 })).toThrow("[OutOfRange] 'capacity.maxPods' must be a whole number of at least 1");
  });

  it('is a doubt where somebody else scales', () => {
    const unmanaged = model(Scaling.unmanaged());
    expect(check({ maxGpus: { l4: 1 } }, unmanaged)).toEqual([
      {
        id: 'CapacityUnknown',
        text: "'capacity' cannot be checked for rag: a scaler of someone else decides how many replicas it has",
      },
    ]);
    expect(check({ maxPods: 1 }, unmanaged)).toHaveLength(1);
    expect(check({ maxGpus: { a100: 1 } }, unmanaged)).toEqual([]);
  });
});
