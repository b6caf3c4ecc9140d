import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoorContext } from '../../lib/component/door';
import { doorObjects } from '../../lib/engines/choose-door';
import type { Body, KubernetesObject } from '../cluster/client';
import { structuralFindings } from '../schemas/structure';
import { unknownAnnotations } from './annotations';
import { SHARING_DOORS, splitContexts } from './split-arbitraries';

/** What a door makes, or the error that says why it does not. */
function made(name: string, context: DoorContext): KubernetesObject[] | string {
  try {
    return doorObjects(SHARING_DOORS[name]!, context).map(({ apiVersion, kind, name: of, annotations, content }) => ({
      apiVersion,
      kind,
      metadata: { name: of, namespace: 'ml', annotations },
      ...content,
    }));
  } catch (error) {
    return (error as Error).message;
  }
}

const SCHEMAS = ['gateway-api-1.7.0', 'envoy-gateway-1.9.1'];

/** Every Service behind it by how often it is named. */
const named = (objects: readonly KubernetesObject[], service: string): number =>
  JSON.stringify(objects).replaceAll('\\', '').split(`"${service}"`).length - 1;

describe.each(Object.keys(SHARING_DOORS))('any split behind %s', (name) => {
  it('is valid, or an error that names who can', () => {
    const seen = { valid: 0, refused: 0 };
    fc.assert(
      fc.property(splitContexts, (context) => {
        const objects = made(name, context);
        if (typeof objects === 'string') {
          expect(objects).toMatch(
            /^\[NotByEngine\] 'release\.versions\.[a-z0-9]+' must not be stated for Exposure\..*: .*; .*use /,
          );
          seen.refused += 1;
          return;
        }
        seen.valid += 1;
        for (const object of objects) {
          if (object.kind === 'Ingress') continue;
          expect(structuralFindings(object, ...SCHEMAS)).toEqual([]);
        }
        const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
        expect(new Set(names).size).toBe(names.length);
        const { matched = [], mirrors = [], backends } = context;
        for (const { service } of [...backends, ...matched.map(({ backend }) => backend)]) {
          expect(named(objects, service)).toBeGreaterThan(0);
        }
        for (const { percent, backend } of mirrors) expect(named(objects, backend.service) > 0).toBe(percent > 0);
      }),
      { numRuns: 300, seed: 7 },
    );
    expect(seen.valid).toBeGreaterThan(5);
    expect(seen.refused).toBeGreaterThan(5);
  });

  it('comes of the same definition, whatever was rendered before', () => {
    fc.assert(
      fc.property(splitContexts, (context) => {
        const before = JSON.stringify(context);
        expect(made(name, context)).toEqual(made(name, context));
        expect(JSON.stringify(context)).toBe(before);
      }),
      { numRuns: 50 },
    );
  });
});

describe('annotations of a split', () => {
  it.each([
    ['ingress-nginx', 'ingress-nginx-1.15.1'],
    ['application-load-balancer', 'aws-load-balancer-controller-3.5.0'],
  ] as const)('of %s are known to its controller', (name, controller) => {
    fc.assert(
      fc.property(splitContexts, (context) => {
        const objects = made(name, context);
        if (typeof objects === 'string') return;
        for (const { metadata } of objects) {
          expect(unknownAnnotations({ annotations: (metadata as Body).annotations } as never, controller)).toEqual([]);
        }
      }),
    );
  });
});
