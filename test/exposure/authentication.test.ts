import { describe, expect, it } from 'vitest';
import { Authentication, type JwtOptions } from '../../lib/exposure/authentication';
import { SecretRef } from '../../lib/refs/secret-ref';

const TOKENS = SecretRef.named('rag-tokens');
const ISSUER = { issuer: 'https://auth.example.com', jwksUrl: 'https://auth.example.com/keys' };
const jwt = (options: Partial<JwtOptions> = {}) => Authentication.jwt({ ...ISSUER, ...options });

describe('Authentication', () => {
  it('names Secrets, and holds no secret', () => {
    expect(Authentication.bearerTokens(TOKENS)._model).toEqual({ kind: 'bearer-tokens', secret: 'rag-tokens' });
    expect(Authentication.apiKeys(TOKENS)._model).toEqual({
      kind: 'api-keys',
      secret: 'rag-tokens',
      header: 'x-api-key',
    });
  });

  it('names the issuer of tokens, and for whom they are', () => {
    const audiences = ['rag', 'chat'];
    const { _model } = jwt({ audiences });
    audiences.pop();
    expect(_model).toEqual({ kind: 'jwt', ...ISSUER, audiences: ['rag', 'chat'] });
    expect(jwt()._model).toEqual({ kind: 'jwt', ...ISSUER });
  });

  it.each([
    ['bearerTokens', (clientIdHeader: string) => Authentication.bearerTokens(TOKENS, { clientIdHeader })],
    ['apiKeys', (clientIdHeader: string) => Authentication.apiKeys(TOKENS, { clientIdHeader })],
    ['jwt', (clientIdHeader: string) => jwt({ clientIdHeader })],
  ])('%s may say who a client is', (kind, made) => {
    expect(made('x-client-id')._model.clientIdHeader).toBe('x-client-id');
    for (const name of ['', 'x client', ':path', '-x', 'a'.repeat(257)]) {
      expect(() => made(name)).toThrow(/^\[Invalid(Name|Text)\] 'clientIdHeader' must be/);
    }
    const taken = kind === 'apiKeys' ? 'X-Api-Key' : 'authorization';
    expect(() => made(taken)).toThrow("[InvalidName] 'clientIdHeader' must be another header than");
  });

  it('takes keys from any header but that of bearer tokens', () => {
    expect(Authentication.apiKeys(TOKENS, { header: 'X-Token' })._model).toMatchObject({ header: 'X-Token' });
    for (const header of ['Authorization', 'authorization']) {
      expect(() => Authentication.apiKeys(TOKENS, { header })).toThrow(
        "[InvalidName] 'header' must be another header than Authorization",
      );
    }
    expect(() => Authentication.apiKeys(TOKENS, { header: 'x token' })).toThrow("[InvalidName] 'header' must be");
  });

  it.each(['https://auth.example.com', 'https://auth.example.com:8443/a/b.json', 'https://10.0.0.1/keys'])(
    'takes keys of an issuer from %s',
    (jwksUrl) => {
      expect(jwt({ jwksUrl })._model).toMatchObject({ jwksUrl });
    },
  );

  it.each([
    'http://auth.example.com/keys',
    'auth.example.com',
    'https://',
    'https://a b/',
    'https://a/?b=c',
    'https://a/#b',
  ])('fails on keys of an issuer from %s', (jwksUrl) => {
    expect(() => jwt({ jwksUrl })).toThrow("[InvalidText] 'jwksUrl' must be an https address without a query");
  });

  it('bounds what tokens say', () => {
    expect(() => jwt({ issuer: 'a'.repeat(253), audiences: ['a'.repeat(253)] })).not.toThrow();
    expect(() => jwt({ issuer: 'a'.repeat(254) })).toThrow("[InvalidText] 'issuer' must be");
    expect(() => jwt({ issuer: '' })).toThrow("[InvalidText] 'issuer' must be");
    expect(() => jwt({ audiences: ['rag', 'a'.repeat(254)] })).toThrow("[InvalidText] 'audiences' must be");
    expect(() => jwt({ audiences: [] })).toThrow("[EmptyList] 'audiences' must not be empty; leave it out");
  });
});

describe('Authentication, of plain JavaScript', () => {
  it.each(['keys', undefined, {}, Authentication.bearerTokens(TOKENS)])('takes no Secret from %j', (secret) => {
    const given = secret as unknown as SecretRef;
    expect(() => Authentication.bearerTokens(given)).toThrow("[OutOfRange] 'tokens' must be made by SecretRef, got");
    expect(() => Authentication.apiKeys(given)).toThrow(
      /^\[OutOfRange\] 'keys' must be made by SecretRef, got .*; use a function of SecretRef$/,
    );
  });
});

// RFC 9110, 7.6.1 and 8: proxies route, frame and connect by these.
describe('headers of HTTP itself', () => {
  it.each([
    'Host',
    'content-length',
    'Content-Type',
    'transfer-encoding',
    'connection',
    'upgrade',
    'TE',
    'trailer',
    'keep-alive',
    'proxy-connection',
  ])('%s is no header for a client or a key', (name) => {
    const message = (property: string) =>
      `[InvalidName] '${property}' must be a header of its own: HTTP needs this one itself, got "${name}"; as x-client-id`;
    expect(() => Authentication.bearerTokens(TOKENS, { clientIdHeader: name })).toThrow(message('clientIdHeader'));
    expect(() => jwt({ clientIdHeader: name })).toThrow(message('clientIdHeader'));
    expect(() => Authentication.apiKeys(TOKENS, { header: name })).toThrow(message('header'));
  });

  it.each([':authority', ':path'])('%s is none', (name) => {
    expect(() => jwt({ clientIdHeader: name })).toThrow("[InvalidName] 'clientIdHeader' must be a name of a header");
  });
});
