import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Include, JsonPatch, Lazy, YamlOutputType } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AppSynthesizer } from '../../lib/synth/app-synthesizer';
import { ServingApp } from '../../lib/synth/serving-app';
import { standardErrorOf } from '../tree';
import { type Definition, filesOf, OUTPUT_TYPES, outcomes, WAYS } from './identity';

const thing = (scope: Construct, id: string, spec: unknown = { id }): ApiObject =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind: 'Thing', spec });

const chartWith = (scope: Construct, id: string, ...things: string[]): Chart => {
  const chart = new Chart(scope, id);
  for (const name of things) thing(chart, name);
  return chart;
};

/** Apps that cdk8s treats in a way of its own. */
const DEFINITIONS: { readonly [what: string]: Definition } = {
  'no charts': () => {},
  'a chart without objects': (app) => void new Chart(app, 'empty'),
  'charts beside each other': (app) => {
    chartWith(app, 'b', 'x', 'y');
    chartWith(app, 'a', 'x');
  },
  'charts in charts, and in constructs': (app) => {
    const outer = chartWith(app, 'outer', 'x');
    chartWith(outer, 'inner', 'y');
    chartWith(new Construct(outer, 'between'), 'Deep', 'z');
    chartWith(new Construct(app, 'Apart'), 'far', 'z');
  },
  'ids like integers': (app) => {
    for (const id of ['10', 'a', '9', '4294967295', '0']) chartWith(app, id, '2', 'b', '1');
    new Chart(new Construct(app, '7'), '8');
  },
  'a chart that depends on another': (app) => {
    const first = chartWith(app, 'first', 'x', 'y');
    first.addDependency(chartWith(app, 'second', 'x', 'y', 'z'));
  },
  'objects that depend on objects of other charts': (app) => {
    const one = thing(chartWith(app, 'one', 'z'), 'x');
    one.addDependency(thing(chartWith(app, 'two', 'y'), 'x'));
  },
  'an order against that of the definition': (app) => {
    const chart = new Chart(app, 'chart');
    const [a, b, c] = ['a', 'b', 'c'].map((id) => thing(chart, id));
    a!.addDependency(b!, c!);
    c!.addDependency(b!);
  },
  'an object that depends on its chart': (app) => {
    const chart = chartWith(app, 'chart', 'x', 'y');
    thing(chart, 'z').addDependency(chart);
  },
  'a construct of an inner chart that something outside waits for': (app) => {
    const outer = new Chart(app, 'outer');
    const between = new Construct(outer, 'between');
    const inner = thing(new Chart(between, 'inner'), 'x');
    const late = thing(outer, 'late');
    thing(outer, 'later');
    inner.addDependency(late);
  },
  'objects beneath objects': (app) => {
    const parent = thing(new Chart(app, 'chart'), 'parent');
    thing(parent, 'child').addDependency(thing(parent, 'sibling'));
  },
  'what cdk8s-plus-27 and files bring': (app) => {
    new Deployment(new Chart(app, 'plus'), 'Web', { containers: [{ image: 'web:1' }] });
    new Include(new Chart(app, 'included'), 'Files', { url: join(__dirname, '../golden/interop/interop.k8s.yaml') });
  },
  'charts without hashes, with a namespace and labels': (app) => {
    thing(new Chart(app, 'chart', { disableResourceNameHashes: true, namespace: 'n', labels: { l: 'm' } }), 'x');
  },
  'two objects with one file name': (app) => {
    for (const id of ['a', 'b'])
      new ApiObject(new Chart(app, id), 'x', { apiVersion: 'v1', kind: 'Th/ing', metadata: { name: 'same name' } });
  },
  'one name twice, and names like integers': (app) => {
    const chart = new Chart(app, 'chart');
    for (const [id, name] of [
      ['a', 'same'],
      ['b', '7'],
      ['c', 'same'],
    ] as const)
      new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Thing', metadata: { name } });
  },
  'problems that validations find': (app) => {
    const chart = chartWith(app, 'chart', 'x');
    chart.node.addValidation({ validate: () => ['first', 'second'] });
    chart.node.findChild('x').node.addValidation({ validate: () => ['third'] });
  },
  'a problem that content brings to light': (app, log) => {
    const problems: string[] = [];
    app.node.addValidation({ validate: () => problems });
    for (const id of ['a', 'b']) {
      const produce = () => {
        log(id);
        problems.push(`seen in ${id}`);
        return id;
      };
      thing(new Chart(app, id), 'x', { id: Lazy.any({ produce }) });
    }
  },
  'content that adds to a chart whose turn comes later': (app) => {
    const first = new Chart(app, 'a');
    const second = chartWith(app, 'b', 'x');
    const produce = () => {
      if (second.node.tryFindChild('new') === undefined)
        second.node.findChild('x').node.addDependency(thing(second, 'new'));
      return 1;
    };
    thing(first, 'x', { added: Lazy.any({ produce }) });
  },
  'content that throws': (app) => {
    const produce = () => {
      throw new Error('no content');
    };
    chartWith(app, 'a', 'x');
    thing(new Chart(app, 'b'), 'x', { a: [Lazy.any({ produce })] });
  },
  'content that is no JSON': (app) => void thing(new Chart(app, 'a'), 'x', { a: [{ date: new Date(0) }] }),
  'content without a constructor': (app) => void thing(new Chart(app, 'a'), 'x', Object.create(null)),
  'keys that objects inherit': (app) => {
    const spec = JSON.parse('{"__proto__": {"a": {}}, "toString": "s", "valueOf": null, "b": {"__proto__": 1}}');
    thing(new Chart(app, 'a'), 'x', spec);
  },
  'keys that metadata inherit, and fields written over': (app) => {
    const chart = new Chart(app, 'a', { namespace: 'n' });
    for (const [id, proto] of [
      ['x', '{"a": 1}'],
      ['y', 'null'],
    ]) {
      const metadata = JSON.parse(`{"__proto__": ${proto}, "toString": "s", "labels": {}, "generateName": "g-"}`);
      const object = new ApiObject(chart, id!, { apiVersion: 'v1', kind: 'Thing', metadata });
      object.metadata.add('labels', { lost: 'x' });
      object.metadata.add('finalizers', null);
      object.metadata.add('7', Lazy.any({ produce: () => id }));
    }
  },
  'one list in two places, beside what is not written here': (app) => {
    const list = [{ a: 1 }];
    thing(new Chart(app, 'a'), 'x', { one: list, two: list, text: ' a\nb' });
  },
  'a patch of what two objects share': (app) => {
    const chart = new Chart(app, 'a');
    const shared = { list: [1] };
    for (const id of ['x', 'y']) {
      const object = new ApiObject(chart, id, { apiVersion: 'v1', kind: 'Thing', spec: { one: shared, two: shared } });
      object.addJsonPatch(JsonPatch.add('/spec/one/list/-', id));
    }
  },
  'dependencies out of charts': (app) => new Construct(app, 'a').node.addDependency(new Chart(app, 'b')),
  'a cycle of charts': (app) => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => chartWith(app, id, 'x', 'y'));
    a!.addDependency(b!);
    b!.addDependency(c!);
    c!.addDependency(a!);
  },
  'a cycle of charts by their objects': (app) => {
    const [a, b] = ['a', 'b'].map((id) => chartWith(app, id, 'x', 'y'));
    a!.node.findChild('x').node.addDependency(b!.node.findChild('y'));
    b!.node.findChild('x').node.addDependency(a!.node.findChild('y'));
  },
  'a cycle with dead ends and detours': (app) => {
    const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((id) => chartWith(app, id, 'x'));
    a!.addDependency(b!, c!, e!);
    b!.addDependency(d!);
    c!.addDependency(d!, e!);
    d!.addDependency(e!);
    e!.node.findChild('x').node.addDependency(a!);
  },
  'a construct that depends on what is beneath it': (app) => {
    const chart = new Chart(app, 'chart');
    const parent = new Construct(chart, 'parent');
    for (const id of ['x', 'y']) thing(parent, id);
    parent.node.addDependency(new Construct(parent, 'empty'));
    parent.node.addDependency(chart);
  },
  'an object that depends on itself': (app) => {
    const chart = chartWith(app, 'chart', 'x');
    const self = thing(chart, 'self');
    self.addDependency(self);
  },
  'an object that depends on one of another app': (app) => {
    thing(new Chart(app, 'chart'), 'x').addDependency(thing(new Chart(new App(), 'other'), 'y'));
  },
};

