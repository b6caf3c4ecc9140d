import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Testing, YamlOutputType } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import {
  Bento,
  BentoDeployment,
  type BentoDeploymentProps,
  BentoService,
  ClusterProfile,
  Exposure,
  Fleet,
  type FleetProps,
  Gateway,
  GlobalService,
  Gpu,
  InstanceSize,
  Region,
  RegionTraffic,
  Runner,
  Scaling,
  Warnings,
  Wave,
} from '../../lib';
import { IMAGE, SMALL, single } from '../bentos';
import { quietly, standardErrorOf } from '../tree';

const east = Region.aws('us-east-1');
const west = Region.aws('eu-west-1');
const seoul = Region.aws('ap-northeast-2');
const ALL = [east, west, seoul];
const make = (props: Partial<FleetProps> = {}, app = Testing.app()) =>
  new Fleet(app, 'Fleet', { regions: ALL, ...props });

/** The props of a deployment in a region; undefined: none there. */
type InRegion = (region: Region, fleet: Fleet) => Partial<BentoDeploymentProps> | undefined;

/** A fleet with a cluster in each region, as a plain loop makes it. */
function clusters(inRegion: InRegion, props: Partial<FleetProps> = {}, app = Testing.app()) {
  const fleet = make(props, app);
  const deployments = fleet.regions.flatMap((region) => {
    const own = inRegion(region, fleet);
    const chart = new Chart(app, fleet.chartId(region), { namespace: 'ml' });
    ClusterProfile.set(chart, new ClusterProfile({ region, loadBalancerCidrs: ['10.0.0.0/16'] }));
    return own === undefined ? [] : [new BentoDeployment(chart, 'Rag', { bento: single(), ...own })];
  });
  return { app, fleet, deployments };
}
const synth = (...args: Parameters<typeof clusters>) => quietly(() => clusters(...args).app.synthYaml());
const gateway = Gateway.standard({ name: 'public', namespace: 'gateways' });
const at = (...hosts: string[]) => ({ exposure: Exposure.gateway({ hosts, gateway }) });

describe('a Fleet', () => {
  it('has its regions, all taking requests of those near them, and released at once', () => {
    const fleet = make();
    expect(fleet.regions).toEqual(ALL);
    expect(fleet.servingRegions).toEqual(ALL);
    expect(fleet.traffic._model).toEqual(RegionTraffic.nearest()._model);
    expect(fleet.waves.map(({ regions }) => regions)).toEqual([ALL]);
    expect(ALL.map((region) => fleet.waveOf(region))).toEqual([1, 1, 1]);
  });

  it('hands out copies', () => {
    const fleet = make();
    fleet.regions.pop();
    fleet.servingRegions.pop();
    fleet.waves.pop();
    expect([fleet.regions, fleet.servingRegions, fleet.waves].map(({ length }) => length)).toEqual([3, 3, 1]);
  });

  it('drains a region by one line', () => {
    const traffic = RegionTraffic.weighted({ 'us-east-1': 50, 'eu-west-1': 50, 'ap-northeast-2': 0 });
    const fleet = make({ traffic, drained: [Region.aws('eu-west-1')] });
    expect(fleet.traffic._model).toEqual({ ...traffic._model, drained: ['eu-west-1'] });
    expect(fleet.servingRegions).toEqual([east]);
    expect(traffic._model.drained).toEqual([]);
  });

  it.each<[string, Partial<FleetProps>]>([
    ["[EmptyList] 'regions'", { regions: [] }],
    ["[DuplicateKey] 'regions'", { regions: [east, Region.named('us-east-1')] }],
    ["[OutOfRange] 'regions' must be made by Region", { regions: ['us-east-1' as never] }],
    ["[UnknownRegion] 'drained'", { drained: [Region.aws('us-west-2')] }],
    ["[DuplicateKey] 'drained'", { drained: [east, east] }],
    ["[NoRegionServes] 'drained'", { drained: ALL }],
    ["[UnknownRegion] 'traffic.dials'", { traffic: RegionTraffic.nearest({ dials: { 'us-west-2': 1 } }) }],
    ["[MissingOption] 'traffic.weights'", { traffic: RegionTraffic.weighted({ 'us-east-1': 100 }) }],
    ["[MissingOption] 'traffic.order'", { traffic: RegionTraffic.failover([east]) }],
    ["[UnknownRegion] 'waves'", { waves: [Wave.of([...ALL, Region.aws('us-west-2')])] }],
    ["[DuplicateKey] 'waves'", { waves: [Wave.of(ALL), Wave.of([east])] }],
    ["[MissingOption] 'waves' must be given for every region, and us-east-1 is in none", { waves: [] }],
    ["[OutOfRange] 'waves' must be made by Wave", { waves: [[east] as never] }],
    ["[EmptyList] 'deployments'", { deployments: [] }],
    ["[DuplicateKey] 'deployments'", { deployments: ['rag', 'rag'] }],
  ])('fails with %s, and says where', (text, props) => {
    expect(() => make(props)).toThrow(text);
    expect(() => make(props)).toThrow(/\(at Fleet\)$/);
  });
});

