/** The sum of a metric's samples that have all these labels, in the Prometheus text format. */
export function sample(text: string, metric: string, labels: Record<string, string>): number {
  let sum = 0;
  for (const line of text.split('\n')) {
    const [, name, pairs, value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (name !== metric || pairs === undefined) continue;
    if (Object.entries(labels).every(([label, wanted]) => pairs.includes(`${label}="${wanted}"`))) {
      sum += Number(value);
    }
  }
  return sum;
}
