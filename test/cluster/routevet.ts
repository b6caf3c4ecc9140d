import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { goBuild } from '../tools/go';
import type { Body } from './client';

/** A request as the interceptor of KEDA's HTTP add-on gets it. */
export interface Asked {
  readonly host: string;
  readonly headers: { readonly [name: string]: readonly string[] };
}

/** The routing table of KEDA's HTTP add-on, as a program. */
export function routevetBinary(): Promise<string> {
  return goBuild('routevet', join(__dirname, 'routevet'), '-s -w');
}

/** Which InterceptorRoute the interceptor takes for each request, as `namespace/name`; '' where there is none. */
export async function routesTaken(routes: readonly Body[], requests: readonly Asked[]): Promise<string[]> {
  const input = JSON.stringify({ routes, requests });
  return JSON.parse(execFileSync(await routevetBinary(), { input, encoding: 'utf8', maxBuffer: 2 ** 26 }));
}