describe('waves', () => {
  const waves = [Wave.of([seoul]), Wave.of([west, east])];

  it('have numbers, which ids of charts begin with', () => {
    const fleet = make({ waves });
    expect(ALL.map((region) => fleet.waveOf(region))).toEqual([2, 2, 1]);
    expect(ALL.map((region) => fleet.chartId(region))).toEqual([
      'wave-2-us-east-1',
      'wave-2-eu-west-1',
      'wave-1-ap-northeast-2',
    ]);
    expect(fleet.waves).toEqual(waves);
  });

  it('are sorted as text, however many there are', () => {
    const regions = Array.from({ length: 10 }, (_, index) => Region.named(`zone-${index}`));
    const fleet = make({ regions, waves: regions.map((region) => Wave.of([region])) });
    const ids = regions.map((region) => fleet.chartId(region));
    expect(ids.slice(8)).toEqual(['wave-09-zone-8', 'wave-10-zone-9']);
    expect([...ids].sort()).toEqual(ids);
  });

  it('leave ids of charts to the region where there are none', () => {
    expect(make().chartId(east)).toBe('us-east-1');
  });

  it('fail on another region', () => {
    const other = Region.aws('us-west-2');
    const text = '[UnknownRegion] \'region\' must name regions of the fleet, got "us-west-2"';
    expect(() => make().waveOf(other)).toThrow(text);
    expect(() => make().chartId(other)).toThrow(text);
  });

  it('are the order of folders, one for each cluster', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'fleet-'));
    const app = new App({ outdir, yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    quietly(() => clusters(() => ({}), { waves }, app).app.synth());
    expect(readdirSync(outdir).sort()).toEqual(['wave-1-ap-northeast-2', 'wave-2-eu-west-1', 'wave-2-us-east-1']);
    expect(readdirSync(join(outdir, 'wave-2-us-east-1'))).toContain('Deployment.rag.k8s.yaml');
    rmSync(outdir, { recursive: true });
  });

  it('fail where charts are in another order', () => {
    const named = (order: Wave[]) => () => {
      const app = Testing.app();
      for (const region of make({ waves: order }, app).regions) {
        const chart = new Chart(app, region.shortName, { namespace: 'ml' });
        ClusterProfile.set(chart, new ClusterProfile({ region }));
        new BentoDeployment(chart, 'Rag', { bento: single() });
      }
      return quietly(() => app.synthYaml());
    };
    // ap-northeast is sorted first as it is.
    expect(named(waves)).not.toThrow();
    expect(named([Wave.of([east]), Wave.of([west, seoul])])).toThrow(
      '[WaveOrder] charts must be in the order of the waves, but us-east is of an earlier wave than ap-northeast',
    );
  });

  it('may be kept by dependencies of charts', () => {
    const app = Testing.app();
    const fleet = make({ regions: [east, west], waves: [Wave.of([east]), Wave.of([west])] }, app);
    const [first, second] = fleet.regions.map((region) => {
      const chart = new Chart(app, region.name, { namespace: 'ml' });
      ClusterProfile.set(chart, new ClusterProfile({ region }));
      return chart;
    });
    new BentoDeployment(second!, 'Rag', { bento: single() });
    new BentoDeployment(first!, 'Rag', { bento: single() });
    second!.addDependency(first!);
    expect(() => quietly(() => app.synthYaml())).not.toThrow();
  });
});

