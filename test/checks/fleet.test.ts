import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFleet, versionsThatDiffer } from '../../lib/checks/fleet';
import type { FleetMember, FleetModel } from '../../lib/checks/fleet-member';

const region = (name: string) => ({ name, shortName: name.replace(/-?\d+$/, '') });
const NAMES = ['ap-northeast-2', 'eu-west-1', 'us-east-1'];
const [SEOUL, IRELAND, VIRGINIA] = NAMES as [string, string, string];

const fleet = (options: Partial<FleetModel> = {}): FleetModel => ({
  path: 'Fleet',
  regions: NAMES.map(region),
  serving: new Set(NAMES),
  waves: [NAMES],
  ...options,
});

const rag = (of: string, options: Partial<FleetMember> = {}): FleetMember => ({
  path: `${of}/Rag`,
  name: 'rag',
  cluster: of,
  region: region(of),
  bound: false,
  doors: ['rag.example.com'],
  image: 'rag:1',
  components: [],
  chart: { path: of, file: of, ordered: () => false },
  ...options,
});
const everywhere = (options: Partial<FleetMember> = {}) => NAMES.map((name) => rag(name, options));
const codes = (model: FleetModel, members: FleetMember[]) =>
  checkFleet(model, members).map(({ path, message }) => `${path} ${/^\[(\w+)\]/.exec(message)![1]}`);

describe('a fleet', () => {
  it('has nothing against the same in all regions', () => {
    expect(checkFleet(fleet(), everywhere())).toEqual([]);
  });

  it('leaves alone what has no region, or is not named', () => {
    const elsewhere = rag('x', { region: undefined, doors: ['other.example.com'] });
    expect(checkFleet(fleet(), [...everywhere(), elsewhere])).toEqual([]);
    const chat = rag(SEOUL, { name: 'chat', doors: ['chat.example.com'] });
    expect(codes(fleet(), [...everywhere(), chat])).toEqual(['Fleet NotInRegion', 'Fleet NotInRegion']);
    expect(checkFleet(fleet({ deployments: ['rag'] }), [...everywhere(), chat])).toEqual([]);
  });

  it('fails where it names what is not there', () => {
    expect(checkFleet(fleet({ deployments: ['rag', 'chat'] }), everywhere())).toEqual([
      {
        path: 'Fleet',
        message:
          '[UnknownDeployment] \'deployments\' must name deployments of the app, got "chat"; there are rag (at Fleet)',
      },
    ]);
  });
});

describe('clusters', () => {
  it('fail where one is of no region of the fleet, once', () => {
    const outside = [rag('us-west-2'), rag('us-west-2', { name: 'chat', doors: [] })];
    expect(checkFleet(fleet(), [...everywhere(), ...outside]).map(({ message }) => message)).toEqual([
      '[ClusterOutsideFleet] a cluster must be of a region of the fleet (ap-northeast-2, eu-west-1, us-east-1), but us-west-2 is of us-west-2; add the region to `regions`, or name in `deployments` what the fleet is about (at us-west-2/Rag)',
    ]);
  });

  it('fail where two regions have one of the same name, unless it spans them', () => {
    expect(codes(fleet(), everywhere({ cluster: 'prod' }))).toEqual(['us-east-1/Rag ClusterOfRegions']);
    expect(checkFleet(fleet(), everywhere({ cluster: 'prod', bound: true }))).toEqual([]);
  });

  it('fail where a region that takes requests has none', () => {
    expect(codes(fleet(), everywhere().slice(1))).toEqual(['Fleet RegionWithoutCluster', 'Fleet NotInRegion']);
    expect(checkFleet(fleet({ serving: new Set(NAMES.slice(1)) }), everywhere().slice(1))).toEqual([]);
  });
});

describe('doors', () => {
  const with2 = (doors: string[], serving = NAMES) =>
    checkFleet(fleet({ serving: new Set(serving) }), [rag(SEOUL, { doors }), rag(IRELAND), rag(VIRGINIA)]);

  it('fail where a host is not served in every region', () => {
    expect(with2([]).map(({ message }) => message)).toEqual([
      "[DoorsDiffer] 'exposure' of rag must lead to the same hosts in every region that takes requests, but ap-northeast-2 lacks rag.example.com, which eu-west-1 and us-east-1 have; state it there too, or state the region in `drained` (at ap-northeast-2/Rag)",
    ]);
  });

  it('fail where hosts differ, at each that lacks one', () => {
    expect(with2(['rag.example.org']).map(({ path }) => path)).toEqual([
      'ap-northeast-2/Rag',
      'eu-west-1/Rag',
      'us-east-1/Rag',
    ]);
  });

  it('may differ where a region takes no requests', () => {
    expect(with2([], [IRELAND, VIRGINIA])).toEqual([]);
  });

  it.each([
    ['the region', (name: string) => `rag.${name}.example.com`],
    ['its short name', (name: string) => `rag-${region(name).shortName}.example.com`],
    ['the short name alone', (name: string) => `${region(name).shortName}.rag.example.com`],
  ])('may say %s', (_, host) => {
    const members = NAMES.map((name) => rag(name, { doors: ['rag.example.com', host(name)] }));
    expect(checkFleet(fleet(), members)).toEqual([]);
  });

  it('fail where a host says another region', () => {
    const members = NAMES.map((name) => rag(name, { doors: [`rag.${SEOUL}.example.com`] }));
    expect(codes(fleet(), members).length).toBeGreaterThan(0);
  });

  it('need not be there: what nobody reaches may be in one region alone', () => {
    const members = [...everywhere(), rag(SEOUL, { name: 'batch', doors: [] })];
    expect(checkFleet(fleet(), members)).toEqual([]);
  });

  it('fail where a deployment that clients reach is not there', () => {
    const members = [...everywhere(), ...[SEOUL, IRELAND].map((name) => rag(name, { name: 'chat' }))];
    expect(checkFleet(fleet(), members).map(({ message }) => message)).toEqual([
      '[NotInRegion] chat must be in every region that takes requests, but us-east-1 lacks it, which ap-northeast-2 and eu-west-1 have; make it there, or state the region in `drained` (at Fleet)',
    ]);
  });

  it('are the same for any order of regions, deployments and hosts', () => {
    const hosts = fc.uniqueArray(fc.constantFrom('a.example.com', 'b.example.com', 'c.example.com'));
    fc.assert(
      fc.property(fc.tuple(hosts, hosts, hosts), fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), (lists, order) => {
        const members = NAMES.map((name, index) => rag(name, { doors: lists[index]! }));
        const found = checkFleet(fleet(), members);
        const again = checkFleet(
          fleet(),
          order.map((index) => members[index]!),
        );
        expect(again.map(({ path }) => path).sort()).toEqual(found.map(({ path }) => path).sort());
        const all = new Set(lists.flat());
        expect(found).toHaveLength(lists.reduce((sum, list) => sum + all.size - list.length, 0));
      }),
    );
  });
});

