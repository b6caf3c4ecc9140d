import { requireText } from '../internal/checks';
import { errors } from '../internal/errors';

/** A token of RFC 9110, as names of headers and cookies are. */
const TOKEN = /^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/;

/** Throws unless `value` may be the name of a header; pseudo-headers of HTTP/2 are none. */
export function requireHeaderName(property: string, value: string): void {
  requireText(property, value, 256);
  // What proxies write into their own configuration, letters, digits, dashes and underscores cover.
  if (!/^[A-Za-z0-9][-_A-Za-z0-9]*$/.test(value)) {
    throw errors.invalidName(property, 'a name of a header: letters, digits, - and _, as x-session-id', value);
  }
}

/**
 * Headers by which proxies route, frame and connect, and by which bodies are read: one that is written anew breaks requests,
 * and those of a connection never reach a pod.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc9110#section-7.6.1
 */
const OF_THE_CONNECTION = [
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Throws unless `value` may be the name of a header that says who or what a request is about. */
export function requireOwnHeaderName(property: string, value: string): void {
  requireHeaderName(property, value);
  if (OF_THE_CONNECTION.includes(value.toLowerCase())) {
    throw errors.invalidName(property, 'a header of its own: HTTP needs this one itself', value, 'as x-client-id');
  }
}

/** Throws unless `value` may be the name of a cookie. */
export function requireCookieName(property: string, value: string): void {
  requireText(property, value, 256);
  if (!TOKEN.test(value)) {
    throw errors.invalidName(property, 'a name of a cookie, without blanks and separators', value);
  }
}

/** Names of which nginx has variables: `$cookie_a-b` would be `$cookie_a`, and `-b`. */
export const NGINX_VARIABLE = /^[A-Za-z0-9_]+$/;