describe('what a Fleet checks at synth', () => {
  it('is nothing where all regions are alike', () => {
    expect(() => synth(() => at('rag.example.com'))).not.toThrow();
    expect(() =>
      synth(({ name }) => ({ exposure: Exposure.networkLoadBalancer({ targetGroupName: `rag-${name}` }) })),
    ).not.toThrow();
  });

  it('is reported together, with what everything else finds', () => {
    const app = Testing.app();
    const fleet = make({}, app);
    for (const region of fleet.regions.slice(1)) {
      const chart = new Chart(app, region.name, { namespace: 'ml' });
      ClusterProfile.set(chart, new ClusterProfile({ region }));
      new BentoDeployment(chart, 'Rag', { bento: single(), ...at(`${region.shortName}x.example.com`) });
      if (region === seoul) new BentoDeployment(chart, 'rag', { bento: single() });
    }
    const message = (() => {
      try {
        return quietly(() => app.synthYaml());
      } catch (error) {
        return (error as Error).message;
      }
    })();
    for (const code of ['RegionWithoutCluster', 'NotInRegion', 'DoorsDiffer', 'NameCollision']) {
      expect(message).toContain(`[${code}] `);
    }
    expect(message).toContain('(at eu-west-1/Rag)');
  });

  it('fails where a region has no deployment', () => {
    expect(() => synth((region) => (region === west ? undefined : {}))).toThrow(
      "[Fleet] [RegionWithoutCluster] 'regions' must have a cluster each, got none for eu-west-1",
    );
    expect(() => synth((region) => (region === west ? undefined : {}), { drained: [west] })).not.toThrow();
  });

  it('fails where a chart says no region', () => {
    const app = Testing.app();
    make({ regions: [east] }, app);
    new BentoDeployment(new Chart(app, 'east', { namespace: 'ml' }), 'Rag', { bento: single() });
    expect(() => quietly(() => app.synthYaml())).toThrow('[RegionWithoutCluster]');
  });

  it.each<[string, InRegion]>([
    ['hosts differ', ({ name }) => at(name === 'us-east-1' ? 'rag.example.org' : 'rag.example.com')],
    ['one has no host', ({ name }) => (name === 'us-east-1' ? {} : at('rag.example.com'))],
    [
      'one has no target group',
      ({ name }) => (name === 'us-east-1' ? {} : { exposure: Exposure.networkLoadBalancer({ targetGroupName: name }) }),
    ],
  ])('fails where %s', (_, inRegion) => {
    expect(() => synth(inRegion)).toThrow("[DoorsDiffer] 'exposure' of rag must lead to the same hosts");
    expect(() => synth(inRegion, { drained: [east] })).not.toThrow();
  });

  it('sees GlobalServices, and deployments that are bound to a region', () => {
    const app = Testing.app();
    new Fleet(app, 'Fleet', { regions: [east, west] });
    const chart = new Chart(app, 'spanning', { namespace: 'ml' });
    const members = [east, west].map(
      (region) => new BentoDeployment(chart, `Rag-${region.name}`, { bento: single(), region }),
    );
    new GlobalService(chart, 'Api', { members, ...at('rag.example.com') });
    expect(() => quietly(() => app.synthYaml())).not.toThrow();
  });

  it('fails where a GPU has nodes of its own in some regions alone', () => {
    const gpu = InstanceSize.of({ cpuCores: 4, gpu: Gpu.NVIDIA_L4 });
    const services = [
      BentoService.named('Gateway', { dependsOn: ['Embedder'], size: SMALL }),
      BentoService.named('Embedder'),
    ];
    const pooled: InRegion = ({ name }) => ({
      bento: Bento.fromImage(IMAGE, { services }),
      runners: {
        Embedder: Runner.pool({
          size: gpu,
          scaling: Scaling.replicas(2),
          ...(name !== 'eu-west-1' && { nodeSelector: { pool: 'l4' } }),
        }),
      },
    });
    expect(() => synth(pooled)).toThrow(
      "[RegionWithoutPool] 'nodePool' of Embedder must be given in every region, but eu-west-1 lacks it",
    );
  });

  it('is about some deployments where it names them, so that an app holds two fleets', () => {
    const two = (deployments: (string[] | undefined)[]) => {
      const own = Testing.app();
      const fleets = [
        new Fleet(own, 'Rag', { regions: [east, west], ...(deployments[0] && { deployments: deployments[0] }) }),
        new Fleet(own, 'Chat', { regions: [seoul, west], ...(deployments[1] && { deployments: deployments[1] }) }),
      ];
      for (const fleet of fleets) {
        for (const region of fleet.regions) {
          const chart = new Chart(own, `${fleet.node.id}-${region.name}`, { namespace: 'ml' });
          ClusterProfile.set(chart, new ClusterProfile({ region }));
          new BentoDeployment(chart, fleet.node.id, {
            bento: single(),
            ...at(`${fleet.node.id.toLowerCase()}.example.com`),
          });
        }
      }
      return () => quietly(() => own.synthYaml());
    };
    expect(two([['rag'], ['chat']])).not.toThrow();
    expect(two([undefined, undefined])).toThrow('[ClusterOutsideFleet]');
    expect(two([['rag', 'search'], ['chat']])).toThrow('[UnknownDeployment]');
  });
});

describe('a release by region', () => {
  const next = Bento.fromImage('registry.example.com/rag:v2', {
    services: [BentoService.named('Gateway', { size: SMALL })],
  });
  const canary: InRegion = (region, fleet) => ({ bento: fleet.waveOf(region) === 1 ? next : single() });

  it('has the new version in the first wave, without a doubt', () => {
    const { app } = clusters(canary, { waves: [Wave.of([seoul]), Wave.of([east, west])] });
    expect(standardErrorOf(() => app.synthYaml())).not.toContain('RegionsDiffer');
  });

  it('is a doubt where no wave says so, printed once and to be silenced', () => {
    const differing = () => clusters((region) => ({ bento: region === east ? next : single() }));
    const { app, fleet } = differing();
    const text = standardErrorOf(() => {
      app.synthYaml();
      app.synthYaml();
    });
    expect(text.match(/\[RegionsDiffer\]/g)).toHaveLength(1);
    expect(Warnings.of(fleet)).toEqual([
      '[RegionsDiffer] rag is not the same in all regions: us-east-1 has registry.example.com/rag:v2, eu-west-1 has registry.example.com/rag:v1, ap-northeast-2 has registry.example.com/rag:v1; let `waves` say which is released first (at Fleet)',
    ]);
    const known = differing();
    Warnings.acknowledge(known.fleet, 'RegionsDiffer');
    expect(standardErrorOf(() => known.app.synthYaml())).toBe('');
  });
});
