// How the workload is divided: `one-chart`, or a chart for each application and how these depend on one another.
const WAVE = 10;

exports.shapeOf = ([, , shape, count, outdir]) => ({ shape, count: Number(count), outdir });

exports.connect = (shape, charts) => {
  for (const [index, chart] of charts.entries())
    for (const before of BEFORE[shape](index)) chart.addDependency(charts[before]);
};

const BEFORE = {
  'one-chart': () => [],
  charts: () => [],
  // Each after the one before.
  chain: (index) => (index === 0 ? [] : [index - 1]),
  // Ten at a time, after all ten before.
  waves: (index) => {
    const begin = (Math.floor(index / WAVE) - 1) * WAVE;
    return begin < 0 ? [] : Array.from({ length: WAVE }, (_, offset) => begin + offset);
  },
  // One, three after it, one after these three.
  diamonds: (index) => {
    if (index === 0) return [];
    if (index % 4 === 0) return [index - 1, index - 2, index - 3];
    return [Math.floor(index / 4) * 4];
  },
};
