import { describe, expect, it } from 'vitest';
import { dcgmExporterModel } from '../../lib/cluster/dcgm-exporter';

describe('dcgmExporterModel', () => {
  // What Prometheus makes of the exporter's own `pod` and `namespace` without honorLabels.
  it('reads the labels that Prometheus renames', () => {
    expect(dcgmExporterModel({})).toEqual({ podLabel: 'exported_pod', namespaceLabel: 'exported_namespace' });
  });

  it.each(['pod', 'Pod', '_pod', '__name', 'p0', 'a'])('takes the label %s', (label) => {
    expect(dcgmExporterModel({ podLabel: label, namespaceLabel: label })).toEqual({
      podLabel: label,
      namespaceLabel: label,
    });
  });

  // https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
  it.each(['', ' ', '0pod', 'a-b', 'a.b', 'a b', 'a:b', 'é', 'pod"'])('fails on the label %j', (label) => {
    expect(() => dcgmExporterModel({ podLabel: label })).toThrow(
      `[InvalidText] 'dcgmExporter.podLabel' must be a label of Prometheus, as exported_pod, got ${JSON.stringify(label)}`,
    );
    expect(() => dcgmExporterModel({ namespaceLabel: label })).toThrow("[InvalidText] 'dcgmExporter.namespaceLabel'");
  });
});
