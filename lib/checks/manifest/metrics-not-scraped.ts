import { asList, asMap, asText, dig, pathTo } from '../../internal/json';
import { LABELS } from '../../internal/labels';
import type { ManifestRule } from './model/finding';
import { labelSelector, matches } from './model/label-selector';
import type { ManifestFolder } from './model/manifest-folder';
import { KEDA } from './model/scaler';
import type { Workload } from './model/workload';

const INSTANCE = /\bapp_kubernetes_io_instance="([^"\\]+)"/g;

/** A query about pods that nobody scrapes has no answer, ever: said only where the folder holds those pods. */
export const metricsNotScraped: ManifestRule = {
  name: 'MetricsNotScraped',
  *check(folder) {
    for (const object of folder.ofKind('ScaledObject', KEDA)) {
      for (const [index, trigger] of asList(dig(object.value, 'spec', 'triggers')).entries()) {
        const query = asText(dig(trigger, 'metadata', 'query'));
        if (dig(trigger, 'type') !== 'prometheus' || query === undefined) continue;
        const instances = new Set([...query.matchAll(INSTANCE)].map(([, instance]) => instance!));
        const pods = folder
          .workloadsIn(object.namespace)
          .filter(({ podLabels }) => instances.has(podLabels.get(LABELS.instance) ?? ''));
        if (pods.length === 0 || pods.some((workload) => isScraped(folder, workload))) continue;
        const location = pathTo('spec.triggers', index, 'metadata', 'query');
        yield {
          object,
          location,
          text: `'${location}' must ask for what is scraped, got pods of ${[...instances].join(', ')}, which no PodMonitor selects and no annotation shows to Prometheus`,
          remedy: 'add a PodMonitor for them, or the annotation prometheus.io/scrape',
        };
      }
    }
  },
};

/** How a ServiceMonitor finds pods is too far from here: where there is one, nobody is accused. */
function isScraped(folder: ManifestFolder, { object, podLabels, podTemplate }: Workload): boolean {
  if (asText(dig(podTemplate, 'metadata', 'annotations', 'prometheus.io/scrape')) === 'true') return true;
  if (folder.hasKind('ServiceMonitor')) return true;
  return folder.ofKind('PodMonitor', 'monitoring.coreos.com').some((monitor) => {
    const { selector, namespaceSelector } = asMap(monitor.value.spec);
    const names = asList(dig(namespaceSelector, 'matchNames'));
    const reaches =
      dig(namespaceSelector, 'any') === true ||
      (names.length === 0 ? monitor.namespace === object.namespace : names.includes(object.namespace));
    return reaches && matches(labelSelector(selector), podLabels);
  });
}
