import { describe, expect, it } from 'vitest';
import { Exposure, SecretRef, Tls } from '../../lib';
import type { NetworkLoadBalancerOptions } from '../../lib/exposure/exposure-options';

const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/one';
const model = (options?: NetworkLoadBalancerOptions) => Exposure.networkLoadBalancer(options)._model.doors[0]!.door;

describe('Exposure.networkLoadBalancer', () => {
  it('is internal, crosses zones, and passes on plain connections of port 80', () => {
    expect(model()).toEqual({
      kind: 'network-load-balancer',
      port: 80,
      scheme: 'internal',
      crossZone: true,
      subnetCidrs: [],
    });
    expect(model({})).toEqual(model());
  });

  it('has the port 443 with certificates', () => {
    expect(model({ tls: Tls.acm([ARN]) })).toMatchObject({ port: 443, tls: { kind: 'acm', arns: [ARN] } });
    expect(model({ tls: Tls.acm([ARN]), port: 8443 })).toMatchObject({ port: 8443 });
  });

  it('is as it is stated', () => {
    const options = {
      internetFacing: true,
      crossZone: false,
      subnetCidrs: ['10.0.0.0/20'],
      sourceCidrs: ['0.0.0.0/0'],
    };
    expect(model(options)).toMatchObject({
      scheme: 'internet-facing',
      crossZone: false,
      subnetCidrs: ['10.0.0.0/20'],
      sourceCidrs: ['0.0.0.0/0'],
    });
  });

  it('keeps what it was given', () => {
    const subnetCidrs = ['10.0.0.0/20'];
    const sourceCidrs = ['192.0.2.0/24'];
    const door = model({ subnetCidrs, sourceCidrs });
    subnetCidrs.push('10.0.16.0/20');
    sourceCidrs.push('198.51.100.0/24');
    expect(door).toMatchObject({ subnetCidrs: ['10.0.0.0/20'], sourceCidrs: ['192.0.2.0/24'] });
  });

  it.each([1, 65_535])('takes the port %d', (port) => {
    expect(model({ port })).toMatchObject({ port });
  });

  it.each([0, 65_536, 1.5, Number.NaN])('fails on the port %d', (port) => {
    expect(() => model({ port })).toThrow("[OutOfRange] 'port' must be a whole number from 1 to 65535");
  });

  it.each(['a', 'A-1', 'a'.repeat(32)])('takes the target group %s', (targetGroupName) => {
    expect(model({ targetGroupName })).toMatchObject({ targetGroupName });
  });

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  it.each(['', '-a', 'a-', 'a_b', 'a.b', 'a'.repeat(33)])("fails on the target group '%s'", (targetGroupName) => {
    expect(() => model({ targetGroupName })).toThrow(
      "[InvalidName] 'targetGroupName' must be at most 32 letters, digits and dashes, got",
    );
  });

  it.each([
    [{ tls: Tls.acm([ARN]) }, 'tls'],
    [{ port: 80 }, 'port'],
    [{ internetFacing: false }, 'internetFacing'],
    [{ sourceCidrs: ['10.0.0.0/8'] }, 'sourceCidrs'],
    [{ crossZone: true }, 'crossZone'],
  ])("fails on %j, which belongs to somebody else's load balancer", (options, property) => {
    expect(() => model({ ...options, targetGroupName: 'rag' })).toThrow(
      `[ConflictingOptions] '${property}' must not be given together with 'targetGroupName'`,
    );
  });

  it.each([
    [{ subnetCidrs: [] }, "[EmptyList] 'subnetCidrs' must not be empty"],
    [{ sourceCidrs: [] }, "[EmptyList] 'sourceCidrs' must not be empty"],
    [{ subnetCidrs: ['10.0.0.0/8', '10.0.0.0/8'] }, '[DuplicateKey] \'subnetCidrs\' must state "10.0.0.0/8" once'],
    [{ sourceCidrs: ['10.0.0.0/8', '10.0.0.0/8'] }, '[DuplicateKey] \'sourceCidrs\' must state "10.0.0.0/8" once'],
    [{ subnetCidrs: ['10.0.0.0'] }, "[InvalidText] 'subnetCidrs'"],
    [{ sourceCidrs: ['10.0.0.0/33'] }, "[InvalidText] 'sourceCidrs'"],
  ])('fails on %j', (options, message) => {
    expect(() => model(options)).toThrow(message);
  });

  it('leaves certificates that it cannot use to the support table', () => {
    expect(model({ tls: Tls.secret(SecretRef.named('rag-tls')) })).toMatchObject({ tls: { kind: 'secret' } });
  });
});
