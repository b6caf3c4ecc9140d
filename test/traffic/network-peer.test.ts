import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BentoError } from '../../lib/internal/errors';
import { NetworkPeer } from '../../lib/traffic/network-peer';

describe('NetworkPeer.pods', () => {
  it('names labels, and a namespace where they are elsewhere', () => {
    expect(NetworkPeer.pods({ labels: { app: 'web' } })._model).toStrictEqual({ podLabels: { app: 'web' } });
    expect(NetworkPeer.pods({ labels: { app: 'web' }, namespace: 'shop' })._model).toStrictEqual({
      podLabels: { app: 'web' },
      namespace: 'shop',
    });
  });

  it('fails without labels and says what would serve', () => {
    expect(() => NetworkPeer.pods({ labels: {} })).toThrow(
      "[EmptyList] 'labels' must not be empty; use NetworkPeer.namespace() for every pod of a namespace",
    );
  });

  it('fails on bad labels and namespaces', () => {
    expect(() => NetworkPeer.pods({ labels: { a: 'b c' } })).toThrow("[InvalidLabel] 'labels.a'");
    expect(() => NetworkPeer.pods({ labels: { 'a b': '' } })).toThrow("[InvalidLabel] 'labels'");
    expect(() => NetworkPeer.pods({ labels: { a: '' }, namespace: '' })).toThrow("[InvalidName] 'namespace'");
  });

  it('keeps its labels when the map of the caller changes', () => {
    const labels: { [key: string]: string } = { app: 'web' };
    const peer = NetworkPeer.pods({ labels });
    labels.app = 'other';
    expect(peer._model.podLabels).toEqual({ app: 'web' });
  });
});

describe('NetworkPeer.namespace', () => {
  it.each(['web', '0', 'a'.repeat(63)])('takes %j', (name) => {
    expect(NetworkPeer.namespace(name)._model).toStrictEqual({ namespace: name });
  });

  it.each(['', 'A', 'a.b', '-', 'a'.repeat(64)])('fails on %j', (name) => {
    expect(() => NetworkPeer.namespace(name)).toThrow("[InvalidName] 'name' must be a DNS label");
  });

  it('may be the same', () => {
    expect(NetworkPeer.sameNamespace()._model).toStrictEqual({});
  });
});

// IsValidCIDR of k8s.io/apimachinery in its strict form, which from 1.36 on is a warning at least.
describe('NetworkPeer.cidr', () => {
  it.each([
    '10.0.0.0/8',
    '10.0.0.0/16',
    '10.1.2.3/32',
    '0.0.0.0/0',
    '192.168.255.128/25',
    '2001:db8::/32',
    '2001:db8::1/128',
    '2001:db8:0:0:0:0:0:0/64',
    '::/0',
    '::1/128',
    'fd00::/8',
  ])('takes %s', (cidr) => {
    expect(NetworkPeer.cidr(cidr)._model).toStrictEqual({ cidr });
  });

  it.each([
    '',
    '/',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '10.0.0.256/32',
    '010.0.0.0/8',
    '10.0.0.0 /8',
    '10.0.0.0/8 ',
    '10.0.0.0/8.0',
    '::/129',
    '2001:db8::/32x',
    'fe80::1%eth0/128',
    '::ffff:10.0.0.0/104',
    ':::/0',
    'example.com/24',
  ])('fails on %j', (cidr) => {
    expect(() => NetworkPeer.cidr(cidr)).toThrow("[InvalidText] 'cidr' must be");
  });

  it.each([
    ['10.0.0.1/16', 16, 32],
    ['10.0.0.129/25', 25, 32],
    ['0.0.0.1/0', 0, 32],
    ['2001:db8::1/64', 64, 128],
    ['2001:db8:0:0:8000::/64', 64, 128],
  ])('fails on %s, which is neither a block nor an address', (cidr, length, bits) => {
    expect(() => NetworkPeer.cidr(cidr)).toThrow(
      `[InvalidText] 'cidr' must be the first address of a block of /${length}, got "${cidr}"; or use /${bits} for one address`,
    );
  });

  it('takes the block of any address, and of no other begin', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }), (address, length) => {
        const size = 2 ** (32 - length);
        const text = (number: number) => [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
        const first = Math.floor(address / size) * size;
        expect(() => NetworkPeer.cidr(`${text(first)}/${length}`)).not.toThrow();
        if (address !== first) expect(() => NetworkPeer.cidr(`${text(address)}/${length}`)).toThrow('[InvalidText]');
      }),
    );
  });

  it('fails on any other text with an error of ours', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('1', '0', '.', ':', '/', 'f', '%') }),
      fc.ipV6(),
    );
    fc.assert(
      fc.property(text, (cidr) => {
        try {
          NetworkPeer.cidr(cidr);
        } catch (error) {
          expect(error).toBeInstanceOf(BentoError);
        }
      }),
    );
  });
});
