// Tables of a run, as Markdown.
import type { Results, Target } from './targets';

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const OBJECTS_EACH = 3;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(head), row(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en');

export function targetTable(targets: readonly Target[]): string {
  return table(
    ['', 'what', 'target', 'by the clock', 'in processor time'],
    targets.map(({ id, what, limit, reached, processor }) => [
      id,
      what,
      `<= ${limit}`,
      verdict(reached, limit),
      verdict(processor, limit),
    ]),
  );
}

function verdict(reached: number | undefined, limit: number): string {
  if (reached === undefined) return 'not run';
  return `${Number(reached.toFixed(3))}${reached <= limit ? '' : ' **missed**'}`;
}

/** Times and peaks of a group: a line for each tool, a column for each size. */
export function groupTable(results: Results, group: string, heading: (count: number) => string): string {
  const counts = results.counts(group);
  const cell = (tool: string, count: number): string => {
    const found = results.find(group, tool, count);
    if (found === undefined) return '';
    const { milliseconds, processorMilliseconds, peakMegabytes } = found;
    const inProcessor = Number.isNaN(processorMilliseconds) ? '' : ` / ${whole(processorMilliseconds)}`;
    return `${whole(milliseconds)}${inProcessor}${Number.isNaN(peakMegabytes) ? '' : ` / ${whole(peakMegabytes)}`}`;
  };
  return table(
    ['ms / ms of processors / peak MB', ...counts.map(heading), 'growth'],
    results
      .tools(group)
      .map((tool) => [tool, ...counts.map((count) => cell(tool, count)), growth(results, group, tool)]),
  );
}

/** Between the two largest sizes of the tool, if they are large enough to say something. */
function growth(results: Results, group: string, tool: string): string {
  const counts = results.counts(group).filter((count) => results.find(group, tool, count) !== undefined);
  const [from, to] = counts.slice(-2);
  const exponent = counts.length < 3 ? Number.NaN : results.inProcessorTime().exponent(group, tool, from!, to!);
  return Number.isFinite(exponent) ? exponent.toFixed(2) : '';
}

export function allTables(results: Results): { readonly [name: string]: string } {
  const objects = (count: number): string => `${whole(count * OBJECTS_EACH)} objects`;
  const charts = (count: number): string => `${whole(count)} charts`;
  const deployments = (count: number): string => `${whole(count)} deployments`;
  const tables = {
    objects: groupTable(results, 'objects', objects),
    charts: groupTable(results, 'charts', charts),
    chain: groupTable(results, 'chain', charts),
    waves: groupTable(results, 'waves', charts),
    diamonds: groupTable(results, 'diamonds', charts),
    definitions: groupTable(results, 'definitions, one-chart', deployments),
    'definitions in charts': groupTable(results, 'definitions, charts', deployments),
    'one deployment': groupTable(results, 'one deployment', () => 'whole process'),
    pipeline: groupTable(results, 'pipeline', () => 'whole process'),
    import: groupTable(results, 'import', () => 'whole process'),
  };
  return Object.fromEntries(Object.entries(tables).filter(([, text]) => text.split('\n').length > 2));
}
