import { Size } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { BentoDeployment, InstanceSize, Release, Runner, Version, type VersionOptions } from '../../lib';
import { chain } from '../bentos';
import { synthesize } from '../tree';

const LARGE = InstanceSize.of({ cpuCores: 7, memory: Size.gibibytes(9) });
const LARGER = InstanceSize.of({ cpuCores: 8, memory: Size.gibibytes(10) });

const cores = (v2: Partial<VersionOptions>) => {
  const all = synthesize((chart) => {
    new BentoDeployment(chart, 'Search', {
      bento: chain(),
      apiServer: { size: LARGE, workers: 2 },
      runners: { Reranker: Runner.pool({ size: LARGE }), Encoder: Runner.pool({ size: LARGE }) },
      release: Release.split({ versions: { v2: Version.weighted(10, { bento: chain(), ...v2 }) } }),
    });
  });
  const of = (name: string) => all.server(name).resources.requests.cpu;
  return [of('search-v2'), of('search-reranker-v2'), of('search-encoder-v2')];
};

describe('what a version does not state', () => {
  it('is as the deployment has it', () => {
    expect(cores({})).toEqual(['7', '7', '7']);
  });

  it('of its API server, option by option', () => {
    expect(cores({ apiServer: { workers: 1 } })).toEqual(['7', '7', '7']);
    expect(cores({ apiServer: { size: LARGER } })).toEqual(['8', '7', '7']);
  });

  it('of its runners, service by service', () => {
    expect(cores({ runners: { Reranker: Runner.pool({ size: LARGER }) } })).toEqual(['7', '8', '7']);
  });
});