describe.each(Object.keys(WAYS))('%s', (way) => {
  describe.each(OUTPUT_TYPES.map((type) => [YamlOutputType[type], type] as const))('%s', (_, yamlOutputType) => {
    it.each(Object.keys(DEFINITIONS))('does with %s what cdk8s does', (what) => {
      const { stock, ours } = outcomes(
        DEFINITIONS[what]!,
        { yamlOutputType, recordConstructMetadata: true },
        'synth',
        WAYS[way]!,
      );
      expect(ours).toEqual(stock);
    });
  });

  it.each(Object.keys(DEFINITIONS))('makes of %s the text of cdk8s', (what) => {
    const { stock, ours } = outcomes(DEFINITIONS[what]!, {}, 'synthYaml', WAYS[way]!);
    expect(ours).toEqual(stock);
  });
});

describe('synthesis', () => {
  let outdir: string;
  const fresh = () => {
    outdir = mkdtempSync(join(tmpdir(), 'synth-'));
    return outdir;
  };
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(outdir, { recursive: true, force: true });
  });

  it.each([
    ['CDK8S_DISABLE_SORT', '1'],
    ['CDK8S_LEGACY_HASH', '1'],
    ['CDK8S_RECORD_CONSTRUCT_METADATA', 'true'],
  ])('heeds %s as cdk8s does', (name, value) => {
    fresh();
    vi.stubEnv(name, value);
    const { stock, ours } = outcomes((app) => {
      thing(new Construct(new Chart(app, 'Chart'), 'b'), 'x', { b: 1, a: { d: 1, c: 2 } });
    });
    expect(ours).toEqual(stock);
    expect(ours.files).not.toEqual({});
  });

  it('writes where CDK8S_OUTDIR says', () => {
    vi.stubEnv('CDK8S_OUTDIR', join(fresh(), 'deep/er'));
    const app = new ServingApp();
    chartWith(app, 'chart', 'x');
    app.synth();
    expect(Object.keys(filesOf(outdir))).toContain('deep/er/chart.k8s.yaml');
  });

  it('overwrites files, and leaves others where they are', () => {
    const app = new ServingApp({ outdir: fresh() });
    mkdirSync(join(outdir, 'sub'));
    for (const file of ['chart.k8s.yaml', 'stale.k8s.yaml', 'sub/own.txt']) writeFileSync(join(outdir, file), 'old\n');
    chartWith(app, 'chart', 'x');
    app.synth();
    const files = filesOf(outdir);
    expect(Object.keys(files)).toEqual(['chart.k8s.yaml', 'stale.k8s.yaml', 'sub', 'sub/own.txt']);
    expect(files['stale.k8s.yaml']).toBe('old\n');
    expect(files['chart.k8s.yaml']).not.toBe('old\n');
  });

  it('gives the same again', () => {
    const app = new ServingApp({ outdir: fresh() });
    DEFINITIONS['objects that depend on objects of other charts']!(app, () => {});
    app.synth();
    const first = filesOf(outdir);
    app.synth();
    expect(filesOf(outdir)).toEqual(first);
    App.prototype.synth.call(app);
    expect(filesOf(outdir)).toEqual(first);
  });

  it('tells charts in their order', () => {
    const app = new ServingApp({ outdir: fresh() });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => chartWith(app, id, 'x'));
    a!.addDependency(c!);
    a!.node.findChild('x').node.addDependency(b!.node.findChild('x'));
    expect(app.charts.map(({ node }) => node.id)).toEqual(['c', 'a', 'b']);
    app.synth();
    expect(app.charts.map(({ node }) => node.id)).toEqual(['c', 'b', 'a']);
  });

  it('asks validations as often as cdk8s does for one chart', () => {
    const app = new ServingApp({ outdir: fresh() });
    const validate = vi.fn(() => []);
    chartWith(app, 'chart', 'x').node.addValidation({ validate });
    app.synth();
    expect(validate).toHaveBeenCalledTimes(2);
  });

  it('takes a chain of 3,000 charts, and 200 that all depend on those before', () => {
    const app = new ServingApp({ outdir: fresh(), yamlOutputType: YamlOutputType.FILE_PER_APP });
    const charts: Chart[] = [];
    for (let index = 0; index < 3_000; index++) {
      const chart = chartWith(app, `c${index}`, 'x', 'y');
      chart.addDependency(...(index < 200 ? charts : charts.slice(-1)));
      charts.push(chart);
    }
    app.synth();
    expect(app.charts).toEqual(charts);
  });

  it('names the cycle of a chain of 2,000 charts', () => {
    const app = new ServingApp({ outdir: fresh() });
    const charts = Array.from({ length: 2_000 }, (_, index) => chartWith(app, `c${index}`, 'x'));
    for (const [index, chart] of charts.entries()) chart.addDependency(charts[(index + 1) % charts.length]!);
    expect(() => app.synth()).toThrow(/^Dependency cycle detected: c0 => c1 => .* => c1999 => c0$/);
  });
});

