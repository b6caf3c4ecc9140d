// Times by size as a picture: both axes logarithmic, so that a straight line of slope 1 is linear growth.
import type { Results } from './targets';

interface Panel {
  readonly group: string;
  readonly title: string;
  readonly unit: string;
  readonly scale: number;
}

const PANELS: readonly Panel[] = [
  { group: 'objects', title: 'Objects in one chart', unit: 'objects', scale: 3 },
  { group: 'charts', title: 'A chart for each three objects', unit: 'charts', scale: 1 },
];
const COLORS = ['#7f7f7f', '#d62728', '#1f77b4', '#2ca02c', '#9467bd', '#ff7f0e', '#8c564b'];
const WIDTH = 440;
const HEIGHT = 320;
const MARGIN = { left: 56, top: 40, right: 16, bottom: 44 };
const LEGEND_LINE = 20;

const log = Math.log10;

export function plotOf(results: Results): string {
  const tools = [...new Set(PANELS.flatMap(({ group }) => results.tools(group)))];
  const color = (tool: string): string => COLORS[tools.indexOf(tool) % COLORS.length]!;
  const legendTop = HEIGHT + 8;
  const height = legendTop + Math.ceil(tools.length / 2) * LEGEND_LINE + 12;
  const width = WIDTH * PANELS.length;
  const legend = tools.map((tool, index) => {
    const x = MARGIN.left + (index % 2) * WIDTH;
    const y = legendTop + Math.floor(index / 2) * LEGEND_LINE + LEGEND_LINE / 2;
    return `<path d="M${x} ${y}h24" stroke="${color(tool)}" stroke-width="2"/><text x="${x + 32}" y="${y + 4}">${tool}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<title>Time of a whole process by size</title>
<rect width="${width}" height="${height}" fill="#fff"/>
${PANELS.map((panel, index) => `<g transform="translate(${index * WIDTH} 0)">\n${panelOf(results, panel, color)}\n</g>`).join('\n')}
${legend.join('\n')}
</svg>
`;
}

function panelOf(results: Results, { group, title, unit, scale }: Panel, color: (tool: string) => string): string {
  const points = results.all.filter((one) => one.group === group);
  const sizes = points.map(({ count }) => count * scale);
  const times = points.map(({ milliseconds }) => milliseconds / 1_000);
  const x = axis(sizes, MARGIN.left, WIDTH - MARGIN.right);
  const y = axis(times, HEIGHT - MARGIN.bottom, MARGIN.top);
  const lines = results.tools(group).map((tool) => {
    const own = points.filter((one) => one.tool === tool).sort((a, b) => a.count - b.count);
    const path = own.map(({ count, milliseconds }) => `${x.at(count * scale)} ${y.at(milliseconds / 1_000)}`).join('L');
    return `<path d="M${path}" fill="none" stroke="${color(tool)}" stroke-width="2"/>`;
  });
  return [
    `<text x="${WIDTH / 2}" y="22" text-anchor="middle" font-weight="bold">${title}</text>`,
    ...x.ticks.map((tick) => vertical(x.at(tick), tick.toLocaleString('en'))),
    ...y.ticks.map((tick) => horizontal(y.at(tick), String(tick))),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 8}" text-anchor="middle">${unit}; time in seconds</text>`,
    ...lines,
  ].join('\n');
}

/** Powers of ten around the values, laid between two coordinates. */
function axis(values: readonly number[], begin: number, end: number) {
  const low = Math.floor(log(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(log(Math.max(...values))));
  const at = (value: number): number =>
    Math.round(10 * (begin + ((log(value) - low) / (high - low)) * (end - begin))) / 10;
  // Whole powers as they are written: 10 ** -1 is not 0.1 everywhere.
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => Number(`1e${low + index}`));
  return { at, ticks };
}

function vertical(x: number, label: string): string {
  const bottom = HEIGHT - MARGIN.bottom;
  return `<path d="M${x} ${MARGIN.top}V${bottom}" stroke="#ddd"/><text x="${x}" y="${bottom + 16}" text-anchor="middle">${label}</text>`;
}

function horizontal(y: number, label: string): string {
  const right = WIDTH - MARGIN.right;
  return `<path d="M${MARGIN.left} ${y}H${right}" stroke="#ddd"/><text x="${MARGIN.left - 6}" y="${y + 4}" text-anchor="end">${label}</text>`;
}
