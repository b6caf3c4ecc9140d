import { Gate } from '../../lib';

Gate.prometheusQuery({ name: 'errors', query: 'sum(rate(errors{release="{{ .Release.Name }}"}[5m]))', max: 1 });
