import { describe, expect, it } from 'vitest';
import { Region } from '../../lib/placement/region';

describe('Region', () => {
  it.each(['us-east-1', 'europe-west4', 'westeurope', '1', 'a'.repeat(63)])('takes %j', (name) => {
    expect(Region.aws(name).name).toBe(name);
    expect(Region.named(name).name).toBe(name);
  });

  it.each(['', 'US-East-1', 'us east', 'us_east', '-us', 'us-', 'us.east', 'a'.repeat(64)])('fails on %j', (name) => {
    const message = `[InvalidName] 'name' must be a region in lower case, as us-east-1, got "${name}"`;
    expect(() => Region.aws(name)).toThrow(message);
    expect(() => Region.named(name)).toThrow(message);
  });
});
