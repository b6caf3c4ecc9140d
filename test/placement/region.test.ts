import { describe, expect, it } from 'vitest';
import { Region } from '../../lib/placement/region';

const BAD = ['', 'US-East-1', 'us east', 'us_east', '-us', 'us-', 'us.east', 'a'.repeat(64)];

describe('Region', () => {
  it.each(['us-east-1', 'europe-west4', 'westeurope', '1', 'a'.repeat(63)])('takes %j', (name) => {
    expect(Region.named(name).name).toBe(name);
  });

  it.each(['us-east-1', 'eu-central-2', 'us-gov-west-1', 'ap-southeast-7', 'mx-central-1'])(
    'of AWS takes %j',
    (name) => {
      expect(Region.aws(name).name).toBe(name);
    },
  );

  it.each(BAD)('fails on %j', (name) => {
    const message = `[InvalidName] 'name' must be a region in lower case, as us-east-1, got "${name}"`;
    expect(() => Region.aws(name)).toThrow(message);
    expect(() => Region.named(name)).toThrow(message);
  });

  it.each(['us-east', 'europe-west4', 'us-east-1a', 'us-east-123', '1'])('of AWS fails on %j', (name) => {
    expect(() => Region.aws(name)).toThrow(
      `[InvalidName] 'name' must be a region of AWS, as us-east-1, got "${name}"; use Region.named() for others`,
    );
  });

  it.each([
    ['us-east-1', 'us-east'],
    ['europe-west4', 'europe-west'],
    ['westeurope', 'westeurope'],
    ['1', '1'],
  ])('calls %s %s for short', (name, short) => {
    expect(Region.named(name).shortName).toBe(short);
  });

  it.each(['use1', 'a', 'a'.repeat(20)])('takes the short name %j', (shortName) => {
    expect(Region.aws('us-east-1', { shortName }).shortName).toBe(shortName);
  });

  it.each(['', '1a', 'a-', 'Use1', 'a'.repeat(21)])('fails on the short name %j', (shortName) => {
    expect(() => Region.aws('us-east-1', { shortName })).toThrow(
      `[InvalidName] 'shortName' must be at most 20 lower-case letters, digits and dashes, a letter first, got "${shortName}"`,
    );
  });
});
