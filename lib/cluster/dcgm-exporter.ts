import { errors } from '../internal/errors';

/** NVIDIA's DCGM exporter, whose metrics of GPUs reach the cluster's Prometheus. */
export interface DcgmExporterOptions {
  /**
   * The label in which Prometheus keeps the pod that uses a GPU: `pod` where it scrapes the exporter
   * with honorLabels, as the community's Prometheus chart does by annotations.
   *
   * @default 'exported_pod'
   */
  readonly podLabel?: string;

  /**
   * The label in which Prometheus keeps the namespace of that pod.
   *
   * @default 'exported_namespace'
   */
  readonly namespaceLabel?: string;
}

/** What the engines read. */
export interface DcgmExporterModel {
  readonly podLabel: string;
  readonly namespaceLabel: string;
}

/** Every default filled in. */
export function dcgmExporterModel(options: DcgmExporterOptions): DcgmExporterModel {
  const { podLabel = 'exported_pod', namespaceLabel = 'exported_namespace' } = options;
  for (const [property, label] of Object.entries({ podLabel, namespaceLabel })) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) {
      throw errors.invalidText(`dcgmExporter.${property}`, 'a label of Prometheus, as exported_pod', label);
    }
  }
  return { podLabel, namespaceLabel };
}
