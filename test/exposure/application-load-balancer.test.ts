import { describe, expect, it } from 'vitest';
import { Authentication, Exposure, Tls } from '../../lib';
import type { ApplicationLoadBalancerOptions } from '../../lib/exposure/exposure-options';

const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/one';
const tls = Tls.acm([ARN]);
const authentication = Authentication.jwt({ issuer: 'https://a.example.com', jwksUrl: 'https://a.example.com/jwks' });
const model = (options: Partial<ApplicationLoadBalancerOptions> = {}) =>
  Exposure.applicationLoadBalancer({ hosts: ['rag.example.com'], ...options })._model.doors[0]!.door;

describe('Exposure.applicationLoadBalancer', () => {
  it('is internal, of its own, and has plain http', () => {
    expect(model()).toEqual({
      kind: 'application-load-balancer',
      hosts: ['rag.example.com'],
      className: 'alb',
      redirect: false,
      scheme: 'internal',
      crossZone: true,
      subnetCidrs: [],
    });
  });

  it('redirects to https with certificates, unless told otherwise', () => {
    expect(model({ tls })).toMatchObject({ redirect: true, tls: { kind: 'acm', arns: [ARN] } });
    expect(model({ tls, redirectHttp: false })).toMatchObject({ redirect: false });
    expect(() => model({ redirectHttp: true })).toThrow(
      "[MissingOption] 'tls' must be given with 'redirectHttp'; there is no https to be redirected to without",
    );
  });

  it('is as it is stated', () => {
    const options = { className: 'public', groupName: 'shared.1', internetFacing: true, tls, authentication };
    expect(model({ ...options, sourceCidrs: ['10.0.0.0/8'], subnetCidrs: ['10.0.0.0/20'] })).toMatchObject({
      className: 'public',
      groupName: 'shared.1',
      scheme: 'internet-facing',
      sourceCidrs: ['10.0.0.0/8'],
      subnetCidrs: ['10.0.0.0/20'],
      authentication: { kind: 'jwt', issuer: 'https://a.example.com' },
    });
  });

  // groupNameRegex and maxGroupNameLength of the controller.
  it.each(['a', '0', 'a-b', 'a.b', 'a'.repeat(63)])('takes the group %s', (groupName) => {
    expect(model({ groupName })).toMatchObject({ groupName });
  });

  it.each(['', '-a', 'a-', '.a', 'A', 'a_b', 'a'.repeat(64)])("fails on the group '%s'", (groupName) => {
    expect(() => model({ groupName })).toThrow(
      "[InvalidName] 'groupName' must be at most 63 lower-case letters, digits, dashes and dots, got",
    );
  });

  it.each([
    [{ className: 'ALB' }, "[InvalidName] 'className'"],
    [{ hosts: [] }, "[EmptyList] 'hosts' must not be empty"],
    [{ hosts: ['a_b'] }, "[InvalidName] 'hosts'"],
    [{ hosts: ['a.example.com', 'a.example.com'] }, '[DuplicateKey] \'hosts\' must state "a.example.com" once'],
    [{ sourceCidrs: ['10.0.0.0'] }, "[InvalidText] 'sourceCidrs'"],
    [{ crossZone: false }, "[ConflictingOptions] 'crossZone' must not be given together with"],
  ])('fails on %j', (options, message) => {
    expect(() => model(options)).toThrow(message);
  });

  it('may state that it crosses zones', () => {
    expect(model({ crossZone: true })).toMatchObject({ crossZone: true });
  });

  it.each([
    [{ tls }, 'tls'],
    [{ redirectHttp: false }, 'redirectHttp'],
    [{ authentication }, 'authentication'],
    [{ groupName: 'a' }, 'groupName'],
    [{ className: 'alb' }, 'className'],
    [{ internetFacing: true }, 'internetFacing'],
  ])("fails on %#, which belongs to somebody else's load balancer", (options, property) => {
    expect(() => model({ ...options, targetGroupName: 'rag' })).toThrow(
      `[ConflictingOptions] '${property}' must not be given together with 'targetGroupName'`,
    );
  });
});
