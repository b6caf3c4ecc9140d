import { describe, expect, it } from 'vitest';
import { Tls } from '../../lib/exposure/tls';
import { SecretRef } from '../../lib/refs/secret-ref';

const ARN = 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012';

describe('Tls.secret', () => {
  it('is a Secret by its name', () => {
    expect(Tls.secret(SecretRef.named('rag-tls'))._model).toEqual({ kind: 'secret', secret: 'rag-tls' });
  });
});

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html
describe('Tls.acm', () => {
  it.each([ARN, ARN.replace('aws', 'aws-cn'), ARN.replace('aws', 'aws-us-gov')])('takes %s', (arn) => {
    expect(Tls.acm([arn])._model).toEqual({ kind: 'acm', arns: [arn] });
  });

  it('keeps the order, of which the first is the default', () => {
    const arns = [ARN, `${ARN}-b`, `${ARN}-a`];
    const tls = Tls.acm(arns);
    arns.pop();
    expect(tls._model).toEqual({ kind: 'acm', arns: [ARN, `${ARN}-b`, `${ARN}-a`] });
  });

  it('fails on none, on one twice, and on what is none', () => {
    expect(() => Tls.acm([])).toThrow("[EmptyList] 'arns' must not be empty; leave `tls` out for plain http");
    expect(() => Tls.acm([ARN, ARN])).toThrow("[DuplicateKey] 'arns' must state");
    for (const arn of ['rag-tls', ARN.replace('acm', 'iam'), ARN.replace('111122223333', '1'), ` ${ARN}`]) {
      expect(() => Tls.acm([arn])).toThrow("[InvalidText] 'arns' must be an ARN of a certificate");
    }
  });
});

// SectionName of gateway.networking.k8s.io/v1: a DNS subdomain, at most 253.
describe('Tls.listener', () => {
  it('is a listener by its name, and that for plain http where it is stated', () => {
    expect(Tls.listener('https')._model).toEqual({ kind: 'listener', name: 'https' });
    expect(Tls.listener('https', { httpListener: 'http' })._model).toEqual({
      kind: 'listener',
      name: 'https',
      httpListener: 'http',
    });
  });

  it.each(['', 'HTTPS', 'a_b', '-a', 'a'.repeat(254)])('fails on %j', (name) => {
    expect(() => Tls.listener(name)).toThrow(/^\[Invalid(Name|Text)\] 'name' must be/);
    expect(() => Tls.listener('https', { httpListener: name })).toThrow(
      /^\[Invalid(Name|Text)\] 'httpListener' must be/,
    );
  });
});

describe('Tls', () => {
  it('fails to redirect a listener onto itself', () => {
    expect(() => Tls.listener('https', { httpListener: 'https' })).toThrow(
      '[DuplicateKey] \'httpListener\' must state "https" once, got it twice; requests would be redirected to where they are: name that for plain http',
    );
  });

  it.each(['rag-tls', undefined, {}, { name: 'rag-tls' }])('takes no Secret from %j', (secret) => {
    expect(() => Tls.secret(secret as SecretRef)).toThrow("[OutOfRange] 'secret' must be made by SecretRef, got");
  });
});
