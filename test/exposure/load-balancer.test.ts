import { describe, expect, it } from 'vitest';
import { Exposure } from '../../lib';
import type { LoadBalancerOptions } from '../../lib/exposure/exposure-options';

const model = (options: Partial<LoadBalancerOptions> = {}) =>
  Exposure.loadBalancer({ sourceCidrs: ['192.0.2.0/24'], ...options })._model.doors[0]!.door;

describe('Exposure.loadBalancer', () => {
  it('has the port 80 and lets in whom it is told', () => {
    expect(model()).toEqual({ kind: 'load-balancer', port: 80, sourceCidrs: ['192.0.2.0/24'], annotations: {} });
    expect(model({ sourceCidrs: ['0.0.0.0/0', '::/0'] })).toMatchObject({ sourceCidrs: ['0.0.0.0/0', '::/0'] });
  });

  it('keeps annotations in one order', () => {
    const door = model({ annotations: { 'b.example.com/x': '1', a: '' } }) as { annotations: object };
    expect(Object.entries(door.annotations)).toEqual([
      ['a', ''],
      ['b.example.com/x', '1'],
    ]);
  });

  // ValidateQualifiedName in the API server.
  it.each(['internal-vip', 'example.com/internal-vip', 'A'])('takes the class %s', (loadBalancerClass) => {
    expect(model({ loadBalancerClass })).toMatchObject({ loadBalancerClass });
  });

  it.each(['', 'a b', '/a', 'a/', 'A/b', 'a/b/c', 'a'.repeat(64)])("fails on the class '%s'", (loadBalancerClass) => {
    expect(() => model({ loadBalancerClass })).toThrow(
      "[InvalidName] 'loadBalancerClass' must be a name, with or without a DNS prefix, got",
    );
  });

  it.each([
    [
      { sourceCidrs: [] },
      "[EmptyList] 'sourceCidrs' must not be empty; state who may connect: 0.0.0.0/0 for everybody",
    ],
    [{ sourceCidrs: ['everybody'] }, "[InvalidText] 'sourceCidrs'"],
    [{ sourceCidrs: ['10.0.0.0/8', '10.0.0.0/8'] }, "[DuplicateKey] 'sourceCidrs'"],
    [{ port: 0 }, "[OutOfRange] 'port' must be a whole number from 1 to 65535, got 0"],
    [{ annotations: { 'a b': '1' } }, "[InvalidLabel] 'annotations'"],
  ])('fails on %j', (options, message) => {
    expect(() => model(options)).toThrow(message);
  });
});
