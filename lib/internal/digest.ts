import { createHash } from 'node:crypto';

/** The first digits of a text's SHA-256. */
export function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}
