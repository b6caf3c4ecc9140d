import { fail, show } from './bento-error';

/** Errors of doors, hops and their timeouts. */
export const trafficErrors = {
  timeoutBelow: (property: string, seconds: number, other: string, otherSeconds: number) =>
    fail(
      'TimeoutBelow',
      `'${property}' must be at least '${other}' (${otherSeconds} s), got ${seconds} s`,
      'raise the former or lower the latter',
    ),

  hopOrder: (outer: string, outerSeconds: number, inner: string, innerSeconds: number, what: string) =>
    fail(
      'HopOrder',
      `${what} of ${outer} must be above that of ${inner} (${innerSeconds} s), got ${outerSeconds} s`,
      `raise the one of ${outer} or lower the one of ${inner}`,
    ),

  keepAliveOrder: (client: string, clientSeconds: number, server: string, serverSeconds: number) =>
    fail(
      'KeepAliveOrder',
      `${client} must close idle connections before ${server} does (${serverSeconds} s), got ${clientSeconds} s`,
      'a server that closes first loses requests that are on their way',
    ),

  tooSilent: (property: string, door: string, silence: number, longest: number, remedy: string) =>
    fail(
      'TooSilent',
      `'${property}' must not leave a connection silent for ${silence} s: ${door} cuts it after ${longest} s`,
      remedy,
    ),

  tokenOverHttp: (
    property: string,
    how = "without 'tls'",
    remedy = 'state `tls`, or use a Gateway whose listener for these hosts has a certificate: Tls.listener()',
  ) =>
    fail(
      'TokenOverHttp',
      `'${property}.authentication' must not be given ${how}: whoever listens would have the tokens`,
      remedy,
    ),

  membersDiffer: (property: string, what: string, first: string, second: string, remedy: string) =>
    fail('MembersDiffer', `'${property}' must have the same ${what}, got ${show(first)} and ${show(second)}`, remedy),

  notAMember: (property: string, name: string, members: readonly string[]) =>
    fail('NotAMember', `'${property}' must name members, got ${show(name)}`, `members are ${members.join(', ')}`),

  unknownProxies: (property: string, entry: string) =>
    fail(
      'UnknownProxies',
      `'${property}' must not be given while nobody says how many proxies share it`,
      `each counts alone: state ${entry}`,
    ),

  belowProxies: (property: string, limit: number, proxies: number, remedy: string) =>
    fail('BelowProxies', `'${property}' must be at least ${proxies}, one for each proxy, got ${show(limit)}`, remedy),
};
