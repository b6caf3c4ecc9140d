import type { BentoServiceModel } from '../bento/bento-model';
import type { ClusterModel } from '../cluster/cluster-profile';
import { LABELS, metricLabel } from '../internal/labels';
import { sortedMap } from '../internal/names';
import type { IdentityModel, SeriesModel } from './component-model';

/** Labels of pods by which queries tell components apart: they must become labels of what is scraped from them. */
export const SERIES_LABELS = [LABELS.instance, LABELS.component, LABELS.track];

/** What tells the series of a component from all others. */
export function seriesOf(identity: IdentityModel, service: BentoServiceModel, cluster: ClusterModel): SeriesModel {
  const { namespace, podLabels } = identity;
  return {
    labels: sortedMap({
      ...Object.fromEntries(SERIES_LABELS.map((label) => [metricLabel(label), podLabels[label]!])),
      ...(namespace !== undefined && { namespace }),
      ...cluster.prometheus?.queryLabels,
    }),
    prefix: service.metricsNamespace,
    probePaths: ['healthz', 'livez', 'readyz'].map((path) => `${service.pathPrefix}/${path}`),
  };
}
