import { describe, expect, it } from 'vitest';
import { BentoDeployment, HostAlias } from '../../lib';
import { single } from '../bentos';
import { synthesize } from '../tree';

describe('HostAlias', () => {
  it.each(['10.0.0.1', 'fd00::1'])('takes the address %s', (ip) => {
    const objects = synthesize((chart) => {
      new BentoDeployment(chart, 'Rag', { bento: single(), hostAliases: [HostAlias.of(ip, ['db', 'db.internal'])] });
    });
    expect(objects.pod('rag').hostAliases).toEqual([{ ip, hostnames: ['db', 'db.internal'] }]);
  });

  // The API server merges them by address.
  it('is one entry per address, of the deployment and of the component together', () => {
    const objects = synthesize((chart) => {
      new BentoDeployment(chart, 'Rag', {
        bento: single(),
        hostAliases: [HostAlias.of('10.0.0.1', ['a']), HostAlias.of('10.0.0.2', ['b'])],
        apiServer: { hostAliases: [HostAlias.of('10.0.0.1', ['c', 'a'])] },
      });
    });
    expect(objects.pod('rag').hostAliases).toEqual([
      { ip: '10.0.0.1', hostnames: ['a', 'c'] },
      { ip: '10.0.0.2', hostnames: ['b'] },
    ]);
  });

  it.each([
    ['10.0.0.256', ['a'], "[InvalidText] 'ip'"],
    ['db', ['a'], "[InvalidText] 'ip'"],
    ['10.0.0.1', [], "[EmptyList] 'hostnames'"],
    ['10.0.0.1', ['No_Name'], "[InvalidName] 'hostnames'"],
  ])('fails on %s for %j', (ip, hostnames, message) => {
    expect(() => HostAlias.of(ip, hostnames)).toThrow(message);
  });
});
