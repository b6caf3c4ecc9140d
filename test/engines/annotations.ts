import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DoorObject } from '../../lib/component/door';

export type Controller = 'aws-load-balancer-controller-3.5.0' | 'ingress-nginx-1.15.1';

/** Annotations of an object that its controller would ignore without a word, as mistakes in writing are. */
export function unknownAnnotations({ annotations = {} }: DoorObject, controller: Controller): string[] {
  const names = readFileSync(join(__dirname, '../fixtures/annotations', `${controller}.txt`), 'utf8')
    .trimEnd()
    .split('\n');
  const known = (annotation: string) =>
    names.some((name) => (name.endsWith('.*') ? annotation.startsWith(name.slice(0, -1)) : annotation === name));
  return Object.keys(annotations).filter((annotation) => !known(annotation));
}

/** `key=value,key=value` as the AWS Load Balancer Controller reads it, values that are numbers as such. */
export function attributesOf(annotation: string): { [key: string]: string | number } {
  return Object.fromEntries(
    annotation.split(',').map((pair) => {
      const [key, ...value] = pair.split('=');
      const text = value.join('=');
      return [key, /^\d+$/.test(text) ? Number(text) : text];
    }),
  );
}
