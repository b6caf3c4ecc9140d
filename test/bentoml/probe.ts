import { setTimeout as sleep } from 'node:timers/promises';
import type { Container as ContainerSpec, Probe } from 'kubernetes-types/core/v1';

/** The number behind a port that a manifest states by name or number. */
export function portNumber(container: ContainerSpec, port: number | string): number {
  if (typeof port === 'number') return port;
  const named = container.ports?.find(({ name }) => name === port);
  if (named === undefined) throw new Error(`container '${container.name}' has no port '${port}'`);
  return named.containerPort;
}

/** One attempt, as the kubelet makes it: any answer from 200 to 399 in time. */
export async function attempt(address: string, container: ContainerSpec, probe: Probe): Promise<boolean> {
  const { httpGet, timeoutSeconds = 1 } = probe;
  if (httpGet === undefined) throw new Error('only HTTP probes can be made here');
  const scheme = (httpGet.scheme ?? 'HTTP').toLowerCase();
  const url = `${scheme}://${address}:${portNumber(container, httpGet.port)}${httpGet.path ?? '/'}`;
  try {
    const headers = Object.fromEntries((httpGet.httpHeaders ?? []).map(({ name, value }) => [name, value]));
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    const response = await fetch(url, { headers, signal, redirect: 'manual' });
    await response.arrayBuffer();
    return response.status >= 200 && response.status < 400;
  } catch {
    return false;
  }
}

/** Attempts until the first success; false when the probe's threshold of failures is reached or `running` ends. */
export async function succeeds(
  address: string,
  container: ContainerSpec,
  probe: Probe,
  running: () => boolean,
): Promise<boolean> {
  const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = probe;
  await sleep(initialDelaySeconds * 1000);
  for (let failures = 0; failures < failureThreshold && running(); failures++) {
    if (await attempt(address, container, probe)) return true;
    await sleep(periodSeconds * 1000);
  }
  return false;
}