describe('an app that is beyond it', () => {
  class OwnChart extends Chart {
    public toJson(): unknown[] {
      return super.toJson().map((object) => ({ ...object, own: true }));
    }
  }
  class OwnCharts extends App {
    public get charts(): Chart[] {
      return super.charts.reverse();
    }
  }
  const withOwnChart: Definition = (app) => {
    for (const id of ['a', 'b']) thing(new OwnChart(app, id), 'x');
  };

  it.each([YamlOutputType.FILE_PER_CHART, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE])(
    'has the files of cdk8s itself, with output %s',
    (yamlOutputType) => {
      const { stock, ours } = outcomes(withOwnChart, { yamlOutputType });
      expect(ours).toEqual(stock);
      expect(Object.values(ours.files).join().includes('own: true')).toBe(
        yamlOutputType === YamlOutputType.FILE_PER_CHART,
      );
    },
  );

  const warningsOf = (app: App, define: Definition, synthesize: (app: App) => void): string[] => {
    define(app, () => {});
    const warnings = standardErrorOf(() => {
      synthesize(app);
      synthesize(app);
    });
    rmSync(app.outdir, { recursive: true, force: true });
    return warnings.split('\n').filter((line) => line.includes('StockSynthesis'));
  };
  const props = () => ({ outdir: mkdtempSync(join(tmpdir(), 'synth-')) });

  it('is told why, once', () => {
    expect(warningsOf(new ServingApp(props()), withOwnChart, (app) => app.synth())).toEqual([
      'warning [StockSynthesis] the chart has a toJson() of its own, so cdk8s itself synthesizes the app, in a time that grows with the square of its charts (at a)',
    ]);
  });

  it('has the order of charts that its class gives', () => {
    const define = DEFINITIONS['charts beside each other']!;
    const [warning] = warningsOf(new OwnCharts(props()), define, (app) => AppSynthesizer.synth(app));
    expect(warning).toContain('the app has `charts` of its own');
  });

  it('has a kind of output that is not known here', () => {
    const yamlOutputType = 4 as YamlOutputType;
    const [warning] = warningsOf(new ServingApp({ ...props(), yamlOutputType }), withOwnChart, (app) => app.synth());
    expect(warning).toContain('the app has a new kind of output');
  });

  it.each(['an object that depends on itself', 'an object that depends on one of another app'])('has %s', (what) => {
    expect(warningsOf(new ServingApp(props()), DEFINITIONS[what]!, (app) => app.synth())).toHaveLength(1);
  });

  it('is nothing else', () => {
    for (const [what, define] of Object.entries(DEFINITIONS)) {
      if (what.includes('itself') || what.includes('another app')) continue;
      const attempt = (app: App) => {
        try {
          app.synth();
        } catch {
          // Told by others.
        }
      };
      expect([what, ...warningsOf(new ServingApp(props()), define, attempt)]).toEqual([what]);
    }
  });
});