describe('pools', () => {
  const component = (options = {}) => [{ name: 'Embedder', gpu: true, onChosenNodes: true, ...options }];

  it('fail where GPUs have nodes of their own in other regions', () => {
    const members = [
      rag(SEOUL, { components: component({ onChosenNodes: false }) }),
      rag(IRELAND, { components: component() }),
      rag(VIRGINIA, { components: component() }),
    ];
    expect(checkFleet(fleet(), members).map(({ message }) => message)).toEqual([
      "[RegionWithoutPool] 'nodePool' of Embedder must be given in every region, but ap-northeast-2 lacks it, which eu-west-1 and us-east-1 have; make a pool in that region, too: its pods would run on any node (at ap-northeast-2/Rag)",
    ]);
  });

  it.each([
    ['on all nodes everywhere', NAMES.map(() => component({ onChosenNodes: false }))],
    ['without GPUs', [component({ gpu: false, onChosenNodes: false }), component({ gpu: false }), component()]],
    ['on chosen nodes everywhere', NAMES.map(() => component())],
  ])('may be %s', (_, lists) => {
    const members = NAMES.map((name, index) => rag(name, { components: lists[index]! }));
    expect(checkFleet(fleet(), members)).toEqual([]);
  });
});

describe('waves', () => {
  const inOrder = fleet({ waves: [[VIRGINIA], [SEOUL, IRELAND]] });
  const named = (name: string, file: string, ordered = false) =>
    rag(name, { chart: { path: file, file, ordered: () => ordered } });

  it('fail where files are in another order', () => {
    expect(checkFleet(inOrder, everywhere()).map(({ message }) => message)).toEqual([
      '[WaveOrder] charts must be in the order of the waves, but us-east-1 is of an earlier wave than ap-northeast-2; call charts `fleet.chartId(region)`, by which their files are sorted, and have no two waves in one (at ap-northeast-2)',
    ]);
  });

  it('fail where a chart is of two', () => {
    const members = [named(VIRGINIA, 'all'), named(SEOUL, 'all'), named(IRELAND, 'z')];
    expect(codes(inOrder, members)).toEqual(['all WaveOrder']);
  });

  it('are kept by names, or by dependencies of charts', () => {
    const files = ['wave-2-ap-northeast-2', 'wave-2-eu-west-1', 'wave-1-us-east-1'];
    expect(
      checkFleet(
        inOrder,
        NAMES.map((name, index) => named(name, files[index]!)),
      ),
    ).toEqual([]);
    expect(
      checkFleet(
        inOrder,
        NAMES.map((name) => named(name, name, true)),
      ),
    ).toEqual([]);
  });

  it('may have nothing to order: a wave whose regions are not there yet', () => {
    const serving = new Set([SEOUL, IRELAND]);
    expect(checkFleet({ ...inOrder, serving }, everywhere().slice(0, 2))).toEqual([]);
  });
});

describe('versions of regions', () => {
  const running = (...images: string[]) => NAMES.map((name, index) => rag(name, { image: images[index]! }));
  const oneByOne = fleet({ waves: NAMES.map((name) => [name]) });

  it.each([
    ['are one', fleet(), running('1', '1', '1')],
    ['are one, in waves', oneByOne, running('1', '1', '1')],
    ['have come to the first wave', oneByOne, running('2', '1', '1')],
    ['have come to the second wave', oneByOne, running('2', '2', '1')],
    ['are those of a drained region', fleet({ serving: new Set(NAMES.slice(1)) }), running('2', '1', '1')],
  ])('%s', (_, model, members) => {
    expect(versionsThatDiffer(model, members)).toEqual([]);
  });

  it('are a doubt within a wave', () => {
    expect(versionsThatDiffer(fleet(), running('2', '1', '1'))).toEqual([
      'rag is not the same in all regions: ap-northeast-2 has 2, eu-west-1 has 1, us-east-1 has 1; let `waves` say which is released first',
    ]);
    const model = fleet({ waves: [[SEOUL], [IRELAND, VIRGINIA]] });
    expect(versionsThatDiffer(model, running('2', '2', '1'))).toEqual([
      'rag is not the same in all regions of wave 2: eu-west-1 has 2, us-east-1 has 1; let `waves` say which is released first',
    ]);
  });

  it.each([[['2', '1', '2']], [['3', '2', '1']]])('are a doubt where two releases go on at once: %j', (images) => {
    expect(versionsThatDiffer(oneByOne, running(...images))).toEqual([
      expect.stringMatching(/^rag changes 2 times from wave to wave: .*; end one release before the next$/),
    ]);
  });
});
