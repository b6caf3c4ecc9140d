import type { App } from 'cdk8s';
import { byHand } from './by-hand';
import { clusters } from './parts/clusters';
import { exposure } from './parts/exposure';
import { functions } from './parts/functions';
import { placement } from './parts/placement';
import { pods } from './parts/pods';
import { releases } from './parts/releases';
import { scaling } from './parts/scaling';
import { traffic } from './parts/traffic';
import type { Report } from './report';

export function broad(app: App, report: Report): void {
  for (const part of [byHand, clusters, exposure, functions, placement, pods, releases, scaling, traffic])
    part(app, report);
}
